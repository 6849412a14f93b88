// SPDX-License-Identifier: GPL-3.0-or-later
// What a graph's nodes compute on one device, with the quantizers of an ExecutionMode. Private to core/tensor.
#pragma once

#include "core/quantization/log_int_softmax.h"
#include "core/tensor/device_integer.h"
#include "core/tensor/device_quantize.h"
#include "core/tensor/executor.h"
#include "core/tensor/kept_nodes.h"
#include "core/tensor/operators.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace quantoscope {

/// Who reads values beside the operators of a run, so that nothing may be left to do on them.
struct OtherReaders {
    const TapVisitor *visitor = nullptr;
    const std::vector<char> *kept = nullptr; ///< per node: whether other runs read its value

    [[nodiscard]] bool look(int tap) const { return visitor && visitor->wants(tap); }
    [[nodiscard]] bool keep(size_t node) const { return kept && (*kept)[node] != 0; }
};

class NodeValues {
public:
    ModelPtr model;
    at::Device device{at::kCPU};
    /// Quantizers and integer operators are the CPU's kernels; otherwise operators of the device.
    bool kernels = true;
    SumOrder rowSums = SumOrder::Exact; ///< without kernels
    std::map<std::string, at::Tensor> stored; ///< parameters, float32 on the CPU
    std::vector<int> outputTap;               ///< per node
    NodeLives lives;

    [[nodiscard]] const Graph &graph() const { return model->graph; }

    /// Fills everything in from `model` and `device`; `stored` may be there already.
    void load();

    /// Fake-quantizes the weights that the mode wants so; they are kept until other parameters are asked for.
    void prepareWeights(const ExecutionMode &mode);

    /// Pictures on the device [images, 3, size, size]; one copy, which the host does not wait for where the device allows it.
    [[nodiscard]] at::Tensor uploadedImages(std::span<const float> pixels, int images) const;

    /// The node's value before its quantizer. `values` by node.
    at::Tensor compute(size_t n, std::vector<at::Tensor> &values, const at::Tensor &image, const ExecutionMode &mode) const;

    /// The node's value where one scan does more than its operator: it needs no further quantization. Else nothing.
    std::optional<at::Tensor> computeFused(size_t n, std::vector<at::Tensor> &values, const at::Tensor &image,
                                           const ExecutionMode &mode, const OtherReaders &others) const;

    /// `x` after the node's quantizer; itself where the mode has none.
    at::Tensor quantized(size_t n, const at::Tensor &x, const ExecutionMode &mode) const;

private:
    [[nodiscard]] const at::Tensor &parameterOf(const Node &node, size_t index) const
    {
        return onDevice.at(node.parameters[index]);
    }
    [[nodiscard]] const at::Tensor &weight(size_t n, const ExecutionMode &mode) const;

    /// What the node's integer operator reads from the taps before it.
    [[nodiscard]] const std::vector<float> &normInputScale(size_t n, const ExecutionMode &mode) const;
    [[nodiscard]] float scoreScale(size_t n, const ExecutionMode &mode) const;

    /// Constants on the device, made when they are first needed and again when the parameters are others. A run without
    /// kernels has one thread.
    const DeviceQuantizer &deviceQuantizer(size_t tap, const QuantizerParameters &p) const;
    const DeviceNorm &deviceNorm(size_t n, const ExecutionMode &mode, int64_t channels) const;
    const DeviceSoftmax &deviceSoftmax(size_t n, const ExecutionMode &mode) const;

    /// `quantizer`: applied to the outcome, or null.
    at::Tensor integerNorm(size_t n, const at::Tensor &x, const QuantizerParameters *quantizer,
                           const ExecutionMode &mode) const;
    /// `fresh`: nobody else reads `x`, so it may be overwritten. `raw`: `x` are products that the scores' quantizer has not
    /// seen; or null.
    at::Tensor integerSoftmax(size_t n, const at::Tensor &x, bool fresh, const RawScores *raw,
                              const ExecutionMode &mode) const;
    /// Whether the node's quantizer is left to the operator that alone reads its value, which does both in one scan.
    [[nodiscard]] bool isDeferred(int n, const ExecutionMode &mode, const OtherReaders &others) const;

    std::map<std::string, at::Tensor> onDevice; ///< `stored` on `device`
    struct PreparedWeight {
        QuantizerParameters parameters;
        at::Tensor tensor;
    };
    std::vector<PreparedWeight> prepared; ///< per tap
    mutable std::vector<DeviceQuantizer> deviceQuantizers; ///< per tap
    mutable std::vector<DeviceNorm> deviceNorms;           ///< per node
    mutable std::vector<DeviceSoftmax> deviceSoftmaxes;    ///< per node
    std::vector<int> weightTap;           ///< per node
    std::vector<int> onlyReader;          ///< per node: the node that alone reads its value, if no cut lies between; or -1
    std::vector<NodeConstants> constants; ///< per node
};

} // namespace quantoscope
