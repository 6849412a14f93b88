// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/main_window.h"

#include "core/quantization/recipe.h"
#include "views/models/run_table_model.h"
#include "views/models/tap_tree_model.h"
#include "views/models/texts.h"
#include "views/plots/pareto_plot.h"
#include "views/plots/plot_factory.h"
#include "views/widgets/accuracy_controller.h"
#include "views/widgets/flips_panel.h"
#include "views/widgets/get_model_dialog.h"
#include "views/widgets/jobs_panel.h"
#include "views/widgets/measure_actions.h"
#include "views/widgets/model_panel.h"
#include "views/widgets/plan_controller.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/preflight_hint.h"
#include "views/widgets/preflight_panel.h"
#include "views/widgets/project_controller.h"
#include "views/widgets/recipe_panel.h"
#include "views/widgets/report_export.h"
#include "views/widgets/run_actions.h"
#include "views/widgets/runs_panel.h"
#include "views/widgets/settings_dialog.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDialog>
#include <QDialogButtonBox>
#include <QDir>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QRegularExpression>
#include <QSettings>
#include <QStatusBar>
#include <QTableView>
#include <QTableWidget>
#include <QUndoStack>
#include <QVBoxLayout>

namespace quantoscope {

namespace {

constexpr int kNoteMilliseconds = 20000;
constexpr int kMostRecentFiles = 10;
constexpr int kStateVersion = 5; ///< of the dock layout; raise when docks change
const QSize kExportSize(960, 600);

/// By its ending, for drag and drop; what a file really is, its content tells when it is opened.
bool isCheckpointName(const QString &path)
{
    static const QStringList endings = {QStringLiteral("safetensors"), QStringLiteral("pth"), QStringLiteral("pt"),
                                        QStringLiteral("bin"),         QStringLiteral("npz"), QStringLiteral("json")};
    return endings.contains(QFileInfo(path).suffix(), Qt::CaseInsensitive);
}

bool isRunFile(const QString &path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    return suffix == QLatin1String("h5") || suffix == QLatin1String("hdf5");
}

/// A folder or a tar archive. Training programs give their checkpoints the name x.pth.tar.
bool isImageSource(const QString &path)
{
    const QFileInfo file(path);
    return file.isDir()
        || (file.isFile() && file.suffix().toLower() == QLatin1String("tar")
            && !path.endsWith(QLatin1String(".pth.tar"), Qt::CaseInsensitive));
}

QStringList localPaths(const QMimeData *data)
{
    QStringList paths;
    for (const QUrl &url : data->urls())
        if (url.isLocalFile())
            paths << url.toLocalFile();
    return paths;
}

} // namespace

struct MainWindow::Actions {
    QAction *openModel = nullptr;
    QAction *openRun = nullptr;
    QMenu *recent = nullptr;
    QAction *openSearch = nullptr;
    QAction *exportSearch = nullptr;
    QAction *exportReport = nullptr;
    QAction *exportPlot = nullptr;
    QAction *exportPlots = nullptr;
    QAction *copy = nullptr;
    QAction *run = nullptr;
    QAction *check = nullptr;
    QAction *search = nullptr;
    QAction *cancel = nullptr;
};

MainWindow::MainWindow(Workbench &workbench, ProjectStore *store, QWidget *parent)
    : QMainWindow(parent),
      m_workbench(workbench),
      m_actions(std::make_unique<Actions>())
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Quantoscope"));
    setAcceptDrops(true);
    setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowTabbedDocks | QMainWindow::AllowNestedDocks);
    m_project = new ProjectController(store, {this, [this] { return projectState(); },
                                              [this](const ProjectState &state) { applyProject(state); },
                                              [this](const QString &path) { rememberFile(path); }});
    createPanels();
    createActions();
    connectWorkbench();
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
    tabifyDockWidget(m_docks[1], m_docks[3]);
    tabifyDockWidget(m_docks[2], m_docks[6]);
    tabifyDockWidget(m_docks[6], m_docks[4]);
    tabifyDockWidget(m_docks[3], m_docks[5]);
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
    connect(m_plots, &PlotsPanel::searchPointOpened, this, &MainWindow::openSearchPoint);
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
    connect(m_project, &ProjectController::failed, this, &MainWindow::showError);
    connect(m_project, &ProjectController::stateChanged, this, &MainWindow::showTitle);
    connect(m_plan, &PlanController::failed, this, &MainWindow::showError);
    connect(m_recipe, &RecipePanel::readinessChanged, this, [this] {
        updateActions();
        m_project->noteChange();
    });
}

void MainWindow::createActions()
{
    const auto add = [this](QMenu *menu, const QString &text, const QKeySequence &shortcut, const char *name,
                            auto slot) {
        QAction *action = menu->addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(shortcut);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    QMenu *file = menuBar()->addMenu(tr("&File"));
    m_project->fillMenu(*file);
    m_actions->openModel =
        add(file, tr("&Open model…"), QKeySequence::Open, "openModel", &MainWindow::chooseModel);
    add(file, tr("&Get a model…"), {}, "getModel", &MainWindow::getModel)
        ->setToolTip(tr("Download the published checkpoint of a known model"));
    m_actions->openRun = add(file, tr("Open r&un…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O), "openRun",
                             &MainWindow::chooseRun);
    m_actions->openSearch = add(file, tr("Open &search…"), {}, "openSearch", &MainWindow::chooseSearch);
    m_actions->recent = file->addMenu(tr("&Recent files"));
    m_actions->recent->setObjectName(QStringLiteral("recentFiles"));
    file->addSeparator();
    m_actions->exportReport =
        add(file, tr("&Export report…"), QKeySequence(Qt::CTRL | Qt::Key_R), "exportReport", &MainWindow::exportReport);
    m_actions->exportSearch = add(file, tr("Export s&earch…"), {}, "exportSearch", &MainWindow::exportSearch);
    m_actions->exportPlot = add(file, tr("Export &plot…"), QKeySequence(Qt::CTRL | Qt::Key_E), "exportPlot",
                                [this] { m_plots->currentPlot()->exportInteractively(); });
    m_actions->exportPlots = add(file, tr("Export &all plots…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E),
                                 "exportAllPlots", &MainWindow::exportAllPlotsInteractively);
    file->addSeparator();
    add(file, tr("&Quit"), QKeySequence::Quit, "quit", &QWidget::close);

    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    QUndoStack *history = m_plan->editor().history();
    QAction *undo = history->createUndoAction(this, tr("&Undo"));
    undo->setObjectName(QStringLiteral("undo"));
    undo->setShortcut(QKeySequence::Undo);
    QAction *redo = history->createRedoAction(this, tr("&Redo"));
    redo->setObjectName(QStringLiteral("redo"));
    redo->setShortcut(QKeySequence::Redo);
    edit->addAction(undo);
    edit->addAction(redo);
    edit->addSeparator();
    m_actions->copy = add(edit, tr("&Copy"), QKeySequence::Copy, "copy", &MainWindow::copy);
    add(edit, tr("&Filter layers"), QKeySequence::Find, "filterLayers", [this] { m_modelPanel->focusFilter(); });
    edit->addSeparator();
    add(edit, tr("&Settings…"), QKeySequence(Qt::CTRL | Qt::Key_Comma), "settings", &MainWindow::showSettings);

    QMenu *view = menuBar()->addMenu(tr("&View"));
    for (QDockWidget *dock : m_docks)
        view->addAction(dock->toggleViewAction());
    view->addSeparator();
    for (QDockWidget *dock : m_plots->docks()) {
        QAction *action = view->addAction(dock->windowTitle());
        connect(action, &QAction::triggered, dock, &QWidget::raise);
    }
    view->addSeparator();
    add(view, tr("&Reset layout"), {}, "resetLayout", &MainWindow::resetLayout);

    QMenu *plan = menuBar()->addMenu(tr("&Plan"));
    m_plan->fillMenu(*plan);

    QMenu *run = menuBar()->addMenu(tr("&Run"));
    m_actions->run = add(run, tr("&Run"), QKeySequence(Qt::Key_F5), "runAction", &MainWindow::startRun);
    m_actions->check = add(run, tr("C&heck"), QKeySequence(Qt::Key_F7), "checkAction", &MainWindow::startCheck);
    m_measure = new MeasureActions(m_workbench, this, run, [this] { return runRequest(); }, [this] { return m_run; });
    m_actions->search = add(run, tr("&Search precision…"), QKeySequence(Qt::Key_F8), "searchAction",
                            &MainWindow::searchPrecision);
    m_actions->cancel = add(run, tr("&Cancel"), QKeySequence(Qt::SHIFT | Qt::Key_F5), "cancelAction",
                            [this] { m_workbench.cancel(); });

    QMenu *help = menuBar()->addMenu(tr("&Help"));
    add(help, tr("&Shortcuts"), QKeySequence(Qt::CTRL | Qt::Key_Question), "shortcuts",
        &MainWindow::showShortcuts);
    add(help, tr("&About Quantoscope"), {}, "about", &MainWindow::showAbout);
    for (QMenu *menu : {file, edit, view, run, help})
        menu->setToolTipsVisible(true);
    updateRecentFiles();
}

void MainWindow::connectWorkbench()
{
    connect(&m_workbench, &Workbench::busyChanged, this, [this](bool busy) {
        m_recipe->setBusy(busy);
        updateActions();
    });
    connect(&m_workbench, &Workbench::jobsChanged, m_project, &ProjectController::noteChange);
    connect(&m_workbench, &Workbench::partialChanged, m_project, &ProjectController::noteChange);
    connect(&m_workbench, &Workbench::progressed, m_recipe, &RecipePanel::setProgress);
    connect(&m_workbench, &Workbench::modelOpened, this, &MainWindow::showModel);
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
    connect(&m_workbench, &Workbench::runExported, this, [this](const QString &path) {
        statusBar()->showMessage(tr("Wrote %1").arg(QDir::toNativeSeparators(path)), 8000);
    });
    for (auto signal : {&Workbench::searchUpdated, &Workbench::searchFinished})
        connect(&m_workbench, signal, this, [this](const PrecisionSearchPtr &result) {
            m_plots->setSearch(result);
            updateActions();
        });
    connect(&m_workbench, &Workbench::searchExported, this, [this](const QString &path) {
        statusBar()->showMessage(tr("Wrote %1").arg(QDir::toNativeSeparators(path)), 8000);
    });
    connect(&m_workbench, &Workbench::failed, this, [this](const Error &error) {
        showError(error);
        finishProject(); // its model did not open: the rest is there all the same
    });
}

void MainWindow::openFile(const QString &path)
{
    if (ProjectController::isProjectFile(path))
        m_project->openFile(path);
    else if (isRunFile(path))
        openRunFile(path);
    else
        openModelFile(path);
}

void MainWindow::openModelFile(const QString &path)
{
    ModelRequest request;
    // A JSON file stands for the folder that it describes: config.json, or the index of a sharded checkpoint.
    const bool describes = path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive);
    request.weights = (describes ? QFileInfo(path).path() : path).toStdString();
    openModel(std::move(request));
}

void MainWindow::openModel(ModelRequest request)
{
    const UserSettings settings = UserSettings::load();
    request.device = settings.device.toStdString();
    request.threads = settings.threads;
    m_opening = request;
    m_workbench.openModel(request);
}

void MainWindow::showSettings()
{
    auto *dialog = new SettingsDialog(UserSettings::load(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const auto before = UserSettings::load();
    connect(dialog, &QDialog::accepted, this, [this, before] {
        const UserSettings now = UserSettings::load();
        if (m_model && (now.device != before.device || now.threads != before.threads))
            openModel(runRequest().model);
    });
    dialog->open();
}

void MainWindow::openRunFile(const QString &path)
{
    if (QFileInfo::exists(path))
        rememberFile(path);
    m_workbench.openRun(path);
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

void MainWindow::openSearchPoint(int index)
{
    const PrecisionSearchPtr result = m_plots->searchPlot()->result();
    const PrecisionPoint *point = m_plots->searchPlot()->point(index);
    if (!result || !point)
        return;
    if (!m_model || m_model->info.sha256 != result->modelSha256) {
        showError({ErrorCode::BadInput, "this search was made on other weights (" + result->model + ")", point->name,
                   "open its checkpoint first"});
        return;
    }
    const auto plan = parsePlan(point->planJson, point->name);
    if (!plan) {
        showError(plan.error());
        return;
    }
    QuantizationRequest wanted = result->request;
    wanted.planJson = plan->rules.empty() ? std::string() : planToJson(*plan);
    const QString name = QString::fromStdString(point->name);
    m_plan->editor().replace(wanted, tr("plan %1").arg(name));
    statusBar()->showMessage(tr("Plan %1: %2 layers differ from the recipe. Run (F5) evaluates it.").arg(name).arg(plan->rules.size()),
                             8000);
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
    const std::string wanted = path.toStdString();
    const std::vector<Tap> &taps = m_tree->taps();
    const auto inTree = std::find_if(taps.begin(), taps.end(), [&](const Tap &tap) { return tap.path == wanted; });
    m_modelPanel->selectTap(inTree == taps.end() ? -1 : static_cast<int>(inTree - taps.begin()));
    int inRun = -1;
    for (size_t i = 0; m_run && i < m_run->taps.size(); ++i)
        if (m_run->taps[i].tap.path == wanted)
            inRun = static_cast<int>(i);
    m_plots->setSelectedTap(inRun);
    m_project->noteChange();
}

Result<QStringList> MainWindow::exportAllPlots(const QString &folder)
{
    QStringList written;
    for (const char *suffix : {"png", "svg"}) {
        Result<QStringList> paths = m_plots->exportAll(folder, QLatin1String(suffix), kExportSize);
        if (!paths)
            return fail(paths.error());
        written += *paths;
    }
    return written;
}

void MainWindow::exportAllPlotsInteractively()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Export all plots as PNG and SVG into"));
    if (folder.isEmpty())
        return;
    if (const Result<QStringList> done = exportAllPlots(folder); done)
        statusBar()->showMessage(
            tr("Wrote %1 files to %2").arg(done->size()).arg(QDir::toNativeSeparators(folder)), 8000);
    else
        showError(done.error());
}

void MainWindow::chooseModel()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open model"), QString(),
                                                      tr("Checkpoints (*.safetensors *.pth *.pt *.bin *.npz *.json);;All files (*)"));
    if (!path.isEmpty())
        openModelFile(path);
}

void MainWindow::getModel()
{
    auto *dialog = findChild<GetModelDialog *>();
    if (!dialog) {
        Result<std::vector<ModelOffer>> offers = modelOffers();
        if (!offers) {
            showError(offers.error());
            return;
        }
        dialog = new GetModelDialog(std::move(*offers), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &GetModelDialog::openRequested, this, [this](const QString &path, const QString &name) {
            ModelRequest request;
            request.weights = path.toStdString();
            request.model = name.toStdString(); // a file's name need not tell
            openModel(std::move(request));
        });
    }
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
}

void MainWindow::chooseRun()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open run"), QString(),
                                                      tr("Run files (*.h5 *.hdf5);;All files (*)"));
    if (!path.isEmpty())
        openRunFile(path);
}

void MainWindow::exportReport()
{
    if (!m_run)
        return;
    const QString path = QFileDialog::getSaveFileName(this, tr("Export report"),
                                                      QString::fromStdString(m_run->id) + QStringLiteral(".h5"),
                                                      tr("Run files (*.h5);;Web page with plots (*.html);;PDF (*.pdf);;"
                                                         "Table of taps (*.csv)"));
    if (!path.isEmpty())
        exportReportTo(path);
}

void MainWindow::exportReportTo(const QString &path)
{
    if (!isDocument(path)) {
        m_workbench.exportRun(m_run, path);
        return;
    }
    const Result<bool> written = writeReportWithProgress(this, m_run, path);
    if (!written)
        showError(written.error());
    else if (*written)
        statusBar()->showMessage(tr("Wrote %1").arg(QDir::toNativeSeparators(path)), 8000);
}

void MainWindow::copy()
{
    if (m_runsPanel->table()->hasFocus())
        m_runsPanel->copySelection();
    else if (!m_accuracy->copy())
        m_plots->currentPlot()->copyToClipboard();
}

void MainWindow::updateActions()
{
    const auto enable = [](QAction *action, const QString &reason, const QString &tip) {
        action->setEnabled(reason.isEmpty());
        action->setToolTip(reason.isEmpty() ? tip : reason);
    };
    const bool busy = m_workbench.isBusy();
    const QString noRun = m_run ? QString() : tr("There is no run yet: run an evaluation or open a run file.");
    enable(m_actions->exportReport, noRun, tr("Everything about the run that is shown: HDF5, web page, PDF or table"));
    const QString noPlot = m_plots->searchPlot()->result() ? QString() : noRun;
    enable(m_actions->exportPlot, noPlot, tr("The plot with the focus as PNG, SVG, PDF or CSV"));
    enable(m_actions->exportPlots, noRun, tr("Every plot as PNG and SVG into a folder"));
    enable(m_actions->copy, noPlot, tr("The plot as image and its data as a table, or the selected rows"));
    enable(m_actions->run, m_recipe->whyNot(), tr("Calibrates, evaluates and measures as chosen in the form"));
    enable(m_actions->search, m_recipe->whyNot(),
           tr("Which layers need how many bits under a budget of bits, bytes or bit operations"));
    enable(m_actions->exportSearch, m_plots->searchPlot()->result() ? QString() : tr("Nothing was searched yet."),
           tr("Sensitivity, front and plans as one JSON file"));
    const QString noCheck = busy ? tr("A run is in progress.") : m_recipe->whyNot();
    enable(m_actions->check, noCheck, tr("Do model, images, labels and preprocessing belong together?"));
    m_preflight->setWhyNot(noCheck);
    m_measure->setWhyNot(noCheck);
    const RunRequest wanted = runRequest();
    const bool current = m_report && wanted.model == m_checked.model && wanted.data == m_checked.data;
    m_preflightHint->setState(m_model && (noCheck.isEmpty() || (busy && m_recipe->whyNot().isEmpty())), current ? m_report : nullptr, noCheck);
    enable(m_actions->cancel, busy ? QString() : tr("Nothing is running."),
           tr("Stops within one batch; the finished part stays"));
    const QString wait = busy ? tr("A run is in progress.") : QString();
    enable(m_actions->openModel, wait, tr("A checkpoint file (safetensors, .pth, .npz), or config.json for its folder"));
    enable(m_actions->openSearch, wait, tr("The search.json of an earlier precision search"));
    enable(m_actions->openRun, wait, tr("A run file (*.h5) that was exported earlier"));
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

void MainWindow::rememberFile(const QString &path)
{
    QSettings settings;
    QStringList files = settings.value(QStringLiteral("recentFiles")).toStringList();
    const QString absolute = QFileInfo(path).absoluteFilePath();
    files.removeAll(absolute);
    files.prepend(absolute);
    settings.setValue(QStringLiteral("recentFiles"), files.mid(0, kMostRecentFiles));
    updateRecentFiles();
}

void MainWindow::updateRecentFiles()
{
    QMenu *menu = m_actions->recent;
    menu->clear();
    const QStringList files = QSettings().value(QStringLiteral("recentFiles")).toStringList();
    for (const QString &path : files) {
        QAction *action = menu->addAction(QDir::toNativeSeparators(path));
        connect(action, &QAction::triggered, this, [this, path] { openFile(path); });
    }
    menu->setEnabled(!files.isEmpty());
}

void MainWindow::resetLayout()
{
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    if (!m_defaultState.isEmpty())
        restoreState(m_defaultState, kStateVersion);
    resizeDocks({m_docks[0], m_docks[1]}, {330, 320}, Qt::Horizontal);
    resizeDocks({m_docks[2]}, {115}, Qt::Vertical);
    m_plots->resetLayout();
}

void MainWindow::restoreSettings()
{
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("window/state")).toByteArray(), kStateVersion);
    m_plots->restoreState(settings.value(QStringLiteral("window/plots")).toByteArray(), kStateVersion);
    if (const QString folder = settings.value(QStringLiteral("dataFolder")).toString(); isImageSource(folder))
        setDataFolder(folder);
}

void MainWindow::saveSettings() const
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/state"), saveState(kStateVersion));
    settings.setValue(QStringLiteral("window/plots"), m_plots->saveState(kStateVersion));
    settings.setValue(QStringLiteral("dataFolder"), QString::fromStdString(m_recipe->request().data.folder));
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!m_project->mayClose()) {
        event->ignore();
        return;
    }
    saveSettings();
    m_workbench.cancel(); // its destructor waits for the current batch
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const QStringList paths = localPaths(event->mimeData());
    const bool usable = std::any_of(paths.begin(), paths.end(), [](const QString &path) {
        return isImageSource(path) || isRunFile(path) || isCheckpointName(path);
    });
    if (usable)
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    for (const QString &path : localPaths(event->mimeData())) {
        if (QFileInfo(path).isDir() && QFileInfo::exists(path + QLatin1String("/config.json")))
            openModelFile(path);
        else if (isImageSource(path))
            setDataFolder(path);
        else
            openFile(path);
    }
    event->acceptProposedAction();
}

void MainWindow::showShortcuts()
{
    // Chinese menus show their mnemonics in brackets behind the text.
    static const QRegularExpression mnemonic(QStringLiteral("\\(&.\\)|&"));
    QList<QPair<QString, QString>> rows;
    for (const QAction *action : findChildren<QAction *>())
        if (!action->shortcut().isEmpty())
            rows << qMakePair(action->shortcut().toString(QKeySequence::NativeText),
                              action->text().remove(mnemonic));
    rows << qMakePair(tr("F, 8, 6, 4, R"), tr("Model tree: bits of the selected layers (R: recipe)"))
         << qMakePair(tr("Wheel, + and −"), tr("Plot: zoom")) << qMakePair(tr("Drag"), tr("Plot: move"))
         << qMakePair(tr("Double click, Home"), tr("Plot: show everything"))
         << qMakePair(tr("Shift and drag"), tr("Plot: zoom into a box"))
         << qMakePair(tr("Ctrl with + and −"), tr("Plot: zoom the vertical axis"))
         << qMakePair(tr("Shift and arrow keys"), tr("Plot: move"))
         << qMakePair(tr("L"), tr("Plot: logarithmic or linear axis"))
         << qMakePair(tr("Click on the legend"), tr("Plot: show or hide a series"))
         << qMakePair(tr("Left, Right"), tr("Plot: previous or next layer"));
    auto *dialog = new QDialog(this);
    dialog->setObjectName(QStringLiteral("shortcutsDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Shortcuts"));
    auto *table = new QTableWidget(static_cast<int>(rows.size()), 2);
    table->setHorizontalHeaderLabels({tr("Keys"), tr("Action")});
    table->verticalHeader()->hide();
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->horizontalHeader()->setStretchLastSection(true);
    for (int row = 0; row < table->rowCount(); ++row) {
        table->setItem(row, 0, new QTableWidgetItem(rows[row].first));
        table->setItem(row, 1, new QTableWidgetItem(rows[row].second));
    }
    table->resizeColumnsToContents();
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(table);
    layout->addWidget(buttons);
    dialog->resize(520, 480);
    dialog->open();
}

void MainWindow::showAbout()
{
    auto *box = new QMessageBox(this);
    box->setObjectName(QStringLiteral("aboutBox"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(tr("About Quantoscope"));
    box->setText(tr("Quantoscope %1").arg(QStringLiteral(QUANTOSCOPE_VERSION)));
    box->setInformativeText(
        tr("A workbench for post-training quantization of vision transformers.\n\n"
           "Simulated quantization: the figures say what the accuracy would be, not how fast an integer "
           "device is.\n\nFree software under the GNU General Public License, version 3 or later."));
    box->setStandardButtons(QMessageBox::Close);
    box->open();
}

} // namespace quantoscope
