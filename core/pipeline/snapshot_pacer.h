// SPDX-License-Identifier: GPL-3.0-or-later
// When unfinished work is handed over: rarely enough that copying it costs little.
#pragma once

#include "core/base/run_control.h"

#include <algorithm>

namespace quantoscope {

class SnapshotPacer {
public:
    explicit SnapshotPacer(const PhaseReporter &reporter) : m_reporter(reporter) {}

    /// Calls `hand` when it is time.
    template <typename Hand>
    void offer(const Hand &hand)
    {
        const double now = m_reporter.seconds();
        if (now - m_last <= std::max(kSeconds, kShare * m_cost))
            return;
        hand();
        m_last = m_reporter.seconds();
        m_cost = m_last - now;
    }

private:
    static constexpr double kSeconds = 5; ///< at least between two
    static constexpr double kShare = 50;  ///< times what the last one took

    const PhaseReporter &m_reporter;
    double m_last = 0;
    double m_cost = 0;
};

} // namespace quantoscope
