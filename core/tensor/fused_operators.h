// SPDX-License-Identifier: GPL-3.0-or-later
// Operators together with the quantizers before and after them, on the CPU. Equal, bit for bit, to one after the other.
// Private to core/tensor.
#pragma once

#include "core/data/quantization.h"

#include <ATen/core/Tensor.h>

namespace quantoscope {

/// GELU of the value that `before` makes of `x`, quantized by `after` unless that is null; overwrites `x`. LibTorch's GELU is
/// taken at the few values that `before` leaves (hasFewValues). `after`: one scale.
void geluBetween(at::Tensor &x, const QuantizerParameters &before, const QuantizerParameters *after);

/// Whether quantizedSum() can do it; `run`: scaleRun() of the sum's tap.
[[nodiscard]] bool canQuantizeSum(const at::Tensor &a, const at::Tensor &b, const QuantizerParameters &parameters,
                                  int64_t run);
[[nodiscard]] at::Tensor quantizedSum(const at::Tensor &a, const at::Tensor &b, const QuantizerParameters &parameters);

} // namespace quantoscope
