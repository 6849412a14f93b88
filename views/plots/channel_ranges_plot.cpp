// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/channel_ranges_plot.h"

#include "core/analysis/tap_groups.h"
#include "core/data/token_axis.h"
#include "views/models/texts.h"
#include "views/plots/axis_tickers.h"
#include "views/plots/marker_graph.h"

#include <qcustomplot.h>

#include <cmath>

namespace quantoscope {

namespace {

constexpr int kFewChannels = 96; ///< up to here every channel is a step of its own
constexpr size_t kFewHeads = 9;  ///< up to here their names fit under the axis

double scaleOf(const QuantizerParameters &parameters, int channel, size_t channels)
{
    return static_cast<double>(
        parameters.scale[static_cast<size_t>(scaleIndex(parameters, channel, static_cast<int>(channels)))]);
}

/// "128", or "120 to 131" where scales have zero points of their own.
QString zeroPointText(const QuantizerParameters &parameters)
{
    if (parameters.zeroPoints.empty())
        return Texts::number(double(parameters.zeroPoint));
    const auto [least, most] = std::minmax_element(parameters.zeroPoints.begin(), parameters.zeroPoints.end());
    return ChannelRangesPlot::tr("%1 to %2").arg(Texts::number(double(*least)), Texts::number(double(*most)));
}

} // namespace

ChannelRangesPlot::ChannelRangesPlot(QWidget *parent) : PlotView(parent)
{
}

QString ChannelRangesPlot::viewName() const
{
    return QStringLiteral("channels");
}

QString ChannelRangesPlot::viewTitle() const
{
    return tr("Channels");
}

QString ChannelRangesPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Run a calibration to see the range of every channel.");
    const TapRecord *record = selectedRecord();
    if (!record)
        return tr("Select a layer in the model tree or in a plot to see its channels.");
    const QString path = QString::fromStdString(record->tap.path);
    if (!record->statistics.observed || record->statistics.channelMinimum.empty())
        return tr("No values of %1 were observed in this run.").arg(path);
    if (rangesAlong(run()->model, *record, m_axis).size() > 0)
        return {};
    return m_axis == RangeAxis::Heads
             ? tr("%1 has no attention heads: select qkv, scores, softmax or context, or choose “by channel” above.").arg(path)
             : tr("No ranges of the tokens of %1 are known: it has none, or the run was made before they were observed.").arg(path);
}

QString ChannelRangesPlot::axisTitle(RangeAxis axis)
{
    switch (axis) {
    case RangeAxis::Channels: return tr("by channel");
    case RangeAxis::Tokens: return tr("by token");
    case RangeAxis::Heads: return tr("by head");
    }
    return {};
}

void ChannelRangesPlot::setAxis(RangeAxis axis)
{
    if (axis == m_axis)
        return;
    m_axis = axis;
    redraw(false);
}

void ChannelRangesPlot::setOrder(ChannelOrder order)
{
    if (order == m_channelOrder)
        return;
    m_channelOrder = order;
    redraw(false);
}

void ChannelRangesPlot::draw(const PlotTheme &theme)
{
    const TapRecord &record = *selectedRecord();
    m_order = orderedPlaces(rangesAlong(run()->model, record, m_axis), m_channelOrder);
    m_panels.clear();
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    x->setRange(-0.5, static_cast<double>(m_order.size()) - 0.5);
    if (m_channelOrder == ChannelOrder::Index)
        linkPlaces(x, placeName(m_axis), m_order.size());
    QStringList names; // few enough to fit are those of q, k and v alone
    if (m_axis == RangeAxis::Heads && record.tap.role == Role::Qkv && m_order.size() <= kFewHeads)
        for (int i = 0; i < static_cast<int>(m_order.size()); ++i)
            names << Texts::place(run()->model, record, m_axis, i);
    x->setTicker(QSharedPointer<ChannelTicker>::create(m_order, names));
    x->setSubTicks(false);
    addPanel(record, mainRect(), theme);
    const int partner = m_axis == RangeAxis::Channels ? operatorPartner(*run(), selectedTap()) : -1;
    const TapRecord *other = partner >= 0 ? &run()->taps[static_cast<size_t>(partner)] : nullptr;
    if (other && other->statistics.channelMinimum.size() == m_order.size()) {
        QCPAxisRect *rect = addRect(RectPlace::BelowSharingX, 0.7, theme);
        rect->axis(QCPAxis::atBottom)->setTicker(x->ticker());
        rect->axis(QCPAxis::atBottom)->setSubTicks(false);
        addPanel(*other, rect, theme);
    }
    m_factorsRect = nullptr;
    if (m_axis == RangeAxis::Channels && factors().size() == m_order.size())
        drawFactors(theme);
    nameTokens(theme);
    QString label = Texts::rangeAxis(record.tap, m_axis);
    switch (m_channelOrder) {
    case ChannelOrder::Index: break;
    case ChannelOrder::Range: label = tr("%1, widest range first").arg(label); break;
    case ChannelOrder::Magnitude: label = tr("%1, largest magnitude first").arg(label); break;
    case ChannelOrder::Error: label = tr("%1, lowest SQNR first").arg(label); break;
    }
    QCPAxisRect *lowest = m_factorsRect ? m_factorsRect : m_panels.back().rect;
    for (const Panel &panel : m_panels)
        panel.rect->axis(QCPAxis::atBottom)->setTickLabels(panel.rect == lowest);
    lowest->axis(QCPAxis::atBottom)->setLabel(label);
    const QString path = QString::fromStdString(record.tap.path);
    switch (m_axis) {
    case RangeAxis::Channels: setPlotTitle(tr("%1: channel by channel").arg(path)); break;
    case RangeAxis::Tokens: setPlotTitle(tr("%1: token by token").arg(path)); break;
    case RangeAxis::Heads: setPlotTitle(tr("%1: head by head").arg(path)); break;
    }
    QString text = caption(m_panels.front());
    if (m_axis != RangeAxis::Channels) {
        const std::vector<int> widest = orderedPlaces(m_panels.front().ranges, ChannelOrder::Range);
        text += QLatin1Char(' ') + tr("Widest: %1.").arg(Texts::place(run()->model, record, m_axis, widest.front()));
    }
    setCaption(text);
}

void ChannelRangesPlot::addPanel(const TapRecord &record, QCPAxisRect *rect, const PlotTheme &theme)
{
    Panel panel;
    panel.record = &record;
    panel.rect = rect;
    panel.ranges = rangesAlong(run()->model, record, m_axis);
    panel.quantized = levelsAlong(run()->model, record, m_axis);
    panel.clipped = m_axis == RangeAxis::Channels ? clippedChannels(record.statistics, record.parameters)
                                                  : clippedPlaces(panel.ranges, panel.quantized, record.parameters);
    m_panels.push_back(std::move(panel));
    drawPanel(m_panels.back(), theme);
}

void ChannelRangesPlot::nameTokens(const PlotTheme &theme)
{
    if (m_axis != RangeAxis::Tokens)
        return;
    const TapRecord &record = *selectedRecord();
    const TapStatistics &statistics = record.statistics;
    for (size_t place = 0; place < m_order.size(); ++place) {
        const TokenPlace::Kind kind = tokenPlace(run()->model, statistics.tokenWindows, m_order.size(),
                                                 static_cast<size_t>(m_order[place]))
                                          .kind;
        if (kind == TokenPlace::Kind::Class || kind == TokenPlace::Kind::Distillation)
            addLabel(mainRect(), static_cast<double>(place),
                     static_cast<double>(statistics.tokenMaximum[static_cast<size_t>(m_order[place])]),
                     Texts::place(run()->model, record, m_axis, m_order[place]), theme.text,
                     (place * 2 < m_order.size() ? Qt::AlignLeft : Qt::AlignRight)
                         | (kind == TokenPlace::Kind::Class ? Qt::AlignBottom : Qt::AlignTop));
    }
}

void ChannelRangesPlot::drawPanel(Panel &panel, const PlotTheme &theme)
{
    const AxisRanges &ranges = panel.ranges;
    const size_t channels = m_order.size();
    QCPAxis *x = panel.rect->axis(QCPAxis::atBottom);
    QCPAxis *y = panel.rect->axis(QCPAxis::atLeft);
    y->setLabel(panel.record->tap.kind == TapKind::Weight ? tr("Weight") : tr("Value"));

    const bool steps = channels <= kFewChannels;
    double low = 0;
    double high = 0;
    const auto addLine = [&](const QString &id, const QString &label, const QPen &pen, auto valueOf) {
        auto *line = new QCPGraph(x, y);
        line->setName(label);
        line->setLineStyle(steps ? QCPGraph::lsStepCenter : QCPGraph::lsLine);
        const auto add = [&](double key, double value) {
            line->addData(key, std::isfinite(value) ? value : std::nan(""));
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        };
        std::vector<double> values;
        for (const int channel : m_order)
            values.push_back(valueOf(static_cast<size_t>(channel)));
        add(-0.5, values.front()); // plateaus and bands reach to the outer edges of the first and last channel
        for (size_t place = 0; place < channels; ++place) {
            const bool inPlateau = !steps && place > 0 && place + 1 < channels && values[place - 1] == values[place]
                                && values[place + 1] == values[place];
            if (!inPlateau) // one scale for all channels is a line with two ends, not with a thousand points
                add(static_cast<double>(place), values[place]);
        }
        add(static_cast<double>(channels) - 0.5, values.back());
        line->setPen(linePen(pen.color(), pen.widthF(), pen.style(), line->dataCount()));
        if (label.isEmpty() || isInLegend(id))
            line->removeFromLegend();
        addToSeries(line, id);
        return line;
    };
    const auto addBand = [&](const QString &id, const QString &label, const QPen &pen, int alpha, auto lowerOf,
                             auto upperOf) {
        QCPGraph *upper = addLine(id, label, pen, upperOf);
        QCPGraph *lower = addLine(id, QString(), pen, lowerOf);
        QColor fill = pen.color();
        fill.setAlpha(alpha);
        upper->setBrush(fill);
        upper->setAntialiasedFill(false); // its edges are drawn as lines
        upper->setChannelFillGraph(lower);
    };
    if (!panel.quantized.empty())
        addBand(QStringLiteral("quantized"), tr("Quantized range"), QPen(theme.second, 1.6, Qt::DashLine), 22,
                [&](size_t c) { return panel.quantized[c].low; }, [&](size_t c) { return panel.quantized[c].high; });
    addBand(QStringLiteral("observed"), tr("Observed minimum to maximum"), QPen(theme.first, 1.2), 80,
            [&](size_t c) { return static_cast<double>(ranges.minimum[c]); },
            [&](size_t c) { return static_cast<double>(ranges.maximum[c]); });
    if (!panel.clipped.empty()) {
        auto *marks = new MarkerGraph(x, y);
        marks->setName(m_axis == RangeAxis::Channels ? tr("Clipped channel") : tr("Clipped place"));
        marks->setLineStyle(QCPGraph::lsNone);
        marks->setScatterStyle(
            QCPScatterStyle(QCPScatterStyle::ssTriangle, QPen(theme.second, 1.2), theme.second, 7));
        for (size_t place = 0; place < channels; ++place) {
            const int c = m_order[place];
            if (!std::binary_search(panel.clipped.begin(), panel.clipped.end(), c))
                continue;
            const auto index = static_cast<size_t>(c);
            const auto largest = static_cast<double>(ranges.maximum[index]);
            marks->addData(static_cast<double>(place), largest > panel.quantized[index].high
                                                           ? largest
                                                           : static_cast<double>(ranges.minimum[index]));
        }
        if (isInLegend(QStringLiteral("clipped")))
            marks->removeFromLegend();
        addToSeries(marks, QStringLiteral("clipped"));
    }
    const double margin = high > low ? 0.06 * (high - low) : 0.5;
    y->setRange(low - margin, high + margin);
    const auto selected = std::find(m_order.begin(), m_order.end(), selectedChannel());
    if (m_axis == RangeAxis::Channels && selected != m_order.end()) {
        const auto place = static_cast<double>(selected - m_order.begin());
        addSelectionBand(panel.rect, place - 0.5, place + 0.5, theme);
    }
}

const std::vector<int> &ChannelRangesPlot::factors() const
{
    return selectedRecord()->parameters.ptfFactor;
}

void ChannelRangesPlot::drawFactors(const PlotTheme &theme)
{
    m_factorsRect = addRect(RectPlace::BelowSharingX, 0.4, theme);
    QCPAxis *x = m_factorsRect->axis(QCPAxis::atBottom);
    QCPAxis *y = m_factorsRect->axis(QCPAxis::atLeft);
    x->setTicker(mainRect()->axis(QCPAxis::atBottom)->ticker());
    x->setSubTicks(false);
    y->setLabel(tr("Factor")); // the legend says of what
    auto ticks = QSharedPointer<QCPAxisTickerText>::create();
    for (int exponent = 0; exponent <= 3; ++exponent)
        ticks->addTick(exponent, QString::number(1 << exponent));
    y->setTicker(ticks);
    y->setRange(-0.4, 3.4);
    auto *line = new QCPGraph(x, y);
    line->setName(tr("PTF factor"));
    line->setLineStyle(QCPGraph::lsStepCenter);
    line->setPen(QPen(theme.third, 1.2));
    for (size_t place = 0; place < m_order.size(); ++place)
        line->addData(static_cast<double>(place), factors()[static_cast<size_t>(m_order[place])]);
    addToSeries(line, QStringLiteral("factors"));
    const auto selected = std::find(m_order.begin(), m_order.end(), selectedChannel());
    if (selected != m_order.end()) {
        const auto place = static_cast<double>(selected - m_order.begin());
        addSelectionBand(m_factorsRect, place - 0.5, place + 0.5, theme);
    }
}

QString ChannelRangesPlot::caption(const Panel &panel) const
{
    const TapRecord &record = *panel.record;
    const QuantizerParameters &parameters = record.parameters;
    QString text;
    if (panel.quantized.empty()) {
        text = tr("This tap stays in float.");
    } else if (parameters.kind == QuantizerKind::TwinUniform) {
        text = tr("%1, %2 bit; steps of %3 for small or negative values, %4 for the others.")
                   .arg(Texts::setting(record.setting))
                   .arg(parameters.bits)
                   .arg(Texts::number(double(parameters.lowScale), 3),
                        Texts::number(double(parameters.scale.front()), 3));
    } else if (parameters.kind != QuantizerKind::Uniform) {
        text = tr("%1, %2 bit: powers of two from 1 down, no range to choose.")
                   .arg(Texts::setting(record.setting))
                   .arg(parameters.bits);
    } else {
        const auto [least, most] = std::minmax_element(parameters.scale.begin(), parameters.scale.end());
        text = parameters.scale.size() > 1
                 ? tr("%1, %2 bit; scales %3 to %4, zero point %5.")
                       .arg(Texts::setting(record.setting))
                       .arg(parameters.bits)
                       .arg(Texts::number(double(*least), 3), Texts::number(double(*most), 3),
                            Texts::number(double(parameters.zeroPoint)))
                 : tr("%1, %2 bit; scale %3, zero point %4.")
                       .arg(Texts::setting(record.setting))
                       .arg(parameters.bits)
                       .arg(Texts::number(double(*least), 3), zeroPointText(parameters));
        if (!panel.clipped.empty() && m_axis == RangeAxis::Channels)
            text += QLatin1Char(' ') + tr("Clipped channels: %1 of %2.").arg(panel.clipped.size()).arg(m_order.size());
        if (record.error.measured && record.error.quantized)
            text += QLatin1Char(' ')
                  + tr("Clipped values: %1.").arg(Texts::percent(100 * record.error.clippedShare, 3));
    }
    return text;
}

int ChannelRangesPlot::channelAt(QPointF position) const
{
    return m_axis == RangeAxis::Channels ? indexAt(position) : -1;
}

int ChannelRangesPlot::indexAt(QPointF position) const
{
    if (isEmpty())
        return -1;
    std::vector<QCPAxisRect *> rects;
    for (const Panel &panel : m_panels)
        rects.push_back(panel.rect);
    if (m_factorsRect)
        rects.push_back(m_factorsRect);
    for (const QCPAxisRect *rect : rects) {
        if (!rect->rect().contains(position.toPoint()))
            continue;
        const double place = std::round(rect->axis(QCPAxis::atBottom)->pixelToCoord(position.x()));
        return place >= 0 && place < static_cast<double>(m_order.size()) ? m_order[static_cast<size_t>(place)] : -1;
    }
    return -1;
}

QString ChannelRangesPlot::placeText(const Panel &panel, int index) const
{
    const auto c = static_cast<size_t>(index);
    const AxisRanges &ranges = panel.ranges;
    const QuantizerParameters &parameters = panel.record->parameters;
    QString text = tr("observed %1 to %2")
                       .arg(Texts::number(double(ranges.minimum[c])), Texts::number(double(ranges.maximum[c])));
    if (c < panel.quantized.size()) {
        const LevelRange &range = panel.quantized[c];
        text += QStringLiteral(" · ")
              + tr("quantized %1 to %2").arg(Texts::number(range.low), Texts::number(range.high));
        if (m_axis == RangeAxis::Channels && !parameters.scale.empty())
            text += tr(", scale %1").arg(Texts::number(scaleOf(parameters, index, ranges.size())));
        if (m_axis == RangeAxis::Channels && c < parameters.ptfFactor.size())
            text += tr(", PTF factor %1").arg(1 << parameters.ptfFactor[c]);
        const double outside
            = clippedRangeShare(double(ranges.minimum[c]), double(ranges.maximum[c]), range.low, range.high);
        if (outside > 0.001)
            text += tr(", %1 of the observed range outside").arg(Texts::percent(100 * outside, 1));
    }
    if (c < ranges.isolated.size())
        text += QStringLiteral(" · ") + tr("SQNR %1 dB").arg(Texts::number(ranges.isolated[c].sqnrDb, 3));
    return text;
}

QString ChannelRangesPlot::readout(QPointF position) const
{
    const int index = indexAt(position);
    if (index < 0)
        return {};
    QStringList parts{Texts::place(run()->model, *selectedRecord(), m_axis, index)};
    for (const Panel &panel : m_panels)
        parts << (m_panels.size() > 1 ? QStringLiteral("%1: %2").arg(shortTapName(panel.record->tap),
                                                                     placeText(panel, index))
                                      : placeText(panel, index));
    return parts.join(QStringLiteral(" · "));
}

PlotTable ChannelRangesPlot::visibleData() const
{
    PlotTable table;
    const bool channels = m_axis == RangeAxis::Channels;
    table.header = {placeName(m_axis)};
    if (!channels)
        table.header << QStringLiteral("name");
    table.columnSeries.resize(table.header.size());
    for (const Panel &panel : m_panels) {
        // The selected tap's columns need no prefix: it is what the plot is about.
        const QString prefix = panel.record == selectedRecord() ? QString()
                                                                : shortTapName(panel.record->tap) + QLatin1Char(' ');
        for (const char *column : {"minimum", "maximum", "quantized_low", "quantized_high", "sqnr_db"})
            table.header << prefix + QLatin1String(column);
        table.columnSeries << QStringLiteral("observed") << QStringLiteral("observed") << QStringLiteral("quantized")
                           << QStringLiteral("quantized") << QString();
    }
    if (m_factorsRect) {
        table.header << QStringLiteral("ptf_factor");
        table.columnSeries << QStringLiteral("factors");
    }
    const QCPRange visible = mainRect()->axis(QCPAxis::atBottom)->range();
    for (size_t place = 0; place < m_order.size(); ++place) {
        if (!visible.contains(static_cast<double>(place)))
            continue;
        const auto c = static_cast<size_t>(m_order[place]);
        QStringList row{QString::number(c)};
        if (!channels)
            row << Texts::place(run()->model, *selectedRecord(), m_axis, m_order[place]);
        for (const Panel &panel : m_panels) {
            const bool quantized = c < panel.quantized.size();
            const std::vector<ErrorMetrics> &errors = panel.ranges.isolated;
            row << tableNumber(double(panel.ranges.minimum[c])) << tableNumber(double(panel.ranges.maximum[c]))
                << (quantized ? tableNumber(panel.quantized[c].low) : QString())
                << (quantized ? tableNumber(panel.quantized[c].high) : QString())
                << (c < errors.size() ? tableNumber(errors[c].sqnrDb) : QString());
        }
        if (m_factorsRect)
            row << QString::number(1 << factors()[c]);
        table.rows.push_back(row);
    }
    return table;
}

} // namespace quantoscope
