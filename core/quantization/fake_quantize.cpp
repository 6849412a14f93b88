// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/fake_quantize.h"

#include "core/base/parallel.h"

#include <cmath>

namespace quantoscope {

namespace {

constexpr int64_t kGrain = 16384;

void twinRun(const QuantizerParameters &p, const float *in, float *out, int64_t n)
{
    const float codes = static_cast<float>(1 << (p.bits - 1));
    if (p.twin == TwinForm::Gelu)
        kernels::twinGelu(in, out, n, p.scale[0], p.lowScale, codes);
    else if (p.twin == TwinForm::Softmax)
        kernels::twinSoftmax(in, out, n, p.lowScale, p.split, codes);
    else
        kernels::twinSoftmaxSum(in, out, n, p.lowScale, p.split, codes);
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
    const auto kernel = p.arithmetic == Arithmetic::Torch ? kernels::torchUniform : kernels::uniform;
    kernel(in, out, n, uniformGrid(p, scaleIndex));
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

/// Zero points of all scales.
std::vector<float> zeroPointsOf(const QuantizerParameters &p)
{
    std::vector<float> zeroPoints = p.zeroPoints;
    zeroPoints.resize(p.scale.size(), p.zeroPoint);
    return zeroPoints;
}

/// A scale per channel of the last axis.
bool hasChannelScales(const QuantizerParameters &p, int64_t run)
{
    return p.scale.size() > 1 && run == 1 && p.arithmetic != Arithmetic::Torch;
}

} // namespace

kernels::UniformGrid uniformGrid(const QuantizerParameters &p, size_t scaleIndex)
{
    return {p.scale[scaleIndex], p.zeroPointOf(scaleIndex), p.lowestCode(), p.highestCode()};
}

void fakeQuantize(const QuantizerParameters &p, const float *in, float *out, int64_t elements, int64_t run)
{
    const auto scales = static_cast<int64_t>(p.scale.size());
    if (scales <= 1) {
        parallelRanges(elements, kGrain,
                       [&](int64_t begin, int64_t end, int) { oneScale(p, 0, in + begin, out + begin, end - begin); });
    } else if (hasChannelScales(p, run)) {
        const std::vector<float> zeroPoints = zeroPointsOf(p);
        parallelRanges(elements / scales, std::max<int64_t>(1, kGrain / scales), [&](int64_t begin, int64_t end, int) {
            kernels::channelUniform(in + begin * scales, out + begin * scales, end - begin, scales,
                                    {p.scale.data(), zeroPoints.data(), p.lowestCode(), p.highestCode()});
        });
    } else {
        parallelRanges(elements / run, std::max<int64_t>(1, kGrain / run), [&](int64_t begin, int64_t end, int) {
            for (int64_t r = begin; r < end; ++r)
                oneScale(p, static_cast<size_t>(r % scales), in + r * run, out + r * run, run);
        });
    }
}

void fakeQuantizeRow(const QuantizerParameters &p, const float *in, float *out, int64_t elements)
{
    oneScale(p, 0, in, out, elements);
}

bool canFakeQuantizeSums(const QuantizerParameters &p, int64_t run)
{
    return p.kind == QuantizerKind::Uniform && p.arithmetic != Arithmetic::Torch
        && (p.scale.size() == 1 || hasChannelScales(p, run));
}

void fakeQuantizeSums(const QuantizerParameters &p, const float *a, const float *b, float *out, int64_t elements)
{
    const auto scales = static_cast<int64_t>(p.scale.size());
    if (scales == 1) {
        parallelRanges(elements, kGrain, [&](int64_t begin, int64_t end, int) {
            kernels::addUniform(a + begin, b + begin, out + begin, end - begin, uniformGrid(p, 0));
        });
        return;
    }
    const std::vector<float> zeroPoints = zeroPointsOf(p);
    parallelRanges(elements / scales, std::max<int64_t>(1, kGrain / scales), [&](int64_t begin, int64_t end, int) {
        kernels::addChannelUniform(a + begin * scales, b + begin * scales, out + begin * scales, end - begin, scales,
                                   {p.scale.data(), zeroPoints.data(), p.lowestCode(), p.highestCode()});
    });
}

bool hasFewValues(const QuantizerParameters &p)
{
    return p.kind == QuantizerKind::Uniform && p.scale.size() == 1 && p.arithmetic != Arithmetic::Torch;
}

std::vector<float> valuesOf(const QuantizerParameters &p)
{
    std::vector<float> values;
    for (float code = p.lowestCode(); code <= p.highestCode(); ++code)
        values.push_back((code - p.zeroPoint) * p.scale[0]);
    return values;
}

void fakeQuantizeThrough(const QuantizerParameters &p, const std::vector<float> &table, const float *in, float *out,
                         int64_t elements)
{
    parallelRanges(elements, kGrain, [&](int64_t begin, int64_t end, int) {
        kernels::uniformTable(in + begin, out + begin, end - begin, uniformGrid(p, 0), table.data());
    });
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
