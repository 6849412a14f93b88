// SPDX-License-Identifier: GPL-3.0-or-later
// What calibration and analysis saw at a tap. Plain values that views, the run file and the command line read.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace quantoscope {

/// Counts of float32 values by their upper 16 bits (sign, exponent, 7 mantissa bits): 128 bins per octave.
/// No range has to be known before the first batch, merging is exact, and the result does not depend on how
/// images fall into batches. Bin `code` holds all values whose float32 bits shifted right by 16 equal `code`.
struct ValueHistogram {
    std::vector<uint16_t> codes;  ///< non-empty bins, ordered by value from the most negative to the most positive
    std::vector<uint64_t> counts; ///< same length

    [[nodiscard]] static float lowEdge(uint16_t code);  ///< smaller end of the bin on the value axis
    [[nodiscard]] static float highEdge(uint16_t code); ///< larger end of the bin on the value axis
    [[nodiscard]] uint64_t total() const;
};

/// Bins of equal width over [low, high], for plots on a linear axis.
struct LinearHistogram {
    double low = 0;
    double high = 1;
    std::vector<double> counts; ///< fractional: a source bin is shared out over the bins that it overlaps
};

/// `bins` bins of equal width over [low, high]. A source bin [a, b] with count c gives a target bin c |overlap| / (b - a),
/// that is, values are taken as evenly spread inside a source bin (2^-7 of their magnitude wide). Values outside
/// [low, high] and non-finite ones are left out. Empty counts when bins < 1 or high <= low.
[[nodiscard]] LinearHistogram rebin(const ValueHistogram &histogram, double low, double high, int bins);

struct TapStatistics {
    bool observed = false;
    uint64_t count = 0; ///< values seen
    float minimum = std::numeric_limits<float>::infinity();
    float maximum = -std::numeric_limits<float>::infinity();
    std::vector<float> channelMinimum; ///< one per channel (Tap::channels)
    std::vector<float> channelMaximum;
    ValueHistogram histogram;
    std::vector<float> tokenMinimum = {}; ///< one per token, window after window; empty where there are no tokens
    std::vector<float> tokenMaximum = {};
    int tokenWindows = 1; ///< windows that the tokens lie in
};

/// Definitions: state-of-the-art.md section 6. x is the float value, y the quantized one.
struct ErrorMetrics {
    double mse = 0;          ///< mean (x-y)^2
    double nmse = 0;         ///< sum (x-y)^2 / sum x^2
    double sqnrDb = 0;       ///< 10 log10(sum x^2 / sum (x-y)^2); +inf when equal
    double cosine = 1;       ///< per image over the flattened tensor, averaged over images
};

/// What the rows of an attention matrix add up to once they are quantized; exactly 1 in float.
struct RowSums {
    static constexpr int kBins = 80;
    static constexpr double kHighest = 2; ///< the last bin also holds what lies beyond

    int64_t rows = 0;
    double meanAbsoluteError = 0; ///< mean |sum - 1|
    double lowest = 0;
    double highest = 0;
    std::vector<uint64_t> counts; ///< kBins bins of equal width over [0, kHighest]; empty: not measured
};

/// Error of one tap. A weight has the isolated error only.
struct TapError {
    bool measured = false;
    bool quantized = false;     ///< whether the plan quantizes this tap; an unquantized one still has a cumulative error
    ErrorMetrics isolated;      ///< Q(float value) against the float value: this tap's own rounding and clipping
    ErrorMetrics network;       ///< value in the fully quantized network, before this tap's own quantizer, against float
    ErrorMetrics cumulative;    ///< the same after this tap's own quantizer: all error from the input up to here
    bool hasCumulative = false; ///< network and cumulative were measured
    std::vector<ErrorMetrics> channelIsolated;   ///< per channel (output channel of a weight); empty: not measured
    std::vector<ErrorMetrics> channelCumulative;
    std::vector<ErrorMetrics> tokenIsolated;     ///< per token; empty for weights
    std::vector<ErrorMetrics> tokenCumulative;
    std::vector<double> imageSignal;     ///< sum of x^2 per image (RunRecord::analysed); these three: empty for weights
    std::vector<double> imageIsolated;   ///< sum of (x-y)^2, this tap's own rounding and clipping; empty: not quantized
    std::vector<double> imageCumulative; ///< the same for the whole network up to here
    int codesUsed = 0;          ///< levels that occurred, over all channels
    double codeEntropyBits = 0; ///< Shannon entropy of the levels
    RowSums rowSums;            ///< of quantized attention weights (each row of the isolated value)
    double clippedShare = 0;    ///< share of values outside the representable range, 0..1
    double clippingErrorShare = 0; ///< share of the isolated squared error that clipped values cause, 0..1
};

} // namespace quantoscope
