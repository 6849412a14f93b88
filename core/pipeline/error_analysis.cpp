// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/error_analysis.h"

#include "core/base/parallel.h"
#include "core/quantization/fake_quantize.h"
#include "core/quantization/log_int_softmax.h"

#include <cmath>

namespace quantoscope {

namespace {

constexpr int kBatch = 4;

/// Sums behind ErrorMetrics; per image for the cosine.
class ErrorSums {
public:
    void add(const float *x, const float *y, int64_t images, int64_t perImage)
    {
        for (int64_t i = 0; i < images; ++i, x += perImage, y += perImage)
            addImage(x, y, perImage);
    }
    [[nodiscard]] ErrorMetrics metrics() const
    {
        ErrorMetrics m;
        m.mse = m_values > 0 ? m_error / static_cast<double>(m_values) : 0;
        m.nmse = m_error == 0 ? 0 : m_error / m_power;
        m.sqnrDb = m_error == 0 ? std::numeric_limits<double>::infinity() : 10 * std::log10(m_power / m_error);
        m.cosine = m_images > 0 ? m_cosines / static_cast<double>(m_images) : 1;
        return m;
    }
    [[nodiscard]] int64_t values() const { return m_values; }
    [[nodiscard]] double squaredError() const { return m_error; }

private:
    void addImage(const float *x, const float *y, int64_t n)
    {
        struct Sums {
            double xx = 0, yy = 0, xy = 0, error = 0;
        };
        std::vector<Sums> parts(static_cast<size_t>(parallelThreads()));
        parallelRanges(n, 16384, [&](int64_t begin, int64_t end, int part) {
            Sums s;
            for (int64_t i = begin; i < end; ++i) {
                const auto a = static_cast<double>(x[i]);
                const auto b = static_cast<double>(y[i]);
                s.xx += a * a;
                s.yy += b * b;
                s.xy += a * b;
                s.error += (a - b) * (a - b);
            }
            parts[static_cast<size_t>(part)] = s;
        });
        Sums sum;
        for (const Sums &s : parts) {
            sum.xx += s.xx;
            sum.yy += s.yy;
            sum.xy += s.xy;
            sum.error += s.error;
        }
        const double norm = std::sqrt(sum.xx * sum.yy);
        m_cosines += norm > 0 ? sum.xy / norm : (sum.xx == sum.yy ? 1.0 : 0.0);
        m_power += sum.xx;
        m_error += sum.error;
        m_values += n;
        ++m_images;
    }

    double m_power = 0;
    double m_error = 0;
    double m_cosines = 0;
    int64_t m_values = 0;
    int64_t m_images = 0;
};

struct TapSums {
    ErrorSums isolated;
    ErrorSums cumulative;
    RoundingError rounding;
};

/// Float pass: keeps the batch's values and measures each tap's own quantizer on them.
class FloatPass final : public TapVisitor {
public:
    FloatPass(const Graph &graph, const ExecutionMode &quantized, std::vector<TapSums> &sums)
        : m_graph(graph), m_quantized(quantized), m_sums(sums), m_values(graph.taps.size())
    {
    }
    bool wants(int) const override { return true; }
    void visit(int tap, const TensorView &value, ExecutionMode &) override
    {
        const auto t = static_cast<size_t>(tap);
        m_values[t].assign(value.data, value.data + value.elements());
        const int node = m_graph.taps[t].node;
        const NodeKernel kernel = m_quantized.kernels[static_cast<size_t>(node)];
        const QuantizerParameters &parameters = m_quantized.parameters[t];
        if (kernel == NodeKernel::LogIntSoftmax) {
            const auto scores = static_cast<size_t>(
                m_graph.outputTap(m_graph.nodes[static_cast<size_t>(node)].inputs[0]));
            const int64_t length = value.shape.back();
            m_scratch.resize(m_values[t].size());
            logIntSoftmax(m_values[scores].data(), m_scratch.data(), value.elements() / length, length,
                          m_quantized.parameters[scores].scale[0], parameters.bits);
        } else if (m_quantized.quantize[t]) {
            m_scratch.resize(m_values[t].size());
            fakeQuantize(parameters, value.data, m_scratch.data(), value.elements());
        } else {
            return;
        }
        const int64_t images = value.shape.front();
        m_sums[t].isolated.add(value.data, m_scratch.data(), images, value.elements() / images);
        const RoundingError rounding = roundingError(parameters, value.data, m_scratch.data(), value.elements());
        m_sums[t].rounding.squared += rounding.squared;
        m_sums[t].rounding.clippedSquared += rounding.clippedSquared;
        m_sums[t].rounding.clipped += rounding.clipped;
    }
    [[nodiscard]] const std::vector<float> &values(int tap) const { return m_values[static_cast<size_t>(tap)]; }

private:
    const Graph &m_graph;
    const ExecutionMode &m_quantized;
    std::vector<TapSums> &m_sums;
    std::vector<std::vector<float>> m_values;
    std::vector<float> m_scratch;
};

class QuantizedPass final : public TapVisitor {
public:
    QuantizedPass(const FloatPass &reference, std::vector<TapSums> &sums) : m_reference(reference), m_sums(sums) {}
    bool wants(int) const override { return true; }
    void visit(int, const TensorView &, ExecutionMode &) override {}
    void visitResult(int tap, const TensorView &value) override
    {
        const int64_t images = value.shape.front();
        m_sums[static_cast<size_t>(tap)].cumulative.add(m_reference.values(tap).data(), value.data, images,
                                                        value.elements() / images);
    }

private:
    const FloatPass &m_reference;
    std::vector<TapSums> &m_sums;
};

void analyzeWeight(const Executor &executor, const Tap &tap, const QuantizerParameters &parameters, TapError &error)
{
    const TensorView weight = executor.parameter(tap.parameter);
    const int64_t inner = parameters.scale.size() > 1 ? weight.elements() / weight.shape.front() : 1;
    std::vector<float> rounded(static_cast<size_t>(weight.elements()));
    fakeQuantize(parameters, weight.data, rounded.data(), weight.elements(), inner);
    ErrorSums sums;
    sums.add(weight.data, rounded.data(), 1, weight.elements());
    const RoundingError rounding = roundingError(parameters, weight.data, rounded.data(), weight.elements(), inner);
    error.measured = true;
    error.quantized = true;
    error.isolated = sums.metrics();
    error.clippedShare = static_cast<double>(rounding.clipped) / static_cast<double>(weight.elements());
    error.clippingErrorShare = rounding.squared > 0 ? rounding.clippedSquared / rounding.squared : 0;
}

} // namespace

Result<std::vector<TapError>> analyzeErrors(Executor &executor, const Model &model, const ImageSet &set,
                                            ExecutionMode &mode, const PassOptions &options, const RunControl &control)
{
    const Graph &graph = model.graph;
    std::vector<TapSums> sums(graph.taps.size());
    PhaseReporter reporter(control, "analyze", static_cast<int64_t>(set.items.size()));
    auto loader = startLoading(set, options, kBatch, control);
    if (!loader)
        return fail(loader.error());
    ExecutionMode floatMode = ExecutionMode::floatMode(graph);
    FloatPass floatPass(graph, mode, sums);
    QuantizedPass quantizedPass(floatPass, sums);
    int64_t analysed = 0;
    while (auto batch = (*loader)->next()) {
        const int images = static_cast<int>(batch->indices.size());
        if (images > 0) {
            auto run = executor.run(batch->pixels, images, floatMode, &floatPass, control.cancel);
            if (run)
                run = executor.run(batch->pixels, images, mode, &quantizedPass, control.cancel);
            if (!run)
                return fail(run.error());
            analysed += images;
        }
        reporter.advance(images + static_cast<int64_t>(batch->failures.size()));
    }
    if (control.isCancelled())
        return fail(ErrorCode::Cancelled, "stopped on request");
    if (analysed == 0)
        return fail(ErrorCode::BadInput, "none of the images could be decoded", set.root);

    std::vector<TapError> errors(graph.taps.size());
    for (size_t t = 0; t < graph.taps.size(); ++t) {
        const Tap &tap = graph.taps[t];
        TapError &error = errors[t];
        if (tap.kind == TapKind::Weight) {
            if (mode.quantize[t])
                analyzeWeight(executor, tap, mode.parameters[t], error);
            continue;
        }
        const int64_t values = sums[t].isolated.values();
        error.quantized = values > 0;
        error.hasCumulative = sums[t].cumulative.values() > 0;
        error.measured = error.quantized || error.hasCumulative;
        error.cumulative = sums[t].cumulative.metrics();
        if (!error.quantized)
            continue;
        error.isolated = sums[t].isolated.metrics();
        const RoundingError &rounding = sums[t].rounding;
        error.clippedShare = static_cast<double>(rounding.clipped) / static_cast<double>(values);
        error.clippingErrorShare = rounding.squared > 0 ? rounding.clippedSquared / rounding.squared : 0;
    }
    return errors;
}

} // namespace quantoscope
