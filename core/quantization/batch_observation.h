// SPDX-License-Identifier: GPL-3.0-or-later
// What observers need to know of a batch of values, from one scan, and how parts of a batch become one.
#pragma once

#include "core/data/statistics.h"
#include "core/data/tensor_view.h"

#include <cstdint>
#include <limits>
#include <span>
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
    /// Of both; the sizes are equal.
    void widen(const Extremes &other);
};

struct BatchObservation {
    int64_t count = 0;
    Extremes channels;
    Extremes rows;               ///< of the runs along the last axis, in order; empty unless asked for
    std::vector<float> lowTail;  ///< smallest values, ascending; NaN left aside
    std::vector<float> highTail; ///< largest values, descending
    ValueHistogram histogram;
};

/// What is wanted beside extremes per channel and the histogram.
struct ObservationScope {
    int64_t tail = 0;   ///< length of each tail
    bool rows = false;
};

/// One scan of `values`, piece by piece so that a piece stays in the first-level cache, on all threads of OpenMP. Channels
/// are the last axis, or with `channelFirst` the second.
[[nodiscard]] BatchObservation observeBatch(const TensorView &values, int64_t channels, bool channelFirst,
                                            ObservationScope scope);

/// The observation of a batch whose parts, in order, were observed with the same scope. At least one part.
[[nodiscard]] BatchObservation joinObservations(std::span<const BatchObservation *const> parts, ObservationScope scope);

/// Adds the counts of `other`.
void mergeHistogram(ValueHistogram &into, const ValueHistogram &other);

} // namespace quantoscope
