// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/tap_error_plot.h"

#include "views/models/texts.h"
#include "views/plots/error_plot.h"

#include <qcustomplot.h>

#include <cmath>

namespace quantoscope {

namespace {

constexpr size_t kNamedPlaces = 4;
constexpr size_t kFewPlaces = 96; ///< up to here every place has a marker

} // namespace

TapErrorPlot::TapErrorPlot(QWidget *parent) : PlotView(parent)
{
}

QString TapErrorPlot::viewName() const
{
    return QStringLiteral("tap-error");
}

QString TapErrorPlot::viewTitle() const
{
    return tr("Layer error");
}

void TapErrorPlot::setFigure(ErrorFigure figure)
{
    if (figure == m_figure)
        return;
    m_figure = figure;
    redraw(false);
}

QString TapErrorPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Run a quantized evaluation to see which channels and tokens lose the most.");
    const TapRecord *record = selectedRecord();
    if (!record)
        return tr("Select a layer in the model tree or in a plot to see the error of its channels and tokens.");
    const TapError &error = record->error;
    if (error.channelIsolated.empty() && error.channelCumulative.empty() && error.tokenIsolated.empty()
        && error.tokenCumulative.empty())
        return tr("No error of %1 was measured per channel: switch on “Measure error per layer” and run again, or "
                  "choose a quantized layer.")
            .arg(QString::fromStdString(record->tap.path));
    return {};
}

void TapErrorPlot::draw(const PlotTheme &theme)
{
    const TapRecord &record = *selectedRecord();
    const TapError &error = record.error;
    m_panels.clear();
    const auto add = [&](const QString &place, const QString &title, const std::vector<ErrorMetrics> &isolated,
                         const std::vector<ErrorMetrics> &cumulative) {
        if (isolated.empty() && cumulative.empty())
            return;
        Panel panel;
        panel.rect = m_panels.empty() ? mainRect() : addRect(RectPlace::Below, 1, theme);
        panel.place = place;
        panel.title = title;
        panel.isolated = errorFigures(error.quantized ? isolated : std::vector<ErrorMetrics>(), m_figure);
        panel.cumulative = errorFigures(cumulative, m_figure);
        m_panels.push_back(std::move(panel));
        drawPanel(m_panels.back(), theme);
    };
    add(placeName(RangeAxis::Channels), Texts::channelAxis(record.tap), error.channelIsolated, error.channelCumulative);
    add(placeName(RangeAxis::Tokens), tr("Token"), error.tokenIsolated, error.tokenCumulative);
    setPlotTitle(tr("%1: error per channel and token").arg(QString::fromStdString(record.tap.path)));
    QStringList caption{tr("Images measured: %1.").arg(run()->analysisImages)};
    if (error.quantized && error.codesUsed > 0)
        caption << tr("Codes used: %1, entropy %2 bit of %3.")
                       .arg(error.codesUsed)
                       .arg(Texts::number(error.codeEntropyBits, 3))
                       .arg(record.parameters.bits);
    setCaption(caption.join(QLatin1Char(' ')));
}

void TapErrorPlot::drawPanel(Panel &panel, const PlotTheme &theme)
{
    QCPAxis *x = panel.rect->axis(QCPAxis::atBottom);
    QCPAxis *y = panel.rect->axis(QCPAxis::atLeft);
    x->setLabel(panel.title);
    y->setLabel(ErrorPlot::figureTitle(m_figure));
    if (isLogScale())
        setLogarithmic(y);
    const size_t places = std::max(panel.isolated.size(), panel.cumulative.size());
    double low = std::numeric_limits<double>::max();
    double high = std::numeric_limits<double>::lowest();
    const auto addLine = [&](const QString &id, const QString &label, const std::vector<double> &values,
                             const QColor &color, Qt::PenStyle style, QCPScatterStyle::ScatterShape shape) {
        if (values.empty())
            return;
        auto *line = new QCPGraph(x, y);
        line->setName(label);
        line->setPen(linePen(color, 1.2, style, static_cast<int>(values.size())));
        if (places <= kFewPlaces)
            line->setScatterStyle(QCPScatterStyle(shape, QPen(color, 1.2), QBrush(theme.background), 5));
        for (size_t i = 0; i < values.size(); ++i) {
            line->addData(static_cast<double>(i), values[i]);
            if (!std::isnan(values[i])) {
                low = std::min(low, values[i]);
                high = std::max(high, values[i]);
            }
        }
        if (isInLegend(id))
            line->removeFromLegend();
        addToSeries(line, id);
    };
    addLine(QStringLiteral("cumulative"), tr("Whole network up to here"), panel.cumulative, theme.second, Qt::DashLine,
            QCPScatterStyle::ssSquare);
    addLine(QStringLiteral("isolated"), tr("This layer alone"), panel.isolated, theme.first, Qt::SolidLine,
            QCPScatterStyle::ssDisc);
    if (low > high) {
        low = 0.1;
        high = 1;
    }
    const double margin = std::max(high - low, m_figure == ErrorFigure::SqnrDb ? 1.0 : 0.0);
    if (isLogScale())
        y->setRange(low / 2, high * 2);
    else
        y->setRange(low - 0.16 * margin, high + 0.1 * margin);
    x->setRange(-0.6, static_cast<double>(places) - 0.4);
    linkPlaces(x, panel.place, places);
    auto integers = QSharedPointer<QCPAxisTickerFixed>::create();
    integers->setScaleStrategy(QCPAxisTickerFixed::ssMultiples);
    x->setTicker(integers);
    x->setSubTicks(false);

    const std::vector<double> &ranked = panel.isolated.empty() ? panel.cumulative : panel.isolated;
    std::vector<size_t> order;
    for (size_t i = 0; i < ranked.size(); ++i)
        if (!std::isnan(ranked[i]))
            order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return isWorse(ranked[a], ranked[b], m_figure); });
    const double reach = 0.04 * static_cast<double>(places); // closer names would overlap
    std::vector<double> named;
    for (const size_t i : order) {
        const auto place = static_cast<double>(i);
        const bool free = std::none_of(named.begin(), named.end(),
                                       [&](double other) { return std::abs(other - place) < reach; });
        if (!free || places <= kNamedPlaces)
            continue;
        named.push_back(place);
        addLabel(panel.rect, place, ranked[i], QString::number(i), theme.text,
                 Qt::AlignHCenter | (m_figure == ErrorFigure::SqnrDb ? Qt::AlignTop : Qt::AlignBottom));
        if (named.size() >= kNamedPlaces)
            break;
    }
    if (panel.place == placeName(RangeAxis::Channels) && selectedChannel() >= 0)
        addSelectionBand(panel.rect, selectedChannel() - 0.5, selectedChannel() + 0.5, theme);
}

int TapErrorPlot::channelAt(QPointF position) const
{
    for (const Panel &panel : m_panels) {
        if (isEmpty() || panel.place != placeName(RangeAxis::Channels) || !panel.rect->rect().contains(position.toPoint()))
            continue;
        const auto channel =
            static_cast<int>(std::lround(panel.rect->axis(QCPAxis::atBottom)->pixelToCoord(position.x())));
        const auto channels = static_cast<int>(std::max(panel.isolated.size(), panel.cumulative.size()));
        return channel >= 0 && channel < channels ? channel : -1;
    }
    return -1;
}

QString TapErrorPlot::readout(QPointF position) const
{
    if (isEmpty())
        return {};
    for (const Panel &panel : m_panels) {
        if (!panel.rect->rect().contains(position.toPoint()))
            continue;
        const double key = std::round(panel.rect->axis(QCPAxis::atBottom)->pixelToCoord(position.x()));
        if (key < 0 || key >= static_cast<double>(std::max(panel.isolated.size(), panel.cumulative.size())))
            return {};
        const auto place = static_cast<size_t>(key);
        QStringList parts{QStringLiteral("%1 %2").arg(panel.title).arg(place), ErrorPlot::figureTitle(m_figure)};
        if (place < panel.isolated.size())
            parts << tr("alone %1").arg(Texts::number(panel.isolated[place]));
        if (place < panel.cumulative.size())
            parts << tr("network %1").arg(Texts::number(panel.cumulative[place]));
        return parts.join(QStringLiteral(" · "));
    }
    return {};
}

PlotTable TapErrorPlot::visibleData() const
{
    PlotTable table;
    table.header = {QStringLiteral("place"), QStringLiteral("index"), QStringLiteral("isolated"),
                    QStringLiteral("cumulative")};
    table.columnSeries = {QString(), QString(), QStringLiteral("isolated"), QStringLiteral("cumulative")};
    const auto cell = [](const std::vector<double> &values, size_t i) {
        return i < values.size() && !std::isnan(values[i]) ? tableNumber(values[i]) : QString();
    };
    for (const Panel &panel : m_panels) {
        const QCPRange visible = panel.rect->axis(QCPAxis::atBottom)->range();
        for (size_t i = 0; i < std::max(panel.isolated.size(), panel.cumulative.size()); ++i)
            if (visible.contains(static_cast<double>(i)))
                table.rows.push_back(
                    {panel.place, QString::number(i), cell(panel.isolated, i), cell(panel.cumulative, i)});
    }
    return table;
}

} // namespace quantoscope
