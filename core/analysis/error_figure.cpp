// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/error_figure.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {

double errorFigure(const ErrorMetrics &metrics, ErrorFigure figure)
{
    switch (figure) {
    case ErrorFigure::SqnrDb: return metrics.sqnrDb;
    case ErrorFigure::CosineDistance: return std::max(0.0, 1 - metrics.cosine);
    case ErrorFigure::Mse: return metrics.mse;
    case ErrorFigure::Nmse: return metrics.nmse;
    }
    return 0;
}

bool isPlottable(double value, ErrorFigure figure)
{
    return std::isfinite(value) && (figure == ErrorFigure::SqnrDb || value > 0);
}

} // namespace quantoscope
