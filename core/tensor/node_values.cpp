// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/node_values.h"

#include "core/data/channel_axis.h"
#include "core/quantization/fake_quantize.h"
#include "core/quantization/integer_layer_norm.h"
#include "core/tensor/fused_operators.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace quantoscope {

namespace {

/// Whether the operator's value is in memory of its own.
bool isFresh(const Node &node)
{
    return node.op != Operator::Input && node.op != Operator::Parameter && !isView(node.op);
}

} // namespace

void NodeValues::load()
{
    for (const auto &[name, entry] : model->tensors->tensors()) {
        at::Tensor &tensor = stored[name];
        if (tensor.defined())
            continue;
        if (entry.isPlainFloat()) {
            // Read in place from the memory map, which the model keeps alive.
            tensor = at::from_blob(const_cast<std::byte *>(entry.bytes.data()), entry.shape, at::kFloat);
        } else {
            tensor = at::empty(entry.shape, at::kFloat);
            convertToFloat(entry, tensor.data_ptr<float>());
            releasePages(entry);
        }
    }
    for (const auto &[name, tensor] : stored)
        onDevice[name] = device.is_cpu() ? tensor : tensor.to(device);
    prepared.resize(graph().taps.size());
    deviceQuantizers.resize(graph().taps.size());
    deviceNorms.resize(graph().nodes.size());
    deviceSoftmaxes.resize(graph().nodes.size());
    for (size_t n = 0; n < graph().nodes.size(); ++n) {
        outputTap.push_back(graph().outputTap(static_cast<int>(n)));
        weightTap.push_back(graph().weightTap(static_cast<int>(n)));
        constants.push_back(constantsOf(graph().nodes[n], device));
    }
    lives = NodeLives::of(graph());
    for (size_t n = 0; n < graph().nodes.size(); ++n) {
        const std::vector<int> readers = graph().consumers(static_cast<int>(n));
        const bool isCut = std::binary_search(lives.cuts.begin(), lives.cuts.end(), static_cast<int>(n));
        onlyReader.push_back(readers.size() == 1 && !isCut && static_cast<int>(n) != graph().output ? readers[0] : -1);
    }
}

void NodeValues::prepareWeights(const ExecutionMode &mode)
{
    for (size_t n = 0; n < graph().nodes.size(); ++n) {
        if (weightTap[n] < 0 || !mode.quantize[static_cast<size_t>(weightTap[n])])
            continue;
        const QuantizerParameters &p = mode.parameters[static_cast<size_t>(weightTap[n])];
        PreparedWeight &ready = prepared[static_cast<size_t>(weightTap[n])];
        if (ready.tensor.defined() && ready.parameters == p)
            continue;
        const at::Tensor &source = stored.at(graph().nodes[n].parameters[0]);
        at::Tensor out = at::empty_like(source);
        fakeQuantize(p, source.data_ptr<float>(), out.data_ptr<float>(), source.numel(),
                     scaleRun(graph(), graph().taps[static_cast<size_t>(weightTap[n])], p.scale.size()));
        ready = {p, device.is_cpu() ? out : out.to(device)};
    }
}

at::Tensor NodeValues::uploadedImages(std::span<const float> pixels, int images) const
{
    std::vector<int64_t> shape = {images};
    shape.insert(shape.end(), graph().nodes[0].shape.begin(), graph().nodes[0].shape.end());
    const at::Tensor image = at::from_blob(const_cast<float *>(pixels.data()), shape, at::kFloat);
    // Only from pinned memory does a copy run beside the host; LibTorch keeps that memory until the copy is done.
    return device.is_cuda() ? image.pin_memory().to(device, at::kFloat, true) : image.to(device);
}

const at::Tensor &NodeValues::weight(size_t n, const ExecutionMode &mode) const
{
    const auto tap = static_cast<size_t>(weightTap[n]);
    return mode.quantize[tap] ? prepared[tap].tensor : parameterOf(graph().nodes[n], 0);
}

at::Tensor NodeValues::quantized(size_t n, const at::Tensor &x, const ExecutionMode &mode) const
{
    const auto tap = static_cast<size_t>(outputTap[n]);
    if (mode.quantize[tap] == 0)
        return x;
    const QuantizerParameters &p = mode.parameters[tap];
    const int64_t run = scaleRun(graph(), graph().taps[tap], p.scale.size());
    if (!kernels)
        return fakeQuantizeOnDevice(x, deviceQuantizer(tap, p), run);
    const at::Tensor in = x.contiguous();
    at::Tensor out = isFresh(graph().nodes[n]) || !in.is_same(x) ? in : at::empty_like(in);
    fakeQuantize(p, in.data_ptr<float>(), out.data_ptr<float>(), in.numel(), run);
    return out;
}

const std::vector<float> &NodeValues::normInputScale(size_t n, const ExecutionMode &mode) const
{
    const int source = outputTap[static_cast<size_t>(graph().valueSource(graph().nodes[n].inputs[0]))];
    return mode.parameters[static_cast<size_t>(source)].scale;
}

float NodeValues::scoreScale(size_t n, const ExecutionMode &mode) const
{
    const int scores = outputTap[static_cast<size_t>(graph().nodes[n].inputs[0])];
    return mode.parameters[static_cast<size_t>(scores)].scale[0];
}

const DeviceQuantizer &NodeValues::deviceQuantizer(size_t tap, const QuantizerParameters &p) const
{
    if (!deviceQuantizers[tap].isFor(p))
        deviceQuantizers[tap] = DeviceQuantizer(p, device);
    return deviceQuantizers[tap];
}

const DeviceNorm &NodeValues::deviceNorm(size_t n, const ExecutionMode &mode, int64_t channels) const
{
    const std::vector<float> &in = normInputScale(n, mode);
    const float out = mode.parameters[static_cast<size_t>(outputTap[n])].scale[0];
    if (!deviceNorms[n].isFor(in, out))
        deviceNorms[n] = DeviceNorm(in, out, channels, device);
    return deviceNorms[n];
}

const DeviceSoftmax &NodeValues::deviceSoftmax(size_t n, const ExecutionMode &mode) const
{
    const float scale = scoreScale(n, mode);
    const QuantizerParameters &own = mode.parameters[static_cast<size_t>(outputTap[n])];
    if (!deviceSoftmaxes[n].isFor(scale, own.bits, own.arithmetic))
        deviceSoftmaxes[n] = DeviceSoftmax(scale, own.bits, own.arithmetic, device);
    return deviceSoftmaxes[n];
}

at::Tensor NodeValues::integerNorm(size_t n, const at::Tensor &x, const QuantizerParameters *quantizer, const ExecutionMode &mode) const
{
    const Node &node = graph().nodes[n];
    if (!kernels)
        return integerLayerNormOnDevice(x, deviceNorm(n, mode, x.size(-1)), parameterOf(node, 0), parameterOf(node, 1),
                                        rowSums);
    const at::Tensor in = x.contiguous();
    at::Tensor out = at::empty_like(in);
    integerLayerNorm(in.data_ptr<float>(), out.data_ptr<float>(), in.numel() / in.size(-1), in.size(-1),
                     normInputScale(n, mode), mode.parameters[static_cast<size_t>(outputTap[n])].scale[0],
                     stored.at(node.parameters[0]).data_ptr<float>(),
                     stored.at(node.parameters[1]).data_ptr<float>(), quantizer);
    return out;
}

at::Tensor NodeValues::integerSoftmax(size_t n, const at::Tensor &x, bool fresh, const RawScores *raw, const ExecutionMode &mode) const
{
    const QuantizerParameters &own = mode.parameters[static_cast<size_t>(outputTap[n])];
    const bool masked = constants[n].mask.defined();
    const at::Tensor scores = masked ? maskedScores(x, constants[n].mask) : x;
    if (!kernels)
        return logIntSoftmaxOnDevice(scores, deviceSoftmax(n, mode), rowSums);
    const at::Tensor in = scores.contiguous();
    at::Tensor out = masked || fresh ? in : at::empty_like(in);
    const int64_t length = in.size(-1);
    logIntSoftmax(in.data_ptr<float>(), out.data_ptr<float>(), in.numel() / length, length,
                  scoreScale(n, mode), own.bits, own.arithmetic, raw);
    return out;
}

at::Tensor NodeValues::compute(size_t n, std::vector<at::Tensor> &values, const at::Tensor &image, const ExecutionMode &mode) const
{
    const Node &node = graph().nodes[n];
    if (node.op == Operator::Input)
        return image;
    const auto input = [&](size_t i) -> at::Tensor & { return values[static_cast<size_t>(node.inputs[i])]; };
    if (mode.kernels[n] == NodeKernel::IntegerLayerNorm)
        return integerNorm(n, input(0), nullptr, mode);
    if (mode.kernels[n] == NodeKernel::LogIntSoftmax) {
        const auto source = static_cast<size_t>(node.inputs[0]);
        const bool ownMemory = isFresh(graph().nodes[source]) && lives.lastReader[source] == static_cast<int>(n)
            && input(0).use_count() == 1; // not kept for other runs
        return integerSoftmax(n, input(0), ownMemory, nullptr, mode);
    }
    std::vector<at::Tensor> inputs;
    for (size_t i = 0; i < node.inputs.size(); ++i)
        inputs.push_back(input(i));
    std::vector<at::Tensor> parameters;
    for (size_t i = 0; i < node.parameters.size(); ++i)
        parameters.push_back(i == 0 && weightTap[n] >= 0 ? weight(n, mode) : parameterOf(node, i));
    return applyOperator(node, inputs, parameters, constants[n]);
}

bool NodeValues::isDeferred(int n, const ExecutionMode &mode, const OtherReaders &others) const
{
    const auto node = static_cast<size_t>(n);
    const int reader = n < 0 ? -1 : onlyReader[node];
    if (reader < 0 || others.keep(node))
        return false;
    const auto tap = static_cast<size_t>(outputTap[node]);
    const int next = outputTap[static_cast<size_t>(reader)];
    if (!mode.quantize[tap] || !hasFewValues(mode.parameters[tap]) || !isFresh(graph().nodes[node])
        || others.look(outputTap[node]) || others.look(next))
        return false;
    const bool nextRounds = mode.quantize[static_cast<size_t>(next)] != 0;
    if (graph().nodes[static_cast<size_t>(reader)].op == Operator::Gelu)
        return !nextRounds || mode.parameters[static_cast<size_t>(next)].scale.size() <= 1;
    return mode.kernels[static_cast<size_t>(reader)] == NodeKernel::LogIntSoftmax && !nextRounds
        && !constants[static_cast<size_t>(reader)].mask.defined()
        && graph().nodes[node].op == Operator::MatmulTransposed;
}

std::optional<at::Tensor> NodeValues::computeFused(size_t n, std::vector<at::Tensor> &values, const at::Tensor &image,
                                                   const ExecutionMode &mode, const OtherReaders &others) const
{
    const Node &node = graph().nodes[n];
    const auto tap = static_cast<size_t>(outputTap[n]);
    if (!kernels || node.inputs.empty() || others.look(outputTap[n]))
        return {};
    const auto input = [&](size_t i) -> at::Tensor & { return values[static_cast<size_t>(node.inputs[i])]; };
    if (isDeferred(static_cast<int>(n), mode, others))
        return node.op == Operator::MatmulTransposed ? unscaledScores(node, input(0), input(1))
                                                     : compute(n, values, image, mode);
    const QuantizerParameters *const own = mode.quantize[tap] ? &mode.parameters[tap] : nullptr;
    if (isDeferred(node.inputs[0], mode, others)) {
        const Node &source = graph().nodes[static_cast<size_t>(node.inputs[0])];
        const QuantizerParameters &before
            = mode.parameters[static_cast<size_t>(outputTap[static_cast<size_t>(node.inputs[0])])];
        if (node.op != Operator::Gelu) {
            const RawScores raw{source.scaleFirst ? 1.0F : static_cast<float>(source.factor), before};
            return integerSoftmax(n, input(0), true, &raw, mode);
        }
        at::Tensor x = input(0).contiguous();
        geluBetween(x, before, own);
        return x;
    }
    if (!own)
        return {};
    if (mode.kernels[n] == NodeKernel::IntegerLayerNorm && own->kind == QuantizerKind::Uniform && own->scale.size() == 1)
        return integerNorm(n, input(0), own, mode);
    if (node.op == Operator::Add
        && canQuantizeSum(input(0), input(1), *own, scaleRun(graph(), graph().taps[tap], own->scale.size())))
        return quantizedSum(input(0), input(1), *own);
    return {};
}

} // namespace quantoscope
