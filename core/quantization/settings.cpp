// SPDX-License-Identifier: GPL-3.0-or-later
// Resolution of recipe and plan rules into one setting per tap.
#include "core/quantization/recipe.h"
#include "core/quantization/validate_setting.h"
#include "core/quantization/wildcard.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

namespace quantoscope {

namespace {

/// Whether a node that computes with the value of `node` is one of `operators`.
bool isReadBy(const Graph &graph, int node, const std::vector<Operator> &operators)
{
    for (const int reader : graph.consumers(node)) {
        const Operator op = graph.nodes[static_cast<size_t>(reader)].op;
        if (isView(op) ? isReadBy(graph, reader, operators)
                       : std::find(operators.begin(), operators.end(), op) != operators.end())
            return true;
    }
    return false;
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
    rule.change.applyTo(setting);
    if (rule.bitSource)
        setting.bits = bitsOf(rule, widths);
}

void apply(const PlanRule &rule, bool named, TapSetting &setting)
{
    if (rule.bits == PlanRule::kFloat) {
        setting.quantizer = QuantizerKind::None;
        setting.integerLayerNorm = false;
        return;
    }
    // A rule over many taps changes what is quantized; only naming a tap, or a quantizer, makes one quantized that the
    // recipe leaves float.
    if (!setting.isQuantized() && !named && !rule.change.quantizer)
        return;
    if (!setting.isQuantized())
        setting.quantizer = QuantizerKind::Uniform;
    rule.change.applyTo(setting);
    if (rule.bits != PlanRule::kSameBits)
        setting.bits = rule.bits;
}

Result<void> checkBits(const BitWidths &bits)
{
    for (const int width : {bits.weights, bits.activations, bits.attention})
        if (width < kLeastBits || width > kMostBits)
            return fail(ErrorCode::BadInput, fmt::format("{} bits are not supported", width), "--bits",
                        "give W/A/Attn of 2 to 8 bits each, e.g. 8/8/4");
    return {};
}

Result<void> checkForms(const Recipe &recipe, const QuantizationRequest &request)
{
    const auto lacks = [&](const char *form, const char *option) {
        return fail(ErrorCode::Usage, fmt::format("recipe {} has no {} to switch on", recipe.name, form), option,
                    "leave it away, or choose a recipe that has it, e.g. minmax");
    };
    if (request.ptf && recipe.ptfRules.empty())
        return lacks("power-of-two-factor LayerNorm", "--ptf");
    if (request.lis && recipe.lisRules.empty())
        return lacks("log-int-softmax", "--lis");
    return {};
}

/// Every setting by itself, and the integer kernels with their neighbours.
Result<void> checkSettings(const Graph &graph, const std::vector<TapSetting> &settings)
{
    for (size_t t = 0; t < settings.size(); ++t)
        if (const auto sensible = validateSetting(settings[t], traitsOf(graph, graph.taps[t]), graph.taps[t].path);
            !sensible)
            return sensible;
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        const Node &node = graph.nodes[n];
        const int own = graph.outputTap(static_cast<int>(n));
        if (node.inputs.empty() || own < 0)
            continue;
        const TapSetting &setting = settings[static_cast<size_t>(own)];
        const int source = graph.outputTap(graph.valueSource(node.inputs.front()));
        const TapSetting &input = settings[static_cast<size_t>(source)];
        const std::string &where = graph.taps[static_cast<size_t>(source)].path;
        if (setting.quantizer == QuantizerKind::LogIntSoftmax && input.isQuantized()
            && (input.quantizer != QuantizerKind::Uniform || input.granularity != Granularity::Tensor))
            return fail(ErrorCode::BadInput, "the log-int-softmax after it needs uniform scores with one scale", where,
                        "give it granularity tensor, or another quantizer to the softmax");
        if (setting.integerLayerNorm && setting.isQuantized() && input.isQuantized()
            && ((input.granularity != Granularity::Tensor && input.observer != ObserverKind::Ptf)
                || setting.granularity != Granularity::Tensor))
            return fail(ErrorCode::BadInput,
                        "the integer LayerNorm after it needs one scale before and behind it, or the scales of ptf before",
                        where, "set integer_layer_norm to false, or the observer to ptf");
    }
    return {};
}

} // namespace

void SettingChange::applyTo(TapSetting &setting) const
{
    if (quantizer && *quantizer != QuantizerKind::TwinUniform)
        setting.twin = TwinForm::None; // belongs to that quantizer
    const auto set = [](auto &field, const auto &value) {
        if (value)
            field = static_cast<std::remove_reference_t<decltype(field)>>(*value);
    };
    set(setting.quantizer, quantizer);
    set(setting.observer, observer);
    set(setting.granularity, granularity);
    set(setting.groups, groups);
    set(setting.symmetric, symmetric);
    set(setting.narrowRange, narrowRange);
    set(setting.includeZero, includeZero);
    set(setting.arithmetic, arithmetic);
    set(setting.twin, twin);
    set(setting.fixedScale, fixedScale);
    set(setting.fixedZeroPoint, fixedZeroPoint);
    set(setting.integerLayerNorm, integerLayerNorm);
}

bool TapSelector::matches(const Graph &graph, const Tap &candidate) const
{
    const Node &node = graph.nodes[static_cast<size_t>(candidate.node)];
    const auto among = [](const auto &wanted, auto value) {
        return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
    };
    return (tap.empty() || matchesWildcard(tap.c_str(), candidate.path.c_str())) && among(kinds, candidate.kind)
        && among(roles, candidate.role) && (operatorName.empty() || operatorName == name(node.op))
        && (firstBlock < 0 || (candidate.block >= firstBlock && candidate.block <= lastBlock))
        && (!feedsLayerNorm || *feedsLayerNorm == candidate.feedsLayerNorm)
        && (feeds.empty() || (candidate.kind != TapKind::Weight && isReadBy(graph, candidate.node, feeds)));
}

bool isSwitchable(const Graph &graph, const Tap &tap)
{
    const Operator op = graph.nodes[static_cast<size_t>(tap.node)].op;
    return tap.kind == TapKind::Weight || op == Operator::SplitHeads || !isView(op);
}

Result<std::vector<TapSetting>> resolveSettings(const Graph &graph, const QuantizationRequest &request,
                                                bool inputQuantized)
{
    if (const auto bits = checkBits(request.bits); !bits)
        return fail(bits.error());
    const Result<Recipe> recipe = findRecipe(request.recipe);
    if (!recipe)
        return fail(recipe.error());
    if (const auto forms = checkForms(*recipe, request); !forms)
        return fail(forms.error());
    if (const auto search = resolveSearch(*recipe, request); !search)
        return fail(search.error());
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
        if (graph.taps[i].role == Role::Image && recipe->imageFollowsModel && !inputQuantized)
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
            apply(rule, named, settings[i]);
        }
        if (hits == 0)
            return fail(ErrorCode::BadInput,
                        fmt::format("rule {} ({}) matches no tap of this model", r + 1,
                                    planText(PrecisionPlan{{}, {rule}})),
                        "precision plan", "'quantoscope-cli inspect' lists the taps");
    }
    if (const auto sensible = checkSettings(graph, settings); !sensible)
        return fail(sensible.error());
    return settings;
}

} // namespace quantoscope
