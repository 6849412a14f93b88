// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the keys of undo and redo from changing the plan behind an open menu or modal dialog.
#pragma once

#include <QObject>

class QAction;

namespace quantoscope {

/// Qt passes a window's shortcuts on while a popup of it is open; what the popup shows would then belong to another state. An
/// action chosen with the mouse is not held back: its menu is closed before it acts. GUI thread.
class UndoGuard : public QObject {
    Q_OBJECT
public:
    explicit UndoGuard(QObject *parent) : QObject(parent) {}
    void watch(QAction *action);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace quantoscope
