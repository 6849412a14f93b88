// SPDX-License-Identifier: GPL-3.0-or-later
// How LevelsPlot draws its values and levels, and what it reads out of them.
#include "core/analysis/histograms.h"
#include "views/models/texts.h"
#include "views/plots/axis_tickers.h"
#include "views/plots/levels_plot.h"
#include "views/plots/marker_graph.h"

#include <qcustomplot.h>

#include <cmath>
#include <limits>

namespace quantoscope {

namespace {

constexpr double kDecades = 6; ///< on a log axis
constexpr int kLogBins = 120;
constexpr int kLinearBins = 240;
constexpr double kHistogramHeight = 0.66; ///< of its panel; the rows of levels stand above
constexpr double kLowHistogramHeight = 0.45; ///< the same in a low plot, whose rows would stand in each other
constexpr double kTopRow = 0.95;
constexpr double kRowHeight = 0.085;
constexpr double kSmallestShare = 1e-5; ///< on a logarithmic axis of shares, of the largest one
constexpr qsizetype kMostMarkers = 40; ///< more levels than this are drawn as lines without markers

/// Powers of ten, and one label for the bin of smaller values at the left end.
class BucketTicker : public DecadeTicker {
public:
    BucketTicker(double bucket, double lowest) : m_bucket(bucket), m_lowest(lowest) {}

protected:
    QVector<double> createTickVector(double tickStep, const QCPRange &range) override
    {
        QVector<double> ticks{m_bucket};
        for (const double tick : DecadeTicker::createTickVector(tickStep, range))
            if (tick > m_lowest * 0.99)
                ticks << tick;
        return ticks;
    }
    QVector<double> createSubTickVector(int count, const QVector<double> &ticks) override
    {
        return DecadeTicker::createSubTickVector(count, ticks.mid(1));
    }
    QString getTickLabel(double tick, const QLocale &locale, QChar formatChar, int precision) override
    {
        return tick < m_lowest * 0.99 ? QStringLiteral("≈0")
                                      : DecadeTicker::getTickLabel(tick, locale, formatChar, precision);
    }

private:
    double m_bucket;
    double m_lowest;
};

QCPScatterStyle barMark(const QColor &color)
{
    QPainterPath path(QPointF(0, -5));
    path.lineTo(0, 5);
    return QCPScatterStyle(path, QPen(color, 1.2), Qt::NoBrush, 6);
}

/// The values below zero as magnitudes.
ValueHistogram negativeSide(const ValueHistogram &histogram)
{
    ValueHistogram mirrored;
    for (size_t i = histogram.codes.size(); i-- > 0;)
        if ((histogram.codes[i] & 0x8000U) != 0) {
            mirrored.codes.push_back(static_cast<uint16_t>(histogram.codes[i] & 0x7FFFU));
            mirrored.counts.push_back(histogram.counts[i]);
        }
    return mirrored;
}

struct CandidateStyle {
    QColor color;
    Qt::PenStyle line;
    QCPScatterStyle::ScatterShape shape;
    bool filled;
};

CandidateStyle styleOf(PreviewForm form, const PlotTheme &theme)
{
    switch (form) {
    case PreviewForm::Uniform: return {theme.second, Qt::SolidLine, QCPScatterStyle::ssDisc, true};
    case PreviewForm::Log2:
    case PreviewForm::LogIntSoftmax: return {theme.first, Qt::DashLine, QCPScatterStyle::ssSquare, false};
    case PreviewForm::TwinSign:
    case PreviewForm::TwinSoftmax: return {theme.third, Qt::DotLine, QCPScatterStyle::ssTriangle, true};
    case PreviewForm::PowerOfTwoFactor: return {theme.fourth, Qt::DashDotLine, QCPScatterStyle::ssDiamond, false};
    }
    return {theme.neutral, Qt::SolidLine, QCPScatterStyle::ssDisc, true};
}

} // namespace

double LevelsPlot::smallestShown() const
{
    return std::pow(10, m_topExponent - kDecades);
}

double LevelsPlot::bucket() const
{
    return smallestShown() * std::pow(10, -0.8);
}

double LevelsPlot::shownValue(double value, size_t candidate) const
{
    if (!isLogScale())
        return value;
    if (std::abs(value) > smallestShown())
        return std::abs(value);
    // Side by side in the bin of small values.
    return bucket() * std::pow(10, 0.13 * (static_cast<double>(candidate) - 1));
}

void LevelsPlot::computeBins()
{
    const TapStatistics &statistics = selectedRecord()->statistics;
    m_bins.clear();
    m_belowShare = 0;
    const double total = std::max(static_cast<double>(statistics.histogram.total()), 1.0);
    const auto minimum = static_cast<double>(statistics.minimum);
    const auto maximum = static_cast<double>(statistics.maximum);
    if (!isLogScale()) {
        const double low = minimum;
        const double high = std::max(maximum, low + 1e-6);
        const LinearHistogram histogram = rebin(statistics.histogram, low, high, kLinearBins);
        const double width = (high - low) / kLinearBins;
        for (size_t i = 0; i < histogram.counts.size(); ++i)
            m_bins.push_back({low + width * static_cast<double>(i), low + width * static_cast<double>(i + 1),
                              histogram.counts[i] / total, false});
        return;
    }
    const double magnitude = std::max({std::abs(minimum), std::abs(maximum), 1e-30});
    m_topExponent = isSoftmax() ? 0 : std::log10(magnitude);
    double shown = 0;
    const auto add = [&](const ValueHistogram &side, bool negative) {
        const LogHistogram histogram = rebinLog(side, m_topExponent - kDecades, m_topExponent, kLogBins);
        for (size_t i = 0; i < histogram.counts.size(); ++i) {
            m_bins.push_back({histogram.edge(i), histogram.edge(i + 1), histogram.counts[i] / total, negative});
            shown += histogram.counts[i] / total;
        }
    };
    add(statistics.histogram, false);
    if (minimum < 0)
        add(negativeSide(statistics.histogram), true);
    m_belowShare = std::max(0.0, 1 - shown);
}

void LevelsPlot::draw(const PlotTheme &theme)
{
    m_theme = theme;
    prepare();
    computeBins();
    drawHistogram(theme);
    drawLevels(theme);
    const QString path = QString::fromStdString(selectedRecord()->tap.path);
    setPlotTitle(isSoftmax() ? tr("%1: attention weights against quantizer levels").arg(path)
                             : tr("%1: values against quantizer levels").arg(path));
    QStringList notes;
    if (isLogScale() && !isSoftmax() && selectedRecord()->statistics.minimum < 0)
        notes << tr("Magnitudes; negative values dashed.");
    if (candidate(PreviewForm::PowerOfTwoFactor))
        notes << tr("PTF is estimated from the channels' ranges and the histogram of the whole tap, within about 0.75 dB.");
    if (!notes.isEmpty())
        setCaption(notes.join(QLatin1Char(' ')));
}

void LevelsPlot::drawHistogram(const PlotTheme &theme)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    const bool logarithmic = isLogScale();
    if (logarithmic) {
        setLogarithmic(x);
        x->setTicker(QSharedPointer<BucketTicker>::create(bucket(), smallestShown()));
        x->setRange(bucket() * std::pow(10, -0.5), std::pow(10, m_topExponent + 0.12));
    } else {
        const double margin = 0.02 * (m_bins.back().high - m_bins.front().low);
        x->setRange(m_bins.front().low - margin, m_bins.back().high + margin);
    }
    x->setTickLabels(false); // the lowest panel carries the shared labels

    QColor fill = theme.neutral;
    fill.setAlpha(110);
    const auto addOutline = [&](bool filled) {
        auto *outline = new QCPGraph(x, y);
        outline->removeFromLegend();
        outline->setLineStyle(QCPGraph::lsStepLeft);
        outline->setPen(QPen(theme.neutral, 1));
        outline->setAntialiasedFill(false); // its edge is drawn as a line
        if (filled)
            outline->setBrush(fill);
        return outline;
    };
    QCPGraph *values = addOutline(true);
    QCPGraph *negative = addOutline(false);
    double highest = 0;
    double lowest = 1;
    for (const Bin &bin : m_bins) {
        (bin.negative ? negative : values)->addData(bin.low, 100 * bin.share);
        highest = std::max(highest, bin.share);
        if (bin.share > 0)
            lowest = std::min(lowest, bin.share);
    }
    negative->setPen(linePen(theme.neutral, 1.4, Qt::DashLine, negative->dataCount()));
    for (QCPGraph *one : {values, negative})
        if (one->dataCount() > 0)
            one->addData(m_bins.back().high, 0);
    y->setLabel(tr("Values [%]"));
    if (!logarithmic) {
        setLogarithmic(y);
        const double low = 100 * std::max(lowest * 0.5, highest * 1e-7);
        y->setRange(low, low * std::pow(100 * highest / low, 1 / histogramHeight()));
        return;
    }
    y->ticker()->setTickCount(4);
    y->setRange(0, 100 * std::max(highest, 1e-9) / histogramHeight());
    if (m_belowShare <= 5e-6)
        return;
    QCPGraph *small = addOutline(true);
    small->addData(bucket() * std::pow(10, -0.35), 100 * m_belowShare);
    small->addData(bucket() * std::pow(10, 0.35), 0);
    addLabel(mainRect(), bucket(), std::min(m_belowShare, highest) * 100, Texts::percent(100 * m_belowShare, 1),
             theme.text, Qt::AlignHCenter | Qt::AlignBottom);
}

double LevelsPlot::histogramHeight() const
{
    return isLow() ? kLowHistogramHeight : kHistogramHeight;
}

double LevelsPlot::rowOf(size_t candidate) const
{
    const double height = isLow() ? (1 - kLowHistogramHeight) / std::max(4.0, static_cast<double>(m_candidates.size()))
                                  : kRowHeight;
    return kTopRow - height * static_cast<double>(candidate);
}

void LevelsPlot::drawLevels(const PlotTheme &theme)
{
    // The levels stand as rows of marks over the histogram, on an axis of their own.
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *rows = mainRect()->axis(QCPAxis::atRight);
    auto names = QSharedPointer<QCPAxisTickerText>::create();
    rows->setTicker(names);
    rows->setVisible(true);
    rows->setRange(0, 1);
    if (isLow()) {
        QFont small = rows->tickLabelFont();
        small.setPointSizeF(0.85 * small.pointSizeF());
        rows->setTickLabelFont(small);
    }
    rows->setTickPen(Qt::NoPen);
    rows->setTickLength(0);
    rows->setSubTicks(false);
    rows->setBasePen(Qt::NoPen);
    rows->grid()->setVisible(false);

    m_sharesRect = addRect(RectPlace::BelowSharingX, 0.6, theme);
    QCPAxis *shareX = m_sharesRect->axis(QCPAxis::atBottom);
    QCPAxis *shareY = m_sharesRect->axis(QCPAxis::atLeft);
    if (isLogScale())
        shareX->setTicker(QSharedPointer<BucketTicker>::create(bucket(), smallestShown()));
    shareX->setLabel(isSoftmax()    ? tr("Attention weight")
                     : isLogScale() ? tr("Magnitude of the value")
                                    : tr("Value"));
    shareY->setLabel(isSoftmax() ? tr("Mass [%]") : tr("Share [%]"));
    if (!isLogScale()) // one level may take most of the values and others very few
        setLogarithmic(shareY);
    shareY->ticker()->setTickCount(3);
    for (Candidate &one : m_candidates) // what the last drawing left is gone
        one.marks = one.shares = nullptr;
    for (size_t c = 0; c < m_candidates.size(); ++c) {
        Candidate &one = m_candidates[c];
        const CandidateStyle style = styleOf(one.quantizer.form, theme);
        names->addTick(rowOf(c), formTitle(one.quantizer.form));
        one.marks = new MarkerGraph(x, rows);
        one.marks->removeFromLegend();
        one.marks->setLineStyle(QCPGraph::lsNone);
        one.marks->setScatterStyle(barMark(style.color));
        one.shares = new QCPGraph(shareX, shareY);
        fill(c);
        addToSeries(one.shares, seriesId(one.quantizer.form));
        addToSeries(one.marks, seriesId(one.quantizer.form));
    }
    // One line per quantizer: the legend says at once what each of them does to these values.
    plot()->legend->setFillOrder(QCPLegend::foRowsFirst);
    plot()->legend->setRowSpacing(0);
}

void LevelsPlot::fill(size_t index)
{
    const Candidate &one = m_candidates[index];
    const double row = rowOf(index);
    QVector<QCPGraphData> marks;
    QVector<QCPGraphData> shares;
    double small = 0; // all levels too small for the axis stand in one place
    bool anySmall = false;
    for (const LevelUse &level : one.estimate.levels) {
        const double share = 100 * (isSoftmax() ? level.massShare : level.share);
        if (isLogScale() && std::abs(level.value) <= smallestShown()) {
            small += share;
            anySmall = true;
            continue;
        }
        marks << QCPGraphData(shownValue(level.value, index), row);
        shares << QCPGraphData(shownValue(level.value, index), share);
    }
    if (anySmall) {
        marks << QCPGraphData(shownValue(0, index), row);
        shares << QCPGraphData(shownValue(0, index), small);
    }
    // Few levels stand apart with markers; many make an outline.
    const bool few = shares.size() <= kMostMarkers;
    const CandidateStyle style = styleOf(one.quantizer.form, m_theme);
    one.shares->setLineStyle(few ? QCPGraph::lsImpulse : QCPGraph::lsStepCenter);
    one.shares->setScatterStyle(few ? QCPScatterStyle(style.shape, QPen(style.color, 1.4),
                                                      style.filled ? QBrush(style.color) : QBrush(m_theme.background), 6)
                                    : QCPScatterStyle());
    one.shares->setPen(linePen(style.color, 1.4, style.line, static_cast<int>(shares.size())));
    one.marks->data()->set(marks);
    one.shares->data()->set(shares);
    one.shares->setName(summary(one));

    double highest = 0;
    for (const Candidate &other : m_candidates)
        if (other.shares)
            for (const QCPGraphData &point : *other.shares->data())
                highest = std::max(highest, point.value);
    highest = std::max(highest, 1e-9);
    m_sharesRect->axis(QCPAxis::atLeft)->setRange(isLogScale() ? 0 : highest * kSmallestShare,
                                                  highest * (isLogScale() ? 1.2 : 3));
    plot()->replot(QCustomPlot::rpQueuedReplot);
}

QString LevelsPlot::readout(QPointF position) const
{
    if (isEmpty())
        return {};
    const QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    if (position.x() < mainRect()->left() || position.x() > mainRect()->right() || position.y() < 0)
        return {};
    const double value = x->pixelToCoord(position.x());
    QStringList parts;
    if (isLogScale() && value < smallestShown())
        parts << tr("magnitudes up to %1, zero included: %2")
                     .arg(Texts::number(smallestShown(), 2), Texts::percent(100 * m_belowShare, 2));
    for (const Bin &bin : m_bins)
        if (value >= bin.low && value < bin.high && !(bin.negative && bin.share <= 0))
            parts << tr("%1 to %2: %3 of the values")
                         .arg(Texts::number(bin.negative ? -bin.high : bin.low, 3),
                              Texts::number(bin.negative ? -bin.low : bin.high, 3),
                              Texts::percent(100 * bin.share, 3));
    const ValueHistogram &values = selectedRecord()->statistics.histogram;
    const double rank = isLogScale() ? shareBetween(values, -value, value)
                                     : shareBetween(values, -std::numeric_limits<double>::infinity(), value);
    if (std::isfinite(rank))
        parts << (isLogScale() ? tr("percentile %1 of the magnitudes") : tr("percentile %1"))
                     .arg(Texts::number(100 * rank, 4));
    for (size_t c = 0; c < m_candidates.size(); ++c) {
        if (!isSeriesShown(seriesId(m_candidates[c].quantizer.form)))
            continue;
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
            parts << tr("%1 level %2 (%5 of %6): %3 of the values, %4 of the mass")
                         .arg(formTitle(m_candidates[c].quantizer.form), Texts::number(nearest->value, 4),
                              Texts::percent(100 * nearest->share, 2),
                              Texts::percent(100 * nearest->massShare, 2))
                         .arg(nearest - m_candidates[c].estimate.levels.data() + 1)
                         .arg(m_candidates[c].estimate.levels.size());
    }
    return parts.join(QStringLiteral(" · "));
}

PlotTable LevelsPlot::visibleData() const
{
    PlotTable table;
    table.header = {QStringLiteral("series"), QStringLiteral("low"), QStringLiteral("high"),
                    QStringLiteral("share_of_values"), QStringLiteral("share_of_mass")};
    const QCPRange visible = mainRect()->axis(QCPAxis::atBottom)->range();
    const bool logarithmic = isLogScale();
    if (logarithmic && visible.contains(bucket()))
        table.rows.push_back({QStringLiteral("histogram"), tableNumber(-smallestShown()), tableNumber(smallestShown()),
                              tableNumber(m_belowShare), QString()});
    for (const Bin &bin : m_bins) {
        if (bin.high <= visible.lower || bin.low >= visible.upper)
            continue;
        table.rows.push_back({QStringLiteral("histogram"), tableNumber(bin.negative ? -bin.high : bin.low),
                              tableNumber(bin.negative ? -bin.low : bin.high), tableNumber(bin.share), QString()});
    }
    for (size_t c = 0; c < m_candidates.size(); ++c) {
        const QString id = seriesId(m_candidates[c].quantizer.form);
        if (!isSeriesShown(id))
            continue;
        for (const LevelUse &level : m_candidates[c].estimate.levels)
            if (visible.contains(shownValue(level.value, c)))
                table.rows.push_back({QStringLiteral("%1 %2 bit").arg(id).arg(m_candidates[c].quantizer.bits),
                                      tableNumber(level.value), tableNumber(level.value), tableNumber(level.share),
                                      tableNumber(level.massShare)});
    }
    return table;
}

} // namespace quantoscope
