// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/fake_quantize.h"

#include "core/base/parallel.h"

#include <cmath>

namespace quantoscope {

namespace {

constexpr int64_t kGrain = 16384;
// Adding and taking away 1.5 * 2^23 rounds half to even for |v| < 2^22; codes are clamped far below that before.
constexpr float kRoundingMagic = 12582912.0F;

/// Clamping to whole numbers first and rounding then gives what rounding first and clamping then would.
inline float fakeQuantizeOne(float x, float scale, float zeroPoint, float lowest, float highest)
{
    float v = x / scale + zeroPoint;
    v = v < lowest ? lowest : v;
    v = v > highest ? highest : v;
    const float code = (v + kRoundingMagic) - kRoundingMagic;
    return (code - zeroPoint) * scale;
}

QUANTOSCOPE_KERNEL void uniformRun(const float *in, float *out, int64_t n, float scale, float zeroPoint, float lowest,
                                   float highest)
{
    for (int64_t i = 0; i < n; ++i)
        out[i] = fakeQuantizeOne(in[i], scale, zeroPoint, lowest, highest);
}

QUANTOSCOPE_KERNEL void uniformLastAxis(const float *in, float *out, int64_t rows, int64_t channels, const float *scale,
                                        float zeroPoint, float lowest, float highest)
{
    for (int64_t r = 0; r < rows; ++r, in += channels, out += channels)
        for (int64_t c = 0; c < channels; ++c)
            out[c] = fakeQuantizeOne(in[c], scale[c], zeroPoint, lowest, highest);
}

void log2Run(const float *in, float *out, int64_t n, int bits)
{
    const float codes = static_cast<float>(1 << bits);
    for (int64_t i = 0; i < n; ++i) {
        const float r = std::nearbyint(-std::log2(in[i]));
        out[i] = r >= codes ? 0.0F : std::exp2(-std::max(r, 0.0F));
    }
}

} // namespace

void fakeQuantize(const QuantizerParameters &p, const float *in, float *out, int64_t elements, int64_t inner)
{
    const float lowest = p.lowestCode();
    const float highest = p.highestCode();
    const auto channels = static_cast<int64_t>(p.scale.size());
    if (p.kind == QuantizerKind::Log2 || p.kind == QuantizerKind::LogIntSoftmax) {
        parallelRanges(elements, kGrain,
                       [&](int64_t begin, int64_t end, int) { log2Run(in + begin, out + begin, end - begin, p.bits); });
    } else if (channels <= 1) {
        parallelRanges(elements, kGrain, [&](int64_t begin, int64_t end, int) {
            uniformRun(in + begin, out + begin, end - begin, p.scale[0], p.zeroPoint, lowest, highest);
        });
    } else if (inner == 1) {
        const int64_t grain = std::max<int64_t>(1, kGrain / channels);
        parallelRanges(elements / channels, grain, [&](int64_t begin, int64_t end, int) {
            uniformLastAxis(in + begin * channels, out + begin * channels, end - begin, channels, p.scale.data(),
                            p.zeroPoint, lowest, highest);
        });
    } else {
        const int64_t grain = std::max<int64_t>(1, kGrain / inner);
        parallelRanges(elements / inner, grain, [&](int64_t begin, int64_t end, int) {
            for (int64_t r = begin; r < end; ++r)
                uniformRun(in + r * inner, out + r * inner, inner, p.scale[static_cast<size_t>(r % channels)],
                           p.zeroPoint, lowest, highest);
        });
    }
}

RoundingError roundingError(const QuantizerParameters &p, const float *x, const float *quantized, int64_t elements,
                            int64_t inner)
{
    RoundingError total;
    const auto channels = static_cast<int64_t>(p.scale.size());
    const bool logarithmic = p.kind != QuantizerKind::Uniform;
    // Half a step beyond the last code still rounds to it; only what lies further out counts as clipped.
    const float low = p.lowestCode() - p.zeroPoint - 0.5F;
    const float high = p.highestCode() - p.zeroPoint + 0.5F;
    const float smallest = std::exp2(-static_cast<float>(1 << p.bits) + 0.5F);
    for (int64_t i = 0; i < elements; ++i) {
        const double difference = static_cast<double>(x[i]) - static_cast<double>(quantized[i]);
        total.squared += difference * difference;
        bool outside = false;
        if (logarithmic) {
            outside = x[i] < smallest;
        } else {
            const float code = x[i] / p.scale[static_cast<size_t>(channels <= 1 ? 0 : (i / inner) % channels)];
            outside = code < low || code > high;
        }
        if (outside) {
            ++total.clipped;
            total.clippedSquared += difference * difference;
        }
    }
    return total;
}

} // namespace quantoscope
