// SPDX-License-Identifier: GPL-3.0-or-later
// How the window is laid out, and what of it outlives a session.
#include "views/widgets/main_window_private.h"

#include "views/widgets/plots_panel.h"
#include "views/widgets/project_controller.h"
#include "views/widgets/recipe_panel.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QSettings>

namespace quantoscope {

void MainWindow::resetLayout()
{
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    if (!m_defaultState.isEmpty())
        restoreState(m_defaultState, kStateVersion);
    resizeDocks({m_docks[0], m_docks[1]}, {330, 320}, Qt::Horizontal);
    resizeDocks({m_docks[2]}, {115}, Qt::Vertical);
    m_plots->resetLayout();
}

void MainWindow::restoreSettings()
{
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("window/state")).toByteArray(), kStateVersion);
    m_plots->restoreLayout(settings.value(QStringLiteral("window/plots")).toByteArray());
    m_plots->setAxesLinked(settings.value(QStringLiteral("window/linkAxes"), true).toBool());
    if (const QString folder = settings.value(QStringLiteral("dataFolder")).toString(); isImageSource(folder))
        setDataFolder(folder);
}

void MainWindow::saveSettings() const
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/state"), saveState(kStateVersion));
    settings.setValue(QStringLiteral("window/plots"), m_plots->layoutState());
    settings.setValue(QStringLiteral("window/linkAxes"), m_plots->axesLinked());
    settings.setValue(QStringLiteral("dataFolder"), QString::fromStdString(m_recipe->request().data.folder));
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!m_project->mayClose()) {
        event->ignore();
        return;
    }
    saveSettings();
    m_project->keepSession(); // before the jobs go: what they finished is part of it
    m_workbench.cancel(); // its destructor waits for the current batch
    event->accept();
}

} // namespace quantoscope
