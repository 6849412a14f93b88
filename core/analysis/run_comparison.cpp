// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/run_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>

namespace quantoscope {

namespace {

double confidence(std::span<const float> logits, int best)
{
    return logits.empty() || best < 0 ? std::numeric_limits<double>::quiet_NaN() : softmaxAt(logits, best);
}

bool sameImages(const ImageListRecord &first, const ImageListRecord &second)
{
    const bool hashed = first.sha256.size() == first.items.size() && second.sha256.size() == second.items.size();
    return first.items.size() == second.items.size()
        && (hashed ? first.sha256 == second.sha256
                   : std::equal(first.items.begin(), first.items.end(), second.items.begin(),
                                [](const ImageItem &a, const ImageItem &b) { return a.path == b.path; }));
}

std::vector<std::string> differences(const RunRecord &first, RunSide firstSide, const RunRecord &second,
                                     RunSide secondSide)
{
    std::vector<std::string> sentences;
    if (!first.model.sha256.empty() && !second.model.sha256.empty() && first.model.sha256 != second.model.sha256)
        sentences.push_back(fmt::format("the weights differ: {} and {}", first.model.file, second.model.file));
    if (!(first.model.preprocessing == second.model.preprocessing))
        sentences.push_back(fmt::format("the preprocessing differs: {}; {}", first.model.preprocessing.text(),
                                        second.model.preprocessing.text()));
    const auto isQuantized = [](const RunRecord &run, RunSide side) {
        return resultOf(run, side) == (run.result ? &*run.result : nullptr);
    };
    const CalibrationRecord &a = first.calibration;
    const CalibrationRecord &b = second.calibration;
    if (isQuantized(first, firstSide) && isQuantized(second, secondSide)
        && (!sameImages(a.images, b.images) || a.batch != b.batch))
        sentences.push_back(fmt::format("the calibration differs: {} images in batches of {} (seed {}); {} in batches "
                                        "of {} (seed {})",
                                        a.images.items.size(), a.batch, a.seed, b.images.items.size(), b.batch, b.seed));
    for (const auto &[run, side, which] : {std::tuple(&first, firstSide, "first"), std::tuple(&second, secondSide, "second")}) {
        if (!resultOf(*run, side)->complete)
            sentences.push_back(fmt::format("the {} run was cancelled and holds a part of its images", which));
        if (run->sequential.decision != Decision::None)
            sentences.push_back(fmt::format("the {} run stopped when it was decided: the p-value and the intervals here "
                                            "assume a fixed number of images",
                                            which));
    }
    return sentences;
}

} // namespace

Result<RunComparison> compareRuns(const RunRecord &first, RunSide firstSide, const RunRecord &second,
                                  RunSide secondSide)
{
    const Result<PairedOutcomes> outcomes = pairOutcomes(first, firstSide, second, secondSide);
    if (!outcomes)
        return fail(outcomes.error());
    const EvaluationResult *const a = resultOf(first, firstSide);
    const EvaluationResult *const b = resultOf(second, secondSide);
    RunComparison comparison;
    comparison.byHash = outcomes->byHash;
    comparison.warnings = differences(first, firstSide, second, secondSide);
    EvaluationResult alignedFirst;
    EvaluationResult alignedSecond;
    std::vector<double> divergences;
    const bool hasLogits = !a->logits.empty() && !b->logits.empty();
    for (const PairedOutcome &one : outcomes->pairs) {
        const auto pair = static_cast<int>(alignedFirst.images.size());
        const std::array<int, 5> &before = one.before->top5;
        const std::array<int, 5> &after = one.after->top5;
        alignedFirst.images.push_back({pair, one.label, before});
        alignedSecond.images.push_back({pair, one.label, after});
        if (hasLogits)
            if (const double kl = klOfLogits(one.logitsBefore, one.logitsAfter); std::isfinite(kl))
                divergences.push_back(kl);
        const bool wasRight = before[0] == one.label;
        const bool isRight = after[0] == one.label;
        if (one.label >= 0 && wasRight != isRight)
            (wasRight ? comparison.lost : comparison.gained)
                .push_back({first.images.items[static_cast<size_t>(one.imageFirst)].path, one.label, before[0], after[0],
                            confidence(one.logitsBefore, before[0]), confidence(one.logitsAfter, after[0])});
    }
    const auto common = static_cast<int64_t>(alignedFirst.images.size());
    comparison.paired = comparePaired(alignedFirst, alignedSecond);
    const PairedComparison &p = comparison.paired;
    comparison.top1Difference = pairedDifferenceInterval(p.bothRight, p.lost, p.gained, p.labelled);
    comparison.top5Difference = pairedDifferenceInterval(p.top5BothRight, p.top5Lost, p.top5Gained, p.labelled);
    comparison.onlyFirst = static_cast<int64_t>(a->images.size()) - common;
    comparison.onlySecond = static_cast<int64_t>(b->images.size()) - common;
    if (outcomes->changedContent > 0)
        comparison.warnings.push_back(
            fmt::format("{} images have the same path but another content, and are left out", outcomes->changedContent));
    if (hasLogits) {
        comparison.divergenceImages = static_cast<int64_t>(divergences.size());
        if (comparison.divergenceImages < common)
            comparison.warnings.push_back(
                fmt::format("{} images have logits that are not finite", common - comparison.divergenceImages));
        if (!divergences.empty())
            comparison.divergence = summarize(std::move(divergences));
    }
    return comparison;
}

std::string RunComparison::verdict() const
{
    if (paired.labelled == 0)
        return fmt::format("no image has a known class: the {} common predictions agree on {}", paired.common,
                           paired.agree);
    const std::string evidence = fmt::format("p = {:.2g} on {} images", paired.mcnemarP, paired.labelled);
    const std::string range
        = fmt::format("{:+.2f} to {:+.2f} points of top-1", top1Difference.low, top1Difference.high);
    const bool excludesZero = top1Difference.low > 0 || top1Difference.high < 0; // a few images, all one way
    if (paired.mcnemarP >= 0.05)
        return excludesZero ? fmt::format("no difference shown at {}, which are too few to tell", evidence)
                            : fmt::format("no difference shown at {}; these images allow {}", evidence, range);
    return fmt::format("the second is {} at {}: {}", paired.gained > paired.lost ? "better" : "worse", evidence, range);
}

} // namespace quantoscope
