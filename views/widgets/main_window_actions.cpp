// SPDX-License-Identifier: GPL-3.0-or-later
// Menus of the window, when their entries are possible, and the small dialogs of Edit and Help.
#include "views/widgets/main_window_private.h"

#include "views/plots/pareto_plot.h"
#include "views/widgets/accuracy_controller.h"
#include "views/widgets/measure_actions.h"
#include "views/widgets/model_panel.h"
#include "views/widgets/plan_controller.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/preflight_hint.h"
#include "views/widgets/preflight_panel.h"
#include "views/widgets/project_controller.h"
#include "views/widgets/recipe_panel.h"
#include "views/widgets/runs_panel.h"
#include "views/widgets/settings_dialog.h"
#include "views/widgets/spread_controller.h"
#include "views/widgets/table_controller.h"
#include "views/widgets/undo_guard.h"

#include <QAction>
#include <QDialog>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QHeaderView>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QRegularExpression>
#include <QTableView>
#include <QTableWidget>
#include <QUndoStack>
#include <QVBoxLayout>

namespace quantoscope {

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
    m_actions->openSearch = add(file, tr("Open searc&h…"), {}, "openSearch", &MainWindow::chooseSearch);
    m_actions->recent = file->addMenu(tr("&Recent files"));
    m_actions->recent->setObjectName(QStringLiteral("recentFiles"));
    file->addSeparator();
    m_actions->exportReport =
        add(file, tr("&Export report…"), QKeySequence(Qt::CTRL | Qt::Key_R), "exportReport", &MainWindow::exportReport);
    m_actions->exportSearch = add(file, tr("Export sear&ch…"), {}, "exportSearch", &MainWindow::exportSearch);
    m_actions->exportPlot = add(file, tr("Export &plot…"), QKeySequence(Qt::CTRL | Qt::Key_E), "exportPlot",
                                [this] { m_plots->currentPlot()->exportInteractively(); });
    m_actions->exportPlots = add(file, tr("Export a&ll plots…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E),
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
    const auto explain = [history, undo, redo] {
        undo->setToolTip(history->canUndo() ? history->undoText() : tr("Nothing of the plan was changed yet."));
        redo->setToolTip(history->canRedo() ? history->redoText() : tr("Nothing was undone."));
    };
    connect(history, &QUndoStack::canUndoChanged, this, explain);
    connect(history, &QUndoStack::canRedoChanged, this, explain);
    connect(history, &QUndoStack::indexChanged, this, explain);
    explain();
    auto *guard = new UndoGuard(this);
    for (QAction *step : {undo, redo}) {
        guard->watch(step);
        edit->addAction(step);
    }
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
        QAction *action = view->addAction(dock->findChild<PlotView *>()->viewTitle());
        connect(action, &QAction::triggered, m_plots,
                [this, name = dock->findChild<PlotView *>()->viewName()] { m_plots->bringToFront(name); });
    }
    view->addSeparator();
    QAction *enlarge = add(view, tr("&Enlarge plot"), QKeySequence(Qt::Key_F11), "enlargePlot",
                           [this] { m_plots->setEnlarged(m_plots->enlarged() ? nullptr : m_plots->currentPlot()); });
    enlarge->setCheckable(true);
    enlarge->setToolTip(tr("The plot with the focus takes the room of all plots; once more puts them back"));
    connect(m_plots, &PlotsPanel::enlargedChanged, enlarge, &QAction::setChecked);
    QAction *link = add(view, tr("Link &horizontal axes"), QKeySequence(Qt::CTRL | Qt::Key_L), "linkAxes",
                        [this](bool on) { m_plots->setAxesLinked(on); });
    link->setCheckable(true);
    link->setChecked(m_plots->axesLinked());
    link->setToolTip(tr("Plots show the same layers, the same channels of the selected layer and the same costs: zooming, moving "
                        "or resetting one does so in the others"));
    link->setStatusTip(link->toolTip());
    connect(m_plots, &PlotsPanel::axesLinkedChanged, link, &QAction::setChecked);
    addFocusActions(*view);
    view->addSeparator();
    add(view, tr("&Reset layout"), {}, "resetLayout", &MainWindow::resetLayout);

    QMenu *plan = menuBar()->addMenu(tr("&Plan"));
    m_plan->fillMenu(*plan);

    QMenu *run = menuBar()->addMenu(tr("&Run"));
    m_actions->run = add(run, tr("&Run"), QKeySequence(Qt::Key_F5), "runAction", &MainWindow::startRun);
    m_actions->check = add(run, tr("C&heck"), QKeySequence(Qt::Key_F7), "checkAction", &MainWindow::startCheck);
    m_measure = new MeasureActions(m_workbench, this, run, [this] { return runRequest(); }, [this] { return m_run; });
    m_actions->search = add(run, tr("Search &precision…"), QKeySequence(Qt::Key_F8), "searchAction",
                            &MainWindow::searchPrecision);
    m_spread->fillMenu(*run);
    m_tables->fillMenu(*run);
    m_actions->saveJob = add(run, tr("Save as &batch job…"), {}, "saveJob", &MainWindow::saveJob);
    m_actions->cancel = add(run, tr("&Cancel"), QKeySequence(Qt::SHIFT | Qt::Key_F5), "cancelAction",
                            [this] { m_workbench.cancel(); });

    QMenu *help = menuBar()->addMenu(tr("&Help"));
    add(help, tr("&Guided path"), {}, "guide", &MainWindow::showGuide)
        ->setToolTip(tr("Six steps from the ranges of a model to a better plan"));
    add(help, tr("&Shortcuts"), QKeySequence(Qt::CTRL | Qt::Key_Question), "shortcuts",
        &MainWindow::showShortcuts);
    add(help, tr("&About Quantoscope"), {}, "about", &MainWindow::showAbout);
    for (QMenu *menu : {file, edit, view, run, help})
        menu->setToolTipsVisible(true);
    updateRecentFiles();
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
    enable(m_actions->saveJob, m_recipe->whyNot(),
           tr("What Run would do, as a file for quantoscope-cli batch, here or on another machine"));
    m_spread->setWhyNot(m_recipe->whyNot());
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

void MainWindow::copy()
{
    if (m_runsPanel->table()->hasFocus())
        m_runsPanel->copySelection();
    else if (m_tables->view()->hasFocus())
        m_tables->copySelection();
    else if (!m_accuracy->copy())
        m_plots->currentPlot()->copyToClipboard();
}

void MainWindow::showSettings()
{
    auto *dialog = new SettingsDialog(UserSettings::load(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const auto before = UserSettings::load();
    connect(dialog, &QDialog::accepted, this, [this, before] {
        const UserSettings now = UserSettings::load();
        if (m_model && !now.computesLike(before))
            openModel(runRequest().model);
    });
    dialog->open();
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
         << qMakePair(tr("Ctrl and drag"), tr("Plot: select the layers in a box, to change their bits together"))
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
    table->setAccessibleName(tr("Shortcuts"));
    table->setTabKeyNavigation(false);
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
