// SPDX-License-Identifier: GPL-3.0-or-later
// What the check before a calibration found: severity as icon and word, what it means, what to do.
#pragma once

#include "core/jobs/workbench.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QPushButton;
class QTextBrowser;

namespace quantoscope {

/// GUI thread.
class PreflightPanel : public QWidget {
    Q_OBJECT
public:
    explicit PreflightPanel(QWidget *parent = nullptr);

    void setReport(PreflightReportPtr report); ///< null: nothing checked
    /// `reason`: why no check can start; empty when one can.
    void setWhyNot(const QString &reason);
    void copyToClipboard() const; ///< the report as plain text; does nothing without one
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void checkRequested();

protected:
    void changeEvent(QEvent *event) override;

private:
    void refresh();

    PreflightReportPtr m_report;
    QLabel *m_summary = nullptr;
    QTextBrowser *m_text = nullptr;
    QCheckBox *m_all = nullptr;
    QPushButton *m_check = nullptr;
    QPushButton *m_copy = nullptr;
};

} // namespace quantoscope
