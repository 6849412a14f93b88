// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/histograms.h"

#include "core/data/histogram_cells.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace quantoscope {

double LogHistogram::edge(size_t bin) const
{
    const double step = (highExponent - lowExponent) / static_cast<double>(counts.size());
    return std::pow(10.0, lowExponent + step * static_cast<double>(bin));
}

double LogHistogram::total() const
{
    return std::accumulate(counts.begin(), counts.end(), below + above);
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
            spreadCell(result.counts, a, b, count, width > 0 && bin > 0 ? bin - 1 : bin, edge);
        }
    });
    return result;
}

double shareBetween(const ValueHistogram &histogram, double low, double high)
{
    double all = 0;
    double inside = 0;
    forEachCell(histogram, [&](double a, double b, double count) {
        all += count;
        if (a >= low && b <= high)
            inside += count;
        else if (b > a)
            inside += count * std::max(0.0, std::min(b, high) - std::max(a, low)) / (b - a);
    });
    return inside / all;
}

} // namespace quantoscope
