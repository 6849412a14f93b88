// SPDX-License-Identifier: GPL-3.0-or-later
// The window: model tree, plots, recipe form and runs table around one Workbench.
#pragma once

#include "core/jobs/project_store.h"
#include "core/jobs/workbench.h"

#include <QMainWindow>
#include <QStringList>

#include <vector>

class QLabel;
class QMenu;
namespace quantoscope {

enum class GuideStep;
class GuideStrip;
class LargeDataGuard;
class AccuracyController;
class MeasureActions;
class ModelPanel;
class PlanController;
class ProjectController;
class PlotsPanel;
class PreflightHint;
class PreflightPanel;
class RecipePanel;
class RunTableModel;
class RunsPanel;
class SpreadController;
class TableController;
class TapTreeModel;

/// Owns the views, nothing of the core: the Workbench is borrowed and must outlive it. GUI thread.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// Without a store there are no projects and no recovery copy. The store must outlive the window.
    explicit MainWindow(Workbench &workbench, ProjectStore *store = nullptr, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// By suffix: a run file (.h5, .hdf5), else a checkpoint. The outcome arrives through the Workbench.
    void openFile(const QString &path);
    void openModelFile(const QString &path);
    void openRunFile(const QString &path);
    void setDataFolder(const QString &folder);
    /// What Run would ask for now: form, model and plan.
    [[nodiscard]] RunRequest runRequest() const;
    /// Fills the form and sets the plan, without a step of the history. For tests and a restored session.
    void setRunRequest(const RunRequest &request);
    void startRun(); ///< does nothing while something is missing
    void startCheck(); ///< does nothing while something is missing
    void searchPrecision(); ///< asks for budget and constraints; does nothing while something is missing
    /// A point of the shown search (ParetoPlot::point) becomes the plan, with the recipe that it belongs to.
    void openSearchPoint(int point);
    /// Switches taps; one step on the undo stack. `bits`: 2..8, 0 float, -1 what the recipe says.
    void setBits(const QStringList &tapPaths, int bits);
    /// PNG and SVG of every plot that has something to show. Returns the paths. Errors: BadInput without a run, Io.
    [[nodiscard]] Result<QStringList> exportAllPlots(const QString &folder);
    [[nodiscard]] PlanController &plan() { return *m_plan; }
    void askBeforeLargeData(); ///< from now on: somebody is there to answer
    [[nodiscard]] ProjectController &project() { return *m_project; }
    /// Everything that a project holds, as it is now (main_window_project.cpp).
    [[nodiscard]] ProjectState projectState() const;
    /// The shown run into a file; the suffix decides: a run file (h5, written by the worker), or html, pdf, csv.
    void exportReportTo(const QString &path);
    [[nodiscard]] const RunRecordPtr &shownRun() const { return m_run; }
    void selectTap(const QString &path);
    void offerRecovery(); ///< of sessions that did not end properly
    /// Opens the demo's model and runs it as `request` says.
    void startDemo(const RunRequest &request);
    /// The guided path through the demo, from its first step; stays until it is dismissed.
    void showGuide();
    [[nodiscard]] static bool wantsGuide(); ///< it was never dismissed

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    struct Actions;

    void createPanels();
    void createGuide();
    void showGuideStep(GuideStep step);
    void noteSelectionForGuide();
    void addFocusActions(QMenu &menu);
    void focusPanel(int step); ///< 1 next, -1 previous
    void rememberSelection(const QString &path);
    void walkSelection(int step);
    void updateWalkActions();
    void createActions();
    void connectWorkbench();
    void restoreSettings();
    void saveSettings() const;
    void resetLayout();
    void applyProject(const ProjectState &state);
    void finishProject(); ///< when the model of the project is there, or cannot be
    void updateActions();
    void updateRecentFiles();
    void rememberFile(const QString &path);
    void showModel(OpenedModelPtr model);
    void showTitle();
    void showRun(RunRecordPtr run);
    void showCheck();
    void showError(const Error &error);
    void showShortcuts();
    void showAbout();
    void showSettings();
    void openModel(ModelRequest request); ///< with device and threads of the settings
    void copy();
    void chooseModel();
    void getModel();
    void chooseRun();
    void chooseSearch();
    void exportSearch();
    void saveJob();
    void exportReport();
    void exportAllPlotsInteractively();

    Workbench &m_workbench;
    ModelRequest m_opening; ///< what was asked for last
    ModelRequest m_opened;  ///< how m_model was opened
    OpenedModelPtr m_model;
    RunRecordPtr m_run;
    QString m_selectedPath;
    TapTreeModel *m_tree = nullptr;
    RunTableModel *m_runs = nullptr;
    ModelPanel *m_modelPanel = nullptr;
    PlotsPanel *m_plots = nullptr;
    MeasureActions *m_measure = nullptr;
    RecipePanel *m_recipe = nullptr;
    RunsPanel *m_runsPanel = nullptr;
    AccuracyController *m_accuracy = nullptr;
    PreflightPanel *m_preflight = nullptr;
    PreflightHint *m_preflightHint = nullptr;
    PreflightReportPtr m_report; ///< of m_checked
    RunRequest m_checked;        ///< what the last check looked at
    PlanController *m_plan = nullptr;
    ProjectController *m_project = nullptr;
    LargeDataGuard *m_large = nullptr;
    TableController *m_tables = nullptr;
    SpreadController *m_spread = nullptr;
    std::unique_ptr<ProjectState> m_openingProject; ///< waits for its model
    QStringList m_visited; ///< selected taps, oldest first
    qsizetype m_visitedAt = -1;
    bool m_walking = false; ///< over m_visited
    GuideStrip *m_guide = nullptr;
    QDockWidget *m_guideDock = nullptr;
    std::string m_demoWeights; ///< empty: the demo was not started
    QLabel *m_modelLabel = nullptr;
    QList<QDockWidget *> m_docks;
    std::unique_ptr<Actions> m_actions;
    QByteArray m_defaultState;
};

} // namespace quantoscope
