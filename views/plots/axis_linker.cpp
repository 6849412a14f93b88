// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/axis_linker.h"

#include "views/plots/plot_view.h"

namespace quantoscope {

AxisLinker::AxisLinker(QObject *parent) : QObject(parent)
{
}

void AxisLinker::add(PlotView *view)
{
    m_views.push_back(view);
    view->setLinked(m_linking);
    connect(view, &PlotView::spanChanged, this, [this, view](const AxisSpan &span) {
        for (PlotView *other : m_views)
            if (other != view)
                other->showSpan(span);
    });
    connect(view, &PlotView::spanReset, this, [this, view](const AxisSubject &subject) {
        for (PlotView *other : m_views)
            if (other != view)
                other->showAllOf(subject);
    });
}

void AxisLinker::setLinking(bool on, PlotView *leader)
{
    if (on == m_linking)
        return;
    m_linking = on;
    for (PlotView *view : m_views)
        view->setLinked(on);
    if (on && leader)
        for (const AxisSpan &span : leader->spans())
            for (PlotView *view : m_views)
                view->showSpan(span);
}

} // namespace quantoscope
