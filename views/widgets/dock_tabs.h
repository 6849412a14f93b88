// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QMainWindow;

namespace quantoscope {

/// The tabs of docked panels, present ones and those that docking makes later, keep their whole names (arrows lead to what
/// has no room) and are called `name` by screen readers.
void keepDockTabsReadable(QMainWindow *window, const QString &name);

} // namespace quantoscope
