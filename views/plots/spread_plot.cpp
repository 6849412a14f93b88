// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/spread_plot.h"

#include "views/models/texts.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace quantoscope {

namespace {

constexpr double kMostTicks = 14;
constexpr double kFarLevel = 2; ///< heights of the draws that a level may lie beyond them and still be shown

struct Style {
    QColor color;
    QCPScatterStyle::ScatterShape shape;
    Qt::PenStyle line;
};

Style styleOf(size_t series, const PlotTheme &theme)
{
    const Style styles[] = {{theme.first, QCPScatterStyle::ssCircle, Qt::SolidLine},
                            {theme.second, QCPScatterStyle::ssSquare, Qt::DashLine},
                            {theme.third, QCPScatterStyle::ssTriangle, Qt::DashDotLine},
                            {theme.fourth, QCPScatterStyle::ssDiamond, Qt::DashDotDotLine}};
    return styles[series % std::size(styles)];
}

} // namespace

SpreadPlot::SpreadPlot(QWidget *parent) : PointsPlot(parent)
{
}

QString SpreadPlot::viewName() const
{
    return QStringLiteral("spread");
}

QString SpreadPlot::viewTitle() const
{
    return tr("Spread");
}

QString SpreadPlot::figureTitle(DrawFigure figure)
{
    return figure == DrawFigure::Top1      ? tr("Top-1")
         : figure == DrawFigure::Agreement ? tr("Agreement with float")
                                           : tr("KL divergence from float");
}

void SpreadPlot::setSpread(RunSpreadPtr spread)
{
    const RunRecordPtr marked = runOf(markedPoint());
    const bool sameView = m_spread && spread && m_spread->spread.draws.size() == spread->spread.draws.size();
    m_spread = std::move(spread);
    setMarked(-1);
    markRun(marked);
    redraw(sameView);
}

void SpreadPlot::setFigure(DrawFigure figure)
{
    if (figure == m_figure)
        return;
    m_figure = figure;
    redraw(false);
}

int SpreadPlot::pointCount() const
{
    return m_spread ? static_cast<int>(m_spread->spread.draws.size()) : 0;
}

const CalibrationDraw &SpreadPlot::drawAt(int point) const
{
    return m_spread->spread.draws[static_cast<size_t>(point)];
}

RunRecordPtr SpreadPlot::runOf(int point) const
{
    return point >= 0 && point < pointCount() ? m_spread->runs[drawAt(point).run] : nullptr;
}

void SpreadPlot::markRun(const RunRecordPtr &run)
{
    int found = -1;
    for (int i = 0; run && i < pointCount(); ++i)
        if (runOf(i)->id == run->id)
            found = i;
    if (found == markedPoint())
        return;
    setMarked(found);
    redraw(true);
}

bool SpreadPlot::isKnown() const
{
    for (int i = 0; i < pointCount(); ++i)
        if (std::isfinite(placeOf(i).y()))
            return true;
    return false;
}

QString SpreadPlot::emptyText() const
{
    if (pointCount() == 0)
        return tr("How much does the accuracy depend on the calibration images? Run → Repeat with other calibration images… "
                  "finds out.");
    if (!isKnown())
        return m_figure == DrawFigure::Top1 ? tr("These images are of unknown class: look at the agreement with float instead.")
                                            : tr("These runs hold no float result to compare with: look at top-1 instead.");
    return {};
}

QPointF SpreadPlot::placeOf(int point) const
{
    return {static_cast<double>(drawAt(point).images), valueOf(drawAt(point).figures, m_figure)};
}

void SpreadPlot::addLevels(double &low, double &high, const PlotTheme &theme)
{
    const double height = kFarLevel * std::max(high - low, 1.0); // at least of a point of accuracy
    const double least = low - height;
    const double largest = high + height;
    const auto add = [&](double value, const QString &name, const QString &id, const QPen &pen) {
        if (!(value >= least && value <= largest))
            return;
        low = std::min(low, value);
        high = std::max(high, value);
        auto *line = new QCPGraph(mainRect()->axis(QCPAxis::atBottom), mainRect()->axis(QCPAxis::atLeft));
        line->setName(name);
        line->setPen(pen);
        line->addData(0.1, value); // left of any number of images
        line->addData(1e9, value);
        addToSeries(line, id);
    };
    add(m_spread->spread.floatTop1, tr("Float model"), QStringLiteral("float"), QPen(theme.text, 1.2, Qt::DotLine));
    for (size_t i = 0; i < m_spread->published.size(); ++i)
        add(m_spread->published[i].top1, tr("Published: %1").arg(QString::fromStdString(m_spread->published[i].source)),
            QStringLiteral("published-%1").arg(i), QPen(theme.text, 1.2, Qt::DashDotDotLine));
}

void SpreadPlot::setAxes(const PlotTheme &theme)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    x->setLabel(tr("Calibration images"));
    y->setLabel(m_figure == DrawFigure::Top1        ? tr("Top-1 [%]")
                : m_figure == DrawFigure::Agreement ? tr("Agreement [%]")
                                                    : tr("KL divergence from float [nats]"));
    std::set<int> sizes;
    double low = std::numeric_limits<double>::max();
    double high = std::numeric_limits<double>::lowest();
    for (const SpreadSeries &series : m_spread->spread.series)
        for (const SpreadLevel &level : series.levels) {
            const DrawStatistics &all = level.of(m_figure);
            if (all.draws == 0)
                continue;
            sizes.insert(level.images);
            low = std::min({low, all.least, all.draws > 1 ? all.interval.low : all.least});
            high = std::max({high, all.largest, all.draws > 1 ? all.interval.high : all.largest});
        }
    setLogarithmic(x);
    const double left = *sizes.begin();
    const double right = *sizes.rbegin();
    x->setRange(left / 1.3, right * 1.3);
    auto ticker = QSharedPointer<QCPAxisTickerText>::create(); // at the sizes, as far as they have room
    ticker->setSubTickCount(0);
    const double step = std::pow(right / left, 1 / kMostTicks);
    double next = 0;
    for (const int size : sizes)
        if (size >= next) {
            ticker->addTick(size, QLocale().toString(size));
            next = size * step;
        }
    x->setTicker(ticker);

    const double smallest = m_figure == DrawFigure::Kl ? 0.02 * high : 1; // a point of accuracy
    if (m_figure == DrawFigure::Top1)
        addLevels(low, high, theme);
    const double room = 0.1 * std::max(high - low, smallest);
    y->setRange(low - room, high + 1.4 * room);
}

void SpreadPlot::addSeries(size_t index, const PlotTheme &theme)
{
    const SpreadSeries &series = m_spread->spread.series[index];
    const Style style = styleOf(index, theme);
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    const bool several = m_spread->spread.series.size() > 1;
    const auto named = [&](const QString &text) { return several ? tr("%1, batches of %2").arg(text).arg(series.batch) : text; };
    const auto id = [&](const char *part) { return QStringLiteral("%1-%2").arg(QLatin1String(part)).arg(series.batch); };

    auto *mean = new QCPGraph(x, y);
    auto *points = new QCPGraph(x, y);
    std::vector<double> below;
    std::vector<double> above;
    QCPGraph *upper = nullptr;
    QCPGraph *lower = nullptr;
    for (const SpreadLevel &level : series.levels) {
        const DrawStatistics &all = level.of(m_figure);
        if (all.draws == 0)
            continue;
        mean->addData(level.images, all.mean);
        below.push_back(all.draws > 1 ? all.mean - all.interval.low : 0);
        above.push_back(all.draws > 1 ? all.interval.high - all.mean : 0);
        for (const size_t draw : level.draws)
            if (const double value = valueOf(m_spread->spread.draws[draw].figures, m_figure); std::isfinite(value))
                points->addData(level.images, value);
        if (all.draws < 2)
            continue;
        if (!upper) {
            upper = new QCPGraph(x, y);
            lower = new QCPGraph(x, y);
        }
        upper->addData(level.images, all.interval.high);
        lower->addData(level.images, all.interval.low);
    }
    mean->setName(named(tr("Mean with 95 % interval")));
    mean->setPen(QPen(style.color, 1.8, style.line));
    mean->setScatterStyle(QCPScatterStyle(style.shape, QPen(style.color, 1.6), style.color, 8));
    addToSeries(mean, id("mean"));
    addBars(mean, below, above, id("mean"));
    points->setName(named(tr("One draw")));
    points->setLineStyle(QCPGraph::lsNone);
    points->setScatterStyle(QCPScatterStyle(style.shape, QPen(style.color, 1.2), Qt::NoBrush, 7));
    addToSeries(points, id("draw"));
    if (!upper)
        return;
    QColor fill = style.color;
    fill.setAlpha(45);
    for (QCPGraph *edge : {upper, lower}) {
        edge->setPen(Qt::NoPen);
        edge->removeFromLegend();
        addToSeries(edge, id("mean"));
    }
    upper->setBrush(fill);
    upper->setChannelFillGraph(lower);
}

void SpreadPlot::addConvergence(const SpreadSeries &series, const QColor &color)
{
    const auto converged = series.convergedAt(m_figure);
    if (!converged)
        return;
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    auto *line = new QCPGraph(mainRect()->axis(QCPAxis::atBottom), y);
    line->setPen(QPen(color, 1, Qt::DashLine));
    line->removeFromLegend();
    const double far = 10 * (y->range().upper - y->range().lower); // also where it is panned to
    line->addData(*converged, y->range().lower - far);
    line->addData(*converged, y->range().upper + far);
    addToSeries(line, QStringLiteral("mean-%1").arg(series.batch));
    addLabel(mainRect(), *converged, y->range().upper, tr("converged at %1").arg(QLocale().toString(*converged)), color,
             Qt::AlignLeft | Qt::AlignTop);
}

void SpreadPlot::draw(const PlotTheme &theme)
{
    setAxes(theme);
    const CalibrationSpread &spread = m_spread->spread;
    for (size_t i = 0; i < spread.series.size(); ++i) {
        addSeries(i, theme);
        addConvergence(spread.series[i], styleOf(i, theme).color);
    }
    if (markedPoint() >= 0 && std::isfinite(placeOf(markedPoint()).y()))
        addMark(theme);
    setPlotTitle(tr("%1 over the number of calibration images: %2")
                     .arg(figureTitle(m_figure), Texts::recipe(*m_spread->runs[spread.draws.front().run])));
    setCaption(caption());
}

QString SpreadPlot::caption() const
{
    const CalibrationSpread &spread = m_spread->spread;
    const QLocale locale;
    QStringList sentences;
    const auto shown = [this](double value) { return m_figure == DrawFigure::Kl ? Texts::number(value, 3) : Texts::percent(value); };
    for (const SpreadSeries &series : spread.series) {
        const SpreadLevel &last = series.levels.back();
        const DrawStatistics &all = last.of(m_figure);
        if (all.draws == 0)
            continue;
        QString text = spread.series.size() > 1 ? tr("Batches of %1: ").arg(series.batch) : QString();
        text += tr("%1 images: %2 draws, mean %3, %4 to %5")
                    .arg(locale.toString(last.images))
                    .arg(all.draws)
                    .arg(shown(all.mean), shown(all.least), shown(all.largest));
        if (all.draws > 1)
            text += tr(", standard deviation %1").arg(Texts::number(all.deviation, 2)); // in points, where the others are percent
        text += QStringLiteral(". ");
        const auto converged = series.convergedAt(m_figure);
        text += converged
            ? tr("Converged at %1 images: from there on the mean stays within these draws.").arg(locale.toString(*converged))
            : series.levels.size() < 2 ? tr("Other sizes would tell from how many images on it stays.")
                                       : tr("Not converged at fewer images.");
        sentences << text;
    }
    sentences << tr("All on the same %1 images.").arg(locale.toString(qlonglong{spread.evaluated}));
    if (m_figure == DrawFigure::Top1 && std::isfinite(spread.floatTop1))
        sentences << tr("Float model: %1.").arg(Texts::percent(spread.floatTop1));
    if (m_figure == DrawFigure::Top1)
        for (const PublishedResult &one : m_spread->published)
            sentences << tr("Published: %1 on 50,000 images (%2).").arg(Texts::percent(one.top1), QString::fromStdString(one.source));
    if (spread.partial > 0)
        sentences << tr("Left out: partial runs (%1).").arg(spread.partial);
    return sentences.join(QLatin1Char(' '));
}

QString SpreadPlot::description(int point) const
{
    const CalibrationDraw &draw = drawAt(point);
    QStringList parts{QString::fromStdString(runOf(point)->id),
                      tr("%1 calibration images in batches of %2, seed %3").arg(draw.images).arg(draw.batch).arg(draw.seed)};
    if (std::isfinite(draw.figures.top1))
        parts << tr("top-1 %1").arg(Texts::percent(draw.figures.top1));
    if (std::isfinite(draw.figures.agreement))
        parts << tr("%1 as float").arg(Texts::percent(draw.figures.agreement));
    if (std::isfinite(draw.figures.kl))
        parts << tr("KL %1 nats").arg(Texts::number(draw.figures.kl, 3));
    return parts.join(QStringLiteral(" · "));
}

PlotTable SpreadPlot::visibleData() const
{
    PlotTable table;
    const QCPRange visible = mainRect()->axis(QCPAxis::atBottom)->range();
    const auto rows = spreadRows(m_spread->spread); // a header, then the draws in their order
    for (int i = -1; i < pointCount(); ++i) {
        if (i >= 0 && !visible.contains(placeOf(i).x()))
            continue;
        QStringList row{i < 0 ? QStringLiteral("run") : QString::fromStdString(runOf(i)->id)};
        for (const std::string &cell : rows[static_cast<size_t>(i + 1)])
            row << QString::fromStdString(cell);
        if (i < 0)
            table.header = row;
        else
            table.rows.push_back(row);
    }
    return table;
}

} // namespace quantoscope
