// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/density.h"

#include "core/analysis/box_statistics.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

constexpr double kReach = 6; ///< bandwidths; exp(-6^2 / 2) = 1.5e-8

} // namespace

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

    // From point to point of an even grid a Gaussian changes by a factor that itself changes by a factor, so that two
    // exponentials a value will do. What lies beyond the reach cannot be seen.
    const double step = (logs.back() - logs.front()) / (points - 1);
    const double decay = std::exp(-step * step / (width * width));
    std::vector<double> densities(static_cast<size_t>(points));
    for (const double x : logs) {
        const double from = (x - kReach * width - logs.front()) / step;
        const double to = (x + kReach * width - logs.front()) / step;
        const auto first = static_cast<int>(std::ceil(std::max(0.0, from)));
        const auto last = static_cast<int>(std::floor(std::min(points - 1.0, to)));
        const double away = logs.front() + first * step - x;
        double density = std::exp(-0.5 * away * away / (width * width));
        double factor = std::exp(-step * (away + 0.5 * step) / (width * width));
        for (int i = first; i <= last; ++i) {
            densities[static_cast<size_t>(i)] += density;
            density *= factor;
            factor *= decay;
        }
    }
    const double largest = *std::max_element(densities.begin(), densities.end());
    if (!(largest > 0))
        return {};
    std::vector<DensityPoint> outline;
    for (int i = 0; i < points; ++i)
        outline.push_back({std::pow(10, logs.front() + step * i), densities[static_cast<size_t>(i)]});
    for (DensityPoint &point : outline)
        point.density /= largest;
    return outline;
}

} // namespace quantoscope
