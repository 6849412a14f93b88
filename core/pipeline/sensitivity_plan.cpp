// SPDX-License-Identifier: GPL-3.0-or-later
// Which measurements of sensitivity there are, and what they cost.
#include "core/pipeline/sensitivity.h"

#include "core/analysis/precision_operators.h"
#include "core/pipeline/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>

namespace quantoscope {

namespace {

std::string unitName(const Graph &graph, const Tap &tap, SensitivityLevel level)
{
    switch (level) {
    case SensitivityLevel::Block: return tap.block < 0 ? "outside the blocks" : fmt::format("block {}", tap.block);
    case SensitivityLevel::OperatorType: return name(graph.nodes[static_cast<size_t>(tap.node)].op);
    default: return tap.path;
    }
}

/// The values that a mode's run has in common with `base` end before this node.
int firstDifference(const Graph &graph, const std::vector<TapSetting> &base, const std::vector<TapSetting> &changed)
{
    int first = static_cast<int>(graph.nodes.size());
    for (size_t t = 0; t < base.size(); ++t)
        if (!(base[t] == changed[t]))
            first = std::min(first, graph.taps[t].node);
    // An integer kernel may appear or vanish with a neighbour's quantizer.
    const ExecutionMode before = ExecutionMode::quantizedMode(graph, base);
    const ExecutionMode after = ExecutionMode::quantizedMode(graph, changed);
    for (size_t n = 0; n < graph.nodes.size(); ++n)
        if (before.kernels[n] != after.kernels[n])
            first = std::min(first, static_cast<int>(n));
    return first;
}

} // namespace

std::vector<SensitivityUnit> sensitivityUnits(const Graph &graph, const std::vector<TapSetting> &settings,
                                              SensitivityLevel level)
{
    std::vector<SensitivityUnit> units;
    if (level == SensitivityLevel::Operator) {
        for (PrecisionOperator &op : precisionOperators(graph, settings, false))
            units.push_back({std::move(op.name), std::move(op.weightTaps), std::move(op.activationTaps)});
        return units;
    }
    for (size_t t = 0; t < graph.taps.size(); ++t) {
        if (!settings[t].isQuantized())
            continue;
        const std::string wanted = unitName(graph, graph.taps[t], level);
        auto unit = std::find_if(units.begin(), units.end(), [&](const auto &one) { return one.name == wanted; });
        if (unit == units.end())
            unit = units.insert(units.end(), SensitivityUnit{wanted, {}, {}});
        (graph.taps[t].kind == TapKind::Weight ? unit->weightTaps : unit->activationTaps).push_back(static_cast<int>(t));
    }
    return units;
}

std::vector<SensitivityMeasurement> planSensitivity(const Graph &graph, const std::vector<TapSetting> &settings,
                                                    const SensitivityOptions &options)
{
    std::vector<TapSetting> allFloat = settings;
    for (TapSetting &setting : allFloat) {
        setting.quantizer = QuantizerKind::None;
        setting.integerLayerNorm = false;
    }
    std::vector<SensitivityMeasurement> plan;
    const std::vector<SensitivityUnit> units = sensitivityUnits(graph, settings, options.level);
    for (size_t u = 0; u < units.size(); ++u)
        for (const SensitivityKind kind : options.kinds)
            for (const SensitivityPart part : options.parts) {
                const bool only = kind == SensitivityKind::OnlyThis;
                for (const PrecisionOption &option : only ? options.options : std::vector<PrecisionOption>{{}}) {
                    const std::vector<TapSetting> &base = only ? allFloat : settings;
                    std::vector<TapSetting> changed = base;
                    const auto change = [&](const std::vector<int> &taps, int bits) {
                        for (const int tap : taps) {
                            const auto t = static_cast<size_t>(tap);
                            changed[t] = only && bits != 0 ? settings[t] : allFloat[t];
                            // A softmax that is integer arithmetic as a whole has the width of its recipe.
                            if (only && bits > 0)
                                changed[t].bits = bits;
                        }
                    };
                    if (part != SensitivityPart::Activations)
                        change(units[u].weightTaps, option.weightBits);
                    if (part != SensitivityPart::Weights)
                        change(units[u].activationTaps, option.activationBits);
                    const int first = firstDifference(graph, base, changed);
                    const auto isThis = [&](const SensitivityRow &row) {
                        return row.operatorPath == units[u].name && row.kind == kind && row.part == part
                            && row.option == option;
                    };
                    if (first == static_cast<int>(graph.nodes.size())
                        || std::any_of(options.known.begin(), options.known.end(), isThis))
                        continue;
                    SensitivityMeasurement measurement{u, {}, std::move(changed), first};
                    measurement.row.operatorPath = units[u].name;
                    measurement.row.kind = kind;
                    measurement.row.part = part;
                    measurement.row.option = option;
                    plan.push_back(std::move(measurement));
                }
            }
    return plan;
}

std::vector<double> passShares(const Graph &graph)
{
    std::vector<double> shares;
    double whole = 0;
    for (const Node &node : graph.nodes) {
        shares.push_back(whole);
        whole += static_cast<double>(node.macs);
    }
    for (double &share : shares)
        share = whole > 0 ? 1 - share / whole : 1;
    return shares;
}

SensitivityPasses sensitivityPasses(const Graph &graph, const std::vector<SensitivityMeasurement> &measurements)
{
    const std::vector<double> shares = passShares(graph);
    SensitivityPasses passes{1, 1};
    for (const SensitivityMeasurement &measurement : measurements)
        (measurement.row.kind == SensitivityKind::OnlyThis ? passes.floating : passes.quantized)
            += shares[static_cast<size_t>(measurement.firstChanged)];
    return passes;
}

Result<PassSeconds> timePasses(Executor &executor, const Model &model, const std::vector<TapSetting> &settings,
                               bool alsoQuantized, const CancelToken &cancel)
{
    constexpr int kTimedImages = 16;
    constexpr int kObservedImages = 2;
    const auto side = static_cast<size_t>(model.info.imageSize);
    std::minstd_rand random(1);
    std::normal_distribution<float> normal;
    std::vector<float> pixels(kTimedImages * 3 * side * side);
    std::generate(pixels.begin(), pixels.end(), [&] { return normal(random); });
    const auto time = [&](ExecutionMode &mode) -> Result<double> {
        double seconds = 0;
        for (int pass = 0; pass < 2; ++pass) { // the first one prepares weights and memory
            const auto start = std::chrono::steady_clock::now();
            if (const auto run = executor.run(pixels, kTimedImages, mode, nullptr, cancel); !run)
                return fail(run.error());
            seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        }
        return seconds / kTimedImages;
    };
    ExecutionMode floatMode = ExecutionMode::floatMode(model.graph);
    const auto floating = time(floatMode);
    if (!floating || !alsoQuantized)
        return floating ? Result<PassSeconds>(PassSeconds{*floating, *floating}) : fail(floating.error());
    Calibration calibration(executor, model, observationNeeds(model.graph, settings));
    ImageBatch observed;
    observed.pixels.assign(pixels.begin(), pixels.begin() + static_cast<ptrdiff_t>(kObservedImages * 3 * side * side));
    for (int i = 0; i < kObservedImages; ++i)
        observed.indices.push_back(i);
    if (const auto added = calibration.add(executor, model, std::move(observed), cancel); !added)
        return fail(added.error());
    auto taps = calibration.derive(executor, model, settings, cancel);
    if (!taps)
        return fail(taps.error());
    ExecutionMode mode = ExecutionMode::quantizedMode(model.graph, settings);
    mode.parameters = std::move(taps->parameters);
    const auto quantized = time(mode);
    if (!quantized)
        return fail(quantized.error());
    return PassSeconds{*floating, *quantized};
}

} // namespace quantoscope
