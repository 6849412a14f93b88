// SPDX-License-Identifier: GPL-3.0-or-later
// A result table cell by cell: published value beside the measured one.
#pragma once

#include "core/jobs/workbench.h"
#include "views/models/item_roles.h"

#include <QAbstractTableModel>

namespace quantoscope {

/// GUI thread.
class ResultTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { SuiteName, Model, Method, Bits, Published, Measured, ToPublished, ToFloat, Images, State, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    /// A newer state of the same table keeps the rows.
    void setTable(ResultTablePtr table);
    [[nodiscard]] const ResultTablePtr &table() const { return m_table; }
    [[nodiscard]] static QString stateText(CellState state);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    /// Invalid where nothing is known.
    [[nodiscard]] QVariant figure(const ResultCell &cell, int column) const;
    [[nodiscard]] QString display(const ResultCell &cell, int column) const;
    [[nodiscard]] QString toolTip(const ResultCell &cell) const;

    ResultTablePtr m_table;
};

} // namespace quantoscope
