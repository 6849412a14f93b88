// SPDX-License-Identifier: GPL-3.0-or-later
// How the plots stand: two rows of tabs, one of them in front or alone.
#include "views/plots/plot_view.h"
#include "views/widgets/dock_tabs.h"
#include "views/widgets/plots_panel.h"

#include <QDockWidget>

namespace quantoscope {

namespace {

constexpr int kNetworkRow = 280; ///< pixels; what is more is shared alike
constexpr int kLayerRow = 310;   ///< has controls above its plots

} // namespace

void PlotsPanel::layOut(qsizetype networkPlots)
{
    QDockWidget *above = m_docks.front();
    QDockWidget *below = m_docks[networkPlots];
    addDockWidget(Qt::TopDockWidgetArea, above);
    splitDockWidget(above, below, Qt::Vertical); // before the tabs: a dock with tabs is not split but gets another tab
    for (qsizetype i = 0; i < m_docks.size(); ++i)
        if (m_docks[i] != above && m_docks[i] != below)
            tabifyDockWidget(i < networkPlots ? above : below, m_docks[i]);
    above->raise();
    below->raise();
    resizeDocks({above, below}, {kNetworkRow, kLayerRow}, Qt::Vertical);
    keepDockTabsReadable(this, tr("Plots"));
}

void PlotsPanel::bringToFront(const QString &viewName)
{
    for (qsizetype i = 0; i < m_plots.size(); ++i)
        if (m_plots[i]->viewName() == viewName) {
            if (m_enlarged != m_plots[i])
                setEnlarged(nullptr);
            m_docks[i]->raise();
        }
}

PlotView *PlotsPanel::currentPlot() const
{
    for (PlotView *plot : m_plots)
        if (plot->hasFocus())
            return plot;
    for (PlotView *plot : m_plots)
        if (plot->isVisible() && !plot->visibleRegion().isEmpty())
            return plot;
    return m_plots.front();
}

void PlotsPanel::resetLayout()
{
    setEnlarged(nullptr);
    for (QDockWidget *dock : m_docks)
        dock->setFloating(false);
    restoreState(m_defaultLayout);
}

void PlotsPanel::setEnlarged(PlotView *view)
{
    if (view == m_enlarged)
        return;
    QDockWidget *front = nullptr;
    for (qsizetype i = 0; i < m_plots.size(); ++i)
        if (m_plots[i] == (view ? view : m_enlarged))
            front = m_docks[i];
    if (m_enlarged)
        restoreState(m_aroundEnlarged);
    m_enlarged = view && !front->isFloating() ? view : nullptr;
    if (m_enlarged) {
        m_aroundEnlarged = saveState();
        for (QDockWidget *dock : m_docks)
            if (dock != front && !dock->isFloating())
                dock->hide();
        view->setFocus();
    }
    front->raise(); // of the tabs that come back, too
    Q_EMIT enlargedChanged(m_enlarged != nullptr);
}

QByteArray PlotsPanel::layoutState() const
{
    return m_enlarged ? m_aroundEnlarged : saveState();
}

void PlotsPanel::restoreLayout(const QByteArray &state)
{
    setEnlarged(nullptr);
    restoreState(state); // what does not fit is ignored by Qt
}

} // namespace quantoscope
