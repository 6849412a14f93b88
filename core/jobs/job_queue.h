// SPDX-License-Identifier: GPL-3.0-or-later
// The list of jobs and the thread that does them one after the other; private to core/jobs.
#pragma once

#include "core/base/run_control.h"
#include "core/jobs/workbench.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace quantoscope {

/// What a job is given while it runs, on the worker thread.
struct JobContext {
    RunControl control;
    RunRecordPtr partial; ///< of an earlier attempt; may be null
    std::function<void(RunRecordPtr)> setPartial; ///< what an attempt after this one could start from
    std::function<bool()> isPausing;
};

struct JobOutcome {
    JobState state = JobState::Finished;
    QString note = {};
    RunRecordPtr partial = nullptr; ///< replaces what setPartial left, if set
};

/// All functions but those of the context belong to the owner's thread. Signals of the owner are emitted there.
class JobQueue {
public:
    using Work = std::function<JobOutcome(const JobContext &)>;

    explicit JobQueue(Workbench &owner);
    ~JobQueue(); ///< cancels what runs and waits for the end of its batch

    void submit(JobInfo info, Work work, RunRecordPtr partial = nullptr);
    [[nodiscard]] QList<JobInfo> jobs() const;
    [[nodiscard]] RunRecordPtr partialOf(int id) const;
    /// As announced last: false only after the results of the last job have arrived.
    [[nodiscard]] bool isBusy() const;
    void move(int id, int position);
    void pause(int id);
    void resume(int id);
    void cancel(int id);
    void cancelAll();
    void clearEnded();

private:
    struct Entry {
        JobInfo info;
        Work work;
        RunRecordPtr partial;
        CancelToken token;
    };

    void work();
    [[nodiscard]] Entry *find(int id);
    [[nodiscard]] const Entry *find(int id) const;
    [[nodiscard]] RunControl controlFor(int id, const CancelToken &token);
    void end(int id, const JobOutcome &outcome);
    void announce(); ///< owner's thread: jobsChanged, busyChanged
    template <typename Call>
    void post(Call call)
    {
        QMetaObject::invokeMethod(&m_owner, std::move(call), Qt::QueuedConnection);
    }

    Workbench &m_owner;
    int m_lastId = 0;
    bool m_wasBusy = false;
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::vector<Entry> m_entries; ///< waiting, running and paused in order, then those that ended
    bool m_stopping = false;
    std::thread m_worker; ///< last: starts when everything else is there
};

} // namespace quantoscope
