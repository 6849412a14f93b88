// SPDX-License-Identifier: GPL-3.0-or-later
// Walks a ValueHistogram as intervals on the value axis; for rebinning and for estimates.
#pragma once

#include "core/data/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace quantoscope {

/// Calls visit(low, high, count) for every finite bin, ascending; low <= high. Infinities and NaN are skipped.
template <typename Visit>
void forEachCell(const ValueHistogram &histogram, Visit visit)
{
    const size_t bins = std::min(histogram.codes.size(), histogram.counts.size());
    for (size_t i = 0; i < bins; ++i) {
        const double low = static_cast<double>(ValueHistogram::lowEdge(histogram.codes[i]));
        const double high = static_cast<double>(ValueHistogram::highEdge(histogram.codes[i]));
        if (std::isfinite(low) && std::isfinite(high) && histogram.counts[i] > 0)
            visit(low, high, static_cast<double>(histogram.counts[i]));
    }
}

/// Shares `count` values, evenly spread over [low, high], out over the bins between consecutive edges, of which
/// edge(first) is not above `low`.
template <typename Edge>
void spreadCell(std::vector<double> &counts, double low, double high, double count, size_t first, Edge edge)
{
    if (high <= low) {
        counts[first] += count;
        return;
    }
    for (size_t bin = first; bin < counts.size(); ++bin) {
        const double left = std::max(low, edge(bin));
        const double right = std::min(high, edge(bin + 1));
        if (right > left)
            counts[bin] += count * (right - left) / (high - low);
        if (edge(bin + 1) >= high)
            return;
    }
}

/// The bin at `position`, counted in bins from the lower end.
[[nodiscard]] inline size_t clampedBin(double position, size_t bins)
{
    return static_cast<size_t>(std::clamp(std::floor(position), 0.0, static_cast<double>(bins - 1)));
}

} // namespace quantoscope
