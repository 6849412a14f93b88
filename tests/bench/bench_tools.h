// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

namespace quantoscope::bench {

using Json = nlohmann::ordered_json;

inline double rounded(double value, double places = 1000)
{
    return std::round(value * places) / places;
}

template <typename Work>
double secondsOf(Work &&work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Least time of `work` over `repeats` runs after one that does not count: what the machine can do when left alone.
template <typename Work>
double leastSeconds(int repeats, Work &&work)
{
    work();
    double least = secondsOf(work);
    for (int i = 1; i < repeats; ++i)
        least = std::min(least, secondsOf(work));
    return least;
}

inline double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

inline double peakMegabytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0; // Linux counts in KiB
}

} // namespace quantoscope::bench
