// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/gui_watchdog.h"

#include <QEvent>
#include <QMetaEnum>

#include <algorithm>
#include <ctime>

namespace quantoscope::testing {

namespace {

constexpr double kWorthListing = 3; // ms
constexpr size_t kListed = 12;

double threadMilliseconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

QString described(const QObject *receiver, QEvent::Type type)
{
    QString text = QLatin1String(QMetaEnum::fromType<QEvent::Type>().valueToKey(type)) + QLatin1Char(' ')
                 + QLatin1String(receiver->metaObject()->className());
    const QObject *named = receiver; // tells one canvas from another
    while (named->parent() && (named->objectName().isEmpty() || named->objectName() == QLatin1String("canvas")))
        named = named->parent();
    return named->objectName().isEmpty() ? text : text + QLatin1Char(' ') + named->objectName();
}

} // namespace

WatchedApplication::WatchedApplication(int &argc, char **argv) : QApplication(argc, argv)
{
}

WatchedApplication *WatchedApplication::instance()
{
    return static_cast<WatchedApplication *>(QCoreApplication::instance());
}

bool WatchedApplication::notify(QObject *receiver, QEvent *event)
{
    if (!m_watching || m_depth > 1)
        return QApplication::notify(receiver, event);
    const QString what = described(receiver, event->type()); // neither may be there afterwards
    if (m_depth == 0) {
        m_worstInside = 0;
        m_insideWhat.clear();
    }
    ++m_depth;
    const double before = threadMilliseconds();
    const bool result = QApplication::notify(receiver, event);
    const double took = threadMilliseconds() - before;
    --m_depth;
    if (m_depth == 1 && took > m_worstInside) {
        m_worstInside = took;
        m_insideWhat = what;
    }
    if (m_depth == 0 && took > kWorthListing) {
        const bool worth = m_worstInside > took / 3;
        m_stretches.push_back(
            {took, worth ? QStringLiteral("%1 (%2 ms of it %3)").arg(what).arg(m_worstInside, 0, 'f', 1).arg(m_insideWhat)
                         : what});
    }
    return result;
}

void WatchedApplication::startWatching()
{
    m_stretches.clear();
    m_watching = true;
}

std::vector<WatchedApplication::Stretch> WatchedApplication::stopWatching()
{
    m_watching = false;
    std::sort(m_stretches.begin(), m_stretches.end(),
              [](const Stretch &a, const Stretch &b) { return a.milliseconds > b.milliseconds; });
    return std::move(m_stretches);
}

QString listed(const std::vector<WatchedApplication::Stretch> &stretches)
{
    QString text;
    for (size_t i = 0; i < std::min(kListed, stretches.size()); ++i)
        text += QStringLiteral("\n  %1 ms  %2").arg(stretches[i].milliseconds, 6, 'f', 1).arg(stretches[i].what);
    return text;
}

} // namespace quantoscope::testing
