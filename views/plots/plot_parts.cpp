// SPDX-License-Identifier: GPL-3.0-or-later
// What draw() puts a plot together from: series, further axis rects, bands and labels.
#include "views/plots/axis_style.h"
#include "views/plots/axis_tickers.h"
#include "views/plots/plot_view_private.h"
#include "views/plots/wrapped_text.h"

namespace quantoscope {

void applyAxisStyle(QCPAxis *axis, const PlotTheme &theme, const QFont &font)
{
    const QPen line(theme.text, 1);
    axis->setBasePen(line);
    axis->setTickPen(line);
    axis->setSubTickPen(line);
    axis->setLabelColor(theme.text);
    axis->setTickLabelColor(theme.text);
    axis->setLabelFont(font);
    axis->setTickLabelFont(font);
    axis->setLabelPadding(4);
    axis->grid()->setPen(QPen(theme.grid, 1));
    axis->grid()->setSubGridVisible(false);
    axis->grid()->setZeroLinePen(QPen(theme.grid, 1));
}

QCPAxisRect *makeAxisRect(QCustomPlot *plot, const PlotTheme &theme, const QFont &font)
{
    auto *rect = new QCPAxisRect(plot);
    for (QCPAxis *axis : rect->axes()) {
        axis->setLayer(QStringLiteral("axes"));
        axis->grid()->setLayer(QStringLiteral("grid"));
        applyAxisStyle(axis, theme, font);
    }
    return rect;
}

namespace {

/// Two axes show the same range from now on.
void link(QCPAxis *own, QCPAxis *main)
{
    if (main->scaleType() == QCPAxis::stLogarithmic)
        own->setScaleType(QCPAxis::stLogarithmic);
    own->setRange(main->range());
    using SetRange = void (QCPAxis::*)(const QCPRange &);
    QObject::connect(main, static_cast<SetRange>(&QCPAxis::rangeChanged), own, static_cast<SetRange>(&QCPAxis::setRange));
    QObject::connect(own, static_cast<SetRange>(&QCPAxis::rangeChanged), main, static_cast<SetRange>(&QCPAxis::setRange));
}

} // namespace

void PlotView::setPlotTitle(const QString &title)
{
    d->title->setText(title);
}

void PlotView::setCaption(const QString &caption)
{
    d->captionText = caption;
    if (d->compact)
        return;
    if (!d->caption) {
        const QColor color = d->title->textColor();
        d->caption = new WrappedText(d->plot, QString(), font(), Qt::AlignLeft | Qt::AlignTop);
        d->caption->setTextColor(color);
        d->caption->setMargins(QMargins(10, 0, 8, 4));
        d->plot->plotLayout()->addElement(d->plot->plotLayout()->rowCount(), 0, d->caption);
    }
    d->caption->setText(caption);
}

void PlotView::setLogarithmic(QCPAxis *axis)
{
    axis->setScaleType(QCPAxis::stLogarithmic);
    axis->setTicker(QSharedPointer<DecadeTicker>::create());
    axis->setNumberFormat(QStringLiteral("gb"));
    axis->setNumberPrecision(4);
}

QPen PlotView::linePen(const QColor &color, double width, Qt::PenStyle style, int points)
{
    constexpr int kMostDashed = 100;
    return points > kMostDashed ? QPen(color, std::min(width, 1.0)) : QPen(color, width, style);
}

QCPAxisRect *PlotView::addRect(RectPlace place, double stretch, const PlotTheme &theme)
{
    QCPAxisRect *rect = makeAxisRect(d->plot, theme, font());
    QCPLayoutGrid *layout = d->plot->plotLayout();
    QCPAxis *x = rect->axis(QCPAxis::atBottom);
    QCPAxis *y = rect->axis(QCPAxis::atLeft);
    if (place == RectPlace::BesideSharingY) {
        // The main rect's row becomes a grid of its own, so that title and caption still span the plot.
        auto *row = new QCPLayoutGrid;
        const int rowIndex = 2;
        layout->take(d->mainRect);
        layout->addElement(rowIndex, 0, row);
        row->addElement(0, 0, d->mainRect);
        row->addElement(0, 1, rect);
        row->setColumnStretchFactor(1, stretch);
        row->setColumnSpacing(2);
        auto *margins = new QCPMarginGroup(d->plot);
        for (QCPAxisRect *one : {d->mainRect.data(), rect})
            one->setMarginGroup(QCP::msTop | QCP::msBottom, margins);
        rect->setMinimumMargins(QMargins(6, 6, 14, 6));
        link(y, d->mainRect->axis(QCPAxis::atLeft));
        y->setTickLabels(false);
    } else {
        rect->setMarginGroup(QCP::msLeft | QCP::msRight, d->margins);
        rect->setMinimumMargins(QMargins(8, 2, 14, 4));
        const int row = layout->rowCount();
        layout->addElement(row, 0, rect);
        layout->setRowStretchFactor(row, stretch);
        if (place == RectPlace::BelowSharingX) {
            QCPAxis *main = d->mainRect->axis(QCPAxis::atBottom);
            if (main->scaleType() == QCPAxis::stLogarithmic)
                setLogarithmic(x);
            link(x, main);
        }
    }
    const bool sharesX = place == RectPlace::BelowSharingX;
    const bool sharesY = place == RectPlace::BesideSharingY;
    // A panel that shares an axis moves along it alone: its own axis always shows all of its data.
    QCPAxis *horizontal = sharesY ? nullptr : x;
    QCPAxis *vertical = sharesX ? nullptr : y;
    rect->setRangeZoomAxes(horizontal, vertical);
    rect->setRangeDragAxes(horizontal, vertical);
    d->rects.push_back({rect, sharesX, sharesY});
    return rect;
}

void PlotView::addSelectionBand(QCPAxisRect *rect, double low, double high, const PlotTheme &theme)
{
    auto *band = new QCPItemRect(d->plot);
    band->setLayer(QStringLiteral("background"));
    for (QCPItemPosition *corner : {band->topLeft, band->bottomRight}) {
        corner->setTypeX(QCPItemPosition::ptPlotCoords);
        corner->setTypeY(QCPItemPosition::ptAxisRectRatio);
        corner->setAxisRect(rect);
        corner->setAxes(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft));
    }
    band->topLeft->setCoords(low, 0);
    band->bottomRight->setCoords(high, 1);
    band->setClipAxisRect(rect);
    QColor tint = theme.selection;
    tint.setAlpha(70);
    band->setBrush(tint);
    band->setPen(Qt::NoPen);
}

void PlotView::addLabel(QCPAxisRect *rect, double x, double y, const QString &text, const QColor &color, int alignment)
{
    auto *label = new QCPItemText(d->plot);
    label->setText(text);
    label->setColor(color);
    label->setFont(font());
    label->position->setAxisRect(rect);
    label->position->setAxes(rect->axis(QCPAxis::atBottom), rect->axis(QCPAxis::atLeft));
    label->position->setCoords(x, y);
    label->setPositionAlignment(static_cast<Qt::Alignment>(alignment));
    label->setPadding(QMargins(4, 2, 4, 2));
    QColor veil = d->background;
    veil.setAlpha(170);
    label->setBrush(veil);
    label->setClipAxisRect(rect);
}

void PlotView::addToSeries(QCPAbstractPlottable *plottable, const QString &id)
{
    for (Private::Series &one : d->series)
        if (one.id == id) {
            one.plottables.emplace_back(plottable);
            return;
        }
    d->series.push_back({id, plottable->name(), {plottable}});
}

bool PlotView::isInLegend(const QString &id) const
{
    for (const Private::Series &one : d->series)
        if (one.id == id)
            for (const auto &plottable : one.plottables)
                if (plottable && d->plot->legend->itemWithPlottable(plottable))
                    return true;
    return false;
}

void PlotView::wrapLegend()
{
    QCPLegend *legend = d->plot->legend;
    if (!legend || legend->itemCount() == 0)
        return;
    const QFontMetrics metrics(legend->font());
    int widest = 1;
    for (const Private::Series &one : d->series)
        widest = std::max(widest, metrics.horizontalAdvance(one.label));
    const int entry = widest + legend->iconSize().width() + legend->iconTextPadding() + legend->columnSpacing() + 4;
    const int columns = std::clamp(((d->fileWidth > 0 ? d->fileWidth : d->plot->width()) - 24) / entry, 1, legend->itemCount());
    if (columns == legend->columnCount())
        return;
    legend->setWrap(columns);
    legend->setRowSpacing(0);
    legend->setFillOrder(QCPLayoutGrid::foColumnsFirst, true);
}

void PlotView::fitAxes()
{
    constexpr char kFullLabel[] = "fullLabel"; // what draw() wished
    constexpr char kFullTicks[] = "fullTicks";
    constexpr int kTickPixels = 24;
    bool again = false;
    for (const Private::Rect &one : d->rects) {
        QCPAxis *axis = one.rect ? one.rect->axis(QCPAxis::atLeft) : nullptr;
        if (!axis)
            continue;
        const int height = one.rect->height();
        if (!axis->property(kFullLabel).isValid())
            axis->setProperty(kFullLabel, axis->label());
        const QFontMetrics metrics(axis->labelFont());
        QStringList lines = axis->property(kFullLabel).toString().split(QLatin1Char('\n'));
        for (QString &line : lines)
            if (d->fileWidth == 0) // a file tells all
                line = metrics.elidedText(line, Qt::ElideRight, std::max(height, 12));
        axis->setLabel(lines.join(QLatin1Char('\n')));
        if (!axis->property(kFullTicks).isValid())
            axis->setProperty(kFullTicks, axis->ticker()->tickCount());
        const int ticks = std::max(2, std::min(height / kTickPixels, axis->property(kFullTicks).toInt()));
        if (axis->ticker()->tickCount() != ticks) {
            axis->ticker()->setTickCount(ticks);
            again = true;
        }
    }
    if (again && d->fileWidth == 0)
        d->plot->replot(QCustomPlot::rpQueuedReplot);
}

bool PlotView::isLow() const
{
    constexpr int kLowPixels = 260;
    return d->fileWidth == 0 && d->plot->height() < kLowPixels;
}

std::vector<PlotSeries> PlotView::series() const
{
    ensureDrawn();
    std::vector<PlotSeries> list;
    for (const Private::Series &one : d->series)
        list.push_back({one.id, one.label, isSeriesShown(one.id)});
    return list;
}

bool PlotView::isSeriesShown(const QString &id) const
{
    return !d->hidden.contains(id);
}

void PlotView::setSeriesShown(const QString &id, bool shown)
{
    if (shown == isSeriesShown(id))
        return;
    if (shown)
        d->hidden.remove(id);
    else
        d->hidden.insert(id);
    applySeries();
    d->plot->replot(QCustomPlot::rpQueuedReplot);
    Q_EMIT seriesChanged();
}

void PlotView::applySeries()
{
    for (const Private::Series &one : d->series) {
        const bool shown = isSeriesShown(one.id);
        for (const auto &plottable : one.plottables) {
            if (!plottable)
                continue;
            plottable->setVisible(shown);
            QCPAbstractLegendItem *entry = d->plot->legend ? d->plot->legend->itemWithPlottable(plottable) : nullptr;
            if (!entry)
                continue;
            QFont font = d->plot->legend->font();
            font.setStrikeOut(!shown);
            entry->setFont(font);
            QColor color = d->plot->legend->textColor();
            color.setAlpha(shown ? 255 : 130);
            entry->setTextColor(color);
        }
    }
}

bool PlotView::isLogScale() const
{
    return d->logScale.value_or(logScaleAtFirst());
}

void PlotView::setLogScale(bool logarithmic)
{
    if (!canSwitchScale() || logarithmic == isLogScale())
        return;
    d->logScale = logarithmic;
    redraw(false);
}

} // namespace quantoscope
