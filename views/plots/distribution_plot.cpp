// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/distribution_plot.h"

#include "views/models/texts.h"
#include "views/plots/axis_tickers.h"

#include <qcustomplot.h>

#include <cmath>

namespace quantoscope {

namespace {

constexpr double kLowExponent = -6;
constexpr int kLogBins = 120;
constexpr int kLinearBins = 200;
// Zero and what lies under the log axis stand in a bin of their own, left of it.
const double kBucketLow = std::pow(10, -7.15);
const double kBucketHigh = std::pow(10, -6.45);
const double kBucketMiddle = std::pow(10, -6.8);
const double kAxisLow = std::pow(10, -7.3);
const double kAxisHigh = std::pow(10, 0.12);
constexpr double kHistogramHeight = 0.68; ///< of its panel; the rows of levels stand above
constexpr size_t kMostMarkers = 70;       ///< more levels than this are drawn as lines without markers

/// Powers of ten, and one label for the bin of values under 1e-6.
class SoftmaxTicker : public DecadeTicker {
protected:
    QVector<double> createTickVector(double tickStep, const QCPRange &range) override
    {
        QVector<double> ticks{kBucketMiddle};
        for (const double tick : DecadeTicker::createTickVector(tickStep, range))
            if (tick > 0.99e-6)
                ticks << tick;
        return ticks;
    }
    QVector<double> createSubTickVector(int count, const QVector<double> &ticks) override
    {
        return DecadeTicker::createSubTickVector(count, ticks.mid(1));
    }
    QString getTickLabel(double tick, const QLocale &locale, QChar formatChar, int precision) override
    {
        return tick < 0.99e-6 ? QStringLiteral("≤10⁻⁶")
                              : DecadeTicker::getTickLabel(tick, locale, formatChar, precision);
    }
};

QCPScatterStyle barMark(const QColor &color)
{
    QPainterPath path(QPointF(0, -5));
    path.lineTo(0, 5);
    return QCPScatterStyle(path, QPen(color, 1.4), Qt::NoBrush, 6);
}

} // namespace

DistributionPlot::DistributionPlot(QWidget *parent) : PlotView(parent)
{
}

QString DistributionPlot::viewName() const
{
    return QStringLiteral("distribution");
}

QString DistributionPlot::viewTitle() const
{
    return tr("Distribution and levels");
}

void DistributionPlot::setBits(int bits)
{
    if (bits == m_bits)
        return;
    m_bits = bits;
    redraw(true);
}

bool DistributionPlot::isSoftmax() const
{
    const TapRecord *record = selectedRecord();
    return record && record->tap.role == Role::AttentionWeights;
}

QString DistributionPlot::emptyText() const
{
    if (!run() || run()->taps.empty())
        return tr("Run a calibration to see how values are distributed over the quantizer's levels.");
    const TapRecord *record = selectedRecord();
    if (!record)
        return tr("Select a layer, for instance an attention softmax, to see its values against the quantizer's "
                  "levels.");
    if (record->statistics.histogram.codes.empty())
        return tr("No histogram of %1 was recorded in this run.").arg(QString::fromStdString(record->tap.path));
    return {};
}

void DistributionPlot::compute()
{
    const TapRecord &record = *selectedRecord();
    const TapStatistics &statistics = record.statistics;
    m_bins.clear();
    m_candidates.clear();
    m_belowShare = 0;
    if (isSoftmax()) {
        const LogHistogram histogram = rebinLog(statistics.histogram, kLowExponent, 0, kLogBins);
        const double total = std::max(histogram.total(), 1e-300);
        for (size_t i = 0; i < histogram.counts.size(); ++i)
            m_bins.push_back({histogram.edge(i), histogram.edge(i + 1), histogram.counts[i] / total});
        m_belowShare = histogram.below / total;
    } else {
        const double low = static_cast<double>(statistics.minimum);
        const double high = std::max(static_cast<double>(statistics.maximum), low + 1e-6);
        const LinearHistogram histogram = rebin(statistics.histogram, low, high, kLinearBins);
        const double width = (high - low) / kLinearBins;
        const double total = std::max(static_cast<double>(statistics.histogram.total()), 1.0);
        for (size_t i = 0; i < histogram.counts.size(); ++i)
            m_bins.push_back({low + width * static_cast<double>(i), low + width * static_cast<double>(i + 1),
                              histogram.counts[i] / total});
    }

    const int bits = m_bits > 0                   ? m_bits
                   : record.setting.isQuantized() ? record.setting.bits
                   : isSoftmax()                  ? 4
                                                  : 8;
    const QuantizerParameters &calibrated = record.parameters;
    const bool sameBits = calibrated.bits == bits;
    const bool twin = sameBits && calibrated.kind == QuantizerKind::TwinUniform;
    const bool ownUniform = twin || (sameBits && calibrated.kind == QuantizerKind::Uniform && calibrated.scale.size() == 1);
    const QuantizerParameters uniform =
        ownUniform ? calibrated : uniformForRange(statistics.minimum, statistics.maximum, bits);
    m_candidates.push_back({twin         ? tr("twin uniform %1 bit, as calibrated").arg(bits)
                            : ownUniform ? tr("uniform %1 bit, as calibrated").arg(bits)
                                         : tr("uniform %1 bit, observed range").arg(bits),
                            estimateQuantizer(statistics.histogram, uniform)});
    if (isSoftmax()) {
        QuantizerParameters log = log2Quantizer(bits);
        const bool integer = calibrated.kind == QuantizerKind::LogIntSoftmax;
        if (integer)
            log.kind = QuantizerKind::LogIntSoftmax;
        m_candidates.push_back(
            {integer ? tr("log2 %1 bit, log-int-softmax").arg(bits) : tr("log2 %1 bit").arg(bits),
             estimateQuantizer(statistics.histogram, log)});
    }
}

double DistributionPlot::shownValue(double value, size_t candidate) const
{
    if (!isSoftmax() || value > std::pow(10, kLowExponent))
        return value;
    return kBucketMiddle * (candidate == 0 ? 0.75 : 1.33); // side by side in the bin of zeros
}

void DistributionPlot::draw(const PlotTheme &theme)
{
    compute();
    const TapRecord &record = *selectedRecord();
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    if (isSoftmax()) {
        setLogarithmic(x);
        x->setTicker(QSharedPointer<SoftmaxTicker>::create());
        x->setRange(kAxisLow, kAxisHigh);
    } else {
        const double margin = 0.02 * (m_bins.back().high - m_bins.front().low);
        x->setRange(m_bins.front().low - margin, m_bins.back().high + margin);
    }
    x->setTickLabels(false); // the lowest panel carries the shared labels

    QColor fill = theme.neutral;
    fill.setAlpha(120);
    auto *histogram = new QCPGraph(x, y);
    histogram->removeFromLegend();
    histogram->setLineStyle(QCPGraph::lsStepLeft);
    histogram->setPen(QPen(theme.neutral, 1));
    histogram->setBrush(fill);
    double highest = 0;
    double lowest = 1;
    for (const Bin &bin : m_bins) {
        histogram->addData(bin.low, 100 * bin.share);
        highest = std::max(highest, bin.share);
        if (bin.share > 0)
            lowest = std::min(lowest, bin.share);
    }
    histogram->addData(m_bins.back().high, 0);
    if (isSoftmax()) {
        y->setLabel(tr("Values [%]"));
        y->ticker()->setTickCount(4);
        y->setRange(0, 100 * std::max(highest, 1e-9) / kHistogramHeight);
        auto *bucket = new QCPGraph(x, y);
        bucket->removeFromLegend();
        bucket->setLineStyle(QCPGraph::lsStepLeft);
        bucket->setPen(QPen(theme.neutral, 1));
        bucket->setBrush(fill);
        bucket->addData(kBucketLow, 100 * m_belowShare);
        bucket->addData(kBucketHigh, 0);
        auto *label = new QCPItemText(plot());
        label->setText(Texts::percent(100 * m_belowShare, 1));
        label->setColor(theme.text);
        label->setFont(font());
        label->position->setAxisRect(mainRect());
        label->position->setAxes(x, y);
        label->position->setCoords(kBucketMiddle, std::min(m_belowShare, highest) * 100);
        label->setPositionAlignment(Qt::AlignHCenter | Qt::AlignBottom);
        label->setClipAxisRect(mainRect());
    } else {
        setLogarithmic(y);
        y->setLabel(tr("Values [%]"));
        const double low = 100 * std::max(lowest * 0.5, highest * 1e-7);
        y->setRange(low, low * std::pow(100 * highest / low, 1 / kHistogramHeight));
    }
    drawLevels(theme);
    setPlotTitle(
        isSoftmax()
            ? tr("%1: attention weights against quantizer levels").arg(QString::fromStdString(record.tap.path))
            : tr("%1: values against quantizer levels").arg(QString::fromStdString(record.tap.path)));
}

void DistributionPlot::drawLevels(const PlotTheme &theme)
{
    const bool softmax = isSoftmax();
    // The levels stand as rows of marks over the histogram, on an axis of their own.
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *rows = mainRect()->axis(QCPAxis::atRight);
    auto names = QSharedPointer<QCPAxisTickerText>::create();
    rows->setTicker(names);
    rows->setVisible(true);
    rows->setRange(0, 1);
    rows->setTickLength(0);
    rows->setSubTicks(false);
    rows->setBasePen(Qt::NoPen);
    rows->grid()->setVisible(false);

    QCPAxisRect *sharesRect = addRect(0.7, theme);
    QCPAxis *shareX = sharesRect->axis(QCPAxis::atBottom);
    QCPAxis *shareY = sharesRect->axis(QCPAxis::atLeft);
    if (softmax)
        shareX->setTicker(QSharedPointer<SoftmaxTicker>::create());
    shareX->setLabel(softmax ? tr("Attention weight") : tr("Value"));
    shareY->setLabel(softmax ? tr("Mass [%]") : tr("Share [%]"));

    double highest = 0;
    for (size_t c = 0; c < m_candidates.size(); ++c) {
        const QColor color = c == 0 ? theme.second : theme.first;
        const double row = 0.93 - 0.15 * static_cast<double>(c);
        names->addTick(row, c == 0 ? tr("uniform") : tr("log2"));
        auto *marks = new QCPGraph(x, rows);
        marks->removeFromLegend();
        marks->setLineStyle(QCPGraph::lsNone);
        marks->setScatterStyle(barMark(color));
        auto *shares = new QCPGraph(shareX, shareY);
        shares->setName(summary(m_candidates[c]));
        shares->setLineStyle(QCPGraph::lsImpulse);
        shares->setPen(QPen(color, 1.6, c == 0 ? Qt::SolidLine : Qt::DashLine));
        const std::vector<LevelUse> &levels = m_candidates[c].estimate.levels;
        if (levels.size() <= kMostMarkers)
            shares->setScatterStyle(QCPScatterStyle(c == 0 ? QCPScatterStyle::ssDisc : QCPScatterStyle::ssSquare,
                                                    QPen(color, 1.4),
                                                    c == 0 ? QBrush(color) : QBrush(theme.background), 6));
        double bucket = 0; // all levels under the axis stand in one place
        bool anyBelow = false;
        for (const LevelUse &level : levels) {
            const double share = 100 * (softmax ? level.massShare : level.share);
            const double position = shownValue(level.value, c);
            if (position != level.value) {
                bucket += share;
                anyBelow = true;
                continue;
            }
            marks->addData(position, row);
            shares->addData(position, share);
            highest = std::max(highest, share);
        }
        if (anyBelow) {
            marks->addData(shownValue(0, c), row);
            shares->addData(shownValue(0, c), bucket);
            highest = std::max(highest, bucket);
        }
    }
    shareY->setRange(0, std::max(highest, 1e-9) * 1.2);
    shareY->ticker()->setTickCount(3);
    // One line per quantizer: the legend says at once what each of them does to these values.
    plot()->legend->setFillOrder(QCPLegend::foRowsFirst);
    plot()->legend->setRowSpacing(0);
}

QString DistributionPlot::summary(const Candidate &candidate)
{
    const QuantizerEstimate &estimate = candidate.estimate;
    QString text = tr("%1: SQNR %2 dB, %3 of %4 levels used, %5 of mass to 0")
                       .arg(candidate.label, Texts::number(estimate.sqnrDb, 3))
                       .arg(estimate.usedLevels)
                       .arg(estimate.levels.size())
                       .arg(Texts::percent(100 * estimate.zeroMassShare, 1));
    if (estimate.clippedShare > 5e-6)
        text += tr(", %1 clipped").arg(Texts::percent(100 * estimate.clippedShare, 3));
    return text;
}

QString DistributionPlot::readout(QPointF position) const
{
    if (isEmpty())
        return {};
    const QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    if (position.x() < mainRect()->left() || position.x() > mainRect()->right() || position.y() < 0)
        return {};
    const double value = x->pixelToCoord(position.x());
    QStringList parts;
    if (isSoftmax() && value < kBucketHigh)
        parts << tr("values up to 10⁻⁶, zero included: %1").arg(Texts::percent(100 * m_belowShare, 2));
    for (const Bin &bin : m_bins)
        if (value >= bin.low && value < bin.high)
            parts << tr("%1 to %2: %3 of the values")
                         .arg(Texts::number(bin.low, 3), Texts::number(bin.high, 3),
                              Texts::percent(100 * bin.share, 3));
    for (size_t c = 0; c < m_candidates.size(); ++c) {
        const LevelUse *nearest = nullptr;
        double best = std::numeric_limits<double>::max();
        for (const LevelUse &level : m_candidates[c].estimate.levels) {
            const double distance = std::abs(x->coordToPixel(shownValue(level.value, c)) - position.x());
            if (distance < best) {
                best = distance;
                nearest = &level;
            }
        }
        if (nearest)
            parts << tr("%1 level %2: %3 of the values, %4 of the mass")
                         .arg(c == 0 ? tr("uniform") : tr("log2"), Texts::number(nearest->value, 4),
                              Texts::percent(100 * nearest->share, 2),
                              Texts::percent(100 * nearest->massShare, 2));
    }
    return parts.join(QStringLiteral(" · "));
}

PlotTable DistributionPlot::visibleData() const
{
    PlotTable table;
    table.header = {QStringLiteral("series"), QStringLiteral("low"), QStringLiteral("high"),
                    QStringLiteral("share_of_values"), QStringLiteral("share_of_mass")};
    const QCPRange visible = mainRect()->axis(QCPAxis::atBottom)->range();
    if (isSoftmax() && visible.contains(kBucketMiddle))
        table.rows.push_back({QStringLiteral("histogram"), QStringLiteral("-inf"), tableNumber(m_bins.front().low),
                              tableNumber(m_belowShare), QString()});
    for (const Bin &bin : m_bins)
        if (bin.high > visible.lower && bin.low < visible.upper)
            table.rows.push_back({QStringLiteral("histogram"), tableNumber(bin.low), tableNumber(bin.high),
                                  tableNumber(bin.share), QString()});
    for (size_t c = 0; c < m_candidates.size(); ++c)
        for (const LevelUse &level : m_candidates[c].estimate.levels)
            if (visible.contains(shownValue(level.value, c)))
                table.rows.push_back({m_candidates[c].label, tableNumber(level.value), tableNumber(level.value),
                                      tableNumber(level.share), tableNumber(level.massShare)});
    return table;
}

} // namespace quantoscope
