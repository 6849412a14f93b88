// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/evaluation.h"

#include "core/data/significance.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace quantoscope {

Interval wilsonInterval(int64_t successes, int64_t count)
{
    if (count <= 0)
        return {0, 100};
    const double z = 1.959963984540054; // two-sided 95 % quantile of the normal distribution
    const double n = static_cast<double>(count);
    const double p = static_cast<double>(successes) / n;
    const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
    return {100 * std::max(0.0, centre - half), 100 * std::min(1.0, centre + half)};
}

Interval EvaluationResult::top1Interval() const
{
    return wilsonInterval(top1Correct, count);
}

Interval EvaluationResult::top5Interval() const
{
    return wilsonInterval(top5Correct, count);
}

PairedComparison comparePaired(const EvaluationResult &first, const EvaluationResult &second)
{
    std::unordered_map<int, const ImageOutcome *> byImage;
    for (const ImageOutcome &outcome : first.images)
        byImage[outcome.image] = &outcome;
    PairedComparison paired;
    for (const ImageOutcome &b : second.images) {
        const auto found = byImage.find(b.image);
        if (found == byImage.end())
            continue;
        const ImageOutcome &a = *found->second;
        ++paired.common;
        paired.agree += a.top5[0] == b.top5[0];
        if (a.label < 0)
            continue;
        const bool aRight = a.top5[0] == a.label;
        const bool bRight = b.top5[0] == b.label;
        paired.gained += !aRight && bRight;
        paired.lost += aRight && !bRight;
    }
    paired.mcnemarP = exactSignTest(paired.gained, paired.lost);
    return paired;
}

} // namespace quantoscope
