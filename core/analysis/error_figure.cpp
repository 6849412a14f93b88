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

const ErrorMetrics *errorOf(const TapError &error, ErrorKind kind)
{
    if (!error.measured)
        return nullptr;
    switch (kind) {
    case ErrorKind::Isolated: return error.quantized ? &error.isolated : nullptr;
    case ErrorKind::Network: return error.hasCumulative ? &error.network : nullptr;
    case ErrorKind::Cumulative: return error.hasCumulative ? &error.cumulative : nullptr;
    }
    return nullptr;
}

bool isWorse(double a, double b, ErrorFigure figure)
{
    return figure == ErrorFigure::SqnrDb ? a < b : a > b;
}

std::vector<int> worstTaps(const RunRecord &run, const std::vector<int> &taps, ErrorKind kind, ErrorFigure figure,
                           size_t count)
{
    std::vector<std::pair<double, int>> found;
    for (const int tap : taps)
        if (const ErrorMetrics *metrics = errorOf(run.taps[static_cast<size_t>(tap)].error, kind))
            if (const double value = errorFigure(*metrics, figure); isPlottable(value, figure))
                found.emplace_back(value, tap);
    std::stable_sort(found.begin(), found.end(),
                     [figure](const auto &a, const auto &b) { return isWorse(a.first, b.first, figure); });
    std::vector<int> worst;
    for (size_t i = 0; i < std::min(count, found.size()); ++i)
        worst.push_back(found[i].second);
    return worst;
}

std::vector<double> errorFigures(const std::vector<ErrorMetrics> &metrics, ErrorFigure figure)
{
    std::vector<double> values;
    for (const ErrorMetrics &one : metrics) {
        const double value = errorFigure(one, figure);
        values.push_back(isPlottable(value, figure) ? value : std::nan(""));
    }
    return values;
}

bool isPlottable(double value, ErrorFigure figure)
{
    return std::isfinite(value) && (figure == ErrorFigure::SqnrDb || value > 0);
}

} // namespace quantoscope
