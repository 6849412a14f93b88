// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/device_quantize.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

at::Tensor uniform(const at::Tensor &x, const DeviceQuantizer &q)
{
    const QuantizerParameters &p = q.parameters;
    const bool torch = p.arithmetic == Arithmetic::Torch;
    at::Tensor codes = torch ? x.mul(q.inverse) : x.div(q.scale);
    if (torch)
        codes.round_();
    if (q.zeroPoint.defined())
        codes.add_(q.zeroPoint);
    if (!torch)
        codes.round_();
    codes.clamp_(p.lowestCode(), p.highestCode());
    if (q.zeroPoint.defined())
        codes.sub_(q.zeroPoint);
    return codes.mul_(q.scale);
}

at::Tensor twin(const at::Tensor &x, const DeviceQuantizer &q)
{
    const QuantizerParameters &p = q.parameters;
    const double codes = 1 << (p.bits - 1);
    const auto split = static_cast<double>(p.split);
    if (p.twin == TwinForm::Gelu)
        return x.div(q.scale).round_().clamp_(0, codes - 1).mul_(q.scale).add_(
            x.div(q.lowScale).round_().clamp_(-codes, 0).mul_(q.lowScale));
    const auto large = [&](const at::Tensor &v) {
        return v.mul(q.lastCode).round_().clamp_(0, codes - 1).div_(q.lastCode);
    };
    const auto small = [&](const at::Tensor &v) {
        return v.div(q.lowScale).round_().clamp_(0, codes - 1).mul_(q.lowScale);
    };
    if (p.twin == TwinForm::Softmax)
        return at::where(x.lt(split), small(x), large(x));
    return large(x.clamp(split, 1)).add_(small(x.clamp_max(split)));
}

/// log2 in float64 rounded once is the host's; its float32 form may differ next to the halves between two codes.
at::Tensor log2(const at::Tensor &x, int bits)
{
    constexpr int64_t kLeastNormal = kExponentBias - 1;
    const at::Tensor r = x.to(at::kDouble).log2_().to(at::kFloat).neg_().round_();
    at::Tensor value = powerOfTwo(at::rsub(r.clamp(0, kLeastNormal), kExponentBias));
    value.mul_(powerOfTwo(at::rsub(r.clamp(kLeastNormal, 2 * kLeastNormal), kExponentBias + kLeastNormal))); // denormal
    value.masked_fill_(r.ge(std::ldexp(1.0, bits)), 0);
    return value.masked_fill_(r.ne(r), NAN);
}

} // namespace

std::vector<at::Tensor> uploaded(std::initializer_list<std::span<const float>> lists, at::Device device)
{
    std::vector<float> values;
    for (const std::span<const float> list : lists)
        values.insert(values.end(), list.begin(), list.end());
    const at::Tensor all = at::tensor(at::ArrayRef<float>(values.data(), values.size()), at::kFloat).to(device);
    std::vector<at::Tensor> parts;
    int64_t begin = 0;
    for (const std::span<const float> list : lists) {
        const auto length = static_cast<int64_t>(list.size());
        parts.push_back(all.narrow(0, begin, length));
        begin += length;
    }
    return parts;
}

DeviceQuantizer::DeviceQuantizer(const QuantizerParameters &p, at::Device device) : parameters(p)
{
    std::vector<float> inverses;
    std::vector<float> zeroPoints;
    for (size_t s = 0; s < std::max<size_t>(1, p.scale.size()); ++s) {
        inverses.push_back(p.scale.empty() ? 1.0F : 1.0F / p.scale[s]);
        zeroPoints.push_back(p.zeroPointOf(s));
    }
    const float noScale = 1; // of log2
    const float last = static_cast<float>((1 << std::min(p.bits, kMostBits)) / 2 - 1);
    const auto parts = uploaded({p.scale.empty() ? std::span(&noScale, 1) : std::span(p.scale), inverses, zeroPoints,
                                 std::span(&p.lowScale, 1), std::span(&last, 1)},
                                device);
    const auto perRun = [](const at::Tensor &list) { return list.numel() > 1 ? list.unsqueeze(1) : list; };
    scale = perRun(parts[0]);
    inverse = perRun(parts[1]);
    if (std::any_of(zeroPoints.begin(), zeroPoints.end(), [](float zero) { return zero != 0; }))
        zeroPoint = perRun(parts[2]);
    lowScale = parts[3];
    lastCode = parts[4];
}

at::Tensor fakeQuantizeOnDevice(const at::Tensor &x, const DeviceQuantizer &q, int64_t run)
{
    if (q.parameters.kind == QuantizerKind::TwinUniform)
        return twin(x, q);
    if (q.parameters.kind != QuantizerKind::Uniform)
        return log2(x, q.parameters.bits);
    const auto scales = static_cast<int64_t>(q.parameters.scale.size());
    return scales > 1 ? uniform(x.contiguous().view({-1, scales, run}), q).view(x.sizes()) : uniform(x.contiguous(), q);
}

at::Tensor powerOfTwo(const at::Tensor &biasedExponents)
{
    return biasedExponents.to(at::kInt).bitwise_left_shift(kMantissaBits).view(at::kFloat);
}

} // namespace quantoscope
