// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/calibration_plot.h"

#include "views/models/texts.h"
#include "views/plots/axis_tickers.h"
#include "views/plots/marker_graph.h"

#include <qcustomplot.h>

#include <cmath>

namespace quantoscope {

namespace {

constexpr size_t kFewBatches = 60; ///< up to here every batch has a marker

QString observerTitle(ObserverKind kind)
{
    switch (kind) {
    case ObserverKind::Ema: return QStringLiteral("EMA");
    case ObserverKind::Percentile: return CalibrationPlot::tr("Percentile");
    default: return QStringLiteral("MinMax");
    }
}

QString rangeText(ValueRange range)
{
    return CalibrationPlot::tr("%1 to %2")
        .arg(Texts::number(double(range.low)), Texts::number(double(range.high)));
}

} // namespace

CalibrationPlot::CalibrationPlot(QWidget *parent) : PlotView(parent)
{
}

QString CalibrationPlot::viewName() const
{
    return QStringLiteral("calibration");
}

QString CalibrationPlot::viewTitle() const
{
    return tr("Calibration");
}

QString CalibrationPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Run a calibration to watch the ranges settle, batch by batch.");
    bool any = false;
    for (size_t t = 0; t < run()->taps.size() && !any; ++t)
        any = run()->taps[t].tap.kind == TapKind::Activation && wasSeen(static_cast<int>(t));
    if (!any)
        return tr("This run holds no history of its calibration; run it again to get one.");
    return {};
}

bool CalibrationPlot::wasSeen(int tap) const
{
    if (tap < 0 || static_cast<size_t>(tap) >= std::min(history().taps, run()->taps.size()))
        return false;
    const auto first =
        history().minimum.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(tap) * history().batches());
    return std::any_of(first, first + static_cast<ptrdiff_t>(history().batches()),
                       [](float value) { return !std::isnan(value); });
}

int CalibrationPlot::shownTap() const
{
    if (isEmpty())
        return -1;
    return wasSeen(selectedTap()) ? selectedTap() : networkConvergence(*run()).slowest;
}

void CalibrationPlot::draw(const PlotTheme &theme)
{
    m_layers.clear();
    for (size_t t = 0; t < run()->taps.size(); ++t) {
        const TapRecord &record = run()->taps[t];
        if (record.tap.kind != TapKind::Activation || !wasSeen(static_cast<int>(t)))
            continue;
        m_layers.push_back(
            {static_cast<int>(t), rangeConvergence(history(), t, followedObserver(record.setting.observer))});
    }
    m_network = networkConvergence(*run());
    const auto tap = static_cast<size_t>(shownTap());
    m_courses.clear();
    for (const ObserverKind kind : {ObserverKind::MinMax, ObserverKind::Ema, ObserverKind::Percentile})
        m_courses.push_back({kind, runningRanges(history(), tap, kind)});

    drawCourses(theme);
    drawNetwork(theme);
    const int seen = history().imagesAfter(history().batches() - 1);
    const auto wanted = static_cast<int>(run()->calibration.images.items.size());
    const QString path = QString::fromStdString(run()->taps[tap].tap.path);
    setPlotTitle(run()->calibration.complete
                     ? tr("%1: range after every batch").arg(path)
                     : tr("%1: range after every batch, %2 of %3 images").arg(path).arg(seen).arg(wanted));
    setCaption(caption());
}

void CalibrationPlot::drawCourses(const PlotTheme &theme)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    x->setLabel(tr("Images"));
    y->setLabel(tr("Value"));
    double low = std::numeric_limits<double>::max();
    double high = std::numeric_limits<double>::lowest();
    const auto addLine = [&](const QString &id, const QString &label, const QPen &pen, QCPScatterStyle marker,
                             auto valueOf) {
        auto *line = new QCPGraph(x, y);
        line->setName(label);
        line->setPen(pen);
        line->setLineStyle(pen.style() == Qt::NoPen ? QCPGraph::lsNone : QCPGraph::lsStepLeft);
        line->setScatterStyle(marker);
        for (size_t b = 0; b < history().batches(); ++b) {
            const auto value = static_cast<double>(valueOf(b));
            line->addData(history().imagesAfter(b), value);
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        }
        if (isInLegend(id))
            line->removeFromLegend();
        addToSeries(line, id);
    };
    const bool few = history().batches() <= kFewBatches;
    const size_t row = static_cast<size_t>(shownTap()) * history().batches();
    const QCPScatterStyle tick(QCPScatterStyle::ssDisc, QPen(theme.neutral, 1), theme.neutral, few ? 4 : 2);
    for (const auto *ends : {&history().minimum, &history().maximum})
        addLine(QStringLiteral("batches"), tr("Extremes of each batch"), Qt::NoPen, tick,
                [&](size_t b) { return (*ends)[row + b]; });
    const std::array colors{theme.first, theme.second, theme.third};
    const std::array styles{Qt::SolidLine, Qt::DashLine, Qt::DotLine};
    const std::array shapes{QCPScatterStyle::ssCircle, QCPScatterStyle::ssSquare, QCPScatterStyle::ssTriangle};
    for (size_t i = 0; i < m_courses.size(); ++i) {
        const std::vector<ValueRange> &ranges = m_courses[i].ranges;
        const QPen pen(colors[i], 1.6, styles[i]);
        const QCPScatterStyle marker =
            few ? QCPScatterStyle(shapes[i], QPen(colors[i], 1.2), QBrush(theme.background), 6)
                : QCPScatterStyle();
        for (const bool upper : {false, true})
            addLine(QString::fromLatin1(name(m_courses[i].kind)), observerTitle(m_courses[i].kind), pen, marker,
                    [&](size_t b) { return upper ? ranges[b].high : ranges[b].low; });
    }
    const double margin = high > low ? 0.08 * (high - low) : 0.5;
    y->setRange(low - margin, high + margin);
    const auto wanted = static_cast<int>(run()->calibration.images.items.size());
    x->setRange(0, 1.02 * std::max(history().imagesAfter(history().batches() - 1), wanted));
}

void CalibrationPlot::drawNetwork(const PlotTheme &theme)
{
    m_networkRect = addRect(RectPlace::Below, 0.8, theme);
    QCPAxis *x = m_networkRect->axis(QCPAxis::atBottom);
    QCPAxis *y = m_networkRect->axis(QCPAxis::atLeft);
    std::vector<int> taps;
    for (const Layer &layer : m_layers)
        taps.push_back(layer.tap);
    showLayers(x, taps);
    y->setLabel(tr("Images until settled"));
    const auto add = [&](const QString &id, const QString &label, bool moving, const QColor &color,
                         QCPScatterStyle::ScatterShape shape) {
        auto *points = new MarkerGraph(x, y);
        points->setName(label);
        points->setLineStyle(QCPGraph::lsNone);
        points->setPen(QPen(color, 1));
        points->setScatterStyle(QCPScatterStyle(shape, QPen(color, 1.2),
                                                moving ? QBrush(color) : QBrush(Qt::NoBrush), moving ? 7 : 5));
        for (size_t i = 0; i < m_layers.size(); ++i)
            if (m_layers[i].convergence.moves == moving)
                points->addData(static_cast<double>(i), m_layers[i].convergence.images);
        addToSeries(points, id);
    };
    add(QStringLiteral("settled"), tr("Settled within 1 %"), false, theme.first, QCPScatterStyle::ssCircle);
    add(QStringLiteral("moving"), tr("Moved by the last batch"), true, theme.second, QCPScatterStyle::ssTriangle);
    const int seen = history().imagesAfter(history().batches() - 1);
    y->setRange(0, 1.12 * seen);
    for (size_t i = 0; i < m_layers.size(); ++i)
        if (m_layers[i].tap == shownTap())
            addSelectionBand(m_networkRect, static_cast<double>(i) - 0.45, static_cast<double>(i) + 0.45, theme);
}

QString CalibrationPlot::caption() const
{
    const int seen = history().imagesAfter(history().batches() - 1);
    if (history().batches() < 2)
        return tr("One batch alone does not tell whether ranges have settled.");
    if (m_network.slowest < 0)
        return {};
    const auto slowest = static_cast<size_t>(m_network.slowest);
    const TapRecord &record = run()->taps[slowest];
    const QString path = QString::fromStdString(record.tap.path);
    if (m_network.moving == 0)
        return tr("Converged at %1 of %2 images: from there on no range of %3 layers moved by more than 1 % of "
                  "its width. "
                  "Last to settle: %4.")
            .arg(m_network.images)
            .arg(seen)
            .arg(m_network.observed)
            .arg(path);
    const RangeConvergence convergence =
        rangeConvergence(history(), slowest, followedObserver(record.setting.observer));
    return tr("Still moving by more than 1 % of their width in the last batch: %1 of %2 layers; the others had "
              "settled at "
              "%3 of %4 images. Most: %5, by %6 over the last quarter of the batches.")
        .arg(m_network.moving)
        .arg(m_network.observed)
        .arg(m_network.images)
        .arg(seen)
        .arg(path, Texts::percent(100 * convergence.lastMove, 1));
}

int CalibrationPlot::layerAt(QPointF position) const
{
    if (isEmpty() || !m_networkRect || !m_networkRect->rect().contains(position.toPoint()))
        return -1;
    const auto layer =
        static_cast<int>(std::lround(m_networkRect->axis(QCPAxis::atBottom)->pixelToCoord(position.x())));
    return layer >= 0 && layer < static_cast<int>(m_layers.size()) ? layer : -1;
}

int CalibrationPlot::batchAt(QPointF position) const
{
    if (isEmpty() || !mainRect()->rect().contains(position.toPoint()))
        return -1;
    const double images = mainRect()->axis(QCPAxis::atBottom)->pixelToCoord(position.x());
    int nearest = -1;
    double best = std::numeric_limits<double>::max();
    for (size_t b = 0; b < history().batches(); ++b)
        if (const double distance = std::abs(history().imagesAfter(b) - images); distance < best) {
            best = distance;
            nearest = static_cast<int>(b);
        }
    return nearest;
}

int CalibrationPlot::tapAt(QPointF position) const
{
    const int layer = layerAt(position);
    return layer < 0 ? -1 : m_layers[static_cast<size_t>(layer)].tap;
}

std::vector<int> CalibrationPlot::selectableTaps() const
{
    std::vector<int> taps;
    for (const Layer &layer : m_layers)
        taps.push_back(layer.tap);
    return taps;
}

QString CalibrationPlot::readout(QPointF position) const
{
    if (const int layer = layerAt(position); layer >= 0) {
        const Layer &one = m_layers[static_cast<size_t>(layer)];
        const QString path = QString::fromStdString(run()->taps[static_cast<size_t>(one.tap)].tap.path);
        const QString moved = Texts::percent(100 * one.convergence.lastMove, 2);
        return one.convergence.moves
                 ? tr("%1 · moved by the last batch · %2 of its width over the last quarter of the batches")
                       .arg(path, moved)
                 : tr("%1 · settled after %2 images · moved by %3 of its width over the last quarter of the "
                      "batches")
                       .arg(path)
                       .arg(one.convergence.images)
                       .arg(moved);
    }
    const int batch = batchAt(position);
    if (batch < 0)
        return {};
    const auto b = static_cast<size_t>(batch);
    QStringList parts{tr("batch %1, %2 images").arg(batch + 1).arg(history().imagesAfter(b))};
    for (const Course &course : m_courses)
        if (!std::isnan(course.ranges[b].low))
            parts << QStringLiteral("%1 %2").arg(observerTitle(course.kind), rangeText(course.ranges[b]));
    return parts.join(QStringLiteral(" · "));
}

PlotTable CalibrationPlot::visibleData() const
{
    PlotTable table;
    table.header = {QStringLiteral("tap"), QStringLiteral("images"), QStringLiteral("batch_minimum"),
                    QStringLiteral("batch_maximum")};
    table.columnSeries = {QString(), QString(), QStringLiteral("batches"), QStringLiteral("batches")};
    for (const Course &course : m_courses)
        for (const char *end : {"_low", "_high"}) {
            table.header << QLatin1String(name(course.kind)) + QLatin1String(end);
            table.columnSeries << QLatin1String(name(course.kind));
        }
    table.header << QStringLiteral("settled_after") << QStringLiteral("moved_lately");
    table.columnSeries << QString() << QString();
    const auto add = [&](size_t tap, const std::vector<Course> &courses, size_t b,
                         const RangeConvergence *convergence) {
        const size_t i = tap * history().batches() + b;
        QStringList row{QString::fromStdString(run()->taps[tap].tap.path),
                        QString::number(history().imagesAfter(b)), tableNumber(double(history().minimum[i])),
                        tableNumber(double(history().maximum[i]))};
        for (const Course &course : courses)
            row << tableNumber(double(course.ranges[b].low)) << tableNumber(double(course.ranges[b].high));
        const bool settled = convergence && !convergence->moves;
        row << (settled ? QString::number(convergence->images) : QString())
            << (convergence ? tableNumber(convergence->lastMove) : QString());
        table.rows.push_back(row);
    };
    const QCPRange images = mainRect()->axis(QCPAxis::atBottom)->range();
    for (size_t b = 0; b < history().batches(); ++b)
        if (images.contains(history().imagesAfter(b)))
            add(static_cast<size_t>(shownTap()), m_courses, b, nullptr);
    // Then every layer once, as it is after the last batch.
    const QCPRange layers = m_networkRect->axis(QCPAxis::atBottom)->range();
    for (size_t i = 0; i < m_layers.size(); ++i) {
        if (!layers.contains(static_cast<double>(i)))
            continue;
        const auto tap = static_cast<size_t>(m_layers[i].tap);
        std::vector<Course> courses;
        for (const Course &course : m_courses)
            courses.push_back({course.kind, runningRanges(history(), tap, course.kind)});
        add(tap, courses, history().batches() - 1, &m_layers[i].convergence);
    }
    return table;
}

} // namespace quantoscope
