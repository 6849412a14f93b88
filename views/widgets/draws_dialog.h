// SPDX-License-Identifier: GPL-3.0-or-later
// How often, and with how many calibration images, a run is repeated.
#pragma once

#include "core/jobs/workbench.h"
#include "views/widgets/cost_dialog.h"

class QLabel;
class QLineEdit;
class QSpinBox;

namespace quantoscope {

/// Seeds follow that of `run`. The cost that is wanted is that of draws(), which are valid then. GUI thread.
class DrawsDialog : public CostDialog {
    Q_OBJECT
public:
    explicit DrawsDialog(RunRequest run, QWidget *parent = nullptr);

    /// Error: Usage (a list that is none).
    [[nodiscard]] Result<CalibrationDraws> draws() const;
    [[nodiscard]] const RunRequest &run() const { return m_run; }
    void showCost(const DrawsCost &cost);
    /// A job is running, and the cost comes after it: one can start without having seen it.
    void setBusy(bool busy);

private:
    void changed();

    RunRequest m_run;
    QSpinBox *m_count = nullptr;
    QLineEdit *m_sizes = nullptr;
    QLineEdit *m_batches = nullptr;
    QLabel *m_seeds = nullptr;
    bool m_busy = false;
};

} // namespace quantoscope
