// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/kernels/extremes.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/extremes.cpp"
#include <hwy/foreach_target.h>

#include "core/kernels/vector_math-inl.h"

#include <limits>

HWY_BEFORE_NAMESPACE();
namespace quantoscope::kernels::HWY_NAMESPACE {
namespace {

struct Range {
    FloatVector low;
    FloatVector high;

    HWY_INLINE void widen(FloatVector v)
    {
        low = lesserOf(v, low);
        high = greaterOf(v, high);
    }
};

HWY_INLINE Range emptyRange()
{
    const FloatTag d;
    return {hn::Set(d, std::numeric_limits<float>::infinity()), hn::Set(d, -std::numeric_limits<float>::infinity())};
}

HWY_INLINE void widen(float v, float &low, float &high)
{
    low = v < low ? v : low;
    high = v > high ? v : high;
}

/// `kRows` rows at once, so that the columns' extremes are loaded and stored once for all of them.
template <int kRows>
HWY_INLINE void blockExtremes(const float *x, int64_t columns, float *columnLow, float *columnHigh, float *rowLow,
                              float *rowHigh)
{
    const FloatTag d;
    const auto lanes = static_cast<int64_t>(hn::Lanes(d));
    Range rows[kRows];
    for (Range &row : rows)
        row = emptyRange();
    int64_t c = 0;
    for (; c + lanes <= columns; c += lanes) {
        Range column{hn::LoadU(d, columnLow + c), hn::LoadU(d, columnHigh + c)};
        for (int r = 0; r < kRows; ++r) {
            const FloatVector v = hn::LoadU(d, x + r * columns + c);
            column.widen(v);
            rows[r].widen(v);
        }
        hn::StoreU(column.low, d, columnLow + c);
        hn::StoreU(column.high, d, columnHigh + c);
    }
    for (int r = 0; r < kRows; ++r) {
        rowLow[r] = hn::GetLane(hn::MinOfLanes(d, rows[r].low));
        rowHigh[r] = hn::GetLane(hn::MaxOfLanes(d, rows[r].high));
        for (int64_t k = c; k < columns; ++k) {
            widen(x[r * columns + k], columnLow[k], columnHigh[k]);
            widen(x[r * columns + k], rowLow[r], rowHigh[r]);
        }
    }
}

void columnAndRowExtremes(const float *x, int64_t rows, int64_t columns, float *columnLow, float *columnHigh,
                          float *rowLow, float *rowHigh)
{
    constexpr int64_t kRows = 4;
    int64_t r = 0;
    for (; r + kRows <= rows; r += kRows)
        blockExtremes<kRows>(x + r * columns, columns, columnLow, columnHigh, rowLow + r, rowHigh + r);
    for (; r < rows; ++r)
        blockExtremes<1>(x + r * columns, columns, columnLow, columnHigh, rowLow + r, rowHigh + r);
}

void rowExtremes(const float *x, int64_t rows, int64_t columns, float *rowLow, float *rowHigh)
{
    const FloatTag d;
    const auto lanes = static_cast<int64_t>(hn::Lanes(d));
    for (int64_t r = 0; r < rows; ++r, x += columns) {
        Range first = emptyRange();
        Range second = first;
        int64_t c = 0;
        for (; c + 2 * lanes <= columns; c += 2 * lanes) {
            first.widen(hn::LoadU(d, x + c));
            second.widen(hn::LoadU(d, x + c + lanes));
        }
        for (; c + lanes <= columns; c += lanes)
            first.widen(hn::LoadU(d, x + c));
        first.low = lesserOf(second.low, first.low);
        first.high = greaterOf(second.high, first.high);
        if (c < columns && columns >= lanes) {
            first.widen(hn::LoadU(d, x + columns - lanes)); // some values twice, which changes no extreme
            c = columns;
        }
        rowLow[r] = hn::GetLane(hn::MinOfLanes(d, first.low));
        rowHigh[r] = hn::GetLane(hn::MaxOfLanes(d, first.high));
        for (; c < columns; ++c)
            widen(x[c], rowLow[r], rowHigh[r]);
    }
}

int64_t valuesOutside(const float *x, int64_t n, float low, float high, float *found)
{
    const FloatTag d;
    static_assert(hn::MaxLanes(d) <= kOutsidePadding);
    const auto lanes = static_cast<int64_t>(hn::Lanes(d));
    const FloatVector lowest = hn::Set(d, low);
    const FloatVector highest = hn::Set(d, high);
    int64_t count = 0;
    int64_t i = 0;
    for (; i + lanes <= n; i += lanes) {
        const FloatVector v = hn::LoadU(d, x + i);
        const auto outside = hn::Or(hn::Lt(v, lowest), hn::Gt(v, highest));
        if (!hn::AllFalse(d, outside))
            count += static_cast<int64_t>(hn::CompressStore(v, outside, d, found + count));
    }
    for (; i < n; ++i)
        if (x[i] < low || x[i] > high)
            found[count++] = x[i];
    return count;
}

} // namespace
} // namespace quantoscope::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace quantoscope::kernels {

HWY_EXPORT(columnAndRowExtremes);
HWY_EXPORT(rowExtremes);
HWY_EXPORT(valuesOutside);

void columnAndRowExtremes(const float *x, int64_t rows, int64_t columns, float *columnLow, float *columnHigh,
                          float *rowLow, float *rowHigh)
{
    HWY_DYNAMIC_DISPATCH(columnAndRowExtremes)(x, rows, columns, columnLow, columnHigh, rowLow, rowHigh);
}

void rowExtremes(const float *x, int64_t rows, int64_t columns, float *rowLow, float *rowHigh)
{
    HWY_DYNAMIC_DISPATCH(rowExtremes)(x, rows, columns, rowLow, rowHigh);
}

int64_t valuesOutside(const float *x, int64_t n, float low, float high, float *found)
{
    return HWY_DYNAMIC_DISPATCH(valuesOutside)(x, n, low, high, found);
}

} // namespace quantoscope::kernels
#endif
