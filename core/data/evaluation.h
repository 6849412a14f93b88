// SPDX-License-Identifier: GPL-3.0-or-later
// What an evaluation yields: per image, and in sum with an honest interval.
#pragma once

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
    std::array<int, 5> top5 = {-1, -1, -1, -1, -1}; ///< best first; equal logits are ordered by class index
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

private:
    [[nodiscard]] double percent(int64_t n) const
    {
        return count > 0 ? 100.0 * static_cast<double>(n) / static_cast<double>(count) : 0.0;
    }
};

/// Wilson score interval at 95 % for `successes` of `count`, in percent (E. B. Wilson 1927).
[[nodiscard]] Interval wilsonInterval(int64_t successes, int64_t count);

/// Paired comparison of two evaluations of the same images.
struct PairedComparison {
    int64_t common = 0;    ///< images present in both
    int64_t agree = 0;     ///< same top-1 class
    int64_t gained = 0;    ///< wrong in the first, right in the second
    int64_t lost = 0;      ///< right in the first, wrong in the second
    double mcnemarP = 1;   ///< exact two-sided McNemar (binomial) p-value
};
[[nodiscard]] PairedComparison comparePaired(const EvaluationResult &first, const EvaluationResult &second);

} // namespace quantoscope
