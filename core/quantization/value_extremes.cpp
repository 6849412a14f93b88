// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/value_extremes.h"

#include "core/base/parallel.h"

#include <algorithm>

namespace quantoscope {

namespace {

constexpr int kLanes = 16;

/// Into *low and *high; halving keeps the lanes in vector registers.
inline void fold(float *lows, float *highs, float *low, float *high)
{
    for (int half = kLanes / 2; half > 0; half /= 2)
        for (int k = 0; k < half; ++k) {
            lows[k] = lows[k + half] < lows[k] ? lows[k + half] : lows[k];
            highs[k] = highs[k + half] > highs[k] ? highs[k + half] : highs[k];
        }
    *low = lows[0] < *low ? lows[0] : *low;
    *high = highs[0] > *high ? highs[0] : *high;
}

/// Widens [*low, *high] by n values. Looking at a value twice does no harm, so the last block overlaps the one before.
inline void widen(const float *x, int64_t n, float *low, float *high)
{
    if (n < kLanes) {
        for (int64_t i = 0; i < n; ++i) {
            *low = x[i] < *low ? x[i] : *low;
            *high = x[i] > *high ? x[i] : *high;
        }
        return;
    }
    float lows[kLanes];
    float highs[kLanes];
    for (int k = 0; k < kLanes; ++k) {
        lows[k] = *low;
        highs[k] = *high;
    }
    for (int64_t next = 0; next < n; next += kLanes) {
        const float *block = x + std::min(next, n - kLanes);
        for (int k = 0; k < kLanes; ++k) {
            lows[k] = block[k] < lows[k] ? block[k] : lows[k];
            highs[k] = block[k] > highs[k] ? block[k] : highs[k];
        }
    }
    fold(lows, highs, low, high);
}

/// Extremes of `rows` runs of `width` values, each and in all.
QUANTOSCOPE_KERNEL void rowExtremes(const float *x, int64_t rows, int64_t width, float *rowLow, float *rowHigh, float *low,
                                    float *high)
{
    for (int64_t r = 0; r < rows; ++r, x += width) {
        widen(x, width, &rowLow[r], &rowHigh[r]);
        *low = rowLow[r] < *low ? rowLow[r] : *low;
        *high = rowHigh[r] > *high ? rowHigh[r] : *high;
    }
}

/// Extremes over the last axis' columns.
QUANTOSCOPE_KERNEL void columnExtremes(const float *x, int64_t rows, int64_t channels, float *low, float *high)
{
    for (int64_t r = 0; r < rows; ++r, x += channels)
        for (int64_t c = 0; c < channels; ++c) {
            low[c] = x[c] < low[c] ? x[c] : low[c];
            high[c] = x[c] > high[c] ? x[c] : high[c];
        }
}

/// Both axes at once: a value is loaded once, and the row's extremes stay in registers.
QUANTOSCOPE_KERNEL void columnAndRowExtremes(const float *__restrict x, int64_t rows, int64_t channels, float *__restrict low,
                                             float *__restrict high, float *__restrict rowLow, float *__restrict rowHigh)
{
    for (int64_t r = 0; r < rows; ++r, x += channels) {
        float lows[kLanes];
        float highs[kLanes];
        for (int k = 0; k < kLanes; ++k) {
            lows[k] = rowLow[r];
            highs[k] = rowHigh[r];
        }
        int64_t c = 0;
        for (; c + kLanes <= channels; c += kLanes)
            for (int k = 0; k < kLanes; ++k) {
                const float v = x[c + k];
                low[c + k] = v < low[c + k] ? v : low[c + k];
                high[c + k] = v > high[c + k] ? v : high[c + k];
                lows[k] = v < lows[k] ? v : lows[k];
                highs[k] = v > highs[k] ? v : highs[k];
            }
        for (; c < channels; ++c) {
            const float v = x[c];
            low[c] = v < low[c] ? v : low[c];
            high[c] = v > high[c] ? v : high[c];
            lows[0] = v < lows[0] ? v : lows[0];
            highs[0] = v > highs[0] ? v : highs[0];
        }
        fold(lows, highs, &rowLow[r], &rowHigh[r]);
    }
}

} // namespace

QUANTOSCOPE_KERNEL void runExtremes(const float *x, int64_t n, float *low, float *high)
{
    widen(x, n, low, high);
}

ValueExtremes valueExtremes(const TensorView &view, int64_t channels, bool channelFirst, bool withRows)
{
    const int64_t elements = view.elements();
    ValueExtremes total;
    total.channels = Extremes(static_cast<size_t>(channels));
    if (withRows)
        total.rows = Extremes(static_cast<size_t>(elements / view.shape.back()));
    float *rowLow = total.rows.low.data();
    float *rowHigh = total.rows.high.data();
    std::vector<Extremes> parts(static_cast<size_t>(parallelThreads()), total.channels);
    if (!channelFirst) {
        parallelRanges(elements / channels, std::max<int64_t>(1, 16384 / channels),
                       [&](int64_t begin, int64_t end, int part) {
                           Extremes &mine = parts[static_cast<size_t>(part)];
                           const float *x = view.data + begin * channels;
                           if (withRows)
                               columnAndRowExtremes(x, end - begin, channels, mine.low.data(), mine.high.data(),
                                                    rowLow + begin, rowHigh + begin);
                           else
                               columnExtremes(x, end - begin, channels, mine.low.data(), mine.high.data());
                       });
    } else {
        const int64_t planes = view.shape.front() * channels;
        const int64_t plane = planes > 0 ? elements / planes : 0;
        const int64_t width = view.shape.back();
        parallelRanges(planes, 1, [&](int64_t begin, int64_t end, int part) {
            Extremes &mine = parts[static_cast<size_t>(part)];
            for (int64_t p = begin; p < end; ++p) {
                const auto c = static_cast<size_t>(p % channels);
                const float *x = view.data + p * plane;
                if (!withRows) {
                    runExtremes(x, plane, &mine.low[c], &mine.high[c]);
                    continue;
                }
                const int64_t rows = plane / width;
                rowExtremes(x, rows, width, rowLow + p * rows, rowHigh + p * rows, &mine.low[c], &mine.high[c]);
            }
        });
    }
    for (size_t c = 0; c < total.channels.low.size(); ++c) {
        for (const Extremes &part : parts) {
            total.channels.low[c] = std::min(total.channels.low[c], part.low[c]);
            total.channels.high[c] = std::max(total.channels.high[c], part.high[c]);
        }
    }
    return total;
}

} // namespace quantoscope
