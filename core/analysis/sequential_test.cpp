// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/sequential_test.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace quantoscope {

namespace {

constexpr int kStakes = 15;
constexpr double kAlmostOne = 1 - 1e-9;

/// log of the mean capital of bettors who stake the shares 0.98, 0.49, ... of their all on a mean above `mean`, in -1..1
/// exclusively. An image multiplies the capital by 1 + share (value - mean) / (mean + 1), which the lowest value, -1,
/// turns into 1 - share.
double logCapital(double gained, double lost, double ties, double mean)
{
    std::array<double, kStakes> logs{};
    double share = 0.98;
    for (double &log : logs) {
        log = gained * std::log1p(share * (1 - mean) / (1 + mean)) + lost * std::log1p(-share)
            + ties * std::log1p(-share * mean / (1 + mean));
        share /= 2;
    }
    const double largest = *std::max_element(logs.begin(), logs.end());
    double sum = 0;
    for (const double log : logs)
        sum += std::exp(log - largest);
    return largest + std::log(sum / kStakes);
}

/// Largest mean that was refuted from below: the capital falls with the mean that it bets against.
double lowerBound(double gained, double lost, double ties, double logThreshold)
{
    double low = -kAlmostOne;
    double high = kAlmostOne;
    if (logCapital(gained, lost, ties, low) < logThreshold)
        return -1;
    for (int i = 0; i < 50; ++i) {
        const double middle = (low + high) / 2;
        (logCapital(gained, lost, ties, middle) >= logThreshold ? low : high) = middle;
    }
    return low;
}

} // namespace

void SequentialTest::add(bool referenceRight, bool ownRight)
{
    ++(referenceRight == ownRight ? m_ties : ownRight ? m_gained : m_lost);
}

double SequentialTest::logEvidence() const
{
    // Integral over p of p^gained (1-p)^lost, divided by 2^-(gained + lost).
    const auto g = static_cast<double>(m_gained);
    const auto l = static_cast<double>(m_lost);
    return std::lgamma(g + 1) + std::lgamma(l + 1) - std::lgamma(g + l + 2) + (g + l) * std::log(2.0);
}

Interval SequentialTest::difference() const
{
    const auto g = static_cast<double>(m_gained);
    const auto l = static_cast<double>(m_lost);
    const auto t = static_cast<double>(m_ties);
    const double threshold = std::log(2 / m_alpha); // half of the risk on either side
    return {100 * lowerBound(g, l, t, threshold), -100 * lowerBound(l, g, t, threshold)};
}

Decision SequentialTest::decision() const
{
    if (logEvidence() >= std::log(1 / m_alpha))
        return m_gained > m_lost ? Decision::Better : Decision::Worse;
    const Interval interval = difference();
    return interval.low > -m_margin && interval.high < m_margin ? Decision::Equivalent : Decision::None;
}

} // namespace quantoscope
