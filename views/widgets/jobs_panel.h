// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of jobs with what can be done to them.
#pragma once

#include "core/jobs/workbench.h"

#include <QWidget>

class QPushButton;
class QTableView;

namespace quantoscope {

class JobTableModel;

/// Acts on the selected row: earlier, later (also Alt with the arrow keys), pause, resume, cancel (Delete). GUI thread.
class JobsPanel : public QWidget {
    Q_OBJECT
public:
    explicit JobsPanel(Workbench &workbench, QWidget *parent = nullptr);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void updateButtons();
    void move(int by);
    [[nodiscard]] JobInfo selected() const;
    void keepSelection();

    Workbench &m_workbench;
    JobTableModel *m_model;
    QTableView *m_table;
    QPushButton *m_up;
    QPushButton *m_down;
    QPushButton *m_pause;
    QPushButton *m_resume;
    QPushButton *m_cancel;
    QPushButton *m_clear;
    int m_selected = 0; ///< id
};

} // namespace quantoscope
