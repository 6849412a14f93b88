// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/job_queue.h"

#include <algorithm>
#include <chrono>

namespace quantoscope {

namespace {

constexpr auto kProgressInterval = std::chrono::milliseconds(50);
constexpr size_t kMostEnded = 50;

bool hasEnded(const JobInfo &info)
{
    return info.state == JobState::Finished || info.state == JobState::Failed || info.state == JobState::Cancelled;
}

bool canMove(const JobInfo &info)
{
    return info.state == JobState::Waiting || info.state == JobState::Paused;
}

} // namespace

JobQueue::JobQueue(Workbench &owner) : m_owner(owner), m_worker([this] { work(); })
{
}

JobQueue::~JobQueue()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
        for (const Entry &entry : m_entries)
            entry.token.cancel();
    }
    m_wake.notify_all();
    m_worker.join();
}

JobQueue::Entry *JobQueue::find(int id)
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [id](const Entry &entry) { return entry.info.id == id; });
    return found == m_entries.end() ? nullptr : &*found;
}

const JobQueue::Entry *JobQueue::find(int id) const
{
    return const_cast<JobQueue *>(this)->find(id);
}

void JobQueue::submit(JobInfo info, Work work, RunRecordPtr partial)
{
    {
        const std::scoped_lock lock(m_mutex);
        info.id = ++m_lastId;
        const auto place = std::find_if(m_entries.begin(), m_entries.end(), [](const Entry &entry) { return hasEnded(entry.info); });
        m_entries.insert(place, Entry{std::move(info), std::move(work), std::move(partial), {}});
    }
    m_wake.notify_all();
    announce();
}

QList<JobInfo> JobQueue::jobs() const
{
    const std::scoped_lock lock(m_mutex);
    QList<JobInfo> list;
    for (const Entry &entry : m_entries)
        list << entry.info;
    return list;
}

RunRecordPtr JobQueue::partialOf(int id) const
{
    const std::scoped_lock lock(m_mutex);
    const Entry *entry = find(id);
    return entry ? entry->partial : nullptr;
}

bool JobQueue::isBusy() const
{
    return m_wasBusy;
}

void JobQueue::move(int id, int position)
{
    {
        const std::scoped_lock lock(m_mutex);
        const Entry *found = find(id);
        if (!found || !canMove(found->info))
            return;
        const auto from = m_entries.begin() + (found - m_entries.data());
        Entry moving = std::move(*from);
        m_entries.erase(from);
        auto to = m_entries.begin();
        for (; to != m_entries.end() && !hasEnded(to->info) && (position > 0 || !canMove(to->info)); ++to)
            position -= canMove(to->info);
        m_entries.insert(to, std::move(moving));
    }
    announce();
}

void JobQueue::pause(int id)
{
    {
        const std::scoped_lock lock(m_mutex);
        Entry *entry = find(id);
        if (!entry || !entry->info.canPause())
            return;
        if (entry->info.state == JobState::Waiting) {
            entry->info.state = JobState::Paused;
        } else if (entry->info.state == JobState::Running) {
            entry->info.state = JobState::Pausing;
            entry->token.cancel();
        }
    }
    announce();
}

void JobQueue::resume(int id)
{
    {
        const std::scoped_lock lock(m_mutex);
        Entry *found = find(id);
        if (!found || !found->info.canResume())
            return;
        found->info.state = JobState::Waiting;
        found->info.note.clear();
        found->token = CancelToken();
        // One that had ended goes behind those that wait; a paused one keeps its place.
        const auto firstEnded = std::find_if(m_entries.begin(), m_entries.end(), [](const Entry &entry) { return hasEnded(entry.info); });
        const auto own = m_entries.begin() + (found - m_entries.data());
        if (firstEnded < own)
            std::rotate(firstEnded, own, own + 1);
    }
    m_wake.notify_all();
    announce();
}

void JobQueue::cancel(int id)
{
    {
        const std::scoped_lock lock(m_mutex);
        Entry *entry = find(id);
        if (!entry || hasEnded(entry->info))
            return;
        entry->token.cancel();
        if (!entry->info.isActive())
            entry->info.state = JobState::Cancelled;
        else
            entry->info.state = JobState::Running; // a pause that became a cancellation
    }
    announce();
}

void JobQueue::cancelAll()
{
    {
        const std::scoped_lock lock(m_mutex);
        for (Entry &entry : m_entries) {
            entry.token.cancel();
            if (entry.info.state == JobState::Waiting)
                entry.info.state = JobState::Cancelled;
        }
    }
    announce();
}

void JobQueue::clearEnded()
{
    {
        const std::scoped_lock lock(m_mutex);
        std::erase_if(m_entries, [](const Entry &entry) { return hasEnded(entry.info); });
    }
    announce();
}

void JobQueue::announce()
{
    bool busy = false;
    {
        const std::scoped_lock lock(m_mutex);
        busy = std::any_of(m_entries.begin(), m_entries.end(), [](const Entry &entry) { return entry.info.isPending(); });
        std::stable_partition(m_entries.begin(), m_entries.end(), [](const Entry &entry) { return !hasEnded(entry.info); });
        const auto ended = static_cast<size_t>(std::count_if(m_entries.begin(), m_entries.end(), [](const Entry &entry) { return hasEnded(entry.info); }));
        if (ended > kMostEnded) {
            const auto first = m_entries.end() - static_cast<ptrdiff_t>(ended);
            m_entries.erase(first, first + static_cast<ptrdiff_t>(ended - kMostEnded));
        }
    }
    const bool changes = busy != m_wasBusy;
    m_wasBusy = busy;
    Q_EMIT m_owner.jobsChanged();
    if (changes)
        Q_EMIT m_owner.busyChanged(busy);
}

void JobQueue::end(int id, const JobOutcome &outcome)
{
    {
        const std::scoped_lock lock(m_mutex);
        Entry *entry = find(id);
        if (!entry)
            return;
        entry->info.state = outcome.state;
        entry->info.note = outcome.note;
        if (outcome.partial)
            entry->partial = outcome.partial;
        if (outcome.state == JobState::Finished)
            entry->partial.reset();
        if (outcome.state == JobState::Paused)
            entry->token = CancelToken();
        else { // behind those that ended before
            Entry moving = std::move(*entry);
            m_entries.erase(m_entries.begin() + (entry - m_entries.data()));
            m_entries.push_back(std::move(moving));
        }
    }
    post([this] { announce(); });
}

RunControl JobQueue::controlFor(int id, const CancelToken &token)
{
    RunControl control;
    control.cancel = token;
    control.sink = [this, id, last = std::chrono::steady_clock::time_point(), phase = std::string()](
                       const Progress &progress) mutable {
        const auto now = std::chrono::steady_clock::now();
        if (progress.phase == phase && progress.done < progress.total && now - last < kProgressInterval)
            return;
        last = now;
        phase = progress.phase;
        {
            const std::scoped_lock lock(m_mutex);
            if (Entry *entry = find(id))
                entry->info.progress = progress;
        }
        post([this, id, progress] {
            Q_EMIT m_owner.progressed(progress);
            Q_EMIT m_owner.jobProgressed(id);
        });
    };
    return control;
}

void JobQueue::work()
{
    for (;;) {
        Work job;
        JobContext context;
        int id = 0;
        {
            std::unique_lock lock(m_mutex);
            const auto next = [this] {
                return std::find_if(m_entries.begin(), m_entries.end(),
                                    [](const Entry &entry) { return entry.info.state == JobState::Waiting; });
            };
            m_wake.wait(lock, [&] { return m_stopping || next() != m_entries.end(); });
            if (m_stopping)
                return;
            Entry &entry = *next();
            entry.info.state = JobState::Running;
            entry.info.progress = {};
            id = entry.info.id;
            job = entry.work;
            context.partial = entry.partial;
            context.control = controlFor(id, entry.token);
        }
        context.setPartial = [this, id](RunRecordPtr partial) {
            {
                const std::scoped_lock lock(m_mutex);
                if (Entry *entry = find(id))
                    entry->partial = std::move(partial);
            }
            post([this, id] { Q_EMIT m_owner.partialChanged(id); });
        };
        context.isPausing = [this, id] {
            const std::scoped_lock lock(m_mutex);
            const Entry *entry = find(id);
            return entry && entry->info.state == JobState::Pausing;
        };
        post([this] { announce(); });
        end(id, job(context));
    }
}

} // namespace quantoscope
