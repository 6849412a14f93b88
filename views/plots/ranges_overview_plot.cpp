// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/ranges_overview_plot.h"

#include "views/models/texts.h"
#include "views/plots/axis_tickers.h"

#include <qcustomplot.h>

#include <cmath>

namespace quantoscope {

namespace {
constexpr double kPickPixels = 9;
}

RangesOverviewPlot::RangesOverviewPlot(QWidget *parent) : PlotView(parent)
{
}

QString RangesOverviewPlot::viewName() const
{
    return QStringLiteral("ranges");
}

QString RangesOverviewPlot::viewTitle() const
{
    return tr("Ranges by layer");
}

QString RangesOverviewPlot::tabTitle() const
{
    return tr("Ranges");
}

void RangesOverviewPlot::setGroup(const TapGroup &group)
{
    if (group == m_group)
        return;
    m_group = group;
    redraw(false);
}

QString RangesOverviewPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Open a model and run a calibration to see how far the ranges of channels lie apart.");
    return tapsOf(*run(), m_group).empty()
             ? tr("No ranges of “%1” were observed in this run; choose other taps above.").arg(Texts::tapGroup(m_group))
             : QString();
}

void RangesOverviewPlot::draw(const PlotTheme &theme)
{
    m_taps = tapsOf(*run(), m_group);
    m_boxes.clear();
    for (const int tap : m_taps)
        m_boxes.push_back(boxStatistics(channelRanges(run()->taps[static_cast<size_t>(tap)].statistics)));

    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    showLayers(x, m_taps);
    if (isLogScale())
        setLogarithmic(y);
    y->setLabel(tr("Channel range"));

    auto *boxes = new QCPStatisticalBox(x, y);
    boxes->setName(tr("Quartiles, whiskers 1.5 IQR"));
    boxes->setWidth(0.62);
    boxes->setWhiskerWidth(0.35);
    QColor fill = theme.first;
    fill.setAlpha(70);
    boxes->setBrush(fill);
    boxes->setPen(QPen(theme.first, 1));
    boxes->setWhiskerPen(QPen(theme.first, 1));
    boxes->setWhiskerBarPen(QPen(theme.first, 1));
    boxes->setMedianPen(QPen(theme.text, 2));
    boxes->setWhiskerAntialiased(true);
    auto *outliers = new QCPGraph(x, y);
    outliers->setName(tr("Outlier channel"));
    outliers->setLineStyle(QCPGraph::lsNone);
    outliers->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(theme.second, 1.2), Qt::NoBrush, 5));

    addToSeries(boxes, QStringLiteral("boxes"));
    addToSeries(outliers, QStringLiteral("outliers"));

    double low = std::numeric_limits<double>::max();
    double high = 0;
    size_t worst = 0;
    int dead = 0;
    for (size_t i = 0; i < m_boxes.size(); ++i) {
        const BoxStatistics &box = m_boxes[i];
        if (box.count == 0 || box.upperWhisker <= 0)
            continue; // nothing of it has a place on a log axis
        const auto key = static_cast<double>(i);
        const double floor = box.lowerWhisker > 0 ? box.lowerWhisker : box.upperWhisker * 1e-3;
        boxes->addData(key, floor, std::max(box.lowerQuartile, floor), std::max(box.median, floor),
                       std::max(box.upperQuartile, floor), box.upperWhisker);
        low = std::min(low, floor);
        high = std::max(high, box.largest());
        for (const ChannelValue &outlier : box.outliers) {
            if (outlier.value > 0) {
                outliers->addData(key, outlier.value);
                low = std::min(low, outlier.value);
            } else {
                ++dead;
            }
        }
        if (box.largestOverMedian() > m_boxes[worst].largestOverMedian())
            worst = i;
        if (m_taps[i] == selectedTap())
            addSelectionBand(mainRect(), key - 0.45, key + 0.45, theme);
    }
    if (high <= 0) {
        low = 0.1;
        high = 1;
    }
    if (isLogScale())
        y->setRange(low / 1.4, high * 1.4);
    else
        y->setRange(0, high * 1.06);

    setPlotTitle(tr("Range max − min of every channel, by layer: %1").arg(Texts::tapGroup(m_group)));
    const BoxStatistics &widest = m_boxes[worst];
    QString caption = tr("Widest spread: %1, whose largest channel range is %2 times the median.")
                          .arg(QString::fromStdString(run()->taps[static_cast<size_t>(m_taps[worst])].tap.path),
                               Texts::number(widest.largestOverMedian(), 3));
    if (dead > 0)
        caption += QLatin1Char(' ') + tr("Channels of range 0, not drawn: %1.").arg(dead);
    setCaption(caption);
}

int RangesOverviewPlot::layerAt(double pixel) const
{
    const double key = mainRect()->axis(QCPAxis::atBottom)->pixelToCoord(pixel);
    const auto layer = static_cast<int>(std::lround(key));
    return key > -0.6 && layer < static_cast<int>(m_taps.size()) ? std::max(layer, 0) : -1;
}

QString RangesOverviewPlot::readout(QPointF position) const
{
    if (isEmpty() || !mainRect()->rect().contains(position.toPoint()))
        return {};
    const int layer = layerAt(position.x());
    if (layer < 0)
        return {};
    const BoxStatistics &box = m_boxes[static_cast<size_t>(layer)];
    const QString path =
        QString::fromStdString(run()->taps[static_cast<size_t>(m_taps[static_cast<size_t>(layer)])].tap.path);
    const double x = mainRect()->axis(QCPAxis::atBottom)->coordToPixel(layer);
    const ChannelValue *nearest = nullptr;
    double best = kPickPixels;
    for (const ChannelValue &outlier : box.outliers) {
        const double y = mainRect()->axis(QCPAxis::atLeft)->coordToPixel(std::max(outlier.value, 1e-300));
        const double distance = std::hypot(x - position.x(), y - position.y());
        if (distance < best) {
            best = distance;
            nearest = &outlier;
        }
    }
    if (nearest)
        return tr("%1 · channel %2 · range %3, %4 times the median")
            .arg(path)
            .arg(nearest->channel)
            .arg(Texts::number(nearest->value, 4),
                 Texts::number(box.median > 0 ? nearest->value / box.median : 0, 3));
    return tr("%1 · median %2, quartiles %3 to %4, whiskers %5 to %6 · outliers: %7")
        .arg(path, Texts::number(box.median, 3), Texts::number(box.lowerQuartile, 3),
             Texts::number(box.upperQuartile, 3), Texts::number(box.lowerWhisker, 3),
             Texts::number(box.upperWhisker, 3))
        .arg(box.outliers.size());
}

int RangesOverviewPlot::tapAt(QPointF position) const
{
    if (isEmpty() || !mainRect()->rect().contains(position.toPoint()))
        return -1;
    const int layer = layerAt(position.x());
    return layer < 0 ? -1 : m_taps[static_cast<size_t>(layer)];
}

std::vector<int> RangesOverviewPlot::selectableTaps() const
{
    return m_taps;
}

PlotTable RangesOverviewPlot::visibleData() const
{
    PlotTable table;
    table.header = {QStringLiteral("tap"),           QStringLiteral("channels"),
                    QStringLiteral("lower_whisker"), QStringLiteral("lower_quartile"),
                    QStringLiteral("median"),        QStringLiteral("upper_quartile"),
                    QStringLiteral("upper_whisker"), QStringLiteral("outliers (channel:range)")};
    const QCPRange visible = mainRect()->axis(QCPAxis::atBottom)->range();
    for (size_t i = 0; i < m_boxes.size(); ++i) {
        if (!visible.contains(static_cast<double>(i)))
            continue;
        const BoxStatistics &box = m_boxes[i];
        QStringList outliers;
        for (const ChannelValue &outlier : box.outliers)
            outliers << QStringLiteral("%1:%2").arg(outlier.channel).arg(tableNumber(outlier.value));
        QStringList row{QString::fromStdString(run()->taps[static_cast<size_t>(m_taps[i])].tap.path),
                        QString::number(box.count)};
        for (const double value :
             {box.lowerWhisker, box.lowerQuartile, box.median, box.upperQuartile, box.upperWhisker})
            row << tableNumber(value);
        table.rows.push_back(row << outliers.join(QLatin1Char(' ')));
    }
    return table;
}

} // namespace quantoscope
