// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/start_trace.h"

#include <QEvent>
#include <QFile>
#include <QWindow>

#include <cstdio>
#include <ctime>
#include <unistd.h>

namespace quantoscope {

namespace {

bool isTracing()
{
    static const bool tracing = qEnvironmentVariableIsSet("QUANTOSCOPE_TRACE_START");
    return tracing;
}

/// Of the process, so the launcher and the loader count too; in steps of the kernel's clock (10 ms).
double millisecondsSinceStart()
{
    QFile stat(QStringLiteral("/proc/self/stat"));
    if (!stat.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray line = stat.readAll();
    constexpr int kStartTime = 19; // fields after the name, which may contain blanks
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    timespec now{};
    if (fields.size() <= kStartTime || clock_gettime(CLOCK_BOOTTIME, &now) != 0)
        return -1;
    const double started = fields[kStartTime].toDouble() / static_cast<double>(sysconf(_SC_CLK_TCK));
    return 1e3 * (static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec) - started);
}

class ExposeWatcher final : public QObject {
public:
    using QObject::QObject;
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Expose) {
            traceStart("visible");
            watched->removeEventFilter(this);
            deleteLater();
        }
        return false;
    }
};

} // namespace

void traceStart(const char *stage)
{
    if (isTracing())
        std::fprintf(stderr, "start: %s %.0f ms\n", stage, millisecondsSinceStart());
}

void traceFirstExpose(QWidget &window)
{
    if (isTracing() && window.windowHandle())
        window.windowHandle()->installEventFilter(new ExposeWatcher(&window));
}

} // namespace quantoscope
