// SPDX-License-Identifier: GPL-3.0-or-later
// Moving around by keyboard: from panel to panel, and back and forward over the selected layers.
#include "views/widgets/main_window_private.h"

#include "views/plots/plot_view.h"
#include "views/widgets/plots_panel.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QMenu>

#include <algorithm>

namespace quantoscope {

namespace {

constexpr qsizetype kMostRemembered = 200;

/// Where the keyboard goes in a panel: its plot, its list, else its first control.
QWidget *entrance(const QDockWidget &dock)
{
    if (auto *plot = dock.findChild<PlotView *>())
        return plot;
    for (auto *list : dock.findChildren<QAbstractItemView *>())
        if (list->isVisible() && list->isEnabled() && list->objectName().size() > 0 && !list->window()->isHidden()
            && list->focusPolicy() != Qt::NoFocus)
            return list;
    for (QWidget *widget : dock.findChildren<QWidget *>())
        if (widget->isVisible() && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus))
            return widget;
    return nullptr;
}

} // namespace

void MainWindow::addFocusActions(QMenu &menu)
{
    const auto add = [&](const QString &text, const char *name, const QKeySequence &shortcut, auto slot) {
        QAction *action = menu.addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(shortcut);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_actions->back = add(tr("Previous &layer"), "selectionBack", QKeySequence(Qt::ALT | Qt::Key_Left), [this] { walkSelection(-1); });
    m_actions->forward = add(tr("Next l&ayer"), "selectionForward", QKeySequence(Qt::ALT | Qt::Key_Right), [this] { walkSelection(1); });
    menu.addSeparator();
    add(tr("Next &panel"), "nextPanel", QKeySequence(Qt::Key_F6), [this] { focusPanel(1); });
    add(tr("Pre&vious panel"), "previousPanel", QKeySequence(Qt::SHIFT | Qt::Key_F6), [this] { focusPanel(-1); });
    updateWalkActions();
}

void MainWindow::focusPanel(int step)
{
    QList<QDockWidget *> panels;
    for (QDockWidget *dock : findChildren<QDockWidget *>())
        if (dock->isVisible() && !dock->visibleRegion().isEmpty() && entrance(*dock))
            panels << dock;
    if (panels.isEmpty())
        return;
    const auto place = [this](const QDockWidget *dock) {
        const QPoint corner = dock->mapTo(this, QPoint());
        return std::pair(corner.x(), corner.y());
    };
    std::stable_sort(panels.begin(), panels.end(), [&](auto *a, auto *b) { return place(a) < place(b); });
    const QWidget *focus = QApplication::focusWidget();
    const auto here = std::find_if(panels.begin(), panels.end(), [&](const QDockWidget *dock) { return focus && dock->isAncestorOf(focus); });
    const auto count = static_cast<int>(panels.size());
    const int at = here == panels.end() ? (step > 0 ? -1 : 0) : static_cast<int>(here - panels.begin());
    entrance(*panels[(at + step + count) % count])->setFocus(Qt::ShortcutFocusReason);
}

void MainWindow::rememberSelection(const QString &path)
{
    if (m_walking || path.isEmpty() || (m_visitedAt >= 0 && m_visited[m_visitedAt] == path))
        return;
    m_visited.resize(m_visitedAt + 1); // a new way begins here
    m_visited << path;
    if (m_visited.size() > kMostRemembered)
        m_visited.removeFirst();
    m_visitedAt = m_visited.size() - 1;
    updateWalkActions();
}

void MainWindow::walkSelection(int step)
{
    const qsizetype to = m_visitedAt + step;
    if (to < 0 || to >= m_visited.size())
        return;
    m_visitedAt = to;
    m_walking = true;
    selectTap(m_visited[to]);
    m_walking = false;
    updateWalkActions();
}

void MainWindow::updateWalkActions()
{
    const auto enable = [](QAction *action, bool possible, const QString &tip) {
        action->setEnabled(possible);
        action->setToolTip(possible ? tip : tr("No other layer was selected."));
    };
    enable(m_actions->back, m_visitedAt > 0, tr("The layer that was selected before"));
    enable(m_actions->forward, m_visitedAt + 1 < m_visited.size(), tr("Back to where Previous layer came from"));
}

} // namespace quantoscope
