// SPDX-License-Identifier: GPL-3.0-or-later
// Squared errors of candidate grids on the same values, for the observers that choose by them. One thread each.
#pragma once

#include "core/kernels/quantize.h"

#include <cstdint>

namespace quantoscope::kernels {

/// sum of (x - uniform(x))^2 over n values: float32 in 16 lanes (value i belongs to lane i % 16 of its group of 16; what
/// is left over, to lane 0), which are added up in float64. Blocks of some thousand values keep the lanes exact enough.
[[nodiscard]] double squaredError(const float *x, int64_t n, UniformGrid grid);

/// errors[c] += (x - uniform(x))^2 in float64, over rows of `channels` values.
void addChannelErrors(const float *x, int64_t rows, int64_t channels, UniformGrid grid, double *errors);

} // namespace quantoscope::kernels
