// SPDX-License-Identifier: GPL-3.0-or-later
// Two runs on the same images, image by image.
#pragma once

#include "core/analysis/divergence.h"
#include "core/analysis/paired_outcomes.h"

#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

/// An image that one result has right and the other wrong.
struct FlippedImage {
    std::string path;          ///< in the first run
    int label = -1;
    int classBefore = -1;      ///< best class in the first result
    int classAfter = -1;       ///< ... and in the second
    double confidenceBefore = 0; ///< softmax of the best class; NaN when the run has no logits
    double confidenceAfter = 0;
};

struct RunComparison {
    PairedComparison paired;
    Interval top1Difference; ///< second minus first, points; Newcombe 95 %
    Interval top5Difference;
    std::vector<FlippedImage> lost;   ///< right in the first, wrong in the second; in the first run's order
    std::vector<FlippedImage> gained;
    std::optional<Summary> divergence; ///< KL(first || second) of softmax(logits), nats; empty when there is no pair behind it
    int64_t divergenceImages = 0;      ///< pairs behind it: those whose logits are finite on both sides
    int64_t onlyFirst = 0;             ///< evaluated images that the other result lacks
    int64_t onlySecond = 0;
    bool byHash = false;
    std::vector<std::string> warnings; ///< what makes the two runs differ besides what was meant to, as sentences

    /// Percent right of the first and second result on the labelled common images.
    [[nodiscard]] double top1First() const { return share(paired.bothRight + paired.lost); }
    [[nodiscard]] double top1Second() const { return share(paired.bothRight + paired.gained); }
    [[nodiscard]] double top5First() const { return share(paired.top5BothRight + paired.top5Lost); }
    [[nodiscard]] double top5Second() const { return share(paired.top5BothRight + paired.top5Gained); }
    /// What the comparison shows, in one sentence that claims no more than that.
    [[nodiscard]] std::string verdict() const;

private:
    [[nodiscard]] double share(int64_t n) const
    {
        return paired.labelled > 0 ? 100.0 * static_cast<double>(n) / static_cast<double>(paired.labelled) : 0.0;
    }
};

/// Compares `first` with `second`. Errors: BadInput (a side that the run lacks, other classes, no common image, an image
/// with two different labels).
[[nodiscard]] Result<RunComparison> compareRuns(const RunRecord &first, RunSide firstSide, const RunRecord &second,
                                                RunSide secondSide);

} // namespace quantoscope
