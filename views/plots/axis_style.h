// SPDX-License-Identifier: GPL-3.0-or-later
// Axes in the colours of a theme: private to views/plots.
#pragma once

#include "views/plots/plot_theme.h"

#include <qcustomplot.h>

namespace quantoscope {

void applyAxisStyle(QCPAxis *axis, const PlotTheme &theme, const QFont &font);
/// An axis rect that belongs to no layout yet.
[[nodiscard]] QCPAxisRect *makeAxisRect(QCustomPlot *plot, const PlotTheme &theme, const QFont &font);

} // namespace quantoscope
