// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/gradient_capture.h"

#include "core/data/channel_axis.h"
#include "core/quantization/fake_quantize.h"
#include "core/tensor/operators.h"
#include "core/tensor/torch_guard.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace quantoscope {

namespace {

constexpr int kSubBatch = 4; // of the published program; its noise gradients depend on it, nothing else does

void append(std::vector<float> &values, const at::Tensor &tensor)
{
    const at::Tensor plain = tensor.detach().contiguous();
    const float *data = plain.data_ptr<float>();
    values.insert(values.end(), data, data + plain.numel());
}

/// Values of one forward pass; a product's gradient belongs to its output before a quantizer changed it.
struct Pass {
    std::vector<at::Tensor> values;
    std::vector<at::Tensor> products;
};

class Capture {
public:
    Capture(const Executor &executor, const Graph &graph, const CaptureOptions &options)
        : m_graph(graph), m_options(options)
    {
        for (const Node &node : graph.nodes) {
            m_constants.push_back(constantsOf(node, at::kCPU));
            auto &parameters = m_parameters.emplace_back();
            for (const std::string &parameter : node.parameters)
                parameters.push_back(tensorOf(executor.parameter(parameter)));
        }
    }

    /// Adds these images' share to every product. `firstImage` counts over all images.
    void add(const at::Tensor &pixels, int64_t firstImage, std::vector<CapturedProduct> &products) const
    {
        const at::AutoGradMode mode(m_options.gradients);
        Pass pass = forward(pixels, m_options.soFar, m_options.gradients);
        for (CapturedProduct &product : products)
            addOperands(product, pass.values);
        if (!m_options.gradients)
            return;
        const auto output = static_cast<size_t>(m_graph.output);
        const at::Tensor plain = m_options.soFar ? floatLogits(pixels) : pass.values[output].detach();
        if (m_options.loss == SearchLoss::Published && !m_options.soFar)
            pass = forward(pixels, m_options.quantized, true);
        lossOf(pass.values[output], plain, firstImage).backward();
        for (CapturedProduct &product : products)
            addGradient(product, pass.products[static_cast<size_t>(product.node)]);
    }

private:
    [[nodiscard]] at::Tensor floatLogits(const at::Tensor &pixels) const
    {
        const at::NoGradGuard guard;
        return forward(pixels, nullptr, false).values[static_cast<size_t>(m_graph.output)];
    }

    [[nodiscard]] Pass forward(const at::Tensor &pixels, const ExecutionMode *quantized, bool gradients) const
    {
        Pass pass{std::vector<at::Tensor>(m_graph.nodes.size()), std::vector<at::Tensor>(m_graph.nodes.size())};
        for (size_t n = 0; n < m_graph.nodes.size(); ++n) {
            const Node &node = m_graph.nodes[n];
            at::Tensor value;
            if (node.op == Operator::Input) {
                value = pixels.detach();
                value.set_requires_grad(gradients);
            } else {
                std::vector<at::Tensor> inputs;
                for (const int input : node.inputs)
                    inputs.push_back(pass.values[static_cast<size_t>(input)]);
                value = applyOperator(node, inputs, parametersOf(n, quantized), m_constants[n]);
            }
            if (gradients && isProduct(node.op)) {
                value.retain_grad();
                pass.products[n] = value;
            }
            pass.values[n] = quantizedValue(m_graph.outputTap(static_cast<int>(n)), value, quantized);
        }
        return pass;
    }

    [[nodiscard]] std::vector<at::Tensor> parametersOf(size_t n, const ExecutionMode *quantized) const
    {
        std::vector<at::Tensor> parameters = m_parameters[n];
        const int tap = m_graph.weightTap(static_cast<int>(n));
        if (quantized && tap >= 0 && quantized->quantize[static_cast<size_t>(tap)])
            parameters[0] = fakeQuantized(tap, parameters[0], *quantized);
        return parameters;
    }

    [[nodiscard]] at::Tensor fakeQuantized(int tap, const at::Tensor &x, const ExecutionMode &mode) const
    {
        const auto t = static_cast<size_t>(tap);
        const QuantizerParameters &p = mode.parameters[t];
        const at::Tensor in = x.detach().contiguous();
        at::Tensor out = at::empty_like(in);
        fakeQuantize(p, in.data_ptr<float>(), out.data_ptr<float>(), in.numel(),
                     scaleRun(m_graph, m_graph.taps[t], p.scale.size()));
        return out;
    }

    /// The quantized value, with the gradient passed straight through.
    [[nodiscard]] at::Tensor quantizedValue(int tap, const at::Tensor &value, const ExecutionMode *quantized) const
    {
        if (!quantized || tap < 0 || !quantized->quantize[static_cast<size_t>(tap)])
            return value;
        return value + (fakeQuantized(tap, value, *quantized) - value.detach());
    }

    /// Whose gradient at the logits weights the products. `plain`: logits of the float network.
    [[nodiscard]] at::Tensor lossOf(const at::Tensor &logits, const at::Tensor &plain, int64_t firstImage) const
    {
        const at::Tensor own = at::log_softmax(logits, -1);
        const at::Tensor wanted = at::log_softmax(plain, -1);
        const at::Tensor probability = wanted.exp();
        if (m_options.loss == SearchLoss::Fisher)
            return -own.gather(1, drawnLabels(probability, firstImage)).sum();
        if (m_options.loss == SearchLoss::Published)
            return (probability * (wanted - own)).sum();
        // The target differs from the float network's prediction by what rounding leaves of it.
        at::Tensor target = probability.clone();
        float *p = target.data_ptr<float>();
        std::mt19937_64 random(m_options.seed + static_cast<uint64_t>(firstImage));
        for (int64_t i = 0; i < target.numel(); ++i)
            p[i] += (random() & 1U ? p[i] : -p[i]) * std::numeric_limits<float>::epsilon() / 2;
        return (target * (target.log() - own)).sum() / static_cast<double>(logits.size(0));
    }

    /// One label per image, drawn from the float model's own prediction; the same whatever the sub-batch.
    [[nodiscard]] at::Tensor drawnLabels(const at::Tensor &probability, int64_t firstImage) const
    {
        at::Tensor labels = at::empty({probability.size(0), 1}, at::kLong);
        for (int64_t image = 0; image < probability.size(0); ++image) {
            std::mt19937_64 random(m_options.seed * 0x9E3779B97F4A7C15U + static_cast<uint64_t>(firstImage + image));
            double rest = std::ldexp(static_cast<double>(random() >> 11), -53);
            const float *p = probability[image].data_ptr<float>();
            int64_t label = 0;
            while (label + 1 < probability.size(1) && rest >= static_cast<double>(p[label]))
                rest -= static_cast<double>(p[label++]);
            labels.data_ptr<int64_t>()[image] = label;
        }
        return labels;
    }

    void addOperands(CapturedProduct &product, const std::vector<at::Tensor> &values) const
    {
        const Node &node = m_graph.nodes[static_cast<size_t>(product.node)];
        at::Tensor left = values[static_cast<size_t>(node.inputs[0])];
        if (node.op == Operator::PatchConvolution) {
            const auto kernel = m_parameters[static_cast<size_t>(product.node)][0].sizes();
            left = at::im2col(left, {kernel[2], kernel[3]}, {1, 1}, {0, 0}, {kernel[2], kernel[3]}).transpose(1, 2);
        } else if (left.dim() == 2) {
            left = left.unsqueeze(1); // a single row per image
        }
        extend(product.leftShape, left);
        append(product.left, left);
        if (node.inputs.size() < 2)
            return;
        const at::Tensor &right = values[static_cast<size_t>(node.inputs[1])];
        extend(product.rightShape, right);
        append(product.right, right);
    }

    void addGradient(CapturedProduct &product, const at::Tensor &output) const
    {
        const Node &node = m_graph.nodes[static_cast<size_t>(product.node)];
        at::Tensor gradient = output.grad().defined() ? output.grad() : at::zeros_like(output);
        if (node.op == Operator::MatmulMergeHeads)
            gradient = gradient.unflatten(2, {node.heads, -1}).transpose(1, 2);
        append(product.gradient, gradient);
    }

    /// Counts images in the first extent.
    static void extend(std::vector<int64_t> &shape, const at::Tensor &part)
    {
        if (shape.empty())
            shape = part.sizes().vec();
        else
            shape[0] += part.size(0);
    }

    const Graph &m_graph;
    const CaptureOptions &m_options;
    std::vector<std::vector<at::Tensor>> m_parameters; ///< per node
    std::vector<NodeConstants> m_constants;            ///< per node
};

/// Floats that capturing a product takes per image.
int64_t floatsPerImage(const Graph &graph, const Node &node, bool gradients)
{
    const auto elements = [&](int n) {
        const Node &source = graph.nodes[static_cast<size_t>(n)];
        int64_t count = source.windows;
        for (const int64_t extent : source.shape)
            count *= extent;
        return count;
    };
    int64_t floats = 0;
    for (const int input : node.inputs)
        floats += elements(input);
    int64_t output = node.windows;
    for (const int64_t extent : node.shape)
        output *= extent;
    return floats + (gradients ? output : 0);
}

at::Tensor picturesOf(const Graph &graph, std::span<const float> pixels, int images)
{
    std::vector<int64_t> shape = {images};
    shape.insert(shape.end(), graph.nodes[0].shape.begin(), graph.nodes[0].shape.end());
    return at::from_blob(const_cast<float *>(pixels.data()), shape, at::kFloat);
}

Result<void> fill(std::vector<CapturedProduct> &products, const Capture &capture, const at::Tensor &all, const CancelToken &cancel)
{
    for (int64_t first = 0; first < all.size(0) && !products.empty(); first += kSubBatch) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "stopped on request");
        capture.add(all.slice(0, first, std::min<int64_t>(first + kSubBatch, all.size(0))), first, products);
    }
    return {};
}

} // namespace

bool isProduct(Operator op)
{
    return op == Operator::Linear || op == Operator::PatchConvolution || op == Operator::MatmulTransposed
        || op == Operator::MatmulMergeHeads;
}

Result<void> captureProducts(const Executor &executor, const Model &model, std::span<const float> pixels, int images,
                             const CaptureOptions &options, int64_t bytesLimit,
                             const std::function<Result<void>(const CapturedProduct &)> &done, const CancelToken &cancel)
{
    if (options.gradients && options.loss == SearchLoss::Published && !options.quantized && !options.soFar)
        return fail(ErrorCode::BadInput, "the published loss needs a quantized network", "gradient capture");
    const Graph &graph = model.graph;
    return guardTorch([&]() -> Result<void> {
        const Capture capture(executor, graph, options);
        const at::Tensor all = picturesOf(graph, pixels, images);
        for (size_t next = 0; next < graph.nodes.size();) {
            std::vector<CapturedProduct> products;
            int64_t bytes = 0;
            for (; next < graph.nodes.size(); ++next) {
                const Node &node = graph.nodes[next];
                if (!isProduct(node.op) || (!options.leftOut.empty() && options.leftOut[next]))
                    continue;
                bytes += floatsPerImage(graph, node, options.gradients) * images * static_cast<int64_t>(sizeof(float));
                if (bytes > bytesLimit && !products.empty())
                    break;
                products.emplace_back().node = static_cast<int>(next);
            }
            if (const auto filled = fill(products, capture, all, cancel); !filled)
                return filled;
            for (const CapturedProduct &product : products)
                if (const auto handed = done(product); !handed)
                    return handed;
        }
        return {};
    });
}

Result<CapturedProduct> captureProduct(const Executor &executor, const Model &model, std::span<const float> pixels, int images,
                                       int node, const CaptureOptions &options, const CancelToken &cancel)
{
    return guardTorch([&]() -> Result<CapturedProduct> {
        const Capture capture(executor, model.graph, options);
        std::vector<CapturedProduct> products(1);
        products.front().node = node;
        if (const auto filled = fill(products, capture, picturesOf(model.graph, pixels, images), cancel); !filled)
            return fail(filled.error());
        return std::move(products.front());
    });
}

} // namespace quantoscope
