// SPDX-License-Identifier: GPL-3.0-or-later
// Simulated quantization on float buffers: to codes and back. RHE = round half to even.
#pragma once

#include "core/data/quantization.h"
#include "core/kernels/quantize.h"

#include <cstdint>
#include <vector>

namespace quantoscope {

/// Quantizes and dequantizes `elements` values in place or from `in` to `out` (which may be equal).
/// Uniform: q = clamp(RHE(x/s + z)), x' = (q - z) s in float32 (FQ-ViT, specification 4.1), or q = clamp(RHE(x (1/s)) + z)
/// (torch, 6.2). Log2: r = RHE(-log2 x), x' = 2^-r, and 0 when r needs more than `bits` bits (4.2). TwinUniform: TwinForm.
/// With n scales value i uses scale (i / run) % n: `run` is 1 for channels on the last axis, and the number of values
/// that share a scale where channels come first (scaleRun in core/data/channel_axis.h). Threads: parallel over OpenMP.
void fakeQuantize(const QuantizerParameters &parameters, const float *in, float *out, int64_t elements, int64_t run = 1);

/// The same for parameters with one scale, on the calling thread alone.
void fakeQuantizeRow(const QuantizerParameters &parameters, const float *in, float *out, int64_t elements);

/// One scale of a uniform quantizer as the kernels take it.
[[nodiscard]] kernels::UniformGrid uniformGrid(const QuantizerParameters &parameters, size_t scaleIndex = 0);

/// Whether fakeQuantizeSums() can do it: uniform, FqViT arithmetic, one scale or one per channel of the last axis.
[[nodiscard]] bool canFakeQuantizeSums(const QuantizerParameters &parameters, int64_t run);
/// fakeQuantize of a + b, bit for bit, in one scan. `out` may be `a` or `b`.
void fakeQuantizeSums(const QuantizerParameters &parameters, const float *a, const float *b, float *out, int64_t elements);

/// Whether a value can only be one of valuesOf() after quantization: uniform, one scale, FqViT arithmetic.
[[nodiscard]] bool hasFewValues(const QuantizerParameters &parameters);
/// The quantized values in order of their codes.
[[nodiscard]] std::vector<float> valuesOf(const QuantizerParameters &parameters);
/// Replaces each value by the table's entry for its code; a table of f(valuesOf()) makes f(fakeQuantize(x)) one scan. NaN
/// stays NaN.
void fakeQuantizeThrough(const QuantizerParameters &parameters, const std::vector<float> &table, const float *in,
                         float *out, int64_t elements);

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
