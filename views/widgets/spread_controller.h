// SPDX-License-Identifier: GPL-3.0-or-later
// Repeats a run with other calibration images, and keeps the plot of what came out up to date.
#pragma once

#include "core/jobs/workbench.h"

#include <QObject>

#include <functional>

class QAction;
class QMenu;

namespace quantoscope {

class PlotsPanel;
class RunTableModel;
class RunsPanel;
class SpreadFinder;

/// GUI thread.
class SpreadController : public QObject {
    Q_OBJECT
public:
    /// What the window lends; all of it outlives the controller.
    struct Parts {
        Workbench &workbench;
        QWidget *window; ///< parent of dialogs
        RunTableModel *runs;
        RunsPanel *runsPanel;
        PlotsPanel *plots;
        std::function<RunRequest()> request; ///< what Run would ask for now
    };
    SpreadController(Parts parts, QObject *parent);

    void fillMenu(QMenu &menu);
    /// Why no run can be started; empty: one can.
    void setWhyNot(const QString &reason);
    void setRun(const RunRecordPtr &run); ///< the one that is shown: the plot is about its draws
    void showDialog();

Q_SIGNALS:
    void failed(const quantoscope::Error &error);

private:
    void update();
    [[nodiscard]] RunRecordPtr lastMeasured(const RunRequest &request) const; ///< whose rates hold for it; null: none

    Parts m_parts;
    SpreadFinder *m_finder;
    QAction *m_action = nullptr;
    RunRecordPtr m_like; ///< the last one that was calibrated on random images
};

} // namespace quantoscope
