// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/undo_guard.h"

#include <QAction>
#include <QApplication>
#include <QEvent>

namespace quantoscope {

void UndoGuard::watch(QAction *action)
{
    action->installEventFilter(this);
}

bool UndoGuard::eventFilter(QObject *watched, QEvent *event)
{
    const bool open = QApplication::activePopupWidget() || QApplication::activeModalWidget();
    return (open && event->type() == QEvent::Shortcut) || QObject::eventFilter(watched, event);
}

} // namespace quantoscope
