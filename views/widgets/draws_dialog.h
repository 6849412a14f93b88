// SPDX-License-Identifier: GPL-3.0-or-later
// How often, and with how many calibration images, a run is repeated.
#pragma once

#include "core/jobs/workbench.h"

#include <QDialog>

class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QSpinBox;
class QTimer;

namespace quantoscope {

/// Seeds follow that of `run`. Each change is announced after a pause, so that its cost can be shown before the user starts.
/// GUI thread.
class DrawsDialog : public QDialog {
    Q_OBJECT
public:
    explicit DrawsDialog(RunRequest run, QWidget *parent = nullptr);

    /// Error: Usage (a list that is none).
    [[nodiscard]] Result<CalibrationDraws> draws() const;
    [[nodiscard]] const RunRequest &run() const { return m_run; }
    void showCost(const DrawsCost &cost);
    /// Why it cannot be made so; Start is disabled.
    void showRefusal(const Error &error);
    /// A job is running, and the cost comes after it: one can start without having seen it.
    void setBusy(bool busy);

Q_SIGNALS:
    /// The cost of draws() is wanted, which are valid.
    void estimateWanted();

private:
    void changed();
    void ask();

    RunRequest m_run;
    QSpinBox *m_count = nullptr;
    QLineEdit *m_sizes = nullptr;
    QLineEdit *m_batches = nullptr;
    QLabel *m_seeds = nullptr;
    QLabel *m_cost = nullptr;
    QDialogButtonBox *m_buttons = nullptr;
    QTimer *m_pause = nullptr;
    bool m_busy = false;
};

} // namespace quantoscope
