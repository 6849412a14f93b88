// SPDX-License-Identifier: GPL-3.0-or-later
// Joins the plan editor with everything that shows or changes a plan: tree, form, plots, plan panel, menu.
#pragma once

#include "core/analysis/plan_prediction.h"
#include "views/models/plan_editor.h"
#include "views/widgets/plan_panel.h"

#include <QObject>
#include <QTimer>

#include <vector>

class QMenu;

namespace quantoscope {

class ModelPanel;
class PlanExport;
class PlotsPanel;
class RecipePanel;
class TapTreeModel;

/// Borrows the panels, which must outlive it; `window` is the parent of dialogs. GUI thread.
class PlanController : public QObject {
    Q_OBJECT
public:
    struct Views {
        RecipePanel *form;
        TapTreeModel *tree;
        ModelPanel *treePanel;
        PlotsPanel *plots;
    };
    PlanController(const Views &views, QWidget *window);

    [[nodiscard]] PlanEditor &editor() { return *m_editor; }
    [[nodiscard]] const PlanEditor &editor() const { return *m_editor; }
    [[nodiscard]] PlanPanel *panel() const { return m_panel; }
    [[nodiscard]] PlanExport *exporter() const { return m_export; }
    /// Entries of the Plan menu.
    void fillMenu(QMenu &menu);

    void setModel(OpenedModelPtr model);
    /// The run that predictions are made from, and all runs whose plans can be compared with.
    void setRun(RunRecordPtr run);
    void addRun(const RunRecordPtr &run);
    void clearRuns();
    /// Another state without a history: a restored session.
    void restore(const QuantizationRequest &request);

    [[nodiscard]] const std::vector<KeptPlan> &keptPlans() const { return m_kept; }
    void setKeptPlans(std::vector<KeptPlan> plans);
    /// Puts the present plan aside; an existing name is replaced.
    void keepPlan(const QString &name);
    /// A plan file (JSON) on the present recipe; one step of the history. Errors: NotFound, CorruptFile, BadInput.
    [[nodiscard]] Result<void> openPlan(const QString &path);
    /// Errors: Io.
    [[nodiscard]] Result<void> savePlan(const QString &path) const;

Q_SIGNALS:
    void changed();      ///< recipe, plan or kept plans
    void failed(const quantoscope::Error &error);

private:
    void showState();
    void showDifference();
    void predict();       ///< starts over
    void predictSome();   ///< a few milliseconds' worth
    void showPrediction();
    void askForName();
    void showFilter();
    void fillPresets(QMenu &menu);
    void updateActions();
    void openInteractively();
    void saveInteractively();
    void addBits(QMenu &menu, const QString &tapPath, const QStringList &selected);
    [[nodiscard]] const KeptPlan *chosenReference() const; ///< null: the recipe

    Views m_views;
    QWidget *m_window;
    PlanEditor *m_editor;
    PlanPanel *m_panel;
    PlanExport *m_export;
    QAction *m_filter = nullptr;
    QAction *m_discard = nullptr;
    QAction *m_save = nullptr;
    QMenu *m_presets = nullptr;
    std::vector<KeptPlan> m_kept;
    std::vector<KeptPlan> m_runs;
    RunRecordPtr m_run;
    std::vector<TapPrediction> m_own;         ///< of the run's own settings
    std::vector<TapPrediction> m_predictions; ///< parallel to the run's taps
    size_t m_nextPrediction = 0;
    QTimer m_predicting;
    bool m_settingForm = false;
};

} // namespace quantoscope
