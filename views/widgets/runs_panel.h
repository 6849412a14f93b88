// SPDX-License-Identifier: GPL-3.0-or-later
// The table of finished evaluations.
#pragma once

#include "core/jobs/workbench.h"

#include <QWidget>

class QTableView;

namespace quantoscope {

class FilterProxy;
class RunTableModel;

/// Shows a RunTableModel that it does not own; Ctrl+C copies the selected rows as TSV. GUI thread.
class RunsPanel : public QWidget {
    Q_OBJECT
public:
    explicit RunsPanel(RunTableModel *model, QWidget *parent = nullptr);
    void selectRow(int sourceRow);
    [[nodiscard]] QTableView *table() const { return m_table; }
    void copySelection() const;
    [[nodiscard]] std::vector<RunRecordPtr> selectedRuns() const; ///< in the order of the table
    [[nodiscard]] RunRecordPtr baseline() const;       ///< of the table; null: none
    void setBaseline(const RunRecordPtr &run);         ///< null: none

Q_SIGNALS:
    void runSelected(quantoscope::RunRecordPtr run); ///< by the user, or by selectRow

private:
    RunTableModel *m_model;
    FilterProxy *m_proxy;
    QTableView *m_table;
};

} // namespace quantoscope
