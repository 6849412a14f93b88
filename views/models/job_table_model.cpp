// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/job_table_model.h"

#include "core/quantization/recipe.h"
#include "views/models/texts.h"

#include <QFileInfo>

namespace quantoscope {

namespace {

bool canMove(const JobInfo &job)
{
    return job.state == JobState::Waiting || job.state == JobState::Paused;
}

} // namespace

JobTableModel::JobTableModel(Workbench &workbench, QObject *parent) : QAbstractTableModel(parent), m_workbench(workbench)
{
    connect(&m_workbench, &Workbench::jobsChanged, this, &JobTableModel::update);
    connect(&m_workbench, &Workbench::jobProgressed, this, [this](int id) {
        const int row = rowOf(id);
        if (row < 0)
            return;
        const QList<JobInfo> jobs = m_workbench.jobs();
        for (const JobInfo &job : jobs)
            if (job.id == id)
                m_jobs[row].progress = job.progress;
        Q_EMIT dataChanged(index(row, ProgressColumn), index(row, ProgressColumn));
    });
    m_jobs = m_workbench.jobs();
}

void JobTableModel::update()
{
    QList<JobInfo> jobs = m_workbench.jobs();
    const bool sameRows = std::equal(jobs.begin(), jobs.end(), m_jobs.begin(), m_jobs.end(),
                                     [](const JobInfo &a, const JobInfo &b) { return a.id == b.id; });
    if (sameRows) {
        m_jobs = std::move(jobs);
        if (!m_jobs.isEmpty())
            Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(m_jobs.size()) - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_jobs = std::move(jobs);
    endResetModel();
}

JobInfo JobTableModel::jobAt(int row) const
{
    return m_jobs.value(row);
}

int JobTableModel::rowOf(int id) const
{
    for (int row = 0; row < m_jobs.size(); ++row)
        if (m_jobs[row].id == id)
            return row;
    return -1;
}

int JobTableModel::positionOf(int row) const
{
    if (row < 0 || row >= m_jobs.size() || !canMove(m_jobs[row]))
        return -1;
    int position = 0;
    for (int above = 0; above < row; ++above)
        position += canMove(m_jobs[above]);
    return position;
}

int JobTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_jobs.size());
}

int JobTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QString JobTableModel::title(const JobInfo &job)
{
    const QString file = QFileInfo(job.file).fileName();
    switch (job.kind) {
    case JobKind::OpenModel: return tr("Open model %1").arg(file);
    case JobKind::OpenRun: return tr("Open %1").arg(file);
    case JobKind::ExportRun: return tr("Write %1").arg(file);
    case JobKind::Check: return tr("Check");
    case JobKind::Estimate: return tr("Estimate the cost");
    case JobKind::Measure: return tr("Measure sensitivity and attention");
    case JobKind::Search: return tr("Search precision");
    case JobKind::Table: return tr("Result table %1").arg(QString::fromStdString(job.resumable->table.suiteNames));
    case JobKind::Run: break;
    }
    if (!job.request.quantize)
        return tr("Evaluate in float");
    const QString recipe = QString::fromStdString(job.request.quantization.text());
    const auto plan = parsePlan(job.request.quantization.planJson, "plan");
    const qsizetype rules = plan ? static_cast<qsizetype>(plan->rules.size()) : 0;
    const QString what = job.request.evaluate ? tr("Evaluate %1").arg(recipe) : tr("Calibrate %1").arg(recipe);
    const QString whole = rules > 0 ? tr("%1, plan of %2 rules").arg(what).arg(rules) : what;
    const CalibrationRequest &calibration = job.request.calibration;
    return calibration.list.empty()
        ? tr("%1, calibrated on %2 images, seed %3").arg(whole).arg(calibration.count).arg(calibration.seed)
        : whole;
}

QString JobTableModel::stateText(JobState state)
{
    switch (state) {
    case JobState::Waiting: return tr("waiting");
    case JobState::Running: return tr("running");
    case JobState::Pausing: return tr("pausing…");
    case JobState::Paused: return tr("paused");
    case JobState::Finished: return tr("finished");
    case JobState::Failed: return tr("failed");
    case JobState::Cancelled: return tr("cancelled");
    }
    return {};
}

QString JobTableModel::progressText(const JobInfo &job)
{
    const Progress &progress = job.progress;
    if (progress.phase.empty() || job.state == JobState::Finished || job.state == JobState::Waiting)
        return {};
    const QString phase = Texts::phase(progress.phase);
    return progress.total > 0 ? tr("%1: %2 of %3").arg(phase).arg(progress.done).arg(progress.total) : phase;
}

QVariant JobTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const JobInfo &job = m_jobs[index.row()];
    if (role == Qt::DisplayRole) {
        switch (index.column()) {
        case Job: return title(job);
        case State: return stateText(job.state);
        case ProgressColumn: return progressText(job);
        default: return {};
        }
    }
    if (role == Qt::ToolTipRole || role == Qt::AccessibleDescriptionRole) {
        QStringList lines{title(job)};
        if (!job.request.data.folder.empty())
            lines << QString::fromStdString(job.request.data.folder);
        if (!job.note.isEmpty())
            lines << (job.note.startsWith(QStringLiteral("yes: ")) ? tr("Not repeated: %1").arg(job.note.mid(5))
                      : job.note.startsWith(QStringLiteral("no: ")) ? tr("Started anew: %1").arg(job.note.mid(4))
                                                                   : job.note);
        return lines.join(QLatin1Char('\n'));
    }
    return {};
}

QVariant JobTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Job: return tr("Job");
    case State: return tr("State");
    case ProgressColumn: return tr("Progress");
    default: return {};
    }
}

} // namespace quantoscope
