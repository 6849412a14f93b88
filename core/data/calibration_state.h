// SPDX-License-Identifier: GPL-3.0-or-later
// A calibration in the middle of its images, so that a later program goes on behind the last batch that it observed.
#pragma once

#include "core/data/evaluation.h"
#include "core/data/quantization.h"
#include "core/data/statistics.h"

#include <cstdint>
#include <vector>

namespace quantoscope {

/// A torch histogram (core/quantization/torch_histogram.h) on its way. `counts` is empty before the first batch.
struct TorchHistogramState {
    ObserverKind form = ObserverKind::TorchHistogram;
    float unit = 1;
    float low = 0; ///< range so far
    float high = 0;
    std::vector<float> counts;
    bool operator==(const TorchHistogramState &) const = default;
};

/// All that a TapObserver knows; without batches: nothing yet, or a tap that is not observed.
struct ObserverState {
    int batches = 0;
    TapStatistics statistics;
    float averageLow = 0; ///< running average of the batches' extremes
    float averageHigh = 0;
    bool hasPercentile = false;
    float percentileLow = 0;
    float percentileHigh = 0;
    bool keepsImages = true;
    std::vector<float> batchLow; ///< per batch, or empty: extremes, quantiles 1e-5 and 1 - 1e-5
    std::vector<float> batchHigh;
    std::vector<float> tailLow;
    std::vector<float> tailHigh;
    std::vector<float> imageLow; ///< per image, or empty
    std::vector<float> imageHigh;
    std::vector<TorchHistogramState> torchHistograms;
};

struct CalibrationState {
    int64_t seen = 0;             ///< images of the list, from its start, that were observed or could not be decoded
    double seconds = 0;           ///< that this took
    std::vector<int> batchImages; ///< images of each observed batch
    std::vector<ImageFailure> failures;
    std::vector<ObserverState> taps; ///< parallel to Graph::taps
};

} // namespace quantoscope
