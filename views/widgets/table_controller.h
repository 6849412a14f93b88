// SPDX-License-Identifier: GPL-3.0-or-later
// Result tables in the window: the dialog, the queue, the table that grows.
#pragma once

#include "core/jobs/workbench.h"

#include <QObject>

#include <functional>

class QAction;
class QMenu;
class QPushButton;
class QStackedLayout;
class QTableView;

namespace quantoscope {

class FilterProxy;
class ResultTableModel;

/// GUI thread. The panel is the caller's to place; the Workbench must outlive it.
class TableController : public QObject {
    Q_OBJECT
public:
    using GetRequest = std::function<RunRequest()>;
    TableController(Workbench &workbench, QWidget *window, GetRequest request);

    void fillMenu(QMenu &menu);
    [[nodiscard]] QWidget *panel() const { return m_panel; }
    /// Asks which tables, then runs them.
    void showDialog();
    /// The selected rows with their header as tab-separated text.
    void copySelection() const;
    [[nodiscard]] QTableView *view() const { return m_view; }

Q_SIGNALS:
    /// There is something to see in the panel.
    void tableShown();

private:
    void setTable(const ResultTablePtr &table);
    void exportTable();

    Workbench &m_workbench;
    QWidget *m_window;
    GetRequest m_request;
    ResultTableModel *m_model;
    FilterProxy *m_proxy;
    QWidget *m_panel;
    QTableView *m_view;
    QStackedLayout *m_stack;
    QPushButton *m_open;
    QPushButton *m_export;
};

} // namespace quantoscope
