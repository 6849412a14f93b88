// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/range_axis.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

/// Groups of channels that make up the heads; 0: the tap has no heads.
int headGroups(const ModelInfo &model, const TapRecord &record)
{
    const Tap &tap = record.tap;
    if (tap.kind == TapKind::Weight)
        return 0;
    const int heads = headsOf(model, tap.block);
    switch (tap.role) {
    case Role::Scores:
    case Role::AttentionWeights:
    case Role::AttentionOperand: return static_cast<int>(tap.channels);
    case Role::Qkv: return 3 * heads;
    case Role::Context: return heads;
    default: return 0;
    }
}

} // namespace

int headsOf(const ModelInfo &model, int block)
{
    if (block < 0)
        return 0;
    int first = 0;
    for (const StageInfo &stage : model.stages) {
        if (block < first + stage.depth)
            return stage.heads;
        first += stage.depth;
    }
    return model.heads;
}

std::vector<int> channelBounds(const ModelInfo &model, const TapRecord &record, RangeAxis axis)
{
    const auto channels = static_cast<int>(
        std::min(record.statistics.channelMinimum.size(), record.statistics.channelMaximum.size()));
    const int places = axis == RangeAxis::Channels ? channels
                     : axis == RangeAxis::Heads    ? headGroups(model, record)
                                                   : 0;
    if (places < 1 || channels % places != 0)
        return {};
    std::vector<int> bounds;
    for (int place = 0; place <= places; ++place)
        bounds.push_back(place * (channels / places));
    return bounds;
}

AxisRanges rangesAlong(const ModelInfo &model, const TapRecord &record, RangeAxis axis)
{
    const TapStatistics &statistics = record.statistics;
    if (!statistics.observed)
        return {};
    if (axis == RangeAxis::Tokens)
        return {statistics.tokenMinimum, statistics.tokenMaximum, record.error.tokenIsolated};
    if (axis == RangeAxis::Channels)
        return {statistics.channelMinimum, statistics.channelMaximum, record.error.channelIsolated};
    const std::vector<int> bounds = channelBounds(model, record, axis);
    AxisRanges ranges;
    for (size_t place = 0; place + 1 < bounds.size(); ++place) {
        const auto low = statistics.channelMinimum.begin();
        const auto high = statistics.channelMaximum.begin();
        ranges.minimum.push_back(*std::min_element(low + bounds[place], low + bounds[place + 1]));
        ranges.maximum.push_back(*std::max_element(high + bounds[place], high + bounds[place + 1]));
    }
    if (ranges.size() == record.error.channelIsolated.size())
        ranges.isolated = record.error.channelIsolated;
    return ranges;
}

std::vector<LevelRange> levelsAlong(const ModelInfo &model, const TapRecord &record, RangeAxis axis)
{
    const auto channels = static_cast<int>(record.statistics.channelMinimum.size());
    const std::vector<LevelRange> own = quantizedRanges(record.parameters, channels);
    if (axis == RangeAxis::Channels || own.empty())
        return own;
    const auto widest = [&](size_t first, size_t last) {
        LevelRange all = own[first];
        for (size_t c = first; c < last; ++c)
            all = {std::min(all.low, own[c].low), std::max(all.high, own[c].high)};
        return all;
    };
    if (axis == RangeAxis::Tokens)
        return std::vector<LevelRange>(record.statistics.tokenMinimum.size(), widest(0, own.size()));
    const std::vector<int> bounds = channelBounds(model, record, axis);
    std::vector<LevelRange> levels;
    for (size_t place = 0; place + 1 < bounds.size(); ++place)
        levels.push_back(widest(static_cast<size_t>(bounds[place]), static_cast<size_t>(bounds[place + 1])));
    return levels;
}

std::vector<int> clippedPlaces(const AxisRanges &ranges, const std::vector<LevelRange> &levels,
                               const QuantizerParameters &parameters)
{
    std::vector<int> clipped;
    if (parameters.kind != QuantizerKind::Uniform || parameters.scale.empty())
        return clipped;
    const double reach =
        static_cast<double>(*std::max_element(parameters.scale.begin(), parameters.scale.end())) / 2;
    for (size_t i = 0; i < std::min(ranges.size(), levels.size()); ++i)
        if (static_cast<double>(ranges.minimum[i]) < levels[i].low - reach
            || static_cast<double>(ranges.maximum[i]) > levels[i].high + reach)
            clipped.push_back(static_cast<int>(i));
    return clipped;
}

std::vector<double> widths(const AxisRanges &ranges)
{
    std::vector<double> widths(ranges.size(), std::nan(""));
    for (size_t i = 0; i < ranges.size(); ++i)
        if (ranges.minimum[i] <= ranges.maximum[i])
            widths[i] = static_cast<double>(ranges.maximum[i]) - static_cast<double>(ranges.minimum[i]);
    return widths;
}

} // namespace quantoscope
