// SPDX-License-Identifier: GPL-3.0-or-later
// Walks a ValueHistogram as intervals on the value axis; private to core/analysis.
#pragma once

#include "core/data/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

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

} // namespace quantoscope
