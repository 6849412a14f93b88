// SPDX-License-Identifier: GPL-3.0-or-later
// Answers to the latest question, worked out beside the GUI thread. Private to core/jobs' finders.
#pragma once

#include <QObject>

#include <functional>
#include <optional>
#include <thread>

namespace quantoscope {

/// One question is worked on at a time; of those that are asked meanwhile the last one is answered, and no other. Used on
/// its owner's thread; as a member it stands behind everything that the work uses, because destroying it waits.
class LatestWork {
public:
    /// What is done with the answer, on the owner's thread.
    using Answer = std::function<void()>;
    /// Runs on a thread of its own.
    using Work = std::function<Answer()>;

    explicit LatestWork(QObject *owner) : m_owner(owner) {}
    ~LatestWork();
    LatestWork(const LatestWork &) = delete;
    LatestWork &operator=(const LatestWork &) = delete;

    void ask(Work work);
    void forget(); ///< what was asked is no longer wanted: there will be no answer
    [[nodiscard]] bool isIdle() const { return !m_running; }

private:
    void start(Work work);
    void end(const Answer &answer);

    QObject *m_owner;
    std::thread m_worker;
    bool m_running = false;
    bool m_wanted = false; ///< the answer that is being worked on
    std::optional<Work> m_next;
};

} // namespace quantoscope
