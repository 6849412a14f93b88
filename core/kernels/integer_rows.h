// SPDX-License-Identifier: GPL-3.0-or-later
// The integer LayerNorm and the log-int-softmax of FQ-ViT on rows of values. `out` may be `in`. One thread each.
#pragma once

#include "core/kernels/quantize.h"

#include <cstdint>

namespace quantoscope::kernels {

/// Sum of a row in float32, in one fixed order on every machine: the order of LibTorch 1.13's AVX2 kernel (four
/// accumulators of eight lanes, carried to a higher level every 16 rounds; then the rest, then the lanes). Where sums
/// exceed 2^24 the order decides the last bit, and one bit may decide a rounding tie of the integer kernels; so results
/// equal those of the published program.
[[nodiscard]] float rowSum(const float *x, int64_t n);
/// The same of the squares.
[[nodiscard]] float rowSumOfSquares(const float *x, int64_t n);

/// Per channel c: `scale` of the input and its whole multiple of the smallest scale.
struct NormChannels {
    const float *scale = nullptr;
    const float *multiplier = nullptr;
    const float *gamma = nullptr;
    const float *beta = nullptr;
};

/// out = RHE(in / scale) multiplier: codes on the channels' common grid.
void toCommonGrid(const float *in, float *out, int64_t channels, const NormChannels &norm);
/// Multiplies each code by an 8-bit multiplier and shifts (specification 4.4). `scaleOverDeviation` and `meanOverDeviation`
/// belong to the row.
void integerAffine(const float *codes, float *out, int64_t channels, float scaleOverDeviation, float meanOverDeviation,
                   float outScale, const NormChannels &norm);

/// Constants of the integer exponential for scores of one scale (specification 4.3).
struct IntegerExponential {
    float scale = 1;
    float period = -1;  ///< floor(-ln2 / s), negative
    float linear = 0;   ///< floor((b/a) / s)
    float constant = 0; ///< floor((c/a) / s^2)
};

/// What happens to products on their way to the softmax: x' = quantize(x * factor).
struct ScorePreparation {
    float factor = 1;
    UniformGrid grid;
};

/// Rows of scores -> 2^-k, where k below `codes`, else 0. A row with NaN yields NaN. `preparation` may be null; `work` has
/// room for a row.
void logIntSoftmaxRows(const float *in, float *out, int64_t rows, int64_t length, const IntegerExponential &exponential,
                       int32_t codes, const ScorePreparation *preparation, float *work);

} // namespace quantoscope::kernels
