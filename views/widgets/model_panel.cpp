// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/model_panel.h"

#include "views/models/filter_proxy.h"
#include "views/models/tap_tree_model.h"
#include "views/widgets/bits_delegate.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedLayout>
#include <QTreeView>
#include <QVBoxLayout>

namespace quantoscope {

ModelPanel::ModelPanel(TapTreeModel *model, QWidget *parent) : QWidget(parent), m_model(model)
{
    m_proxy = new FilterProxy(this);
    m_proxy->setSourceModel(model);

    m_filter = new QLineEdit;
    m_filter->setObjectName(QStringLiteral("modelFilter"));
    m_filter->setAccessibleName(tr("Filter layers"));
    m_filter->setPlaceholderText(tr("Filter: fc2, softmax, block 3, float…"));
    m_filter->setClearButtonEnabled(true);
    auto *flat = new QCheckBox(tr("One list"));
    flat->setObjectName(QStringLiteral("flatList"));
    flat->setToolTip(tr("All layers in one list, so that sorting by a column ranks the whole network"));

    m_tree = new QTreeView;
    m_tree->setObjectName(QStringLiteral("modelTree"));
    m_tree->setAccessibleName(tr("Layers of the model"));
    m_tree->setModel(m_proxy);
    m_tree->setItemDelegateForColumn(TapTreeModel::Bits, new BitsDelegate(m_tree));
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_tree->setUniformRowHeights(true);
    m_tree->setAlternatingRowColors(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setSortingEnabled(true);
    m_tree->sortByColumn(TapTreeModel::Name, Qt::AscendingOrder);
    m_tree->installEventFilter(this);
    QHeaderView *header = m_tree->header();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(QHeaderView::Interactive);
    const QFontMetrics metrics(font());
    header->resizeSection(TapTreeModel::Name, metrics.horizontalAdvance(QStringLiteral("patch_embed.proj")) + 50);
    header->resizeSection(TapTreeModel::Bits, metrics.horizontalAdvance(QStringLiteral("mixed")) + 14);
    header->resizeSection(TapTreeModel::Setting,
                          metrics.horizontalAdvance(QStringLiteral("symmetric minmax, per channel")));
    for (int column = TapTreeModel::SqnrIsolated; column < TapTreeModel::ColumnCount; ++column)
        header->resizeSection(
            column, metrics.horizontalAdvance(model->headerData(column, Qt::Horizontal).toString()) + 20);
    // The errors stand beside the bits: they are what bits are decided on.
    header->moveSection(header->visualIndex(TapTreeModel::Setting), TapTreeModel::ColumnCount - 1);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(4);
    auto *caption = new QLabel(tr("Bits:"));
    buttons->addWidget(caption);
    const struct {
        QString text;
        const char *name;
        int bits;
    } choices[] = {{tr("Float"), "bitsFloat", FloatBits},
                   {QStringLiteral("&8"), "bits8", 8},
                   {QStringLiteral("&6"), "bits6", 6},
                   {QStringLiteral("&4"), "bits4", 4},
                   {tr("Recipe"), "bitsRecipe", RecipeBits}};
    for (const auto &choice : choices) {
        auto *button = new QPushButton(choice.text);
        button->setObjectName(QLatin1String(choice.name));
        button->setAccessibleName(choice.bits >= 2 ? tr("Set the selected layers to %1 bits").arg(choice.bits)
                                  : choice.bits == FloatBits
                                      ? tr("Leave the selected layers in float")
                                      : tr("Set the selected layers to what the recipe says"));
        button->setMinimumWidth(30);
        button->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
        connect(button, &QPushButton::clicked, this, [this, bits = choice.bits] { applyBits(bits); });
        buttons->addWidget(button);
        m_buttons << button;
    }

    auto *top = new QHBoxLayout;
    top->addWidget(m_filter, 1);
    top->addWidget(flat);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->setSpacing(4);
    auto *empty = new QLabel(tr("Open a checkpoint (safetensors, .pth, .npz, HuggingFace folder) with Ctrl+O, or drop one here."));
    empty->setObjectName(QStringLiteral("modelEmpty"));
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    empty->setMargin(12);
    auto *get = new QPushButton(tr("Get a model…"));
    get->setObjectName(QStringLiteral("getModelButton"));
    get->setToolTip(tr("Download the published checkpoint of a known model"));
    connect(get, &QPushButton::clicked, this, &ModelPanel::modelWanted);
    auto *emptyPage = new QWidget;
    auto *emptyLayout = new QVBoxLayout(emptyPage);
    emptyLayout->addStretch();
    emptyLayout->addWidget(empty);
    emptyLayout->addWidget(get, 0, Qt::AlignHCenter);
    emptyLayout->addStretch();
    m_stack = new QStackedLayout;
    m_stack->addWidget(emptyPage);
    m_stack->addWidget(m_tree);
    layout->addLayout(top);
    layout->addLayout(m_stack, 1);
    layout->addLayout(buttons);

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_proxy->setFilterText(text);
        if (!text.isEmpty())
            m_tree->expandAll();
    });
    connect(flat, &QCheckBox::toggled, m_model, [this](bool on) { m_model->setGrouped(!on); });
    connect(m_tree->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ModelPanel::updateButtons);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &current) {
                const QVariant tap = current.data(TapRole);
                if (tap.isValid() && tap.toInt() >= 0)
                    Q_EMIT tapSelected(tap.toInt());
            });
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &ModelPanel::showMenu);
    connect(m_model, &TapTreeModel::bitsEdited, this, &ModelPanel::bitsEdited);
    connect(m_model, &QAbstractItemModel::modelReset, this, &ModelPanel::restoreTree);
    updateButtons();
}

void ModelPanel::restoreTree()
{
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0);
    m_tree->setRootIsDecorated(m_model->isGrouped());
    if (m_model->isGrouped() && m_filter->text().isEmpty() && m_proxy->rowCount() > 0)
        m_tree->expand(m_proxy->index(0, 0));
    else
        m_tree->expandAll();
    updateButtons();
}

void ModelPanel::showMenu(const QPoint &position)
{
    const QModelIndex index = m_tree->indexAt(position);
    const QVariant tap = index.data(TapRole);
    auto *menu = new QMenu(m_tree);
    menu->setObjectName(QStringLiteral("treeMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    Q_EMIT menuAboutToShow(menu, tap.isValid() && tap.toInt() >= 0
                                     ? QString::fromStdString(m_model->taps()[static_cast<size_t>(tap.toInt())].path)
                                     : QString());
    menu->popup(m_tree->viewport()->mapToGlobal(position));
}

void ModelPanel::selectTap(int tap)
{
    const QModelIndex index = m_proxy->mapFromSource(m_model->indexOfTap(tap));
    if (!index.isValid() || m_tree->currentIndex().data(TapRole) == tap)
        return;
    m_tree->selectionModel()->setCurrentIndex(index,
                                              QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_tree->scrollTo(index);
}

void ModelPanel::selectTaps(const QStringList &paths)
{
    QItemSelection rows;
    QModelIndex first;
    for (size_t t = 0; t < m_model->taps().size(); ++t) {
        if (!paths.contains(QString::fromStdString(m_model->taps()[t].path)))
            continue;
        const QModelIndex index = m_proxy->mapFromSource(m_model->indexOfTap(static_cast<int>(t)));
        if (!index.isValid())
            continue;
        rows.select(index, index);
        if (!first.isValid())
            first = index;
    }
    if (!first.isValid())
        return;
    m_tree->scrollTo(first); // opens its block
    for (const QModelIndex &index : rows.indexes())
        m_tree->expand(index.parent());
    m_tree->selectionModel()->setCurrentIndex(first, QItemSelectionModel::NoUpdate);
    m_tree->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

QStringList ModelPanel::selectedPaths() const
{
    QStringList paths;
    for (const QModelIndex &index : m_tree->selectionModel()->selectedRows())
        paths += index.data(SwitchableTapsRole).toStringList();
    paths.removeDuplicates();
    return paths;
}

void ModelPanel::applyBits(int bits)
{
    if (const QStringList paths = selectedPaths(); !paths.isEmpty())
        Q_EMIT bitsEdited(paths, bits);
}

void ModelPanel::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void ModelPanel::updateButtons()
{
    const QModelIndexList rows = m_tree->selectionModel()->selectedRows();
    const qsizetype count = selectedPaths().size();
    QString tip = tr("Applies to the selected layers: %1").arg(count);
    if (count == 0)
        tip = rows.isEmpty() ? tr("Select layers in the tree first.") : rows.front().data(ReasonRole).toString();
    for (QPushButton *button : m_buttons) {
        button->setEnabled(count > 0);
        button->setToolTip(tip);
    }
}

bool ModelPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride)
        return QWidget::eventFilter(watched, event);
    auto *key = static_cast<QKeyEvent *>(event);
    if (key->modifiers() & ~Qt::KeypadModifier)
        return QWidget::eventFilter(watched, event);
    static const QHash<int, int> keys = {
        {Qt::Key_F, FloatBits}, {Qt::Key_8, 8}, {Qt::Key_6, 6}, {Qt::Key_4, 4}, {Qt::Key_R, RecipeBits}};
    const auto found = keys.constFind(key->key());
    if (found == keys.constEnd())
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::KeyPress)
        applyBits(*found);
    event->accept();
    return true; // else the tree would look for a row that begins with this letter
}

} // namespace quantoscope
