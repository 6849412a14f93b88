// SPDX-License-Identifier: GPL-3.0-or-later
// The calibration histogram of torch's HistogramObserver (specification 6.5), which TinyNeuralNetwork uses.
#pragma once

#include "core/data/calibration_state.h"
#include "core/data/quantization.h"
#include "core/quantization/value_range.h"

#include <cstdint>
#include <vector>

namespace quantoscope {

/// 2048 bins over the range so far. A batch that widens the range re-bins what is there, which loses a little: order and
/// number of batches change the outcome, as they do in torch. Two forms:
/// TorchHistogram113, as torch 1.13: the histogram is taken between the ends cut to whole numbers, yet its bins count as
/// spread over the whole range, so values beyond the cut ends vanish and the others shift.
/// TorchHistogram, the same without the cut, which torch 2 dropped. (Torch 2 also re-bins in another way, so the two agree
/// closely, not to the last bit.)
/// A plain value: copying it keeps the state.
class TorchHistogram {
public:
    /// `unit` multiplies every value before it is counted, and range() divides by it: a product that the traced program
    /// observes before its scaling.
    TorchHistogram(ObserverKind form, float unit);

    /// Adds a batch whose extremes are known. A batch whose range is not finite is left out.
    void add(const float *x, int64_t n, ValueRange extremes);

    /// The part of the range that codes of `bits` bits represent with the least estimated squared error: both ends move
    /// in by steps of 1e-5 of the values while that error falls. {0, 0} before the first batch.
    [[nodiscard]] ValueRange range(int bits) const;

    [[nodiscard]] TorchHistogramState state() const;
    /// Goes on from `state`. False, and nothing changed: it is one of another form or unit, or has another number of bins.
    [[nodiscard]] bool restore(const TorchHistogramState &state);

private:
    [[nodiscard]] std::vector<float> count(const float *x, int64_t n, ValueRange ends, ValueRange extremes) const;
    void widen(std::vector<float> &counts, int64_t rate, int64_t start) const;
    [[nodiscard]] float error(int first, int last, int codes) const;

    bool m_cut;
    float m_unit;
    ValueRange m_range;
    std::vector<float> m_counts; ///< empty before the first batch
};

} // namespace quantoscope
