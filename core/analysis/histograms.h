// SPDX-License-Identifier: GPL-3.0-or-later
// Histograms for plots, made from the stored ValueHistogram. Pure functions; any thread.
#pragma once

#include "core/data/statistics.h"

#include <cstddef>
#include <vector>

namespace quantoscope {

/// Bins of equal width on a log10 axis over [10^lowExponent, 10^highExponent].
struct LogHistogram {
    double lowExponent = -6;
    double highExponent = 0;
    std::vector<double> counts; ///< fractional: a source bin is shared out over the bins that it overlaps
    double below = 0;           ///< values at or under the lower edge: zero and negative ones included
    double above = 0;           ///< values over the upper edge

    [[nodiscard]] double edge(
        size_t bin) const; ///< lower edge of a bin on the value axis; edge(counts.size()) is the upper end
    [[nodiscard]] double total() const; ///< below + counts + above
};

/// rebin() on a log10 axis. Needs bins >= 1 and highExponent > lowExponent, else counts are empty.
[[nodiscard]] LogHistogram rebinLog(const ValueHistogram &histogram, double lowExponent, double highExponent,
                                    int bins);

/// Share of the values in [low, high], 0..1; values are taken as evenly spread inside a source bin, as rebin() does. With
/// -infinity below it is the rank of `high` among the values. NaN without values.
[[nodiscard]] double shareBetween(const ValueHistogram &histogram, double low, double high);

} // namespace quantoscope
