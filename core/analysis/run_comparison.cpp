// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/run_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <unordered_map>

namespace quantoscope {

namespace {

const char *sideText(RunSide side)
{
    return side == RunSide::Float ? "float" : side == RunSide::Quantized ? "quantized" : "own";
}

/// Hash of one image of a list; empty when unknown.
const std::string &hashOf(const ImageListRecord &list, size_t image)
{
    static const std::string none;
    return list.sha256.size() == list.items.size() ? list.sha256[image] : none;
}

/// Outcome of each image of the run's list, or null.
std::vector<const ImageOutcome *> outcomesByImage(const RunRecord &run, const EvaluationResult &result)
{
    std::vector<const ImageOutcome *> outcomes(run.images.items.size(), nullptr);
    for (const ImageOutcome &outcome : result.images)
        outcomes[static_cast<size_t>(outcome.image)] = &outcome;
    return outcomes;
}

/// Logits of an outcome of `result`; empty when the result keeps none.
std::span<const float> logitsOf(const EvaluationResult &result, const ImageOutcome &outcome)
{
    if (result.logits.empty() || result.classes <= 0)
        return {};
    const auto classes = static_cast<size_t>(result.classes);
    return std::span(result.logits).subspan(static_cast<size_t>(&outcome - result.images.data()) * classes, classes);
}

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

const EvaluationResult *resultOf(const RunRecord &run, RunSide side)
{
    const bool quantized = side == RunSide::Own ? run.quantized : side == RunSide::Quantized;
    const auto &result = quantized ? run.result : run.floatResult;
    return result ? &*result : nullptr;
}

ImageMatch matchImages(const ImageListRecord &first, const ImageListRecord &second)
{
    ImageMatch match;
    std::unordered_map<std::string, std::vector<int>> byHash;
    std::unordered_map<std::string, std::vector<int>> byPath;
    for (size_t i = 0; i < second.items.size(); ++i) {
        byPath[second.items[i].path].push_back(static_cast<int>(i));
        if (const std::string &hash = hashOf(second, i); !hash.empty())
            byHash[hash].push_back(static_cast<int>(i));
    }
    std::vector<char> taken(second.items.size(), 0);
    for (size_t i = 0; i < first.items.size(); ++i) {
        const std::string &hash = hashOf(first, i);
        int partner = -1;
        const auto consider = [&](const std::vector<int> &candidates, auto &&allowed) {
            for (const int candidate : candidates) {
                const auto c = static_cast<size_t>(candidate);
                if (taken[c] || !allowed(c))
                    continue;
                const bool samePath = second.items[c].path == first.items[i].path;
                if (partner < 0 || samePath)
                    partner = candidate;
                if (samePath)
                    return;
            }
        };
        if (const auto found = byHash.find(hash); !hash.empty() && found != byHash.end()) {
            consider(found->second, [](size_t) { return true; });
            match.byHash |= partner >= 0;
        }
        const auto found = byPath.find(first.items[i].path);
        if (partner < 0 && found != byPath.end()) {
            consider(found->second, [&](size_t c) { return hash.empty() || hashOf(second, c).empty(); });
            match.changedContent += partner < 0
                && std::any_of(found->second.begin(), found->second.end(),
                               [&](int c) { return hashOf(second, static_cast<size_t>(c)) != hash; });
        }
        if (partner >= 0) {
            taken[static_cast<size_t>(partner)] = 1;
            match.pairs.emplace_back(static_cast<int>(i), partner);
        }
    }
    return match;
}

Result<RunComparison> compareRuns(const RunRecord &first, RunSide firstSide, const RunRecord &second,
                                  RunSide secondSide)
{
    const EvaluationResult *const a = resultOf(first, firstSide);
    const EvaluationResult *const b = resultOf(second, secondSide);
    for (const auto &[result, side, which] : {std::tuple(a, firstSide, "first"), std::tuple(b, secondSide, "second")})
        if (!result)
            return fail(ErrorCode::BadInput,
                        fmt::format("the {} run has no {} result", which, sideText(side)), {},
                        "choose the other result, or evaluate again");
    if (a->classes != b->classes)
        return fail(ErrorCode::BadInput,
                    fmt::format("the runs have {} and {} classes: their predictions cannot be compared", a->classes,
                                b->classes));

    const ImageMatch match = matchImages(first.images, second.images);
    const auto firstOutcomes = outcomesByImage(first, *a);
    const auto secondOutcomes = outcomesByImage(second, *b);
    RunComparison comparison;
    comparison.byHash = match.byHash;
    comparison.warnings = differences(first, firstSide, second, secondSide);
    EvaluationResult alignedFirst;
    EvaluationResult alignedSecond;
    std::vector<double> divergences;
    const bool hasLogits = !a->logits.empty() && !b->logits.empty();
    for (const auto &[i, j] : match.pairs) {
        const ImageOutcome *const before = firstOutcomes[static_cast<size_t>(i)];
        const ImageOutcome *const after = secondOutcomes[static_cast<size_t>(j)];
        if (!before || !after)
            continue;
        const std::string &path = first.images.items[static_cast<size_t>(i)].path;
        if (before->label >= 0 && after->label >= 0 && before->label != after->label)
            return fail(ErrorCode::BadInput,
                        fmt::format("this image has class {} in the first run and {} in the second", before->label,
                                    after->label),
                        path, "evaluate both runs with the same list of labels");
        const int label = std::max(before->label, after->label);
        const auto pair = static_cast<int>(alignedFirst.images.size());
        alignedFirst.images.push_back({pair, label, before->top5});
        alignedSecond.images.push_back({pair, label, after->top5});
        const std::span<const float> firstLogits = logitsOf(*a, *before);
        const std::span<const float> secondLogits = logitsOf(*b, *after);
        if (hasLogits)
            if (const double kl = klOfLogits(firstLogits, secondLogits); std::isfinite(kl))
                divergences.push_back(kl);
        const bool wasRight = before->top5[0] == label;
        const bool isRight = after->top5[0] == label;
        if (label >= 0 && wasRight != isRight)
            (wasRight ? comparison.lost : comparison.gained)
                .push_back({path, label, before->top5[0], after->top5[0], confidence(firstLogits, before->top5[0]),
                            confidence(secondLogits, after->top5[0])});
    }
    const auto common = static_cast<int64_t>(alignedFirst.images.size());
    if (common == 0)
        return fail(ErrorCode::BadInput, "the two runs have no image in common", {},
                    match.changedContent > 0 ? "paths are equal, but the files' contents are not"
                                             : "evaluate both on the same images");
    comparison.paired = comparePaired(alignedFirst, alignedSecond);
    const PairedComparison &p = comparison.paired;
    comparison.top1Difference = pairedDifferenceInterval(p.bothRight, p.lost, p.gained, p.labelled);
    comparison.top5Difference = pairedDifferenceInterval(p.top5BothRight, p.top5Lost, p.top5Gained, p.labelled);
    comparison.onlyFirst = static_cast<int64_t>(a->images.size()) - common;
    comparison.onlySecond = static_cast<int64_t>(b->images.size()) - common;
    if (match.changedContent > 0)
        comparison.warnings.push_back(
            fmt::format("{} images have the same path but another content, and are left out", match.changedContent));
    if (hasLogits) {
        comparison.divergenceImages = static_cast<int64_t>(divergences.size());
        if (comparison.divergenceImages < common)
            comparison.warnings.push_back(
                fmt::format("{} images have logits that are not finite", common - comparison.divergenceImages));
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
