// SPDX-License-Identifier: GPL-3.0-or-later
// Where threads that walk the same graph wait for each other. Private to core/tensor.
#pragma once

#include "core/data/tensor_view.h"

#include <condition_variable>
#include <mutex>
#include <span>
#include <vector>

namespace quantoscope {

/// Thrown to a member that waits for others of whom one has left.
struct MeetingEnded {};

class ShardMeeting {
public:
    explicit ShardMeeting(int members) : m_members(members), m_parts(static_cast<size_t>(members)) {}

    /// Every member has one while it may arrive; without it the others do not wait.
    class Membership {
    public:
        explicit Membership(ShardMeeting &meeting) : m_meeting(meeting) {}
        ~Membership() { m_meeting.leave(); }
        Membership(const Membership &) = delete;
        Membership &operator=(const Membership &) = delete;

    private:
        ShardMeeting &m_meeting;
    };

    /// Waits until all members have arrived; the last one does `work(values)` first, with the values that are not null in
    /// order of the members. Throws MeetingEnded when a member has left, and what `work` throws (the others: MeetingEnded).
    template <typename Work>
    void arrive(int member, const TensorView *value, const Work &work)
    {
        std::unique_lock lock(m_mutex);
        m_parts[static_cast<size_t>(member)] = value;
        if (++m_arrived == m_members && !m_left) {
            std::vector<TensorView> values;
            for (const TensorView *part : m_parts)
                if (part)
                    values.push_back(*part);
            work(std::span<const TensorView>(values));
            m_arrived = 0;
            ++m_round;
            m_changed.notify_all();
            return;
        }
        const int round = m_round;
        m_changed.wait(lock, [&] { return m_left || m_round != round; });
        if (m_round == round)
            throw MeetingEnded();
    }

private:
    void leave()
    {
        const std::lock_guard lock(m_mutex);
        m_left = true;
        m_changed.notify_all();
    }

    const int m_members;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<const TensorView *> m_parts;
    int m_arrived = 0;
    int m_round = 0;
    bool m_left = false;
};

} // namespace quantoscope
