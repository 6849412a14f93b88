// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/runs_panel.h"

#include "views/models/filter_proxy.h"
#include "views/models/run_table_model.h"
#include "views/widgets/table_text.h"

#include <QHeaderView>
#include <QLabel>
#include <QStackedLayout>
#include <QTableView>

#include <algorithm>

namespace quantoscope {

namespace {

constexpr int kLeastPlan = 60; ///< pixels

} // namespace

RunsPanel::RunsPanel(RunTableModel *model, QWidget *parent) : QWidget(parent), m_model(model)
{
    m_proxy = new FilterProxy(this);
    m_proxy->setSourceModel(model);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("runsTable"));
    m_table->setAccessibleName(tr("Finished evaluations"));
    m_table->setModel(m_proxy);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setAlternatingRowColors(true);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(RunTableModel::Run, Qt::AscendingOrder);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(QFontMetrics(font()).height() + 8);
    m_table->horizontalHeader()->setHighlightSections(false);

    auto *empty =
        new QLabel(tr("Every finished evaluation becomes a row here: choose a recipe on the right and run."));
    empty->setObjectName(QStringLiteral("runsEmpty"));
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    auto *stack = new QStackedLayout(this);
    stack->addWidget(empty);
    stack->addWidget(m_table);
    stack->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0);

    connect(m_model, &QAbstractItemModel::modelReset, this, [this, stack] { stack->setCurrentIndex(m_model->rowCount() > 0 ? 1 : 0); });
    connect(m_model, &QAbstractItemModel::rowsInserted, this, [this, stack] {
        stack->setCurrentIndex(1);
        m_table->resizeColumnsToContents();
        // The plan is the longest text and has a tool tip, so it takes what the figures leave over.
        const int others = m_table->horizontalHeader()->length() - m_table->columnWidth(RunTableModel::Plan);
        m_table->setColumnWidth(RunTableModel::Plan, std::max(kLeastPlan, m_table->viewport()->width() - others));
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex &current) {
                if (RunRecordPtr run = m_model->runAt(m_proxy->mapToSource(current).row()))
                    Q_EMIT runSelected(run);
            });
}

void RunsPanel::selectRow(int sourceRow)
{
    const QModelIndex index = m_proxy->mapFromSource(m_model->index(sourceRow, 0));
    m_table->selectionModel()->setCurrentIndex(index,
                                               QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_table->scrollTo(index);
}

RunRecordPtr RunsPanel::baseline() const
{
    return m_model->baseline();
}

void RunsPanel::setBaseline(const RunRecordPtr &run)
{
    m_model->setBaseline(run);
}

std::vector<RunRecordPtr> RunsPanel::selectedRuns() const
{
    QModelIndexList rows = m_table->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end(), [](const QModelIndex &a, const QModelIndex &b) { return a.row() < b.row(); });
    std::vector<RunRecordPtr> runs;
    for (const QModelIndex &row : rows)
        runs.push_back(m_model->runAt(m_proxy->mapToSource(row).row()));
    return runs;
}

void RunsPanel::copySelection() const
{
    copyRowsAsText(*m_table);
}

} // namespace quantoscope
