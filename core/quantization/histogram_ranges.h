// SPDX-License-Identifier: GPL-3.0-or-later
// Ranges that follow from the stored histogram of a tap, without another pass over the images. The histogram has 128 bins
// an octave, and values count as evenly spread inside a bin: a threshold is known to 2^-8 of its magnitude.
#pragma once

#include "core/data/quantization.h"
#include "core/data/statistics.h"
#include "core/quantization/value_range.h"

#include <functional>
#include <vector>

namespace quantoscope {

/// Threshold T of symmetric quantization with the least Kullback-Leibler divergence, as {-T, T}: the entropy calibration of
/// TensorRT (S. Migacz, "8-bit Inference with TensorRT", GTC 2017). The magnitudes are counted in 2048 equal bins, the
/// first of which takes the count of the second (NVIDIA's pytorch-quantization: zeros say nothing about a threshold); for
/// each i from 2^(bits-1) on the first i bins, with everything beyond added to the last of them, are compared with
/// themselves merged into 2^(bits-1) levels and spread again over their non-empty bins. T is the middle of bin i.
[[nodiscard]] ValueRange entropyRange(const ValueHistogram &histogram, int bits);

/// A histogram as weighted values, on which quantizers can be tried.
class HistogramSamples {
public:
    explicit HistogramSamples(const ValueHistogram &histogram);
    /// Mean (x - Q(x))^2; one scale only.
    [[nodiscard]] double squaredError(const QuantizerParameters &parameters) const;

private:
    std::vector<float> m_values;
    std::vector<double> m_weights;
    double m_total = 0;
};

/// The factor from 2^-10 to 1 with the least cost: the best of a grid of eighths of an octave, then of finer ones around it
/// (1/512 octave). The larger factor wins ties.
[[nodiscard]] double leastFactor(const std::function<double(double)> &cost);

/// The range inside `range` whose parameters have the least squared error. Ends on both sides of 0 move towards it, first
/// together and then in turn; a range on one side of 0 keeps its inner end. `parametersFor` makes the quantizer of a range.
[[nodiscard]] ValueRange leastErrorRange(const ValueHistogram &histogram, ValueRange range, bool symmetric,
                                         const std::function<QuantizerParameters(ValueRange)> &parametersFor);

} // namespace quantoscope
