// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/workbench.h"

#include "core/analysis/result_table_text.h"
#include "core/io/result_table_file.h"
#include "core/io/run_file.h"
#include "core/jobs/workbench_private.h"
#include "core/pipeline/request_json.h"
#include "core/pipeline/search_file.h"
#include "core/pipeline/suite.h"

#include <QFileInfo>

#include <algorithm>
#include <memory>
#include <optional>

namespace quantoscope {

void Workbench::Private::submit(JobRequest request, RunRecordPtr partial, RunRecordPtr base, JobState state)
{
    JobInfo info;
    info.state = state;
    info.request = request.basis();
    info.resumable = std::make_shared<const JobRequest>(std::move(request));
    JobQueue::Work work;
    switch (const auto job = info.resumable; job->kind) {
    case JobRequest::Kind::Run:
        info.kind = JobKind::Run;
        work = [this, job](const JobContext &context) { return run(job->run, context); };
        break;
    case JobRequest::Kind::Measure:
        info.kind = JobKind::Measure;
        work = [this, job, base = std::move(base)](const JobContext &context) { return measure(job->run, base, context); };
        break;
    case JobRequest::Kind::Search:
        info.kind = JobKind::Search;
        work = [this, job](const JobContext &context) { return search(job->search, context); };
        break;
    case JobRequest::Kind::Table:
        info.kind = JobKind::Table;
        work = [this, job](const JobContext &context) { return table(job->table, context); };
        break;
    }
    queue.submit(std::move(info), std::move(work), std::move(partial));
}

Workbench::Workbench(QObject *parent) : QObject(parent), d(std::make_unique<Private>(this))
{
    qRegisterMetaType<Progress>();
    qRegisterMetaType<SensitivityCost>();
    qRegisterMetaType<DrawsCost>();
    qRegisterMetaType<OpenedModelPtr>();
    qRegisterMetaType<RunRecordPtr>();
    qRegisterMetaType<PreflightReportPtr>();
    qRegisterMetaType<PlanSearchCost>();
    qRegisterMetaType<PrecisionSearchPtr>();
    qRegisterMetaType<ResultTablePtr>();
    qRegisterMetaType<TablePlan>();
    qRegisterMetaType<Error>();
}

Workbench::~Workbench() = default;

void Workbench::openModel(const ModelRequest &request)
{
    d->submitFile(JobKind::OpenModel, QString::fromStdString(request.weights), [this, request](const JobContext &) {
        JobOutcome outcome;
        static_cast<void>(d->sessionFor(request, outcome));
        return outcome;
    });
}

void Workbench::check(const RunRequest &request)
{
    d->submitSession(JobKind::Check, request, [this, request](Session &session, const JobContext &job) {
        auto report = session.preflight(request, job.control);
        if (!report)
            return d->postError(report.error());
        d->post([this, shared = std::make_shared<const PreflightReport>(std::move(*report))] {
            Q_EMIT preflightFinished(shared);
        });
        return JobOutcome();
    });
}

void Workbench::start(const RunRequest &request, RunRecordPtr partial)
{
    d->submit({JobRequest::Kind::Run, request, {}, {}}, std::move(partial), nullptr, JobState::Waiting);
}

void Workbench::estimateDraws(const RunRequest &request, const CalibrationDraws &draws, RunRecordPtr measured)
{
    // Only counts images, so that no model is opened for it.
    d->submitFile(JobKind::Estimate, {}, [this, request, draws, measured = std::move(measured)](const JobContext &) {
        const auto cost = drawsCost(request, draws, measured.get());
        if (!cost) {
            d->post([this, error = cost.error()] { Q_EMIT drawsRefused(error); });
            return JobOutcome{JobState::Failed, QString::fromStdString(cost.error().message()), nullptr};
        }
        d->post([this, cost = *cost] { Q_EMIT drawsEstimated(cost); });
        return JobOutcome();
    });
}

Result<void> Workbench::startDraws(const RunRequest &request, const CalibrationDraws &draws)
{
    const auto requests = drawRequests(request, draws);
    if (!requests)
        return fail(requests.error());
    for (const RunRequest &one : *requests)
        start(one);
    return {};
}

void Workbench::repeat(const RunRecordPtr &run)
{
    const RepeatedRequest repeated = requestOf(*run);
    JobInfo info;
    info.request = repeated.request;
    info.resumable = std::make_shared<const JobRequest>(JobRequest{JobRequest::Kind::Run, repeated.request, {}, {}});
    d->queue.submit(std::move(info), [this, repeated, sha256 = run->model.sha256](const JobContext &job) {
        JobOutcome outcome;
        if (!d->opensSameWeights(repeated.request, sha256, outcome))
            return outcome;
        outcome = d->run(repeated.request, job);
        if (!repeated.exact && outcome.note.isEmpty())
            outcome.note = QStringLiteral("the request was put together from the run's record");
        return outcome;
    });
}

void Workbench::addPaused(const JobRequest &request, RunRecordPtr partial, RunRecordPtr base)
{
    d->submit(request, std::move(partial), std::move(base), JobState::Paused);
}

void Workbench::estimateSensitivity(const RunRequest &request)
{
    d->submitSession(JobKind::Estimate, request, [this, request](Session &session, const JobContext &job) {
        const auto cost = session.sensitivityCost(request, job.control);
        if (!cost)
            return d->postError(cost.error());
        d->post([this, cost = *cost] { Q_EMIT sensitivityEstimated(cost); });
        return JobOutcome();
    });
}

void Workbench::measure(const RunRequest &request, RunRecordPtr base)
{
    d->submit({JobRequest::Kind::Measure, request, {}, {}}, nullptr, std::move(base), JobState::Waiting);
}

void Workbench::estimateSearch(const PlanSearchRequest &request)
{
    d->submitSession(JobKind::Estimate, request.run, [this, request](Session &session, const JobContext &job) {
        std::optional<PlanSearchCost> found;
        const auto stop = [&](const PlanSearchCost &cost) {
            found = cost;
            return false;
        };
        const auto result = session.searchPlans(request, job.control, stop, {});
        if (!found) {
            d->post([this, error = result.error()] { Q_EMIT searchRefused(error); });
            return JobOutcome{JobState::Failed, QString::fromStdString(result.error().message()), nullptr};
        }
        d->post([this, cost = *found] { Q_EMIT searchEstimated(cost); });
        return JobOutcome();
    });
}

void Workbench::search(const PlanSearchRequest &request)
{
    d->submit({JobRequest::Kind::Search, {}, request, {}}, nullptr, nullptr, JobState::Waiting);
}

QList<SuiteTitle> Workbench::knownSuites()
{
    QList<SuiteTitle> titles;
    for (const Suite &suite : builtinSuites())
        titles << SuiteTitle{QString::fromStdString(suite.name), QString::fromStdString(suite.title),
                             QString::fromStdString(suite.source)};
    return titles;
}

void Workbench::planTable(const TableRequest &request)
{
    d->submitFile(JobKind::Estimate, {}, [this, request](const JobContext &job) { return d->estimateTable(request, job); });
}

void Workbench::runTable(const TableRequest &request)
{
    d->submit({JobRequest::Kind::Table, {}, {}, request}, nullptr, nullptr, JobState::Waiting);
}

void Workbench::exportTable(ResultTablePtr table, const QString &path)
{
    d->submitWriting(path, &Workbench::runExported, [table, path](const std::string &file) {
        return path.endsWith(QLatin1String(".h5")) ? writeResultTableFile(*table, file)
             : writeTextFile(path.endsWith(QLatin1String(".csv")) ? resultTableToCsv(*table)
                                                                  : resultTableToMarkdown(*table),
                             file);
    });
}

void Workbench::exportSearch(PrecisionSearchPtr result, const QString &path)
{
    d->submitWriting(path, &Workbench::fileWritten, [result](const std::string &file) { return writeSearchFile(*result, file); });
}

void Workbench::exportJob(const RunRequest &request, const QString &path)
{
    JobRequest job;
    job.run = request;
    d->submitWriting(path, &Workbench::fileWritten, [job](const std::string &file) { return writeJobFile(job, file); });
}

void Workbench::exportOnnx(RunRecordPtr run, const QString &path)
{
    d->submitFile(JobKind::ExportRun, path, [this, run = std::move(run), path](const JobContext &job) {
        return d->exportOnnx(*run, path, job);
    });
}

void Workbench::openSearch(const QString &path)
{
    d->submitFile(JobKind::OpenRun, path, [this, path](const JobContext &) {
        auto result = readSearchFile(path.toStdString());
        if (!result)
            return d->postError(result.error());
        d->post([this, shared = std::make_shared<const PrecisionSearchResult>(std::move(*result))] {
            Q_EMIT searchFinished(shared);
        });
        return JobOutcome();
    });
}

void Workbench::exportRun(RunRecordPtr run, const QString &path)
{
    d->submitFile(JobKind::ExportRun, path, [this, run, path](const JobContext &job) {
        RunRecord record = *run;
        auto written = hashImages(record, job.control);
        if (written)
            written = writeRunFile(record, path.toStdString());
        if (!written)
            return d->postError(written.error());
        d->post([this, path] { Q_EMIT runExported(path); });
        return JobOutcome();
    });
}

void Workbench::openRun(const QString &path)
{
    // Named after its file: the stored id may be that of a run of this session.
    const QString file = QFileInfo(path).fileName();
    QString name = file;
    for (int number = 2; d->openedRuns.value(name, path) != path; ++number)
        name = QStringLiteral("%1 (%2)").arg(file).arg(number);
    d->openedRuns.insert(name, path);
    d->submitFile(JobKind::OpenRun, path, [this, path, name](const JobContext &) {
        auto run = readRunFile(path.toStdString());
        if (!run)
            return d->postError(run.error());
        run->id = name.toStdString();
        d->post([this, shared = std::make_shared<const RunRecord>(std::move(*run))] { Q_EMIT runFinished(shared); });
        return JobOutcome();
    });
}

void Workbench::cancel()
{
    d->queue.cancelAll();
}

bool Workbench::isBusy() const
{
    return d->queue.isBusy();
}

QList<JobInfo> Workbench::jobs() const
{
    return d->queue.jobs();
}

void Workbench::moveJob(int id, int position)
{
    d->queue.move(id, position);
}

void Workbench::pauseJob(int id)
{
    d->queue.pause(id);
}

void Workbench::resumeJob(int id)
{
    d->queue.resume(id);
}

void Workbench::cancelJob(int id)
{
    d->queue.cancel(id);
}

void Workbench::continueNumbers(int highest)
{
    d->runs = std::max<int>(d->runs, highest);
}

void Workbench::clearEndedJobs()
{
    d->queue.clearEnded();
}

RunRecordPtr Workbench::partialOf(int id) const
{
    return d->queue.partialOf(id);
}

} // namespace quantoscope
