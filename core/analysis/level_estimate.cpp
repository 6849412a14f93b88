// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/level_estimate.h"

#include "core/data/histogram_cells.h"

#include <limits>
#include <map>

namespace quantoscope {

namespace {

constexpr double kSmallestNormal = 1.1754943508222875e-38; // of float32

/// Of `count` values evenly spread over [low, high] on one side of zero: mean x = m, mean x^2 = m^2 + w^2 / 12.
HistogramSums::Moments evenlySpread(double low, double high, double count)
{
    const double middle = low + (high - low) / 2;
    const double width = high - low;
    return {count, count * middle, count * std::abs(middle), count * (middle * middle + width * width / 12)};
}

/// Sum of (x - level)^2; rounding of the running sums may take it below zero where it is nothing.
double squaredError(const HistogramSums::Moments &moments, double level)
{
    return std::max(0.0, moments.squares - 2 * level * moments.sum + level * level * moments.count);
}

} // namespace

HistogramSums::Moments &HistogramSums::Moments::operator+=(const Moments &other)
{
    count += other.count;
    sum += other.sum;
    magnitude += other.magnitude;
    squares += other.squares;
    return *this;
}

HistogramSums::Moments HistogramSums::Moments::operator-(const Moments &other) const
{
    return {count - other.count, sum - other.sum, magnitude - other.magnitude, squares - other.squares};
}

HistogramSums::Moments HistogramSums::Moments::operator*(double factor) const
{
    return {count * factor, sum * factor, magnitude * factor, squares * factor};
}

HistogramSums::HistogramSums(const ValueHistogram &histogram, std::span<const double> weights, double low, double high)
{
    m_lows.reserve(histogram.codes.size());
    m_highs.reserve(histogram.codes.size());
    m_running.reserve(histogram.codes.size() + 1);
    forEachCell(histogram, [&](double from, double to, double count) {
        // Of the two bins around zero, negative zero's too, all values are as good as 0.
        const bool zero = to - from < kSmallestNormal && std::abs(from + to) < kSmallestNormal;
        m_lows.push_back(zero ? 0 : low > from && low <= to ? low : from);
        m_highs.push_back(zero ? 0 : high < to && high >= from ? high : to);
        const size_t bin = m_running.size() - 1;
        Moments next = m_running.back();
        next += evenlySpread(m_lows.back(), m_highs.back(), bin < weights.size() ? count * weights[bin] : count);
        m_running.push_back(next);
    });
}

HistogramSums::Moments HistogramSums::upTo(double value) const
{
    // Bins do not overlap, so that their upper ends ascend like their lower ones.
    const auto bin = static_cast<size_t>(std::upper_bound(m_highs.begin(), m_highs.end(), value) - m_highs.begin());
    Moments moments = m_running[bin];
    if (bin < m_lows.size() && m_lows[bin] < value) {
        const double share = (value - m_lows[bin]) / (m_highs[bin] - m_lows[bin]);
        moments += evenlySpread(m_lows[bin], value, share * (m_running[bin + 1].count - m_running[bin].count));
    }
    return moments;
}

QuantizerEstimate estimateLevels(std::span<const LevelPart> parts)
{
    QuantizerEstimate estimate;
    std::map<double, LevelUse> uses;
    HistogramSums::Moments all;
    double error = 0;
    double clipped = 0;
    double clippedError = 0;
    double toZero = 0;
    for (const LevelPart &part : parts) {
        const LevelGrid &grid = part.grid;
        if (grid.levels.empty())
            continue;
        all += part.values->total() * part.weight;
        std::vector<LevelUse> ofPart(grid.levels.size());
        HistogramSums::Moments before;
        for (const LevelGrid::Region &region : grid.regions) {
            const HistogramSums::Moments end =
                std::isinf(region.end) ? part.values->total() : part.values->upTo(region.end);
            const HistogramSums::Moments inside = (end - before) * part.weight;
            before = end;
            if (!(inside.count > 0))
                continue;
            ofPart[region.level].share += inside.count;
            ofPart[region.level].massShare += std::max(0.0, inside.magnitude);
            error += squaredError(inside, grid.levels[region.level]);
        }
        for (size_t i = 0; i < ofPart.size(); ++i) {
            LevelUse &use = uses[grid.levels[i]];
            use.share += ofPart[i].share;
            use.massShare += ofPart[i].massShare;
        }
        const double low = std::isnan(grid.low) ? grid.levels.front() : grid.low;
        const double high = std::isnan(grid.high) ? grid.levels.back() : grid.high;
        const HistogramSums::Moments below =
            part.values->upTo(std::nextafter(low, -std::numeric_limits<double>::infinity())) * part.weight;
        const HistogramSums::Moments above = (part.values->total() - part.values->upTo(high)) * part.weight;
        clipped += std::max(0.0, below.count) + std::max(0.0, above.count);
        clippedError += squaredError(below, grid.levels[grid.regions.front().level])
                      + squaredError(above, grid.levels[grid.regions.back().level]);
    }
    for (auto &[value, use] : uses) {
        use.value = value;
        estimate.usedLevels += use.share >= 0.5;
        if (value == 0)
            toZero = use.massShare;
        use.share = all.count > 0 ? use.share / all.count : 0;
        use.massShare = all.magnitude > 0 ? use.massShare / all.magnitude : 0;
        estimate.levels.push_back(use);
    }
    if (all.count <= 0)
        return estimate;
    estimate.zeroMassShare = all.magnitude > 0 ? toZero / all.magnitude : 0;
    estimate.mse = error / all.count;
    estimate.sqnrDb = error > 0 ? 10 * std::log10(all.squares / error) : std::numeric_limits<double>::infinity();
    estimate.clippedShare = clipped / all.count;
    estimate.clippingErrorShare = error > 0 ? std::min(1.0, clippedError / error) : 0;
    return estimate;
}

QuantizerEstimate estimateLevels(const HistogramSums &values, const LevelGrid &grid)
{
    const LevelPart part{&values, grid};
    return estimateLevels(std::span(&part, 1));
}

} // namespace quantoscope
