// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/stability_plot.h"

#include "core/quantization/range_history.h"
#include "views/models/texts.h"
#include "views/plots/axis_tickers.h"
#include "views/plots/marker_graph.h"

#include <qcustomplot.h>

#include <cmath>

namespace quantoscope {

namespace {

/// Codes between the ends of a range whose scale a RangeBand holds.
double codesOf(const QuantizerParameters &parameters)
{
    QuantizerParameters measure;
    if (parameters.kind == QuantizerKind::Uniform)
        measure = parameters;
    return static_cast<double>(measure.highestCode() - measure.lowestCode());
}

} // namespace

StabilityPlot::StabilityPlot(QWidget *parent) : PlotView(parent)
{
}

QString StabilityPlot::viewName() const
{
    return QStringLiteral("stability");
}

QString StabilityPlot::viewTitle() const
{
    return tr("Stability");
}

QString StabilityPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Run a calibration to see how much its ranges depend on the images.");
    if (run()->calibration.stability.taps.empty() || mostUnstableTap(*run()) < 0)
        return tr("This run holds no resampled calibrations; run it again to get them.");
    return {};
}

void StabilityPlot::collect()
{
    m_layers.clear();
    const std::vector<RangeBand> &bands = run()->calibration.stability.taps;
    for (size_t t = 0; t < std::min(run()->taps.size(), bands.size()); ++t) {
        const TapRecord &record = run()->taps[t];
        if (record.tap.kind != TapKind::Activation || !record.statistics.observed || !(bands[t].scale > 0))
            continue;
        const double codes = codesOf(record.parameters);
        m_layers.push_back(
            {static_cast<int>(t), rangeFigures(record), bands[t], codes * static_cast<double>(bands[t].scale),
             codes * static_cast<double>(bands[t].scaleFrom), codes * static_cast<double>(bands[t].scaleTo)});
    }
}

void StabilityPlot::draw(const PlotTheme &theme)
{
    collect();
    showLayers(mainRect()->axis(QCPAxis::atBottom), selectableTaps());
    drawRanges(theme);
    drawBand(theme);
    m_clippingRect = nullptr;
    if (std::any_of(m_layers.begin(), m_layers.end(),
                    [](const Layer &layer) { return layer.figures.clippedShare > 0; }))
        drawClipping(theme);
    QCPAxis *lowest =
        (m_clippingRect ? m_clippingRect : m_bandRect)->axis(QCPAxis::atBottom); // speaks for all panels
    lowest->setLabel(mainRect()->axis(QCPAxis::atBottom)->label());
    for (const QCPAxisRect *rect : rects())
        if (QCPAxis *x = rect->axis(QCPAxis::atBottom); x != lowest) {
            x->setTickLabels(false);
            x->setLabel(QString());
        }
    for (size_t i = 0; i < m_layers.size(); ++i)
        if (m_layers[i].tap == selectedTap())
            for (QCPAxisRect *rect : rects())
                addSelectionBand(rect, static_cast<double>(i) - 0.45, static_cast<double>(i) + 0.45, theme);
    setPlotTitle(tr("Ranges by layer, and where other calibration images would have led"));
    setCaption(caption());
}

void StabilityPlot::drawRanges(const PlotTheme &theme)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    y->setLabel(tr("Range max − min"));
    if (isLogScale())
        setLogarithmic(y);
    double low = std::numeric_limits<double>::max();
    double high = 0;
    const auto add = [&](const QString &id, const QString &label, QCPScatterStyle marker, auto valueOf) {
        auto *points = new MarkerGraph(x, y);
        points->setName(label);
        points->setLineStyle(QCPGraph::lsNone);
        points->setScatterStyle(marker);
        for (size_t i = 0; i < m_layers.size(); ++i) {
            const double value = valueOf(m_layers[i]);
            if (!std::isfinite(value) || (value <= 0 && isLogScale()))
                continue;
            points->addData(static_cast<double>(i), value);
            low = std::min(low, value);
            high = std::max(high, value);
        }
        addToSeries(points, id);
    };
    QColor fill = theme.first;
    fill.setAlpha(110);
    auto *boxes = new QCPStatisticalBox(x, y); // nothing but its middle: from the 5 % to the 95 % quantile
    boxes->setName(tr("90 % of the resampled calibrations"));
    boxes->setWidth(0.9);
    boxes->setPen(QPen(theme.first, 1));
    boxes->setBrush(fill);
    for (const auto setter : {&QCPStatisticalBox::setWhiskerPen, &QCPStatisticalBox::setWhiskerBarPen,
                              &QCPStatisticalBox::setMedianPen})
        (boxes->*setter)(Qt::NoPen);
    for (size_t i = 0; i < m_layers.size(); ++i) {
        const Layer &layer = m_layers[i];
        if (!(layer.from > 0) && isLogScale())
            continue;
        boxes->addData(static_cast<double>(i), layer.from, layer.from, layer.from, layer.to, layer.to);
        low = std::min(low, layer.from);
        high = std::max(high, layer.to);
    }
    addToSeries(boxes, QStringLiteral("band"));
    add(QStringLiteral("float"), tr("Float range"),
        QCPScatterStyle(QCPScatterStyle::ssDisc, QPen(theme.text, 1), theme.text, 3.5),
        [](const Layer &layer) { return layer.figures.observed; });
    add(QStringLiteral("quantized"), tr("Quantized range"),
        QCPScatterStyle(QCPScatterStyle::ssSquare, QPen(theme.second, 1.2), Qt::NoBrush, 6),
        [](const Layer &layer) { return layer.figures.representable; });
    if (high <= 0) {
        low = 0.1;
        high = 1;
    }
    if (isLogScale())
        y->setRange(low / 1.5, high * 1.5);
    else
        y->setRange(0, high * 1.06);
}

void StabilityPlot::drawBand(const PlotTheme &theme)
{
    m_bandRect = addRect(RectPlace::BelowSharingX, 0.9, theme);
    QCPAxis *x = m_bandRect->axis(QCPAxis::atBottom);
    QCPAxis *y = m_bandRect->axis(QCPAxis::atLeft);
    x->setTicker(mainRect()->axis(QCPAxis::atBottom)->ticker());
    x->setSubTicks(false);
    y->setLabel(tr("Of its range [%]"));
    double low = 100;
    double high = 100;
    const auto addEdge = [&](double Layer::*end) {
        auto *edge = new QCPGraph(x, y);
        edge->removeFromLegend();
        edge->setPen(QPen(theme.first, 1));
        edge->setLineStyle(QCPGraph::lsStepCenter);
        for (size_t i = 0; i < m_layers.size(); ++i) {
            const double percent = 100 * m_layers[i].*end / m_layers[i].width;
            edge->addData(static_cast<double>(i), percent);
            low = std::min(low, percent);
            high = std::max(high, percent);
        }
        addToSeries(edge, QStringLiteral("band"));
        return edge;
    };
    QCPGraph *upper = addEdge(&Layer::to);
    QCPGraph *lower = addEdge(&Layer::from);
    QColor fill = theme.first;
    fill.setAlpha(110);
    upper->setBrush(fill);
    upper->setChannelFillGraph(lower);
    const double margin = std::max(0.5, 0.08 * (high - low));
    y->setRange(low - margin, high + margin);
    // The layer whose band is widest has its name, unless it is plain to see without.
    const auto widest = std::max_element(m_layers.begin(), m_layers.end(), [](const Layer &a, const Layer &b) {
        return a.band.relativeWidth() < b.band.relativeWidth();
    });
    const auto place = widest - m_layers.begin();
    addLabel(m_bandRect, static_cast<double>(place), 100 * widest->from / widest->width,
             compactTapName(run()->taps[static_cast<size_t>(widest->tap)].tap), theme.text,
             (2 * place < static_cast<ptrdiff_t>(m_layers.size()) ? Qt::AlignLeft : Qt::AlignRight)
                 | Qt::AlignBottom);
}

void StabilityPlot::drawClipping(const PlotTheme &theme)
{
    m_clippingRect = addRect(RectPlace::BelowSharingX, 0.62, theme);
    QCPAxis *x = m_clippingRect->axis(QCPAxis::atBottom);
    QCPAxis *y = m_clippingRect->axis(QCPAxis::atLeft);
    x->setTicker(mainRect()->axis(QCPAxis::atBottom)->ticker());
    x->setSubTicks(false);
    y->setLabel(tr("Clipped [%]"));
    if (isLogScale())
        setLogarithmic(y);
    auto *points = new QCPGraph(x, y);
    points->setName(tr("Clipped values"));
    points->setLineStyle(QCPGraph::lsNone);
    points->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssTriangle, QPen(theme.second, 1.2), theme.second, 5));
    double low = 0.01;
    double high = 0.1;
    for (size_t i = 0; i < m_layers.size(); ++i) {
        const double percent = 100 * m_layers[i].figures.clippedShare;
        if (!std::isfinite(percent)
            || (percent <= 0 && isLogScale())) // no place on a log axis; the read-out has it
            continue;
        points->addData(static_cast<double>(i), percent);
        low = std::min(low, percent);
        high = std::max(high, percent);
    }
    addToSeries(points, QStringLiteral("clipped"));
    if (isLogScale())
        y->setRange(low / 1.6, high * 1.6);
    else
        y->setRange(-0.06 * high, high * 1.08);
}

QString StabilityPlot::caption() const
{
    const CalibrationStability &stability = run()->calibration.stability;
    const auto worst = static_cast<size_t>(mostUnstableTap(*run()));
    QString text =
        tr("%1 calibrations on images drawn with replacement (seed %2). Most unstable: %3, whose scale lies "
           "within a band of %4 of itself in 90 % of them.")
            .arg(stability.samples)
            .arg(stability.seed)
            .arg(QString::fromStdString(run()->taps[worst].tap.path),
                 Texts::percent(100 * stability.taps[worst].relativeWidth(), 1));
    const NetworkConvergence network = networkConvergence(*run());
    const CalibrationHistory &history = run()->calibration.history;
    if (network.observed > 0 && history.batches() > 1) {
        const int images = history.imagesAfter(history.batches() - 1);
        text += QLatin1Char(' ')
              + (network.moving == 0
                     ? tr("Converged at %1 of %2 images.").arg(network.images).arg(images)
                     : tr("Not converged: the last batch still moved %1 of %2 layers by more than 1 %.")
                           .arg(network.moving)
                           .arg(network.observed));
    }
    return text;
}

std::vector<QCPAxisRect *> StabilityPlot::rects() const
{
    std::vector<QCPAxisRect *> all{mainRect(), m_bandRect};
    if (m_clippingRect)
        all.push_back(m_clippingRect);
    return all;
}

int StabilityPlot::layerAt(QPointF position) const
{
    if (isEmpty() || !m_bandRect)
        return -1;
    for (const QCPAxisRect *rect : rects()) {
        if (!rect->rect().contains(position.toPoint()))
            continue;
        const auto layer =
            static_cast<int>(std::lround(rect->axis(QCPAxis::atBottom)->pixelToCoord(position.x())));
        return layer >= 0 && layer < static_cast<int>(m_layers.size()) ? layer : -1;
    }
    return -1;
}

int StabilityPlot::tapAt(QPointF position) const
{
    const int layer = layerAt(position);
    return layer < 0 ? -1 : m_layers[static_cast<size_t>(layer)].tap;
}

std::vector<int> StabilityPlot::selectableTaps() const
{
    std::vector<int> taps;
    for (const Layer &layer : m_layers)
        taps.push_back(layer.tap);
    return taps;
}

QString StabilityPlot::readout(QPointF position) const
{
    const int index = layerAt(position);
    if (index < 0)
        return {};
    const Layer &layer = m_layers[static_cast<size_t>(index)];
    QStringList parts{QString::fromStdString(run()->taps[static_cast<size_t>(layer.tap)].tap.path),
                      tr("float range %1").arg(Texts::number(layer.figures.observed))};
    if (std::isfinite(layer.figures.representable))
        parts << tr("quantized range %1").arg(Texts::number(layer.figures.representable));
    parts << tr("resampled %1 to %2, a band of %3")
                 .arg(Texts::number(layer.from), Texts::number(layer.to),
                      Texts::percent(100 * layer.band.relativeWidth(), 2));
    parts << tr("lower end %1 to %2, upper end %3 to %4")
                 .arg(Texts::number(double(layer.band.lowFrom)), Texts::number(double(layer.band.lowTo)),
                      Texts::number(double(layer.band.highFrom)), Texts::number(double(layer.band.highTo)));
    if (std::isfinite(layer.figures.clippedShare))
        parts << (layer.figures.clippingMeasured ? tr("clipped %1") : tr("clipped %1 of the calibration values"))
                     .arg(Texts::percent(100 * layer.figures.clippedShare, 4));
    return parts.join(QStringLiteral(" · "));
}

PlotTable StabilityPlot::visibleData() const
{
    PlotTable table;
    table.header = {
        QStringLiteral("tap"),          QStringLiteral("float_range"),    QStringLiteral("quantized_range"),
        QStringLiteral("low_5"),        QStringLiteral("low_95"),         QStringLiteral("high_5"),
        QStringLiteral("high_95"),      QStringLiteral("range_5"),        QStringLiteral("range_95"),
        QStringLiteral("band_percent"), QStringLiteral("clipped_percent")};
    const QString band = QStringLiteral("band");
    table.columnSeries = {
        QString(), QStringLiteral("float"),  QStringLiteral("quantized"), band, band, band, band, band, band,
        band,      QStringLiteral("clipped")};
    const QCPRange visible = mainRect()->axis(QCPAxis::atBottom)->range();
    const auto numberOrNothing = [](double value) { return std::isnan(value) ? QString() : tableNumber(value); };
    for (size_t i = 0; i < m_layers.size(); ++i) {
        if (!visible.contains(static_cast<double>(i)))
            continue;
        const Layer &layer = m_layers[i];
        QStringList row{QString::fromStdString(run()->taps[static_cast<size_t>(layer.tap)].tap.path)};
        for (const double value :
             {layer.figures.observed, layer.figures.representable, double(layer.band.lowFrom),
              double(layer.band.lowTo), double(layer.band.highFrom), double(layer.band.highTo), layer.from,
              layer.to, 100 * layer.band.relativeWidth(), 100 * layer.figures.clippedShare})
            row << numberOrNothing(value);
        table.rows.push_back(row);
    }
    return table;
}

} // namespace quantoscope
