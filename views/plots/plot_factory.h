// SPDX-License-Identifier: GPL-3.0-or-later
// The plots by name, for the command line and "export all".
#pragma once

#include "views/plots/plot_view.h"

#include <QStringList>

#include <memory>

namespace quantoscope {

/// Names of the plots of a run. Of the network: "ranges", "map", "error", "softmax", "calibration", "stability"; of the
/// selected layer: "channels", "shapes", "levels", "tap-error". Of what changed from one result to another: "confusion".
[[nodiscard]] QStringList plotNames();
/// The plot of a precision search, which shows no run: a ParetoPlot.
[[nodiscard]] QString searchPlotName();
/// The plot of a list of runs: a RunsPlot.
[[nodiscard]] QString runsPlotName();
/// The plot of runs with other calibration images: a SpreadPlot.
[[nodiscard]] QString spreadPlotName();
/// Of the names above; null for an unknown one.
[[nodiscard]] std::unique_ptr<PlotView> makePlot(const QString &name);
/// Gives a plot what it shows of the runs, with defaultTap; at once, whatever it takes. One run, for "confusion" also two
/// (before and after), for the plots of a list of runs any number (those of calibration draws are about the first run's). Errors: Usage (number of runs), those of findChanges.
[[nodiscard]] Result<void> showRuns(PlotView &view, const std::vector<RunRecordPtr> &runs);
/// The tap to show when none was chosen: for "levels" and "softmax" the middle attention softmax, for "shapes" and
/// "tap-error" the quantized linear output with the largest error, else the LayerNorm input whose channels differ most; -1
/// in a run without observed taps.
[[nodiscard]] int defaultTap(const RunRecord &run, const QString &name);

} // namespace quantoscope
