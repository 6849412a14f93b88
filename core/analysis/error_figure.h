// SPDX-License-Identifier: GPL-3.0-or-later
// The error metrics as figures of one kind, for axes and columns. Pure functions; any thread.
#pragma once

#include "core/data/run_record.h"

#include <vector>

namespace quantoscope {

enum class ErrorFigure {
    SqnrDb,         ///< 10 log10(sum x^2 / sum (x - y)^2); larger is better
    CosineDistance, ///< 1 - cosine; 0 is perfect
    Mse,            ///< mean (x - y)^2
    Nmse,           ///< sum (x - y)^2 / sum x^2
};

/// Which of a tap's errors.
enum class ErrorKind {
    Isolated,   ///< its own quantizer alone
    Network,    ///< what reaches it in the quantized network
    Cumulative, ///< the same after its own quantizer
};

/// Null where it was not measured, or the tap stays float (Isolated).
[[nodiscard]] const ErrorMetrics *errorOf(const TapError &error, ErrorKind kind);

/// Whether a is the larger error: SQNR is better when larger, the others when smaller.
[[nodiscard]] bool isWorse(double a, double b, ErrorFigure figure);

/// The `count` taps of `taps` (indices into run.taps) with the worst error of a kind, worst first; only plottable ones.
[[nodiscard]] std::vector<int> worstTaps(const RunRecord &run, const std::vector<int> &taps, ErrorKind kind,
                                         ErrorFigure figure, size_t count);

/// The figure of every channel or token; NaN for values that have no place on the figure's axis.
[[nodiscard]] std::vector<double> errorFigures(const std::vector<ErrorMetrics> &metrics, ErrorFigure figure);

/// The figure's value. +inf for the SQNR of equal tensors; a cosine distance is never negative.
[[nodiscard]] double errorFigure(const ErrorMetrics &metrics, ErrorFigure figure);

/// Whether a value has a place on the figure's axis: finite, and positive where the axis is logarithmic (all but SQNR).
[[nodiscard]] bool isPlottable(double value, ErrorFigure figure);

} // namespace quantoscope
