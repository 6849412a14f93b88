// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/error_plot.h"

#include "views/models/texts.h"
#include "views/plots/axis_tickers.h"

#include <qcustomplot.h>

#include <cmath>

namespace quantoscope {

namespace {
constexpr double kPickPixels = 10;
}

ErrorPlot::ErrorPlot(QWidget *parent) : PlotView(parent)
{
}

QString ErrorPlot::viewName() const
{
    return QStringLiteral("error");
}

QString ErrorPlot::viewTitle() const
{
    return tr("Error by layer");
}

QString ErrorPlot::figureTitle(ErrorFigure figure)
{
    switch (figure) {
    case ErrorFigure::SqnrDb: return tr("SQNR [dB]");
    case ErrorFigure::CosineDistance: return tr("1 − cosine");
    case ErrorFigure::Mse: return tr("MSE");
    case ErrorFigure::Nmse: return tr("MSE relative to signal power");
    }
    return {};
}

void ErrorPlot::setFigure(ErrorFigure figure)
{
    if (figure == m_figure)
        return;
    m_figure = figure;
    redraw(false);
}

void ErrorPlot::setWeightsShown(bool shown)
{
    if (shown == m_weights)
        return;
    m_weights = shown;
    redraw(false);
}

std::vector<int> ErrorPlot::shownTaps() const
{
    std::vector<int> taps;
    if (!run())
        return taps;
    for (size_t i = 0; i < run()->taps.size(); ++i) {
        const TapRecord &record = run()->taps[i];
        const bool measured = record.error.measured && (record.error.quantized || record.error.hasCumulative);
        if (measured && (m_weights || record.tap.kind != TapKind::Weight))
            taps.push_back(static_cast<int>(i));
    }
    return taps;
}

const TapError &ErrorPlot::errorOf(int layer) const
{
    return run()->taps[static_cast<size_t>(m_taps[static_cast<size_t>(layer)])].error;
}

QString ErrorPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Run a quantized evaluation to see which layers lose the most.");
    return shownTaps().empty()
             ? tr("This run has no error figures: switch on “Measure error per layer” and run again.")
             : QString();
}

void ErrorPlot::draw(const PlotTheme &theme)
{
    m_taps = shownTaps();
    m_points.clear();
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    setLayerAxis(x, *run(), m_taps);
    y->setLabel(figureTitle(m_figure));
    const bool logarithmic = m_figure != ErrorFigure::SqnrDb;
    if (logarithmic)
        setLogarithmic(y);

    const auto addSeries = [&](const QString &label, QColor color, Qt::PenStyle style,
                               QCPScatterStyle::ScatterShape shape, bool filled) {
        auto *series = new QCPGraph(x, y);
        series->setName(label);
        if (style == Qt::NoPen)
            series->setLineStyle(QCPGraph::lsNone);
        QColor faint = color; // the line only leads the eye from marker to marker
        faint.setAlpha(110);
        series->setPen(QPen(faint, 1, style == Qt::NoPen ? Qt::SolidLine : style));
        series->setScatterStyle(
            QCPScatterStyle(shape, QPen(color, 1.3), filled ? QBrush(color) : QBrush(theme.background), 6));
        return series;
    };
    QCPGraph *cumulative =
        addSeries(tr("Whole network up to here"), theme.second, Qt::DashLine, QCPScatterStyle::ssSquare, false);
    QCPGraph *isolated =
        addSeries(tr("This layer alone"), theme.first, Qt::SolidLine, QCPScatterStyle::ssDisc, true);
    QCPGraph *weights = addSeries(tr("Weight alone"), theme.third, Qt::NoPen, QCPScatterStyle::ssTriangle, true);

    double low = std::numeric_limits<double>::max();
    double high = std::numeric_limits<double>::lowest();
    int exact = 0;
    int worst = -1;
    double worstValue = 0;
    const auto add = [&](QCPGraph *series, int layer, double value) {
        if (!isPlottable(value, m_figure)) {
            ++exact;
            return false;
        }
        series->addData(layer, value);
        m_points.push_back({layer, value});
        low = std::min(low, value);
        high = std::max(high, value);
        return true;
    };
    for (int layer = 0; layer < static_cast<int>(m_taps.size()); ++layer) {
        const TapRecord &record = run()->taps[static_cast<size_t>(m_taps[static_cast<size_t>(layer)])];
        const bool isWeight = record.tap.kind == TapKind::Weight;
        if (record.error.quantized) {
            const double value = errorFigure(record.error.isolated, m_figure);
            const bool shown = add(isWeight ? weights : isolated, layer, value);
            const bool isWorse =
                worst < 0 || (m_figure == ErrorFigure::SqnrDb ? value < worstValue : value > worstValue);
            if (shown && isWorse) {
                worst = layer;
                worstValue = value;
            }
        }
        if (record.error.hasCumulative)
            add(cumulative, layer, errorFigure(record.error.cumulative, m_figure));
    }
    for (QCPGraph *series : {cumulative, isolated, weights})
        if (series->dataCount() == 0)
            series->removeFromLegend();
    if (m_points.empty()) {
        low = 0.1;
        high = 1;
    }
    if (logarithmic)
        y->setRange(low / 2, high * 2);
    else
        y->setRange(low - 0.08 * std::max(high - low, 1.0), high + 0.06 * std::max(high - low, 1.0));

    const auto selected = std::find(m_taps.begin(), m_taps.end(), selectedTap());
    if (selected != m_taps.end()) {
        auto *line = new QCPItemStraightLine(plot());
        line->setLayer(QStringLiteral("background"));
        for (QCPItemPosition *point : {line->point1, line->point2}) {
            point->setAxisRect(mainRect());
            point->setAxes(x, y);
        }
        line->setClipAxisRect(mainRect());
        const auto key = static_cast<double>(selected - m_taps.begin());
        line->point1->setCoords(key, low > 0 ? low : 1);
        line->point2->setCoords(key, (low > 0 ? low : 1) * 2);
        QColor tint = theme.selection;
        tint.setAlpha(150);
        line->setPen(QPen(tint, 5));
    }

    setPlotTitle(tr("Quantization error by layer: %1").arg(Texts::recipe(*run())));
    QStringList caption{tr("Images measured: %1.").arg(run()->analysisImages)};
    if (worst >= 0)
        caption << tr("Worst layer alone: %1 (%2: %3).")
                       .arg(QString::fromStdString(
                                run()->taps[static_cast<size_t>(m_taps[static_cast<size_t>(worst)])].tap.path),
                            figureTitle(m_figure), Texts::number(worstValue, 3));
    if (exact > 0)
        caption << tr("Values without any error, not drawn: %1.").arg(exact);
    setCaption(caption.join(QLatin1Char(' ')));
}

int ErrorPlot::layerAt(QPointF position) const
{
    if (isEmpty() || !mainRect()->rect().contains(position.toPoint()))
        return -1;
    const QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    const QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    double best = kPickPixels;
    int nearest = -1;
    for (const Point &point : m_points) {
        const double distance =
            std::hypot(x->coordToPixel(point.layer) - position.x(), y->coordToPixel(point.value) - position.y());
        if (distance < best) {
            best = distance;
            nearest = point.layer;
        }
    }
    if (nearest >= 0)
        return nearest;
    const auto layer = static_cast<int>(std::lround(x->pixelToCoord(position.x())));
    return layer >= 0 && layer < static_cast<int>(m_taps.size()) ? layer : -1;
}

QString ErrorPlot::readout(QPointF position) const
{
    const int layer = layerAt(position);
    if (layer < 0)
        return {};
    const TapRecord &record = run()->taps[static_cast<size_t>(m_taps[static_cast<size_t>(layer)])];
    QStringList parts{QString::fromStdString(record.tap.path), figureTitle(m_figure)};
    if (record.error.quantized)
        parts << tr("alone %1").arg(Texts::number(errorFigure(record.error.isolated, m_figure)));
    if (record.error.hasCumulative)
        parts << tr("network %1").arg(Texts::number(errorFigure(record.error.cumulative, m_figure)));
    if (record.error.quantized)
        parts << tr("clipped %1 of the values").arg(Texts::percent(100 * record.error.clippedShare, 3));
    return parts.join(QStringLiteral(" · "));
}

int ErrorPlot::tapAt(QPointF position) const
{
    const int layer = layerAt(position);
    return layer < 0 ? -1 : m_taps[static_cast<size_t>(layer)];
}

std::vector<int> ErrorPlot::selectableTaps() const
{
    return m_taps;
}

PlotTable ErrorPlot::visibleData() const
{
    PlotTable table;
    const QString figure = m_figure == ErrorFigure::SqnrDb         ? QStringLiteral("sqnr_db")
                         : m_figure == ErrorFigure::CosineDistance ? QStringLiteral("cosine_distance")
                         : m_figure == ErrorFigure::Mse            ? QStringLiteral("mse")
                                                                   : QStringLiteral("nmse");
    table.header = {QStringLiteral("tap"), QStringLiteral("bits"), QStringLiteral("isolated_") + figure,
                    QStringLiteral("cumulative_") + figure, QStringLiteral("clipped_share")};
    const QCPRange visible = mainRect()->axis(QCPAxis::atBottom)->range();
    for (int layer = 0; layer < static_cast<int>(m_taps.size()); ++layer) {
        if (!visible.contains(layer))
            continue;
        const TapRecord &record = run()->taps[static_cast<size_t>(m_taps[static_cast<size_t>(layer)])];
        const TapError &error = errorOf(layer);
        table.rows.push_back(
            {QString::fromStdString(record.tap.path),
             record.setting.isQuantized() ? QString::number(record.setting.bits) : QStringLiteral("float"),
             error.quantized ? tableNumber(errorFigure(error.isolated, m_figure)) : QString(),
             error.hasCumulative ? tableNumber(errorFigure(error.cumulative, m_figure)) : QString(),
             error.quantized ? tableNumber(error.clippedShare) : QString()});
    }
    return table;
}

} // namespace quantoscope
