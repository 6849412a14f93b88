// SPDX-License-Identifier: GPL-3.0-or-later
// A line above the run form: nothing was checked yet, or what the check found.
#pragma once

#include "core/jobs/workbench.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace quantoscope {

/// GUI thread.
class PreflightHint : public QFrame {
    Q_OBJECT
public:
    explicit PreflightHint(QWidget *parent = nullptr);

    /// Visible once a check makes sense. `report`: of what is chosen now, null when that was not checked.
    /// `whyNot`: why no check can start; empty when one can.
    void setState(bool visible, PreflightReportPtr report, const QString &whyNot);

Q_SIGNALS:
    void checkRequested();
    void reportRequested();

private:
    PreflightReportPtr m_report;
    QLabel *m_text = nullptr;
    QPushButton *m_button = nullptr;
};

} // namespace quantoscope
