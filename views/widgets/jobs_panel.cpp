// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/jobs_panel.h"

#include "views/models/job_table_model.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace quantoscope {

JobsPanel::JobsPanel(Workbench &workbench, QWidget *parent)
    : QWidget(parent), m_workbench(workbench), m_model(new JobTableModel(workbench, this)), m_table(new QTableView)
{
    m_table->setObjectName(QStringLiteral("jobsTable"));
    m_table->setAccessibleName(tr("Queue of jobs"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(QFontMetrics(font()).height() + 8);
    m_table->horizontalHeader()->setSectionResizeMode(JobTableModel::Job, QHeaderView::Stretch);
    m_table->installEventFilter(this);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(4);
    const auto add = [&](const QString &text, const char *name, auto slot) {
        auto *button = new QPushButton(text);
        button->setObjectName(QLatin1String(name));
        buttons->addWidget(button);
        connect(button, &QPushButton::clicked, this, slot);
        return button;
    };
    m_up = add(tr("Earlier"), "jobUp", [this] { move(-1); });
    m_down = add(tr("Later"), "jobDown", [this] { move(1); });
    m_pause = add(tr("Pause"), "jobPause", [this] { m_workbench.pauseJob(selected().id); });
    m_resume = add(tr("Resume"), "jobResume", [this] { m_workbench.resumeJob(selected().id); });
    m_cancel = add(tr("Cancel"), "jobCancel", [this] { m_workbench.cancelJob(selected().id); });
    m_clear = add(tr("Clear ended"), "jobsClear", [this] { m_workbench.clearEndedJobs(); });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->setSpacing(4);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);

    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            m_selected = m_model->jobAt(current.row()).id;
        updateButtons();
    });
    connect(m_model, &QAbstractItemModel::modelReset, this, &JobsPanel::keepSelection);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &JobsPanel::updateButtons);
    updateButtons();
}

JobInfo JobsPanel::selected() const
{
    return m_model->jobAt(m_table->currentIndex().row());
}

void JobsPanel::keepSelection()
{
    if (const int row = m_model->rowOf(m_selected); row >= 0)
        m_table->selectRow(row);
    updateButtons();
}

void JobsPanel::move(int by)
{
    const int position = m_model->positionOf(m_table->currentIndex().row());
    if (position >= 0 && position + by >= 0)
        m_workbench.moveJob(m_selected, position + by);
}

void JobsPanel::updateButtons()
{
    const JobInfo job = selected();
    const int row = m_table->currentIndex().row();
    const auto enable = [](QPushButton *button, const QString &reason, const QString &tip) {
        button->setEnabled(reason.isEmpty());
        button->setToolTip(reason.isEmpty() ? tip : reason);
    };
    const QString none = job.id == 0 ? tr("Select a job first.") : QString();
    const auto unless = [&](bool possible, const QString &reason) { return !none.isEmpty() ? none : possible ? QString() : reason; };
    const int position = m_model->positionOf(row);
    const QString fixed = tr("Only waiting and paused jobs can be moved.");
    enable(m_up, unless(position >= 0, fixed).isEmpty() ? unless(position > 0, tr("It is the first of those that wait."))
                                                       : unless(position >= 0, fixed),
           tr("Before the job above (Alt and Up)"));
    enable(m_down,
           unless(position >= 0, fixed).isEmpty()
               ? unless(m_model->positionOf(row + 1) >= 0, tr("It is the last of those that wait."))
               : unless(position >= 0, fixed),
           tr("Behind the job below (Alt and Down)"));
    enable(m_pause,
           unless(job.canPause(), job.resumable ? tr("Only jobs that wait or work can be paused.")
                                                : tr("A job of this kind runs to its end.")),
           tr("Stops behind the current batch; others may run meanwhile"));
    enable(m_resume, unless(job.canResume(), tr("Only paused, cancelled or failed jobs can be resumed.")),
           tr("Goes on behind the last finished batch; an interrupted calibration starts anew"));
    enable(m_cancel, unless(job.isPending() || job.state == JobState::Paused, tr("This job has ended.")),
           tr("Stops behind the current batch (Delete)"));
    const bool ended = m_model->rowCount() > 0 && [&] {
        const JobInfo last = m_model->jobAt(m_model->rowCount() - 1);
        return !last.isPending() && last.state != JobState::Paused;
    }();
    enable(m_clear, ended ? QString() : tr("No job has ended."), tr("Takes the jobs that ended off the list"));
}

bool JobsPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    if (key->key() == Qt::Key_Delete && m_cancel->isEnabled())
        m_cancel->click();
    else if (key->modifiers() == Qt::AltModifier && key->key() == Qt::Key_Up)
        m_up->click();
    else if (key->modifiers() == Qt::AltModifier && key->key() == Qt::Key_Down)
        m_down->click();
    else
        return QWidget::eventFilter(watched, event);
    return true;
}

} // namespace quantoscope
