// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace quantoscope {

/// Sum of a row in float32, in one fixed order on every machine: the order of LibTorch 1.13's AVX2 kernel (four
/// accumulators of eight lanes, carried to a higher level every 16 rounds; then the rest, then the lanes). Where sums
/// exceed 2^24 the order decides the last bit, and one bit may decide a rounding tie of the integer kernels; so results
/// equal those of the published program.
[[nodiscard]] float rowSum(const float *x, int64_t n);

} // namespace quantoscope
