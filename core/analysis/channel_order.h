// SPDX-License-Identifier: GPL-3.0-or-later
// Channels in the order of what matters. Pure function; any thread.
#pragma once

#include "core/analysis/range_axis.h"

#include <vector>

namespace quantoscope {

enum class ChannelOrder {
    Index,     ///< as they are stored
    Range,     ///< largest max - min first
    Magnitude, ///< largest max |x| first
    Error,     ///< lowest SQNR of the tap's own quantizer first; as Index where it was not measured
};

/// Channel indices; every channel of the tap once, unknown figures last, ties by index.
[[nodiscard]] std::vector<int> orderedChannels(const TapRecord &record, ChannelOrder order);
/// The same for the places of any axis.
[[nodiscard]] std::vector<int> orderedPlaces(const AxisRanges &ranges, ChannelOrder order);

/// Share of a channel's observed range [low, high] that lies outside [representableLow, representableHigh], 0..1; 0 for an
/// empty range.
[[nodiscard]] double clippedRangeShare(double low, double high, double representableLow, double representableHigh);

} // namespace quantoscope
