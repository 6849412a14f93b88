// SPDX-License-Identifier: GPL-3.0-or-later
// How long the window takes to appear, for measuring.
#pragma once

#include <QWidget>

namespace quantoscope {

/// If QUANTOSCOPE_TRACE_START is set, prints "start: <stage> <milliseconds since the process began>" on stderr.
void traceStart(const char *stage);

/// The same when `window` has been exposed for the first time.
void traceFirstExpose(QWidget &window);

} // namespace quantoscope
