// SPDX-License-Identifier: GPL-3.0-or-later
// Five-number summaries of per-channel figures. Pure functions; any thread.
#pragma once

#include "core/data/statistics.h"

#include <span>
#include <vector>

namespace quantoscope {

struct ChannelValue {
    int channel = 0;
    double value = 0;
};

/// Tukey's box plot.
struct BoxStatistics {
    int count = 0;           ///< finite values; 0: nothing else is meaningful
    double lowerWhisker = 0; ///< smallest value >= lowerQuartile - 1.5 (upperQuartile - lowerQuartile)
    double lowerQuartile = 0;
    double median = 0;
    double upperQuartile = 0;
    double upperWhisker = 0;            ///< largest value <= upperQuartile + 1.5 (upperQuartile - lowerQuartile)
    std::vector<ChannelValue> outliers; ///< values beyond the whiskers, by channel

    [[nodiscard]] double smallest() const; ///< of all values, outliers included
    [[nodiscard]] double largest() const;  ///< of all values, outliers included
    /// largest() / median: how far the worst channel stands out. 0 when the median is not positive.
    [[nodiscard]] double largestOverMedian() const { return median > 0 ? largest() / median : 0; }
};

/// Quantile of ascending `sorted` by linear interpolation at position p (n - 1), p in 0..1 (NumPy's default).
/// 0 for an empty span.
[[nodiscard]] double quantile(std::span<const double> sorted, double p);

/// Box of `values`, one per channel. Non-finite values are left out.
[[nodiscard]] BoxStatistics boxStatistics(std::span<const double> values);

/// max - min of every channel that was observed; NaN for a channel that saw no value.
[[nodiscard]] std::vector<double> channelRanges(const TapStatistics &statistics);

} // namespace quantoscope
