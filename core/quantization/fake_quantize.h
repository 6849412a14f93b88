// SPDX-License-Identifier: GPL-3.0-or-later
// Simulated quantization on float buffers: to codes and back. RHE = round half to even.
#pragma once

#include "core/data/quantization.h"

#include <cstdint>

namespace quantoscope {

/// Quantizes and dequantizes `elements` values in place or from `in` to `out` (which may be equal).
/// Uniform: q = clamp(RHE(x/s + z)), x' = (q - z) s in float32 (FQ-ViT, specification 4.1), or q = clamp(RHE(x (1/s)) + z)
/// (torch, 6.2). Log2: r = RHE(-log2 x), x' = 2^-r, and 0 when r needs more than `bits` bits (4.2). TwinUniform: TwinForm.
/// With n scales value i uses scale (i / run) % n: `run` is 1 for channels on the last axis, and the number of values
/// that share a scale where channels come first (scaleRun in core/data/channel_axis.h). Threads: parallel over OpenMP.
void fakeQuantize(const QuantizerParameters &parameters, const float *in, float *out, int64_t elements, int64_t run = 1);

/// Sums over a comparison of x with its quantized self.
struct RoundingError {
    double squared = 0;         ///< sum (x - x')^2
    double clippedSquared = 0;  ///< the part of it from values outside the representable range
    int64_t clipped = 0;        ///< their number
};
/// `quantized` must be fakeQuantize(parameters, x, run).
[[nodiscard]] RoundingError roundingError(const QuantizerParameters &parameters, const float *x, const float *quantized,
                                          int64_t elements, int64_t run = 1);

} // namespace quantoscope
