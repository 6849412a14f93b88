// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/points_plot.h"

#include "views/models/texts.h"

#include <qcustomplot.h>

#include <QKeyEvent>

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

constexpr double kReach = 14; ///< pixels around a point
constexpr int kManySteps = 10;
constexpr double kMarkSize = 15;

/// Bits are read at the widths that exist, also on a logarithmic axis.
QSharedPointer<QCPAxisTicker> bitTicker()
{
    auto ticker = QSharedPointer<QCPAxisTickerText>::create();
    for (const int bits : {2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32})
        ticker->addTick(bits, QString::number(bits));
    ticker->setSubTickCount(0);
    return ticker;
}

} // namespace

PointsPlot::PointsPlot(QWidget *parent) : PlotView(parent)
{
}

double PointsPlot::shownCost(const PrecisionCosts &costs, Resource resource)
{
    return costs.of(resource) / unitOf(resource);
}

double PointsPlot::unitOf(Resource resource)
{
    switch (resource) {
    case Resource::WeightBytes:
    case Resource::ActivationBytes: return 1e6;
    case Resource::AverageBits: return 1;
    case Resource::BitOperations: return 1e9;
    }
    return 1;
}

void PointsPlot::setCostAxis(Resource resource)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    x->setLabel(resource == Resource::WeightBytes       ? tr("Quantized weights [MB]")
                : resource == Resource::AverageBits     ? tr("Average of weights and activations [bit]")
                : resource == Resource::ActivationBytes ? tr("Quantized activations of an image [MB]")
                                                        : tr("Bit operations per image [10⁹]"));
    setLogarithmic(x);
    if (resource == Resource::AverageBits)
        x->setTicker(bitTicker());
}

void PointsPlot::linkCostAxis(Resource resource)
{
    linkNumbers(mainRect()->axis(QCPAxis::atBottom), {AxisKind::Costs, QString::fromLatin1(name(resource))});
}

QStringList PointsPlot::costTexts(const PrecisionCosts &costs)
{
    return {tr("%1 bit on average (weights %2, activations %3)")
                .arg(Texts::number(costs.averageBits, 3), Texts::number(costs.weightBits, 3),
                     Texts::number(costs.activationBits, 3)),
            tr("%1 MB").arg(Texts::number(costs.weightBytes / 1e6, 3)),
            tr("%1·10⁹ bit operations").arg(Texts::number(costs.bitOperations / 1e9, 3)),
            tr("%1 MB of activations").arg(Texts::number(costs.activationBytes / 1e6, 3)),
            tr("%1 conversions").arg(costs.conversions)};
}

void PointsPlot::addBars(QCPGraph *graph, const std::vector<double> &below, const std::vector<double> &above,
                         const QString &id)
{
    auto *bars = new QCPErrorBars(graph->keyAxis(), graph->valueAxis());
    bars->removeFromLegend();
    bars->setDataPlottable(graph);
    bars->setPen(QPen(graph->pen().color(), 1.2));
    bars->setWhiskerWidth(5);
    bars->setData(QVector<double>(below.begin(), below.end()), QVector<double>(above.begin(), above.end()));
    addToSeries(bars, id);
}

std::vector<QPointF> PointsPlot::shownPlaces(int point) const
{
    return {placeOf(point)};
}

void PointsPlot::addMark(const PlotTheme &theme)
{
    if (m_marked < 0 || m_marked >= pointCount())
        return;
    const QPointF place = placeOf(m_marked);
    if (isLogScale() && !(place.y() > 0))
        return;
    auto *ring = new QCPGraph(mainRect()->axis(QCPAxis::atBottom), mainRect()->axis(QCPAxis::atLeft));
    ring->setName(tr("Marked"));
    ring->removeFromLegend();
    ring->setLineStyle(QCPGraph::lsNone);
    ring->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(theme.text, 2), Qt::NoBrush, kMarkSize));
    ring->addData(place.x(), place.y());
}

std::vector<int> PointsPlot::byCost() const
{
    std::vector<int> order;
    for (int i = 0; i < pointCount(); ++i)
        order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [this](int a, int b) { return placeOf(a).x() < placeOf(b).x(); });
    return order;
}

void PointsPlot::markPoint(int point)
{
    if (point == m_marked || point < 0 || point >= pointCount())
        return;
    m_marked = point;
    redraw(true);
    setReadout(description(point));
    setAccessibleDescription(description(point));
}

QPointF PointsPlot::positionOf(int point) const
{
    const QPointF place = placeOf(point);
    return {mainRect()->axis(QCPAxis::atBottom)->coordToPixel(place.x()),
            mainRect()->axis(QCPAxis::atLeft)->coordToPixel(place.y())};
}

int PointsPlot::pointAt(QPointF position) const
{
    if (isEmpty() || !mainRect() || !mainRect()->rect().contains(position.toPoint()))
        return -1;
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    int nearest = -1;
    double least = kReach;
    for (int i = 0; i < pointCount(); ++i)
        for (const QPointF &place : shownPlaces(i)) {
            if (isLogScale() && !(place.y() > 0))
                continue;
            const double distance
                = std::hypot(x->coordToPixel(place.x()) - position.x(), y->coordToPixel(place.y()) - position.y());
            if (distance < least) {
                least = distance;
                nearest = i;
            }
        }
    return nearest;
}

QString PointsPlot::readout(QPointF position) const
{
    const int found = pointAt(position);
    return found < 0 ? QString() : description(found);
}

void PointsPlot::clicked(QPointF position)
{
    const int found = pointAt(position);
    if (found < 0)
        return;
    markPoint(found);
    Q_EMIT pointOpened(found);
}

void PointsPlot::keyPressEvent(QKeyEvent *event)
{
    const bool plain = event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    int steps = 0;
    switch (event->key()) {
    case Qt::Key_Left: steps = -1; break;
    case Qt::Key_Right: steps = 1; break;
    case Qt::Key_PageUp: steps = kManySteps; break;
    case Qt::Key_PageDown: steps = -kManySteps; break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (plain && m_marked >= 0 && m_marked < pointCount()) {
            Q_EMIT pointOpened(m_marked);
            return;
        }
        break;
    default: break;
    }
    if (steps == 0 || !plain || isEmpty()) {
        PlotView::keyPressEvent(event);
        return;
    }
    const std::vector<int> order = byCost();
    const auto here = std::find(order.begin(), order.end(), m_marked);
    const ptrdiff_t place = here == order.end() ? 0 : here - order.begin() + steps;
    markPoint(order[static_cast<size_t>(std::clamp<ptrdiff_t>(place, 0, static_cast<ptrdiff_t>(order.size()) - 1))]);
}

} // namespace quantoscope
