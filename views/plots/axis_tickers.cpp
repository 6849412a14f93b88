// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/axis_tickers.h"

#include "views/models/texts.h"

#include <cmath>

namespace quantoscope {

namespace {
constexpr double kFewDecades = 2.1;
constexpr int kMarginPixels = 70;
} // namespace

QVector<double> DecadeTicker::createTickVector(double tickStep, const QCPRange &range)
{
    if (range.lower <= 0 || std::log10(range.upper / range.lower) >= kFewDecades) {
        QVector<double> powers = QCPAxisTickerLog::createTickVector(tickStep, range);
        // More powers than fit are thinned evenly, counted from 10^0 so that panning does not change the choice.
        const int step = std::max(1, static_cast<int>(std::ceil(std::log10(range.upper / range.lower) / 9)));
        powers.erase(
            std::remove_if(powers.begin(), powers.end(),
                           [step](double v) { return static_cast<int>(std::lround(std::log10(v))) % step != 0; }),
            powers.end());
        return powers;
    }
    QVector<double> ticks;
    for (double decade = std::pow(10, std::floor(std::log10(range.lower))); decade <= range.upper; decade *= 10)
        for (const double factor : {1.0, 2.0, 5.0})
            ticks << decade * factor;
    return ticks;
}

QVector<double> DecadeTicker::createSubTickVector(int, const QVector<double> &ticks)
{
    QVector<double> subTicks;
    if (ticks.size() < 2)
        return subTicks;
    const double step = ticks[1] / ticks[0];
    if (std::abs(step - 10) > 1e-6)
        return subTicks;
    for (const double tick : ticks)
        for (int factor = 2; factor < 10; ++factor)
            subTicks << tick * factor;
    return subTicks;
}

QString DecadeTicker::getTickLabel(double tick, const QLocale &locale, QChar formatChar, int precision)
{
    const bool plain = tick > 0.9e-3 && tick < 1.1e4;
    return plain ? QCPAxisTickerLog::getTickLabel(tick, locale, formatChar, precision)
                 : QCPAxisTickerLog::getTickLabel(tick, locale, QLatin1Char('e'),
                                                  0); // the axis draws it as a power of ten
}

LayerTicker::LayerTicker(std::vector<Layer> layers, const QCPAxis *axis)
    : m_layers(std::move(layers)), m_axis(axis)
{
}

QVector<double> LayerTicker::createTickVector(double, const QCPRange &range)
{
    const QFontMetrics metrics(m_axis->tickLabelFont());
    // Ticks are chosen before the first layout, when the axis rect has no width yet: the plot's less the margins is close.
    const int pixels = m_axis->axisRect()->parentPlot()->viewport().width() - kMarginPixels;
    const int groupPixels = metrics.horizontalAdvance(QStringLiteral("B000"));
    const int first = std::max(0, static_cast<int>(std::ceil(range.lower)));
    const int last = std::min(static_cast<int>(m_layers.size()) - 1, static_cast<int>(std::floor(range.upper)));
    QVector<double> ticks;
    int namePixels = groupPixels;
    for (int i = first; i <= last; ++i)
        namePixels = std::max(namePixels,
                              metrics.horizontalAdvance(m_layers[static_cast<size_t>(i)].name) + metrics.height());
    m_named = (last - first + 1) * namePixels <= pixels;
    if (m_named) {
        for (int i = first; i <= last; ++i)
            ticks << i;
        return ticks;
    }
    QVector<double> starts;
    for (int i = first; i <= last; ++i)
        if (i == 0 || m_layers[static_cast<size_t>(i)].group != m_layers[static_cast<size_t>(i - 1)].group)
            starts << i;
    const double pixelsPerLayer = pixels / std::max(range.size(), 1e-9);
    double nextFree = -1e9;
    for (const double start : starts) {
        if (start * pixelsPerLayer < nextFree)
            continue;
        ticks << start;
        nextFree = start * pixelsPerLayer + groupPixels;
    }
    return ticks;
}

QVector<double> LayerTicker::createSubTickVector(int, const QVector<double> &)
{
    return {};
}

QString LayerTicker::getTickLabel(double tick, const QLocale &, QChar, int)
{
    const auto layer = static_cast<size_t>(std::lround(tick));
    if (tick < 0 || layer >= m_layers.size())
        return {};
    return m_named ? m_layers[layer].name : m_layers[layer].group;
}

void setLayerAxis(QCPAxis *axis, const RunRecord &run, const std::vector<int> &taps)
{
    std::vector<LayerTicker::Layer> layers;
    std::vector<Tap> all;
    for (const TapRecord &record : run.taps)
        all.push_back(record.tap);
    const std::vector<LayerPlace> places = placesOf(all);
    for (const int index : taps) {
        const Tap &tap = all[static_cast<size_t>(index)];
        QString group = QStringLiteral("B%1").arg(tap.block);
        if (tap.block < 0 && places[static_cast<size_t>(index)] == LayerPlace::BeforeBlocks)
            group = QCoreApplication::translate("quantoscope::LayerAxis", "in", "layers before the blocks");
        else if (tap.block < 0 && places[static_cast<size_t>(index)] == LayerPlace::AfterBlocks)
            group = QCoreApplication::translate("quantoscope::LayerAxis", "out", "layers after the blocks");
        else if (tap.block < 0)
            group = QStringLiteral("↓"); // patch merging
        layers.push_back({group, compactTapName(tap)});
    }
    const auto count = static_cast<double>(layers.size());
    axis->setTicker(QSharedPointer<LayerTicker>::create(std::move(layers), axis));
    axis->setRange(-0.8, count - 0.2);
    axis->setLabel(
        QCoreApplication::translate("quantoscope::LayerAxis", "Layer in network order (B: transformer block)"));
}

} // namespace quantoscope
