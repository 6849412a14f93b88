// SPDX-License-Identifier: GPL-3.0-or-later
// The images on which two results disagree.
#pragma once

#include "core/analysis/paired_outcomes.h"

#include <array>
#include <cstdint>
#include <vector>

namespace quantoscope {

/// What "right" means: the class is the best one, or among the best five.
enum class FlipRank { Top1, Top5 };

enum class FlipKind {
    Lost,       ///< right in the first result, wrong in the second
    Gained,     ///< the other way round
    StillWrong, ///< wrong in both, but with another prediction
    Unlabelled, ///< another prediction for an image of unknown class
};
[[nodiscard]] const char *name(FlipKind kind); ///< "lost", "gained", "still-wrong", "unlabelled"

struct Flip {
    int imageFirst = 0;  ///< index into the first run's image list
    int imageSecond = 0;
    int label = -1;      ///< class index, -1 unknown
    FlipKind kind = FlipKind::Lost;
    std::array<int, 5> before = {-1, -1, -1, -1, -1}; ///< best classes, -1 none
    std::array<int, 5> after = {-1, -1, -1, -1, -1};
    std::array<double, 5> confidenceBefore = {}; ///< softmax of these classes, 0..1; NaN where there are no logits
    std::array<double, 5> confidenceAfter = {};
    /// By how much the logit of the true class (of the class that was best before, where the true one is unknown) exceeds
    /// the largest of the others: logarithm of the odds between the two. Negative: wrong. NaN without logits.
    double marginBefore = 0;
    double marginAfter = 0;

    [[nodiscard]] double marginChange() const { return marginAfter - marginBefore; }
};

struct FlipList {
    FlipRank rank = FlipRank::Top1;
    std::vector<Flip> flips; ///< in the order of the first run's images
    int64_t common = 0;      ///< images that both results have

    [[nodiscard]] int64_t count(FlipKind kind) const;
};

/// The images whose prediction differs: the best class for Top1, for Top5 the set of the best five (where the true class is
/// in both sets nothing flipped). Errors: those of pairOutcomes. Any thread.
[[nodiscard]] Result<FlipList> findFlips(const RunRecord &first, RunSide firstSide, const RunRecord &second,
                                         RunSide secondSide, FlipRank rank);

} // namespace quantoscope
