// SPDX-License-Identifier: GPL-3.0-or-later
// Layers against channels: one figure per channel of every layer, and the channels that stand out. Pure; any thread.
#pragma once

#include "core/analysis/range_axis.h"

#include <span>
#include <vector>

namespace quantoscope {

enum class ChannelFigure {
    Range,        ///< max - min
    Magnitude,    ///< max |x|
    OverMedian,   ///< max |x| over the median of the layer's channels
    IsolatedSqnr, ///< SQNR of the tap's own quantizer, dB, where it was measured
};

/// The figure of one place after the other; NaN where it is not known. OverMedian: of all places.
[[nodiscard]] std::vector<double> figuresOf(const AxisRanges &ranges, ChannelFigure figure);

struct ChannelMap {
    std::vector<int> taps; ///< rows, indices into RunRecord::taps
    size_t channels = 0;   ///< of the widest row; channels stand for the places of another axis, too
    std::vector<double> values;  ///< row after row, `channels` each; NaN where a row has no such channel
    std::vector<double> medians; ///< of the channels' max |x|, per row
    double smallest = 0;   ///< of the values that are finite and above 0 (IsolatedSqnr: finite); 0 without any
    double largest = 0;

    [[nodiscard]] double at(size_t row, size_t channel) const { return values[row * channels + channel]; }
    /// Extreme of channels [first, last) of a row, NaN without any: the largest, or the smallest for IsolatedSqnr. Used where
    /// several channels share a pixel, so that no outlier is lost.
    [[nodiscard]] double pooled(size_t row, size_t first, size_t last) const;
    bool worstIsSmallest = false; ///< IsolatedSqnr
};

[[nodiscard]] ChannelMap channelMap(const RunRecord &run, std::span<const int> taps, ChannelFigure figure,
                                    RangeAxis axis = RangeAxis::Channels);

/// A channel index whose max |x| is more than `factor` times its layer's median in at least one layer.
struct OutlierChannel {
    int channel = 0;
    int layers = 0;      ///< in how many layers it stands out
    int worstTap = -1;   ///< where most
    double overMedian = 0; ///< there
};

/// Of the rows' channels, most layers first, then the largest ratio first.
[[nodiscard]] std::vector<OutlierChannel> outlierChannels(const RunRecord &run, std::span<const int> taps,
                                                          double factor, RangeAxis axis = RangeAxis::Channels);

/// Per channel index the largest max |x| over median of all layers that have it.
[[nodiscard]] std::vector<double> largestOverMedian(const RunRecord &run, std::span<const int> taps,
                                                    RangeAxis axis = RangeAxis::Channels);

} // namespace quantoscope
