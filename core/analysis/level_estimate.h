// SPDX-License-Identifier: GPL-3.0-or-later
// What a set of levels does to a stored distribution, fast enough to follow a slider. Pure functions; any thread.
#pragma once

#include "core/data/statistics.h"

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace quantoscope {

/// One representable value and what falls on it.
struct LevelUse {
    double value = 0;
    double share = 0;     ///< of the values, 0..1
    double massShare = 0; ///< of the mass sum |x| (attention mass, for a softmax), 0..1
};

/// Effect of a quantizer, estimated from a histogram: values count as evenly spread inside a histogram bin, and a bin
/// that a decision boundary cuts is split there. A distribution concentrated on single values is therefore seen
/// blurred by 2^-7 of their magnitude: SQNR estimates above about 50 dB are not reliable for those.
struct QuantizerEstimate {
    std::vector<LevelUse> levels;  ///< ascending by value
    int usedLevels = 0;            ///< levels on which at least half a value falls
    double mse = 0;                ///< mean (x - y)^2
    double sqnrDb = 0;             ///< 10 log10(sum x^2 / sum (x - y)^2); +inf without error
    double clippedShare = 0;       ///< of the values, those outside [lowest level, highest level], 0..1
    double clippingErrorShare = 0; ///< of the squared error, what the clipped values cause, 0..1
    double zeroMassShare = 0;      ///< of the mass, what is rounded to exactly 0, 0..1
};

/// The levels of a quantizer and the decision which value goes to which. Regions need not follow the levels' order: the
/// grids of a twin quantizer overlap.
struct LevelGrid {
    struct Region {
        double end = 0; ///< the region's upper end on the value axis; it starts at the end of the one before
        size_t level = 0;
    };
    std::vector<double> levels;  ///< ascending
    std::vector<Region> regions; ///< ascending ends; the last end is +inf
    /// Values outside [low, high] count as clipped; NaN: the outermost levels.
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();
};

/// A histogram with running sums of its values' powers, so that the sums over any interval cost two binary searches.
class HistogramSums {
public:
    struct Moments {
        double count = 0;
        double sum = 0;       ///< of x
        double magnitude = 0; ///< of |x|
        double squares = 0;   ///< of x^2
        Moments &operator+=(const Moments &other);
        [[nodiscard]] Moments operator-(const Moments &other) const;
        [[nodiscard]] Moments operator*(double factor) const;
    };

    HistogramSums() = default;
    /// Non-finite values are left out. `weights` multiplies the counts, one per finite bin that is not empty, in order;
    /// none: all 1. Bins are cut at [low, high], the known extremes of the values, where those lie inside a bin.
    explicit HistogramSums(const ValueHistogram &histogram, std::span<const double> weights = {},
                           double low = -std::numeric_limits<double>::infinity(),
                           double high = std::numeric_limits<double>::infinity());

    [[nodiscard]] Moments upTo(double value) const; ///< of all values <= value
    [[nodiscard]] const Moments &total() const { return m_running.back(); }

private:
    std::vector<double> m_lows; ///< edges of the bins, ascending
    std::vector<double> m_highs;
    std::vector<Moments> m_running = {{}}; ///< [i]: of all bins before i
};

/// Part of a distribution with the levels that serve it.
struct LevelPart {
    const HistogramSums *values = nullptr;
    LevelGrid grid;
    double weight = 1; ///< multiplies the counts
};

/// The parts together; levels of equal value in several parts are one. All figures 0 and levels unused without values.
[[nodiscard]] QuantizerEstimate estimateLevels(std::span<const LevelPart> parts);
[[nodiscard]] QuantizerEstimate estimateLevels(const HistogramSums &values, const LevelGrid &grid);

} // namespace quantoscope
