// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the keys of undo and redo from changing the plan behind an open menu or modal dialog.
#pragma once

#include <QObject>

class QAction;

namespace quantoscope {

/// Qt holds shortcuts back behind most of them, but passes them on while a popup with a focus proxy is open (completions); what
/// it shows would then belong to another state. An action chosen in a menu acts: the menu is closed before. GUI thread.
class UndoGuard : public QObject {
    Q_OBJECT
public:
    explicit UndoGuard(QObject *parent) : QObject(parent) {}
    void watch(QAction *action);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace quantoscope
