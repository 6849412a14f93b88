// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/device_quantize.h"

#include <cmath>

namespace quantoscope {

namespace {

/// One value, or one for each of the scales that alternate after `run` values: [scales, 1].
at::Tensor perScale(const std::vector<float> &values, const at::Tensor &like)
{
    const at::Tensor list = at::tensor(at::ArrayRef<float>(values.data(), values.size()), at::kFloat).to(like.device());
    return values.size() > 1 ? list.unsqueeze(1) : list;
}

at::Tensor uniform(const at::Tensor &x, const QuantizerParameters &p)
{
    std::vector<float> zeroPoints = p.zeroPoints;
    zeroPoints.resize(p.scale.size(), p.zeroPoint);
    const at::Tensor scale = perScale(p.scale, x);
    const at::Tensor zero = perScale(zeroPoints, x);
    const at::Tensor codes = p.arithmetic == Arithmetic::Torch ? at::round(x * scale.reciprocal()) + zero
                                                               : at::round(x / scale + zero);
    return (codes.clamp(p.lowestCode(), p.highestCode()) - zero) * scale;
}

at::Tensor twin(const at::Tensor &x, const QuantizerParameters &p)
{
    const double codes = 1 << (p.bits - 1);
    const auto low = static_cast<double>(p.lowScale);
    const auto split = static_cast<double>(p.split);
    if (p.twin == TwinForm::Gelu) {
        const auto high = static_cast<double>(p.scale[0]);
        return at::round(x / high).clamp(0, codes - 1) * high + at::round(x / low).clamp(-codes, 0) * low;
    }
    const auto large = [&](const at::Tensor &v) { return at::round(v * (codes - 1)).clamp(0, codes - 1) / (codes - 1); };
    const auto small = [&](const at::Tensor &v) { return at::round(v / low).clamp(0, codes - 1) * low; };
    if (p.twin == TwinForm::Softmax)
        return at::where(x < split, small(x), large(x));
    return large(x.clamp(split, 1)) + small(x.clamp_max(split));
}

} // namespace

at::Tensor fakeQuantizeOnDevice(const at::Tensor &x, const QuantizerParameters &p, int64_t run)
{
    if (p.kind == QuantizerKind::TwinUniform)
        return twin(x, p);
    if (p.kind != QuantizerKind::Uniform) {
        const at::Tensor r = at::round(-at::log2(x));
        return at::where(r >= std::ldexp(1.0, p.bits), at::zeros_like(x), at::exp2(-r.clamp_min(0)));
    }
    const auto scales = static_cast<int64_t>(p.scale.size());
    return scales > 1 ? uniform(x.contiguous().view({-1, scales, run}), p).view(x.sizes()) : uniform(x, p);
}

} // namespace quantoscope
