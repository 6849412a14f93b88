// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with rows of the runs table: repeat, compare two, take over the plan.
#pragma once

#include "core/jobs/change_finder.h"

#include <QObject>

class QMenu;
class QTableView;

namespace quantoscope {

class RunsPanel;

/// Adds a context menu to the runs table (also by the Menu key). GUI thread.
class RunActions : public QObject {
    Q_OBJECT
public:
    /// `window` is the parent of dialogs.
    RunActions(RunsPanel *panel, QWidget *window);

Q_SIGNALS:
    void repeatRequested(const quantoscope::RunRecordPtr &run);
    void planWanted(const quantoscope::RunRecordPtr &run);
    void failed(const quantoscope::Error &error);

private:
    void pinSelected(); ///< as baseline; the baseline itself is unpinned
    void showMenu(const QPoint &position);
    void showComparison(const RunChangesPtr &changes);

    RunsPanel *m_panel;
    QWidget *m_window;
    ChangeFinder *m_finder;
};

} // namespace quantoscope
