// SPDX-License-Identifier: GPL-3.0-or-later
// Exact tests on counts, and Student's t.
#pragma once

#include <cstdint>

namespace quantoscope {

/// Two-sided p-value of the sign test: `wins` against `losses` under a fair coin, ties being left out beforehand.
/// McNemar's exact test is this test on the discordant pairs. 1 without any pair.
[[nodiscard]] double exactSignTest(int64_t wins, int64_t losses);

/// P(X >= successes) for X ~ Binomial(count, probability); probability in 0..1.
[[nodiscard]] double binomialUpperTail(int64_t successes, int64_t count, double probability);

/// The t for which |T| < t with probability `confidence` (0..1), T of Student's distribution with so many degrees of freedom
/// (1 at least): 4.303 for 2 degrees and 0.95.
[[nodiscard]] double studentQuantile(int degrees, double confidence);

} // namespace quantoscope
