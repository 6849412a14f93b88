// SPDX-License-Identifier: GPL-3.0-or-later
// What an evaluation yields: per image, and in sum with an honest interval.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace quantoscope {

/// One image of a data set. `path` is relative to the folder that the set belongs to.
struct ImageItem {
    std::string path;
    int label = -1; ///< class index, -1 when unknown
};

struct ImageOutcome {
    int image = 0;                                 ///< index into the run's image list
    int label = -1;
    /// Best first; equal logits are ordered by class index. All -1, which counts as wrong: a logit was not finite.
    std::array<int, 5> top5 = {-1, -1, -1, -1, -1};
};

/// An image that could not be used; it is left out of the accuracy.
struct ImageFailure {
    int image = 0;
    std::string reason;
};

struct Interval {
    double low = 0;
    double high = 0;
};

struct EvaluationResult {
    int64_t count = 0;        ///< images that count
    int64_t top1Correct = 0;
    int64_t top5Correct = 0;
    double imagesPerSecond = 0; ///< wall clock, decoding included
    double seconds = 0;
    bool complete = true;     ///< false after Cancel: the numbers are of the images so far
    int classes = 0;
    std::vector<ImageOutcome> images;   ///< in the order of the image list
    std::vector<ImageFailure> failures;
    std::vector<float> logits;          ///< images.size() x classes, row-major

    [[nodiscard]] double top1() const { return percent(top1Correct); } ///< percent
    [[nodiscard]] double top5() const { return percent(top5Correct); } ///< percent
    [[nodiscard]] Interval top1Interval() const;                       ///< Wilson 95 %, percent
    [[nodiscard]] Interval top5Interval() const;

    /// Images whose logits were not finite: arithmetic broke down on them (a LayerNorm row of equal codes, for example).
    [[nodiscard]] int64_t withoutPrediction() const
    {
        return std::count_if(images.begin(), images.end(), [](const ImageOutcome &one) { return one.top5[0] < 0; });
    }

private:
    [[nodiscard]] double percent(int64_t n) const
    {
        return count > 0 ? 100.0 * static_cast<double>(n) / static_cast<double>(count) : 0.0;
    }
};

/// Wilson score interval at 95 % for `successes` of `count`, in percent (E. B. Wilson 1927).
[[nodiscard]] Interval wilsonInterval(int64_t successes, int64_t count);

/// Paired comparison of two evaluations of the same images. Right and wrong count over `labelled` images only.
struct PairedComparison {
    int64_t common = 0;    ///< images present in both
    int64_t labelled = 0;  ///< of these, with a known class
    int64_t agree = 0;     ///< same top-1 class
    int64_t bothRight = 0; ///< right in both
    int64_t gained = 0;    ///< wrong in the first, right in the second
    int64_t lost = 0;      ///< right in the first, wrong in the second
    int64_t top5BothRight = 0; ///< the same for "the class is among the best five"
    int64_t top5Gained = 0;
    int64_t top5Lost = 0;
    double mcnemarP = 1;   ///< exact two-sided McNemar (binomial) p-value
};
[[nodiscard]] PairedComparison comparePaired(const EvaluationResult &first, const EvaluationResult &second);

/// 95 % interval of (share right in the second) - (share right in the first), in points, from paired counts: the two
/// Wilson intervals combined by their correlation (R. G. Newcombe, Statistics in Medicine 17 (1998) 2635-2650,
/// method 10). Without images: -100 to 100.
[[nodiscard]] Interval pairedDifferenceInterval(int64_t bothRight, int64_t lost, int64_t gained, int64_t count);

/// What an evaluation that may stop early found out about its own result against a reference.
enum class Decision {
    None,       ///< it was not asked to decide
    Better,     ///< its own result has more images right
    Worse,
    Equivalent, ///< the difference lies within the margin
    Undecided,  ///< the images were used up (or the user stopped it) first
};
[[nodiscard]] const char *name(Decision decision); ///< "none", "better", "worse", "equivalent", "undecided"

/// How the rule "stop when decided" (core/analysis/sequential_test.h) ended. The figures hold whenever it stopped, which
/// those for a fixed number of images (Wilson intervals, McNemar p) do not.
struct SequentialRecord {
    Decision decision = Decision::None;
    std::string against;      ///< "float", or the run file that was the baseline
    double alpha = 0.05;      ///< risk of a wrong "better" or "worse", and of a wrong "equivalent"
    double margin = 0.5;      ///< points of top-1
    uint64_t seed = 0;        ///< of the random order of the images
    int64_t images = 0;       ///< labelled images that both sides were compared on
    int64_t available = 0;    ///< images that could have been used
    bool stoppedEarly = false; ///< decided before the images were used up
    int64_t gained = 0;
    int64_t lost = 0;
    double logEvidence = 0;   ///< natural logarithm of the e-value against "no difference"
    Interval difference = {-100, 100}; ///< own top-1 minus the reference's, points; 1 - alpha at any stopping time

    /// Valid at any stopping time (Ville): min(1, 1/e-value).
    [[nodiscard]] double pValue() const;
};

} // namespace quantoscope
