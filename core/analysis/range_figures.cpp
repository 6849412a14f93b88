// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/range_figures.h"

#include "core/analysis/quantizer_levels.h"
#include "core/data/histogram_cells.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantoscope {

RangeFigures rangeFigures(const TapRecord &record)
{
    RangeFigures figures{std::nan(""), std::nan(""), std::nan(""), false};
    const TapStatistics &statistics = record.statistics;
    if (statistics.observed && statistics.minimum <= statistics.maximum)
        figures.observed = static_cast<double>(statistics.maximum) - static_cast<double>(statistics.minimum);
    const QuantizerParameters &parameters = record.parameters;
    if (parameters.kind == QuantizerKind::Uniform || parameters.kind == QuantizerKind::TwinUniform) {
        const auto channels = static_cast<int>(std::max<size_t>(1, statistics.channelMinimum.size()));
        const std::vector<LevelRange> ranges = quantizedRanges(parameters, channels);
        double low = ranges.empty() ? std::nan("") : ranges.front().low;
        double high = ranges.empty() ? std::nan("") : ranges.front().high;
        for (const LevelRange &range : ranges) {
            low = std::min(low, range.low);
            high = std::max(high, range.high);
        }
        figures.representable = high - low;
        // With several scales the histogram does not tell which values meet which.
        if (parameters.scale.size() == 1 && !std::isnan(low)) {
            // Half a step beyond the last level still rounds to it. A bin is wider than its values: those of an end that
            // the extremes do not pass are not asked for.
            const double reach =
                parameters.kind == QuantizerKind::Uniform ? static_cast<double>(parameters.scale.front()) / 2 : 0;
            constexpr double infinity = std::numeric_limits<double>::infinity();
            low = static_cast<double>(statistics.minimum) >= low - reach ? -infinity : low - reach;
            high = static_cast<double>(statistics.maximum) <= high + reach ? infinity : high + reach;
            figures.clippedShare = shareOutside(statistics.histogram, low, high);
        }
    }
    if (record.error.measured && record.error.quantized) {
        figures.clippedShare = record.error.clippedShare;
        figures.clippingMeasured = true;
    }
    return figures;
}

double shareOutside(const ValueHistogram &histogram, double low, double high)
{
    double all = 0;
    double inside = 0;
    forEachCell(histogram, [&](double from, double to, double count) {
        all += count;
        if (to > from)
            inside += count * std::max(0.0, std::min(to, high) - std::max(from, low)) / (to - from);
        else if (from >= low && from <= high)
            inside += count;
    });
    return all > 0 ? 1 - inside / all : 0;
}

} // namespace quantoscope
