// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/log_int_softmax.h"

#include "core/base/parallel.h"
#include "core/quantization/row_sum.h"

#include <bit>
#include <cmath>
#include <vector>

namespace quantoscope {

namespace {

// i-exp (Kim et al. 2021, I-BERT): exp(p) ~ a (p + b)^2 + c as a (p^2 + (b/a') p + c/a'), with the program's constants.
constexpr double kA = 0.35815147;
constexpr double kB = 0.96963238;
constexpr double kC = 1.0;
constexpr float kLn2 = 0.6931F;
constexpr float kShifts = 30.0F;

struct Polynomial {
    float scale;
    float period; ///< floor(-ln2 / s), negative
    float linear; ///< floor((b/a) / s)
    float constant; ///< floor((c/a) / s^2)
};

Polynomial polynomialFor(float scale, Arithmetic arithmetic)
{
    // torch's scalar / tensor multiplies by the reciprocal, TensorFlow's divides; that moves some of these floors.
    const auto quotient = [&](float a, float b) {
        return arithmetic == Arithmetic::TensorFlow ? a / b : (1.0F / b) * a;
    };
    return {scale, std::floor(quotient(-kLn2, scale)), std::floor(quotient(static_cast<float>(kB / kA), scale)),
            std::floor(quotient(static_cast<float>(kC / kA), scale * scale))};
}

/// 2^k for a whole k within the normal range.
inline float powerOfTwo(float k)
{
    return std::bit_cast<float>((static_cast<int32_t>(k) + 127) << 23);
}

QUANTOSCOPE_KERNEL float rowMaximum(const float *in, float *scaled, int64_t n, float scale)
{
    // Eight independent maxima let the compiler vectorise without re-ordering arithmetic.
    float lanes[8];
    for (float &lane : lanes)
        lane = -INFINITY;
    int64_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int k = 0; k < 8; ++k) {
            const float v = in[i + k] / scale;
            scaled[i + k] = v;
            lanes[k] = v > lanes[k] ? v : lanes[k];
        }
    for (; i < n; ++i) {
        scaled[i] = in[i] / scale;
        lanes[0] = scaled[i] > lanes[0] ? scaled[i] : lanes[0];
    }
    float best = lanes[0];
    for (const float lane : lanes)
        best = lane > best ? lane : best;
    return best;
}

QUANTOSCOPE_KERNEL void integerExponential(float *x, int64_t n, float maximum, Polynomial p)
{
    const float lowest = kShifts * p.period;
    for (int64_t i = 0; i < n; ++i) {
        float v = x[i] - maximum;
        v = v < lowest ? lowest : v;
        const float shift = std::floor(v / p.period);
        const float r = v - p.period * shift;
        const float value = std::floor((r * (r + p.linear) + p.constant) * powerOfTwo(kShifts - shift));
        x[i] = value < 0.0F ? 0.0F : value;
    }
}

QUANTOSCOPE_KERNEL void logRound(const float *exponential, float *out, int64_t n, float sum, int32_t codes)
{
    for (int64_t i = 0; i < n; ++i) {
        const float reciprocal = std::nearbyint(sum / exponential[i]);
        // floor(log2 R), plus one from 1.5 * 2^floor on: add half of the mantissa's range, take the exponent.
        const int32_t log = static_cast<int32_t>((std::bit_cast<uint32_t>(reciprocal) + 0x400000U) >> 23) - 127;
        const int32_t clamped = log < 0 ? 0 : log;
        const float value = std::bit_cast<float>((127 - (clamped < 126 ? clamped : 126)) << 23);
        out[i] = clamped >= codes ? 0.0F : value;
    }
}

} // namespace

void logIntSoftmax(const float *in, float *out, int64_t rows, int64_t length, float scale, int bits, Arithmetic arithmetic)
{
    const Polynomial polynomial = polynomialFor(scale, arithmetic);
    constexpr int32_t kInfinite = 128; // the exponent of the reciprocal of 0, which no width may keep
    const int32_t codes = bits > 7 ? kInfinite : 1 << bits;
    parallelRanges(rows, 16, [&](int64_t begin, int64_t end, int) {
        std::vector<float> row(static_cast<size_t>(length));
        for (int64_t r = begin; r < end; ++r) {
            const float maximum = rowMaximum(in + r * length, row.data(), length, polynomial.scale);
            integerExponential(row.data(), length, maximum, polynomial);
            logRound(row.data(), out + r * length, length, rowSum(row.data(), length), codes);
        }
    });
}

} // namespace quantoscope
