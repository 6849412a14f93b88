// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/integer_layer_norm.h"

#include "core/base/parallel.h"
#include "core/quantization/row_sum.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

namespace quantoscope {

namespace {

/// Codes on the common grid: RHE(x / s_c) * 2^alpha_c.
QUANTOSCOPE_KERNEL void toCommonGrid(const float *in, float *codes, int64_t n, const float *scale,
                                     const float *multiplier)
{
    for (int64_t c = 0; c < n; ++c)
        codes[c] = std::nearbyint(in[c] / scale[c]) * multiplier[c];
}

QUANTOSCOPE_KERNEL void square(const float *x, float *squares, int64_t n)
{
    for (int64_t i = 0; i < n; ++i)
        squares[i] = x[i] * x[i];
}

QUANTOSCOPE_KERNEL void affine(const float *codes, float *out, int64_t n, float scaleOverDeviation, float meanOverDeviation,
                               float outScale, const float *gamma, const float *beta)
{
    for (int64_t c = 0; c < n; ++c) {
        const float a = scaleOverDeviation * gamma[c] / outScale;
        const float magnitude = std::fabs(a);
        // floor(log2 |A|) is the exponent; zero has the smallest exponent, so its shift saturates at 31.
        const int32_t log = (std::bit_cast<int32_t>(magnitude) >> 23) - 127;
        int32_t shift = 7 - log;
        shift = shift < 0 ? 0 : shift;
        shift = shift > 31 ? 31 : shift;
        const float power = std::bit_cast<float>((shift + 127) << 23);
        float mantissa = std::floor(magnitude * power);
        mantissa = mantissa > 255.0F ? 255.0F : mantissa;
        const float sign = a > 0.0F ? 1.0F : (a < 0.0F ? -1.0F : 0.0F);
        const float offset = std::nearbyint((beta[c] - meanOverDeviation * gamma[c]) / outScale * power);
        out[c] = std::nearbyint((sign * mantissa * codes[c] + offset) / power) * outScale;
    }
}

} // namespace

void integerLayerNorm(const float *in, float *out, int64_t rows, int64_t channels, std::span<const float> inScale,
                      float outScale, const float *gamma, const float *beta)
{
    std::vector<float> scale(static_cast<size_t>(channels));
    for (size_t c = 0; c < scale.size(); ++c)
        scale[c] = inScale[c % inScale.size()];
    const float smallest = *std::min_element(scale.begin(), scale.end());
    std::vector<float> multiplier(scale.size());
    for (size_t c = 0; c < scale.size(); ++c)
        multiplier[c] = std::nearbyint(scale[c] / smallest);
    const auto count = static_cast<float>(channels);
    parallelRanges(rows, std::max<int64_t>(1, 4096 / channels), [&](int64_t begin, int64_t end, int) {
        std::vector<float> codes(static_cast<size_t>(channels));
        std::vector<float> squares(static_cast<size_t>(channels));
        for (int64_t r = begin; r < end; ++r) {
            toCommonGrid(in + r * channels, codes.data(), channels, scale.data(), multiplier.data());
            square(codes.data(), squares.data(), channels);
            const float sum = rowSum(codes.data(), channels);
            const float mean = sum / count * smallest;
            const float deviation
                = smallest / count * std::sqrt(count * rowSum(squares.data(), channels) - sum * sum);
            affine(codes.data(), out + r * channels, channels, smallest / deviation, mean / deviation, outScale, gamma,
                   beta);
        }
    });
}

} // namespace quantoscope
