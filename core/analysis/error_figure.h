// SPDX-License-Identifier: GPL-3.0-or-later
// The error metrics as figures of one kind, for axes and columns. Pure functions; any thread.
#pragma once

#include "core/data/statistics.h"

namespace quantoscope {

enum class ErrorFigure {
    SqnrDb,         ///< 10 log10(sum x^2 / sum (x - y)^2); larger is better
    CosineDistance, ///< 1 - cosine; 0 is perfect
    Mse,            ///< mean (x - y)^2
    Nmse,           ///< sum (x - y)^2 / sum x^2
};

/// The figure's value. +inf for the SQNR of equal tensors; a cosine distance is never negative.
[[nodiscard]] double errorFigure(const ErrorMetrics &metrics, ErrorFigure figure);

/// Whether a value has a place on the figure's axis: finite, and positive where the axis is logarithmic (all but SQNR).
[[nodiscard]] bool isPlottable(double value, ErrorFigure figure);

} // namespace quantoscope
