// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/fake_quantize.h"

#include "core/base/parallel.h"

#include <cmath>

namespace quantoscope {

namespace {

constexpr int64_t kGrain = 16384;
// Adding and taking away 1.5 * 2^23 rounds half to even for |v| < 2^22; codes are clamped far below that before.
constexpr float kRoundingMagic = 12582912.0F;

/// Whole number next to v after clamping to [lowest, highest]. Clamping to whole numbers first and rounding then gives
/// what rounding first and clamping then would.
inline float roundWithin(float v, float lowest, float highest)
{
    v = v < lowest ? lowest : v;
    v = v > highest ? highest : v;
    return (v + kRoundingMagic) - kRoundingMagic;
}

inline float fakeQuantizeOne(float x, float scale, float zeroPoint, float lowest, float highest)
{
    return (roundWithin(x / scale + zeroPoint, lowest, highest) - zeroPoint) * scale;
}

QUANTOSCOPE_KERNEL void uniformRun(const float *in, float *out, int64_t n, float scale, float zeroPoint, float lowest,
                                   float highest)
{
    for (int64_t i = 0; i < n; ++i)
        out[i] = fakeQuantizeOne(in[i], scale, zeroPoint, lowest, highest);
}

/// torch adds the zero point after rounding; it is a whole number, so the clamped code without it is exact.
QUANTOSCOPE_KERNEL void torchRun(const float *in, float *out, int64_t n, float scale, float zeroPoint, float lowest,
                                 float highest)
{
    const float inverse = 1.0F / scale;
    lowest -= zeroPoint;
    highest -= zeroPoint;
    for (int64_t i = 0; i < n; ++i)
        out[i] = roundWithin(in[i] * inverse, lowest, highest) * scale;
}

QUANTOSCOPE_KERNEL void uniformLastAxis(const float *in, float *out, int64_t rows, int64_t channels, const float *scale,
                                        const float *zeroPoint, float lowest, float highest)
{
    for (int64_t r = 0; r < rows; ++r, in += channels, out += channels)
        for (int64_t c = 0; c < channels; ++c)
            out[c] = fakeQuantizeOne(in[c], scale[c], zeroPoint[c], lowest, highest);
}

QUANTOSCOPE_KERNEL void twinGelu(const float *in, float *out, int64_t n, float high, float low, float codes)
{
    for (int64_t i = 0; i < n; ++i)
        out[i] = roundWithin(in[i] / high, 0.0F, codes - 1) * high + roundWithin(in[i] / low, -codes, 0.0F) * low;
}

/// The large values lie on a grid of 1/(codes - 1), which the program applies as a factor and a quotient.
inline float twinHigh(float x, float codes)
{
    return roundWithin(x * (codes - 1), 0.0F, codes - 1) / (codes - 1);
}

QUANTOSCOPE_KERNEL void twinSoftmax(const float *in, float *out, int64_t n, float low, float split, float codes)
{
    for (int64_t i = 0; i < n; ++i)
        out[i] = in[i] < split ? roundWithin(in[i] / low, 0.0F, codes - 1) * low : twinHigh(in[i], codes);
}

QUANTOSCOPE_KERNEL void twinSoftmaxSum(const float *in, float *out, int64_t n, float low, float split, float codes)
{
    for (int64_t i = 0; i < n; ++i) {
        const float large = in[i] < split ? split : (in[i] > 1.0F ? 1.0F : in[i]);
        const float small = in[i] > split ? split : in[i];
        out[i] = twinHigh(large, codes) + roundWithin(small / low, 0.0F, codes - 1) * low;
    }
}

void twinRun(const QuantizerParameters &p, const float *in, float *out, int64_t n)
{
    const float codes = static_cast<float>(1 << (p.bits - 1));
    if (p.twin == TwinForm::Gelu)
        twinGelu(in, out, n, p.scale[0], p.lowScale, codes);
    else if (p.twin == TwinForm::Softmax)
        twinSoftmax(in, out, n, p.lowScale, p.split, codes);
    else
        twinSoftmaxSum(in, out, n, p.lowScale, p.split, codes);
}

float log2Codes(const QuantizerParameters &p)
{
    return std::ldexp(1.0F, p.bits); // of 32 bits too
}

void log2Run(const QuantizerParameters &p, const float *in, float *out, int64_t n)
{
    const float codes = log2Codes(p);
    for (int64_t i = 0; i < n; ++i) {
        const float r = std::nearbyint(-std::log2(in[i]));
        out[i] = r >= codes ? 0.0F : std::exp2(-std::max(r, 0.0F));
    }
}

void oneScale(const QuantizerParameters &p, size_t scaleIndex, const float *in, float *out, int64_t n)
{
    if (p.kind == QuantizerKind::TwinUniform)
        return twinRun(p, in, out, n);
    if (p.kind != QuantizerKind::Uniform)
        return log2Run(p, in, out, n);
    const auto kernel = p.arithmetic == Arithmetic::Torch ? torchRun : uniformRun;
    kernel(in, out, n, p.scale[scaleIndex], p.zeroPointOf(scaleIndex), p.lowestCode(), p.highestCode());
}

/// Values outside this interval are clipped: half a step beyond the last code still rounds to it.
struct Representable {
    float low;
    float high;
};

Representable representable(const QuantizerParameters &p, size_t scaleIndex)
{
    if (p.kind == QuantizerKind::TwinUniform) {
        const float codes = static_cast<float>(1 << (p.bits - 1));
        if (p.twin == TwinForm::Gelu)
            return {-(codes + 0.5F) * p.lowScale, (codes - 0.5F) * p.scale[0]};
        return {-0.5F * p.lowScale, (codes - 0.5F) / (codes - 1)};
    }
    if (p.kind != QuantizerKind::Uniform)
        return {std::exp2(-log2Codes(p) + 0.5F), INFINITY};
    const float zero = p.zeroPointOf(scaleIndex);
    return {p.lowestCode() - zero - 0.5F, p.highestCode() - zero + 0.5F};
}

} // namespace

void fakeQuantize(const QuantizerParameters &p, const float *in, float *out, int64_t elements, int64_t run)
{
    const auto scales = static_cast<int64_t>(p.scale.size());
    if (scales <= 1) {
        parallelRanges(elements, kGrain,
                       [&](int64_t begin, int64_t end, int) { oneScale(p, 0, in + begin, out + begin, end - begin); });
    } else if (run == 1 && p.arithmetic != Arithmetic::Torch) {
        std::vector<float> zeroPoints = p.zeroPoints;
        zeroPoints.resize(p.scale.size(), p.zeroPoint);
        parallelRanges(elements / scales, std::max<int64_t>(1, kGrain / scales), [&](int64_t begin, int64_t end, int) {
            uniformLastAxis(in + begin * scales, out + begin * scales, end - begin, scales, p.scale.data(),
                            zeroPoints.data(), p.lowestCode(), p.highestCode());
        });
    } else {
        parallelRanges(elements / run, std::max<int64_t>(1, kGrain / run), [&](int64_t begin, int64_t end, int) {
            for (int64_t r = begin; r < end; ++r)
                oneScale(p, static_cast<size_t>(r % scales), in + r * run, out + r * run, run);
        });
    }
}

RoundingError roundingError(const QuantizerParameters &p, const float *x, const float *quantized, int64_t elements,
                            int64_t run)
{
    RoundingError total;
    const auto scales = std::max<int64_t>(1, static_cast<int64_t>(p.scale.size()));
    const bool inCodes = p.kind == QuantizerKind::Uniform;
    std::vector<Representable> ranges;
    for (size_t s = 0; s < static_cast<size_t>(scales); ++s)
        ranges.push_back(representable(p, s));
    for (int64_t i = 0; i < elements; ++i) {
        const auto s = static_cast<size_t>(scales == 1 ? 0 : (i / run) % scales);
        const double difference = static_cast<double>(x[i]) - static_cast<double>(quantized[i]);
        total.squared += difference * difference;
        const float position = inCodes ? x[i] / p.scale[s] : x[i];
        if (position < ranges[s].low || position > ranges[s].high) {
            ++total.clipped;
            total.clippedSquared += difference * difference;
        }
    }
    return total;
}

} // namespace quantoscope
