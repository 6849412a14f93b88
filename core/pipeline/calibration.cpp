// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/calibration.h"

#include "core/base/parallel.h"
#include "core/pipeline/snapshot_pacer.h"
#include "core/quantization/derive_parameters.h"
#include "core/quantization/log_int_softmax.h"

#include <chrono>

namespace quantoscope {

namespace {

/// A history is copied in well under a millisecond.
constexpr auto kWatchInterval = std::chrono::milliseconds(200);

using Observers = std::vector<std::optional<TapObserver>>;

/// Observes every tap in shards. The observers learn of a batch when it is complete, in gather() or afterwards.
class Collector : public ShardVisitor {
public:
    Collector(Observers &observers, int shards)
        : m_observers(observers), m_parts(observers.size(), std::vector<BatchObservation>(static_cast<size_t>(shards))),
          m_added(observers.size(), 0)
    {
    }
    bool wants(int tap) const override { return m_observers[static_cast<size_t>(tap)].has_value(); }
    void visit(int shard, int tap, const TensorView &value, int64_t batchElements) override
    {
        const auto t = static_cast<size_t>(tap);
        m_parts[t][static_cast<size_t>(shard)]
            = m_observers[t]->observe(value, m_observers[t]->scope(batchElements, wantsTails(t)));
    }
    bool gathers(int tap) const override { return m_observers[static_cast<size_t>(tap)]->needsValues(); }
    void gather(int tap, std::span<const TensorView> parts, ExecutionMode &) override
    {
        add(static_cast<size_t>(tap), parts);
    }
    /// After a run without error.
    void finish()
    {
        parallelRanges(static_cast<int64_t>(m_observers.size()), 1, [&](int64_t begin, int64_t end, int) {
            for (auto t = static_cast<size_t>(begin); t < static_cast<size_t>(end); ++t)
                if (m_observers[t] && m_added[t] == 0)
                    add(t, {});
        });
    }

protected:
    [[nodiscard]] virtual bool wantsTails(size_t) const { return true; }
    void add(size_t tap, std::span<const TensorView> values)
    {
        std::vector<const BatchObservation *> seen;
        for (const BatchObservation &part : m_parts[tap])
            if (part.count > 0)
                seen.push_back(&part);
        m_added[tap] = 1;
        if (seen.empty())
            return;
        const ObservationScope scope = m_observers[tap]->scope(countOf(seen), wantsTails(tap));
        m_observers[tap]->add(joinObservations(seen, scope), values);
        m_parts[tap].clear();
    }

private:
    static int64_t countOf(const std::vector<const BatchObservation *> &parts)
    {
        int64_t count = 0;
        for (const BatchObservation *part : parts)
            count += part->count;
        return count;
    }

    Observers &m_observers;
    std::vector<std::vector<BatchObservation>> m_parts; ///< by tap, then shard
    std::vector<char> m_added;                          ///< by tap
};

/// The last batch: each tap's parameters follow as soon as its values are there, because the log-int-softmax of this very
/// pass needs the scale of its scores.
class Deriver final : public Collector {
public:
    Deriver(const Graph &graph, Observers &observers, int shards, const std::vector<TapSetting> &settings,
            const ExecutionMode &mode)
        : Collector(observers, shards), m_graph(graph), m_observers(observers), m_settings(settings), m_kernels(mode.kernels)
    {
    }
    bool wants(int tap) const override
    {
        // What an integer softmax yields in this pass is no sample of the distribution; its parameters are its bits.
        return Collector::wants(tap)
            && m_kernels[static_cast<size_t>(m_graph.taps[static_cast<size_t>(tap)].node)] != NodeKernel::LogIntSoftmax;
    }
    bool gathers(int tap) const override
    {
        return m_settings[static_cast<size_t>(tap)].isQuantized() || Collector::gathers(tap);
    }
    void gather(int tap, std::span<const TensorView> parts, ExecutionMode &mode) override
    {
        const auto t = static_cast<size_t>(tap);
        add(t, parts);
        if (!m_settings[t].isQuantized() || m_error)
            return;
        auto parameters = deriveFromParts(m_settings[t], *m_observers[t], parts, m_graph.taps[t].path);
        if (parameters) {
            mode.parameters[t] = std::move(*parameters);
            keepSoftmaxFinite(t, mode);
        } else {
            m_error = parameters.error();
            m_stop.cancel();
        }
    }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    [[nodiscard]] const CancelToken &stop() const { return m_stop; }

protected:
    [[nodiscard]] bool wantsTails(size_t tap) const override
    {
        return m_settings[tap].observer == ObserverKind::Percentile;
    }

private:
    /// An integer softmax that has no steps at its scores' scale gives NaN when evaluated, which counts against it there; in
    /// this pass it would leave all further taps without parameters, so here the float one stands in.
    void keepSoftmaxFinite(size_t scores, ExecutionMode &mode) const
    {
        for (size_t n = 0; n < m_graph.nodes.size(); ++n) {
            const Node &node = m_graph.nodes[n];
            if (m_kernels[n] != NodeKernel::LogIntSoftmax
                || m_graph.outputTap(node.inputs[0]) != static_cast<int>(scores))
                continue;
            const auto own = static_cast<size_t>(m_graph.outputTap(static_cast<int>(n)));
            if (!hasIntegerSoftmaxSteps(mode.parameters[scores].scale[0], mode.parameters[own].arithmetic))
                mode.kernels[n] = NodeKernel::Float;
        }
    }

    const Graph &m_graph;
    Observers &m_observers;
    const std::vector<TapSetting> &m_settings;
    std::vector<NodeKernel> m_kernels;
    std::optional<Error> m_error;
    CancelToken m_stop;
};

} // namespace

Calibration::Calibration(const Executor &executor, const Model &model, ObservationNeeds needs)
    : m_needs(std::move(needs)), m_observers(observersFor(model.graph, m_needs)), m_weights(model.graph.taps.size())
{
    for (size_t t = 0; t < m_weights.size(); ++t)
        if (model.graph.taps[t].kind == TapKind::Weight)
            m_weights[t] = tensorStatistics(executor.parameter(model.graph.taps[t].parameter), true);
}

Result<void> Calibration::add(Executor &executor, const Model &model, ImageBatch batch, const CancelToken &cancel)
{
    if (!batch.indices.empty() && !m_lastBatch.indices.empty()) {
        ExecutionMode mode = ExecutionMode::floatMode(model.graph);
        const auto images = static_cast<int>(m_lastBatch.indices.size());
        Observers before(m_observers.size()); // of those that learn of values during the run
        for (size_t t = 0; t < m_observers.size(); ++t)
            if (m_observers[t] && m_observers[t]->needsValues())
                before[t] = m_observers[t];
        Collector collector(m_observers, executor.shards(images));
        const auto run = executor.runShards(m_lastBatch.pixels, images, mode, collector, cancel);
        if (!run) {
            for (size_t t = 0; t < m_observers.size(); ++t)
                if (before[t])
                    m_observers[t] = std::move(before[t]);
            return fail(run.error());
        }
        collector.finish();
        m_batchImages.push_back(images);
    }
    m_failures.insert(m_failures.end(), batch.failures.begin(), batch.failures.end());
    if (!batch.indices.empty())
        m_observed = m_seen;
    m_seen += static_cast<int64_t>(batch.indices.size() + batch.failures.size());
    if (!batch.indices.empty())
        m_lastBatch = std::move(batch);
    return {};
}

Result<Calibration> Calibration::collect(Executor &executor, const Model &model, const ImageSet &set,
                                         const PassOptions &options, ObservationNeeds needs,
                                         const RunControl &control, const CalibrationWatcher &watcher,
                                         std::optional<Calibration> begun, const CalibrationSnapshot &snapshot)
{
    PhaseReporter reporter(control, "calibrate", static_cast<int64_t>(set.items.size()));
    Calibration calibration = begun ? std::move(*begun) : Calibration(executor, model, std::move(needs));
    const double secondsBefore = calibration.m_seconds;
    const int64_t before = calibration.m_seen;
    ImageSet rest = set;
    rest.items.erase(rest.items.begin(), rest.items.begin() + static_cast<ptrdiff_t>(before));
    if (before > 0)
        reporter.advance(before);
    auto loader = startLoading(rest, options, options.batch, control);
    if (!loader)
        return fail(loader.error());
    std::chrono::steady_clock::time_point nextWatch;
    SnapshotPacer pacer(reporter);
    while (auto batch = (*loader)->next()) {
        const auto seen = static_cast<int64_t>(batch->indices.size() + batch->failures.size());
        for (ImageFailure &failure : batch->failures)
            failure.image += static_cast<int>(before);
        const auto added = calibration.add(executor, model, std::move(*batch), control.cancel);
        if (!added && added.error().code == ErrorCode::Cancelled)
            break;
        if (!added)
            return fail(added.error());
        reporter.advance(seen);
        calibration.m_seconds = secondsBefore + reporter.seconds();
        if (snapshot && !calibration.m_batchImages.empty())
            pacer.offer([&] { snapshot(calibration.state()); });
        const auto now = std::chrono::steady_clock::now();
        if (watcher && !calibration.m_batchImages.empty() && now >= nextWatch) {
            watcher(calibration.history());
            nextWatch = now + kWatchInterval;
        }
    }
    calibration.m_seconds = secondsBefore + reporter.seconds();
    calibration.m_complete = !control.isCancelled();
    if (calibration.m_complete && calibration.m_lastBatch.indices.empty())
        return fail(ErrorCode::BadInput,
                    "no calibration image could be decoded"
                        + (calibration.m_failures.empty() ? std::string()
                                                          : "; the first: " + calibration.m_failures.front().reason),
                    set.root);
    return calibration;
}

std::shared_ptr<const CalibrationState> Calibration::state() const
{
    if (m_batchImages.empty())
        return nullptr;
    auto state = std::make_shared<CalibrationState>();
    state->seen = m_observed;
    state->seconds = m_seconds;
    state->batchImages = m_batchImages;
    for (const ImageFailure &failure : m_failures)
        if (failure.image < m_observed)
            state->failures.push_back(failure);
    state->taps.resize(m_observers.size());
    for (size_t t = 0; t < m_observers.size(); ++t)
        if (m_observers[t])
            state->taps[t] = m_observers[t]->state();
    return state;
}

std::optional<Calibration> Calibration::restored(const Executor &executor, const Model &model, ObservationNeeds needs,
                                                 const CalibrationState &state)
{
    Calibration calibration(executor, model, std::move(needs));
    if (state.taps.size() != calibration.m_observers.size() || state.batchImages.empty())
        return {};
    for (size_t t = 0; t < state.taps.size(); ++t)
        if (calibration.m_observers[t]
            && (state.taps[t].batches != static_cast<int>(state.batchImages.size())
                || !calibration.m_observers[t]->restore(state.taps[t])))
            return {};
    calibration.m_batchImages = state.batchImages;
    calibration.m_failures = state.failures;
    calibration.m_seen = state.seen;
    calibration.m_observed = state.seen;
    calibration.m_seconds = state.seconds;
    calibration.m_complete = false;
    return calibration;
}

Result<CalibratedTaps> Calibration::derive(Executor &executor, const Model &model,
                                           const std::vector<TapSetting> &settings, const CancelToken &cancel) const
{
    const Graph &graph = model.graph;
    for (size_t t = 0; t < settings.size(); ++t)
        if (settings[t].isQuantized() && graph.taps[t].kind != TapKind::Weight && !m_observers[t])
            return fail(ErrorCode::BadInput, "it was not observed in this calibration", graph.taps[t].path,
                        "calibrate again");
    Observers observers = m_observers;
    ExecutionMode mode = ExecutionMode::floatMode(graph);
    const ExecutionMode quantized = ExecutionMode::quantizedMode(graph, settings);
    for (size_t n = 0; n < graph.nodes.size(); ++n)
        if (quantized.kernels[n] == NodeKernel::LogIntSoftmax) {
            const auto own = static_cast<size_t>(graph.outputTap(static_cast<int>(n)));
            mode.kernels[n] = NodeKernel::LogIntSoftmax;
            mode.parameters[own].kind = QuantizerKind::LogIntSoftmax;
            mode.parameters[own].bits = settings[own].bits;
            mode.parameters[own].arithmetic = settings[own].arithmetic;
        }
    const auto images = static_cast<int>(m_lastBatch.indices.size());
    Deriver deriver(graph, observers, executor.shards(images), settings, mode);
    if (cancel.isCancelled())
        return fail(ErrorCode::Cancelled, "stopped on request");
    const auto run = executor.runShards(m_lastBatch.pixels, images, mode, deriver, deriver.stop());
    if (deriver.error())
        return fail(*deriver.error());
    if (!run)
        return fail(run.error());
    deriver.finish();

    CalibratedTaps taps;
    taps.parameters = std::move(mode.parameters);
    std::vector<int> batchImages = m_batchImages;
    batchImages.push_back(static_cast<int>(m_lastBatch.indices.size()));
    taps.history = historyOf(observers, batchImages);
    taps.statistics.resize(graph.taps.size());
    for (size_t t = 0; t < graph.taps.size(); ++t) {
        const Tap &tap = graph.taps[t];
        if (observers[t])
            taps.statistics[t] = observers[t]->statistics();
        if (tap.kind != TapKind::Weight)
            continue;
        taps.statistics[t] = m_weights[t];
        if (!settings[t].isQuantized())
            continue;
        auto parameters = deriveWeightParameters(settings[t], executor.parameter(tap.parameter), m_weights[t], tap.path);
        if (!parameters)
            return fail(parameters.error());
        taps.parameters[t] = std::move(*parameters);
    }
    return taps;
}

std::vector<TapStatistics> Calibration::statistics() const
{
    std::vector<TapStatistics> statistics = m_weights;
    for (size_t t = 0; t < m_observers.size(); ++t)
        if (m_observers[t])
            statistics[t] = m_observers[t]->statistics();
    return statistics;
}

} // namespace quantoscope
