// SPDX-License-Identifier: GPL-3.0-or-later
// The worker's side of a Workbench; private to core/jobs.
#pragma once

#include "core/jobs/job_queue.h"
#include "core/jobs/workbench.h"
#include "core/pipeline/session.h"

#include <QHash>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace quantoscope {

/// Everything but submit*() and openedRuns belongs to the worker thread. The queue runs the jobs and holds their list.
class Workbench::Private {
public:
    explicit Private(Workbench *owner) : q(owner), queue(*owner) {}

    /// Runs `call` on the GUI thread; dropped when the owner is gone by then.
    template <typename Call>
    void post(Call call)
    {
        QMetaObject::invokeMethod(q, std::move(call), Qt::QueuedConnection);
    }
    JobOutcome postError(const Error &error);
    /// Cancelled while the job is to pause: no error, but a pause.
    JobOutcome stopped(const Error &error, const JobContext &job);

    /// Null, with the error announced, when the model cannot be opened.
    Session *sessionFor(const ModelRequest &request, JobOutcome &outcome);
    /// Whether `request` still opens the weights with this hash; else says so.
    bool opensSameWeights(const RunRequest &request, const std::string &sha256, JobOutcome &outcome);

    JobOutcome run(const RunRequest &request, const JobContext &job);
    JobOutcome measure(const RunRequest &request, const RunRecordPtr &base, const JobContext &job);
    JobOutcome search(const PlanSearchRequest &request, const JobContext &job);
    JobOutcome table(const TableRequest &request, const JobContext &job);
    JobOutcome exportOnnx(const RunRecord &run, const QString &path, const JobContext &job);
    JobOutcome estimateTable(const TableRequest &request, const JobContext &job);

    /// A job that can be resumed. `base`: see Workbench::measure.
    void submit(JobRequest request, RunRecordPtr partial, RunRecordPtr base, JobState state);
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
    /// `write` gets the path on the worker and returns Result<void>; `written` tells of success.
    template <typename Write>
    void submitWriting(const QString &path, void (Workbench::*written)(const QString &), Write write)
    {
        submitFile(JobKind::ExportRun, path, [this, path, written, write = std::move(write)](const JobContext &) {
            if (const auto done = write(path.toStdString()); !done)
                return postError(done.error());
            post([owner = q, path, written] { Q_EMIT(owner->*written)(path); });
            return JobOutcome();
        });
    }

    Workbench *q;
    QHash<QString, QString> openedRuns; ///< names of opened run files -> path; GUI thread
    std::unique_ptr<Session> session;
    std::optional<std::pair<ModelRequest, std::string>> announced; ///< the model that the views know, and its SHA-256
    std::atomic<int> runs = 0;
    JobQueue queue; ///< last: its thread ends before what it works on goes
};

} // namespace quantoscope
