// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/runs_plot.h"

#include "views/models/texts.h"

#include <qcustomplot.h>

#include <algorithm>
#include <limits>
#include <set>

namespace quantoscope {

namespace {

constexpr size_t kAllNamed = 12; ///< of more points only those of the front have their names

} // namespace

RunsPlot::RunsPlot(QWidget *parent) : PointsPlot(parent)
{
}

QString RunsPlot::viewName() const
{
    return QStringLiteral("runs-pareto");
}

QString RunsPlot::viewTitle() const
{
    return tr("Runs");
}

QString RunsPlot::resourceTitle(Resource resource)
{
    switch (resource) {
    case Resource::WeightBytes: return tr("Size of the weights");
    case Resource::AverageBits: return tr("Average bits");
    case Resource::BitOperations: return tr("Bit operations");
    case Resource::ActivationBytes: return tr("Size of the activations");
    }
    return {};
}

void RunsPlot::setRuns(std::vector<RunRecordPtr> runs, RunRecordPtr baseline)
{
    const RunRecordPtr marked = runOf(markedPoint());
    m_runs = std::move(runs);
    m_baseline = std::move(baseline);
    std::set<std::string> ids;
    for (const RunRecordPtr &run : m_runs)
        ids.insert(run->id);
    m_idsDiffer = ids.size() == m_runs.size();
    recompute();
    markRun(marked);
    redraw(true);
}

void RunsPlot::setResource(Resource resource)
{
    if (resource == m_resource)
        return;
    m_resource = resource;
    recompute();
    redraw(false);
}

void RunsPlot::recompute()
{
    std::vector<const RunRecord *> runs;
    for (const RunRecordPtr &run : m_runs)
        runs.push_back(run.get());
    m_front = runFront(runs, m_resource);
}

RunRecordPtr RunsPlot::runOf(int point) const
{
    return point >= 0 && point < pointCount() ? m_runs[static_cast<size_t>(m_front.points[static_cast<size_t>(point)].run)]
                                              : nullptr;
}

void RunsPlot::markRun(const RunRecordPtr &run)
{
    int found = -1;
    for (int i = 0; run && i < pointCount(); ++i)
        if (runOf(i)->id == run->id && (found < 0 || !m_front.points[static_cast<size_t>(i)].floating))
            found = i;
    if (found == markedPoint())
        return;
    setMarked(found);
    redraw(true);
}

int RunsPlot::pointCount() const
{
    return static_cast<int>(m_front.points.size());
}

QString RunsPlot::emptyText() const
{
    if (pointCount() > 0)
        return {};
    return m_front.withoutCosts > 0
             ? tr("These runs were made by an earlier version, which did not note what they take: repeat them.")
             : tr("Evaluate some runs on images of known class to see which of them are worth their cost.");
}

QPointF RunsPlot::placeOf(int point) const
{
    const RunPoint &one = m_front.points[static_cast<size_t>(point)];
    return {shownCost(one.costs, m_resource), one.top1};
}

QString RunsPlot::label(int point) const
{
    const RunPoint &one = m_front.points[static_cast<size_t>(point)];
    const RunRecord &run = *m_runs[static_cast<size_t>(one.run)];
    if (one.floating)
        return tr("float");
    return m_idsDiffer ? QString::fromStdString(run.id) : Texts::recipe(run);
}

void RunsPlot::draw(const PlotTheme &theme)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    setCostAxis(m_resource);
    y->setLabel(tr("Top-1 [%]"));

    double left = std::numeric_limits<double>::max();
    double right = 0;
    double low = 100;
    double high = 0;
    for (int i = 0; i < pointCount(); ++i) {
        left = std::min(left, placeOf(i).x());
        right = std::max(right, placeOf(i).x());
        low = std::min(low, m_front.points[static_cast<size_t>(i)].interval.low);
        high = std::max(high, m_front.points[static_cast<size_t>(i)].interval.high);
    }
    const double room = std::max(1.0, 0.12 * (high - low)); // for the names above the marks
    x->setRange(left / 1.25, right * 1.25);
    linkCostAxis(m_resource);
    y->setRange(std::max(0.0, low - room / 2), std::min(100 + room, high + room));

    // The front as steps: what is right of and below a corner is not worth its cost.
    auto *steps = new QCPGraph(x, y);
    steps->setName(tr("Front"));
    steps->setLineStyle(QCPGraph::lsStepLeft);
    steps->setPen(QPen(theme.first, 1.4));
    for (const int i : byCost())
        if (m_front.points[static_cast<size_t>(i)].onFront)
            steps->addData(placeOf(i).x(), placeOf(i).y());
    addToSeries(steps, QStringLiteral("steps"));

    const auto addPoints = [&](const QString &id, const QString &name, QCPScatterStyle::ScatterShape shape, const QColor &color,
                               bool filled, auto belongs) {
        auto *graph = new QCPGraph(x, y);
        std::vector<double> below;
        std::vector<double> above;
        for (const int i : byCost()) {
            const RunPoint &one = m_front.points[static_cast<size_t>(i)];
            if (!belongs(one))
                continue;
            graph->addData(placeOf(i).x(), one.top1);
            below.push_back(one.top1 - one.interval.low);
            above.push_back(one.interval.high - one.top1);
        }
        if (below.empty()) {
            plot()->removeGraph(graph);
            return;
        }
        graph->setName(name);
        graph->setLineStyle(QCPGraph::lsNone);
        graph->setPen(QPen(color, 1.4));
        graph->setScatterStyle(QCPScatterStyle(shape, QPen(color, 1.6), filled ? QBrush(color) : QBrush(theme.background), 9));
        addToSeries(graph, id);
        addBars(graph, below, above, id);
    };
    addPoints(QStringLiteral("float"), tr("Float"), QCPScatterStyle::ssDiamond, theme.fourth, true,
              [](const RunPoint &one) { return one.floating; });
    addPoints(QStringLiteral("front"), tr("On the front"), QCPScatterStyle::ssDisc, theme.first, true,
              [](const RunPoint &one) { return !one.floating && one.onFront; });
    addPoints(QStringLiteral("behind"), tr("Behind the front"), QCPScatterStyle::ssSquare, theme.second, false,
              [](const RunPoint &one) { return !one.floating && !one.onFront && one.complete; });
    addPoints(QStringLiteral("partial"), tr("Partial run"), QCPScatterStyle::ssTriangle, theme.neutral, false,
              [](const RunPoint &one) { return !one.floating && !one.complete; });
    addMark(theme);
    for (int i = 0; i < pointCount(); ++i) {
        const RunPoint &one = m_front.points[static_cast<size_t>(i)];
        const bool pinned = m_baseline && !one.floating && runOf(i)->id == m_baseline->id;
        if (pinned || one.onFront || m_front.points.size() <= kAllNamed || i == markedPoint())
            addLabel(mainRect(), placeOf(i).x(), one.top1, pinned ? tr("%1 (baseline)").arg(label(i)) : label(i), theme.text,
                     Qt::AlignLeft | Qt::AlignBottom);
    }

    setPlotTitle(tr("Accuracy of all runs over what their plans take"));
    QStringList caption{tr("Bars: Wilson 95 % interval.")};
    if (!m_front.sameImages)
        caption << tr("Not all runs are of the same images: their accuracies do not compare.");
    if (m_front.withoutCosts > 0)
        caption << tr("Left out: runs of an earlier version, without costs (%1).").arg(m_front.withoutCosts);
    setCaption(caption.join(QLatin1Char(' ')));
}

QString RunsPlot::description(int point) const
{
    const RunPoint &one = m_front.points[static_cast<size_t>(point)];
    const RunRecord &run = *m_runs[static_cast<size_t>(one.run)];
    QStringList parts{QString::fromStdString(run.id), one.floating ? tr("float") : Texts::recipe(run),
                      tr("top-1 %1 % (%2 to %3) on %4 images")
                          .arg(Texts::number(one.top1, 4), Texts::number(one.interval.low, 3), Texts::number(one.interval.high, 3))
                          .arg(one.images)};
    parts << costTexts(one.costs);
    if (one.onFront)
        parts << tr("on the front");
    if (!one.complete)
        parts << tr("partial");
    return parts.join(QStringLiteral(" · "));
}

PlotTable RunsPlot::visibleData() const
{
    PlotTable table;
    table.header = {QStringLiteral("run"), QStringLiteral("result"), QStringLiteral("top1_percent"), QStringLiteral("top1_low"),
                    QStringLiteral("top1_high"), QStringLiteral("images"), QStringLiteral("weight_bytes"),
                    QStringLiteral("average_bits"), QStringLiteral("weight_bits"), QStringLiteral("activation_bits"),
                    QStringLiteral("bit_operations"), QStringLiteral("activation_bytes"), QStringLiteral("conversions"),
                    QStringLiteral("front")};
    const QCPRange visible = mainRect()->axis(QCPAxis::atBottom)->range();
    for (const int i : byCost()) {
        const RunPoint &one = m_front.points[static_cast<size_t>(i)];
        if (!visible.contains(placeOf(i).x()))
            continue;
        const RunRecord &run = *m_runs[static_cast<size_t>(one.run)];
        table.rows.push_back({QString::fromStdString(run.id),
                              one.floating ? QStringLiteral("float") : QString::fromStdString(run.request.text()),
                              tableNumber(one.top1), tableNumber(one.interval.low), tableNumber(one.interval.high),
                              QString::number(one.images), tableNumber(one.costs.weightBytes),
                              tableNumber(one.costs.averageBits), tableNumber(one.costs.weightBits),
                              tableNumber(one.costs.activationBits), tableNumber(one.costs.bitOperations),
                              tableNumber(one.costs.activationBytes),
                              QString::number(one.costs.conversions), one.onFront ? QStringLiteral("1") : QStringLiteral("0")});
    }
    return table;
}

} // namespace quantoscope
