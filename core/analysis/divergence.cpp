// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/divergence.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantoscope {

namespace {

/// log of the sum of exponentials; NaN when a logit is not finite.
double logSumExp(std::span<const float> logits)
{
    float largest = -std::numeric_limits<float>::infinity();
    for (const float value : logits) {
        if (!std::isfinite(value))
            return std::numeric_limits<double>::quiet_NaN();
        largest = std::max(largest, value);
    }
    double sum = 0;
    for (const float value : logits)
        sum += std::exp(static_cast<double>(value) - static_cast<double>(largest));
    return std::log(sum) + static_cast<double>(largest);
}

} // namespace

double softmaxAt(std::span<const float> logits, int index)
{
    return std::exp(static_cast<double>(logits[static_cast<size_t>(index)]) - logSumExp(logits));
}

void softmaxAt(std::span<const float> logits, std::span<const int> indices, std::span<double> probabilities)
{
    const double sum = logSumExp(logits);
    for (size_t i = 0; i < indices.size(); ++i) {
        const auto index = static_cast<size_t>(indices[i]); // a negative one becomes too large
        probabilities[i] = index < logits.size() ? std::exp(static_cast<double>(logits[index]) - sum)
                                                 : std::numeric_limits<double>::quiet_NaN();
    }
}

double klOfLogits(std::span<const float> first, std::span<const float> second)
{
    const double firstSum = logSumExp(first);
    const double secondSum = logSumExp(second);
    if (std::isnan(secondSum) && !std::isnan(firstSum))
        return std::numeric_limits<double>::infinity();
    double divergence = 0;
    for (size_t i = 0; i < first.size(); ++i) {
        const double logP = static_cast<double>(first[i]) - firstSum;
        const double logQ = static_cast<double>(second[i]) - secondSum;
        divergence += std::exp(logP) * (logP - logQ);
    }
    return std::isnan(divergence) ? divergence : std::max(0.0, divergence); // rounding may leave -1e-17
}

Summary summarize(std::vector<double> values)
{
    Summary summary;
    if (values.empty())
        return summary;
    std::sort(values.begin(), values.end());
    const size_t n = values.size();
    for (const double value : values)
        summary.mean += value / static_cast<double>(n);
    summary.median = (values[(n - 1) / 2] + values[n / 2]) / 2;
    summary.maximum = values.back();
    if (std::isinf(summary.mean)) {
        summary.standardError = summary.maximum;
    } else if (n > 1) {
        double squares = 0;
        for (const double value : values)
            squares += (value - summary.mean) * (value - summary.mean);
        summary.standardError = std::sqrt(squares / static_cast<double>(n - 1) / static_cast<double>(n));
    }
    return summary;
}

} // namespace quantoscope
