// SPDX-License-Identifier: GPL-3.0-or-later
// The window: model tree, plots, recipe form and runs table around one Workbench.
#pragma once

#include "core/jobs/workbench.h"

#include <QMainWindow>
#include <QMap>
#include <QStringList>

#include <vector>

class QLabel;
class QUndoStack;

namespace quantoscope {

class MeasureActions;
class ModelPanel;
class PlotsPanel;
class PreflightHint;
class PreflightPanel;
class RecipePanel;
class RunTableModel;
class RunsPanel;
class TapTreeModel;

/// Bits that the user changed against the recipe, by tap path: 2..8, or 0 for float.
using BitEdits = QMap<QString, int>;

/// Owns the views, nothing of the core: the Workbench is borrowed and must outlive it. GUI thread.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(Workbench &workbench, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// By suffix: a run file (.h5, .hdf5), else a checkpoint. The outcome arrives through the Workbench.
    void openFile(const QString &path);
    void openModelFile(const QString &path);
    void openRunFile(const QString &path);
    void setDataFolder(const QString &folder);
    /// What Run would ask for now: form, model and plan.
    [[nodiscard]] RunRequest runRequest() const;
    /// Fills the form; the plan's rules that name a single tap become bit edits. For tests and a restored session.
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
    /// The shown run into a file; the suffix decides: a run file (h5, written by the worker), or html, pdf, csv.
    void exportReportTo(const QString &path);
    [[nodiscard]] const RunRecordPtr &shownRun() const { return m_run; }
    void selectTap(const QString &path);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    struct Actions;

    void createPanels();
    void createActions();
    void connectWorkbench();
    void restoreSettings();
    void saveSettings() const;
    void resetLayout();
    void updateActions();
    void updateRecentFiles();
    void rememberFile(const QString &path);
    void showModel(OpenedModelPtr model);
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
    void exportReport();
    void exportAllPlotsInteractively();
    void applyEdits(const BitEdits &edits);
    void refreshSettings();
    [[nodiscard]] std::string planJson() const;

    Workbench &m_workbench;
    ModelRequest m_opening; ///< what was asked for last
    ModelRequest m_opened;  ///< how m_model was opened
    OpenedModelPtr m_model;
    RunRecordPtr m_run;
    QString m_selectedPath;
    BitEdits m_edits;
    TapTreeModel *m_tree = nullptr;
    RunTableModel *m_runs = nullptr;
    ModelPanel *m_modelPanel = nullptr;
    PlotsPanel *m_plots = nullptr;
    MeasureActions *m_measure = nullptr;
    RecipePanel *m_recipe = nullptr;
    RunsPanel *m_runsPanel = nullptr;
    PreflightPanel *m_preflight = nullptr;
    PreflightHint *m_preflightHint = nullptr;
    PreflightReportPtr m_report; ///< of m_checked
    RunRequest m_checked;        ///< what the last check looked at
    QUndoStack *m_undo = nullptr;
    QLabel *m_modelLabel = nullptr;
    QList<QDockWidget *> m_docks;
    std::unique_ptr<Actions> m_actions;
    QByteArray m_defaultState;
};

} // namespace quantoscope
