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

namespace {

bool inTopFive(const ImageOutcome &outcome, int label)
{
    return std::find(outcome.top5.begin(), outcome.top5.end(), label) != outcome.top5.end();
}

/// Newcombe's correlation of the pairs, shrunk when it is positive.
double pairCorrelation(double both, double lost, double gained, double neither)
{
    const double margins = (both + lost) * (gained + neither) * (both + gained) * (lost + neither);
    if (margins <= 0)
        return 0;
    const double excess = both * neither - lost * gained;
    const double correction = (both + lost + gained + neither) / 2;
    return (excess > 0 ? std::max(0.0, excess - correction) : excess) / std::sqrt(margins);
}

} // namespace

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
        paired.agree += a.top5[0] >= 0 && a.top5[0] == b.top5[0]; // none agrees with nothing
        if (a.label < 0)
            continue;
        ++paired.labelled;
        const bool aRight = a.top5[0] == a.label;
        const bool bRight = b.top5[0] == b.label;
        paired.bothRight += aRight && bRight;
        paired.gained += !aRight && bRight;
        paired.lost += aRight && !bRight;
        const bool aNear = inTopFive(a, a.label);
        const bool bNear = inTopFive(b, b.label);
        paired.top5BothRight += aNear && bNear;
        paired.top5Gained += !aNear && bNear;
        paired.top5Lost += aNear && !bNear;
    }
    paired.mcnemarP = exactSignTest(paired.gained, paired.lost);
    return paired;
}

Interval pairedDifferenceInterval(int64_t bothRight, int64_t lost, int64_t gained, int64_t count)
{
    if (count <= 0)
        return {-100, 100};
    const auto share = [&](int64_t n) { return 100.0 * static_cast<double>(n) / static_cast<double>(count); };
    const double first = share(bothRight + lost);
    const double second = share(bothRight + gained);
    const Interval ofFirst = wilsonInterval(bothRight + lost, count);
    const Interval ofSecond = wilsonInterval(bothRight + gained, count);
    const double phi = pairCorrelation(static_cast<double>(bothRight), static_cast<double>(lost),
                                       static_cast<double>(gained),
                                       static_cast<double>(count - bothRight - lost - gained));
    const auto combined = [&](double a, double b) { return std::sqrt(std::max(0.0, a * a - 2 * phi * a * b + b * b)); };
    return {second - first - combined(second - ofSecond.low, ofFirst.high - first),
            second - first + combined(ofSecond.high - second, first - ofFirst.low)};
}

double SequentialRecord::pValue() const
{
    return std::min(1.0, std::exp(-logEvidence));
}

const char *name(Decision decision)
{
    switch (decision) {
    case Decision::None: return "none";
    case Decision::Better: return "better";
    case Decision::Worse: return "worse";
    case Decision::Equivalent: return "equivalent";
    case Decision::Undecided: return "undecided";
    }
    return "?";
}

} // namespace quantoscope
