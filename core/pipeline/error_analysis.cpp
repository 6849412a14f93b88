// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/error_analysis.h"

#include "core/analysis/error_sums.h"
#include "core/data/channel_axis.h"
#include "core/data/token_order.h"
#include "core/quantization/code_usage.h"
#include "core/quantization/fake_quantize.h"
#include "core/quantization/log_int_softmax.h"

namespace quantoscope {

namespace {

constexpr int kBatch = 4;

struct TapSums {
    ErrorSums isolated;
    ErrorSums network;
    ErrorSums cumulative;
    RoundingError rounding;
    CodeUsage codes;
    RowSums rows;
};

/// Views are compared where they have a quantizer; elsewhere they hold what another tap's values are.
bool isCompared(const Graph &graph, const ExecutionMode &quantized, int tap)
{
    const auto t = static_cast<size_t>(tap);
    return quantized.quantize[t] || !isView(graph.nodes[static_cast<size_t>(graph.taps[t].node)].op);
}

/// Float pass: keeps the batch's values and measures each tap's own quantizer on them.
class FloatPass final : public TapVisitor {
public:
    FloatPass(const Graph &graph, const ExecutionMode &quantized, std::vector<TapSums> &sums)
        : m_graph(graph), m_quantized(quantized), m_sums(sums), m_values(graph.taps.size())
    {
    }
    bool wants(int tap) const override { return isCompared(m_graph, m_quantized, tap); }
    void visit(int tap, const TensorView &value, ExecutionMode &) override
    {
        const auto t = static_cast<size_t>(tap);
        m_values[t].assign(value.data, value.data + value.elements());
        const int node = m_graph.taps[t].node;
        const NodeKernel kernel = m_quantized.kernels[static_cast<size_t>(node)];
        const QuantizerParameters &parameters = m_quantized.parameters[t];
        const int64_t run = scaleRun(m_graph, m_graph.taps[t], parameters.scale.size());
        if (kernel == NodeKernel::LogIntSoftmax) {
            integerSoftmax(m_graph.nodes[static_cast<size_t>(node)], value, parameters);
        } else if (m_quantized.quantize[t]) {
            m_scratch.resize(m_values[t].size());
            fakeQuantize(parameters, value.data, m_scratch.data(), value.elements(), run);
        } else {
            return;
        }
        const ErrorAxes axes = ErrorAxes::ofActivation(value.shape, m_graph.nodes[static_cast<size_t>(node)].windows);
        m_sums[t].isolated.add(axes, value.data, m_scratch.data(), value.elements() / axes.perImage());
        m_sums[t].codes.add(parameters, m_scratch.data(), value.elements(), run);
        if (m_graph.taps[t].role == Role::AttentionWeights)
            addRowSums(m_sums[t].rows, m_scratch.data(), value.elements() / value.shape.back(), value.shape.back());
        const RoundingError rounding = roundingError(parameters, value.data, m_scratch.data(), value.elements(), run);
        m_sums[t].rounding.squared += rounding.squared;
        m_sums[t].rounding.clippedSquared += rounding.clippedSquared;
        m_sums[t].rounding.clipped += rounding.clipped;
    }
    [[nodiscard]] const std::vector<float> &values(int tap) const { return m_values[static_cast<size_t>(tap)]; }

private:
    /// The kernel's output for the float scores, into m_scratch.
    void integerSoftmax(const Node &softmax, const TensorView &value, const QuantizerParameters &own)
    {
        const auto scores = static_cast<size_t>(m_graph.outputTap(softmax.inputs[0]));
        const std::vector<float> mask = shiftMask(softmax); // [windows, n, n]
        const int64_t length = value.shape.back();
        const int64_t plane = length * length;
        const int64_t heads = softmax.shape.front();
        m_scratch = m_values[scores];
        for (size_t i = 0; !mask.empty() && i < m_scratch.size(); ++i) {
            const auto place = static_cast<int64_t>(i);
            const int64_t window = place / (plane * heads) % softmax.windows;
            m_scratch[i] += mask[static_cast<size_t>(window * plane + place % plane)];
        }
        logIntSoftmax(m_scratch.data(), m_scratch.data(), value.elements() / length, length,
                      m_quantized.parameters[scores].scale[0], own.bits, own.arithmetic);
    }

    const Graph &m_graph;
    const ExecutionMode &m_quantized;
    std::vector<TapSums> &m_sums;
    std::vector<std::vector<float>> m_values;
    std::vector<float> m_scratch;
};

class QuantizedPass final : public TapVisitor {
public:
    QuantizedPass(const Graph &graph, const FloatPass &reference, std::vector<TapSums> &sums)
        : m_graph(graph), m_reference(reference), m_sums(sums)
    {
    }
    bool wants(int tap) const override { return m_reference.wants(tap); }
    void visit(int tap, const TensorView &value, ExecutionMode &) override
    {
        compare(m_sums[static_cast<size_t>(tap)].network, tap, value);
    }
    bool wantsResult(int) const override { return true; }
    void visitResult(int tap, const TensorView &value) override
    {
        compare(m_sums[static_cast<size_t>(tap)].cumulative, tap, value);
    }

private:
    void compare(ErrorSums &sums, int tap, const TensorView &value) const
    {
        const int node = m_graph.taps[static_cast<size_t>(tap)].node;
        const ErrorAxes axes = ErrorAxes::ofActivation(value.shape, m_graph.nodes[static_cast<size_t>(node)].windows);
        sums.add(axes, m_reference.values(tap).data(), value.data, value.elements() / axes.perImage());
    }

    const Graph &m_graph;
    const FloatPass &m_reference;
    std::vector<TapSums> &m_sums;
};

void analyzeWeight(const Executor &executor, const Graph &graph, const Tap &tap, const QuantizerParameters &parameters,
                   TapError &error)
{
    const TensorView weight = executor.parameter(tap.parameter);
    const int64_t run = scaleRun(graph, tap, parameters.scale.size());
    std::vector<float> rounded(static_cast<size_t>(weight.elements()));
    fakeQuantize(parameters, weight.data, rounded.data(), weight.elements(), run);
    ErrorSums sums;
    sums.add(ErrorAxes::ofWeight(weight.shape), weight.data, rounded.data(), 1);
    CodeUsage codes;
    codes.add(parameters, rounded.data(), weight.elements(), run);
    const RoundingError rounding = roundingError(parameters, weight.data, rounded.data(), weight.elements(), run);
    error.measured = true;
    error.quantized = true;
    error.isolated = sums.metrics();
    error.channelIsolated = sums.perChannel();
    error.codesUsed = codes.used();
    error.codeEntropyBits = codes.entropyBits();
    error.clippedShare = static_cast<double>(rounding.clipped) / static_cast<double>(weight.elements());
    error.clippingErrorShare = rounding.squared > 0 ? rounding.clippedSquared / rounding.squared : 0;
}

} // namespace

Result<ErrorAnalysis> analyzeErrors(Executor &executor, const Model &model, const ImageSet &set, ExecutionMode &mode,
                                    const PassOptions &options, const RunControl &control)
{
    const Graph &graph = model.graph;
    std::vector<TapSums> sums(graph.taps.size());
    PhaseReporter reporter(control, "analyze", static_cast<int64_t>(set.items.size()));
    auto loader = startLoading(set, options, kBatch, control);
    if (!loader)
        return fail(loader.error());
    ExecutionMode floatMode = ExecutionMode::floatMode(graph);
    FloatPass floatPass(graph, mode, sums);
    QuantizedPass quantizedPass(graph, floatPass, sums);
    ErrorAnalysis analysis;
    while (auto batch = (*loader)->next()) {
        const int images = static_cast<int>(batch->indices.size());
        if (images > 0) {
            auto run = executor.run(batch->pixels, images, floatMode, &floatPass, control.cancel);
            if (run)
                run = executor.run(batch->pixels, images, mode, &quantizedPass, control.cancel);
            if (!run)
                return fail(run.error());
            analysis.images.insert(analysis.images.end(), batch->indices.begin(), batch->indices.end());
        }
        reporter.advance(images + static_cast<int64_t>(batch->failures.size()));
    }
    if (control.isCancelled())
        return fail(ErrorCode::Cancelled, "stopped on request");
    if (analysis.images.empty())
        return fail(ErrorCode::BadInput, "none of the images could be decoded", set.root);

    std::vector<TapError> &errors = analysis.taps;
    errors.resize(graph.taps.size());
    for (size_t t = 0; t < graph.taps.size(); ++t) {
        const Tap &tap = graph.taps[t];
        TapError &error = errors[t];
        if (tap.kind == TapKind::Weight) {
            if (mode.quantize[t])
                analyzeWeight(executor, graph, tap, mode.parameters[t], error);
            continue;
        }
        const int64_t values = sums[t].isolated.values();
        error.quantized = values > 0;
        error.hasCumulative = sums[t].cumulative.values() > 0;
        error.measured = error.quantized || error.hasCumulative;
        if (error.hasCumulative) {
            error.network = sums[t].network.metrics();
            error.cumulative = sums[t].cumulative.metrics();
            error.channelCumulative = sums[t].cumulative.perChannel();
            error.tokenCumulative = sums[t].cumulative.perToken();
            error.imageCumulative = sums[t].cumulative.perImageError();
            error.imageSignal = sums[t].cumulative.perImageSignal();
        }
        if (tap.kind == TapKind::Parameter)
            error.imageCumulative = error.imageSignal = {}; // a batch has it once: there is none per image
        if (!error.quantized)
            continue;
        error.isolated = sums[t].isolated.metrics();
        error.channelIsolated = sums[t].isolated.perChannel();
        error.tokenIsolated = sums[t].isolated.perToken();
        if (tap.kind != TapKind::Parameter) {
            error.imageIsolated = sums[t].isolated.perImageError();
            error.imageSignal = sums[t].isolated.perImageSignal();
        }
        error.rowSums = std::move(sums[t].rows);
        error.codesUsed = sums[t].codes.used();
        error.codeEntropyBits = sums[t].codes.entropyBits();
        const RoundingError &rounding = sums[t].rounding;
        error.clippedShare = static_cast<double>(rounding.clipped) / static_cast<double>(values);
        error.clippingErrorShare = rounding.squared > 0 ? rounding.clippedSquared / rounding.squared : 0;
    }
    return analysis;
}

} // namespace quantoscope
