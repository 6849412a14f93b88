// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/range_shapes_plot.h"

#include "core/analysis/quantizer_levels.h"
#include "core/analysis/tap_groups.h"
#include "views/models/texts.h"

#include <qcustomplot.h>

#include <cmath>

namespace quantoscope {

namespace {

constexpr double kHalfWidth = 0.38; ///< of a violin, in places
constexpr double kPickPixels = 9;

} // namespace

RangeShapesPlot::RangeShapesPlot(QWidget *parent) : PlotView(parent)
{
}

QString RangeShapesPlot::viewName() const
{
    return QStringLiteral("shapes");
}

QString RangeShapesPlot::viewTitle() const
{
    return tr("Weight and output");
}

QString RangeShapesPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Run a calibration to see the ranges of weights beside those of activations.");
    const TapRecord *record = selectedRecord();
    if (!record)
        return tr("Select a layer in the model tree or in a plot to see its weight beside its output.");
    if (!record->statistics.observed || record->statistics.channelMinimum.empty())
        return tr("No values of %1 were observed in this run.").arg(QString::fromStdString(record->tap.path));
    return {};
}

void RangeShapesPlot::collect()
{
    m_shapes.clear();
    std::vector<int> taps{selectedTap()};
    if (const int partner = operatorPartner(*run(), selectedTap()); partner >= 0)
        taps.push_back(partner);
    std::sort(taps.begin(), taps.end(), std::greater<>()); // a weight's tap precedes its operator's output
    for (const int tap : taps) {
        const TapRecord &record = run()->taps[static_cast<size_t>(tap)];
        const QString what = record.tap.kind == TapKind::Weight ? tr("weight") : tr("output");
        Shape observed;
        observed.tap = tap;
        observed.label = tr("%1, observed", "weight or output").arg(what);
        observed.ranges = channelRanges(record.statistics);
        Shape quantized = observed;
        quantized.representable = true;
        quantized.label = tr("%1, %2 bit range", "weight or output").arg(what).arg(record.parameters.bits);
        quantized.ranges.clear();
        for (const LevelRange &range :
             quantizedRanges(record.parameters, static_cast<int>(observed.ranges.size())))
            quantized.ranges.push_back(range.high - range.low);
        for (Shape *shape : {&observed, &quantized}) {
            if (shape->ranges.empty())
                continue;
            shape->box = boxStatistics(shape->ranges);
            shape->outline = logDensity(shape->ranges);
            m_shapes.push_back(*shape);
        }
    }
}

void RangeShapesPlot::draw(const PlotTheme &theme)
{
    collect();
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    if (isLogScale())
        setLogarithmic(y);
    y->setLabel(tr("Range of a channel"));
    x->setSubTicks(false);
    x->grid()->setVisible(false);
    auto names = QSharedPointer<QCPAxisTickerText>::create();
    double low = std::numeric_limits<double>::max();
    double high = 0;
    for (size_t i = 0; i < m_shapes.size(); ++i) {
        const Shape &shape = m_shapes[i];
        names->addTick(static_cast<double>(i), shape.label);
        drawShape(shape, static_cast<double>(i), theme);
        for (const double range : shape.ranges)
            if (std::isfinite(range) && range > 0) {
                low = std::min(low, range);
                high = std::max(high, range);
            }
    }
    x->setTicker(names);
    x->setRange(-0.6, static_cast<double>(m_shapes.size()) - 0.4);
    if (high <= 0) {
        low = 0.1;
        high = 1;
    }
    if (isLogScale())
        y->setRange(low / 1.5, high * 1.5);
    else
        y->setRange(0, high * 1.06);

    const TapRecord &record = *selectedRecord();
    setPlotTitle(tr("%1: channel ranges of weight and output").arg(QString::fromStdString(record.tap.path)));
    QStringList caption;
    for (const Shape &shape : m_shapes)
        if (!shape.representable)
            caption << tr("%1: largest over median %2.")
                           .arg(shape.label, Texts::number(shape.box.largestOverMedian(), 3));
    if (m_shapes.size() < 3 && record.tap.kind != TapKind::Weight && operatorPartner(*run(), selectedTap()) < 0)
        caption << tr("This operator has no weight.");
    setCaption(caption.join(QLatin1Char(' ')));
}

void RangeShapesPlot::drawShape(const Shape &shape, double place, const PlotTheme &theme)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    const QColor color = shape.representable ? theme.second : theme.first;
    const QString kind = shape.representable ? QStringLiteral("quantized") : QStringLiteral("observed");
    if (!shape.outline.empty()) {
        auto *violin = new QCPCurve(x, y);
        QColor fill = color;
        fill.setAlpha(45);
        violin->setBrush(fill);
        violin->setPen(QPen(color, 1, shape.representable ? Qt::DashLine : Qt::SolidLine));
        violin->removeFromLegend();
        for (const DensityPoint &point : shape.outline)
            violin->addData(place + kHalfWidth * point.density, point.value);
        for (size_t i = shape.outline.size(); i-- > 0;)
            violin->addData(place - kHalfWidth * shape.outline[i].density, shape.outline[i].value);
        violin->addData(place + kHalfWidth * shape.outline.front().density, shape.outline.front().value);
        addToSeries(violin, kind);
    }
    if (shape.box.count == 0 || shape.box.upperWhisker <= 0)
        return;
    auto *box = new QCPStatisticalBox(x, y);
    box->setWidth(0.16);
    box->setWhiskerWidth(0.1);
    QColor fill = color;
    fill.setAlpha(110);
    box->setBrush(fill);
    for (const auto setter : {&QCPStatisticalBox::setWhiskerPen, &QCPStatisticalBox::setWhiskerBarPen})
        (box->*setter)(QPen(color, 1));
    box->setPen(QPen(color, 1));
    box->setMedianPen(QPen(theme.text, 2));
    box->removeFromLegend();
    const double floor = shape.box.lowerWhisker > 0 ? shape.box.lowerWhisker : shape.box.upperWhisker * 1e-3;
    box->addData(place, floor, std::max(shape.box.lowerQuartile, floor), std::max(shape.box.median, floor),
                 std::max(shape.box.upperQuartile, floor), shape.box.upperWhisker);
    addToSeries(box, kind);
    auto *outliers = new QCPGraph(x, y);
    outliers->setLineStyle(QCPGraph::lsNone);
    outliers->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(color, 1.1), Qt::NoBrush, 5));
    outliers->removeFromLegend();
    for (const ChannelValue &outlier : shape.box.outliers)
        if (outlier.value > 0)
            outliers->addData(place, outlier.value);
    addToSeries(outliers, kind);
    if (shape.box.outliers.empty())
        return;
    const auto largest = std::max_element(shape.box.outliers.begin(), shape.box.outliers.end(),
                                          [](const ChannelValue &a, const ChannelValue &b) { return a.value < b.value; });
    if (largest->value > 0)
        addLabel(mainRect(), place + 0.04, largest->value, tr("channel %1").arg(largest->channel), theme.text,
                 Qt::AlignLeft | Qt::AlignVCenter);
}

int RangeShapesPlot::shapeAt(QPointF position) const
{
    if (isEmpty() || !mainRect()->rect().contains(position.toPoint()))
        return -1;
    const auto place =
        static_cast<int>(std::lround(mainRect()->axis(QCPAxis::atBottom)->pixelToCoord(position.x())));
    return place >= 0 && place < static_cast<int>(m_shapes.size()) ? place : -1;
}

const ChannelValue *RangeShapesPlot::outlierAt(const Shape &shape, size_t place, QPointF position) const
{
    const QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    const QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    const ChannelValue *nearest = nullptr;
    double best = kPickPixels;
    for (const ChannelValue &outlier : shape.box.outliers) {
        const double distance = std::hypot(x->coordToPixel(static_cast<double>(place)) - position.x(),
                                           y->coordToPixel(std::max(outlier.value, 1e-300)) - position.y());
        if (distance < best) {
            best = distance;
            nearest = &outlier;
        }
    }
    return nearest;
}

int RangeShapesPlot::tapAt(QPointF position) const
{
    const int place = shapeAt(position);
    return place < 0 ? -1 : m_shapes[static_cast<size_t>(place)].tap;
}

int RangeShapesPlot::channelAt(QPointF position) const
{
    const int place = shapeAt(position);
    if (place < 0)
        return -1;
    const auto index = static_cast<size_t>(place);
    const ChannelValue *outlier = outlierAt(m_shapes[index], index, position);
    return outlier ? outlier->channel : -1;
}

QString RangeShapesPlot::readout(QPointF position) const
{
    const int place = shapeAt(position);
    if (place < 0)
        return {};
    const auto index = static_cast<size_t>(place);
    const Shape &shape = m_shapes[index];
    const QString path = QString::fromStdString(run()->taps[static_cast<size_t>(shape.tap)].tap.path);
    if (const ChannelValue *outlier = outlierAt(shape, index, position))
        return tr("%1 · channel %2 · range %3, %4 times the median")
            .arg(path)
            .arg(outlier->channel)
            .arg(Texts::number(outlier->value, 4),
                 Texts::number(shape.box.median > 0 ? outlier->value / shape.box.median : 0, 3));
    return tr("%1 · %2 · median %3, quartiles %4 to %5, whiskers %6 to %7 · outliers: %8")
        .arg(path, shape.label, Texts::number(shape.box.median, 3), Texts::number(shape.box.lowerQuartile, 3),
             Texts::number(shape.box.upperQuartile, 3), Texts::number(shape.box.lowerWhisker, 3),
             Texts::number(shape.box.upperWhisker, 3))
        .arg(shape.box.outliers.size());
}

PlotTable RangeShapesPlot::visibleData() const
{
    PlotTable table;
    table.header = {QStringLiteral("tap"), QStringLiteral("kind"), QStringLiteral("channel"), QStringLiteral("range")};
    const QCPRange places = mainRect()->axis(QCPAxis::atBottom)->range();
    const QCPRange values = mainRect()->axis(QCPAxis::atLeft)->range();
    for (size_t i = 0; i < m_shapes.size(); ++i) {
        const QString kind = m_shapes[i].representable ? QStringLiteral("quantized") : QStringLiteral("observed");
        if (!places.contains(static_cast<double>(i)) || !isSeriesShown(kind))
            continue;
        for (size_t c = 0; c < m_shapes[i].ranges.size(); ++c)
            if (values.contains(m_shapes[i].ranges[c]))
                table.rows.push_back(
                    {QString::fromStdString(run()->taps[static_cast<size_t>(m_shapes[i].tap)].tap.path), kind,
                     QString::number(c), tableNumber(m_shapes[i].ranges[c])});
    }
    return table;
}

} // namespace quantoscope
