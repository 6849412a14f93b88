// SPDX-License-Identifier: GPL-3.0-or-later
// Extremes of a tensor per channel and per row, in one scan with all threads.
#pragma once

#include "core/data/tensor_view.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace quantoscope {

/// Smallest and largest values; +inf and -inf where there were none. NaN is not seen.
struct Extremes {
    std::vector<float> low;
    std::vector<float> high;
    explicit Extremes(size_t n = 0)
        : low(n, std::numeric_limits<float>::infinity()), high(n, -std::numeric_limits<float>::infinity())
    {
    }
};

struct ValueExtremes {
    Extremes channels;
    Extremes rows; ///< runs along the last axis, in order; empty unless asked for
};

/// Channels are the last axis, or with `channelFirst` the second.
[[nodiscard]] ValueExtremes valueExtremes(const TensorView &view, int64_t channels, bool channelFirst, bool withRows);

/// Widens [*low, *high] by n values.
void runExtremes(const float *x, int64_t n, float *low, float *high);

} // namespace quantoscope
