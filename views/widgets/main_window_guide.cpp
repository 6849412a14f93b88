// SPDX-License-Identifier: GPL-3.0-or-later
// The first start: the demo is opened and run, and a strip leads through it.
#include "views/widgets/main_window_private.h"

#include "views/models/run_table_model.h"
#include "views/models/tap_tree_model.h"
#include "views/plots/plot_view.h"
#include "views/widgets/guide_strip.h"
#include "views/widgets/model_panel.h"
#include "views/widgets/plan_controller.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/recipe_panel.h"
#include "views/widgets/runs_panel.h"

#include <QApplication>
#include <QDockWidget>
#include <QPushButton>
#include <QSettings>
#include <QTableView>
#include <QTreeView>

#include <limits>

namespace quantoscope {

namespace {

const QString kDismissed = QStringLiteral("guide/dismissed");

/// Of the taps that may be switched, the one whose own quantizer loses most. Empty: nothing was measured.
QString worstTap(const RunRecord &run, const TapTreeModel &tree)
{
    QString worst;
    double least = std::numeric_limits<double>::max();
    for (size_t t = 0; t < run.taps.size(); ++t) {
        const TapRecord &record = run.taps[t];
        const bool switchable = !tree.indexOfTap(static_cast<int>(t)).data(SwitchableTapsRole).toStringList().isEmpty();
        if (!switchable || !record.error.measured || !record.error.quantized || !(record.error.isolated.sqnrDb < least))
            continue;
        least = record.error.isolated.sqnrDb;
        worst = QString::fromStdString(record.tap.path);
    }
    return worst;
}

} // namespace

void MainWindow::createGuide()
{
    m_guide = new GuideStrip;
    m_guideDock = new QDockWidget(tr("Guided path"), this);
    m_guideDock->setObjectName(QStringLiteral("guideDock"));
    m_guideDock->setFeatures(QDockWidget::NoDockWidgetFeatures);
    m_guideDock->setTitleBarWidget(new QWidget); // the strip says itself what it is
    m_guideDock->setWidget(m_guide);
    addDockWidget(Qt::TopDockWidgetArea, m_guideDock);
    m_guideDock->hide();
    connect(m_guide, &GuideStrip::dismissed, this, [this] {
        QSettings().setValue(kDismissed, true);
        m_guideDock->hide();
    });
    connect(m_guide, &GuideStrip::showRequested, this, &MainWindow::showGuideStep);
    connect(m_plan, &PlanController::changed, this, [this] {
        if (!m_plan->editor().editedTaps().isEmpty())
            m_guide->setDone(GuideStep::Float);
    });
    connect(&m_workbench, &Workbench::runFinished, this, [this] {
        if (m_runs->rowCount() > 1)
            m_guide->setDone(GuideStep::RunAgain);
    });
    connect(&m_workbench, &Workbench::modelOpened, this, [this](const OpenedModelPtr &model) {
        if (!m_demoWeights.empty() && model->info.file != m_demoWeights)
            m_guide->setDone(GuideStep::OwnModel);
    });
    connect(qApp, &QApplication::focusChanged, this, [this](const QWidget *, const QWidget *now) {
        const auto *plot = qobject_cast<const PlotView *>(now);
        if (plot && plot->viewName() == QLatin1String("ranges") && !plot->isEmpty())
            m_guide->setDone(GuideStep::Ranges);
        if (now && now == m_runsPanel->table() && m_guide->isDone(GuideStep::RunAgain))
            m_guide->setDone(GuideStep::Compare);
    });
}

bool MainWindow::wantsGuide()
{
    return !QSettings().value(kDismissed, false).toBool();
}

void MainWindow::showGuide()
{
    m_guide->start();
    m_guideDock->show();
    m_guide->findChild<QPushButton *>(QStringLiteral("guideShow"))->setFocus();
}

void MainWindow::startDemo(const RunRequest &request)
{
    m_demoWeights = request.model.weights;
    connect(&m_workbench, &Workbench::modelOpened, this, [this, request](const OpenedModelPtr &model) {
        if (model->info.file != request.model.weights)
            return;
        setRunRequest(request);
        startRun();
    }, Qt::SingleShotConnection);
    openModelFile(QString::fromStdString(request.model.weights));
}

void MainWindow::noteSelectionForGuide()
{
    if (m_run && !m_selectedPath.isEmpty() && m_selectedPath == worstTap(*m_run, *m_tree))
        m_guide->setDone(GuideStep::WorstLayer);
}

void MainWindow::showGuideStep(GuideStep step)
{
    const auto front = [this](const char *name) {
        auto *dock = findChild<QDockWidget *>(QLatin1String(name));
        dock->show();
        dock->raise();
        return dock;
    };
    switch (step) {
    case GuideStep::Ranges:
        m_plots->bringToFront(QStringLiteral("ranges"));
        m_plots->docks().front()->findChild<PlotView *>()->setFocus();
        return;
    case GuideStep::WorstLayer:
        front("modelDock");
        if (m_run)
            selectTap(worstTap(*m_run, *m_tree));
        noteSelectionForGuide(); // it may have been selected before
        return;
    case GuideStep::Float:
        if (m_run && m_modelPanel->selectedPaths().isEmpty())
            selectTap(worstTap(*m_run, *m_tree));
        front("modelDock")->findChild<QTreeView *>()->setFocus();
        return;
    case GuideStep::RunAgain: front("recipeDock")->findChild<QPushButton *>(QStringLiteral("run"))->setFocus(); return;
    case GuideStep::Compare:
        front("runsDock");
        m_runsPanel->table()->setFocus();
        return;
    case GuideStep::OwnModel: getModel(); return;
    }
}

} // namespace quantoscope
