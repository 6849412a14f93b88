// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/workbench.h"

#include "core/io/run_file.h"
#include "core/pipeline/search_file.h"
#include "core/pipeline/session.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace quantoscope {

namespace {

constexpr int64_t kKeptEvaluationBytes = int64_t{1} << 30;
constexpr auto kProgressInterval = std::chrono::milliseconds(50);

} // namespace

/// GUI-thread members: q, pending. Worker members: session, runs. The queue between them is locked.
class Workbench::Private {
public:
    using Job = std::function<void(const RunControl &)>;

    explicit Private(Workbench *owner) : q(owner), worker([this] { work(); }) {}

    ~Private()
    {
        {
            const std::scoped_lock lock(mutex);
            stopping = true;
            queue.clear();
            running.cancel();
        }
        wake.notify_all();
        worker.join();
    }

    /// GUI thread.
    void submit(Job job)
    {
        {
            const std::scoped_lock lock(mutex);
            queue.push_back(std::move(job));
        }
        wake.notify_all();
        if (pending++ == 0)
            Q_EMIT q->busyChanged(true);
    }

    /// GUI thread.
    void cancelAll()
    {
        int dropped = 0;
        {
            const std::scoped_lock lock(mutex);
            dropped = static_cast<int>(queue.size());
            queue.clear();
            running.cancel();
        }
        finished(dropped);
    }

    /// Worker thread: runs `call` on the GUI thread; dropped when the owner is gone by then.
    template <typename Call>
    void post(Call call)
    {
        QMetaObject::invokeMethod(q, std::move(call), Qt::QueuedConnection);
    }
    void postError(const Error &error)
    {
        post([owner = q, error] { Q_EMIT owner->failed(error); });
    }

    /// Worker thread.
    Session *sessionFor(const ModelRequest &request)
    {
        if (session && session->request() == request)
            return session.get();
        session.reset(); // two models at once would double the memory
        auto opened = Session::open(request);
        if (!opened) {
            postError(opened.error());
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

    Workbench *q;
    int pending = 0;
    std::unique_ptr<Session> session;
    int runs = 0;

private:
    void finished(int jobs)
    {
        if (jobs == 0)
            return;
        pending -= jobs;
        if (pending == 0)
            Q_EMIT q->busyChanged(false);
    }

    RunControl controlFor(const CancelToken &token)
    {
        RunControl control;
        control.cancel = token;
        control.sink = [this, last = std::chrono::steady_clock::time_point(), phase = std::string()](
                           const Progress &progress) mutable {
            const auto now = std::chrono::steady_clock::now();
            if (progress.phase == phase && progress.done < progress.total && now - last < kProgressInterval)
                return;
            last = now;
            phase = progress.phase;
            post([owner = q, progress] { Q_EMIT owner->progressed(progress); });
        };
        return control;
    }

    void work()
    {
        for (;;) {
            Job job;
            CancelToken token;
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, [this] { return stopping || !queue.empty(); });
                if (stopping)
                    return;
                job = std::move(queue.front());
                queue.pop_front();
                running = token;
            }
            job(controlFor(token));
            post([this] { finished(1); });
        }
    }

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Job> queue;
    CancelToken running;
    bool stopping = false;
    std::thread worker; ///< last: starts when everything else is there
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
    d->submit([this, request](const RunControl &) { static_cast<void>(d->sessionFor(request)); });
}

void Workbench::check(const RunRequest &request)
{
    d->submit([this, request](const RunControl &control) {
        Session *session = d->sessionFor(request.model);
        if (!session)
            return;
        auto report = session->preflight(request, control);
        if (!report)
            return d->postError(report.error());
        d->post([this, shared = std::make_shared<const PreflightReport>(std::move(*report))] {
            Q_EMIT preflightFinished(shared);
        });
    });
}

void Workbench::start(const RunRequest &request)
{
    d->submit([this, request](const RunControl &control) {
        Session *session = d->sessionFor(request.model);
        if (!session)
            return;
        const std::string id = "run-" + std::to_string(++d->runs);
        const auto share = [&id](RunRecord record) {
            record.id = id;
            return std::make_shared<const RunRecord>(std::move(record));
        };
        auto run = session->run(request, control, [&](const RunRecord &record) {
            d->post([this, shared = share(record)] { Q_EMIT runUpdated(shared); });
        });
        if (!run)
            return d->postError(run.error());
        d->post([this, shared = share(std::move(*run))] { Q_EMIT runFinished(shared); });
    });
}

void Workbench::estimateSensitivity(const RunRequest &request)
{
    d->submit([this, request](const RunControl &control) {
        Session *session = d->sessionFor(request.model);
        if (!session)
            return;
        const auto cost = session->sensitivityCost(request, control);
        if (!cost)
            return d->postError(cost.error());
        d->post([this, cost = *cost] { Q_EMIT sensitivityEstimated(cost); });
    });
}

void Workbench::measure(const RunRequest &request, RunRecordPtr base)
{
    d->submit([this, request, base](const RunControl &control) {
        Session *session = d->sessionFor(request.model);
        if (!session)
            return;
        RunRequest wanted = request;
        wanted.evaluate = false;
        wanted.evaluateFloat = false;
        wanted.analyze = false;
        wanted.untilDecided.reset();
        auto run = session->run(wanted, control, {});
        if (!run)
            return d->postError(run.error());
        if (run->sensitivity.empty() && run->attention.empty())
            return d->postError({ErrorCode::Cancelled, "stopped on request", {}, {}});
        if (base && sameQuantizedModel(*base, *run)) {
            RunRecord whole = *base;
            takeMeasures(whole, *run);
            *run = std::move(whole);
        } else {
            run->id = "run-" + std::to_string(++d->runs);
        }
        d->post([this, shared = std::make_shared<const RunRecord>(std::move(*run))] { Q_EMIT runFinished(shared); });
    });
}

void Workbench::estimateSearch(const PlanSearchRequest &request)
{
    d->submit([this, request](const RunControl &control) {
        Session *session = d->sessionFor(request.run.model);
        if (!session)
            return;
        std::optional<PlanSearchCost> found;
        const auto stop = [&](const PlanSearchCost &cost) {
            found = cost;
            return false;
        };
        const auto result = session->searchPlans(request, control, stop, {});
        if (!found)
            return d->post([this, error = result.error()] { Q_EMIT searchRefused(error); });
        d->post([this, cost = *found] { Q_EMIT searchEstimated(cost); });
    });
}

void Workbench::search(const PlanSearchRequest &request)
{
    d->submit([this, request](const RunControl &control) {
        Session *session = d->sessionFor(request.run.model);
        if (!session)
            return;
        auto result = session->searchPlans(request, control, {}, [&](const PrecisionSearchResult &soFar) {
            d->post([this, shared = std::make_shared<const PrecisionSearchResult>(soFar)] { Q_EMIT searchUpdated(shared); });
        });
        if (!result)
            return d->postError(result.error());
        d->post([this, shared = std::make_shared<const PrecisionSearchResult>(std::move(*result))] {
            Q_EMIT searchFinished(shared);
        });
    });
}

void Workbench::exportSearch(PrecisionSearchPtr result, const QString &path)
{
    d->submit([this, result, path](const RunControl &) {
        if (const auto written = writeSearchFile(*result, path.toStdString()); !written)
            return d->postError(written.error());
        d->post([this, path] { Q_EMIT searchExported(path); });
    });
}

void Workbench::openSearch(const QString &path)
{
    d->submit([this, path](const RunControl &) {
        auto result = readSearchFile(path.toStdString());
        if (!result)
            return d->postError(result.error());
        d->post([this, shared = std::make_shared<const PrecisionSearchResult>(std::move(*result))] {
            Q_EMIT searchFinished(shared);
        });
    });
}

void Workbench::exportRun(RunRecordPtr run, const QString &path)
{
    d->submit([this, run, path](const RunControl &control) {
        RunRecord record = *run;
        auto written = hashImages(record, control);
        if (written)
            written = writeRunFile(record, path.toStdString());
        if (!written)
            return d->postError(written.error());
        d->post([this, path] { Q_EMIT runExported(path); });
    });
}

void Workbench::openRun(const QString &path)
{
    d->submit([this, path](const RunControl &) {
        auto run = readRunFile(path.toStdString());
        if (!run)
            return d->postError(run.error());
        run->id = path.toStdString(); // the stored id may be that of a run of this session
        d->post([this, shared = std::make_shared<const RunRecord>(std::move(*run))] { Q_EMIT runFinished(shared); });
    });
}

void Workbench::cancel()
{
    d->cancelAll();
}

bool Workbench::isBusy() const
{
    return d->pending > 0;
}

} // namespace quantoscope
