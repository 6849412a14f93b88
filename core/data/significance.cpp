// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/significance.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace quantoscope {

namespace {

/// P(|T| < sqrt(degrees) tan(angle)): the finite series for whole degrees (Abramowitz and Stegun 26.7.3, 26.7.4).
double studentShare(int degrees, double angle)
{
    const double cosine = std::cos(angle);
    const bool odd = degrees % 2 == 1;
    double term = odd ? cosine : 1;
    double sum = degrees > 1 ? term : 0;
    for (int k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
        term *= cosine * cosine * (k - 1) / k;
        sum += term;
    }
    return odd ? 2 / std::numbers::pi * (angle + std::sin(angle) * sum) : std::sin(angle) * sum;
}

} // namespace

double binomialUpperTail(int64_t successes, int64_t count, double probability)
{
    if (successes <= 0)
        return 1;
    if (successes > count || probability <= 0)
        return 0;
    if (probability >= 1)
        return 1;
    const auto n = static_cast<double>(count);
    double tail = 0;
    for (int64_t i = successes; i <= count; ++i) {
        const auto k = static_cast<double>(i);
        tail += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) + k * std::log(probability)
                         + (n - k) * std::log1p(-probability));
    }
    return std::min(1.0, tail);
}

double exactSignTest(int64_t wins, int64_t losses)
{
    return std::min(1.0, 2 * binomialUpperTail(std::max(wins, losses), wins + losses, 0.5));
}

double studentQuantile(int degrees, double confidence)
{
    constexpr int kHalvings = 60; // to the last bit of a double
    double low = 0;
    double high = std::numbers::pi / 2;
    for (int i = 0; i < kHalvings; ++i) {
        const double middle = (low + high) / 2;
        (studentShare(degrees, middle) < confidence ? low : high) = middle;
    }
    return std::sqrt(degrees) * std::tan(low);
}

} // namespace quantoscope
