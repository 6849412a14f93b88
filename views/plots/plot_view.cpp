// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/axis_style.h"
#include "views/plots/axis_tickers.h"
#include "views/plots/plot_view_private.h"
#include "views/plots/wrapped_text.h"

#include <QVBoxLayout>

namespace quantoscope {

namespace {

constexpr double kMostLegend = 0.28; ///< of a low plot's height

} // namespace

PlotView::PlotView(QWidget *parent) : QWidget(parent), d(std::make_unique<Private>())
{
    d->plot = new QCustomPlot;
    d->plot->setObjectName(QStringLiteral("canvas"));
    d->plot->setMinimumSize(160, 120);
    d->plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    d->plot->setPlottingHint(QCP::phFastPolylines, true); // joined wide lines of a thousand points take two frames
    d->plot->setMouseTracking(true);
    d->plot->addLayer(kCrosshairLayer, nullptr, QCustomPlot::limAbove);
    d->plot->layer(kCrosshairLayer)->setMode(QCPLayer::lmBuffered);
    d->plot->installEventFilter(this);
    connect(d->plot, &QCustomPlot::afterLayout, this, &PlotView::fitAxes);
    d->later.setSingleShot(true);
    connect(&d->later, &QTimer::timeout, this, [this] {
        if (isVisible())
            ensureDrawn();
    });
    d->box = new QRubberBand(QRubberBand::Rectangle, d->plot);
    connect(d->plot, &QCustomPlot::legendClick, this, [this](QCPLegend *, QCPAbstractLegendItem *item) {
        auto *entry = qobject_cast<QCPPlottableLegendItem *>(item);
        for (const Private::Series &one : d->series)
            for (const auto &plottable : one.plottables)
                if (entry && plottable == entry->plottable()) {
                    const QString id = one.id; // the click's handler still uses what showing replaces
                    QMetaObject::invokeMethod(
                        this, [this, id] { setSeriesShown(id, !isSeriesShown(id)); }, Qt::QueuedConnection);
                    return;
                }
    });
    d->empty = new QLabel;
    d->empty->setObjectName(QStringLiteral("emptyState"));
    d->empty->setAlignment(Qt::AlignCenter);
    d->empty->setWordWrap(true);
    d->empty->setMargin(8);
    d->empty->setAutoFillBackground(true);
    d->empty->setBackgroundRole(QPalette::Base);
    d->empty->setForegroundRole(QPalette::Text);
    d->readout = new QLabel;
    d->readout->setObjectName(QStringLiteral("readout"));
    d->readout->setAccessibleName(tr("Value under the pointer"));
    d->readout->setTextFormat(Qt::PlainText);
    d->readout->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    d->readout->setContentsMargins(6, 1, 6, 1);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *canvas = new QWidget;
    d->stack = new QStackedLayout(canvas);
    d->stack->addWidget(d->plot);
    d->stack->addWidget(d->empty);
    layout->addWidget(canvas, 1);
    layout->addWidget(d->readout);
    setFocusPolicy(Qt::StrongFocus);
    d->plot->setFocusProxy(this);
}

PlotView::~PlotView() = default;

QCustomPlot *PlotView::plot() const
{
    return d->plot;
}

QCPAxisRect *PlotView::mainRect() const
{
    return d->mainRect;
}

const RunRecordPtr &PlotView::run() const
{
    return d->run;
}

int PlotView::selectedTap() const
{
    return d->selected;
}

const TapRecord *PlotView::selectedRecord() const
{
    return d->run && d->selected >= 0 && static_cast<size_t>(d->selected) < d->run->taps.size()
             ? &d->run->taps[static_cast<size_t>(d->selected)]
             : nullptr;
}

bool PlotView::isEmpty() const
{
    return !emptyText().isEmpty();
}

void PlotView::setRun(RunRecordPtr run)
{
    d->run = std::move(run);
    redraw(true);
}

void PlotView::setSelectedTap(int tap)
{
    if (tap == d->selected)
        return;
    d->selected = tap;
    forgetSpans(AxisKind::Places);
    redraw(!showsSelectionOnly());
}

int PlotView::selectedChannel() const
{
    return d->channel;
}

void PlotView::setSelectedChannel(int channel)
{
    if (channel == d->channel)
        return;
    d->channel = channel;
    redraw(true);
}

void PlotView::clicked(QPointF)
{
}

void PlotView::setReadout(const QString &text)
{
    d->readout->setText(text);
    d->readout->setToolTip(text);
    d->readoutIsCaption = false;
}

void PlotView::showCaptionInReadout()
{
    setReadout(d->compact ? d->captionText : QString());
    d->readoutIsCaption = true;
    d->readout->setText(d->readout->fontMetrics().elidedText(d->readout->text(), Qt::ElideRight, std::max(40, d->plot->width() - 14)));
}

int PlotView::tapAt(QPointF) const
{
    return -1;
}

int PlotView::channelAt(QPointF) const
{
    return -1;
}

std::vector<int> PlotView::selectableTaps() const
{
    return {};
}

void PlotView::redraw(bool keepView)
{
    if (!keepView) {
        d->zoomed = false;
        if (!d->linked)
            d->spans.clear();
    }
    d->keepsReadout = keepView && (d->keepsReadout || !d->dirty); // one that changes the data decides
    d->dirty = true;
    if (d->later.objectName().isEmpty())
        d->later.setObjectName(viewName()); // tells whose drawing took long
    if (isVisible())
        d->later.start(); // a new run and a new selection are one drawing, and each plot an event of its own
}

void PlotView::ensureDrawn() const
{
    // While a file is being drawn that drawing stands, in the print theme, whatever a layout asks for meanwhile.
    if (d->dirty && d->fileWidth == 0)
        const_cast<PlotView *>(this)->drawNow(PlotTheme::fromPalette(palette()));
    else if (d->spansWait && d->fileWidth == 0 && const_cast<PlotView *>(this)->applySpans())
        d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void PlotView::drawNow(const PlotTheme &theme)
{
    d->dirty = false;
    d->later.stop();
    QCustomPlot *plot = d->plot;
    const QString nothing = emptyText();
    d->empty->setText(nothing);
    d->empty->setAccessibleName(nothing);
    d->stack->setCurrentIndex(nothing.isEmpty() ? 0 : 1);
    d->readout->setVisible(nothing.isEmpty());

    const bool restores = d->zoomed && d->mainRect;
    const QCPRange keptX = restores ? d->mainRect->axis(QCPAxis::atBottom)->range() : QCPRange();
    const QCPRange keptY = restores ? d->mainRect->axis(QCPAxis::atLeft)->range() : QCPRange();

    d->drawing = true;
    plot->clearPlottables();
    plot->clearItems();
    plot->plotLayout()->clear();
    plot->plotLayout()->simplify();
    d->rects.clear();
    d->axes.clear();
    d->series.clear();
    d->background = theme.background;
    plot->setBackground(theme.background);
    plot->plotLayout()->setRowSpacing(2);

    const QFont plain = font();
    QFont strong = plain;
    strong.setBold(true);
    d->title = new WrappedText(plot, QString(), strong, Qt::AlignLeft | Qt::AlignVCenter);
    d->title->setTextColor(theme.text);
    d->title->setMargins(QMargins(8, 4, 8, 0));
    plot->plotLayout()->addElement(0, 0, d->title);

    // The legend has a row of its own above the axes, so that it never covers data.
    auto *legendRow = new QCPLayoutGrid;
    plot->plotLayout()->addElement(1, 0, legendRow);
    plot->legend = new QCPLegend;
    legendRow->addElement(0, 0, plot->legend);
    legendRow->addElement(0, 1, new QCPLayoutElement(plot));
    legendRow->setColumnStretchFactor(0, 0.001);
    plot->legend->setLayer(QStringLiteral("legend"));
    plot->legend->setFillOrder(QCPLegend::foColumnsFirst);
    plot->legend->setFont(plain);
    plot->legend->setTextColor(theme.text);
    plot->legend->setBrush(Qt::NoBrush);
    plot->legend->setBorderPen(Qt::NoPen);
    plot->legend->setMargins(QMargins(6, 1, 6, 3));
    plot->legend->setColumnSpacing(14);
    plot->legend->setIconSize(22, QFontMetrics(plain).height() + 3);
    plot->plotLayout()->setRowStretchFactor(1, 0.001);

    d->margins = new QCPMarginGroup(plot);
    d->mainRect = makeAxisRect(plot, theme, plain);
    d->mainRect->setMarginGroup(QCP::msLeft | QCP::msRight, d->margins);
    d->mainRect->setRangeZoomAxes(d->mainRect->axis(QCPAxis::atBottom), d->mainRect->axis(QCPAxis::atLeft));
    d->mainRect->setRangeDragAxes(d->mainRect->axis(QCPAxis::atBottom), d->mainRect->axis(QCPAxis::atLeft));
    d->mainRect->setMinimumMargins(QMargins(8, 6, 14, 6));
    plot->plotLayout()->addElement(2, 0, d->mainRect);
    d->rects.push_back({d->mainRect, true, true});
    d->caption = nullptr;
    d->captionText.clear();
    d->compact = isLow();
    d->legendLeftOut = false;

    if (nothing.isEmpty())
        draw(theme);

    if (plot->legend->itemCount() == 0) {
        plot->plotLayout()->remove(legendRow);
        plot->plotLayout()->simplify();
    } else {
        wrapLegend();
        const int high = plot->legend->rowCount() * (plot->legend->iconSize().height() + 3);
        d->legendLeftOut = d->compact && high > plot->height() * kMostLegend;
        if (d->legendLeftOut) { // the button for series and the context menu have it, too
            plot->plotLayout()->remove(legendRow);
            plot->plotLayout()->simplify();
        }
    }
    applySeries();
    const auto noteZoom = [this] {
        if (d->drawing)
            return;
        d->zoomed = true;
        viewChanged();
    };
    using RangeChanged = void (QCPAxis::*)(const QCPRange &);
    for (QCPAxis *axis : {d->mainRect->axis(QCPAxis::atBottom), d->mainRect->axis(QCPAxis::atLeft)})
        connect(axis, static_cast<RangeChanged>(&QCPAxis::rangeChanged), this, noteZoom);
    if (restores) {
        d->mainRect->axis(QCPAxis::atBottom)->setRange(keptX);
        d->mainRect->axis(QCPAxis::atLeft)->setRange(keptY);
        viewChanged();
    }
    watchAxes();
    applySpans();
    const auto crossLine = [&] {
        auto *line = new QCPItemLine(plot);
        line->setLayer(kCrosshairLayer);
        line->setClipToAxisRect(false);
        for (QCPItemPosition *end : {line->start, line->end})
            end->setType(QCPItemPosition::ptAbsolute);
        line->setPen(QPen(theme.neutral, 1, Qt::DotLine));
        line->setVisible(false);
        return line;
    };
    if (!d->keepsReadout || d->readoutIsCaption)
        showCaptionInReadout();
    d->horizontal = crossLine();
    d->vertical = crossLine();
    d->drawing = false;
    plot->replot(QCustomPlot::rpQueuedReplot);
    Q_EMIT seriesChanged();
}

void PlotView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange
        || event->type() == QEvent::LanguageChange)
        redraw(true);
    QWidget::changeEvent(event);
}

void PlotView::showEvent(QShowEvent *event)
{
    ensureDrawn();
    QWidget::showEvent(event);
}

} // namespace quantoscope
