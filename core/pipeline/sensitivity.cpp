// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/sensitivity.h"

#include "core/analysis/divergence.h"
#include "core/analysis/precision_operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace quantoscope {

namespace {

constexpr int kBatch = 32; // cached activations, not speed, ask for a limit

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

/// Per-image figures of one measurement.
struct Figures {
    std::vector<double> kl;
    int64_t agree = 0;
    int64_t right = 0;
    int64_t labelled = 0;
};

int bestOf(std::span<const float> logits)
{
    return static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

void add(Figures &figures, const std::vector<float> &reference, const std::vector<float> &logits, const ImageSet &set,
         const ImageBatch &batch)
{
    const size_t classes = logits.size() / batch.indices.size();
    for (size_t i = 0; i < batch.indices.size(); ++i) {
        const std::span<const float> own(logits.data() + i * classes, classes);
        const std::span<const float> other(reference.data() + i * classes, classes);
        figures.kl.push_back(klOfLogits(other, own));
        const int best = bestOf(own);
        figures.agree += best == bestOf(other);
        const int label = set.items[static_cast<size_t>(batch.indices[i])].label;
        figures.labelled += label >= 0;
        figures.right += label >= 0 && best == label;
    }
}

double percentOf(int64_t part, int64_t whole)
{
    return whole > 0 ? 100.0 * static_cast<double>(part) / static_cast<double>(whole)
                     : std::numeric_limits<double>::quiet_NaN();
}

/// Parameters of every width that a measurement asks for, derived once.
class Widths {
public:
    Widths(const std::vector<TapSetting> &settings, const DeriveParameters &derive) : m_settings(settings), m_derive(derive) {}

    Result<void> prepare(const std::vector<SensitivityMeasurement> &measurements)
    {
        if (auto own = m_derive(m_settings); own)
            m_own = std::move(*own);
        else
            return fail(own.error());
        for (const SensitivityMeasurement &measurement : measurements)
            for (size_t t = 0; t < m_settings.size(); ++t) {
                const TapSetting &setting = measurement.settings[t];
                if (!setting.isQuantized() || setting.bits == m_settings[t].bits || m_byWidth.count(setting.bits))
                    continue;
                std::vector<TapSetting> alike = m_settings;
                for (TapSetting &one : alike)
                    one.bits = setting.bits;
                auto parameters = m_derive(alike);
                if (!parameters)
                    return fail(parameters.error());
                m_byWidth.emplace(setting.bits, std::move(*parameters));
            }
        return {};
    }
    [[nodiscard]] ExecutionMode mode(const Graph &graph, const std::vector<TapSetting> &settings) const
    {
        ExecutionMode mode = ExecutionMode::quantizedMode(graph, settings);
        for (size_t t = 0; t < settings.size(); ++t)
            if (settings[t].isQuantized())
                mode.parameters[t] = settings[t].bits == m_settings[t].bits ? m_own[t]
                                                                            : m_byWidth.at(settings[t].bits)[t];
        return mode;
    }

private:
    const std::vector<TapSetting> &m_settings;
    const DeriveParameters &m_derive;
    std::vector<QuantizerParameters> m_own;
    std::map<int, std::vector<QuantizerParameters>> m_byWidth;
};

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
                            changed[t] = only && bits > 0 ? settings[t] : allFloat[t];
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
                    if (first == static_cast<int>(graph.nodes.size()))
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

double sensitivityCost(const Graph &graph, const std::vector<SensitivityMeasurement> &measurements)
{
    int64_t whole = 0;
    std::vector<int64_t> before;
    for (const Node &node : graph.nodes) {
        before.push_back(whole);
        whole += node.macs;
    }
    double passes = 1;
    std::set<SensitivityKind> kinds;
    for (const SensitivityMeasurement &measurement : measurements) {
        kinds.insert(measurement.row.kind);
        passes += static_cast<double>(whole - before[static_cast<size_t>(measurement.firstChanged)])
            / static_cast<double>(std::max<int64_t>(1, whole));
    }
    return passes + static_cast<double>(kinds.count(SensitivityKind::AllButThis));
}

Result<SensitivityTable> measureSensitivity(Executor &executor, const Model &model, const ImageSet &set,
                                            const std::vector<TapSetting> &settings, const DeriveParameters &derive,
                                            const SensitivityOptions &options, const PassOptions &pass,
                                            const RunControl &control)
{
    const Graph &graph = model.graph;
    const std::vector<SensitivityMeasurement> plan = planSensitivity(graph, settings, options);
    Widths widths(settings, derive);
    if (const auto prepared = widths.prepare(plan); !prepared)
        return fail(prepared.error());
    const bool allBut = std::any_of(plan.begin(), plan.end(), [](const SensitivityMeasurement &m) {
        return m.row.kind == SensitivityKind::AllButThis;
    });
    PhaseReporter reporter(control, "sensitivity", static_cast<int64_t>(set.items.size() * plan.size()));
    auto loader = startLoading(set, pass, kBatch, control);
    if (!loader)
        return fail(loader.error());
    ExecutionMode floatMode = ExecutionMode::floatMode(graph);
    ExecutionMode quantizedMode = widths.mode(graph, settings);
    Figures ofFloat;
    std::vector<Figures> figures(plan.size());
    while (auto batch = (*loader)->next()) {
        const auto images = static_cast<int>(batch->indices.size());
        reporter.advance(static_cast<int64_t>(batch->failures.size() * plan.size()));
        if (images == 0)
            continue;
        ExecutionPrefix floatPrefix;
        ExecutionPrefix quantizedPrefix;
        const int64_t share = options.bytesLimit / (allBut ? 2 : 1);
        const auto reference = executor.runKeeping(batch->pixels, images, floatMode, share, floatPrefix, control.cancel);
        if (!reference)
            return fail(reference.error());
        add(ofFloat, *reference, *reference, set, *batch);
        if (allBut)
            if (const auto run = executor.runKeeping(batch->pixels, images, quantizedMode, share, quantizedPrefix,
                                                     control.cancel);
                !run)
                return fail(run.error());
        for (size_t m = 0; m < plan.size(); ++m) {
            ExecutionMode mode = widths.mode(graph, plan[m].settings);
            const bool only = plan[m].row.kind == SensitivityKind::OnlyThis;
            const auto logits = executor.runFrom(only ? floatPrefix : quantizedPrefix, plan[m].firstChanged, batch->pixels,
                                                 mode, control.cancel);
            if (!logits)
                return fail(logits.error());
            add(figures[m], *reference, *logits, set, *batch);
            reporter.advance(images);
        }
    }
    if (control.isCancelled())
        return fail(ErrorCode::Cancelled, "stopped on request");
    if (ofFloat.kl.empty())
        return fail(ErrorCode::BadInput, "none of the images could be decoded", set.root);

    SensitivityTable table;
    table.model = model.info.name;
    table.modelSha256 = model.info.sha256;
    table.floatTop1 = percentOf(ofFloat.right, ofFloat.labelled);
    for (size_t m = 0; m < plan.size(); ++m) {
        SensitivityRow row = plan[m].row;
        const auto count = static_cast<int64_t>(figures[m].kl.size());
        row.images = count;
        row.agreement = percentOf(figures[m].agree, count);
        row.top1 = percentOf(figures[m].right, figures[m].labelled);
        const Summary kl = summarize(std::move(figures[m].kl));
        row.kl = kl.mean;
        row.klStandardError = kl.standardError;
        table.rows.push_back(std::move(row));
    }
    return table;
}

} // namespace quantoscope
