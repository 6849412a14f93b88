// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernels/candidate_errors.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/candidate_errors.cpp"
#include <hwy/foreach_target.h>

#include "core/kernels/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace quantoscope::kernels::HWY_NAMESPACE {
namespace {

template <typename D>
HWY_INLINE hn::Vec<D> difference(D d, hn::Vec<D> v, const UniformGrid &grid)
{
    const auto scale = hn::Set(d, grid.scale);
    const auto zeroPoint = hn::Set(d, grid.zeroPoint);
    const auto code
        = roundWithin(hn::Add(hn::Div(v, scale), zeroPoint), hn::Set(d, grid.lowest), hn::Set(d, grid.highest));
    return hn::Sub(v, hn::Mul(hn::Sub(code, zeroPoint), scale));
}

double squaredError(const float *x, int64_t n, UniformGrid grid)
{
    constexpr int kLanes = 16;
    const hn::CappedTag<float, kLanes> d;
    using Vector = hn::Vec<decltype(d)>;
    constexpr int kStep = static_cast<int>(hn::MaxLanes(d));
    constexpr int kVectors = kLanes / kStep;
    Vector sums[kVectors];
    for (Vector &sum : sums)
        sum = hn::Zero(d);
    int64_t i = 0;
    for (; i + kLanes <= n; i += kLanes)
        for (int v = 0; v < kVectors; ++v) {
            const Vector error = difference(d, hn::LoadU(d, x + i + v * kStep), grid);
            sums[v] = hn::Add(sums[v], hn::Mul(error, error));
        }
    HWY_ALIGN float lanes[kLanes];
    for (int v = 0; v < kVectors; ++v)
        hn::Store(sums[v], d, lanes + v * kStep);
    const hn::CappedTag<float, 1> one;
    for (; i < n; ++i) {
        const float error = hn::GetLane(difference(one, hn::Set(one, x[i]), grid));
        lanes[0] += error * error;
    }
    double total = 0;
    for (const float lane : lanes)
        total += static_cast<double>(lane);
    return total;
}

void addChannelErrors(const float *x, int64_t rows, int64_t channels, UniformGrid grid, double *errors)
{
    const hn::ScalableTag<double> wide;
    const hn::Rebind<float, decltype(wide)> d;
    const auto lanes = static_cast<int64_t>(hn::Lanes(wide));
    const hn::CappedTag<float, 1> one;
    for (int64_t r = 0; r < rows; ++r, x += channels) {
        int64_t c = 0;
        for (; c + lanes <= channels; c += lanes) {
            const auto error = hn::PromoteTo(wide, difference(d, hn::LoadU(d, x + c), grid));
            hn::StoreU(hn::Add(hn::LoadU(wide, errors + c), hn::Mul(error, error)), wide, errors + c);
        }
        for (; c < channels; ++c) {
            const auto error = static_cast<double>(hn::GetLane(difference(one, hn::Set(one, x[c]), grid)));
            errors[c] += error * error;
        }
    }
}

} // namespace
} // namespace quantoscope::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace quantoscope::kernels {

HWY_EXPORT(squaredError);
HWY_EXPORT(addChannelErrors);

double squaredError(const float *x, int64_t n, UniformGrid grid)
{
    return HWY_DYNAMIC_DISPATCH(squaredError)(x, n, grid);
}

void addChannelErrors(const float *x, int64_t rows, int64_t channels, UniformGrid grid, double *errors)
{
    HWY_DYNAMIC_DISPATCH(addChannelErrors)(x, rows, channels, grid, errors);
}

} // namespace quantoscope::kernels
#endif
