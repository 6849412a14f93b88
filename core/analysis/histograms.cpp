// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/histograms.h"

#include "core/analysis/histogram_cells.h"

#include <numeric>

namespace quantoscope {

namespace {

/// Shares `count` values, evenly spread over [low, high], out over the bins between consecutive edges.
template <typename Edge>
void spread(std::vector<double> &counts, double low, double high, double count, size_t first, Edge edge)
{
    if (high <= low) {
        counts[first] += count;
        return;
    }
    for (size_t bin = first; bin < counts.size(); ++bin) {
        const double left = std::max(low, edge(bin));
        const double right = std::min(high, edge(bin + 1));
        if (right > left)
            counts[bin] += count * (right - left) / (high - low);
        if (edge(bin + 1) >= high)
            return;
    }
}

size_t clampedBin(double position, size_t bins)
{
    return static_cast<size_t>(std::clamp(std::floor(position), 0.0, static_cast<double>(bins - 1)));
}

} // namespace

double LogHistogram::edge(size_t bin) const
{
    const double step = (highExponent - lowExponent) / static_cast<double>(counts.size());
    return std::pow(10.0, lowExponent + step * static_cast<double>(bin));
}

double LogHistogram::total() const
{
    return std::accumulate(counts.begin(), counts.end(), below + above);
}

LinearHistogram rebin(const ValueHistogram &histogram, double low, double high, int bins)
{
    LinearHistogram result{low, high, {}};
    if (bins < 1 || !(high > low))
        return result;
    result.counts.assign(static_cast<size_t>(bins), 0.0);
    const double width = (high - low) / bins;
    const auto edge = [&](size_t bin) { return low + width * static_cast<double>(bin); };
    forEachCell(histogram, [&](double a, double b, double count) {
        if (b < low || a > high)
            return;
        // One bin to the left of the computed one: rounding of the quotient may be off by one at an edge.
        const size_t bin = clampedBin((a - low) / width, result.counts.size());
        spread(result.counts, a, b, count, b > a && bin > 0 ? bin - 1 : bin, edge);
    });
    return result;
}

LogHistogram rebinLog(const ValueHistogram &histogram, double lowExponent, double highExponent, int bins)
{
    LogHistogram result{lowExponent, highExponent, {}, 0, 0};
    if (bins < 1 || !(highExponent > lowExponent))
        return result;
    result.counts.assign(static_cast<size_t>(bins), 0.0);
    std::vector<double> edges(result.counts.size() + 1);
    for (size_t i = 0; i < edges.size(); ++i)
        edges[i] = result.edge(i);
    const auto edge = [&](size_t bin) { return edges[bin]; };
    const double low = edges.front();
    const double high = edges.back();
    forEachCell(histogram, [&](double a, double b, double count) {
        const double width = b - a;
        if (b <= low) {
            result.below += count;
        } else if (a > high) {
            result.above += count;
        } else {
            if (a < low)
                result.below += count * (low - a) / width;
            if (b > high)
                result.above += count * (b - high) / width;
            const double position =
                a > low ? (std::log10(a) - lowExponent) / (highExponent - lowExponent) * bins : 0;
            const size_t bin = clampedBin(position, result.counts.size());
            spread(result.counts, a, b, count, width > 0 && bin > 0 ? bin - 1 : bin, edge);
        }
    });
    return result;
}

} // namespace quantoscope
