// SPDX-License-Identifier: GPL-3.0-or-later
// How long a thread's event loop does not turn.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <algorithm>

namespace quantoscope::test {

/// Measures from its construction on, by the wall clock: what other programs take of the machine counts, too.
class EventGaps : public QObject {
public:
    EventGaps()
    {
        m_clock.start();
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            m_longest = std::max(m_longest, m_clock.restart() - kInterval);
            ++m_turns;
        });
        m_timer.start(kInterval);
    }
    [[nodiscard]] qint64 longest() const { return m_longest; } ///< ms beyond the timer's own interval
    [[nodiscard]] int turns() const { return m_turns; }

private:
    static constexpr int kInterval = 2; // ms
    QTimer m_timer;
    QElapsedTimer m_clock;
    qint64 m_longest = 0;
    int m_turns = 0;
};

} // namespace quantoscope::test
