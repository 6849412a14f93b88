// SPDX-License-Identifier: GPL-3.0-or-later
// What mouse and keyboard do with a plot.
#include "views/plots/plot_view_private.h"

#include <QContextMenuEvent>
#include <QMenu>

#include <set>

namespace quantoscope {

namespace {

constexpr int kClickPixels = 4;
constexpr double kZoomStep = 0.8;
constexpr double kPanStep = 0.1;
constexpr int kBoxPixels = 8; ///< a smaller box is a slip of the hand

void zoomAxis(QCPAxis *axis, double factor)
{
    const QCPRange range = axis->range();
    axis->scaleRange(factor, axis->scaleType() == QCPAxis::stLogarithmic ? std::sqrt(range.lower * range.upper)
                                                                         : range.center());
}

void panAxis(QCPAxis *axis, double share)
{
    const QCPRange range = axis->range();
    if (axis->scaleType() == QCPAxis::stLogarithmic)
        axis->setRange(range.lower * std::pow(range.upper / range.lower, share),
                       range.upper * std::pow(range.upper / range.lower, share));
    else
        axis->moveRange(share * range.size());
}

} // namespace

void PlotView::contextMenuEvent(QContextMenuEvent *event)
{
    ensureDrawn();
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("plotMenu"));
    QAction *copy = menu.addAction(tr("&Copy image and data"), this, &PlotView::copyToClipboard);
    QAction *save = menu.addAction(tr("&Export…"), this, &PlotView::exportInteractively);
    menu.addSeparator();
    for (const PlotSeries &one : series()) {
        QAction *show = menu.addAction(one.label);
        show->setCheckable(true);
        show->setChecked(one.shown);
        connect(show, &QAction::toggled, this, [this, id = one.id](bool on) { setSeriesShown(id, on); });
    }
    if (canSwitchScale()) {
        QAction *logarithmic = menu.addAction(tr("&Logarithmic axis"));
        logarithmic->setCheckable(true);
        logarithmic->setChecked(isLogScale());
        connect(logarithmic, &QAction::toggled, this, &PlotView::setLogScale);
    }
    menu.addSeparator();
    QAction *reset = menu.addAction(tr("&Show everything"), this, &PlotView::resetView);
    menu.setToolTipsVisible(true);
    for (QAction *action : {copy, save, reset}) {
        action->setEnabled(!isEmpty());
        action->setToolTip(emptyText());
    }
    const int pointed = isEmpty() ? -1 : tapAt(d->plot->mapFromGlobal(event->globalPos()));
    Q_EMIT menuAboutToShow(&menu, pointed >= 0 ? pointed : selectedTap());
    menu.exec(event->globalPos());
}

void PlotView::keyPressEvent(QKeyEvent *event)
{
    ensureDrawn();
    if (isEmpty() || !d->mainRect) {
        QWidget::keyPressEvent(event);
        return;
    }
    QCPAxis *x = d->mainRect->axis(QCPAxis::atBottom);
    QCPAxis *y = d->mainRect->axis(QCPAxis::atLeft);
    const int key = event->key();
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    switch (key) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Minus:
        zoomAxis(event->modifiers().testFlag(Qt::ControlModifier) ? y : x,
                 key == Qt::Key_Minus ? 1 / kZoomStep : kZoomStep);
        d->plot->replot(QCustomPlot::rpQueuedReplot);
        return;
    case Qt::Key_Home: resetView(); return;
    case Qt::Key_L:
        setLogScale(!isLogScale());
        return;
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (!shift)
            break;
        panAxis(y, key == Qt::Key_Up ? kPanStep : -kPanStep);
        d->plot->replot(QCustomPlot::rpQueuedReplot);
        return;
    case Qt::Key_Left:
    case Qt::Key_Right: {
        if (shift) {
            panAxis(x, key == Qt::Key_Right ? kPanStep : -kPanStep);
            d->plot->replot(QCustomPlot::rpQueuedReplot);
            return;
        }
        const std::vector<int> taps = selectableTaps();
        if (taps.empty())
            break;
        const auto here = std::find(taps.begin(), taps.end(), d->selected);
        const auto count = static_cast<ptrdiff_t>(taps.size());
        const ptrdiff_t position = here == taps.end() ? -1 : here - taps.begin();
        const ptrdiff_t next =
            std::clamp<ptrdiff_t>(key == Qt::Key_Left ? position - 1 : position + 1, 0, count - 1);
        Q_EMIT tapSelected(taps[static_cast<size_t>(next)]);
        return;
    }
    default: break;
    }
    if (event->matches(QKeySequence::Copy)) {
        copyToClipboard();
        return;
    }
    QWidget::keyPressEvent(event);
}

void PlotView::zoomIntoBox(QPoint end)
{
    const QRect box = QRect(d->pressed, end).normalized() & d->mainRect->rect();
    if (box.width() < kBoxPixels || box.height() < kBoxPixels)
        return;
    QCPAxis *x = d->mainRect->axis(QCPAxis::atBottom);
    QCPAxis *y = d->mainRect->axis(QCPAxis::atLeft);
    x->setRange(x->pixelToCoord(box.left()), x->pixelToCoord(box.right()));
    y->setRange(y->pixelToCoord(box.bottom()), y->pixelToCoord(box.top()));
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

std::vector<int> PlotView::tapsIn(const QRect &box) const
{
    constexpr int kPlaces = 300; // along a side; more layers than that are not told apart by hand
    const int stepX = 1 + box.width() / kPlaces;
    const int stepY = 1 + box.height() / (kPlaces / 10);
    std::set<int> taps;
    for (int y = box.top(); y <= box.bottom(); y += stepY)
        for (int x = box.left(); x <= box.right(); x += stepX)
            if (const int tap = tapAt(QPointF(x, y)); tap >= 0)
                taps.insert(tap);
    return {taps.begin(), taps.end()};
}

bool PlotView::eventFilter(QObject *watched, QEvent *event)
{
    if (event->isInputEvent())
        ensureDrawn(); // what is under the pointer must be of the present run
    switch (event->type()) {
    case QEvent::MouseMove: {
        const QPointF position = static_cast<QMouseEvent *>(event)->position();
        if (d->boxing) {
            d->box->setGeometry(QRect(d->pressed, position.toPoint()).normalized());
            return true;
        }
        d->moveCrosshair(position);
        setReadout(readout(position));
        break;
    }
    case QEvent::Leave:
        d->moveCrosshair({-1, -1});
        showCaptionInReadout();
        break;
    case QEvent::Resize:
        if (d->dirty)
            break;
        wrapLegend();
        if (d->compact != isLow())
            redraw(true);
        else
            showCaptionInReadout();
        break;
    case QEvent::MouseButtonPress:
        setFocus(Qt::MouseFocusReason);
        d->pressed = static_cast<QMouseEvent *>(event)->pos();
        d->boxSelects = static_cast<QMouseEvent *>(event)->modifiers() == Qt::ControlModifier;
        if (const auto *mouse = static_cast<QMouseEvent *>(event); d->boxSelects)
            d->boxing = mouse->button() == Qt::LeftButton && d->rectAt(d->pressed);
        else
            d->boxing = mouse->modifiers().testFlag(Qt::ShiftModifier) && d->mainRect
                     && d->mainRect->rect().contains(d->pressed);
        if (d->boxing) {
            d->box->setGeometry(QRect(d->pressed, QSize()));
            d->box->show();
            return true;
        }
        break;
    case QEvent::MouseButtonRelease: {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        if (d->boxing) {
            d->boxing = false;
            d->box->hide();
            if (!d->boxSelects)
                zoomIntoBox(mouse->pos());
            else if (const std::vector<int> taps = tapsIn(QRect(d->pressed, mouse->pos()).normalized()); !taps.empty())
                QMetaObject::invokeMethod(this, [this, taps] { Q_EMIT tapsSelected(taps); }, Qt::QueuedConnection);
            return true;
        }
        if (mouse->button() != Qt::LeftButton || (mouse->pos() - d->pressed).manhattanLength() >= kClickPixels)
            break;
        const int tap = tapAt(mouse->position());
        const int channel = channelAt(mouse->position());
        QMetaObject::invokeMethod( // later: a redraw deletes what handles this event
            this,
            [this, tap, channel, position = mouse->position()] {
                clicked(position);
                if (tap >= 0)
                    Q_EMIT tapSelected(tap);
                if (channel >= 0)
                    Q_EMIT channelSelected(channel);
            },
            Qt::QueuedConnection);
        break;
    }
    case QEvent::MouseButtonDblClick:
        resetView();
        return true; // a press would start a drag of the plot that was just rebuilt
    default: break;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace quantoscope
