// SPDX-License-Identifier: GPL-3.0-or-later
// Exact tests on counts.
#pragma once

#include <cstdint>

namespace quantoscope {

/// Two-sided p-value of the sign test: `wins` against `losses` under a fair coin, ties being left out beforehand.
/// McNemar's exact test is this test on the discordant pairs. 1 without any pair.
[[nodiscard]] double exactSignTest(int64_t wins, int64_t losses);

/// P(X >= successes) for X ~ Binomial(count, probability); probability in 0..1.
[[nodiscard]] double binomialUpperTail(int64_t successes, int64_t count, double probability);

} // namespace quantoscope
