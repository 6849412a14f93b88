// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/copy_rows.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QStringList>
#include <QTableView>

namespace quantoscope {

void copyRows(const QTableView &view)
{
    const QAbstractItemModel &model = *view.model();
    QStringList lines;
    const auto line = [&](auto textOf) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column)
            cells << textOf(column);
        lines << cells.join(QLatin1Char('\t'));
    };
    line([&](int column) { return model.headerData(column, Qt::Horizontal).toString(); });
    for (const QModelIndex &index : view.selectionModel()->selectedRows())
        line([&](int column) { return index.siblingAtColumn(column).data().toString(); });
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace quantoscope
