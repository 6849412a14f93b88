// SPDX-License-Identifier: GPL-3.0-or-later
// What a change of plan does to the isolated error of each tap, from what a run stored, without running anything.
#pragma once

#include "core/data/run_record.h"

#include <vector>

namespace quantoscope {

/// Isolated error of one tap under another setting.
struct TapPrediction {
    enum class Source {
        Unchanged, ///< the run's own setting: `sqnrDb` and `nmse` are measured
        Float,     ///< no quantizer, no error
        Histogram, ///< predicted: the new levels, over the calibrated range, laid over the stored histogram
        StepSize,  ///< predicted: the measured error with its rounding part scaled by the square of the step
        Unknown,   ///< nothing is stored that says
    };
    Source source = Source::Unknown;
    double nmse = 0;   ///< sum (x - y)^2 / sum x^2
    double sqnrDb = 0; ///< -10 log10(nmse); +inf without error

    [[nodiscard]] bool isPredicted() const { return source == Source::Histogram || source == Source::StepSize; }
    [[nodiscard]] bool isKnown() const { return source != Source::Unknown; }
};

/// `record` of a quantized run. The calibrated range stays what it is, so observers that choose another range at another
/// width (OMSE, MSE, entropy, searched intervals) do better than predicted; a change of observer alone is Unknown.
/// Where the run measured the tap, a histogram's estimate is corrected by what the same estimate misses at the run's own
/// setting. Pure; some milliseconds at most.
[[nodiscard]] TapPrediction predictTap(const TapRecord &record, const TapSetting &setting);

/// Sums over the taps of a run.
struct PlanPrediction {
    int changed = 0;       ///< taps with another setting than the run's
    int unknown = 0;       ///< of those, without a prediction
    double noiseBefore = 0; ///< sum of nmse over the taps that are known in both plans
    double noiseAfter = 0;
    std::vector<int> worst; ///< changed taps with a prediction, largest increase of nmse first
};

/// `predictions` and `before` (the run's own) parallel to the run's taps.
[[nodiscard]] PlanPrediction summarize(const std::vector<TapPrediction> &before,
                                       const std::vector<TapPrediction> &after);

} // namespace quantoscope
