// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/significance.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {

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

} // namespace quantoscope
