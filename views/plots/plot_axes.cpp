// SPDX-License-Identifier: GPL-3.0-or-later
// Horizontal axes that show what those of other plots show.
#include "views/plots/axis_tickers.h"
#include "views/plots/plot_view_private.h"

#include <utility>

namespace quantoscope {

namespace {

AxisScale::Range rangeOf(const QCPAxis *axis)
{
    return {axis->range().lower, axis->range().upper};
}

} // namespace

void PlotView::showLayers(QCPAxis *axis, const std::vector<int> &taps, const std::vector<int> &lasts)
{
    setLayerAxis(axis, *d->run, taps);
    const AxisSubject layers{AxisKind::Layers, QStringLiteral("%1 %2").arg(QString::fromStdString(d->run->model.name),
                                                                           QString::fromStdString(d->run->model.sha256))};
    linkAxis(axis, AxisScale::groups(layers, taps, lasts.empty() ? taps : lasts, d->run->taps.size(), rangeOf(axis)));
}

void PlotView::linkPlaces(QCPAxis *axis, const QString &place, size_t count)
{
    const AxisSubject places{AxisKind::Places, QStringLiteral("%1 %2 of %3")
                                                   .arg(count)
                                                   .arg(place, QString::fromStdString(selectedRecord()->tap.path))};
    linkAxis(axis, AxisScale::numbers(places, rangeOf(axis)));
}

void PlotView::linkNumbers(QCPAxis *axis, const AxisSubject &subject)
{
    linkAxis(axis, AxisScale::numbers(subject, rangeOf(axis)));
}

void PlotView::linkAxis(QCPAxis *axis, AxisScale scale)
{
    d->axes.push_back({axis, std::move(scale)});
}

void PlotView::watchAxes()
{
    using RangeChanged = void (QCPAxis::*)(const QCPRange &);
    for (const Private::LinkedAxis &one : d->axes)
        connect(one.axis, static_cast<RangeChanged>(&QCPAxis::rangeChanged), this, [this, scale = one.scale](const QCPRange &range) {
            if (d->drawing)
                return;
            const AxisSpan span = scale.spanOf({range.lower, range.upper});
            d->keepSpan(span);
            if (d->linked)
                Q_EMIT spanChanged(span);
        });
}

bool PlotView::applySpans()
{
    d->spansWait = false;
    bool changed = false;
    const bool drawing = std::exchange(d->drawing, true); // the user did not choose these ranges here
    for (const Private::LinkedAxis &one : d->axes)
        for (const AxisSpan &span : d->spans) {
            const auto wanted = one.scale.rangeOf(span);
            if (!wanted || !one.axis || one.scale.spanOf(rangeOf(one.axis)) == span)
                continue;
            one.axis->setRange(wanted->first, wanted->second);
            changed = true;
        }
    d->drawing = drawing;
    if (changed)
        viewChanged();
    return changed;
}

void PlotView::setLinked(bool on)
{
    d->linked = on;
}

void PlotView::showSpan(const AxisSpan &span)
{
    if (!d->linked)
        return;
    d->keepSpan(span);
    d->spansWait = true; // for when it is looked at
    if (isVisible() && !d->dirty && applySpans())
        d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void PlotView::showAllOf(const AxisSubject &subject)
{
    d->forgetSpan(subject);
    for (const Private::LinkedAxis &one : d->axes) {
        if (!one.axis || !(one.scale.subject() == subject))
            continue;
        if (d->mainRect && one.axis == d->mainRect->axis(QCPAxis::atBottom)) {
            redraw(false);
            return;
        }
        const bool drawing = std::exchange(d->drawing, true);
        one.axis->setRange(one.scale.whole().first, one.scale.whole().second);
        d->drawing = drawing;
        d->plot->replot(QCustomPlot::rpQueuedReplot);
    }
}

std::vector<AxisSpan> PlotView::spans() const
{
    ensureDrawn();
    std::vector<AxisSpan> shown;
    for (const Private::LinkedAxis &one : d->axes)
        if (one.axis)
            shown.push_back(one.scale.spanOf(rangeOf(one.axis)));
    return shown;
}

void PlotView::forgetSpans(AxisKind kind)
{
    std::erase_if(d->spans, [kind](const AxisSpan &one) { return one.subject.kind == kind; });
}

void PlotView::resetView()
{
    std::vector<AxisSubject> subjects;
    for (const Private::LinkedAxis &one : d->axes)
        subjects.push_back(one.scale.subject());
    for (const AxisSubject &subject : subjects)
        d->forgetSpan(subject);
    redraw(false);
    if (d->linked)
        for (const AxisSubject &subject : subjects)
            Q_EMIT spanReset(subject);
}

} // namespace quantoscope
