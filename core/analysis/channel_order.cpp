// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/channel_order.h"

#include "core/analysis/channel_map.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace quantoscope {

std::vector<int> orderedChannels(const TapRecord &record, ChannelOrder order)
{
    const TapStatistics &statistics = record.statistics;
    return orderedPlaces({statistics.channelMinimum, statistics.channelMaximum, record.error.channelIsolated}, order);
}

std::vector<int> orderedPlaces(const AxisRanges &ranges, ChannelOrder order)
{
    std::vector<int> channels(std::min(ranges.minimum.size(), ranges.maximum.size()));
    std::iota(channels.begin(), channels.end(), 0);
    if (order == ChannelOrder::Index)
        return channels;
    const bool smallestFirst = order == ChannelOrder::Error;
    std::vector<double> figures = figuresOf(ranges, order == ChannelOrder::Range       ? ChannelFigure::Range
                                                  : order == ChannelOrder::Magnitude ? ChannelFigure::Magnitude
                                                                                     : ChannelFigure::IsolatedSqnr);
    figures.resize(channels.size(), std::nan(""));
    std::stable_sort(channels.begin(), channels.end(), [&](int a, int b) {
        const double x = figures[static_cast<size_t>(a)];
        const double y = figures[static_cast<size_t>(b)];
        if (std::isnan(x) || std::isnan(y))
            return !std::isnan(x) && std::isnan(y);
        return smallestFirst ? x < y : x > y;
    });
    return channels;
}

double clippedRangeShare(double low, double high, double representableLow, double representableHigh)
{
    if (!(high > low))
        return 0;
    const double inside = std::max(0.0, std::min(high, representableHigh) - std::max(low, representableLow));
    return 1 - inside / (high - low);
}

} // namespace quantoscope
