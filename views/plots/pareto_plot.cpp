// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/pareto_plot.h"

#include "views/models/texts.h"
#include "views/plots/axis_tickers.h"

#include <qcustomplot.h>

#include <QKeyEvent>

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantoscope {

namespace {

constexpr double kReach = 14;       ///< pixels around a point
constexpr int kManySteps = 10;
constexpr int kFewPoints = 80; ///< up to here every point of the front has a mark
constexpr double kInterval = 1.96;  ///< standard errors of a 95 % interval
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

ParetoPlot::ParetoPlot(QWidget *parent) : PlotView(parent)
{
}

QString ParetoPlot::viewName() const
{
    return QStringLiteral("pareto");
}

QString ParetoPlot::viewTitle() const
{
    return tr("Budget");
}

void ParetoPlot::setResult(PrecisionSearchPtr result)
{
    const bool sameQuestion = m_result && result && m_result->modelSha256 == result->modelSha256
                           && m_result->budget == result->budget && m_result->front.size() == result->front.size();
    m_result = std::move(result);
    if (!sameQuestion)
        m_marked = m_result ? m_result->chosen : -1;
    redraw(sameQuestion);
}

int ParetoPlot::pointCount() const
{
    return m_result ? static_cast<int>(m_result->front.size() + m_result->uniform.size()) : 0;
}

const PrecisionPoint *ParetoPlot::point(int index) const
{
    if (index < 0 || index >= pointCount())
        return nullptr;
    const auto i = static_cast<size_t>(index);
    return i < m_result->front.size() ? &m_result->front[i] : &m_result->uniform[i - m_result->front.size()];
}

QString ParetoPlot::emptyText() const
{
    return pointCount() > 0 ? QString()
                            : tr("Search for mixed precision (Run, Search precision) to see what a budget of bits costs.");
}

double ParetoPlot::cost(const PrecisionPoint &point) const
{
    switch (m_result->budget.resource) {
    case Resource::WeightBytes: return point.costs.weightBytes / 1e6;
    case Resource::AverageBits: return point.costs.averageBits;
    case Resource::BitOperations: return point.costs.bitOperations / 1e9;
    }
    return 0;
}

void ParetoPlot::draw(const PlotTheme &theme)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    const Resource resource = m_result->budget.resource;
    x->setLabel(resource == Resource::WeightBytes     ? tr("Quantized weights [MB]")
                : resource == Resource::AverageBits ? tr("Average of weights and activations [bit]")
                                                    : tr("Bit operations per image [10⁹]"));
    y->setLabel(tr("KL from float [nat]"));
    setLogarithmic(x);
    if (resource == Resource::AverageBits)
        x->setTicker(bitTicker());
    if (isLogScale())
        setLogarithmic(y);

    double left = std::numeric_limits<double>::max();
    double right = 0;
    double low = std::numeric_limits<double>::max();
    double high = 0;
    double dearest = 0; // of the uniform points
    for (const PrecisionPoint &one : m_result->uniform)
        dearest = std::max(dearest, cost(one));
    for (int i = 0; i < pointCount(); ++i) {
        const PrecisionPoint &one = *point(i);
        left = std::min(left, cost(one));
        right = std::max(right, cost(one));
        const auto reach = [&](double value) {
            if (!(value > 0) || (cost(one) > 1.3 * dearest && dearest > 0))
                return;
            low = std::min(low, value);
            high = std::max(high, value);
        };
        reach(one.loss);
        if (one.measured)
            reach(one.measured->kl);
    }
    if (low > high) {
        low = 1e-3;
        high = 1;
    }
    addPoints(QStringLiteral("front"), tr("Front, predicted"), PrecisionPoint::Origin::Front, Figure::Predicted, theme);
    addPoints(QStringLiteral("uniform"), tr("One width everywhere, predicted"), PrecisionPoint::Origin::Uniform,
              Figure::Predicted, theme);
    addPoints(QStringLiteral("front-measured"), tr("Front, measured"), PrecisionPoint::Origin::Front, Figure::Measured,
              theme);
    addPoints(QStringLiteral("uniform-measured"), tr("One width everywhere, measured"), PrecisionPoint::Origin::Uniform,
              Figure::Measured, theme);
    if (dearest > 0) // what lies far beyond is nearly float
        right = std::min(right, 1.6 * dearest);
    x->setRange(left / 1.05, std::max(right, left) * 1.05);
    if (isLogScale())
        y->setRange(low / 2, high * 4); // room for the names above the marks
    else
        y->setRange(0, high * 1.2);
    addMark(theme);

    const double unit = resource == Resource::WeightBytes ? 1e-6 : resource == Resource::BitOperations ? 1e-9 : 1;
    auto *budget = new QCPItemStraightLine(plot());
    budget->setClipAxisRect(mainRect());
    for (QCPItemPosition *end : {budget->point1, budget->point2}) {
        end->setAxes(x, y);
        end->setCoords(m_result->budget.amount * unit, end == budget->point1 ? high : low);
    }
    budget->setPen(QPen(theme.neutral, 1, Qt::DashLine));
    for (const PrecisionPoint &one : m_result->uniform)
        addLabel(mainRect(), cost(one), one.measured ? one.measured->kl : one.loss,
                 QString::number(one.options.front().activationBits), theme.text, Qt::AlignLeft | Qt::AlignBottom);

    setPlotTitle(tr("%1, %2: loss at every budget")
                     .arg(QString::fromStdString(m_result->model), QString::fromStdString(m_result->request.text())));
    QStringList caption{tr("Predicted: sum of the divergences of single operators. Dashed: the budget.")};
    for (int i = 0; i < pointCount(); ++i)
        if (const auto &measured = point(i)->measured) {
            caption << tr("Measured on %1 images, bars: 95 % interval.").arg(measured->images);
            break;
        }
    setCaption(caption.join(QLatin1Char(' ')));
}

void ParetoPlot::addPoints(const QString &id, const QString &label, PrecisionPoint::Origin origin, Figure figure,
                           const PlotTheme &theme)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    const bool front = origin == PrecisionPoint::Origin::Front;
    const bool measured = figure == Figure::Measured;
    QVector<double> keys;
    QVector<double> values;
    QVector<double> below;
    QVector<double> above;
    for (int i = 0; i < pointCount(); ++i) {
        const PrecisionPoint &one = *point(i);
        if (one.origin != origin || (measured && !one.measured))
            continue;
        const double value = measured ? one.measured->kl : one.loss;
        if (!std::isfinite(value) || (isLogScale() && value <= 0))
            continue;
        const double half = measured ? kInterval * one.measured->klStandardError : 0;
        keys << cost(one);
        values << value;
        below << std::min(half, 0.99 * value);
        above << half;
    }
    if (keys.isEmpty())
        return;
    // Filled marks are measured, hollow ones predicted: shape and fill tell them apart without any colour.
    const QColor color = front ? (measured ? theme.third : theme.first) : (measured ? theme.fourth : theme.second);
    auto *graph = new QCPGraph(x, y);
    graph->setName(label);
    const bool line = front && !measured;
    graph->setLineStyle(line ? QCPGraph::lsStepLeft : QCPGraph::lsNone);
    graph->setPen(QPen(color, 1.2));
    if (!line || keys.size() <= kFewPoints)
        graph->setScatterStyle(QCPScatterStyle(front ? (measured ? QCPScatterStyle::ssTriangle : QCPScatterStyle::ssDisc)
                                                     : (measured ? QCPScatterStyle::ssDiamond : QCPScatterStyle::ssSquare),
                                               QPen(color, 1.4), measured ? QBrush(color) : QBrush(theme.background),
                                               line ? 4 : 9));
    graph->setData(keys, values, true);
    addToSeries(graph, id);
    if (!measured)
        return;
    auto *bars = new QCPErrorBars(x, y);
    bars->removeFromLegend();
    bars->setDataPlottable(graph);
    bars->setPen(QPen(color, 1.2));
    bars->setWhiskerWidth(5);
    bars->setData(below, above);
    addToSeries(bars, id);
}

void ParetoPlot::addMark(const PlotTheme &theme)
{
    const PrecisionPoint *marked = point(m_marked);
    if (!marked)
        return;
    const double value = marked->measured ? marked->measured->kl : marked->loss;
    if (isLogScale() && !(value > 0))
        return;
    auto *ring = new QCPGraph(mainRect()->axis(QCPAxis::atBottom), mainRect()->axis(QCPAxis::atLeft));
    ring->setName(tr("Marked"));
    ring->removeFromLegend();
    ring->setLineStyle(QCPGraph::lsNone);
    ring->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(theme.text, 2), Qt::NoBrush, kMarkSize));
    ring->addData(cost(*marked), value);
}

std::vector<int> ParetoPlot::byCost() const
{
    std::vector<int> order;
    for (int i = 0; i < pointCount(); ++i)
        order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [this](int a, int b) { return cost(*point(a)) < cost(*point(b)); });
    return order;
}

void ParetoPlot::markPoint(int index)
{
    if (index == m_marked || !point(index))
        return;
    m_marked = index;
    redraw(true);
    setReadout(description(*point(index)));
    setAccessibleDescription(description(*point(index)));
}

QPointF ParetoPlot::positionOf(int index) const
{
    const PrecisionPoint &one = *point(index);
    const double value = one.measured ? one.measured->kl : one.loss;
    return {mainRect()->axis(QCPAxis::atBottom)->coordToPixel(cost(one)),
            mainRect()->axis(QCPAxis::atLeft)->coordToPixel(value)};
}

int ParetoPlot::pointAt(QPointF position) const
{
    if (isEmpty() || !mainRect() || !mainRect()->rect().contains(position.toPoint()))
        return -1;
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    int nearest = -1;
    double least = kReach;
    for (int i = 0; i < pointCount(); ++i) {
        const PrecisionPoint &one = *point(i);
        const auto consider = [&](double value) {
            if (isLogScale() && !(value > 0))
                return;
            const double distance = std::hypot(x->coordToPixel(cost(one)) - position.x(), y->coordToPixel(value) - position.y());
            if (distance < least) {
                least = distance;
                nearest = i;
            }
        };
        const bool front = one.origin == PrecisionPoint::Origin::Front;
        if (isSeriesShown(front ? QStringLiteral("front") : QStringLiteral("uniform")))
            consider(one.loss);
        if (one.measured && isSeriesShown(front ? QStringLiteral("front-measured") : QStringLiteral("uniform-measured")))
            consider(one.measured->kl);
    }
    return nearest;
}

void ParetoPlot::clicked(QPointF position)
{
    const int found = pointAt(position);
    if (found < 0)
        return;
    markPoint(found);
    Q_EMIT pointOpened(found);
}

void ParetoPlot::keyPressEvent(QKeyEvent *event)
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
        if (plain && point(m_marked)) {
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

QString ParetoPlot::description(const PrecisionPoint &one) const
{
    const PrecisionCosts &costs = one.costs;
    QStringList parts{one.origin == PrecisionPoint::Origin::Uniform ? tr("%1 bit everywhere").arg(one.options.front().activationBits)
                                                                    : tr("On the front"),
                      tr("%1 bit on average (weights %2, activations %3)")
                          .arg(Texts::number(costs.averageBits, 3), Texts::number(costs.weightBits, 3),
                               Texts::number(costs.activationBits, 3)),
                      tr("%1 MB").arg(Texts::number(costs.weightBytes / 1e6, 3)),
                      tr("%1·10⁹ bit operations").arg(Texts::number(costs.bitOperations / 1e9, 3)),
                      tr("%1 conversions").arg(costs.conversions), tr("predicted KL %1").arg(Texts::number(one.loss, 3))};
    if (const auto &measured = one.measured) {
        parts << tr("measured KL %1").arg(Texts::number(measured->kl, 3));
        if (measured->labelled > 0)
            parts << tr("top-1 %1 % (%2 to %3)")
                         .arg(Texts::number(measured->top1, 4), Texts::number(measured->top1Interval.low, 3),
                              Texts::number(measured->top1Interval.high, 3));
    }
    return parts.join(QStringLiteral(" · "));
}

QString ParetoPlot::readout(QPointF position) const
{
    const int found = pointAt(position);
    return found < 0 ? QString() : description(*point(found));
}

PlotTable ParetoPlot::visibleData() const
{
    PlotTable table;
    table.header = {QStringLiteral("kind"),          QStringLiteral("average_bits"),   QStringLiteral("weight_bits"),
                    QStringLiteral("activation_bits"), QStringLiteral("weight_bytes"), QStringLiteral("bit_operations"),
                    QStringLiteral("conversions"),   QStringLiteral("predicted_kl_nats"), QStringLiteral("measured_kl_nats"),
                    QStringLiteral("measured_kl_standard_error"), QStringLiteral("top1_percent"),
                    QStringLiteral("images")};
    const QCPRange visible = mainRect()->axis(QCPAxis::atBottom)->range();
    for (const int i : byCost()) {
        const PrecisionPoint &one = *point(i);
        if (!visible.contains(cost(one)))
            continue;
        QStringList row{one.origin == PrecisionPoint::Origin::Uniform ? QStringLiteral("uniform") : QStringLiteral("front"),
                        tableNumber(one.costs.averageBits), tableNumber(one.costs.weightBits),
                        tableNumber(one.costs.activationBits), tableNumber(one.costs.weightBytes),
                        tableNumber(one.costs.bitOperations), QString::number(one.costs.conversions),
                        tableNumber(one.loss)};
        if (const auto &measured = one.measured)
            row << tableNumber(measured->kl) << tableNumber(measured->klStandardError)
                << (measured->labelled > 0 ? tableNumber(measured->top1) : QString()) << QString::number(measured->images);
        else
            row << QString() << QString() << QString() << QString();
        table.rows.push_back(row);
    }
    return table;
}

} // namespace quantoscope
