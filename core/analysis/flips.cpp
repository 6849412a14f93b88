// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/flips.h"

#include "core/analysis/divergence.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace quantoscope {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool isRight(const std::array<int, 5> &best, int label, FlipRank rank)
{
    return rank == FlipRank::Top1 ? best[0] == label : std::find(best.begin(), best.end(), label) != best.end();
}

bool isSamePrediction(std::array<int, 5> before, std::array<int, 5> after, FlipRank rank)
{
    if (rank == FlipRank::Top1)
        return before[0] == after[0];
    std::sort(before.begin(), before.end());
    std::sort(after.begin(), after.end());
    return before == after;
}

std::optional<FlipKind> kindOf(const PairedOutcome &pair, FlipRank rank)
{
    const std::array<int, 5> &before = pair.before->top5;
    const std::array<int, 5> &after = pair.after->top5;
    if (isSamePrediction(before, after, rank))
        return std::nullopt;
    if (pair.label < 0)
        return FlipKind::Unlabelled;
    const bool wasRight = isRight(before, pair.label, rank);
    if (wasRight != isRight(after, pair.label, rank))
        return wasRight ? FlipKind::Lost : FlipKind::Gained;
    return wasRight ? std::nullopt : std::optional(FlipKind::StillWrong);
}

double margin(std::span<const float> logits, int reference)
{
    const auto r = static_cast<size_t>(reference); // a negative one becomes too large
    if (r >= logits.size() || logits.size() < 2)
        return kNone;
    float other = -std::numeric_limits<float>::infinity();
    for (size_t c = 0; c < logits.size(); ++c) {
        if (!std::isfinite(logits[c]))
            return kNone;
        if (c != r)
            other = std::max(other, logits[c]);
    }
    return static_cast<double>(logits[r]) - static_cast<double>(other);
}

} // namespace

const char *name(FlipKind kind)
{
    switch (kind) {
    case FlipKind::Lost: return "lost";
    case FlipKind::Gained: return "gained";
    case FlipKind::StillWrong: return "still-wrong";
    case FlipKind::Unlabelled: return "unlabelled";
    }
    return "";
}

int64_t FlipList::count(FlipKind kind) const
{
    return std::count_if(flips.begin(), flips.end(), [kind](const Flip &flip) { return flip.kind == kind; });
}

Result<FlipList> findFlips(const RunRecord &first, RunSide firstSide, const RunRecord &second, RunSide secondSide,
                           FlipRank rank)
{
    const Result<PairedOutcomes> outcomes = pairOutcomes(first, firstSide, second, secondSide);
    if (!outcomes)
        return fail(outcomes.error());
    FlipList list;
    list.rank = rank;
    list.common = static_cast<int64_t>(outcomes->pairs.size());
    for (const PairedOutcome &pair : outcomes->pairs) {
        const std::optional<FlipKind> kind = kindOf(pair, rank);
        if (!kind)
            continue;
        Flip flip;
        flip.imageFirst = pair.imageFirst;
        flip.imageSecond = pair.imageSecond;
        flip.label = pair.label;
        flip.kind = *kind;
        flip.before = pair.before->top5;
        flip.after = pair.after->top5;
        softmaxAt(pair.logitsBefore, flip.before, flip.confidenceBefore);
        softmaxAt(pair.logitsAfter, flip.after, flip.confidenceAfter);
        const int reference = pair.label >= 0 ? pair.label : flip.before[0];
        flip.marginBefore = margin(pair.logitsBefore, reference);
        flip.marginAfter = margin(pair.logitsAfter, reference);
        list.flips.push_back(flip);
    }
    return list;
}

} // namespace quantoscope
