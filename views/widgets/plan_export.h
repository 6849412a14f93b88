// SPDX-License-Identifier: GPL-3.0-or-later
// The entry "Export plan…" of the Plan menu: the plan in the form of another program.
#pragma once

#include "core/jobs/workbench.h"
#include "core/quantization/plan_export.h"

#include <QObject>

class QAction;
class QMenu;
class QWidget;

namespace quantoscope {

class PlanEditor;

/// Borrows the editor; `window` is the parent of dialogs. GUI thread.
class PlanExport : public QObject {
    Q_OBJECT
public:
    PlanExport(const PlanEditor &editor, QWidget *window);

    void addTo(QMenu &menu);
    /// The run that is shown; its scales are exported as long as the plan is its own.
    void setRun(RunRecordPtr run);
    /// After a change of model, plan or run.
    void updateAction();
    /// `format`: a name of planFormats(). Errors: those of exportPlan; BadInput (neither model nor run), Io.
    [[nodiscard]] Result<void> write(const QString &path, const std::string &format);

Q_SIGNALS:
    void failed(const quantoscope::Error &error);
    /// The model of a run with its scales is wanted, which is a job.
    void onnxWanted(quantoscope::RunRecordPtr run, const QString &path);
    void written(const QString &path, int notExpressed); ///< layers of which the file cannot say all

private:
    void exportInteractively();
    [[nodiscard]] QString whyNot() const;
    [[nodiscard]] PlanSubject subject() const;
    [[nodiscard]] bool isOfRun() const; ///< the plan is that of the run

    const PlanEditor &m_editor;
    QWidget *m_window;
    QAction *m_action = nullptr;
    RunRecordPtr m_run;
};

} // namespace quantoscope
