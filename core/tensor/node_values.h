// SPDX-License-Identifier: GPL-3.0-or-later
// What a graph's nodes compute on one device, with the quantizers of an ExecutionMode. Private to core/tensor.
#pragma once

#include "core/quantization/log_int_softmax.h"
#include "core/tensor/executor.h"
#include "core/tensor/operators.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

class NodeValues {
public:
    ModelPtr model;
    at::Device device{at::kCPU};
    std::map<std::string, at::Tensor> stored; ///< parameters, float32 on the CPU
    std::vector<int> outputTap;               ///< per node
    std::vector<int> lastReader;              ///< per node: index of the last node that needs its value
    std::vector<int> cuts;                    ///< nodes after which no other value is needed any more
    std::vector<char> byImage;                ///< per node: whether its value depends on images

    [[nodiscard]] const Graph &graph() const { return model->graph; }

    /// Fills everything in from `model` and `device`.
    void load();

    /// Fake-quantizes the weights that the mode wants so; they are kept until other parameters are asked for.
    void prepareWeights(const ExecutionMode &mode);

    /// The node's value before its quantizer. `values` by node.
    at::Tensor compute(size_t n, std::vector<at::Tensor> &values, const at::Tensor &image, const ExecutionMode &mode) const;

    /// The node's value where one scan does more than its operator: it needs no further quantization. Else nothing.
    std::optional<at::Tensor> computeFused(size_t n, std::vector<at::Tensor> &values, const at::Tensor &image,
                                           const ExecutionMode &mode, const TapVisitor *visitor) const;

    /// `x` after the node's quantizer; itself where the mode has none.
    at::Tensor quantized(size_t n, const at::Tensor &x, const ExecutionMode &mode) const;

private:
    [[nodiscard]] const at::Tensor &parameterOf(const Node &node, size_t index) const
    {
        return onDevice.at(node.parameters[index]);
    }
    [[nodiscard]] const at::Tensor &weight(size_t n, const ExecutionMode &mode) const;

    /// `quantizer`: applied to the outcome, or null.
    at::Tensor integerNorm(size_t n, const at::Tensor &x, const QuantizerParameters *quantizer,
                           const ExecutionMode &mode) const;
    /// `fresh`: nobody else reads `x`, so it may be overwritten. `raw`: `x` are products that the scores' quantizer has not
    /// seen; or null.
    at::Tensor integerSoftmax(size_t n, const at::Tensor &x, bool fresh, const RawScores *raw,
                              const ExecutionMode &mode) const;
    /// Whether the node's quantizer is left to the operator that alone reads its value, which does both in one scan.
    [[nodiscard]] bool isDeferred(int n, const ExecutionMode &mode, const TapVisitor *visitor) const;

    std::map<std::string, at::Tensor> onDevice; ///< `stored` on `device`
    struct PreparedWeight {
        QuantizerParameters parameters;
        at::Tensor tensor;
    };
    std::vector<PreparedWeight> prepared; ///< per tap
    std::vector<int> weightTap;           ///< per node
    std::vector<int> onlyReader;          ///< per node: the node that alone reads its value, if no cut lies between; or -1
    std::vector<NodeConstants> constants; ///< per node
};

} // namespace quantoscope
