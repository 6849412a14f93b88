// SPDX-License-Identifier: GPL-3.0-or-later
// A tap's extremes along one of its axes: channels, tokens or attention heads. Pure functions; any thread.
#pragma once

#include "core/analysis/quantizer_levels.h"
#include "core/data/run_record.h"

#include <cstddef>
#include <vector>

namespace quantoscope {

enum class RangeAxis { Channels, Tokens, Heads };

/// One minimum and one maximum per place; minimum above maximum where nothing was seen.
struct AxisRanges {
    std::vector<float> minimum;
    std::vector<float> maximum;
    std::vector<ErrorMetrics> isolated; ///< of the tap's own quantizer; empty: not measured along this axis
    [[nodiscard]] size_t size() const { return minimum.size(); }
};

/// Attention heads of a block; 0: it has none.
[[nodiscard]] int headsOf(const ModelInfo &model, int block);

/// Empty where the tap has no such axis, or it was not observed. Heads: of scores and attention weights their channels; of
/// q, k, v in one (3 x heads: all of q first) and of the merged heads the extremes of the channels that belong to each.
[[nodiscard]] AxisRanges rangesAlong(const ModelInfo &model, const TapRecord &record, RangeAxis axis);

/// First channel of each place of rangesAlong, and one past the last channel at the end; empty for tokens, which have all.
[[nodiscard]] std::vector<int> channelBounds(const ModelInfo &model, const TapRecord &record, RangeAxis axis);

/// What the tap's quantizer represents at each place, the widest of the scales that meet there. Empty in float.
[[nodiscard]] std::vector<LevelRange> levelsAlong(const ModelInfo &model, const TapRecord &record, RangeAxis axis);

/// Places whose extremes lie more than half of the largest step outside their levels, ascending (as clippedChannels).
[[nodiscard]] std::vector<int> clippedPlaces(const AxisRanges &ranges, const std::vector<LevelRange> &levels,
                                             const QuantizerParameters &parameters);

/// max - min of every place; NaN for one that saw no value.
[[nodiscard]] std::vector<double> widths(const AxisRanges &ranges);

} // namespace quantoscope
