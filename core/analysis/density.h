// SPDX-License-Identifier: GPL-3.0-or-later
// Smooth outlines of small samples, for violins. Pure function; any thread.
#pragma once

#include <span>
#include <vector>

namespace quantoscope {

struct DensityPoint {
    double value = 0;
    double density = 0; ///< relative to the largest, 0..1
};

/// Gaussian kernel density of log10 of the positive, finite values at `points` places from the smallest to the largest
/// value; bandwidth by Silverman's rule, 0.9 min(deviation, IQR / 1.34) n^(-1/5). Fewer than 3 such values, or all equal:
/// empty.
[[nodiscard]] std::vector<DensityPoint> logDensity(std::span<const double> values, int points = 64);

} // namespace quantoscope
