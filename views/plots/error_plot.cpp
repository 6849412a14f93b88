// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/error_plot.h"

#include "core/analysis/worst_parts.h"
#include "views/models/texts.h"
#include "views/plots/axis_tickers.h"
#include "views/plots/marker_graph.h"

#include <qcustomplot.h>

#include <QFileInfo>

#include <cmath>

namespace quantoscope {

namespace {
constexpr double kPickPixels = 10;
constexpr size_t kNamedTaps = 5;
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

QString ErrorPlot::tabTitle() const
{
    return tr("Errors");
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

const TapRecord &ErrorPlot::recordOf(int layer) const
{
    return run()->taps[static_cast<size_t>(m_taps[static_cast<size_t>(layer)])];
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
    showLayers(x, m_taps);
    y->setLabel(figureTitle(m_figure));
    if (isLogScale())
        setLogarithmic(y);

    const auto addLine = [&](const QString &id, const QString &label, QColor color, Qt::PenStyle style,
                             QCPScatterStyle::ScatterShape shape, bool filled) {
        auto *line = new MarkerGraph(x, y);
        line->setName(label);
        if (style == Qt::NoPen)
            line->setLineStyle(QCPGraph::lsNone);
        QColor faint = color; // the line only leads the eye from marker to marker
        faint.setAlpha(110);
        line->setPen(linePen(faint, 1, style == Qt::NoPen ? Qt::SolidLine : style, static_cast<int>(m_taps.size())));
        line->setScatterStyle(
            QCPScatterStyle(shape, QPen(color, 1.3), filled ? QBrush(color) : QBrush(theme.background), 6));
        addToSeries(line, id);
        return line;
    };
    QCPGraph *network = addLine(QStringLiteral("network"), tr("Network before this quantizer"), theme.fourth,
                                Qt::DotLine, QCPScatterStyle::ssDiamond, false);
    QCPGraph *cumulative = addLine(QStringLiteral("cumulative"), tr("Whole network up to here"), theme.second,
                                   Qt::DashLine, QCPScatterStyle::ssSquare, false);
    QCPGraph *isolated = addLine(QStringLiteral("isolated"), tr("This layer alone"), theme.first, Qt::SolidLine,
                                 QCPScatterStyle::ssDisc, true);
    QCPGraph *weights = addLine(QStringLiteral("weights"), tr("Weight alone"), theme.third, Qt::NoPen,
                                QCPScatterStyle::ssTriangle, true);

    double low = std::numeric_limits<double>::max();
    double high = std::numeric_limits<double>::lowest();
    int exact = 0;
    for (int layer = 0; layer < static_cast<int>(m_taps.size()); ++layer) {
        const TapRecord &record = recordOf(layer);
        const bool isWeight = record.tap.kind == TapKind::Weight;
        for (const auto &[kind, line] :
             {std::pair(ErrorKind::Network, network), std::pair(ErrorKind::Cumulative, cumulative),
              std::pair(ErrorKind::Isolated, isWeight ? weights : isolated)}) {
            const ErrorMetrics *metrics = errorOf(record.error, kind);
            if (!metrics)
                continue;
            const double value = errorFigure(*metrics, m_figure);
            if (!isPlottable(value, m_figure)) {
                ++exact;
                continue;
            }
            line->addData(layer, value);
            m_points.push_back({layer, value});
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    for (QCPGraph *line : {network, cumulative, isolated, weights})
        if (line->dataCount() == 0)
            line->removeFromLegend();
    if (m_points.empty()) {
        low = 0.1;
        high = 1;
    }
    if (isLogScale())
        y->setRange(low / 2, high * 2);
    else
        y->setRange(low - 0.08 * std::max(high - low, m_figure == ErrorFigure::SqnrDb ? 1.0 : 0.0),
                    high + 0.06 * std::max(high - low, m_figure == ErrorFigure::SqnrDb ? 1.0 : 0.0));
    nameWorst(theme);
    drawShares(theme);

    const auto selected = std::find(m_taps.begin(), m_taps.end(), selectedTap());
    if (selected != m_taps.end()) {
        const auto key = static_cast<double>(selected - m_taps.begin());
        addSelectionBand(mainRect(), key - 0.5, key + 0.5, theme);
    }
    setPlotTitle(tr("Quantization error by layer: %1").arg(Texts::recipe(*run())));
    QStringList caption{tr("Images measured: %1.").arg(run()->analysisImages)};
    const std::vector<int> worst = worstTaps(*run(), m_taps, ErrorKind::Isolated, m_figure, 1);
    if (!worst.empty()) {
        const TapRecord &record = run()->taps[static_cast<size_t>(worst.front())];
        caption << tr("Worst layer alone: %1 (%2: %3).")
                       .arg(QString::fromStdString(record.tap.path), figureTitle(m_figure),
                            Texts::number(errorFigure(record.error.isolated, m_figure), 3));
    }
    if (exact > 0)
        caption << tr("Values without any error, not drawn: %1.").arg(exact);
    setCaption(caption.join(QLatin1Char(' ')));
}

void ErrorPlot::nameWorst(const PlotTheme &theme)
{
    const double reach = 0.11 * mainRect()->axis(QCPAxis::atBottom)->range().size(); // closer names would overlap
    std::vector<double> named;
    for (const int tap : worstTaps(*run(), m_taps, ErrorKind::Isolated, m_figure, 4 * kNamedTaps)) {
        const auto layer = static_cast<double>(std::find(m_taps.begin(), m_taps.end(), tap) - m_taps.begin());
        const bool free = std::none_of(named.begin(), named.end(),
                                       [&](double other) { return std::abs(other - layer) < reach; });
        if (named.size() >= kNamedTaps || !free)
            continue;
        named.push_back(layer);
        const TapRecord &record = run()->taps[static_cast<size_t>(tap)];
        const bool left = layer < reach;
        const bool right = layer > static_cast<double>(m_taps.size()) - reach;
        const bool under = m_figure == ErrorFigure::SqnrDb; // away from the other points
        addLabel(mainRect(), layer, errorFigure(record.error.isolated, m_figure), compactTapName(record.tap), theme.text,
                 (left ? Qt::AlignLeft : right ? Qt::AlignRight : Qt::AlignHCenter)
                     | (under ? Qt::AlignTop : Qt::AlignBottom));
    }
}

void ErrorPlot::drawShares(const PlotTheme &theme)
{
    QCPAxisRect *rect = addRect(RectPlace::BelowSharingX, 0.36, theme);
    QCPAxis *x = rect->axis(QCPAxis::atBottom);
    QCPAxis *y = rect->axis(QCPAxis::atLeft);
    x->setTicker(mainRect()->axis(QCPAxis::atBottom)->ticker());
    x->setLabel(mainRect()->axis(QCPAxis::atBottom)->label());
    mainRect()->axis(QCPAxis::atBottom)->setTickLabels(false);
    mainRect()->axis(QCPAxis::atBottom)->setLabel(QString());
    y->setLabel(tr("Share [%]"));
    y->setRange(0, 100);
    y->ticker()->setTickCount(3);
    const auto addBars = [&](const QString &label, const QColor &color, Qt::BrushStyle pattern) {
        auto *bars = new QCPBars(x, y);
        bars->setName(label);
        bars->setPen(Qt::NoPen);
        bars->setBrush(QBrush(color, pattern));
        bars->setWidth(0.85);
        return bars;
    };
    QColor pale = theme.neutral;
    pale.setAlpha(120);
    QCPBars *clipping = addBars(tr("By clipping"), theme.second, Qt::SolidPattern);
    QCPBars *rounding = addBars(tr("By rounding"), pale, Qt::SolidPattern);
    rounding->moveAbove(clipping);
    for (int layer = 0; layer < static_cast<int>(m_taps.size()); ++layer) {
        const TapError &error = recordOf(layer).error;
        if (!error.measured || !error.quantized || error.isolated.mse <= 0)
            continue;
        clipping->addData(layer, 100 * error.clippingErrorShare);
        rounding->addData(layer, 100 * (1 - error.clippingErrorShare));
    }
    addToSeries(clipping, QStringLiteral("clipping"));
    addToSeries(rounding, QStringLiteral("rounding"));
}

int ErrorPlot::layerAt(QPointF position) const
{
    if (isEmpty() || position.x() < mainRect()->left() || position.x() > mainRect()->right()
        || position.y() < mainRect()->top())
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
    const TapRecord &record = recordOf(layer);
    const TapError &error = record.error;
    QStringList parts{QString::fromStdString(record.tap.path), figureTitle(m_figure)};
    const auto add = [&](ErrorKind kind, const QString &text) {
        if (const ErrorMetrics *metrics = errorOf(error, kind))
            parts << text.arg(Texts::number(errorFigure(*metrics, m_figure)));
    };
    add(ErrorKind::Isolated, tr("alone %1"));
    add(ErrorKind::Network, tr("before %1"));
    add(ErrorKind::Cumulative, tr("network %1"));
    if (error.quantized) {
        parts << tr("clipped %1 of the values, %2 of the error")
                     .arg(Texts::percent(100 * error.clippedShare, 3),
                          Texts::percent(100 * error.clippingErrorShare, 1));
        const std::vector<double> channels = errorFigures(error.channelIsolated, m_figure);
        int worst = -1;
        for (size_t c = 0; c < channels.size(); ++c)
            if (!std::isnan(channels[c])
                && (worst < 0 || isWorse(channels[c], channels[static_cast<size_t>(worst)], m_figure)))
                worst = static_cast<int>(c);
        if (worst >= 0)
            parts << tr("worst channel %1: %2").arg(worst).arg(
                Texts::number(channels[static_cast<size_t>(worst)], 3));
        if (const auto images = worstImages(*run(), record, ErrorScope::Isolated, 1); !images.empty())
            parts << tr("worst image %1: %2 of the error")
                         .arg(QFileInfo(QString::fromStdString(run()->images.items[static_cast<size_t>(images.front().index)].path)).fileName(),
                              Texts::percent(100 * images.front().share, 1));
    }
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
    table.header = {QStringLiteral("tap"),
                    QStringLiteral("bits"),
                    QStringLiteral("isolated_") + figure,
                    QStringLiteral("network_") + figure,
                    QStringLiteral("cumulative_") + figure,
                    QStringLiteral("clipped_share"),
                    QStringLiteral("clipping_error_share")};
    table.columnSeries = {QString(),
                          QString(),
                          QStringLiteral("isolated"),
                          QStringLiteral("network"),
                          QStringLiteral("cumulative"),
                          QString(),
                          QStringLiteral("clipping")};
    const QCPRange visible = mainRect()->axis(QCPAxis::atBottom)->range();
    const auto cell = [&](const ErrorMetrics *metrics) {
        return metrics ? tableNumber(errorFigure(*metrics, m_figure)) : QString();
    };
    for (int layer = 0; layer < static_cast<int>(m_taps.size()); ++layer) {
        const TapRecord &record = recordOf(layer);
        const TapError &error = record.error;
        const bool hidden = record.tap.kind == TapKind::Weight && !isSeriesShown(QStringLiteral("weights"));
        if (!visible.contains(layer) || hidden)
            continue;
        table.rows.push_back(
            {QString::fromStdString(record.tap.path),
             record.setting.isQuantized() ? QString::number(record.setting.bits) : QStringLiteral("float"),
             cell(errorOf(error, ErrorKind::Isolated)), cell(errorOf(error, ErrorKind::Network)),
             cell(errorOf(error, ErrorKind::Cumulative)), error.quantized ? tableNumber(error.clippedShare) : QString(),
             error.quantized ? tableNumber(error.clippingErrorShare) : QString()});
    }
    return table;
}

} // namespace quantoscope
