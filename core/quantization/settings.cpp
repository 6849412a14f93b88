// SPDX-License-Identifier: GPL-3.0-or-later
// Resolution of recipe and plan rules into one setting per tap.
#include "core/quantization/recipe.h"

#include <fmt/format.h>

#include <algorithm>

namespace quantoscope {

namespace {

/// * matches any characters, ? one.
bool matchesWildcard(const char *pattern, const char *text)
{
    const char *star = nullptr;
    const char *resume = nullptr;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            resume = text;
        } else if (*pattern == '?' || *pattern == *text) {
            ++pattern;
            ++text;
        } else if (star) {
            pattern = star + 1;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        ++pattern;
    return *pattern == 0;
}

int bitsOf(const RecipeRule &rule, const BitWidths &widths)
{
    switch (*rule.bitSource) {
    case BitSource::Weights: return widths.weights;
    case BitSource::Activations: return widths.activations;
    case BitSource::Attention: return widths.attention;
    case BitSource::Fixed: break;
    }
    return rule.fixedBits;
}

void apply(const RecipeRule &rule, const BitWidths &widths, TapSetting &setting)
{
    setting.quantizer = rule.quantizer.value_or(setting.quantizer);
    setting.observer = rule.observer.value_or(setting.observer);
    setting.granularity = rule.granularity.value_or(setting.granularity);
    setting.symmetric = rule.symmetric.value_or(setting.symmetric);
    setting.integerLayerNorm = rule.integerLayerNorm.value_or(setting.integerLayerNorm);
    if (rule.bitSource)
        setting.bits = bitsOf(rule, widths);
}

Result<void> checkBits(const BitWidths &bits)
{
    for (const int width : {bits.weights, bits.activations, bits.attention})
        if (width < 2 || width > 8)
            return fail(ErrorCode::BadInput, fmt::format("{} bits are not supported", width), "--bits",
                        "give W/A/Attn of 2 to 8 bits each, e.g. 8/8/4");
    return {};
}

} // namespace

bool TapSelector::matches(const Graph &graph, const Tap &candidate) const
{
    const Node &node = graph.nodes[static_cast<size_t>(candidate.node)];
    const auto among = [](const auto &wanted, auto value) {
        return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
    };
    return (tap.empty() || matchesWildcard(tap.c_str(), candidate.path.c_str())) && among(kinds, candidate.kind)
        && among(roles, candidate.role) && (operatorName.empty() || operatorName == name(node.op))
        && (firstBlock < 0 || (candidate.block >= firstBlock && candidate.block <= lastBlock))
        && (!feedsLayerNorm || *feedsLayerNorm == candidate.feedsLayerNorm);
}

bool isSwitchable(const Graph &graph, const Tap &tap)
{
    return tap.kind == TapKind::Weight || !isView(graph.nodes[static_cast<size_t>(tap.node)].op);
}

Result<std::vector<TapSetting>> resolveSettings(const Graph &graph, const QuantizationRequest &request,
                                                bool inputQuantized)
{
    if (const auto bits = checkBits(request.bits); !bits)
        return fail(bits.error());
    const Result<Recipe> recipe = findRecipe(request.recipe);
    if (!recipe)
        return fail(recipe.error());
    const Result<PrecisionPlan> plan = parsePlan(request.planJson, "precision plan");
    if (!plan)
        return fail(plan.error());

    std::vector<TapSetting> settings(graph.taps.size());
    const auto applyAll = [&](const std::vector<RecipeRule> &rules) {
        for (const RecipeRule &rule : rules)
            for (size_t i = 0; i < graph.taps.size(); ++i)
                if (isSwitchable(graph, graph.taps[i]) && rule.where.matches(graph, graph.taps[i]))
                    apply(rule, request.bits, settings[i]);
    };
    applyAll(recipe->rules);
    if (request.ptf)
        applyAll(recipe->ptfRules);
    if (request.lis)
        applyAll(recipe->lisRules);
    for (size_t i = 0; i < graph.taps.size(); ++i)
        if (graph.taps[i].role == Role::Image && !inputQuantized)
            settings[i].quantizer = QuantizerKind::None;

    for (size_t r = 0; r < plan->rules.size(); ++r) {
        const PlanRule &rule = plan->rules[r];
        int hits = 0;
        for (size_t i = 0; i < graph.taps.size(); ++i) {
            const Tap &tap = graph.taps[i];
            if (!rule.where.matches(graph, tap))
                continue;
            const bool named = rule.where.tap == tap.path;
            if (!isSwitchable(graph, tap)) {
                if (named)
                    return fail(ErrorCode::BadInput, "it only re-arranges values that another tap quantizes", tap.path,
                                "switch the tap it reads from instead");
                continue;
            }
            ++hits;
            TapSetting &setting = settings[i];
            if (rule.bits == 0) {
                setting.quantizer = QuantizerKind::None;
                setting.integerLayerNorm = false;
            } else if (setting.isQuantized() || named) {
                // A rule over many taps changes widths; only naming a tap makes one quantized that the recipe leaves float.
                if (!setting.isQuantized())
                    setting.quantizer = QuantizerKind::Uniform;
                setting.bits = rule.bits;
            }
        }
        if (hits == 0)
            return fail(ErrorCode::BadInput,
                        fmt::format("rule {} ({}) matches no tap of this model", r + 1,
                                    planText(PrecisionPlan{{}, {rule}})),
                        "precision plan", "'quantoscope-cli inspect' lists the taps");
    }
    return settings;
}

} // namespace quantoscope
