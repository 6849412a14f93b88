// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/filter_proxy.h"

#include "views/models/item_roles.h"

#include <algorithm>

namespace quantoscope {

FilterProxy::FilterProxy(QObject *parent) : QSortFilterProxyModel(parent)
{
    setSortRole(SortRole);
    setRecursiveFilteringEnabled(true);
    setAutoAcceptChildRows(true);
}

void FilterProxy::setFilterText(const QString &text)
{
    m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

bool FilterProxy::filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const
{
    if (m_words.isEmpty())
        return true;
    const QString text = sourceModel()->index(sourceRow, 0, sourceParent).data(FilterRole).toString();
    return std::all_of(m_words.begin(), m_words.end(),
                       [&](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

bool FilterProxy::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    // Rows without a figure stay at the end in either order: they are not "the worst".
    const bool leftKnown = left.data(SortRole).isValid();
    const bool rightKnown = right.data(SortRole).isValid();
    if (leftKnown != rightKnown)
        return (sortOrder() == Qt::AscendingOrder) == leftKnown;
    return QSortFilterProxyModel::lessThan(left, right);
}

} // namespace quantoscope
