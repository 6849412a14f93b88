// SPDX-License-Identifier: GPL-3.0-or-later
// Sorting by SortRole and filtering by words, for the tree and the tables.
#pragma once

#include <QSortFilterProxyModel>
#include <QStringList>

namespace quantoscope {

/// A row is shown when its FilterRole text holds every word of the filter (any order, any case), or when a row below
/// or above it does. GUI thread.
class FilterProxy : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit FilterProxy(QObject *parent = nullptr);
    void setFilterText(const QString &text);

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    QStringList m_words;
};

} // namespace quantoscope
