// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of jobs, the next to run first.
#pragma once

#include "core/jobs/workbench.h"

#include <QAbstractTableModel>

namespace quantoscope {

/// Follows a Workbench that it does not own. GUI thread.
class JobTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Job, State, ProgressColumn, ColumnCount };

    explicit JobTableModel(Workbench &workbench, QObject *parent = nullptr);

    [[nodiscard]] JobInfo jobAt(int row) const; ///< id 0 outside
    [[nodiscard]] int rowOf(int id) const;      ///< -1 unknown
    /// Position among the jobs that can be moved; -1 when this one cannot.
    [[nodiscard]] int positionOf(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void update();
    [[nodiscard]] static QString title(const JobInfo &job);
    [[nodiscard]] static QString stateText(JobState state);
    [[nodiscard]] static QString progressText(const JobInfo &job);

    Workbench &m_workbench;
    QList<JobInfo> m_jobs;
};

} // namespace quantoscope
