// SPDX-License-Identifier: GPL-3.0-or-later
// Editing of the Bits column.
#pragma once

#include <QStyledItemDelegate>

namespace quantoscope {

/// A drop-down list: float, 8 to 2 bits, what the recipe says.
class BitsDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit BitsDelegate(QObject *parent = nullptr);
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override;

private:
    void commitAndClose();
};

} // namespace quantoscope
