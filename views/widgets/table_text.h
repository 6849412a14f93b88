// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a table for the clipboard.
#pragma once

#include <QClipboard>
#include <QGuiApplication>
#include <QTableView>

namespace quantoscope {

/// Puts the selected rows, under a line of headers, on the clipboard: tab separated. GUI thread.
inline void copyRowsAsText(const QTableView &table)
{
    const QAbstractItemModel &model = *table.model();
    QStringList lines;
    const auto line = [&](auto textOf) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column)
            cells << textOf(column);
        lines << cells.join(QLatin1Char('\t'));
    };
    line([&](int column) { return model.headerData(column, Qt::Horizontal).toString(); });
    for (const QModelIndex &index : table.selectionModel()->selectedRows())
        line([&](int column) { return index.siblingAtColumn(column).data().toString(); });
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace quantoscope
