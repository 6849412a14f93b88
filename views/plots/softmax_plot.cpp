// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/softmax_plot.h"

#include "core/analysis/quantizer_levels.h"
#include "views/models/texts.h"
#include "views/plots/axis_tickers.h"

#include <qcustomplot.h>

#include <cmath>

namespace quantoscope {

namespace {

constexpr double kLowExponent = -6;
constexpr int kBins = 120;
constexpr double kRidgeHeight = 1.5; ///< in rows: ridges overlap a little
constexpr double kSumsLow = 0.4;     ///< rows rarely add up to less or more; the range shown at first
constexpr double kSumsHigh = 1.8;

/// Rows downwards: row 0 stands at 0, row 1 at -1.
double base(size_t row)
{
    return -static_cast<double>(row);
}

/// A filled outline that stands on the base of its row, scaled so that `highest` takes kRidgeHeight.
template <typename EdgeOf>
void addRidge(QCPAxis *x, QCPAxis *y, size_t row, const std::vector<double> &counts, double highest, EdgeOf edge,
              const QPen &pen, const QColor &fill)
{
    auto *floor = new QCPGraph(x, y);
    floor->setPen(Qt::NoPen);
    floor->removeFromLegend();
    floor->addData(edge(0), base(row));
    floor->addData(edge(counts.size()), base(row));
    auto *ridge = new QCPGraph(x, y);
    ridge->setLineStyle(QCPGraph::lsStepLeft);
    ridge->setPen(pen);
    ridge->setBrush(fill);
    ridge->setChannelFillGraph(floor);
    ridge->removeFromLegend();
    for (size_t i = 0; i < counts.size(); ++i)
        ridge->addData(edge(i), base(row) + kRidgeHeight * counts[i] / std::max(highest, 1e-300));
    ridge->addData(edge(counts.size()), base(row));
}

double largestOf(const std::vector<double> &values)
{
    return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

} // namespace

SoftmaxPlot::SoftmaxPlot(QWidget *parent) : PlotView(parent)
{
}

QString SoftmaxPlot::viewName() const
{
    return QStringLiteral("softmax");
}

QString SoftmaxPlot::viewTitle() const
{
    return tr("Softmax by block");
}

QString SoftmaxPlot::tabTitle() const
{
    return tr("Softmax");
}

void SoftmaxPlot::setBits(int bits)
{
    if (bits == m_bits)
        return;
    m_bits = bits;
    redraw(true);
}

std::vector<int> SoftmaxPlot::shownTaps() const
{
    std::vector<int> taps;
    if (run())
        for (size_t i = 0; i < run()->taps.size(); ++i)
            if (run()->taps[i].tap.role == Role::AttentionWeights && !run()->taps[i].statistics.histogram.codes.empty())
                taps.push_back(static_cast<int>(i));
    return taps;
}

const TapRecord &SoftmaxPlot::recordOf(size_t row) const
{
    return run()->taps[static_cast<size_t>(m_taps[row])];
}

int SoftmaxPlot::shownBits() const
{
    const TapSetting &setting = recordOf(0).setting;
    return m_bits > 0 ? m_bits : setting.isQuantized() ? std::clamp(setting.bits, 2, 8) : 4;
}

QString SoftmaxPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Run a calibration to see the attention weights of every block.");
    return shownTaps().empty() ? tr("This run holds no attention weights.") : QString();
}

void SoftmaxPlot::draw(const PlotTheme &theme)
{
    m_taps = shownTaps();
    m_histograms.clear();
    m_sumsRect = nullptr;
    bool sums = false;
    for (size_t row = 0; row < m_taps.size(); ++row) {
        m_histograms.push_back(rebinLog(recordOf(row).statistics.histogram, kLowExponent, 0, kBins));
        sums = sums || !recordOf(row).error.rowSums.counts.empty();
    }
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    y->setRange(base(m_taps.size() - 1) - 0.6, kRidgeHeight + 0.5);
    auto names = QSharedPointer<QCPAxisTickerText>::create();
    for (size_t row = 0; row < m_taps.size(); ++row) {
        const int block = recordOf(row).tap.block;
        names->addTick(base(row), block >= 0 ? QStringLiteral("B%1").arg(block) : compactTapName(recordOf(row).tap));
    }
    y->setTicker(names);
    y->setLabel(tr("Block"));
    drawRidges(theme);
    drawLevels(theme);
    if (sums)
        drawRowSums(theme);

    setPlotTitle(tr("Attention weights by block against levels of %1 bit").arg(shownBits()));
    double below = 0;
    double all = 0;
    for (const LogHistogram &histogram : m_histograms) {
        below += histogram.below;
        all += histogram.total();
    }
    QStringList caption{tr("%1 of the weights lie under 10⁻⁶.").arg(Texts::percent(100 * below / std::max(all, 1.0), 2))};
    if (sums) {
        size_t worst = 0;
        for (size_t row = 0; row < m_taps.size(); ++row)
            if (recordOf(row).error.rowSums.meanAbsoluteError > recordOf(worst).error.rowSums.meanAbsoluteError)
                worst = row;
        const RowSums &rows = recordOf(worst).error.rowSums;
        caption << tr("Rows add up to 1 in float; farthest off: %1, mean |sum − 1| %2, sums %3 to %4.")
                       .arg(compactTapName(recordOf(worst).tap), Texts::number(rows.meanAbsoluteError, 2),
                            Texts::number(rows.lowest, 3), Texts::number(rows.highest, 3));
    }
    setCaption(caption.join(QLatin1Char(' ')));
}

void SoftmaxPlot::drawRidges(const PlotTheme &theme)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    setLogarithmic(x);
    x->setRange(std::pow(10, kLowExponent), 1.35);
    x->setLabel(tr("Attention weight"));
    for (size_t row = 0; row < m_taps.size(); ++row) {
        const bool selected = m_taps[row] == selectedTap();
        const QColor color = selected ? theme.selection : theme.neutral;
        QColor fill = color;
        fill.setAlpha(selected ? 150 : 90);
        const LogHistogram &histogram = m_histograms[row];
        addRidge(x, mainRect()->axis(QCPAxis::atLeft), row, histogram.counts, largestOf(histogram.counts),
                 [&](size_t bin) { return histogram.edge(bin); }, QPen(color, selected ? 1.6 : 1), fill);
    }
}

void SoftmaxPlot::drawLevels(const PlotTheme &theme)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    const auto addLevels = [&](const QString &id, const QString &label, const std::vector<double> &levels,
                               const QColor &color, Qt::PenStyle style, double reach) {
        auto *lines = new QCPGraph(x, y);
        lines->setName(label);
        lines->setPen(QPen(color, 1.1, style));
        for (const double level : levels)
            if (level >= std::pow(10, kLowExponent)) {
                lines->addData(level, y->range().lower);
                lines->addData(level, reach);
                lines->addData(level, std::nan("")); // a gap before the next level
            }
        addToSeries(lines, id);
    };
    const int bits = shownBits();
    const double top = y->range().upper;
    addLevels(QStringLiteral("uniform"), tr("uniform levels over 0 to 1"), quantizerLevels(uniformForRange(0, 1, bits)),
              theme.second, Qt::SolidLine, top - 0.35);
    addLevels(QStringLiteral("log2"), tr("log2 levels"), quantizerLevels(log2Quantizer(bits)), theme.first,
              Qt::DashLine, top);
}

void SoftmaxPlot::drawRowSums(const PlotTheme &theme)
{
    m_sumsRect = addRect(RectPlace::BesideSharingY, 0.55, theme);
    QCPAxis *x = m_sumsRect->axis(QCPAxis::atBottom);
    QCPAxis *y = m_sumsRect->axis(QCPAxis::atLeft);
    y->setTicker(mainRect()->axis(QCPAxis::atLeft)->ticker());
    x->setLabel(tr("Sum of a quantized row"));
    x->setRange(kSumsLow, kSumsHigh);
    x->ticker()->setTickCount(4);
    const auto edge = [](size_t bin) { return RowSums::kHighest * static_cast<double>(bin) / RowSums::kBins; };
    QColor fill = theme.third;
    fill.setAlpha(90);
    for (size_t row = 0; row < m_taps.size(); ++row) {
        const std::vector<uint64_t> &stored = recordOf(row).error.rowSums.counts;
        if (stored.empty())
            continue;
        const std::vector<double> counts(stored.begin(), stored.end());
        addRidge(x, y, row, counts, largestOf(counts), edge, QPen(theme.third, 1), fill);
    }
    auto *one = new QCPItemStraightLine(plot());
    for (QCPItemPosition *point : {one->point1, one->point2}) {
        point->setAxisRect(m_sumsRect);
        point->setAxes(x, y);
    }
    one->setClipAxisRect(m_sumsRect);
    one->setPen(QPen(theme.text, 1, Qt::DotLine));
    one->point1->setCoords(1, 0);
    one->point2->setCoords(1, 1);
}

int SoftmaxPlot::rowAt(QPointF position) const
{
    if (isEmpty())
        return -1;
    const bool inside = mainRect()->rect().contains(position.toPoint())
                     || (m_sumsRect && m_sumsRect->rect().contains(position.toPoint()));
    const double key = mainRect()->axis(QCPAxis::atLeft)->pixelToCoord(position.y());
    const auto row = static_cast<int>(std::ceil(-key - 0.2)); // a ridge stands above its base
    return inside ? std::clamp(row, 0, static_cast<int>(m_taps.size()) - 1) : -1;
}

int SoftmaxPlot::tapAt(QPointF position) const
{
    const int row = rowAt(position);
    return row < 0 ? -1 : m_taps[static_cast<size_t>(row)];
}

std::vector<int> SoftmaxPlot::selectableTaps() const
{
    return m_taps;
}

QString SoftmaxPlot::readout(QPointF position) const
{
    const int row = rowAt(position);
    if (row < 0)
        return {};
    const auto index = static_cast<size_t>(row);
    QStringList parts{QString::fromStdString(recordOf(index).tap.path)};
    const RowSums &sums = recordOf(index).error.rowSums;
    if (m_sumsRect && m_sumsRect->rect().contains(position.toPoint())) {
        const double sum = m_sumsRect->axis(QCPAxis::atBottom)->pixelToCoord(position.x());
        const double bin = std::floor(sum / RowSums::kHighest * RowSums::kBins);
        if (!sums.counts.empty() && bin >= 0 && bin < RowSums::kBins)
            parts << tr("sums %1 to %2: %3 of %4 rows")
                         .arg(Texts::number(bin * RowSums::kHighest / RowSums::kBins, 4),
                              Texts::number((bin + 1) * RowSums::kHighest / RowSums::kBins, 4))
                         .arg(sums.counts[static_cast<size_t>(bin)])
                         .arg(sums.rows);
    } else {
        const double value = mainRect()->axis(QCPAxis::atBottom)->pixelToCoord(position.x());
        const LogHistogram &histogram = m_histograms[index];
        for (size_t bin = 0; bin < histogram.counts.size(); ++bin)
            if (value >= histogram.edge(bin) && value < histogram.edge(bin + 1))
                parts << tr("%1 to %2: %3 of the values")
                             .arg(Texts::number(histogram.edge(bin), 3), Texts::number(histogram.edge(bin + 1), 3),
                                  Texts::percent(100 * histogram.counts[bin] / std::max(histogram.total(), 1.0), 3));
    }
    if (sums.rows > 0)
        parts << tr("mean |sum − 1| %1").arg(Texts::number(sums.meanAbsoluteError, 3));
    return parts.join(QStringLiteral(" · "));
}

PlotTable SoftmaxPlot::visibleData() const
{
    PlotTable table;
    table.header = {QStringLiteral("tap"), QStringLiteral("quantity"), QStringLiteral("low"), QStringLiteral("high"),
                    QStringLiteral("share")};
    const QCPRange rows = mainRect()->axis(QCPAxis::atLeft)->range();
    const QCPRange values = mainRect()->axis(QCPAxis::atBottom)->range();
    for (size_t row = 0; row < m_taps.size(); ++row) {
        if (!rows.contains(base(row)))
            continue;
        const QString path = QString::fromStdString(recordOf(row).tap.path);
        const auto add = [&](const QString &quantity, double low, double high, double share) {
            table.rows.push_back({path, quantity, tableNumber(low), tableNumber(high), tableNumber(share)});
        };
        const LogHistogram &histogram = m_histograms[row];
        const double all = std::max(histogram.total(), 1.0);
        for (size_t bin = 0; bin < histogram.counts.size(); ++bin)
            if (histogram.edge(bin + 1) > values.lower && histogram.edge(bin) < values.upper)
                add(QStringLiteral("weight"), histogram.edge(bin), histogram.edge(bin + 1), histogram.counts[bin] / all);
        const RowSums &sums = recordOf(row).error.rowSums;
        if (!m_sumsRect)
            continue;
        const QCPRange shown = m_sumsRect->axis(QCPAxis::atBottom)->range();
        const double width = RowSums::kHighest / RowSums::kBins;
        for (size_t bin = 0; bin < sums.counts.size(); ++bin)
            if (shown.contains(width * (static_cast<double>(bin) + 0.5)))
                add(QStringLiteral("row_sum"), width * static_cast<double>(bin), width * static_cast<double>(bin + 1),
                    static_cast<double>(sums.counts[bin]) / static_cast<double>(std::max<int64_t>(sums.rows, 1)));
    }
    return table;
}

} // namespace quantoscope
