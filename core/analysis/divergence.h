// SPDX-License-Identifier: GPL-3.0-or-later
// How far two predictions lie apart as probability distributions.
#pragma once

#include <span>
#include <vector>

namespace quantoscope {

/// softmax of `logits` at one index, in double. NaN when a logit is not finite.
[[nodiscard]] double softmaxAt(std::span<const float> logits, int index);
/// The same at several indices into `probabilities`, of equal length. NaN at an index outside `logits`.
void softmaxAt(std::span<const float> logits, std::span<const int> indices, std::span<double> probabilities);

/// Kullback-Leibler divergence KL(p || q) in nats of p = softmax(first) and q = softmax(second), both of equal length,
/// computed from logarithms in double; never negative. Infinite when a logit of the second is not finite, NaN when one of
/// the first is not.
[[nodiscard]] double klOfLogits(std::span<const float> first, std::span<const float> second);

/// Mean, median and largest of values; zeros without any.
struct Summary {
    double mean = 0;
    double median = 0;
    double maximum = 0;
    double standardError = 0; ///< of the mean; 0 below two values, infinite with the mean
};
[[nodiscard]] Summary summarize(std::vector<double> values);

} // namespace quantoscope
