// SPDX-License-Identifier: GPL-3.0-or-later
// Simulated quantization on LibTorch operators, for devices other than the CPU. Private to core/tensor.
#pragma once

#include "core/data/quantization.h"

#include <ATen/ATen.h>

namespace quantoscope {

/// The formulas of core/quantization/fake_quantize.h; `run` as there.
[[nodiscard]] at::Tensor fakeQuantizeOnDevice(const at::Tensor &x, const QuantizerParameters &parameters, int64_t run);

} // namespace quantoscope
