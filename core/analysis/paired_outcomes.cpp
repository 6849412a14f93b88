// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/paired_outcomes.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
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

Result<PairedOutcomes> pairOutcomes(const RunRecord &first, RunSide firstSide, const RunRecord &second,
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
    PairedOutcomes outcomes;
    outcomes.byHash = match.byHash;
    outcomes.changedContent = match.changedContent;
    for (const auto &[i, j] : match.pairs) {
        const ImageOutcome *const before = firstOutcomes[static_cast<size_t>(i)];
        const ImageOutcome *const after = secondOutcomes[static_cast<size_t>(j)];
        if (!before || !after)
            continue;
        if (before->label >= 0 && after->label >= 0 && before->label != after->label)
            return fail(ErrorCode::BadInput,
                        fmt::format("this image has class {} in the first run and {} in the second", before->label,
                                    after->label),
                        first.images.items[static_cast<size_t>(i)].path, "evaluate both runs with the same list of labels");
        outcomes.pairs.push_back(
            {i, j, std::max(before->label, after->label), before, after, logitsOf(*a, *before), logitsOf(*b, *after)});
    }
    if (outcomes.pairs.empty())
        return fail(ErrorCode::BadInput, "the two runs have no image in common", {},
                    match.changedContent > 0 ? "paths are equal, but the files' contents are not"
                                             : "evaluate both on the same images");
    return outcomes;
}

} // namespace quantoscope
