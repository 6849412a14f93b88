// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/channel_map_plot.h"

#include "views/models/texts.h"
#include "views/plots/axis_style.h"
#include "views/plots/axis_tickers.h"

#include <qcustomplot.h>

#include <cmath>

namespace quantoscope {

namespace {

constexpr double kOutlierFactor = 4; ///< max |x| over the layer's median
constexpr size_t kNamedOutliers = 6;
constexpr int kFewestColumns = 64;

/// Rows by their compact names, thinned out to what fits; row 0 at the top.
class RowTicker : public QCPAxisTicker {
public:
    RowTicker(QStringList names, const QCPAxis *axis) : m_names(std::move(names)), m_axis(axis) {}

protected:
    QVector<double> createTickVector(double, const QCPRange &range) override
    {
        // Before the first layout the rect has no height yet: the plot's less the other panel's is close.
        const int pixels = std::max(m_axis->axisRect()->height(), m_axis->parentPlot()->viewport().height() / 2);
        const int fits = std::max(1, pixels / (QFontMetrics(m_axis->tickLabelFont()).height() + 2));
        const int step = std::max(1, static_cast<int>(std::ceil(range.size() / fits)));
        QVector<double> ticks;
        for (int i = std::max(0, static_cast<int>(std::ceil(range.lower))); i < m_names.size() && i <= range.upper; ++i)
            if (i % step == 0)
                ticks << i;
        return ticks;
    }
    QVector<double> createSubTickVector(int, const QVector<double> &) override { return {}; }
    QString getTickLabel(double tick, const QLocale &, QChar, int) override
    {
        return m_names.value(static_cast<qsizetype>(std::lround(tick)));
    }

private:
    QStringList m_names;
    const QCPAxis *m_axis;
};

} // namespace

ChannelMapPlot::ChannelMapPlot(QWidget *parent) : PlotView(parent)
{
}

QString ChannelMapPlot::viewName() const
{
    return QStringLiteral("map");
}

QString ChannelMapPlot::viewTitle() const
{
    return tr("Channel map");
}

QString ChannelMapPlot::figureTitle(ChannelFigure figure)
{
    switch (figure) {
    case ChannelFigure::Range: return tr("max − min");
    case ChannelFigure::Magnitude: return tr("max |x|");
    case ChannelFigure::OverMedian: return tr("max |x| / layer median");
    case ChannelFigure::IsolatedSqnr: return tr("SQNR [dB]");
    }
    return {};
}

void ChannelMapPlot::setGroup(const TapGroup &group)
{
    if (group == m_group)
        return;
    m_group = group;
    redraw(false);
}

void ChannelMapPlot::setFigure(ChannelFigure figure)
{
    if (figure == m_figure)
        return;
    m_figure = figure;
    redraw(false);
}

void ChannelMapPlot::setAxis(RangeAxis axis)
{
    if (axis == m_axis)
        return;
    m_axis = axis;
    redraw(false);
}

QString ChannelMapPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Open a model and run a calibration to see which channels stand out in which layers.");
    const std::vector<int> taps = tapsOf(*run(), m_group);
    if (taps.empty())
        return tr("No ranges of “%1” were observed in this run; choose other taps above.")
            .arg(Texts::tapGroup(m_group));
    if (channelMap(*run(), taps, ChannelFigure::Range, m_axis).channels == 0)
        return m_axis == RangeAxis::Heads ? tr("“%1” has no attention heads.").arg(Texts::tapGroup(m_group))
                                          : tr("No ranges of the tokens of “%1” are known.").arg(Texts::tapGroup(m_group));
    if (m_figure == ChannelFigure::IsolatedSqnr && channelMap(*run(), taps, m_figure, m_axis).channels == 0)
        return tr("This run has no error figures: switch on “Measure error per layer” and run again.");
    return {};
}

void ChannelMapPlot::draw(const PlotTheme &theme)
{
    const std::vector<int> taps = tapsOf(*run(), m_group);
    m_map = channelMap(*run(), taps, m_figure, m_axis);
    m_peaks = largestOverMedian(*run(), taps, m_axis);
    m_outliers = outlierChannels(*run(), taps, kOutlierFactor, m_axis);

    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    QStringList names;
    for (const int tap : m_map.taps)
        names << compactTapName(run()->taps[static_cast<size_t>(tap)].tap);
    x->setRange(-0.5, static_cast<double>(m_map.channels) - 0.5);
    x->setTickLabels(false);
    x->grid()->setVisible(false);
    y->setRangeReversed(true);
    y->setRange(-0.5, static_cast<double>(names.size()) - 0.5);
    y->setTicker(QSharedPointer<RowTicker>::create(names, y));
    y->grid()->setVisible(false);
    y->setLabel(tr("Layer in network order"));

    auto *scale = new QCPColorScale(plot());
    scale->setType(QCPAxis::atTop);
    scale->setBarWidth(10);
    applyAxisStyle(scale->axis(), theme, font());
    scale->axis()->setLabel(figureTitle(m_figure));
    scale->setRangeDrag(false);
    scale->setRangeZoom(false);
    scale->setMargins(QMargins(8, 0, 14, 0));
    plot()->plotLayout()->insertRow(2);
    plot()->plotLayout()->addElement(2, 0, scale);

    m_cells = new QCPColorMap(x, y);
    m_cells->removeFromLegend();
    m_cells->setInterpolate(false);
    m_cells->setTightBoundary(true);
    m_cells->setColorScale(scale);
    QCPColorGradient gradient;
    const std::vector<QColor> colors = PlotTheme::sequentialColors();
    for (size_t i = 0; i < colors.size(); ++i) {
        // The worst channels are bright whichever way the figure runs.
        const double position = static_cast<double>(i) / static_cast<double>(colors.size() - 1);
        gradient.setColorStopAt(m_map.worstIsSmallest ? 1 - position : position, colors[i]);
    }
    gradient.setNanHandling(QCPColorGradient::nhTransparent);
    m_cells->setGradient(gradient);
    if (isLogScale()) {
        scale->setDataScaleType(QCPAxis::stLogarithmic);
        scale->axis()->setTicker(QSharedPointer<DecadeTicker>::create());
        scale->axis()->setNumberFormat(QStringLiteral("gb"));
        scale->axis()->setNumberPrecision(4);
    }
    const bool spread = m_map.largest > m_map.smallest;
    scale->setDataRange(spread ? QCPRange(m_map.smallest, m_map.largest)
                               : QCPRange(m_map.smallest * 0.5 + (m_map.smallest > 0 ? 0 : -1),
                                          m_map.largest * 2 + (m_map.largest > 0 ? 0 : 1)));
    fillCells();

    const auto selected = std::find(m_map.taps.begin(), m_map.taps.end(), selectedTap());
    if (selected != m_map.taps.end()) {
        linkPlaces(x, placeName(m_axis), rangesAlong(run()->model, *selectedRecord(), m_axis).size());
        const auto row = static_cast<double>(selected - m_map.taps.begin());
        const auto frame = [&](double left, double right, double width) {
            auto *item = new QCPItemRect(plot());
            for (QCPItemPosition *corner : {item->topLeft, item->bottomRight}) {
                corner->setAxisRect(mainRect());
                corner->setAxes(x, y);
            }
            item->topLeft->setCoords(left, row - 0.5);
            item->bottomRight->setCoords(right, row + 0.5);
            item->setPen(QPen(theme.selection, width));
            item->setClipAxisRect(mainRect());
        };
        frame(-0.5, static_cast<double>(m_map.channels) - 0.5, 1.6);
        if (channelIsSelected())
            frame(selectedChannel() - 0.5, selectedChannel() + 0.5, 3);
    }
    drawPeaks(theme);

    const QString group = Texts::tapGroup(m_group);
    switch (m_axis) {
    case RangeAxis::Channels: setPlotTitle(tr("Channels by layer: %1").arg(group)); break;
    case RangeAxis::Tokens: setPlotTitle(tr("Tokens by layer: %1").arg(group)); break;
    case RangeAxis::Heads: setPlotTitle(tr("Heads by layer: %1").arg(group)); break;
    }
    QStringList caption;
    if (m_axis != RangeAxis::Channels) {
        if (const QString text = outlierText(); !text.isEmpty())
            caption << text;
    } else if (m_outliers.empty()) {
        caption << tr("No channel exceeds %1 times its layer's median.").arg(Texts::number(kOutlierFactor));
    } else {
        const OutlierChannel &worst = m_outliers.front();
        caption << tr("Channels above %1 times their layer's median: %2. Channel %3 in %4 of %5 layers, most in %6 "
                      "(%7 times).")
                       .arg(Texts::number(kOutlierFactor))
                       .arg(m_outliers.size())
                       .arg(worst.channel)
                       .arg(worst.layers)
                       .arg(m_map.taps.size())
                       .arg(compactTapName(run()->taps[static_cast<size_t>(worst.worstTap)].tap),
                            Texts::number(worst.overMedian, 3));
    }
    if (selected != m_map.taps.end() && channelIsSelected())
        caption << tr("Selected: %1.")
                       .arg(cellText(static_cast<size_t>(selected - m_map.taps.begin()), selectedChannel()));
    setCaption(caption.join(QLatin1Char(' ')));
}

QString ChannelMapPlot::outlierText() const
{
    const auto record = [this](int tap) -> const TapRecord & { return run()->taps[static_cast<size_t>(tap)]; };
    if (m_outliers.empty())
        return tr("None exceeds %1 times its layer's median.").arg(Texts::number(kOutlierFactor));
    const OutlierChannel &worst = m_outliers.front();
    return tr("Above %1 times their layer's median: %2. Most often: %3, in %4 of %5 layers (%6 times in %7).")
        .arg(Texts::number(kOutlierFactor))
        .arg(m_outliers.size())
        .arg(Texts::place(run()->model, record(worst.worstTap), m_axis, worst.channel))
        .arg(worst.layers)
        .arg(m_map.taps.size())
        .arg(Texts::number(worst.overMedian, 3), compactTapName(record(worst.worstTap).tap));
}

void ChannelMapPlot::drawPeaks(const PlotTheme &theme)
{
    m_peaksRect = addRect(RectPlace::BelowSharingX, 0.42, theme);
    QCPAxis *x = m_peaksRect->axis(QCPAxis::atBottom);
    QCPAxis *y = m_peaksRect->axis(QCPAxis::atLeft);
    const bool channels = m_axis == RangeAxis::Channels;
    x->setLabel(channels ? tr("Channel") : Texts::rangeAxis(run()->taps[static_cast<size_t>(m_map.taps.front())].tap, m_axis));
    auto integers = QSharedPointer<QCPAxisTickerFixed>::create();
    integers->setScaleStrategy(QCPAxisTickerFixed::ssMultiples);
    x->setTicker(integers);
    x->setSubTicks(false);
    setLogarithmic(y);
    y->setLabel(tr("× median"));
    auto *line = new QCPGraph(x, y);
    line->removeFromLegend();
    line->setLineStyle(QCPGraph::lsStepCenter);
    line->setPen(QPen(theme.first, 1.1));
    double highest = kOutlierFactor;
    double lowest = 1;
    for (size_t c = 0; c < m_peaks.size(); ++c) {
        const bool shown = std::isfinite(m_peaks[c]) && m_peaks[c] > 0;
        line->addData(static_cast<double>(c), shown ? m_peaks[c] : std::nan(""));
        if (shown) {
            highest = std::max(highest, m_peaks[c]);
            lowest = std::min(lowest, m_peaks[c]);
        }
    }
    y->setRange(lowest / 1.2, highest * std::pow(highest / lowest, 0.35));
    auto *marks = new QCPGraph(x, y);
    marks->removeFromLegend();
    marks->setLineStyle(QCPGraph::lsNone);
    marks->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssTriangleInverted, QPen(theme.second, 1), theme.second, 6));
    const double nearby = 0.03 * static_cast<double>(m_map.channels); // closer names would overlap
    std::vector<int> named;
    for (const OutlierChannel &one : m_outliers) {
        const double peak = m_peaks[static_cast<size_t>(one.channel)];
        marks->addData(one.channel, peak * 1.12);
        const bool free = std::none_of(named.begin(), named.end(),
                                       [&](int other) { return std::abs(other - one.channel) < nearby; });
        if (named.size() >= kNamedOutliers || !free)
            continue;
        named.push_back(one.channel);
        addLabel(m_peaksRect, one.channel, peak * 1.25, QString::number(one.channel), theme.text,
                 Qt::AlignHCenter | Qt::AlignBottom);
    }
    if (m_axis == RangeAxis::Channels && selectedChannel() >= 0)
        addSelectionBand(m_peaksRect, selectedChannel() - 0.5, selectedChannel() + 0.5, theme);
}

void ChannelMapPlot::fillCells()
{
    if (!m_cells || m_map.channels == 0)
        return;
    const QCPRange visible = m_cells->keyAxis()->range();
    const auto channels = static_cast<int>(m_map.channels);
    const int first = std::clamp(static_cast<int>(std::floor(visible.lower + 0.5)), 0, channels - 1);
    const int last = std::clamp(static_cast<int>(std::ceil(visible.upper + 0.5)), first + 1, channels);
    const int pixels = std::max(plot()->viewport().width() - 120, kFewestColumns);
    const int perColumn = std::max(1, (last - first + pixels - 1) / pixels);
    const int columns = (last - first + perColumn - 1) / perColumn;
    const auto rows = static_cast<int>(m_map.taps.size());
    m_cells->data()->setSize(columns, rows);
    m_cells->data()->setRange(QCPRange(first + (perColumn - 1) / 2.0, first + perColumn * (columns - 0.5) - 0.5),
                              QCPRange(0, std::max(rows - 1, 0)));
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column) {
            const auto from = static_cast<size_t>(first + column * perColumn);
            const double value = m_map.pooled(static_cast<size_t>(row), from, from + static_cast<size_t>(perColumn));
            const bool placed = std::isfinite(value) && (value > 0 || !isLogScale());
            m_cells->data()->setCell(column, row, placed ? value : std::nan(""));
        }
}

void ChannelMapPlot::viewChanged()
{
    if (!isEmpty())
        fillCells();
}

void ChannelMapPlot::resizeEvent(QResizeEvent *event)
{
    PlotView::resizeEvent(event);
    if (!isEmpty())
        redraw(true); // another width shows another number of columns
}

int ChannelMapPlot::rowAt(QPointF position) const
{
    if (isEmpty() || !mainRect()->rect().contains(position.toPoint()))
        return -1;
    const auto row = static_cast<int>(std::lround(mainRect()->axis(QCPAxis::atLeft)->pixelToCoord(position.y())));
    return row >= 0 && row < static_cast<int>(m_map.taps.size()) ? row : -1;
}

int ChannelMapPlot::tapAt(QPointF position) const
{
    const int row = rowAt(position);
    return row < 0 ? -1 : m_map.taps[static_cast<size_t>(row)];
}

bool ChannelMapPlot::channelIsSelected() const
{
    return m_axis == RangeAxis::Channels && selectedChannel() >= 0 && selectedChannel() < static_cast<int>(m_map.channels);
}

int ChannelMapPlot::channelAt(QPointF position) const
{
    return m_axis == RangeAxis::Channels ? columnAt(position) : -1;
}

int ChannelMapPlot::columnAt(QPointF position) const
{
    const bool inside = !isEmpty()
                     && (mainRect()->rect().contains(position.toPoint())
                         || (m_peaksRect && m_peaksRect->rect().contains(position.toPoint())));
    if (!inside)
        return -1;
    const auto channel = static_cast<int>(std::lround(mainRect()->axis(QCPAxis::atBottom)->pixelToCoord(position.x())));
    return channel >= 0 && channel < static_cast<int>(m_map.channels) ? channel : -1;
}

std::vector<int> ChannelMapPlot::selectableTaps() const
{
    return m_map.taps;
}

QString ChannelMapPlot::cellText(size_t row, int column) const
{
    const TapRecord &record = run()->taps[static_cast<size_t>(m_map.taps[row])];
    const auto c = static_cast<size_t>(column);
    const AxisRanges ranges = rangesAlong(run()->model, record, m_axis);
    const QString path = QString::fromStdString(record.tap.path);
    QStringList parts{tr("%1, %2", "layer, channel or token").arg(path, Texts::place(run()->model, record, m_axis, column))};
    if (c >= ranges.size())
        return parts.front();
    parts << tr("%1 to %2")
                 .arg(Texts::number(static_cast<double>(ranges.minimum[c])),
                      Texts::number(static_cast<double>(ranges.maximum[c])));
    const double median = m_map.medians[row];
    const double magnitude = std::max(std::abs(static_cast<double>(ranges.minimum[c])),
                                      std::abs(static_cast<double>(ranges.maximum[c])));
    if (median > 0)
        parts << tr("max |x| %1 times the layer's median").arg(Texts::number(magnitude / median, 3));
    if (c < ranges.isolated.size())
        parts << tr("SQNR %1 dB").arg(Texts::number(ranges.isolated[c].sqnrDb, 3));
    return parts.join(QStringLiteral(" · "));
}

QString ChannelMapPlot::readout(QPointF position) const
{
    const int row = rowAt(position);
    const int column = columnAt(position);
    if (column < 0)
        return {};
    if (row >= 0)
        return cellText(static_cast<size_t>(row), column);
    const auto c = static_cast<size_t>(column);
    const TapRecord &record = run()->taps[static_cast<size_t>(m_map.taps.front())];
    return tr("%1: at most %2 times its layer's median")
        .arg(Texts::place(run()->model, record, m_axis, column),
             Texts::number(c < m_peaks.size() ? m_peaks[c] : std::nan(""), 3));
}

PlotTable ChannelMapPlot::visibleData() const
{
    PlotTable table;
    const QCPRange columns = mainRect()->axis(QCPAxis::atBottom)->range();
    const QCPRange rows = mainRect()->axis(QCPAxis::atLeft)->range();
    table.header = {QStringLiteral("tap")};
    const QString place = placeName(m_axis);
    for (size_t c = 0; c < m_map.channels; ++c)
        if (columns.contains(static_cast<double>(c)))
            table.header << QStringLiteral("%1_%2").arg(place).arg(c);
    for (size_t row = 0; row < m_map.taps.size(); ++row) {
        if (!rows.contains(static_cast<double>(row)))
            continue;
        QStringList cells{QString::fromStdString(run()->taps[static_cast<size_t>(m_map.taps[row])].tap.path)};
        for (size_t c = 0; c < m_map.channels; ++c)
            if (columns.contains(static_cast<double>(c)))
                cells << (std::isnan(m_map.at(row, c)) ? QString() : tableNumber(m_map.at(row, c)));
        table.rows.push_back(cells);
    }
    return table;
}

} // namespace quantoscope
