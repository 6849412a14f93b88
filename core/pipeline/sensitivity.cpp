// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/sensitivity.h"

#include "core/analysis/divergence.h"
#include "core/analysis/precision_operators.h"
#include "core/pipeline/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <random>

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

    Figures &operator+=(const Figures &other)
    {
        kl.insert(kl.end(), other.kl.begin(), other.kl.end());
        agree += other.agree;
        right += other.right;
        labelled += other.labelled;
        return *this;
    }
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

void fill(SensitivityRow &row, const Figures &figures)
{
    row.images = static_cast<int64_t>(figures.kl.size());
    row.agreement = percentOf(figures.agree, row.images);
    row.top1 = percentOf(figures.right, figures.labelled);
    const Summary kl = summarize(figures.kl);
    row.kl = kl.mean;
    row.klStandardError = kl.standardError;
}

/// Figures of the images seen so far; per measurement, unset: not made.
struct Measured {
    Figures floating;
    Figures quantized;
    std::vector<std::optional<Figures>> rows;

    void add(const Measured &batch)
    {
        if (floating.kl.empty()) {
            *this = batch;
            return;
        }
        floating += batch.floating;
        quantized += batch.quantized;
        for (size_t m = 0; m < rows.size(); ++m)
            *rows[m] += *batch.rows[m];
    }
};

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

namespace {

/// Share of a whole pass that a run from each node on takes, by multiply-accumulates.
std::vector<double> sharesFrom(const Graph &graph)
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

/// Counts passes in whole numbers, as the fractions that measurements take add up.
class PassReporter {
public:
    PassReporter(const RunControl &control, double passes)
        : m_reporter(control, "sensitivity", std::llround(passes), "passes")
    {
    }
    void advance(double passes)
    {
        m_done += passes;
        const int64_t whole = std::llround(m_done);
        if (whole > m_told)
            m_reporter.advance(whole - m_told);
        m_told = whole;
    }
    [[nodiscard]] double seconds() const { return m_reporter.seconds(); }

private:
    PhaseReporter m_reporter;
    double m_done = 0;
    int64_t m_told = 0;
};

/// Everything that the measurements of one batch need.
struct BatchMeasurer {
    Executor &executor;
    const Graph &graph;
    const ImageSet &set;
    const std::vector<SensitivityMeasurement> &plan;
    const Widths &widths;
    const std::vector<TapSetting> &settings;
    const std::vector<double> &shares;
    int64_t bytesLimit;
    PassReporter &reporter;
    const CancelToken &cancel;

    /// Into `into`, measurement by measurement, so that a cancellation leaves the ones that were finished.
    Result<void> measure(const ImageBatch &batch, Measured &into) const
    {
        const auto images = static_cast<int>(batch.indices.size());
        const bool allBut = std::any_of(plan.begin(), plan.end(), [](const SensitivityMeasurement &m) {
            return m.row.kind == SensitivityKind::AllButThis;
        });
        ExecutionPrefix floatPrefix;
        ExecutionPrefix quantizedPrefix;
        ExecutionMode floatMode = ExecutionMode::floatMode(graph);
        ExecutionMode quantizedMode = widths.mode(graph, settings);
        const int64_t share = bytesLimit / (allBut ? 2 : 1);
        const auto reference = executor.runKeeping(batch.pixels, images, floatMode, share, floatPrefix, cancel);
        if (!reference)
            return fail(reference.error());
        reporter.advance(images);
        const auto quantized = allBut
            ? executor.runKeeping(batch.pixels, images, quantizedMode, share, quantizedPrefix, cancel)
            : executor.run(batch.pixels, images, quantizedMode, nullptr, cancel);
        if (!quantized)
            return fail(quantized.error());
        reporter.advance(images);
        add(into.floating, *reference, *reference, set, batch);
        add(into.quantized, *reference, *quantized, set, batch);
        for (size_t m = 0; m < plan.size(); ++m) {
            ExecutionMode mode = widths.mode(graph, plan[m].settings);
            const bool only = plan[m].row.kind == SensitivityKind::OnlyThis;
            const auto logits = executor.runFrom(only ? floatPrefix : quantizedPrefix, plan[m].firstChanged, batch.pixels,
                                                 mode, cancel);
            if (!logits)
                return fail(logits.error());
            add(into.rows[m].emplace(), *reference, *logits, set, batch);
            reporter.advance(images * shares[static_cast<size_t>(plan[m].firstChanged)]);
        }
        return {};
    }
};

} // namespace

SensitivityPasses sensitivityPasses(const Graph &graph, const std::vector<SensitivityMeasurement> &measurements)
{
    const std::vector<double> shares = sharesFrom(graph);
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
    const std::vector<double> shares = sharesFrom(graph);
    const double passes = sensitivityCost(graph, plan);
    PassReporter reporter(control, passes * static_cast<double>(set.items.size()));
    auto loader = startLoading(set, pass, kBatch, control);
    if (!loader)
        return fail(loader.error());
    const BatchMeasurer measurer{executor, graph,  set,      plan,          widths, settings,
                                 shares,   options.bytesLimit, reporter, control.cancel};
    Measured measured;
    while (auto batch = (*loader)->next()) {
        reporter.advance(passes * static_cast<double>(batch->failures.size()));
        if (batch->indices.empty())
            continue;
        Measured ofBatch;
        ofBatch.rows.resize(plan.size());
        const auto done = measurer.measure(*batch, ofBatch);
        if (!done && done.error().code != ErrorCode::Cancelled)
            return fail(done.error());
        // A part of a later batch would set its rows on other images than the rest.
        if (done || (measured.floating.kl.empty() && !ofBatch.rows.empty() && ofBatch.rows.front()))
            measured.add(ofBatch);
        if (!done)
            break;
    }
    if (measured.floating.kl.empty())
        return control.isCancelled() ? fail(ErrorCode::Cancelled, "stopped on request")
                                     : fail(ErrorCode::BadInput, "none of the images could be decoded", set.root);

    SensitivityTable table;
    table.model = model.info.name;
    table.modelSha256 = model.info.sha256;
    table.floatTop1 = percentOf(measured.floating.right, measured.floating.labelled);
    table.level = options.level;
    table.imagesWanted = static_cast<int64_t>(set.items.size());
    table.seconds = reporter.seconds();
    table.complete = !control.isCancelled();
    table.unitOfTap.assign(graph.taps.size(), -1);
    for (SensitivityUnit &unit : sensitivityUnits(graph, settings, options.level)) {
        for (const auto *taps : {&unit.weightTaps, &unit.activationTaps})
            for (const int tap : *taps)
                table.unitOfTap[static_cast<size_t>(tap)] = static_cast<int>(table.units.size());
        table.units.push_back(std::move(unit.name));
    }
    fill(table.quantized, measured.quantized);
    for (size_t m = 0; m < plan.size(); ++m) {
        if (!measured.rows[m])
            continue;
        SensitivityRow row = plan[m].row;
        fill(row, *measured.rows[m]);
        table.rows.push_back(std::move(row));
    }
    return table;
}

} // namespace quantoscope
