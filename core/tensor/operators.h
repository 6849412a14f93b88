// SPDX-License-Identifier: GPL-3.0-or-later
// The graph's operators in float, on LibTorch tensors. Private to core/tensor.
#pragma once

#include "core/data/graph.h"

#include <ATen/core/Tensor.h>

#include <vector>

namespace quantoscope {

/// What a node needs beside inputs and parameters; follows from its attributes, made once per device.
struct NodeConstants {
    at::Tensor rows; ///< int64 indices of rowOrder; undefined for operators that move no rows
    at::Tensor mask; ///< [windows, 1, n, n] of shiftMask; undefined without a shift
};

[[nodiscard]] NodeConstants constantsOf(const Node &node, const at::Device &device);

/// The node's value. `inputs` and `parameters` in the node's order (weights possibly quantized); the first axis of values
/// counts images times Node::windows, a parameter's value has 1 there. Not for Operator::Input. Throws c10::Error.
[[nodiscard]] at::Tensor applyOperator(const Node &node, const std::vector<at::Tensor> &inputs,
                                       const std::vector<at::Tensor> &parameters, const NodeConstants &constants);

/// The product behind a MatmulTransposed node, before Node::factor unless that comes first.
[[nodiscard]] at::Tensor unscaledScores(const Node &node, const at::Tensor &query, const at::Tensor &key);

/// Scores [images * windows, heads, n, n] plus the mask of their windows, in new memory.
[[nodiscard]] at::Tensor maskedScores(const at::Tensor &scores, const at::Tensor &mask);

} // namespace quantoscope
