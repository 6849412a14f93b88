// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/table_controller.h"

#include "core/jobs/model_download.h"
#include "views/models/filter_proxy.h"
#include "views/models/result_table_model.h"
#include "views/widgets/table_dialog.h"
#include "views/widgets/table_text.h"
#include "views/widgets/user_settings.h"

#include <QAction>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QStackedLayout>
#include <QTableView>
#include <QVBoxLayout>

namespace quantoscope {

TableController::TableController(Workbench &workbench, QWidget *window, GetRequest request)
    : QObject(window), m_workbench(workbench), m_window(window), m_request(std::move(request)),
      m_model(new ResultTableModel(this)), m_proxy(new FilterProxy(this)), m_panel(new QWidget), m_view(new QTableView)
{
    m_proxy->setSourceModel(m_model);
    m_view->setObjectName(QStringLiteral("resultTable"));
    m_view->setAccessibleName(tr("Cells of the result table"));
    m_view->setModel(m_proxy);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setAlternatingRowColors(true);
    m_view->setTabKeyNavigation(false);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(m_view->fontMetrics().height() + 8);
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->horizontalHeader()->setSortIndicatorShown(true);
    m_proxy->sort(-1); // as the papers have them, until a header is clicked
    m_view->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    m_view->setSortingEnabled(true);

    auto *empty = new QLabel(tr("Run → Result table… measures the tables of papers, published values beside measured ones."));
    empty->setObjectName(QStringLiteral("resultTableEmpty"));
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    const auto button = [this](const QString &text, const char *name, const QString &tip, auto slot) {
        auto *made = new QPushButton(text);
        made->setObjectName(QLatin1String(name));
        made->setToolTip(tip);
        connect(made, &QPushButton::clicked, this, slot);
        return made;
    };
    const auto openCell = [this] {
        const int row = m_proxy->mapToSource(m_view->currentIndex()).row();
        if (row >= 0 && m_model->table()->cells[static_cast<size_t>(row)].state == CellState::Done)
            m_workbench.openRun(QString::fromStdString(m_model->table()->cells[static_cast<size_t>(row)].file));
    };
    m_open = button(tr("Open the cell's run"), "resultOpen", {}, openCell);
    m_export = button(tr("Export table…"), "resultExport", tr("As Markdown, CSV or HDF5"), [this] { exportTable(); });
    connect(m_view, &QAbstractItemView::activated, this, openCell);
    const auto enableOpen = [this] {
        const int row = m_proxy->mapToSource(m_view->currentIndex()).row();
        const bool there = row >= 0 && m_model->table()
            && m_model->table()->cells[static_cast<size_t>(row)].state == CellState::Done;
        m_open->setEnabled(there);
        m_open->setToolTip(there ? tr("Every cell is a run: shows its ranges, errors and images (Enter)")
                                 : tr("Select a finished cell first."));
    };
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, enableOpen);
    connect(m_model, &QAbstractItemModel::dataChanged, this, enableOpen);
    connect(m_model, &QAbstractItemModel::modelReset, this, enableOpen);
    enableOpen();
    auto *content = new QWidget;
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_open);
    buttons->addWidget(m_export);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->setSpacing(4);
    layout->addWidget(m_view, 1);
    layout->addLayout(buttons);
    m_stack = new QStackedLayout(m_panel);
    m_stack->addWidget(empty);
    m_stack->addWidget(content);

    connect(&m_workbench, &Workbench::tableUpdated, this, &TableController::setTable);
    connect(&m_workbench, &Workbench::tableFinished, this, &TableController::setTable);
}

void TableController::fillMenu(QMenu &menu)
{
    QAction *action = menu.addAction(tr("Result &table…"));
    action->setObjectName(QStringLiteral("resultTableAction"));
    action->setToolTip(tr("Models and methods of a paper: published values beside measured ones"));
    connect(action, &QAction::triggered, this, &TableController::showDialog);
}

void TableController::showDialog()
{
    QString weights = UserSettings::load().modelFolder;
    if (weights.isEmpty())
        weights = defaultModelFolder();
    auto *dialog = new TableDialog(m_request(), weights, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &TableDialog::estimateWanted, this, [this, dialog] { m_workbench.planTable(dialog->request()); });
    connect(&m_workbench, &Workbench::tablePlanned, dialog, &TableDialog::showPlan);
    connect(&m_workbench, &Workbench::tableRefused, dialog, &TableDialog::showRefusal);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { m_workbench.runTable(dialog->request()); });
    dialog->open();
}

void TableController::setTable(const ResultTablePtr &table)
{
    const bool first = m_model->rowCount() == 0;
    m_model->setTable(table);
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0);
    if (first)
        m_view->resizeColumnsToContents();
    Q_EMIT tableShown();
}

void TableController::copySelection() const
{
    copyRowsAsText(*m_view);
}

void TableController::exportTable()
{
    const QString path = QFileDialog::getSaveFileName(m_window, tr("Export table"), QStringLiteral("table.md"),
                                                      tr("Markdown (*.md);;CSV (*.csv);;HDF5 (*.h5)"));
    if (!path.isEmpty())
        m_workbench.exportTable(m_model->table(), path);
}

} // namespace quantoscope
