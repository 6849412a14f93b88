// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/bits_delegate.h"

#include "views/models/item_roles.h"

#include <QAbstractItemView>
#include <QComboBox>

namespace quantoscope {

BitsDelegate::BitsDelegate(QObject *parent) : QStyledItemDelegate(parent)
{
}

QWidget *BitsDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &) const
{
    auto *combo = new QComboBox(parent);
    combo->setObjectName(QStringLiteral("bitsEditor"));
    combo->setAccessibleName(tr("Bits"));
    combo->addItem(tr("Float"), static_cast<int>(FloatBits));
    for (int bits = 8; bits >= 2; --bits)
        combo->addItem(tr("%1 bit").arg(bits), bits);
    combo->addItem(tr("Recipe"), static_cast<int>(RecipeBits));
    combo->view()->setMinimumWidth(combo->view()->sizeHintForColumn(0) + 24);
    // Choosing is the whole edit; the list needs no further confirmation.
    connect(combo, &QComboBox::activated, this, &BitsDelegate::commitAndClose);
    return combo;
}

void BitsDelegate::commitAndClose()
{
    auto *editor = qobject_cast<QWidget *>(sender());
    Q_EMIT commitData(editor);
    Q_EMIT closeEditor(editor);
}

void BitsDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    auto *combo = static_cast<QComboBox *>(editor);
    combo->setCurrentIndex(combo->findData(index.data(Qt::EditRole)));
    combo->showPopup();
}

void BitsDelegate::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const
{
    const QVariant choice = static_cast<QComboBox *>(editor)->currentData();
    if (choice.isValid() && choice != index.data(Qt::EditRole))
        model->setData(index, choice, Qt::EditRole);
}

} // namespace quantoscope
