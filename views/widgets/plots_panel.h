// SPDX-License-Identifier: GPL-3.0-or-later
// The plots side by side: network above, selected layer below, each dock movable and floatable.
#pragma once

#include "core/analysis/tap_groups.h"
#include "core/base/result.h"
#include "core/jobs/workbench.h"

#include <QMainWindow>

class QComboBox;
class QMenu;
class QSpinBox;

namespace quantoscope {

class AxisLinker;
class CalibrationPlot;
class ChannelMapPlot;
class ConfusionPlot;
class ErrorPlot;
class ParetoPlot;
class PlotView;
class RangesOverviewPlot;
class RunsPlot;
class SearchLimitBox;
class SpreadPlot;
class WorstPanel;

/// A nested main window, so that plots can be docked, tabbed and torn off. All plots share run and selection.
class PlotsPanel : public QMainWindow {
    Q_OBJECT
public:
    explicit PlotsPanel(QWidget *parent = nullptr);

    void setRun(RunRecordPtr run);
    void setSelectedTap(int tap);
    /// Shows what a running calibration found so far, in its own plot alone; null, or setRun, ends that. `selectedPath`: the
    /// tap that is selected, which the shown run may not have.
    void setLiveCalibration(RunRecordPtr run, const QString &selectedPath = {});
    /// Of a precision search; null: none.
    void setSearch(PrecisionSearchPtr result);
    /// The open model, whose searches can be limited anew; null: none.
    void setSearchModel(OpenedModelPtr model);
    [[nodiscard]] const ParetoPlot *searchPlot() const { return m_search; }
    [[nodiscard]] ConfusionPlot *confusion() const { return m_confusion; }
    [[nodiscard]] RunsPlot *runsPlot() const { return m_runs; }
    [[nodiscard]] SpreadPlot *spreadPlot() const { return m_spread; }
    void bringToFront(const QString &viewName); ///< PlotView::viewName(); ends an enlargement of another plot
    [[nodiscard]] const QList<PlotView *> &plots() const { return m_plots; }
    [[nodiscard]] QList<QDockWidget *> docks() const { return m_docks; }
    /// The plot with the focus, else the uppermost visible one.
    [[nodiscard]] PlotView *currentPlot() const;
    /// Writes every plot that has something to show as "<run>-<view>.<suffix>" into the folder, never over a file that
    /// exists (a number is added). Returns the paths. Errors: those of PlotView::exportTo; BadInput without any plot.
    [[nodiscard]] Result<QStringList> exportAll(const QString &folder, const QString &suffix, QSize size);
    /// Whether plots show the same layers, channels or costs on their horizontal axes; on at first.
    void setAxesLinked(bool linked);
    [[nodiscard]] bool axesLinked() const;
    void resetLayout();
    /// The plot alone in the whole panel until null, or another one brought to the front, puts all back.
    void setEnlarged(PlotView *view);
    [[nodiscard]] PlotView *enlarged() const { return m_enlarged; }
    [[nodiscard]] QByteArray layoutState() const; ///< not of an enlargement, which a session does not outlive
    void restoreLayout(const QByteArray &state);

Q_SIGNALS:
    void enlargedChanged(bool any);
    void axesLinkedChanged(bool linked);
    void tapSelected(int tap);
    void tapsSelected(const std::vector<int> &taps);
    void imageActivated(const QString &path); ///< an image behind an error
    void searchPointOpened(int point); ///< ParetoPlot::point
    void searchLimited();              ///< the shown search has another limit to conversions
    void searchRefused(const quantoscope::Error &error); ///< there is no such limit
    void menuAboutToShow(QMenu *menu, const QString &tapPath); ///< of a plot; an empty path: no tap

private:
    /// `controls` stand above the plot, `side` beside it.
    QDockWidget *addPlot(PlotView *view, const QList<QWidget *> &selectors, QWidget *controls = nullptr,
                         QWidget *side = nullptr);
    /// Widgets of a plot's title bar that every plot has: series, logarithmic axis.
    [[nodiscard]] QList<QWidget *> commonSelectors(PlotView *view);
    [[nodiscard]] QComboBox *makeGroups(const QString &name);
    [[nodiscard]] QComboBox *makeAxes(const QString &name);
    [[nodiscard]] QComboBox *makeFigures(const QString &name);
    [[nodiscard]] QSpinBox *makeBits(const QString &name);
    void makeNetworkPlots();
    void makeLayerPlots();
    /// The plots of the network above those of the layer, each row as tabs.
    void layOut(qsizetype networkPlots);
    void fillGroups(QComboBox *box);
    void selectChannel(int channel);
    [[nodiscard]] static TapGroup groupOf(const QComboBox *box);

    RangesOverviewPlot *m_ranges = nullptr;
    ChannelMapPlot *m_map = nullptr;
    CalibrationPlot *m_calibration = nullptr;
    ErrorPlot *m_error = nullptr;
    ParetoPlot *m_search = nullptr;
    SearchLimitBox *m_searchLimit = nullptr;
    ConfusionPlot *m_confusion = nullptr;
    RunsPlot *m_runs = nullptr;
    SpreadPlot *m_spread = nullptr;
    WorstPanel *m_worst = nullptr;
    QComboBox *m_rangesGroup = nullptr;
    QComboBox *m_mapGroup = nullptr;
    QList<PlotView *> m_plots;
    QList<QDockWidget *> m_docks;
    QByteArray m_defaultLayout;
    AxisLinker *m_linker = nullptr;
    PlotView *m_enlarged = nullptr;
    QByteArray m_aroundEnlarged; ///< the layout to put back
    RunRecordPtr m_run;
    int m_selected = -1; ///< in m_run
};

} // namespace quantoscope
