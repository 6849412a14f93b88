// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/device_integer.h"

#include "core/quantization/integer_layer_norm.h"
#include "core/tensor/device_quantize.h"

#include <ATen/ATen.h>

#include <array>
#include <cmath>

namespace quantoscope {

namespace {

/// The order of kernels::rowSum(): four accumulators of eight lanes, carried to a higher level every 16 rounds; then the rest,
/// then the lanes.
at::Tensor publishedSum(const at::Tensor &x)
{
    constexpr int64_t kLanes = 8;
    constexpr int64_t kAccumulators = 4;
    constexpr int64_t kWidth = kLanes * kAccumulators;
    constexpr size_t kLevels = 4;
    constexpr size_t kLevelBits = 4;
    const auto values = [&](const at::Tensor &from, int64_t begin, int64_t count) { return from.narrow(-1, begin, count); };
    const auto add = [](at::Tensor &sum, const at::Tensor &term) { sum = sum.defined() ? sum.add(term) : term; };
    const int64_t n = x.size(-1);
    const int64_t vectors = n / kLanes;
    const int64_t rounds = vectors / kAccumulators;
    std::array<at::Tensor, kLevels> level;
    for (int64_t i = 0; i < rounds;) {
        add(level[0], values(x, i * kWidth, kWidth));
        ++i;
        for (size_t l = 1; l < kLevels && i % (int64_t{1} << (kLevelBits * l)) == 0; ++l) {
            add(level[l], level[l - 1]);
            level[l - 1].reset();
        }
    }
    at::Tensor all;
    for (const at::Tensor &one : level)
        if (one.defined())
            add(all, one);
    at::Tensor lanes;
    if (all.defined())
        lanes = values(all, 0, kLanes);
    for (int64_t v = rounds * kAccumulators; v < vectors; ++v)
        add(lanes, values(x, v * kLanes, kLanes));
    for (int64_t a = 1; all.defined() && a < kAccumulators; ++a)
        add(lanes, values(all, a * kLanes, kLanes));
    at::Tensor sum;
    for (int64_t i = vectors * kLanes; i < n; ++i)
        add(sum, values(x, i, 1));
    for (int64_t lane = 0; lanes.defined() && lane < kLanes; ++lane)
        add(sum, values(lanes, lane, 1));
    return sum;
}

at::Tensor rowSum(const at::Tensor &x, SumOrder order)
{
    return order == SumOrder::Published ? publishedSum(x) : at::sum(x, -1, true, at::kDouble).to(at::kFloat);
}

} // namespace

DeviceNorm::DeviceNorm(const std::vector<float> &inputScale, float outputScale, int64_t channels, at::Device device)
    : inScale(inputScale), outScale(outputScale)
{
    const CommonGrid grid = commonGrid(inputScale, channels);
    const auto channelCount = static_cast<float>(channels);
    stepOverCount = grid.smallest / channelCount;
    const auto parts = uploaded({grid.scale, grid.multiplier, std::span(&grid.smallest, 1), std::span(&channelCount, 1),
                                 std::span(&outScale, 1)},
                                device);
    scale = parts[0];
    multiplier = parts[1];
    smallest = parts[2];
    count = parts[3];
    outStep = parts[4];
}

at::Tensor integerLayerNormOnDevice(const at::Tensor &x, const DeviceNorm &norm, const at::Tensor &gamma,
                                    const at::Tensor &beta, SumOrder order)
{
    const at::Tensor codes = x.div(norm.scale).round_().mul_(norm.multiplier);
    const at::Tensor sum = rowSum(codes, order);
    const at::Tensor deviation = rowSum(codes.mul(codes), order)
                                     .mul_(static_cast<double>(x.size(-1)))
                                     .sub_(sum.mul(sum))
                                     .sqrt_()
                                     .mul_(static_cast<double>(norm.stepOverCount));
    const at::Tensor mean = sum.div(norm.count).mul_(norm.smallest).div_(deviation);
    const at::Tensor a = at::div(norm.smallest, deviation).mul(gamma).div_(norm.outStep);
    const at::Tensor magnitude = a.view(at::kInt).bitwise_and(0x7FFFFFFF);
    // 7 - floor(log2 |A|), 0 to 31; the exponent's bits are that logarithm with the bias, and the power's are to have it.
    const at::Tensor power = powerOfTwo(at::rsub(magnitude.bitwise_right_shift(kMantissaBits), 7 + 2 * kExponentBias)
                                            .clamp_(kExponentBias, kExponentBias + 31));
    const at::Tensor mantissa = magnitude.view(at::kFloat).mul(power).floor_().clamp_max_(255);
    const at::Tensor offset = beta.sub(mean.mul(gamma)).div_(norm.outStep).mul_(power).round_();
    return a.sign().mul_(mantissa).mul_(codes).add_(offset).div_(power).round_().mul_(norm.outStep);
}

DeviceSoftmax::DeviceSoftmax(float scoreScale, int width, Arithmetic form, at::Device device)
    : exponential(integerExponential(scoreScale, form)), bits(width), arithmetic(form), codes(integerSoftmaxCodes(width))
{
    const auto parts = uploaded({std::span(&exponential.scale, 1), std::span(&exponential.period, 1)}, device);
    step = parts[0];
    period = parts[1];
}

at::Tensor logIntSoftmaxOnDevice(const at::Tensor &scores, const DeviceSoftmax &softmax, SumOrder order)
{
    constexpr int64_t kShifts = 30;
    const kernels::IntegerExponential &p = softmax.exponential;
    at::Tensor r = scores.div(softmax.step);
    r.sub_(r.amax(-1, true)).clamp_min_(static_cast<double>(kShifts) * static_cast<double>(p.period));
    const at::Tensor shift = r.div(softmax.period).floor_();
    r.sub_(shift.mul(softmax.period));
    const at::Tensor exponential = r.add(static_cast<double>(p.linear))
                                       .mul_(r)
                                       .add_(static_cast<double>(p.constant))
                                       .mul_(powerOfTwo(at::rsub(shift, kShifts + kExponentBias)))
                                       .floor_()
                                       .clamp_min_(0);
    const at::Tensor reciprocal = rowSum(exponential, order).div(exponential).round_();
    // floor(log2 R), plus one from 1.5 * 2^floor on: add half of the mantissa's range, take the exponent (with its bias).
    const at::Tensor log = reciprocal.view(at::kInt).add(0x400000).bitwise_right_shift_(kMantissaBits);
    const at::Tensor weights = powerOfTwo(at::rsub(log.clamp(kExponentBias, 2 * kExponentBias - 1), 2 * kExponentBias));
    return weights.masked_fill_(log.gt(kExponentBias + softmax.codes - 1), 0).masked_fill_(reciprocal.ne(reciprocal), NAN);
}

} // namespace quantoscope
