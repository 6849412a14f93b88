// SPDX-License-Identifier: GPL-3.0-or-later
// What the worker does for each kind of job.
#include "core/jobs/workbench_private.h"

#include "core/onnx/onnx_export.h"
#include "core/pipeline/request_json.h"
#include "core/pipeline/result_queue.h"
#include "core/pipeline/suite.h"

#include <chrono>
#include <cmath>

namespace quantoscope {

namespace {

Result<std::unique_ptr<ResultQueue>> queueFor(TableRequest request, const RunControl &control)
{
    auto suites = findSuites(request.suiteNames);
    if (!suites)
        return fail(suites.error());
    request.suites = std::move(*suites);
    return ResultQueue::plan(std::move(request), control);
}

} // namespace

JobOutcome Workbench::Private::postError(const Error &error)
{
    post([owner = q, error] { Q_EMIT owner->failed(error); });
    return {error.code == ErrorCode::Cancelled ? JobState::Cancelled : JobState::Failed,
            QString::fromStdString(error.message()), nullptr};
}

JobOutcome Workbench::Private::stopped(const Error &error, const JobContext &job)
{
    if (error.code == ErrorCode::Cancelled && job.isPausing())
        return {JobState::Paused, {}, nullptr};
    return postError(error);
}

Session *Workbench::Private::sessionFor(const ModelRequest &request, JobOutcome &outcome)
{
    if (session && session->request() == request)
        return session.get();
    session.reset(); // two models at once would double the memory
    auto opened = Session::open(request);
    if (!opened) {
        announced.reset();
        outcome = postError(opened.error());
        return nullptr;
    }
    session = std::move(*opened);
    session->keepEvaluation(request.activationBytes());
    const std::pair now(request, session->model().info.sha256);
    if (announced == now) // it only made room for others
        return session.get();
    announced = now;
    auto model = std::make_shared<OpenedModel>();
    model->info = session->model().info;
    model->info.assumptions = session->warnings();
    model->graph = session->model().graph;
    post([owner = q, model = OpenedModelPtr(std::move(model))] { Q_EMIT owner->modelOpened(model); });
    return session.get();
}

bool Workbench::Private::opensSameWeights(const RunRequest &request, const std::string &sha256, JobOutcome &outcome)
{
    const Session *opened = sessionFor(request.model, outcome);
    if (!opened)
        return false;
    const auto same = checkSameWeights(sha256, opened->model().info.sha256, request.model.weights,
                                       "the run cannot be repeated with them; start a new one");
    if (!same)
        outcome = postError(same.error());
    return same.has_value();
}

JobOutcome Workbench::Private::exportOnnx(const RunRecord &run, const QString &path, const JobContext &job)
{
    ModelPtr other;
    const Model *model = session ? &session->model() : nullptr;
    if (!model || model->info.sha256 != run.model.sha256 || model->info.imageSize != run.model.imageSize) {
        auto opened = quantoscope::openModel(requestOf(run).request.model);
        if (!opened)
            return postError(opened.error());
        other = std::move(*opened);
        model = other.get();
    }
    const auto written = quantoscope::exportOnnx(*model, run, path.toStdString(), job.control.cancel);
    if (!written)
        return stopped(written.error(), job);
    post([owner = q, path, notExpressed = static_cast<int>(written->tapsNotExpressed())] {
        Q_EMIT owner->onnxExported(path, notExpressed);
    });
    return {};
}

JobOutcome Workbench::Private::run(const RunRequest &request, const JobContext &job)
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
    const RunContinuation continuation{
        job.partial.get(), [&](const RunRecord &record) { job.setPartial(share(record)); },
        [&](const RunRecord &record) {
            post([owner = q, shared = share(record)] { Q_EMIT owner->calibrationUpdated(shared); });
        }};
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
        return stopped(record.error(), job);
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

JobOutcome Workbench::Private::measure(const RunRequest &request, const RunRecordPtr &base, const JobContext &job)
{
    JobOutcome outcome;
    Session *opened = sessionFor(request.model, outcome);
    if (!opened)
        return outcome;
    RunRequest wanted = request;
    wanted.evaluate = false;
    wanted.evaluateFloat = false;
    wanted.analyze = false;
    wanted.untilDecided.reset();
    const RunContinuation continuation{job.partial.get(), [&](const RunRecord &record) {
                                           job.setPartial(std::make_shared<const RunRecord>(record));
                                       }, {}};
    auto run = opened->run(wanted, job.control, {}, continuation);
    if (!run)
        return stopped(run.error(), job);
    if (const auto resumed = run->environment.find("resumed"); resumed != run->environment.end())
        outcome.note = QString::fromStdString(resumed->second);
    if (!run->complete) {
        outcome.state = job.isPausing() ? JobState::Paused : JobState::Cancelled;
        outcome.partial = std::make_shared<const RunRecord>(*run);
        if (outcome.state == JobState::Paused)
            return outcome;
    }
    if (run->sensitivity.empty() && run->attention.empty()) {
        JobOutcome nothing = postError({ErrorCode::Cancelled, "stopped on request", {}, {}});
        nothing.partial = outcome.partial;
        return nothing;
    }
    if (base && sameQuantizedModel(*base, *run)) {
        RunRecord whole = *base;
        takeMeasures(whole, *run);
        *run = std::move(whole);
    } else {
        run->id = "run-" + std::to_string(++runs);
    }
    post([owner = q, shared = std::make_shared<const RunRecord>(std::move(*run))] { Q_EMIT owner->runFinished(shared); });
    return outcome;
}

JobOutcome Workbench::Private::search(const PlanSearchRequest &request, const JobContext &job)
{
    JobOutcome outcome;
    Session *opened = sessionFor(request.run.model, outcome);
    if (!opened)
        return outcome;
    const SearchContinuation continuation{
        job.partial.get(),
        [&](const RunRecord &record) { job.setPartial(std::make_shared<const RunRecord>(record)); },
        [&](const std::string &note) { outcome.note = QString::fromStdString(note); }};
    auto result = opened->searchPlans(request, job.control, {}, [&](const PrecisionSearchResult &soFar) {
        post([owner = q, shared = std::make_shared<const PrecisionSearchResult>(soFar)] {
            Q_EMIT owner->searchUpdated(shared);
        });
    }, continuation);
    if (!result) {
        JobOutcome ended = stopped(result.error(), job);
        if (ended.state == JobState::Paused)
            ended.note = outcome.note;
        return ended;
    }
    if (job.control.isCancelled())
        outcome.state = job.isPausing() ? JobState::Paused : JobState::Cancelled;
    if (outcome.state == JobState::Paused)
        return outcome;
    post([owner = q, shared = std::make_shared<const PrecisionSearchResult>(std::move(*result))] {
        Q_EMIT owner->searchFinished(shared);
    });
    return outcome;
}

JobOutcome Workbench::Private::estimateTable(const TableRequest &request, const JobContext &job)
{
    const auto planned = queueFor(request, job.control);
    if (!planned) {
        post([owner = q, error = planned.error()] { Q_EMIT owner->tableRefused(error); });
        return {JobState::Failed, QString::fromStdString(planned.error().message()), nullptr};
    }
    TablePlan plan;
    plan.table = std::make_shared<const ResultTable>((*planned)->table());
    double work = 0;
    for (size_t i = 0; i < plan.table->cells.size(); ++i)
        if ((*planned)->isPending(i)) {
            ++plan.pending;
            work += (*planned)->cost(i);
        }
    plan.seconds = (*planned)->secondsFor(work);
    plan.rateIsMeasured = (*planned)->rateIsMeasured();
    plan.notes = (*planned)->notes();
    post([owner = q, plan] { Q_EMIT owner->tablePlanned(plan); });
    return {};
}

JobOutcome Workbench::Private::table(const TableRequest &request, const JobContext &job)
{
    session.reset(); // the queue opens models of its own
    const auto planned = queueFor(request, job.control);
    if (!planned)
        return stopped(planned.error(), job);
    ResultQueue &cells = **planned;
    const auto share = [&] { return std::make_shared<const ResultTable>(cells.table()); };
    post([owner = q, shared = share()] { Q_EMIT owner->tableUpdated(shared); });
    constexpr double kWhole = 100;
    const auto start = std::chrono::steady_clock::now();
    RunControl quiet = job.control;
    quiet.sink = {};
    const auto done = cells.run(quiet, [&](const QueueProgress &progress) {
        if (job.control.sink)
            job.control.sink({"table", "percent", std::llround(kWhole * progress.share), std::llround(kWhole),
                              std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()});
        if (progress.finished)
            post([owner = q, shared = share()] { Q_EMIT owner->tableUpdated(shared); });
    });
    post([owner = q, shared = share()] { Q_EMIT owner->tableFinished(shared); });
    return done ? JobOutcome() : stopped(done.error(), job);
}

} // namespace quantoscope
