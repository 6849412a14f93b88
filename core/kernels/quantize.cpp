// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernels/quantize.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/quantize.cpp"
#include <hwy/foreach_target.h>

#include "core/kernels/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace quantoscope::kernels::HWY_NAMESPACE {
namespace {

HWY_INLINE FloatVector set(float value)
{
    return hn::Set(FloatTag(), value);
}

/// The grid's numbers in every lane.
struct Grid {
    FloatVector scale;
    FloatVector zeroPoint;
    FloatVector lowest;
    FloatVector highest;

    HWY_INLINE explicit Grid(UniformGrid g)
        : scale(set(g.scale)), zeroPoint(set(g.zeroPoint)), lowest(set(g.lowest)), highest(set(g.highest))
    {
    }
    [[nodiscard]] HWY_INLINE FloatVector codeOf(FloatVector v) const
    {
        return roundWithin(hn::Add(hn::Div(v, scale), zeroPoint), lowest, highest);
    }
    [[nodiscard]] HWY_INLINE FloatVector operator()(FloatVector v) const
    {
        return hn::Mul(hn::Sub(codeOf(v), zeroPoint), scale);
    }
};

void uniform(const float *in, float *out, int64_t n, UniformGrid grid)
{
    const Grid quantize(grid);
    forEachValue(in, out, n, [&](FloatVector v, int64_t) HWY_ATTR { return quantize(v); });
}

void addUniform(const float *a, const float *b, float *out, int64_t n, UniformGrid grid)
{
    const Grid quantize(grid);
    forEachPair(a, b, out, n, [&](FloatVector x, FloatVector y, int64_t) HWY_ATTR { return quantize(hn::Add(x, y)); });
}

/// torch adds the zero point after rounding; it is a whole number, so the clamped code without it is exact.
void torchUniform(const float *in, float *out, int64_t n, UniformGrid grid)
{
    const FloatVector inverse = set(1.0F / grid.scale);
    const FloatVector scale = set(grid.scale);
    const FloatVector lowest = set(grid.lowest - grid.zeroPoint);
    const FloatVector highest = set(grid.highest - grid.zeroPoint);
    forEachValue(in, out, n, [&](FloatVector v, int64_t) HWY_ATTR {
        return hn::Mul(roundWithin(hn::Mul(v, inverse), lowest, highest), scale);
    });
}

/// One row; `grids` belong to its first channel on.
HWY_INLINE FloatVector onChannels(FloatVector v, const ChannelGrids &grids, int64_t channel, size_t count)
{
    const FloatTag d;
    // A row's last channels are fewer than a vector holds, and the tables end there.
    const bool whole = count == hn::Lanes(d);
    HWY_ALIGN float scales[hn::MaxLanes(d)];
    HWY_ALIGN float zeroPoints[hn::MaxLanes(d)];
    if (!whole) {
        std::fill_n(scales, hn::MaxLanes(d), 1.0F);
        std::fill_n(zeroPoints, hn::MaxLanes(d), 0.0F);
        std::copy_n(grids.scale + channel, count, scales);
        std::copy_n(grids.zeroPoint + channel, count, zeroPoints);
    }
    const FloatVector scale = whole ? hn::LoadU(d, grids.scale + channel) : hn::Load(d, scales);
    const FloatVector zeroPoint = whole ? hn::LoadU(d, grids.zeroPoint + channel) : hn::Load(d, zeroPoints);
    const FloatVector code
        = roundWithin(hn::Add(hn::Div(v, scale), zeroPoint), set(grids.lowest), set(grids.highest));
    return hn::Mul(hn::Sub(code, zeroPoint), scale);
}

HWY_INLINE size_t valuesFrom(int64_t i, int64_t n)
{
    return std::min(static_cast<size_t>(n - i), hn::Lanes(FloatTag()));
}

void channelUniform(const float *in, float *out, int64_t rows, int64_t channels, ChannelGrids grids)
{
    for (int64_t r = 0; r < rows; ++r, in += channels, out += channels)
        forEachValue(in, out, channels, [&](FloatVector v, int64_t c) HWY_ATTR {
            return onChannels(v, grids, c, valuesFrom(c, channels));
        });
}

void addChannelUniform(const float *a, const float *b, float *out, int64_t rows, int64_t channels, ChannelGrids grids)
{
    for (int64_t r = 0; r < rows; ++r, a += channels, b += channels, out += channels)
        forEachPair(a, b, out, channels, [&](FloatVector x, FloatVector y, int64_t c) HWY_ATTR {
            return onChannels(hn::Add(x, y), grids, c, valuesFrom(c, channels));
        });
}

void uniformTable(const float *in, float *out, int64_t n, UniformGrid grid, const float *table)
{
    const FloatTag d;
    const hn::RebindToSigned<FloatTag> di;
    const Grid quantize(grid);
    forEachValue(in, out, n, [&](FloatVector v, int64_t) HWY_ATTR {
        const FloatVector code = hn::Sub(quantize.codeOf(v), quantize.lowest);
        const auto number = hn::Eq(code, code);
        // Whatever a NaN converts to must not index the table.
        const auto index = hn::ConvertTo(di, hn::IfThenElseZero(number, code));
        return hn::IfThenElse(number, hn::GatherIndex(d, table, index), code);
    });
}

void twinGelu(const float *in, float *out, int64_t n, float high, float low, float codes)
{
    const FloatVector zero = set(0.0F);
    const FloatVector most = set(codes - 1);
    const FloatVector least = set(-codes);
    const FloatVector large = set(high);
    const FloatVector small = set(low);
    forEachValue(in, out, n, [&](FloatVector v, int64_t) HWY_ATTR {
        return hn::Add(hn::Mul(roundWithin(hn::Div(v, large), zero, most), large),
                       hn::Mul(roundWithin(hn::Div(v, small), least, zero), small));
    });
}

/// The large values lie on a grid of 1/(codes - 1), which the program applies as a factor and a quotient.
HWY_INLINE FloatVector twinHigh(FloatVector v, FloatVector most)
{
    return hn::Div(roundWithin(hn::Mul(v, most), set(0.0F), most), most);
}

void twinSoftmax(const float *in, float *out, int64_t n, float low, float split, float codes)
{
    const FloatVector most = set(codes - 1);
    const FloatVector small = set(low);
    const FloatVector border = set(split);
    forEachValue(in, out, n, [&](FloatVector v, int64_t) HWY_ATTR {
        return hn::IfThenElse(hn::Lt(v, border), hn::Mul(roundWithin(hn::Div(v, small), set(0.0F), most), small),
                              twinHigh(v, most));
    });
}

void twinSoftmaxSum(const float *in, float *out, int64_t n, float low, float split, float codes)
{
    const FloatVector most = set(codes - 1);
    const FloatVector small = set(low);
    const FloatVector border = set(split);
    forEachValue(in, out, n, [&](FloatVector v, int64_t) HWY_ATTR {
        const FloatVector above = lesserOf(set(1.0F), greaterOf(border, v));
        const FloatVector below = lesserOf(border, v);
        return hn::Add(twinHigh(above, most), hn::Mul(roundWithin(hn::Div(below, small), set(0.0F), most), small));
    });
}

} // namespace
} // namespace quantoscope::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace quantoscope::kernels {

HWY_EXPORT(uniform);
HWY_EXPORT(addUniform);
HWY_EXPORT(torchUniform);
HWY_EXPORT(channelUniform);
HWY_EXPORT(addChannelUniform);
HWY_EXPORT(uniformTable);
HWY_EXPORT(twinGelu);
HWY_EXPORT(twinSoftmax);
HWY_EXPORT(twinSoftmaxSum);

void uniform(const float *in, float *out, int64_t n, UniformGrid grid)
{
    HWY_DYNAMIC_DISPATCH(uniform)(in, out, n, grid);
}

void addUniform(const float *a, const float *b, float *out, int64_t n, UniformGrid grid)
{
    HWY_DYNAMIC_DISPATCH(addUniform)(a, b, out, n, grid);
}

void torchUniform(const float *in, float *out, int64_t n, UniformGrid grid)
{
    HWY_DYNAMIC_DISPATCH(torchUniform)(in, out, n, grid);
}

void channelUniform(const float *in, float *out, int64_t rows, int64_t channels, ChannelGrids grids)
{
    HWY_DYNAMIC_DISPATCH(channelUniform)(in, out, rows, channels, grids);
}

void addChannelUniform(const float *a, const float *b, float *out, int64_t rows, int64_t channels, ChannelGrids grids)
{
    HWY_DYNAMIC_DISPATCH(addChannelUniform)(a, b, out, rows, channels, grids);
}

void uniformTable(const float *in, float *out, int64_t n, UniformGrid grid, const float *table)
{
    HWY_DYNAMIC_DISPATCH(uniformTable)(in, out, n, grid, table);
}

void twinGelu(const float *in, float *out, int64_t n, float high, float low, float codes)
{
    HWY_DYNAMIC_DISPATCH(twinGelu)(in, out, n, high, low, codes);
}

void twinSoftmax(const float *in, float *out, int64_t n, float low, float split, float codes)
{
    HWY_DYNAMIC_DISPATCH(twinSoftmax)(in, out, n, low, split, codes);
}

void twinSoftmaxSum(const float *in, float *out, int64_t n, float low, float split, float codes)
{
    HWY_DYNAMIC_DISPATCH(twinSoftmaxSum)(in, out, n, low, split, codes);
}

} // namespace quantoscope::kernels
#endif
