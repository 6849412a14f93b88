// SPDX-License-Identifier: GPL-3.0-or-later
// Weights and activations: dead, repeated or extreme channels.
#include "core/pipeline/preflight_checks.h"

#include "core/quantization/tap_observer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <unordered_set>

namespace quantoscope::preflight {

namespace {

constexpr float kDeadGamma = 1e-6F;
constexpr float kDeadShare = 1e-6F;      ///< of the tap's widest channel
constexpr double kExtremeWeights = 20;   ///< largest row over the median row of a weight
/// Widest channel over the median channel at a LayerNorm's input: with one scale the median one loses two bits.
constexpr double kExtremeLayerNorm = 4;

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Names with counts, and their sum.
struct Tally {
    std::vector<std::string> names;
    int64_t channels = 0;
    void add(const std::string &name, int64_t count)
    {
        if (count == 0)
            return;
        channels += count;
        names.push_back(fmt::format("{}: {}", name, count));
    }
};

/// The largest ratio of widest to median channel, and where.
struct Extreme {
    std::string name;
    double ratio = 0;
    int64_t beyond = 0; ///< taps beyond the limit
    void see(const std::string &where, const std::vector<double> &widths, double limit)
    {
        const double middle = widths.empty() ? 0 : median(widths);
        if (middle <= 0)
            return;
        const double found = *std::max_element(widths.begin(), widths.end()) / middle;
        beyond += found > limit;
        if (found > ratio) {
            ratio = found;
            name = where;
        }
    }
};

struct WeightTally {
    Tally dead;
    Tally repeated;
    Extreme extreme;
};

void tallyWeight(const TensorView &weight, const std::string &tap, WeightTally &tally)
{
    const int64_t rows = weight.shape.front();
    const int64_t length = weight.elements() / std::max<int64_t>(rows, 1);
    int64_t dead = 0;
    int64_t repeated = 0;
    std::vector<double> widths;
    std::unordered_set<std::string_view> seen;
    for (int64_t r = 0; r < rows; ++r) {
        const float *row = weight.data + r * length;
        const auto [low, high] = std::minmax_element(row, row + length);
        if (*low == *high && (length > 1 || *low == 0)) {
            ++dead;
            continue;
        }
        widths.push_back(static_cast<double>(std::max(-*low, *high)));
        repeated += !seen.emplace(reinterpret_cast<const char *>(row), static_cast<size_t>(length) * sizeof(float)).second;
    }
    tally.dead.add(tap, dead);
    tally.repeated.add(tap, repeated);
    tally.extreme.see(tap, widths, kExtremeWeights);
}

class Watcher final : public TapVisitor {
public:
    explicit Watcher(const Graph &graph) : m_observers(graph.taps.size())
    {
        for (size_t t = 0; t < graph.taps.size(); ++t) {
            const Tap &tap = graph.taps[t];
            const Node &node = graph.nodes[static_cast<size_t>(tap.node)];
            if (tap.kind == TapKind::Activation && !isView(node.op) && node.op != Operator::Input)
                m_observers[t].emplace(tap.channels, node.shape.size() == 3);
        }
    }
    bool wants(int tap) const override { return m_observers[static_cast<size_t>(tap)].has_value(); }
    void visit(int tap, const TensorView &value, ExecutionMode &) override
    {
        m_observers[static_cast<size_t>(tap)]->update(value, false);
    }
    [[nodiscard]] const TapStatistics *statistics(size_t tap) const
    {
        return m_observers[tap] ? &m_observers[tap]->statistics() : nullptr;
    }

private:
    std::vector<std::optional<TapObserver>> m_observers;
};

} // namespace

void checkWeights(const PreflightInput &input, PreflightReport &report)
{
    WeightTally tally;
    Tally gammas;
    const Graph &graph = input.model.graph;
    for (const Tap &tap : graph.taps)
        if (tap.kind == TapKind::Weight)
            tallyWeight(input.executor.parameter(tap.parameter), tap.path, tally);
    for (const Node &node : graph.nodes) {
        if (node.op != Operator::LayerNorm)
            continue;
        const TensorView gamma = input.executor.parameter(node.parameters.front());
        gammas.add(node.path, std::count_if(gamma.data, gamma.data + gamma.elements(),
                                            [](float g) { return std::abs(g) < kDeadGamma; }));
    }
    const auto note = [&](const char *id, const Tally &found) {
        add(report, Severity::Note, id,
            {FindingValue::ofCount("count", found.channels), listValue("where", found.names)});
    };
    if (tally.dead.channels > 0)
        note("weights.dead", tally.dead);
    if (gammas.channels > 0)
        note("weights.dead_gamma", gammas);
    if (tally.repeated.channels > 0)
        note("weights.repeated", tally.repeated);
    if (tally.extreme.beyond > 0)
        add(report, Severity::Note, "weights.extreme",
            {FindingValue::ofCount("count", tally.extreme.beyond), FindingValue::ofText("where", tally.extreme.name),
             FindingValue::ofDecimal("ratio", tally.extreme.ratio, 1)});
    if (tally.dead.channels + gammas.channels + tally.repeated.channels + tally.extreme.beyond == 0)
        add(report, Severity::Ok, "weights.sound",
            {FindingValue::ofCount("parameters", input.model.info.parameters),
             FindingValue::ofDecimal("ratio", tally.extreme.ratio, 1)});
}

Result<void> checkActivations(const PreflightInput &input, const RunControl &control, PhaseReporter &reporter,
                              PreflightReport &report)
{
    ImageSet some = input.images;
    some.items.clear();
    for (const size_t row : spreadRows(input.images.items.size(), kActivationImages))
        some.items.push_back(input.images.items[row]);
    auto loader = startLoading(some, input.options, kActivationImages / 2, control);
    if (!loader)
        return fail(loader.error());
    const Graph &graph = input.model.graph;
    Watcher watcher(graph);
    int64_t images = 0;
    while (auto batch = (*loader)->next()) {
        if (!batch->indices.empty()) {
            ExecutionMode mode = ExecutionMode::floatMode(graph);
            const auto run = input.executor.run(batch->pixels, static_cast<int>(batch->indices.size()), mode, &watcher,
                                                control.cancel);
            if (!run)
                return fail(run.error());
        }
        images += static_cast<int64_t>(batch->indices.size());
        reporter.advance(static_cast<int64_t>(batch->indices.size() + batch->failures.size()));
    }
    if (control.isCancelled())
        return fail(ErrorCode::Cancelled, "stopped on request");
    if (some.items.size() < kActivationImages)
        reporter.advance(kActivationImages - static_cast<int64_t>(some.items.size()));

    Tally dead;
    Extreme layerNorm;
    for (size_t t = 0; t < graph.taps.size() && images > 0; ++t) {
        const TapStatistics *seen = watcher.statistics(t);
        if (!seen)
            continue;
        std::vector<double> widths;
        for (size_t c = 0; c < seen->channelMinimum.size(); ++c)
            widths.push_back(static_cast<double>(seen->channelMaximum[c]) - static_cast<double>(seen->channelMinimum[c]));
        const double widest = *std::max_element(widths.begin(), widths.end());
        dead.add(graph.taps[t].path, std::count_if(widths.begin(), widths.end(), [&](double width) {
                     return width <= static_cast<double>(kDeadShare) * widest;
                 }));
        if (graph.taps[t].feedsLayerNorm)
            layerNorm.see(graph.taps[t].path, widths, kExtremeLayerNorm);
    }
    if (dead.channels > 0)
        add(report, Severity::Note, "activations.dead",
            {FindingValue::ofCount("count", dead.channels), listValue("where", dead.names),
             FindingValue::ofCount("images", images)});
    else if (images > 0)
        add(report, Severity::Ok, "activations.alive", {FindingValue::ofCount("images", images)});
    if (layerNorm.ratio <= 0)
        return {};
    const std::vector<FindingValue> values
        = {FindingValue::ofText("where", layerNorm.name), FindingValue::ofDecimal("ratio", layerNorm.ratio, 1),
           FindingValue::ofCount("count", layerNorm.beyond), FindingValue::ofCount("images", images)};
    const bool extreme = layerNorm.beyond > 0;
    const bool helped = input.request.quantize && input.request.quantization.ptf;
    add(report, extreme && !helped ? Severity::Note : Severity::Ok,
        extreme ? (helped ? "activations.layer_norm_ptf" : "activations.layer_norm_extreme")
                : "activations.layer_norm_even",
        values);
    return {};
}

} // namespace quantoscope::preflight
