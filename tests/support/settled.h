// SPDX-License-Identifier: GPL-3.0-or-later
// Places in a plot that the mouse is to hit: a plot lays itself out on later turns of the event loop.
#pragma once

#include <QElapsedTimer>
#include <QPoint>
#include <QTest>

#include <functional>

namespace quantoscope::testing {

/// What `place` tells once it told the same before and after turns of the event loop; the last one after ten seconds.
inline QPoint settled(const std::function<QPointF()> &place)
{
    constexpr int kTurnsMs = 40;
    constexpr int kPatienceMs = 10'000;
    QElapsedTimer timer;
    timer.start();
    QTest::qWait(kTurnsMs);
    QPointF before = place();
    QTest::qWait(kTurnsMs);
    for (QPointF now = place(); now != before && !timer.hasExpired(kPatienceMs); now = place()) {
        before = now;
        QTest::qWait(kTurnsMs);
    }
    return before.toPoint();
}

} // namespace quantoscope::testing
