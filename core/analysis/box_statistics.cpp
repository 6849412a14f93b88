// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/box_statistics.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {

double BoxStatistics::smallest() const
{
    double value = lowerWhisker;
    for (const ChannelValue &outlier : outliers)
        value = std::min(value, outlier.value);
    return value;
}

double BoxStatistics::largest() const
{
    double value = upperWhisker;
    for (const ChannelValue &outlier : outliers)
        value = std::max(value, outlier.value);
    return value;
}

double quantile(std::span<const double> sorted, double p)
{
    if (sorted.empty())
        return 0;
    const double position = std::clamp(p, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
    const auto index = static_cast<size_t>(position);
    if (index + 1 >= sorted.size())
        return sorted.back();
    const double fraction = position - static_cast<double>(index);
    return sorted[index] + fraction * (sorted[index + 1] - sorted[index]);
}

BoxStatistics boxStatistics(std::span<const double> values)
{
    std::vector<double> sorted;
    sorted.reserve(values.size());
    std::copy_if(values.begin(), values.end(), std::back_inserter(sorted),
                 [](double v) { return std::isfinite(v); });
    std::sort(sorted.begin(), sorted.end());

    BoxStatistics box;
    box.count = static_cast<int>(sorted.size());
    if (sorted.empty())
        return box;
    box.lowerQuartile = quantile(sorted, 0.25);
    box.median = quantile(sorted, 0.5);
    box.upperQuartile = quantile(sorted, 0.75);
    const double reach = 1.5 * (box.upperQuartile - box.lowerQuartile);
    const double lowFence = box.lowerQuartile - reach;
    const double highFence = box.upperQuartile + reach;
    box.lowerWhisker = *std::lower_bound(sorted.begin(), sorted.end(), lowFence);
    box.upperWhisker = *std::prev(std::upper_bound(sorted.begin(), sorted.end(), highFence));
    for (size_t channel = 0; channel < values.size(); ++channel)
        if (std::isfinite(values[channel]) && (values[channel] < lowFence || values[channel] > highFence))
            box.outliers.push_back({static_cast<int>(channel), values[channel]});
    return box;
}

std::vector<double> channelRanges(const TapStatistics &statistics)
{
    const size_t channels = std::min(statistics.channelMinimum.size(), statistics.channelMaximum.size());
    std::vector<double> ranges(channels);
    for (size_t c = 0; c < channels; ++c) {
        const double range =
            static_cast<double>(statistics.channelMaximum[c]) - static_cast<double>(statistics.channelMinimum[c]);
        ranges[c] = range >= 0 ? range : std::nan("");
    }
    return ranges;
}

} // namespace quantoscope
