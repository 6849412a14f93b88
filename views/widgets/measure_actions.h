// SPDX-License-Identifier: GPL-3.0-or-later
// The menu entries that measure more about a run: sensitivity and attention maps.
#pragma once

#include "core/jobs/workbench.h"

#include <QObject>

#include <functional>

class QAction;
class QMenu;
class QWidget;

namespace quantoscope {

class SensitivityDialog;

/// What is measured joins the shown run when that has the same recipe, plan and calibration. GUI thread.
class MeasureActions : public QObject {
    Q_OBJECT
public:
    using GetRequest = std::function<RunRequest()>;
    using GetRun = std::function<RunRecordPtr()>;
    /// `workbench` and `window` outlive this object.
    MeasureActions(Workbench &workbench, QWidget *window, QMenu *menu, GetRequest request, GetRun run);

    /// Why nothing can be measured now; empty: it can.
    void setWhyNot(const QString &reason);
    [[nodiscard]] const QString &whyNot() const { return m_whyNot; }
    /// Asks for what is to be measured; starts when the dialog is accepted.
    void showSensitivityDialog();
    /// Attention maps of an image file.
    void measureAttention(const QString &image);

private:
    void chooseImage();
    void start(RunRequest request);
    [[nodiscard]] RunRequest quantizedRequest() const;

    Workbench &m_workbench;
    QWidget *m_window;
    GetRequest m_request;
    GetRun m_run;
    QString m_whyNot;
    QAction *m_sensitivity = nullptr;
    QAction *m_attention = nullptr;
};

} // namespace quantoscope
