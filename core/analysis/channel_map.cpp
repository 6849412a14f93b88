// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/channel_map.h"

#include "core/analysis/box_statistics.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

std::vector<double> magnitudes(const AxisRanges &ranges)
{
    std::vector<double> values(ranges.size(), std::nan(""));
    for (size_t c = 0; c < ranges.size(); ++c)
        if (ranges.minimum[c] <= ranges.maximum[c])
            values[c] = static_cast<double>(std::max(std::abs(ranges.minimum[c]), std::abs(ranges.maximum[c])));
    return values;
}

const TapRecord &recordOf(const RunRecord &run, int tap)
{
    return run.taps[static_cast<size_t>(tap)];
}

/// Visits (channel, ratio) of every channel of a tap whose median is positive.
template <typename Visit>
void forEachRatio(const RunRecord &run, int tap, RangeAxis axis, Visit visit)
{
    const std::vector<double> ratios
        = figuresOf(rangesAlong(run.model, recordOf(run, tap), axis), ChannelFigure::OverMedian);
    for (size_t c = 0; c < ratios.size(); ++c)
        if (std::isfinite(ratios[c]))
            visit(c, ratios[c]);
}

} // namespace

std::vector<double> figuresOf(const AxisRanges &ranges, ChannelFigure figure)
{
    if (figure == ChannelFigure::Range)
        return widths(ranges);
    if (figure == ChannelFigure::IsolatedSqnr) {
        std::vector<double> values;
        for (const ErrorMetrics &metrics : ranges.isolated)
            values.push_back(metrics.sqnrDb);
        return values;
    }
    std::vector<double> values = magnitudes(ranges);
    if (figure == ChannelFigure::OverMedian) {
        const double median = boxStatistics(values).median;
        for (double &value : values)
            value = median > 0 ? value / median : std::nan("");
    }
    return values;
}

double ChannelMap::pooled(size_t row, size_t first, size_t last) const
{
    double worst = std::nan("");
    for (size_t c = first; c < std::min(last, channels); ++c)
        if (const double value = at(row, c);
            !std::isnan(value) && (std::isnan(worst) || (worstIsSmallest ? value < worst : value > worst)))
            worst = value;
    return worst;
}

ChannelMap channelMap(const RunRecord &run, std::span<const int> taps, ChannelFigure figure, RangeAxis axis)
{
    ChannelMap map;
    map.worstIsSmallest = figure == ChannelFigure::IsolatedSqnr;
    std::vector<std::vector<double>> rows;
    for (const int tap : taps) {
        map.taps.push_back(tap);
        const AxisRanges ranges = rangesAlong(run.model, recordOf(run, tap), axis);
        rows.push_back(figuresOf(ranges, figure));
        map.medians.push_back(boxStatistics(magnitudes(ranges)).median);
        map.channels = std::max(map.channels, rows.back().size());
    }
    bool any = false;
    for (std::vector<double> &row : rows) {
        for (const double value : row)
            if (std::isfinite(value) && (map.worstIsSmallest || value > 0)) {
                map.smallest = any ? std::min(map.smallest, value) : value;
                map.largest = any ? std::max(map.largest, value) : value;
                any = true;
            }
        row.resize(map.channels, std::nan(""));
        map.values.insert(map.values.end(), row.begin(), row.end());
    }
    return map;
}

std::vector<OutlierChannel> outlierChannels(const RunRecord &run, std::span<const int> taps, double factor, RangeAxis axis)
{
    std::vector<OutlierChannel> byChannel;
    for (const int tap : taps)
        forEachRatio(run, tap, axis, [&](size_t c, double ratio) {
            if (ratio <= factor)
                return;
            if (byChannel.size() <= c)
                byChannel.resize(c + 1);
            OutlierChannel &one = byChannel[c];
            one.channel = static_cast<int>(c);
            ++one.layers;
            if (ratio > one.overMedian) {
                one.overMedian = ratio;
                one.worstTap = tap;
            }
        });
    std::erase_if(byChannel, [](const OutlierChannel &one) { return one.layers == 0; });
    std::stable_sort(byChannel.begin(), byChannel.end(), [](const OutlierChannel &a, const OutlierChannel &b) {
        return a.layers != b.layers ? a.layers > b.layers : a.overMedian > b.overMedian;
    });
    return byChannel;
}

std::vector<double> largestOverMedian(const RunRecord &run, std::span<const int> taps, RangeAxis axis)
{
    std::vector<double> largest;
    for (const int tap : taps)
        forEachRatio(run, tap, axis, [&](size_t c, double ratio) {
            if (largest.size() <= c)
                largest.resize(c + 1, std::nan(""));
            if (!(largest[c] >= ratio))
                largest[c] = ratio;
        });
    return largest;
}

} // namespace quantoscope
