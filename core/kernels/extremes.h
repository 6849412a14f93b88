// SPDX-License-Identifier: GPL-3.0-or-later
// Smallest and largest values. NaN is never one; which zero is found, +0 or -0, is not defined. One thread each.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quantoscope::kernels {

/// Of a matrix of `rows` x `columns`: widens the extremes of each column, and sets those of each row (+inf and -inf where
/// a row holds NaN only).
void columnAndRowExtremes(const float *x, int64_t rows, int64_t columns, float *columnLow, float *columnHigh,
                          float *rowLow, float *rowHigh);

/// Sets the extremes of each row.
void rowExtremes(const float *x, int64_t rows, int64_t columns, float *rowLow, float *rowHigh);

/// More than valuesOutside() writes at once beyond what it found.
inline constexpr size_t kOutsidePadding = 64;

/// Copies the values below `low` or above `high`, in order, and returns their number. `found` has room for
/// n + kOutsidePadding values.
[[nodiscard]] int64_t valuesOutside(const float *x, int64_t n, float low, float high, float *found);

} // namespace quantoscope::kernels
