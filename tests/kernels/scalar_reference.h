// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels' formulas, a value at a time with the C library's rounding, in the order in which they are documented.
#pragma once

#include "core/kernels/integer_rows.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace quantoscope::reference {

inline float clamped(float v, float low, float high)
{
    if (std::isnan(v))
        return v;
    return v < low ? low : v > high ? high : v;
}

/// Half to even; a zero is positive.
inline float rounded(float v)
{
    return std::nearbyint(v) + 0.0F;
}

inline float code(float x, kernels::UniformGrid g)
{
    return clamped(rounded(x / g.scale + g.zeroPoint), g.lowest, g.highest);
}

inline float uniform(float x, kernels::UniformGrid g)
{
    return (code(x, g) - g.zeroPoint) * g.scale;
}

inline float torchUniform(float x, kernels::UniformGrid g)
{
    const float inverse = 1.0F / g.scale;
    return (clamped(rounded(x * inverse) + g.zeroPoint, g.lowest, g.highest) - g.zeroPoint) * g.scale;
}

inline float twinGelu(float x, float high, float low, float codes)
{
    return clamped(rounded(x / high), 0, codes - 1) * high + clamped(rounded(x / low), -codes, 0) * low;
}

inline float twinSoftmax(float x, float low, float split, float codes)
{
    if (x < split)
        return clamped(rounded(x / low), 0, codes - 1) * low;
    return clamped(rounded(x * (codes - 1)), 0, codes - 1) / (codes - 1);
}

inline float twinSoftmaxSum(float x, float low, float split, float codes)
{
    const float large = clamped(x, split, 1);
    const float small = x > split ? split : x;
    return clamped(rounded(large * (codes - 1)), 0, codes - 1) / (codes - 1)
        + clamped(rounded(small / low), 0, codes - 1) * low;
}

/// The published order: 32 running sums of every 32nd value, carried to a higher level every 16 rounds.
inline float rowSum(const float *x, int64_t n)
{
    float level[4][32] = {};
    const int64_t vectors = n / 8;
    const int64_t rounds = vectors / 4;
    int64_t done = 0;
    while (done + 16 <= rounds) {
        for (int round = 0; round < 16; ++round, ++done)
            for (int k = 0; k < 32; ++k)
                level[0][k] += x[done * 32 + k];
        for (int l = 1; l < 4; ++l) {
            for (int k = 0; k < 32; ++k) {
                level[l][k] += level[l - 1][k];
                level[l - 1][k] = 0;
            }
            if ((done & (15LL << (4 * l))) != 0)
                break;
        }
    }
    for (; done < rounds; ++done)
        for (int k = 0; k < 32; ++k)
            level[0][k] += x[done * 32 + k];
    for (int l = 1; l < 4; ++l)
        for (int k = 0; k < 32; ++k)
            level[0][k] += level[l][k];
    for (int64_t i = rounds * 32; i < vectors * 8; ++i)
        level[0][i % 8] += x[i];
    for (int a = 1; a < 4; ++a)
        for (int k = 0; k < 8; ++k)
            level[0][k] += level[0][a * 8 + k];
    float sum = 0;
    for (int64_t i = vectors * 8; i < n; ++i)
        sum += x[i];
    for (int k = 0; k < 8; ++k)
        sum += level[0][k];
    return sum;
}

inline float integerAffine(float code, float scaleOverDeviation, float meanOverDeviation, float outScale, float gamma,
                           float beta)
{
    const float a = scaleOverDeviation * gamma / outScale;
    const float magnitude = std::fabs(a);
    const int log = magnitude == 0 ? -127 : std::isfinite(magnitude) ? std::max(-127, std::ilogb(magnitude)) : 128;
    const int shift = std::clamp(7 - log, 0, 31);
    const float power = std::ldexp(1.0F, shift);
    const float mantissa = std::isnan(a) ? a : std::min(255.0F, std::floor(magnitude * power));
    const float sign = a > 0 ? 1.0F : a < 0 ? -1.0F : 0.0F;
    const float offset = rounded((beta - meanOverDeviation * gamma) / outScale * power);
    return rounded((sign * mantissa * code + offset) / power) * outScale;
}

inline std::vector<float> logIntSoftmax(std::vector<float> row, const kernels::IntegerExponential &p, int32_t codes,
                                        const kernels::ScorePreparation *preparation)
{
    float largest = -INFINITY;
    bool hasNan = false;
    for (float &v : row) {
        v = (preparation ? uniform(v * preparation->factor, preparation->grid) : v) / p.scale;
        hasNan = hasNan || std::isnan(v);
        largest = v > largest ? v : largest;
    }
    for (float &v : row) {
        float below = v - largest;
        hasNan = hasNan || std::isnan(below); // infinity less infinity
        below = std::max(30 * p.period, below);
        const float shift = std::floor(below / p.period);
        const float r = below - p.period * shift;
        v = std::max(0.0F, std::floor((r * (r + p.linear) + p.constant) * std::ldexp(1.0F, 30 - static_cast<int>(shift))));
    }
    if (hasNan)
        return std::vector<float>(row.size(), NAN);
    const float sum = rowSum(row.data(), static_cast<int64_t>(row.size()));
    for (float &v : row) {
        const float reciprocal = std::nearbyint(sum / v);
        int k = 128;
        if (std::isfinite(reciprocal)) {
            k = reciprocal < 1 ? 0 : std::ilogb(reciprocal);
            // Up from 1.5 * 2^k on.
            k += reciprocal >= 1.5F * std::ldexp(1.0F, k) && reciprocal >= 1;
        }
        v = k >= codes ? 0.0F : std::ldexp(1.0F, -std::min(k, 126));
    }
    return row;
}

} // namespace quantoscope::reference
