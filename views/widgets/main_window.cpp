// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/main_window_private.h"

#include "views/models/run_table_model.h"
#include "views/models/tap_tree_model.h"
#include "views/models/texts.h"
#include "views/plots/pareto_plot.h"
#include "views/plots/plot_factory.h"
#include "views/widgets/accuracy_controller.h"
#include "views/widgets/dock_tabs.h"
#include "views/widgets/flips_panel.h"
#include "views/widgets/jobs_panel.h"
#include "views/widgets/large_data_guard.h"
#include "views/widgets/measure_actions.h"
#include "views/widgets/model_panel.h"
#include "views/widgets/plan_controller.h"
#include "views/widgets/plan_export.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/preflight_hint.h"
#include "views/widgets/preflight_panel.h"
#include "views/widgets/project_controller.h"
#include "views/widgets/recipe_panel.h"
#include "views/widgets/run_actions.h"
#include "views/widgets/runs_panel.h"
#include "views/widgets/spread_controller.h"
#include "views/widgets/table_controller.h"

#include <QDir>
#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QMessageBox>
#include <QStatusBar>
#include <QVBoxLayout>

namespace quantoscope {

namespace {

constexpr int kNoteMilliseconds = 20000;

} // namespace

MainWindow::MainWindow(Workbench &workbench, ProjectStore *store, QWidget *parent)
    : QMainWindow(parent),
      m_workbench(workbench),
      m_actions(std::make_unique<Actions>())
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Quantoscope"));
    setAcceptDrops(true);
    setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowTabbedDocks | QMainWindow::AllowNestedDocks);
    m_large = new LargeDataGuard(this);
    m_project = new ProjectController(store, {this, [this] { return projectState(); },
                                              [this](const ProjectState &state) { applyProject(state); },
                                              [this](const QString &path) { rememberFile(path); },
                                              [this](const QString &path, std::function<void()> open) {
                                                  m_large->open(OpenKind::Project, path, std::move(open));
                                              }});
    createPanels();
    createActions();
    connectWorkbench();
    keepDockTabsReadable(this, tr("Panels"));
    createGuide(); // after: it looks at what a finished run changed
    resize(1280, 800);
    resetLayout();
    m_defaultState = saveState(kStateVersion);
    restoreSettings();
    updateActions();
}

MainWindow::~MainWindow()
{
    // Children are destroyed after this body, and some signal while they go.
    for (QObject *child : std::initializer_list<QObject *>{m_plan, m_project, m_accuracy, m_modelPanel, m_plots, m_recipe, m_runsPanel,
                                                             m_preflight, m_preflightHint})
        child->disconnect(this);
}

void MainWindow::createPanels()
{
    m_tree = new TapTreeModel(this);
    m_runs = new RunTableModel(this);
    m_modelPanel = new ModelPanel(m_tree);
    m_plots = new PlotsPanel;
    m_recipe = new RecipePanel;
    m_runsPanel = new RunsPanel(m_runs);
    m_accuracy = new AccuracyController({m_runs, m_runsPanel, m_plots, [this] { return m_measure->whyNot(); },
                                         [this](const QString &image) { m_measure->measureAttention(image); }},
                                        this);
    m_spread = new SpreadController({m_workbench, this, m_runs, m_runsPanel, m_plots, [this] { return runRequest(); }}, this);
    m_preflight = new PreflightPanel;
    m_preflightHint = new PreflightHint;
    auto *runSide = new QWidget;
    auto *runLayout = new QVBoxLayout(runSide);
    runLayout->setContentsMargins(0, 0, 0, 0);
    runLayout->setSpacing(0);
    runLayout->addWidget(m_preflightHint);
    runLayout->addWidget(m_recipe, 1);
    setCentralWidget(m_plots);
    m_plan = new PlanController({m_recipe, m_tree, m_modelPanel, m_plots}, this);

    const auto addDock = [this](const QString &title, const char *name, QWidget *content,
                                Qt::DockWidgetArea area) {
        auto *dock = new QDockWidget(title, this);
        dock->setObjectName(QLatin1String(name));
        dock->setWidget(content);
        addDockWidget(area, dock);
        m_docks << dock;
    };
    addDock(tr("Model"), "modelDock", m_modelPanel, Qt::LeftDockWidgetArea);
    addDock(tr("Run"), "recipeDock", runSide, Qt::RightDockWidgetArea);
    addDock(tr("Evaluations"), "runsDock", m_runsPanel, Qt::BottomDockWidgetArea);
    addDock(tr("Check"), "checkDock", m_preflight, Qt::RightDockWidgetArea);
    addDock(tr("Jobs"), "jobsDock", new JobsPanel(m_workbench), Qt::BottomDockWidgetArea);
    addDock(tr("Plan"), "planDock", m_plan->panel(), Qt::RightDockWidgetArea);
    addDock(tr("Changes"), "changesDock", m_accuracy->panel(), Qt::BottomDockWidgetArea);
    m_tables = new TableController(m_workbench, this, [this] { return runRequest(); });
    addDock(tr("Result table"), "tableDock", m_tables->panel(), Qt::BottomDockWidgetArea);
    QDockWidget *tableDock = m_docks.last();
    connect(m_tables, &TableController::tableShown, tableDock, [tableDock] { tableDock->raise(); });
    tabifyDockWidget(m_docks[1], m_docks[3]);
    tabifyDockWidget(m_docks[2], m_docks[6]);
    tabifyDockWidget(m_docks[6], m_docks[4]);
    tabifyDockWidget(m_docks[3], m_docks[5]);
    tabifyDockWidget(m_docks[4], tableDock);
    m_docks[2]->raise();
    m_docks[3]->hide(); // until there is something to show
    m_docks[1]->raise();

    m_modelLabel = new QLabel;
    m_modelLabel->setObjectName(QStringLiteral("modelLabel"));
    auto *honest = new QLabel(tr("Simulated quantization: accuracy, not speed"));
    statusBar()->addWidget(m_modelLabel, 1);
    statusBar()->addPermanentWidget(honest);

    connect(m_modelPanel, &ModelPanel::tapSelected, this,
            [this](int tap) { selectTap(QString::fromStdString(m_tree->taps()[static_cast<size_t>(tap)].path)); });
    connect(m_modelPanel, &ModelPanel::modelWanted, this, &MainWindow::getModel);
    connect(m_plots, &PlotsPanel::tapSelected, this, [this](int tap) {
        if (m_run)
            selectTap(QString::fromStdString(m_run->taps[static_cast<size_t>(tap)].tap.path));
    });
    connect(m_plots, &PlotsPanel::tapsSelected, this, [this](const std::vector<int> &taps) {
        QStringList paths;
        for (const int tap : taps)
            if (m_run)
                paths << QString::fromStdString(m_run->taps[static_cast<size_t>(tap)].tap.path);
        m_modelPanel->selectTaps(paths);
    });
    connect(m_plots, &PlotsPanel::searchPointOpened, this, &MainWindow::openSearchPoint);
    connect(m_plots, &PlotsPanel::searchRefused, this,
            [this](const Error &error) { statusBar()->showMessage(QString::fromStdString(error.message()), 12000); });
    connect(m_runsPanel, &RunsPanel::runSelected, this, &MainWindow::showRun);
    connect(m_recipe, &RecipePanel::runRequested, this, &MainWindow::startRun);
    connect(m_preflightHint, &PreflightHint::checkRequested, this, &MainWindow::startCheck);
    connect(m_preflightHint, &PreflightHint::reportRequested, this, &MainWindow::showCheck);
    connect(m_preflight, &PreflightPanel::checkRequested, this, &MainWindow::startCheck);
    connect(m_recipe, &RecipePanel::cancelRequested, &m_workbench, &Workbench::cancel);
    connect(m_plan, &PlanController::changed, this, [this] {
        if (const QString problem = m_plan->editor().problem(); !problem.isEmpty())
            statusBar()->showMessage(problem, 15'000);
        updateActions();
        m_project->noteChange();
    });
    auto *runActions = new RunActions(m_runsPanel, this);
    connect(runActions, &RunActions::repeatRequested, &m_workbench, &Workbench::repeat);
    connect(runActions, &RunActions::planWanted, this, [this](const RunRecordPtr &run) {
        m_plan->editor().replace(run->request, tr("plan of %1").arg(QString::fromStdString(run->id)));
    });
    connect(runActions, &RunActions::failed, this, &MainWindow::showError);
    connect(m_spread, &SpreadController::failed, this, &MainWindow::showError);
    connect(m_project, &ProjectController::failed, this, &MainWindow::showError);
    connect(m_project, &ProjectController::stateChanged, this, &MainWindow::showTitle);
    connect(m_plan, &PlanController::failed, this, &MainWindow::showError);
    connect(m_plan->exporter(), &PlanExport::onnxWanted, &m_workbench, &Workbench::exportOnnx);
    const auto tellPlan = [this](const QString &path, int notExpressed) {
        const QString file = QDir::toNativeSeparators(path);
        statusBar()->showMessage(notExpressed == 0 ? tr("Wrote %1").arg(file)
                                                   : tr("Wrote %1; it cannot say everything of %n layers, and lists them", nullptr,
                                                        notExpressed).arg(file),
                                 15'000);
    };
    connect(m_plan->exporter(), &PlanExport::written, this, tellPlan);
    connect(&m_workbench, &Workbench::onnxExported, this, tellPlan);
    connect(m_recipe, &RecipePanel::readinessChanged, this, [this] {
        updateActions();
        m_project->noteChange();
    });
}

void MainWindow::connectWorkbench()
{
    connect(&m_workbench, &Workbench::busyChanged, this, [this](bool busy) {
        m_recipe->setBusy(busy);
        if (!busy)
            m_plots->setLiveCalibration(nullptr);
        updateActions();
    });
    connect(m_plots, &PlotsPanel::searchLimited, m_project, &ProjectController::noteChange);
    connect(&m_workbench, &Workbench::jobsChanged, m_project, &ProjectController::noteChange);
    connect(&m_workbench, &Workbench::partialChanged, m_project, &ProjectController::noteChange);
    connect(&m_workbench, &Workbench::progressed, m_recipe, &RecipePanel::setProgress);
    connect(&m_workbench, &Workbench::modelOpened, this, &MainWindow::showModel);
    connect(&m_workbench, &Workbench::calibrationUpdated, this,
            [this](const RunRecordPtr &run) { m_plots->setLiveCalibration(run, m_selectedPath); });
    connect(&m_workbench, &Workbench::runUpdated, this, &MainWindow::showRun);
    connect(&m_workbench, &Workbench::runFinished, this, [this](const RunRecordPtr &run) {
        const int row = m_runs->addRun(run);
        m_plan->addRun(run);
        showRun(run);
        m_runsPanel->selectRow(row);
        m_project->noteChange();
    });
    connect(&m_workbench, &Workbench::preflightFinished, this, [this](const PreflightReportPtr &report) {
        m_report = report;
        m_preflight->setReport(report);
        showCheck();
        updateActions();
    });
    for (auto signal : {&Workbench::searchUpdated, &Workbench::searchFinished})
        connect(&m_workbench, signal, this, [this](const PrecisionSearchPtr &result) {
            m_plots->setSearch(result);
            m_plots->bringToFront(m_plots->searchPlot()->viewName());
            m_project->noteChange();
            updateActions();
        });
    for (auto signal : {&Workbench::runExported, &Workbench::fileWritten})
        connect(&m_workbench, signal, this, [this](const QString &path) {
            statusBar()->showMessage(tr("Wrote %1").arg(QDir::toNativeSeparators(path)), 8000);
        });
    connect(&m_workbench, &Workbench::failed, this, [this](const Error &error) {
        showError(error);
        finishProject(); // its model did not open: the rest is there all the same
    });
}

void MainWindow::setDataFolder(const QString &folder)
{
    m_recipe->setDataFolder(folder);
}

RunRequest MainWindow::runRequest() const
{
    RunRequest request = m_recipe->request();
    request.model = m_opened;
    if (m_model)
        request.model.weights = m_model->info.file;
    request.quantization = m_plan->editor().request();
    return request;
}

void MainWindow::setRunRequest(const RunRequest &request)
{
    m_recipe->setRequest(request);
    m_plan->restore(request.quantization);
}

void MainWindow::startRun()
{
    if (m_recipe->whyNot().isEmpty())
        m_workbench.start(runRequest());
}

void MainWindow::startCheck()
{
    if (!m_recipe->whyNot().isEmpty() || m_workbench.isBusy())
        return;
    m_report.reset();
    m_checked = runRequest();
    m_docks[1]->raise(); // has progress and Cancel
    m_workbench.check(m_checked);
}

void MainWindow::showCheck()
{
    m_docks[3]->show();
    m_docks[3]->raise();
}

void MainWindow::setBits(const QStringList &tapPaths, int bits)
{
    m_plan->editor().setBits(tapPaths, bits);
}

void MainWindow::showModel(OpenedModelPtr model)
{
    m_model = std::move(model);
    m_opened = m_opening;
    m_selectedPath.clear();
    if (m_run && m_run->model.sha256 != m_model->info.sha256)
        showRun(nullptr);
    m_tree->setOpenedModel(m_model);
    m_tree->setRun(m_run);
    m_recipe->setModel(&m_model->info);
    m_plan->setModel(m_model);
    m_plots->setSearchModel(m_model);
    const ModelInfo &info = m_model->info;
    showTitle();
    m_modelLabel->setText(
        tr("%1 · %2 parameters · depth %3, width %4, heads %5")
            .arg(QString::fromStdString(info.title), QLocale().toString(static_cast<qlonglong>(info.parameters)))
            .arg(QString::fromStdString(info.depthText()))
            .arg(info.width)
            .arg(QString::fromStdString(info.headsText())));
    QStringList assumptions{QString::fromStdString(info.file)};
    for (const std::string &assumption : info.assumptions)
        assumptions << QString::fromStdString(assumption);
    m_modelLabel->setToolTip(assumptions.join(QLatin1Char('\n')));
    // A slow BLAS or a guessed number of heads explains later surprises, so it is said once without being asked for.
    if (assumptions.size() > 1)
        statusBar()->showMessage(assumptions.mid(1).join(QStringLiteral("; ")), kNoteMilliseconds);
    rememberFile(QString::fromStdString(info.file));
    updateActions();
    finishProject();
    m_project->noteChange();
}

void MainWindow::showTitle()
{
    const QString path = m_project->path();
    const QString what = !path.isEmpty() ? QFileInfo(path).completeBaseName()
                       : m_model         ? QString::fromStdString(m_model->info.title)
                                         : QString();
    setWindowTitle(what.isEmpty() ? tr("Quantoscope") : tr("%1[*] – Quantoscope").arg(what));
    setWindowModified(!path.isEmpty() && m_project->isModified());
}

void MainWindow::showRun(RunRecordPtr run)
{
    if (run == m_run)
        return;
    m_run = std::move(run);
    m_tree->setRun(m_run);
    m_plots->setRun(m_run);
    m_plan->setRun(m_run);
    m_accuracy->setRun(m_run);
    m_spread->setRun(m_run);
    if (m_selectedPath.isEmpty() && m_run) {
        if (const int tap = defaultTap(*m_run, QStringLiteral("ranges")); tap >= 0)
            m_selectedPath = QString::fromStdString(m_run->taps[static_cast<size_t>(tap)].tap.path);
    }
    const QString selected = m_selectedPath;
    m_selectedPath.clear(); // the same path may have another index in this run
    selectTap(selected);
    updateActions();
}

void MainWindow::selectTap(const QString &path)
{
    if (path == m_selectedPath)
        return;
    m_selectedPath = path;
    rememberSelection(path);
    const std::string wanted = path.toStdString();
    const std::vector<Tap> &taps = m_tree->taps();
    const auto inTree = std::find_if(taps.begin(), taps.end(), [&](const Tap &tap) { return tap.path == wanted; });
    m_modelPanel->selectTap(inTree == taps.end() ? -1 : static_cast<int>(inTree - taps.begin()));
    int inRun = -1;
    for (size_t i = 0; m_run && i < m_run->taps.size(); ++i)
        if (m_run->taps[i].tap.path == wanted)
            inRun = static_cast<int>(i);
    m_plots->setSelectedTap(inRun);
    noteSelectionForGuide();
    m_project->noteChange();
}

void MainWindow::showError(const Error &error)
{
    if (error.code == ErrorCode::Cancelled) {
        statusBar()->showMessage(Texts::error(error), 8000);
        return;
    }
    auto *box =
        new QMessageBox(QMessageBox::Warning, tr("Quantoscope"), Texts::error(error), QMessageBox::Close, this);
    box->setObjectName(QStringLiteral("errorBox"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(QString::fromStdString(error.where));
    box->setDetailedText(Texts::errorDetail(error));
    box->open(); // not exec: results that arrive meanwhile are still shown
}

} // namespace quantoscope
