// SPDX-License-Identifier: GPL-3.0-or-later
// What the plots of measurements and changes can be asked for, as widgets of their title bars.
#pragma once

#include <QList>

class QWidget;

namespace quantoscope {

class AttentionPlot;
class ConfusionPlot;
class RunsPlot;
class SpreadPlot;
class SensitivityPlot;

/// They follow the run that the plot shows. The caller's layout owns them; the plot outlives them.
[[nodiscard]] QList<QWidget *> sensitivitySelectors(SensitivityPlot *plot);
[[nodiscard]] QList<QWidget *> attentionSelectors(AttentionPlot *plot);
[[nodiscard]] QList<QWidget *> confusionSelectors(ConfusionPlot *plot);
[[nodiscard]] QList<QWidget *> runsSelectors(RunsPlot *plot);
[[nodiscard]] QList<QWidget *> spreadSelectors(SpreadPlot *plot);

} // namespace quantoscope
