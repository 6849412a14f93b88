// SPDX-License-Identifier: GPL-3.0-or-later
// How ranges came about during calibration, and how far they would move with other images. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace quantoscope {

/// What each batch and each image contributed. Matrices are row-major with one row per tap (Graph::taps); NaN where a tap
/// saw nothing: weights, views, the outermost quantiles of a last batch that no setting asked for, and in that batch what an
/// integer softmax yields. Everything a MinMax, EMA or Percentile observer did follows from it (core/quantization/range_history.h).
struct CalibrationHistory {
    size_t taps = 0;
    std::vector<int> batchImages;    ///< images of each batch, in order
    std::vector<float> minimum;      ///< tap x batch
    std::vector<float> maximum;      ///< tap x batch
    std::vector<float> tailLow;      ///< tap x batch: quantile 1e-5 of the batch
    std::vector<float> tailHigh;     ///< tap x batch: quantile 1 - 1e-5 of the batch
    size_t images = 0;               ///< columns of the following; 0: not kept (too many images)
    std::vector<float> imageMinimum; ///< tap x image, in order of calibration
    std::vector<float> imageMaximum; ///< tap x image

    [[nodiscard]] bool isEmpty() const { return batchImages.empty(); }
    [[nodiscard]] size_t batches() const { return batchImages.size(); }
    [[nodiscard]] int imagesAfter(size_t batch) const ///< images seen when `batch` (from 0) is done
    {
        int sum = 0;
        for (size_t b = 0; b <= batch && b < batchImages.size(); ++b)
            sum += batchImages[b];
        return sum;
    }
    bool operator==(const CalibrationHistory &) const = default;
};

/// Where the range of one tap lies in 90 % of the resampled calibrations; NaN throughout when nothing was observed.
/// `scale` is that of one quantizer for the whole tensor over the range: the tap's own where that is uniform, else one of
/// 8 bit, as a measure of the range.
struct RangeBand {
    float lowFrom = 0; ///< 5 % quantile of the range's lower end
    float lowTo = 0;   ///< 95 %
    float highFrom = 0;
    float highTo = 0;
    float scale = 0; ///< of the calibration itself
    float scaleFrom = 0;
    float scaleTo = 0;

    /// (scaleTo - scaleFrom) / scale: 0 would be a range that every choice of images leads to.
    [[nodiscard]] double relativeWidth() const
    {
        return scale > 0 ? static_cast<double>(scaleTo - scaleFrom) / static_cast<double>(scale) : 0;
    }
};

/// Ranges of calibrations on images drawn from the calibration set with replacement (bootstrap).
struct CalibrationStability {
    int samples = 0; ///< resampled calibrations; 0: not computed
    uint64_t seed = 0;
    std::vector<RangeBand> taps; ///< one per tap; empty: not computed
};

} // namespace quantoscope
