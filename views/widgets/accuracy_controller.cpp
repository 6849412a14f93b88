// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/accuracy_controller.h"

#include "views/models/run_table_model.h"
#include "views/plots/confusion_plot.h"
#include "views/plots/runs_plot.h"
#include "views/widgets/flips_panel.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/runs_panel.h"

#include <QCursor>
#include <QDockWidget>
#include <QMainWindow>
#include <QTableView>
#include <QToolTip>

#include <cstdlib>

namespace quantoscope {

namespace {

constexpr int kLowDock = 230; ///< pixels
constexpr int kRoom = 290;
constexpr int kMoved = 48; ///< more than tabs are high

} // namespace

AccuracyController::AccuracyController(Parts parts, QObject *parent)
    : QObject(parent), m_parts(std::move(parts)), m_panel(new FlipsPanel)
{
    connect(m_parts.runs, &RunTableModel::baselineChanged, this, &AccuracyController::update);
    connect(m_panel, &FlipsPanel::imageActivated, this, &AccuracyController::activateImage);
    connect(m_parts.plots, &PlotsPanel::imageActivated, this, &AccuracyController::activateImage);
    ConfusionPlot *confusion = m_parts.plots->confusion();
    connect(m_panel, &FlipsPanel::changesChanged, confusion, &ConfusionPlot::setChanges);
    connect(m_panel, &FlipsPanel::changesChanged, this, [this] {
        if (QDockWidget *around = dock())
            connect(around, &QDockWidget::visibilityChanged, this, &AccuracyController::giveRoom,
                    Qt::ConnectionType(Qt::QueuedConnection | Qt::UniqueConnection)); // the next tab is seen by then
    });
    RunsPlot *runs = m_parts.plots->runsPlot();
    connect(m_parts.runs, &QAbstractItemModel::modelReset, this, &AccuracyController::updateRuns);
    connect(m_parts.runs, &QAbstractItemModel::rowsInserted, this, &AccuracyController::updateRuns);
    connect(m_parts.runs, &QAbstractItemModel::dataChanged, this, &AccuracyController::updateRuns);
    connect(runs, &RunsPlot::pointOpened, this, [this, runs](int point) {
        for (int row = 0; row < m_parts.runs->rowCount(); ++row)
            if (m_parts.runs->runAt(row) == runs->runOf(point))
                m_parts.runsPanel->selectRow(row);
    });
    connect(m_panel, &FlipsPanel::classesCleared, confusion, &ConfusionPlot::clearChoice);
    connect(confusion, &ConfusionPlot::cellChosen, this,
            [this](ChangeRows rows, const std::vector<int> &from, const std::vector<int> &to) {
                m_panel->setClasses(rows, from, to);
                if (!from.empty())
                    bringToFront();
            });
}

QDockWidget *AccuracyController::dock() const
{
    return qobject_cast<QDockWidget *>(m_panel->parentWidget());
}

void AccuracyController::bringToFront()
{
    if (QDockWidget *around = dock()) {
        around->show();
        around->raise();
    }
}

void AccuracyController::giveRoom()
{
    QDockWidget *around = dock();
    auto *window = qobject_cast<QMainWindow *>(around->window());
    if (!window || around->isFloating() || !m_panel->changes())
        return;
    const bool inFront = m_panel->isVisible() && !around->visibleRegion().isEmpty();
    if (inFront && m_heightBefore == 0 && around->height() < kLowDock) {
        m_heightBefore = around->height();
        window->resizeDocks({around}, {kRoom}, Qt::Vertical);
    } else if (!inFront && m_heightBefore != 0) {
        for (QDockWidget *next : window->tabifiedDockWidgets(around))
            if (const int tabs = kRoom - next->height(); // resizeDocks() counts them, height() does not
                next->isVisible() && !next->visibleRegion().isEmpty() && std::abs(tabs) < kMoved)
                window->resizeDocks({next}, {m_heightBefore + tabs}, Qt::Vertical);
        m_heightBefore = 0; // who drew the edge elsewhere keeps it there
    }
}

void AccuracyController::setRun(const RunRecordPtr &run)
{
    m_run = run;
    m_parts.plots->runsPlot()->markRun(run);
    update();
}

void AccuracyController::updateRuns()
{
    std::vector<RunRecordPtr> runs;
    for (int row = 0; row < m_parts.runs->rowCount(); ++row)
        runs.push_back(m_parts.runs->runAt(row));
    m_parts.plots->runsPlot()->setRuns(std::move(runs), m_parts.runs->baseline());
}

void AccuracyController::update()
{
    m_panel->setRuns(m_parts.runs->baseline(), m_run);
}

void AccuracyController::activateImage(const QString &path)
{
    const QString reason = m_parts.whyNoAttention();
    if (reason.isEmpty()) {
        m_parts.measureAttention(path);
        m_parts.plots->bringToFront(QStringLiteral("attention"));
    } else {
        QToolTip::showText(QCursor::pos(), tr("%1\nIts attention cannot be measured now: %2").arg(path, reason), m_panel);
    }
}

bool AccuracyController::copy() const
{
    if (!m_panel->table()->hasFocus())
        return false;
    m_panel->copySelection();
    return true;
}

} // namespace quantoscope
