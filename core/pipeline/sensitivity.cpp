// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/sensitivity.h"

#include "core/analysis/divergence.h"
#include "core/analysis/precision_operators.h"
#include "core/pipeline/calibration.h"
#include "core/pipeline/snapshot_pacer.h"

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

/// Per-image figures of one measurement.
struct Figures {
    std::vector<double> kl;
    int64_t agree = 0;
    int64_t right = 0;
    int64_t labelled = 0;
    struct {
        int64_t images = 0;
        double mean = 0;
        double squares = 0; ///< sum of squared differences from the mean
    } earlier; ///< KL of the images before these

    [[nodiscard]] int64_t images() const { return earlier.images + static_cast<int64_t>(kl.size()); }

    Figures &operator+=(const Figures &other)
    {
        kl.insert(kl.end(), other.kl.begin(), other.kl.end());
        agree += other.agree;
        right += other.right;
        labelled += other.labelled;
        return *this;
    }
};

/// -1 when a logit is not finite, which agrees with nothing.
int bestOf(std::span<const float> logits)
{
    if (!std::all_of(logits.begin(), logits.end(), [](float value) { return std::isfinite(value); }))
        return -1;
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
        figures.agree += best >= 0 && best == bestOf(other);
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
    row.images = figures.images();
    row.agreement = percentOf(figures.agree, row.images);
    row.top1 = percentOf(figures.right, figures.labelled);
    const Summary kl = summarize(figures.kl);
    row.kl = kl.mean;
    row.klStandardError = kl.standardError;
    if (figures.earlier.images == 0)
        return;
    // Pooled mean and squares (T. F. Chan, G. H. Golub, R. J. LeVeque 1979, equations 2.1).
    const auto a = static_cast<double>(figures.earlier.images);
    const auto b = static_cast<double>(figures.kl.size());
    if (std::isinf(figures.earlier.mean) || std::isinf(kl.mean)) {
        row.kl = row.klStandardError = std::numeric_limits<double>::infinity();
        return;
    }
    const double difference = kl.mean - figures.earlier.mean;
    row.kl = figures.earlier.mean + difference * b / (a + b);
    const double squares = figures.earlier.squares + kl.standardError * kl.standardError * b * std::max(0.0, b - 1)
        + difference * difference * a * b / (a + b);
    row.klStandardError = a + b > 1 ? std::sqrt(squares / (a + b - 1) / (a + b)) : 0;
}

/// What `row` counted over images of which `labelled` have a class.
Figures figuresOf(const SensitivityRow &row, int64_t labelled)
{
    Figures figures;
    const auto n = static_cast<double>(row.images);
    figures.agree = std::llround(row.agreement * n / 100);
    figures.labelled = labelled;
    figures.right = labelled > 0 ? std::llround(row.top1 * static_cast<double>(labelled) / 100) : 0;
    figures.earlier = {row.images, row.kl, row.klStandardError * row.klStandardError * n * (n - 1)};
    return figures;
}

/// Figures of the images seen so far; per measurement, unset: not made.
struct Measured {
    Figures floating;
    Figures quantized;
    std::vector<std::optional<Figures>> rows;

    void add(const Measured &batch)
    {
        if (floating.images() == 0) {
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
    [[nodiscard]] const PhaseReporter &phase() const { return m_reporter; }

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

/// What was measured so far, as a table.
SensitivityTable tableOf(const Measured &measured, const std::vector<SensitivityMeasurement> &plan, const Model &model,
                         const std::vector<TapSetting> &settings, SensitivityLevel level)
{
    const Graph &graph = model.graph;
    SensitivityTable table;
    table.model = model.info.name;
    table.modelSha256 = model.info.sha256;
    table.floatTop1 = percentOf(measured.floating.right, measured.floating.labelled);
    table.labelledDone = measured.floating.labelled;
    table.level = level;
    table.unitOfTap.assign(graph.taps.size(), -1);
    for (SensitivityUnit &unit : sensitivityUnits(graph, settings, level)) {
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

Measured measuredOf(const SensitivityTable &table)
{
    Measured measured;
    SensitivityRow floating; // the float model agrees with itself
    floating.images = table.quantized.images;
    floating.agreement = 100;
    floating.top1 = table.floatTop1;
    measured.floating = figuresOf(floating, table.labelledDone);
    measured.quantized = figuresOf(table.quantized, table.labelledDone);
    for (const SensitivityRow &row : table.rows)
        measured.rows.push_back(figuresOf(row, table.labelledDone));
    return measured;
}

} // namespace

bool continuesSensitivity(const SensitivityTable &done, const std::vector<SensitivityMeasurement> &plan, size_t images)
{
    const int64_t seen = done.quantized.images;
    return !done.complete && done.imagesDone > 0 && done.imagesDone < static_cast<int64_t>(images) && seen > 0
        && seen <= done.imagesDone && done.labelledDone <= seen && done.imagesWanted == static_cast<int64_t>(images)
        && std::equal(plan.begin(), plan.end(), done.rows.begin(), done.rows.end(),
                      [&](const SensitivityMeasurement &wanted, const SensitivityRow &row) {
                          return row.operatorPath == wanted.row.operatorPath && row.kind == wanted.row.kind
                              && row.part == wanted.row.part && row.option == wanted.row.option && row.images == seen;
                      });
}

Result<SensitivityTable> measureSensitivity(Executor &executor, const Model &model, const ImageSet &set,
                                            const std::vector<TapSetting> &settings, const DeriveParameters &derive,
                                            const SensitivityOptions &options, const PassOptions &pass,
                                            const RunControl &control, const SensitivityContinuation &continuation)
{
    const Graph &graph = model.graph;
    const std::vector<SensitivityMeasurement> plan = planSensitivity(graph, settings, options);
    Widths widths(settings, derive);
    if (const auto prepared = widths.prepare(plan); !prepared)
        return fail(prepared.error());
    const std::vector<double> shares = passShares(graph);
    const double passes = sensitivityCost(graph, plan);
    Measured measured;
    ImageSet rest = set;
    int64_t seen = 0; // images in whole batches
    double earlierSeconds = 0;
    if (continuation.done && continuesSensitivity(*continuation.done, plan, set.items.size())) {
        measured = measuredOf(*continuation.done);
        seen = continuation.done->imagesDone;
        earlierSeconds = continuation.done->seconds;
        rest.items.erase(rest.items.begin(), rest.items.begin() + static_cast<ptrdiff_t>(seen));
    }
    PassReporter reporter(control, passes * static_cast<double>(set.items.size()));
    reporter.advance(passes * static_cast<double>(seen));
    SnapshotPacer pacer(reporter.phase());
    auto loader = startLoading(rest, pass, kBatch, control);
    if (!loader)
        return fail(loader.error());
    const auto soFar = [&] {
        SensitivityTable table = tableOf(measured, plan, model, settings, options.level);
        table.imagesWanted = static_cast<int64_t>(set.items.size());
        table.imagesDone = seen;
        table.seconds = earlierSeconds + reporter.phase().seconds();
        table.complete = false;
        return table;
    };
    const BatchMeasurer measurer{executor, graph,  rest,     plan,          widths, settings,
                                 shares,   pass.activationBytes, reporter, control.cancel};
    while (auto batch = (*loader)->next()) {
        reporter.advance(passes * static_cast<double>(batch->failures.size()));
        if (!batch->indices.empty()) {
            Measured ofBatch;
            ofBatch.rows.resize(plan.size());
            const auto done = measurer.measure(*batch, ofBatch);
            if (!done && done.error().code != ErrorCode::Cancelled)
                return fail(done.error());
            // A part of a later batch would set its rows on other images than the rest.
            if (done || (measured.floating.images() == 0 && !ofBatch.rows.empty() && ofBatch.rows.front()))
                measured.add(ofBatch);
            if (!done)
                break;
        }
        seen += static_cast<int64_t>(batch->indices.size() + batch->failures.size());
        if (continuation.snapshot && measured.floating.images() > 0)
            pacer.offer([&] { continuation.snapshot(soFar()); });
    }
    if (measured.floating.images() == 0)
        return control.isCancelled() ? fail(ErrorCode::Cancelled, "stopped on request")
                                     : fail(ErrorCode::BadInput, "none of the images could be decoded", set.root);
    SensitivityTable table = soFar();
    table.complete = seen == table.imagesWanted;
    if (table.complete)
        table.imagesDone = table.labelledDone = 0;
    return table;
}

} // namespace quantoscope
