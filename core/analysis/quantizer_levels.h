// SPDX-License-Identifier: GPL-3.0-or-later
// What a quantizer can represent, and what it would do to a stored distribution. Pure functions; any thread.
#pragma once

#include "core/analysis/level_estimate.h"
#include "core/data/quantization.h"
#include "core/data/statistics.h"

#include <vector>

namespace quantoscope {

/// From the lowest to the highest value that can be represented.
struct LevelRange {
    double low = 0;
    double high = 0;
};

/// The scale that a channel uses: its own, or with fewer scales (groups of channels, a whole tensor) the one it shares.
[[nodiscard]] int scaleIndex(const QuantizerParameters &parameters, int channel, int channels);

/// Representable values, ascending. Uniform: (q - zero point) scale for every code q; `channel` picks one of several scales
/// (the first beyond the end). Log2 and log-int-softmax with b bits: 0 and 2^-k, k = 0..2^b - 1 (255 at most). Twin
/// uniform: the values of both grids, for the released softmax form of their sum. None, or no scale: empty.
[[nodiscard]] std::vector<double> quantizerLevels(const QuantizerParameters &parameters, int channel = 0);

/// Smallest and largest level of each of `channels` channels, which share the scales evenly when there are fewer; log2 kinds
/// and the softmax forms of twin uniform: [0, 1]. Empty when the quantizer is None.
[[nodiscard]] std::vector<LevelRange> quantizedRanges(const QuantizerParameters &parameters, int channels);

/// Channels whose observed extremes lie more than half a step outside their quantized range, ascending. Empty for the
/// log2 and twin kinds and without per-channel extremes.
[[nodiscard]] std::vector<int> clippedChannels(const TapStatistics &statistics,
                                               const QuantizerParameters &parameters);

/// The levels with the rule that decides between them: uniform, the nearest level; twin uniform, what TwinForm says; log2,
/// the nearest level in log2 (boundary 2^-(k+1/2)); log-int-softmax
/// rounds the reciprocal r = 1/x up from 1.5 2^k (boundary 2^-k / 1.5). The last boundary of the log kinds, below the
/// smallest power, leads to 0. No levels: an empty grid.
[[nodiscard]] LevelGrid levelGrid(const QuantizerParameters &parameters, int channel = 0);

/// What the quantizer would do to the values of a histogram.
[[nodiscard]] QuantizerEstimate estimateQuantizer(const ValueHistogram &histogram,
                                                  const QuantizerParameters &parameters, int channel = 0);

/// Asymmetric unsigned quantizer as FQ-ViT sets it for a range, in float32: scale = max(2^-23, (max - min) / (2^b - 1)),
/// zeroPoint = clamp(-roundHalfEven(min / scale), 0, 2^b - 1).
[[nodiscard]] QuantizerParameters uniformForRange(float minimum, float maximum, int bits);

/// The log2 quantizer (no range).
[[nodiscard]] QuantizerParameters log2Quantizer(int bits);

} // namespace quantoscope
