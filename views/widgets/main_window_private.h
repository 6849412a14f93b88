// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of the main window share.
#pragma once

#include "views/widgets/main_window.h"

class QAction;
class QMenu;

namespace quantoscope {

constexpr int kStateVersion = 7; ///< of the dock layout; raise when docks change

struct MainWindow::Actions {
    QAction *openModel = nullptr;
    QAction *openRun = nullptr;
    QMenu *recent = nullptr;
    QAction *openSearch = nullptr;
    QAction *exportSearch = nullptr;
    QAction *exportReport = nullptr;
    QAction *exportPlot = nullptr;
    QAction *exportPlots = nullptr;
    QAction *copy = nullptr;
    QAction *run = nullptr;
    QAction *check = nullptr;
    QAction *search = nullptr;
    QAction *saveJob = nullptr;
    QAction *cancel = nullptr;
    QAction *back = nullptr;
    QAction *forward = nullptr;
};

/// A folder or a tar archive (main_window_files.cpp).
[[nodiscard]] bool isImageSource(const QString &path);

} // namespace quantoscope
