// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/density.h"

#include "core/analysis/box_statistics.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {

std::vector<DensityPoint> logDensity(std::span<const double> values, int points)
{
    std::vector<double> logs;
    for (const double value : values)
        if (std::isfinite(value) && value > 0)
            logs.push_back(std::log10(value));
    std::sort(logs.begin(), logs.end());
    if (logs.size() < 3 || points < 2 || !(logs.back() > logs.front()))
        return {};
    const auto n = static_cast<double>(logs.size());
    double mean = 0;
    for (const double x : logs)
        mean += x / n;
    double variance = 0;
    for (const double x : logs)
        variance += (x - mean) * (x - mean) / (n - 1);
    const double spread = (quantile(logs, 0.75) - quantile(logs, 0.25)) / 1.34;
    const double deviation = spread > 0 ? std::min(std::sqrt(variance), spread) : std::sqrt(variance);
    const double width = 0.9 * deviation * std::pow(n, -0.2);

    std::vector<DensityPoint> outline;
    double largest = 0;
    for (int i = 0; i < points; ++i) {
        const double at = logs.front() + (logs.back() - logs.front()) * i / (points - 1);
        double density = 0;
        for (const double x : logs)
            density += std::exp(-0.5 * (at - x) * (at - x) / (width * width));
        outline.push_back({std::pow(10, at), density});
        largest = std::max(largest, density);
    }
    for (DensityPoint &point : outline)
        point.density /= largest;
    return outline;
}

} // namespace quantoscope
