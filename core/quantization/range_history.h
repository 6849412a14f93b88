// SPDX-License-Identifier: GPL-3.0-or-later
// What a calibration's history says: ranges batch by batch, when they settled, and where other images would have led.
#pragma once

#include "core/data/run_record.h"
#include "core/quantization/tap_observer.h"

#include <optional>
#include <random>
#include <vector>

namespace quantoscope {

/// History of `observers` (one per tap, empty where nothing is observed) over batches of these sizes. A tap that saw the
/// same values for every image (a parameter) has them in every column.
[[nodiscard]] CalibrationHistory historyOf(const std::vector<std::optional<TapObserver>> &observers,
                                           const std::vector<int> &batchImages);

/// The observer whose range can be followed: EMA and Percentile themselves; all others start from the extremes (MinMax).
[[nodiscard]] ObserverKind followedObserver(ObserverKind observer);

/// The range of a tap after each batch as that observer holds it, bit for bit; a batch without values leaves it as it was,
/// and before the first one it is NaN. `kind`: MinMax, Ema or Percentile.
[[nodiscard]] std::vector<ValueRange> runningRanges(const CalibrationHistory &history, size_t tap,
                                                    ObserverKind kind);

/// Share of the last range's width by which an end may move and still count as settled.
inline constexpr double kSettledShare = 0.01;

struct RangeConvergence {
    bool observed = false;
    bool moves = false; ///< the last batch moved the range by more than kSettledShare
    int images = 0;     ///< seen when the range was within kSettledShare of the last one, for good
    double lastMove =
        0; ///< largest move of an end over the last quarter of the batches (at least one), share of the width
};

[[nodiscard]] RangeConvergence rangeConvergence(const CalibrationHistory &history, size_t tap, ObserverKind kind);

/// All activation taps of a run, each by its own followed observer.
struct NetworkConvergence {
    int observed = 0;
    int moving = 0;   ///< taps that the last batch still moved
    int images = 0;   ///< after which all others had settled
    int slowest = -1; ///< of the moving taps the one that moved most lately, else the last to settle
};

/// Index into RunRecord::taps; weights and parameters do not depend on images and are left out. Nothing without a history.
[[nodiscard]] NetworkConvergence networkConvergence(const RunRecord &run);

/// The activation tap with the largest RangeBand::relativeWidth(); -1 without bands.
[[nodiscard]] int mostUnstableTap(const RunRecord &run);

/// Indices of one resample: `count` draws from 0..count-1 with replacement, in order. Depends on the engine's state alone.
[[nodiscard]] std::vector<size_t> drawResample(std::mt19937_64 &engine, size_t count);

/// 5 % to 95 % of the ranges that each tap's observer (as `settings` say, see followedObserver) finds on `samples` resampled
/// calibrations. MinMax: images are drawn, which is exact; where images were not kept, and for EMA and Percentile, batches
/// are, and run through the observer in the order drawn. All taps see the same draws. Each sample takes one draw of the engine
/// seeded with `seed` for images (none where they were not kept) and the next one for batches. Quantiles are order statistics (nearest rank). Nothing
/// when `samples` is below 1 or the history is empty.
[[nodiscard]] CalibrationStability resampledStability(const CalibrationHistory &history,
                                                      const std::vector<TapSetting> &settings, int samples,
                                                      uint64_t seed);

} // namespace quantoscope
