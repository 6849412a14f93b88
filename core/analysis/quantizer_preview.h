// SPDX-License-Identifier: GPL-3.0-or-later
// "What if this tap had another quantizer?", answered from what calibration stored about it.
#pragma once

#include "core/analysis/level_estimate.h"
#include "core/data/quantization.h"

#include <optional>
#include <vector>

namespace quantoscope {

enum class PreviewForm {
    Uniform,          ///< levels (q - z) s
    Log2,             ///< 0 and s 2^-k, nearest in log2; negative values go to 0
    LogIntSoftmax,    ///< the same levels, rounded as the log-int-softmax does
    TwinSign,         ///< m = 2^(b-1) codes a side: k s for values >= 0 (k < m), k s_low for negative ones (k <= m)
    TwinSoftmax,      ///< m codes each: k s_low below the split (m - 1) s_low, else k s
    PowerOfTwoFactor, ///< uniform with s, 2s, 4s or 8s a channel: the smallest that holds the channel's extremes
};

/// Plain numbers that controls set; double, so that a slider is not rounded to float.
struct PreviewQuantizer {
    PreviewForm form = PreviewForm::Uniform;
    int bits = 8;         ///< 2..8
    double scale = 1;     ///< s: the step; of the log2 forms the largest level; of PowerOfTwoFactor the smallest step
    double zeroPoint = 0; ///< z in codes, Uniform and PowerOfTwoFactor
    double lowScale = 1;  ///< s_low of the twin forms
    bool isSigned = false; ///< Uniform: codes -2^(b-1) .. 2^(b-1) - 1, else 0 .. 2^b - 1
    bool narrowRange = false; ///< signed Uniform: without the code -2^(b-1)

    bool operator==(const PreviewQuantizer &) const = default;
};

[[nodiscard]] bool hasZeroPoint(PreviewForm form);
[[nodiscard]] bool isTwin(PreviewForm form);

/// Levels and decision regions; `exponent` 0..3 picks the step of PowerOfTwoFactor.
[[nodiscard]] LevelGrid previewGrid(const PreviewQuantizer &quantizer, int exponent = 0);

/// The quantizer that calibration left, where one PreviewQuantizer can say it: nothing for a float tap, for scales of
/// their own in every channel other than PTF's, and for the released form of the softmax's twin quantizer.
[[nodiscard]] std::optional<PreviewQuantizer> previewOf(const QuantizerParameters &parameters);

/// One tap's values, prepared once (some milliseconds); an estimate then takes far less than a frame. Copies what it needs.
class QuantizerPreview {
public:
    QuantizerPreview() = default;
    explicit QuantizerPreview(const TapStatistics &statistics);

    /// Channels have no histograms of their own. For PowerOfTwoFactor each value of the tap's histogram is shared out among
    /// the channels whose extremes hold it, such that every channel gets the same number of values.
    [[nodiscard]] QuantizerEstimate estimate(const PreviewQuantizer &quantizer) const;

    /// Parameters that hold all that was seen: FQ-ViT's rule for Uniform and PowerOfTwoFactor (there the largest step is the
    /// uniform one); Log2, the largest value; twin, a step per side; TwinSoftmax, of the splits 2^-k the one of least error.
    /// `isSigned`: a symmetric range (weights).
    [[nodiscard]] PreviewQuantizer forObservedRange(PreviewForm form, int bits, bool isSigned = false) const;
    /// Of 100 shrunk ranges, each side of a twin quantizer on its own, the one of least squared error.
    [[nodiscard]] PreviewQuantizer withLeastError(PreviewForm form, int bits, bool isSigned = false) const;

    [[nodiscard]] bool isEmpty() const { return m_values.total().count <= 0; }
    /// How many channels take exponent 0..3 of PowerOfTwoFactor.
    [[nodiscard]] std::vector<int> channelsPerExponent(const PreviewQuantizer &quantizer) const;

private:
    struct Extremes {
        double minimum = 0;
        double maximum = 0;
        [[nodiscard]] double magnitude() const;
    };
    /// Channels of like magnitude.
    struct ChannelClass {
        std::vector<Extremes> channels;
        HistogramSums values;
        /// How many of its channels take exponent 0..3 with the grids of those exponents.
        [[nodiscard]] std::vector<int> exponents(const std::vector<LevelGrid> &grids) const;
    };
    void classify(const TapStatistics &statistics);

    double m_minimum = 0;
    double m_maximum = 0;
    HistogramSums m_values;
    std::vector<ChannelClass> m_classes;
};

} // namespace quantoscope
