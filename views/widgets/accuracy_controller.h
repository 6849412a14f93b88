// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the views of accuracy together: runs with their baseline, changed images, confusion, front of runs.
#pragma once

#include "core/jobs/workbench.h"

#include <QObject>

#include <functional>

class QDockWidget;

namespace quantoscope {

class FlipsPanel;
class PlotsPanel;
class RunTableModel;
class RunsPanel;

/// GUI thread.
class AccuracyController : public QObject {
    Q_OBJECT
public:
    /// What the window lends; all of it outlives the controller.
    struct Parts {
        RunTableModel *runs;
        RunsPanel *runsPanel;
        PlotsPanel *plots;
        /// Why an image's attention cannot be measured now; empty: it can.
        std::function<QString()> whyNoAttention;
        std::function<void(const QString &image)> measureAttention;
    };
    AccuracyController(Parts parts, QObject *parent);

    /// Parent it, for example by a dock.
    [[nodiscard]] FlipsPanel *panel() const { return m_panel; }
    void setRun(const RunRecordPtr &run); ///< the one that is shown
    /// Copies from the panel when it has the focus; false: it has not.
    [[nodiscard]] bool copy() const;

private:
    [[nodiscard]] QDockWidget *dock() const; ///< that the panel stands in, or null
    void update();
    void updateRuns();
    void activateImage(const QString &path);
    void bringToFront();
    /// While the panel is in front: the dock of the runs table is too low for pictures, and the plots need the room after.
    void giveRoom();

    Parts m_parts;
    FlipsPanel *m_panel;
    RunRecordPtr m_run;
    int m_heightBefore = 0; ///< of the dock when the panel got room; 0: it has none from here
};

} // namespace quantoscope
