// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/dock_tabs.h"

#include <QChildEvent>
#include <QMainWindow>
#include <QTabBar>

namespace quantoscope {

namespace {

class DockTabs : public QObject {
public:
    DockTabs(QMainWindow *window, QString name) : QObject(window), m_name(std::move(name))
    {
        for (QTabBar *tabs : window->findChildren<QTabBar *>(Qt::FindDirectChildrenOnly))
            apply(tabs);
        window->installEventFilter(this);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::ChildPolished)
            apply(qobject_cast<QTabBar *>(static_cast<QChildEvent *>(event)->child()));
        return QObject::eventFilter(watched, event);
    }

private:
    void apply(QTabBar *tabs) const
    {
        if (!tabs)
            return;
        tabs->setElideMode(Qt::ElideNone);
        tabs->setUsesScrollButtons(true);
        tabs->setAccessibleName(m_name);
    }

    QString m_name;
};

} // namespace

void keepDockTabsReadable(QMainWindow *window, const QString &name)
{
    new DockTabs(window, name);
}

} // namespace quantoscope
