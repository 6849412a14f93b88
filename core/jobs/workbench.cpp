// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/workbench.h"

#include "core/io/run_file.h"
#include "core/jobs/job_queue.h"
#include "core/pipeline/request_json.h"
#include "core/pipeline/search_file.h"
#include "core/pipeline/session.h"


#include <QFileInfo>
#include <QHash>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>

namespace quantoscope {

namespace {

constexpr int64_t kKeptEvaluationBytes = int64_t{1} << 30;

} // namespace

/// Worker member: session. The queue runs the jobs and holds their list.
class Workbench::Private {
public:
    explicit Private(Workbench *owner) : q(owner), queue(*owner) {}

    /// Worker thread: runs `call` on the GUI thread; dropped when the owner is gone by then.
    template <typename Call>
    void post(Call call)
    {
        QMetaObject::invokeMethod(q, std::move(call), Qt::QueuedConnection);
    }
    JobOutcome postError(const Error &error)
    {
        post([owner = q, error] { Q_EMIT owner->failed(error); });
        return {error.code == ErrorCode::Cancelled ? JobState::Cancelled : JobState::Failed,
                QString::fromStdString(error.message()), nullptr};
    }

    /// Worker thread. Null, with the error announced, when the model cannot be opened.
    Session *sessionFor(const ModelRequest &request, JobOutcome &outcome)
    {
        if (session && session->request() == request)
            return session.get();
        session.reset(); // two models at once would double the memory
        auto opened = Session::open(request);
        if (!opened) {
            outcome = postError(opened.error());
            return nullptr;
        }
        session = std::move(*opened);
        session->keepEvaluation(kKeptEvaluationBytes);
        auto model = std::make_shared<OpenedModel>();
        model->info = session->model().info;
        model->info.assumptions = session->warnings();
        model->graph = session->model().graph;
        post([owner = q, model = OpenedModelPtr(std::move(model))] { Q_EMIT owner->modelOpened(model); });
        return session.get();
    }

    JobOutcome run(const RunRequest &request, const JobContext &job)
    {
        JobOutcome outcome;
        Session *opened = sessionFor(request.model, outcome);
        if (!opened)
            return outcome;
        const std::string id = "run-" + std::to_string(++runs);
        const auto share = [&id](RunRecord record) {
            record.id = id;
            return std::make_shared<const RunRecord>(std::move(record));
        };
        const RunContinuation continuation{job.partial.get(),
                                           [&](const RunRecord &record) { job.setPartial(share(record)); }};
        auto record = opened->run(
            request, job.control,
            [&](const RunRecord &update) {
                RunRecordPtr shared = share(update);
                post([owner = q, shared] { Q_EMIT owner->runUpdated(shared); });
                RunRecord unfinished = update;
                unfinished.complete = false;
                job.setPartial(share(std::move(unfinished)));
            },
            continuation);
        if (!record)
            return record.error().code == ErrorCode::Cancelled && job.isPausing() ? JobOutcome{JobState::Paused, {}, nullptr}
                                                                                  : postError(record.error());
        const auto resumed = record->environment.find("resumed");
        outcome.note = resumed == record->environment.end() ? QString() : QString::fromStdString(resumed->second);
        const RunRecordPtr finished = share(std::move(*record));
        if (!finished->complete) {
            outcome.state = job.isPausing() ? JobState::Paused : JobState::Cancelled;
            outcome.partial = finished;
        }
        if (outcome.state == JobState::Paused)
            return outcome; // its result comes when it was resumed
        post([owner = q, finished] { Q_EMIT owner->runFinished(finished); });
        return outcome;
    }

    /// Worker thread. Whether `request` still opens the weights with this hash; else says so.
    bool opensSameWeights(const RunRequest &request, const std::string &sha256, JobOutcome &outcome)
    {
        const Session *opened = sessionFor(request.model, outcome);
        if (!opened)
            return false;
        const std::string &now = opened->model().info.sha256;
        if (now == sha256)
            return true;
        outcome = postError({ErrorCode::BadInput,
                             "the weights are not those of the run: SHA-256 " + now.substr(0, 12) + " instead of "
                                 + sha256.substr(0, 12),
                             request.model.weights, "the run cannot be repeated with them; start a new one"});
        return false;
    }

    void submitRun(const RunRequest &request, RunRecordPtr partial, JobState state)
    {
        JobInfo info;
        info.kind = JobKind::Run;
        info.request = request;
        info.state = state;
        queue.submit(std::move(info), [this, request](const JobContext &job) { return run(request, job); },
                     std::move(partial));
    }
    /// A job on the model of `request`; `work` gets its session.
    template <typename Work>
    void submitSession(JobKind kind, const RunRequest &request, Work work)
    {
        JobInfo info;
        info.kind = kind;
        info.request = request;
        queue.submit(std::move(info), [this, model = request.model, work = std::move(work)](const JobContext &job) {
            JobOutcome outcome;
            Session *opened = sessionFor(model, outcome);
            return opened ? work(*opened, job) : outcome;
        });
    }
    template <typename Work>
    void submitFile(JobKind kind, const QString &file, Work work)
    {
        JobInfo info;
        info.kind = kind;
        info.file = file;
        queue.submit(std::move(info), std::move(work));
    }

    Workbench *q;
    QHash<QString, QString> openedRuns; ///< names of opened run files -> path; GUI thread
    std::unique_ptr<Session> session;
    std::atomic<int> runs = 0;
    JobQueue queue; ///< last: its thread ends before what it works on goes
};

Workbench::Workbench(QObject *parent) : QObject(parent), d(std::make_unique<Private>(this))
{
    qRegisterMetaType<Progress>();
    qRegisterMetaType<SensitivityCost>();
    qRegisterMetaType<OpenedModelPtr>();
    qRegisterMetaType<RunRecordPtr>();
    qRegisterMetaType<PreflightReportPtr>();
    qRegisterMetaType<PlanSearchCost>();
    qRegisterMetaType<PrecisionSearchPtr>();
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
    d->submitRun(request, std::move(partial), JobState::Waiting);
}

void Workbench::repeat(const RunRecordPtr &run)
{
    const RepeatedRequest repeated = requestOf(*run);
    JobInfo info;
    info.request = repeated.request;
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

void Workbench::addPaused(const RunRequest &request, RunRecordPtr partial)
{
    d->submitRun(request, std::move(partial), JobState::Paused);
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
    d->submitSession(JobKind::Measure, request, [this, request, base](Session &session, const JobContext &job) {
        RunRequest wanted = request;
        wanted.evaluate = false;
        wanted.evaluateFloat = false;
        wanted.analyze = false;
        wanted.untilDecided.reset();
        auto run = session.run(wanted, job.control, {});
        if (!run)
            return d->postError(run.error());
        if (run->sensitivity.empty() && run->attention.empty())
            return d->postError({ErrorCode::Cancelled, "stopped on request", {}, {}});
        const bool complete = run->complete;
        if (base && sameQuantizedModel(*base, *run)) {
            RunRecord whole = *base;
            takeMeasures(whole, *run);
            *run = std::move(whole);
        } else {
            run->id = "run-" + std::to_string(++d->runs);
        }
        d->post([this, shared = std::make_shared<const RunRecord>(std::move(*run))] { Q_EMIT runFinished(shared); });
        return JobOutcome{complete ? JobState::Finished : JobState::Cancelled, {}, nullptr};
    });
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
    d->submitSession(JobKind::Search, request.run, [this, request](Session &session, const JobContext &job) {
        auto result = session.searchPlans(request, job.control, {}, [&](const PrecisionSearchResult &soFar) {
            d->post([this, shared = std::make_shared<const PrecisionSearchResult>(soFar)] { Q_EMIT searchUpdated(shared); });
        });
        if (!result)
            return d->postError(result.error());
        d->post([this, shared = std::make_shared<const PrecisionSearchResult>(std::move(*result))] {
            Q_EMIT searchFinished(shared);
        });
        return JobOutcome();
    });
}

void Workbench::exportSearch(PrecisionSearchPtr result, const QString &path)
{
    d->submitFile(JobKind::ExportRun, path, [this, result, path](const JobContext &) {
        if (const auto written = writeSearchFile(*result, path.toStdString()); !written)
            return d->postError(written.error());
        d->post([this, path] { Q_EMIT searchExported(path); });
        return JobOutcome();
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
