// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/channel_ranges_plot.h"

#include "views/models/texts.h"

#include <qcustomplot.h>

#include <cmath>

namespace quantoscope {

namespace {

constexpr int kFewChannels = 96; ///< up to here every channel is a step of its own

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
    return tr("Channels of a layer");
}

QString ChannelRangesPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Run a calibration to see the range of every channel.");
    const TapRecord *record = selectedRecord();
    if (!record)
        return tr("Select a layer in the model tree or in a plot to see its channels.");
    if (!record->statistics.observed || record->statistics.channelMinimum.empty())
        return tr("No values of %1 were observed in this run.").arg(QString::fromStdString(record->tap.path));
    return {};
}

void ChannelRangesPlot::draw(const PlotTheme &theme)
{
    const TapRecord &record = *selectedRecord();
    const TapStatistics &statistics = record.statistics;
    const auto channels =
        static_cast<int>(std::min(statistics.channelMinimum.size(), statistics.channelMaximum.size()));
    m_quantized = quantizedRanges(record.parameters, channels);

    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    const bool heads = record.tap.role == Role::AttentionWeights || record.tap.role == Role::Scores
                    || record.tap.role == Role::AttentionOperand || record.tap.role == Role::PositionBias;
    x->setLabel(heads ? tr("Head") : record.tap.kind == TapKind::Weight ? tr("Output channel") : tr("Channel"));
    y->setLabel(tr("Value"));

    const bool steps = channels <= kFewChannels;
    double low = 0;
    double high = 0;
    const auto addLine = [&](const QString &label, const QPen &pen, auto valueOf) {
        auto *line = new QCPGraph(x, y);
        line->setName(label);
        line->setPen(pen);
        line->setLineStyle(steps ? QCPGraph::lsStepCenter : QCPGraph::lsLine);
        const auto add = [&](double key, int channel) {
            const double value = valueOf(channel);
            line->addData(key, std::isfinite(value) ? value : std::nan(""));
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        };
        add(-0.5, 0); // plateaus and bands reach to the outer edges of the first and last channel
        for (int c = 0; c < channels; ++c)
            add(c, c);
        add(channels - 0.5, channels - 1);
        return line;
    };
    const auto fillBetween = [](QCPGraph *upper, QCPGraph *lower, QColor color, int alpha) {
        color.setAlpha(alpha);
        upper->setBrush(color);
        upper->setChannelFillGraph(lower);
    };
    if (!m_quantized.empty()) {
        const QPen pen(theme.second, 1.6, Qt::DashLine);
        QCPGraph *lower = addLine(QString(), pen, [&](int c) { return m_quantized[static_cast<size_t>(c)].low; });
        lower->removeFromLegend();
        QCPGraph *upper =
            addLine(tr("Quantized range"), pen, [&](int c) { return m_quantized[static_cast<size_t>(c)].high; });
        fillBetween(upper, lower, theme.second, 22);
    }
    const QPen pen(theme.first, 1.2);
    QCPGraph *minimum =
        addLine(QString(), pen, [&](int c) { return double(statistics.channelMinimum[static_cast<size_t>(c)]); });
    minimum->removeFromLegend();
    QCPGraph *maximum = addLine(tr("Observed minimum to maximum"), pen,
                                [&](int c) { return double(statistics.channelMaximum[static_cast<size_t>(c)]); });
    fillBetween(maximum, minimum, theme.first, 80);

    const std::vector<int> clipped = clippedChannels(statistics, record.parameters);
    if (!clipped.empty()) {
        auto *marks = new QCPGraph(x, y);
        marks->setName(tr("Clipped channel"));
        marks->setLineStyle(QCPGraph::lsNone);
        marks->setScatterStyle(
            QCPScatterStyle(QCPScatterStyle::ssTriangle, QPen(theme.second, 1.2), theme.second, 7));
        for (const int c : clipped) {
            const auto index = static_cast<size_t>(c);
            const auto largest = static_cast<double>(statistics.channelMaximum[index]);
            marks->addData(c, largest > m_quantized[index].high
                                  ? largest
                                  : static_cast<double>(statistics.channelMinimum[index]));
        }
    }
    x->setRange(-0.5, channels - 0.5);
    const double margin = high > low ? 0.06 * (high - low) : 0.5;
    y->setRange(low - margin, high + margin);
    auto integers = QSharedPointer<QCPAxisTickerFixed>::create();
    integers->setScaleStrategy(QCPAxisTickerFixed::ssMultiples);
    x->setTicker(integers);
    x->setSubTicks(false);

    setPlotTitle(tr("%1: channel by channel").arg(QString::fromStdString(record.tap.path)));
    const QuantizerParameters &parameters = record.parameters;
    QString caption;
    if (m_quantized.empty()) {
        caption = tr("This tap stays in float.");
    } else if (parameters.kind == QuantizerKind::TwinUniform) {
        caption = tr("%1, %2 bit; steps of %3 for small or negative values, %4 for the others.")
                      .arg(Texts::setting(record.setting))
                      .arg(parameters.bits)
                      .arg(Texts::number(double(parameters.lowScale), 3),
                           Texts::number(double(parameters.scale.front()), 3));
    } else if (parameters.kind != QuantizerKind::Uniform) {
        caption = tr("%1, %2 bit: powers of two from 1 down, no range to choose.")
                      .arg(Texts::setting(record.setting))
                      .arg(parameters.bits);
    } else {
        const auto [least, most] = std::minmax_element(parameters.scale.begin(), parameters.scale.end());
        caption = parameters.scale.size() > 1
                    ? tr("%1, %2 bit; scales %3 to %4, zero point %5.")
                          .arg(Texts::setting(record.setting))
                          .arg(parameters.bits)
                          .arg(Texts::number(double(*least), 3), Texts::number(double(*most), 3),
                               zeroPointText(parameters))
                    : tr("%1, %2 bit; scale %3, zero point %4.")
                          .arg(Texts::setting(record.setting))
                          .arg(parameters.bits)
                          .arg(Texts::number(double(*least), 3), zeroPointText(parameters));
        if (!clipped.empty())
            caption += QLatin1Char(' ') + tr("Clipped channels: %1 of %2.").arg(clipped.size()).arg(channels);
    }
    setCaption(caption);
}

QString ChannelRangesPlot::readout(QPointF position) const
{
    if (isEmpty() || !mainRect()->rect().contains(position.toPoint()))
        return {};
    const TapRecord &record = *selectedRecord();
    const auto channel =
        static_cast<int>(std::lround(mainRect()->axis(QCPAxis::atBottom)->pixelToCoord(position.x())));
    if (channel < 0 || static_cast<size_t>(channel) >= record.statistics.channelMinimum.size())
        return {};
    const auto c = static_cast<size_t>(channel);
    QString text = tr("channel %1 · observed %2 to %3")
                       .arg(channel)
                       .arg(Texts::number(double(record.statistics.channelMinimum[c])),
                            Texts::number(double(record.statistics.channelMaximum[c])));
    if (c < m_quantized.size()) {
        text +=
            QStringLiteral(" · ")
            + tr("quantized %1 to %2").arg(Texts::number(m_quantized[c].low), Texts::number(m_quantized[c].high));
        if (!record.parameters.scale.empty())
            text += tr(", scale %1").arg(Texts::number(scaleOf(record.parameters, channel, record.statistics.channelMinimum.size())));
    }
    return text;
}

PlotTable ChannelRangesPlot::visibleData() const
{
    const TapRecord &record = *selectedRecord();
    PlotTable table;
    table.header = {QStringLiteral("channel"), QStringLiteral("minimum"), QStringLiteral("maximum"),
                    QStringLiteral("quantized_low"), QStringLiteral("quantized_high")};
    const QCPRange visible = mainRect()->axis(QCPAxis::atBottom)->range();
    for (size_t c = 0; c < record.statistics.channelMinimum.size(); ++c) {
        if (!visible.contains(static_cast<double>(c)))
            continue;
        const bool quantized = c < m_quantized.size();
        table.rows.push_back({QString::number(c), tableNumber(double(record.statistics.channelMinimum[c])),
                              tableNumber(double(record.statistics.channelMaximum[c])),
                              quantized ? tableNumber(m_quantized[c].low) : QString(),
                              quantized ? tableNumber(m_quantized[c].high) : QString()});
    }
    return table;
}

} // namespace quantoscope
