// SPDX-License-Identifier: GPL-3.0-or-later
// The integer LayerNorm and the log-int-softmax of FQ-ViT on LibTorch operators, for devices other than the CPU: whole
// tensors at once, and nothing waits for the host. Private to core/tensor.
#pragma once

#include "core/quantization/log_int_softmax.h"

#include <ATen/core/Tensor.h>

#include <vector>

namespace quantoscope {

/// How a row is summed up. Everything else is the same operations in the same order as core/kernels/integer_rows.h.
enum class SumOrder {
    Exact,     ///< in float64, rounded once: two launches. Sums above 2^24 may differ from the published ones in the last bit
    Published, ///< rowSum() of the kernels, bit for bit; launches grow with the length of a row
};

/// Constants of an integer LayerNorm's taps before and after it, on a device.
struct DeviceNorm {
    DeviceNorm() = default;
    DeviceNorm(const std::vector<float> &inputScale, float outputScale, int64_t channels, at::Device device);
    [[nodiscard]] bool isFor(const std::vector<float> &inputScale, float outputScale) const
    {
        return scale.defined() && inScale == inputScale && outScale == outputScale;
    }

    std::vector<float> inScale;
    float outScale = 1;
    float stepOverCount = 1; ///< smallest scale over the number of channels
    at::Tensor scale;        ///< [channels]
    at::Tensor multiplier;   ///< [channels]
    at::Tensor smallest;     ///< [1]
    at::Tensor count;        ///< [1]
    at::Tensor outStep;      ///< [1]
};
/// integerLayerNorm() of core/quantization without a quantizer; `gamma` and `beta` [channels] on the device of `x`.
[[nodiscard]] at::Tensor integerLayerNormOnDevice(const at::Tensor &x, const DeviceNorm &norm, const at::Tensor &gamma,
                                                  const at::Tensor &beta, SumOrder order);

/// Constants of a log-int-softmax, on a device.
struct DeviceSoftmax {
    DeviceSoftmax() = default;
    DeviceSoftmax(float scoreScale, int width, Arithmetic form, at::Device device);
    [[nodiscard]] bool isFor(float scoreScale, int width, Arithmetic form) const
    {
        return step.defined() && exponential.scale == scoreScale && bits == width && arithmetic == form;
    }

    kernels::IntegerExponential exponential;
    int bits = 4;
    Arithmetic arithmetic = Arithmetic::FqViT;
    int64_t codes = 16;
    at::Tensor step;   ///< [1], scale of the scores
    at::Tensor period; ///< [1]
};
/// logIntSoftmax() of core/quantization without raw scores, over the last axis.
[[nodiscard]] at::Tensor logIntSoftmaxOnDevice(const at::Tensor &scores, const DeviceSoftmax &softmax, SumOrder order);

} // namespace quantoscope
