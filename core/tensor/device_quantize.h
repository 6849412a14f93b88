// SPDX-License-Identifier: GPL-3.0-or-later
// Simulated quantization on LibTorch operators, for devices other than the CPU: nothing waits for the host. Private to
// core/tensor.
#pragma once

#include "core/data/quantization.h"

#include <ATen/core/Tensor.h>

#include <initializer_list>
#include <span>
#include <vector>

namespace quantoscope {

/// Lists of numbers brought to a device in one copy; each as a tensor of its own length. Divisors are tensors on the device,
/// too, because CUDA replaces a division by a number of the host by a product with its reciprocal, which rounds elsewhere.
[[nodiscard]] std::vector<at::Tensor> uploaded(std::initializer_list<std::span<const float>> lists, at::Device device);

/// A quantizer with its constants on a device.
struct DeviceQuantizer {
    DeviceQuantizer() = default;
    DeviceQuantizer(const QuantizerParameters &p, at::Device device);
    [[nodiscard]] bool isFor(const QuantizerParameters &p) const { return scale.defined() && parameters == p; }

    QuantizerParameters parameters;
    at::Tensor scale;     ///< [1], or [scales, 1]
    at::Tensor inverse;   ///< 1 / scale
    at::Tensor zeroPoint; ///< as scale; undefined where all are 0
    at::Tensor lowScale;  ///< [1], of twins
    at::Tensor lastCode;  ///< [1], of twins
};

/// The formulas of core/quantization/fake_quantize.h in the same order of float32 operations: the same numbers, save that a
/// zero may be negative. `run` as there.
[[nodiscard]] at::Tensor fakeQuantizeOnDevice(const at::Tensor &x, const DeviceQuantizer &quantizer, int64_t run);

/// What a float32's exponent is stored with, and the bits behind it.
inline constexpr int64_t kExponentBias = 127;
inline constexpr int64_t kMantissaBits = 23;
/// 2^(n - kExponentBias) in float32 of whole numbers 1 <= n <= 254, put together from bits, so that it is exact on every device.
[[nodiscard]] at::Tensor powerOfTwo(const at::Tensor &biasedExponents);

} // namespace quantoscope
