// SPDX-License-Identifier: GPL-3.0-or-later
// Operands of a model's matrix products and the gradient of a loss at their outputs, for interval searches.
#pragma once

#include "core/base/result.h"
#include "core/base/run_control.h"
#include "core/data/quantization.h"
#include "core/tensor/executor.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace quantoscope {

/// One product of the graph over all captured images, before its own quantizers. Patches of a convolution are unfolded.
struct CapturedProduct {
    int node = -1;
    std::vector<float> left;     ///< what enters: [images, rows, inner], attention [images, heads, rows, inner]
    std::vector<float> right;    ///< second operand of an attention product, [images, heads, n, inner] or [.., inner, n]
    std::vector<float> gradient; ///< of the loss at the output, in the output's shape; empty when not asked for
    std::vector<int64_t> leftShape;
    std::vector<int64_t> rightShape;
};

/// Whether the node multiplies two matrices: a linear or convolution node, or an attention product.
[[nodiscard]] bool isProduct(Operator op);

struct CaptureOptions {
    bool gradients = true;
    SearchLoss loss = SearchLoss::Fisher;
    uint64_t seed = 0;
    /// The quantized network whose distance from the float one is SearchLoss::Published; straight-through gradients.
    const ExecutionMode *quantized = nullptr;
    /// The network whose products are captured, in place of the float one: what a sequential search has quantized so far. Its
    /// own prediction is then compared with the float network's, and `quantized` is not used.
    const ExecutionMode *soFar = nullptr;
    std::vector<char> leftOut = {}; ///< by node: products that are not captured; empty: all are
};

/// Runs the float model on `images` normalised pictures, in sub-batches of four as the published program does, and hands
/// over one product after the other in order of execution. Products are captured in as many passes as `bytesLimit` of
/// captured values needs; a single product may exceed it. The attention products are those of the scaled scores.
/// `done` returns an error to stop. Errors: of `done`; BadInput (Published without a quantized mode); Cancelled; Internal.
[[nodiscard]] Result<void> captureProducts(const Executor &executor, const Model &model, std::span<const float> pixels,
                                           int images, const CaptureOptions &options, int64_t bytesLimit,
                                           const std::function<Result<void>(const CapturedProduct &)> &done,
                                           const CancelToken &cancel);

/// The same for one product alone.
[[nodiscard]] Result<CapturedProduct> captureProduct(const Executor &executor, const Model &model,
                                                     std::span<const float> pixels, int images, int node,
                                                     const CaptureOptions &options, const CancelToken &cancel);

} // namespace quantoscope
