// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/pareto_plot.h"
#include "views/plots/marker_graph.h"

#include "views/models/texts.h"

#include <QMouseEvent>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantoscope {

namespace {

constexpr int kFewPoints = 80; ///< up to here every point of the front has a mark
constexpr double kGrabPixels = 5; ///< this near to the budget's line it is grabbed, and so far moved it is dragged
constexpr double kInterval = 1.96;  ///< standard errors of a 95 % interval

} // namespace

ParetoPlot::ParetoPlot(QWidget *parent) : PointsPlot(parent)
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
    const bool sameAxes = m_result && result && m_result->modelSha256 == result->modelSha256
                       && m_result->budget.resource == result->budget.resource;
    const bool sameQuestion = sameAxes && m_result->budget == result->budget && m_result->mostConversions == result->mostConversions
                           && m_result->front.size() == result->front.size();
    m_result = std::move(result);
    if (!sameQuestion) {
        setMarked(m_result ? m_result->chosen : -1);
        m_dragged.reset();
        forgetSpans(AxisKind::Costs);
    }
    redraw(sameAxes);
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
    return shownCost(point.costs, m_result->budget.resource);
}

void ParetoPlot::draw(const PlotTheme &theme)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    const Resource resource = m_result->budget.resource;
    setCostAxis(resource);
    y->setLabel(tr("KL from float [nat]"));
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
    linkCostAxis(resource);
    if (isLogScale())
        y->setRange(low / 2, high * 4); // room for the names above the marks
    else
        y->setRange(0, high * 1.2);
    addMark(theme);

    auto *budget = new QCPItemStraightLine(plot());
    budget->setClipAxisRect(mainRect());
    for (QCPItemPosition *end : {budget->point1, budget->point2}) {
        end->setAxes(x, y);
        end->setCoords(shownBudget(), end == budget->point1 ? high : low);
    }
    budget->setPen(QPen(theme.neutral, 1, Qt::DashLine));
    for (const PrecisionPoint &one : m_result->uniform)
        addLabel(mainRect(), cost(one), one.measured ? one.measured->kl : one.loss,
                 QString::number(one.options.front().activationBits), theme.text, Qt::AlignLeft | Qt::AlignBottom);

    setPlotTitle(tr("%1, %2: loss at every budget")
                     .arg(QString::fromStdString(m_result->model), QString::fromStdString(m_result->request.text())));
    QStringList caption{tr("Predicted: sum of the divergences of single operators. Dashed: the budget, which can be dragged.")};
    if (m_result->mostConversions)
        caption << tr("Every point of the front has at most %1 conversions.").arg(*m_result->mostConversions);
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
    std::vector<double> below;
    std::vector<double> above;
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
        below.push_back(std::min(half, 0.99 * value));
        above.push_back(half);
    }
    if (keys.isEmpty())
        return;
    // Filled marks are measured, hollow ones predicted: shape and fill tell them apart without any colour.
    const QColor color = front ? (measured ? theme.third : theme.first) : (measured ? theme.fourth : theme.second);
    auto *graph = new MarkerGraph(x, y);
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
    addBars(graph, below, above, id);
}

QPointF ParetoPlot::placeOf(int index) const
{
    const PrecisionPoint &one = *point(index);
    return {cost(one), one.measured ? one.measured->kl : one.loss};
}

std::vector<QPointF> ParetoPlot::shownPlaces(int index) const
{
    const PrecisionPoint &one = *point(index);
    const bool front = one.origin == PrecisionPoint::Origin::Front;
    std::vector<QPointF> places;
    if (isSeriesShown(front ? QStringLiteral("front") : QStringLiteral("uniform")))
        places.emplace_back(cost(one), one.loss);
    if (one.measured && isSeriesShown(front ? QStringLiteral("front-measured") : QStringLiteral("uniform-measured")))
        places.emplace_back(cost(one), one.measured->kl);
    return places;
}

QString ParetoPlot::description(int index) const
{
    const PrecisionPoint &one = *point(index);
    QStringList parts{one.origin == PrecisionPoint::Origin::Uniform ? tr("%1 bit everywhere").arg(one.options.front().activationBits)
                                                                    : tr("On the front")};
    parts << costTexts(one.costs) << tr("predicted KL %1").arg(Texts::number(one.loss, 3));
    if (const auto &measured = one.measured) {
        parts << tr("measured KL %1").arg(Texts::number(measured->kl, 3));
        if (measured->labelled > 0)
            parts << tr("top-1 %1 % (%2 to %3)")
                         .arg(Texts::number(measured->top1, 4), Texts::number(measured->top1Interval.low, 3),
                              Texts::number(measured->top1Interval.high, 3));
    }
    return parts.join(QStringLiteral(" · "));
}

double ParetoPlot::shownBudget() const
{
    return m_dragged.value_or(m_result ? m_result->budget.amount / unitOf(m_result->budget.resource) : 0);
}

double ParetoPlot::wantedAmount() const
{
    if (!m_result)
        return 0;
    const auto &[resource, amount] = m_result->budget;
    return m_dragged ? *m_dragged * unitOf(resource) : amount;
}

bool ParetoPlot::isOnBudget(QPointF position) const
{
    return m_result && mainRect()->rect().contains(position.toPoint())
        && std::abs(mainRect()->axis(QCPAxis::atBottom)->coordToPixel(shownBudget()) - position.x()) <= kGrabPixels;
}

void ParetoPlot::dragBudget(double pixel)
{
    const QRect rect = mainRect()->rect();
    m_dragged = mainRect()->axis(QCPAxis::atBottom)
                    ->pixelToCoord(std::clamp<double>(pixel, rect.left(), rect.right()));
    int best = -1; // the front's points get dearer and better
    for (size_t i = 0; i < m_result->front.size(); ++i)
        if (best < 0 || cost(m_result->front[i]) <= *m_dragged)
            best = static_cast<int>(i);
    setMarked(best);
    redraw(true);
    if (best >= 0)
        setReadout(description(best));
}

bool ParetoPlot::eventFilter(QObject *watched, QEvent *event)
{
    const auto *mouse = static_cast<QMouseEvent *>(event); // of the types below
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        if (mouse->button() == Qt::LeftButton && mouse->modifiers() == Qt::NoModifier && isOnBudget(mouse->position())) {
            setFocus(Qt::MouseFocusReason);
            m_grabbed = mouse->position().x();
            m_moved = false;
            return true; // else the plot would move with it
        }
        break;
    case QEvent::MouseMove:
        if (m_grabbed) {
            m_moved = m_moved || std::abs(mouse->position().x() - *m_grabbed) >= kGrabPixels;
            if (m_moved)
                dragBudget(mouse->position().x());
            return true;
        }
        plot()->setCursor(isOnBudget(mouse->position()) ? Qt::SplitHCursor : Qt::ArrowCursor);
        break;
    case QEvent::MouseButtonRelease:
        if (m_grabbed) {
            m_grabbed.reset();
            if (!m_moved) // a click on what lies under the line
                QMetaObject::invokeMethod(
                    this, [this, position = mouse->position()] { clicked(position); }, Qt::QueuedConnection);
            else if (markedPoint() >= 0)
                Q_EMIT pointOpened(markedPoint());
            return true;
        }
        break;
    default: break;
    }
    return PointsPlot::eventFilter(watched, event);
}

PlotTable ParetoPlot::visibleData() const
{
    PlotTable table;
    table.header = {QStringLiteral("kind"),          QStringLiteral("average_bits"),   QStringLiteral("weight_bits"),
                    QStringLiteral("activation_bits"), QStringLiteral("weight_bytes"), QStringLiteral("bit_operations"),
                    QStringLiteral("activation_bytes"), QStringLiteral("conversions"), QStringLiteral("predicted_kl_nats"), QStringLiteral("measured_kl_nats"),
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
                        tableNumber(one.costs.bitOperations), tableNumber(one.costs.activationBytes),
                        QString::number(one.costs.conversions),
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
