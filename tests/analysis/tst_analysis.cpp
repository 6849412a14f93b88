// SPDX-License-Identifier: GPL-3.0-or-later
// The analyses behind the plots, against slow references on raw samples.
#include "core/analysis/box_statistics.h"
#include "core/analysis/error_figure.h"
#include "core/analysis/error_sums.h"
#include "core/analysis/histograms.h"
#include "core/analysis/quantizer_levels.h"

#include <QElapsedTimer>
#include <QtTest>

#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

using namespace quantoscope;

namespace {

ValueHistogram histogramOf(const std::vector<float> &values)
{
    std::map<std::pair<float, uint16_t>, uint64_t> bins; // ordered by value
    for (const float value : values) {
        const auto code = static_cast<uint16_t>(std::bit_cast<uint32_t>(value) >> 16);
        ++bins[{ValueHistogram::lowEdge(code), code}];
    }
    ValueHistogram histogram;
    for (const auto &[key, count] : bins) {
        histogram.codes.push_back(key.second);
        histogram.counts.push_back(count);
    }
    return histogram;
}

std::vector<float> gaussian(int count, float deviation)
{
    std::mt19937 engine(7);
    std::normal_distribution<float> distribution(0.1F, deviation);
    std::vector<float> values(static_cast<size_t>(count));
    for (float &value : values)
        value = distribution(engine);
    return values;
}

/// Rows of 197 softmax outputs of Gaussian scores.
std::vector<float> softmaxLike(int rows)
{
    std::mt19937 engine(11);
    std::normal_distribution<double> score(0, 2.5);
    std::vector<float> values;
    for (int r = 0; r < rows; ++r) {
        std::array<double, 197> row{};
        double sum = 0;
        for (double &x : row)
            sum += x = std::exp(score(engine));
        for (const double x : row)
            values.push_back(static_cast<float>(x / sum));
    }
    return values;
}

QuantizerParameters twinOf(TwinForm form, int bits)
{
    const auto codes = static_cast<float>(1 << (bits - 1));
    QuantizerParameters p;
    p.kind = QuantizerKind::TwinUniform;
    p.twin = form;
    p.bits = bits;
    p.scale = {form == TwinForm::Gelu ? 2.0F / codes : 1 / (codes - 1)};
    p.split = form == TwinForm::Gelu ? 0.0F : 0.03125F;
    p.lowScale = form == TwinForm::Gelu ? 0.5F / codes : p.split / (codes - 1);
    return p;
}

/// Specification 5.3.
double slowTwin(double x, const QuantizerParameters &p)
{
    const double codes = 1 << (p.bits - 1);
    const auto low = static_cast<double>(p.lowScale);
    const auto high = static_cast<double>(p.scale[0]);
    const auto split = static_cast<double>(p.split);
    const auto round = [](double v, double least, double most) { return std::clamp(std::nearbyint(v), least, most); };
    if (p.twin == TwinForm::Gelu)
        return round(x / high, 0, codes - 1) * high + round(x / low, -codes, 0) * low;
    if (p.twin == TwinForm::Softmax)
        return x < split ? round(x / low, 0, codes - 1) * low : round(x / high, 0, codes - 1) * high;
    return round(std::max(x, split) / high, 0, codes - 1) * high + round(std::min(x, split) / low, 0, codes - 1) * low;
}

/// One value at a time, as the definitions read.
size_t slowLevel(double x, const QuantizerParameters &p, const std::vector<double> &levels)
{
    if (p.kind == QuantizerKind::Uniform) {
        const double q =
            std::clamp(std::nearbyint(x / static_cast<double>(p.scale[0]) + static_cast<double>(p.zeroPoint)),
                       static_cast<double>(p.lowestCode()), static_cast<double>(p.highestCode()));
        return static_cast<size_t>(q - static_cast<double>(p.lowestCode()));
    }
    if (p.kind == QuantizerKind::TwinUniform) {
        const double y = slowTwin(x, p);
        const auto nearest = [y](double a, double b) { return std::abs(a - y) < std::abs(b - y); };
        return static_cast<size_t>(std::min_element(levels.begin(), levels.end(), nearest) - levels.begin());
    }
    const int codes = 1 << p.bits;
    if (x <= 0)
        return 0;
    double k = 0;
    if (p.kind == QuantizerKind::Log2) {
        k = std::nearbyint(-std::log2(x));
    } else {
        k = std::floor(std::log2(1 / x));
        if (1 / x - std::exp2(k) >= std::exp2(k - 1))
            k += 1;
    }
    if (k >= codes)
        return 0;
    return levels.size() - 1 - static_cast<size_t>(std::max(k, 0.0));
}

} // namespace

class TestAnalysis : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void rebinningKeepsEveryValueInsideTheRange()
    {
        const std::vector<float> values = gaussian(50'000, 1.0F);
        const ValueHistogram histogram = histogramOf(values);
        const LinearHistogram linear = rebin(histogram, -8, 8, 160);
        const double sum = std::accumulate(linear.counts.begin(), linear.counts.end(), 0.0);
        QVERIFY(std::abs(sum - 50'000) < 1e-6);
        std::vector<double> slow(160, 0.0);
        for (const float v : values)
            slow[static_cast<size_t>((static_cast<double>(v) + 8) / 0.1)] += 1;
        // A source bin is at most 2^-7 of its value wide, so at |x| <= 4 less than a third of a bin can be misplaced.
        for (size_t i = 0; i < slow.size(); ++i)
            QVERIFY2(
                std::abs(slow[i] - linear.counts[i]) < 10 + 0.06 * slow[i],
                qPrintable(QStringLiteral("bin %1: %2 against %3").arg(i).arg(linear.counts[i]).arg(slow[i])));
    }

    void rebinningLeavesOutWhatIsOutside()
    {
        const LinearHistogram linear = rebin(histogramOf({-5.0F, 0.25F, 0.75F, 9.0F}), 0, 1, 2);
        QCOMPARE(linear.counts[0], 1.0);
        QCOMPARE(linear.counts[1], 1.0);
        QVERIFY(rebin(histogramOf({1.0F}), 1, 1, 10).counts.empty());
        QVERIFY(rebin(histogramOf({1.0F}), 0, 1, 0).counts.empty());
    }

    void nonFiniteValuesAreIgnored()
    {
        ValueHistogram histogram;
        histogram.codes = {0xFF80, 0x3F00, 0x7F80, 0x7FC0}; // -inf, 0.5, inf, NaN
        histogram.counts = {1, 1, 1, 1};
        const LinearHistogram linear = rebin(histogram, 0, 1, 4);
        QVERIFY(std::abs(std::accumulate(linear.counts.begin(), linear.counts.end(), 0.0) - 1) < 1e-9);
        QVERIFY(std::isfinite(estimateQuantizer(histogram, uniformForRange(0, 1, 4)).mse));
    }

    void logarithmicBinsCountZeroBelow()
    {
        const std::vector<float> values = softmaxLike(200);
        std::vector<float> withZeros = values;
        withZeros.insert(withZeros.end(), 1000, 0.0F);
        const LogHistogram log = rebinLog(histogramOf(withZeros), -6, 0, 120);
        QVERIFY(std::abs(log.total() - static_cast<double>(withZeros.size())) < 1e-6);
        const auto tiny = std::count_if(withZeros.begin(), withZeros.end(), [](float v) { return v <= 1e-6F; });
        QVERIFY(std::abs(log.below - static_cast<double>(tiny)) <= 2);
        QVERIFY(log.above < 1e-9);
        std::vector<double> slow(120, 0.0);
        for (const float v : values)
            if (v > 1e-6F)
                slow[std::min<size_t>(119, static_cast<size_t>((std::log10(static_cast<double>(v)) + 6) * 20))] +=
                    1;
        for (size_t i = 0; i < slow.size(); ++i)
            QVERIFY(std::abs(slow[i] - log.counts[i]) < 10 + 0.12 * slow[i]);
        QVERIFY(std::abs(log.edge(60) - 1e-3) < 1e-12);
    }

    void theRankOfAValueIsItsShareOfTheSortedValues()
    {
        std::vector<float> values = softmaxLike(200);
        for (size_t i = 0; i < values.size(); i += 3)
            values[i] = -values[i];
        values.insert(values.end(), 500, 0.0F);
        const ValueHistogram histogram = histogramOf(values);
        constexpr double lowest = -std::numeric_limits<double>::infinity();
        for (const double at : {-0.5, -1e-3, -1e-5, 1e-5, 1e-3, 0.02, 0.5}) {
            const auto below = std::count_if(values.begin(), values.end(), [&](float v) { return static_cast<double>(v) <= at; });
            const auto within
                = std::count_if(values.begin(), values.end(), [&](float v) { return std::abs(static_cast<double>(v)) <= std::abs(at); });
            const auto all = static_cast<double>(values.size());
            // A source bin is 2^-7 of its magnitude wide; what it holds may lie anywhere in it.
            QVERIFY(std::abs(shareBetween(histogram, lowest, at) - static_cast<double>(below) / all) < 2e-3);
            QVERIFY(std::abs(shareBetween(histogram, -std::abs(at), std::abs(at)) - static_cast<double>(within) / all) < 4e-3);
        }
        QCOMPARE(shareBetween(histogram, lowest, 2), 1.0);
        QCOMPARE(shareBetween(histogram, lowest, -2), 0.0);
        QVERIFY(std::isnan(shareBetween({}, lowest, 1)));
    }

    void quantilesInterpolateLinearly()
    {
        const std::vector<double> sorted = {1, 2, 3, 4};
        QCOMPARE(quantile(sorted, 0.25), 1.75); // numpy.quantile([1, 2, 3, 4], 0.25)
        QCOMPARE(quantile(sorted, 0.5), 2.5);
        QCOMPARE(quantile(sorted, 1.0), 4.0);
        QCOMPARE(quantile({}, 0.5), 0.0);
    }

    void outliersAreNamedByChannel()
    {
        std::vector<double> values(100);
        std::iota(values.begin(), values.end(), 1.0);
        values[17] = 400;
        values[42] = std::nan("");
        const BoxStatistics box = boxStatistics(values);
        QCOMPARE(box.count, 99);
        QCOMPARE(box.outliers.size(), size_t{1});
        QCOMPARE(box.outliers[0].channel, 17);
        QCOMPARE(box.outliers[0].value, 400.0);
        QCOMPARE(box.lowerWhisker, 1.0);
        QCOMPARE(box.upperWhisker, 100.0);
        QCOMPARE(box.largest(), 400.0);
        QCOMPARE(box.smallest(), 1.0);
        QCOMPARE(box.largestOverMedian(), 400.0 / box.median);
        QCOMPARE(boxStatistics({}).count, 0);
    }

    void aChannelThatSawNothingHasNoRange()
    {
        TapStatistics statistics;
        statistics.channelMinimum = {-1.0F, std::numeric_limits<float>::infinity()};
        statistics.channelMaximum = {2.0F, -std::numeric_limits<float>::infinity()};
        const std::vector<double> ranges = channelRanges(statistics);
        QCOMPARE(ranges[0], 3.0);
        QVERIFY(std::isnan(ranges[1]));
    }

    void levelsAreTheRepresentableValues()
    {
        const QuantizerParameters uniform = uniformForRange(-1.0F, 2.0F, 4); // scale 0.2, zero point 5
        QCOMPARE(uniform.zeroPoint, 5.0F);
        const std::vector<double> levels = quantizerLevels(uniform);
        QCOMPARE(levels.size(), size_t{16});
        QVERIFY(std::abs(levels.front() + 1.0) < 1e-6);
        QVERIFY(std::abs(levels.back() - 2.0) < 1e-6);
        const std::vector<double> log = quantizerLevels(log2Quantizer(4));
        QCOMPARE(log.size(), size_t{17});
        QCOMPARE(log[0], 0.0);
        QCOMPARE(log[1], std::exp2(-15));
        QCOMPARE(log.back(), 1.0);
        QVERIFY(quantizerLevels(QuantizerParameters{}).empty());
    }

    void perChannelScalesGivePerChannelRanges()
    {
        QuantizerParameters weights;
        weights.kind = QuantizerKind::Uniform;
        weights.isSigned = true;
        weights.scale = {0.5F, 0.25F};
        const std::vector<LevelRange> ranges = quantizedRanges(weights, 2);
        QCOMPARE(ranges[0].low, -64.0);
        QCOMPARE(ranges[1].high, 31.75);
        QCOMPARE(quantizerLevels(weights, 1).front(), -32.0);
    }

    void onlyChannelsBeyondHalfAStepAreClipped()
    {
        QuantizerParameters weights;
        weights.kind = QuantizerKind::Uniform;
        weights.isSigned = true;
        weights.scale = {0.5F, 0.25F, 0.5F};
        TapStatistics statistics;
        statistics.channelMinimum = {-64.2F, -32.2F, 0.0F};
        statistics.channelMaximum = {63.0F, 3.0F, 70.0F};
        QCOMPARE(clippedChannels(statistics, weights), (std::vector<int>{1, 2}));
        QVERIFY(clippedChannels(statistics, log2Quantizer(4)).empty());
    }

    void uniformRangeFollowsThePublishedRule()
    {
        const QuantizerParameters p = uniformForRange(-0.3F, 0.7F, 8);
        QCOMPARE(p.scale[0], (0.7F + 0.3F) / 255.0F);
        QCOMPARE(p.zeroPoint, -std::nearbyint(-0.3F / p.scale[0]));
        QCOMPARE(uniformForRange(2.0F, 2.0F, 8).scale[0], std::numeric_limits<float>::epsilon());
        QCOMPARE(uniformForRange(1.0F, 2.0F, 8).zeroPoint, 0.0F);
    }

    void estimatesEqualBruteForce_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("softmax");
        for (const int bits : {3, 4, 6}) {
            QTest::addRow("uniform %d bit, Gaussian", bits)
                << static_cast<int>(QuantizerKind::Uniform) << bits << false;
            QTest::addRow("uniform %d bit, softmax", bits)
                << static_cast<int>(QuantizerKind::Uniform) << bits << true;
            QTest::addRow("log2 %d bit", bits) << static_cast<int>(QuantizerKind::Log2) << bits << true;
            QTest::addRow("LIS %d bit", bits) << static_cast<int>(QuantizerKind::LogIntSoftmax) << bits << true;
            for (const TwinForm form : {TwinForm::Gelu, TwinForm::Softmax, TwinForm::SoftmaxReleased})
                QTest::addRow("twin %s %d bit", name(form), bits)
                    << 100 + static_cast<int>(form) << bits << (form != TwinForm::Gelu);
        }
    }
    void estimatesEqualBruteForce()
    {
        QFETCH(int, kind);
        QFETCH(int, bits);
        QFETCH(bool, softmax);
        const std::vector<float> values = softmax ? softmaxLike(2000) : gaussian(400'000, 1.0F);
        QuantizerParameters p = log2Quantizer(bits);
        if (kind == static_cast<int>(QuantizerKind::Uniform))
            p = softmax ? uniformForRange(0.0F, 1.0F, bits)
                        : uniformForRange(-2.5F, 2.0F, bits); // clips both tails
        if (kind >= 100)
            p = twinOf(static_cast<TwinForm>(kind - 100), bits);
        else
            p.kind = static_cast<QuantizerKind>(kind);
        const QuantizerEstimate estimate = estimateQuantizer(histogramOf(values), p);
        const std::vector<double> levels = quantizerLevels(p);

        std::vector<double> share(levels.size());
        std::vector<double> massShare(levels.size());
        double mass = 0, energy = 0, error = 0, clipped = 0, clippedError = 0;
        for (const float value : values) {
            const auto x = static_cast<double>(value);
            const size_t level = slowLevel(x, p, levels);
            const double squared = (x - levels[level]) * (x - levels[level]);
            share[level] += 1.0 / static_cast<double>(values.size());
            massShare[level] += std::abs(x);
            mass += std::abs(x);
            energy += x * x;
            error += squared;
            const bool gridOfSoftmax = p.twin == TwinForm::Softmax || p.twin == TwinForm::SoftmaxReleased;
            if (!gridOfSoftmax && (x < levels.front() || x > levels.back())) {
                clipped += 1;
                clippedError += squared;
            }
        }
        const double n = static_cast<double>(values.size());
        double shares = 0;
        double masses = 0;
        for (size_t i = 0; i < levels.size(); ++i) {
            QVERIFY2(std::abs(estimate.levels[i].share - share[i]) < 1.5e-3, qPrintable(QString::number(i)));
            QVERIFY2(std::abs(estimate.levels[i].massShare - massShare[i] / mass) < 1.5e-3,
                     qPrintable(QString::number(i)));
            shares += estimate.levels[i].share;
            masses += estimate.levels[i].massShare;
        }
        QVERIFY(std::abs(shares - 1) < 1e-9);
        QVERIFY(std::abs(masses - 1) < 1e-9);
        // 0.1 dB is 2.3 % of the error; sampling noise inside the histogram's bins stays far below that.
        QVERIFY2(
            std::abs(estimate.sqnrDb - 10 * std::log10(energy / error)) < 0.1,
            qPrintable(
                QStringLiteral("%1 against %2 dB").arg(estimate.sqnrDb).arg(10 * std::log10(energy / error))));
        QVERIFY(std::abs(estimate.mse - error / n) < 0.025 * error / n);
        QVERIFY(std::abs(estimate.clippedShare - clipped / n) < 5e-4);
        QVERIFY(std::abs(estimate.clippingErrorShare - clippedError / error) < 0.01);
    }

    void anEstimateOfManyBinsTakesUnderTwoMilliseconds()
    {
        ValueHistogram histogram;
        for (int code = 0xC27F; code > 0x8000 + 0x2000; --code) // negatives, ascending by value
            if (code % 4 != 3)
                histogram.codes.push_back(static_cast<uint16_t>(code));
        histogram.codes.resize(std::min<size_t>(histogram.codes.size(), 5000));
        for (int code = 0x2800; histogram.codes.size() < 10'000; ++code)
            histogram.codes.push_back(static_cast<uint16_t>(code));
        histogram.counts.assign(histogram.codes.size(), 3);
        double best = 1e9;
        for (int round = 0; round < 5; ++round) {
            QElapsedTimer timer;
            timer.start();
            const QuantizerEstimate estimate = estimateQuantizer(histogram, uniformForRange(-60, 60, 8));
            best = std::min(best, static_cast<double>(timer.nsecsElapsed()) / 1e6);
            QVERIFY(estimate.usedLevels > 0);
        }
        qInfo("10,000 bins, 8 bits: %.3f ms", best);
        if (best >= 2)
            QWARN("slower than the 2 ms aimed at; the machine may be busy");
    }

    void emptyHistogramsGiveZeroNotNonsense()
    {
        const QuantizerEstimate estimate = estimateQuantizer({}, uniformForRange(0, 1, 4));
        QCOMPARE(estimate.usedLevels, 0);
        QCOMPARE(estimate.mse, 0.0);
        QVERIFY(estimateQuantizer(histogramOf({0.5F}), QuantizerParameters{}).levels.empty());
    }

    void figuresOfEqualTensorsHaveNoPlaceOnALogAxis()
    {
        ErrorMetrics equal;
        equal.sqnrDb = std::numeric_limits<double>::infinity();
        equal.cosine = 1 + 1e-16;
        QVERIFY(!isPlottable(errorFigure(equal, ErrorFigure::SqnrDb), ErrorFigure::SqnrDb));
        QVERIFY(!isPlottable(errorFigure(equal, ErrorFigure::CosineDistance), ErrorFigure::CosineDistance));
        equal.cosine = 0.75;
        QCOMPARE(errorFigure(equal, ErrorFigure::CosineDistance), 0.25);
    }

    void rowsOfQuantizedAttentionAreAddedUp()
    {
        const std::vector<float> rows = {0.5F, 0.25F, 0.5F, 0.5F, 2, 1};
        RowSums sums;
        addRowSums(sums, rows.data(), 2, 2);
        addRowSums(sums, rows.data() + 4, 1, 2);
        QCOMPARE(sums.rows, 3);
        QCOMPARE(sums.lowest, 0.75);
        QCOMPARE(sums.highest, 3.0);
        QCOMPARE(sums.meanAbsoluteError, 0.75);
        QCOMPARE(sums.counts[30], 1U);
        QCOMPARE(sums.counts[40], 1U);
        QCOMPARE(sums.counts.back(), 1U);
    }

    void errorsPerChannelAndTokenEqualASlowComputation_data()
    {
        QTest::addColumn<QList<qint64>>("shape");
        QTest::addColumn<bool>("weight");
        QTest::addColumn<int>("windows");
        QTest::newRow("tokens x channels") << QList<qint64>{3, 5, 7} << false << 1;
        QTest::newRow("channels only") << QList<qint64>{4, 6} << false << 1;
        QTest::newRow("heads x tokens x keys") << QList<qint64>{2, 3, 5, 4} << false << 1;
        QTest::newRow("windows of tokens x channels") << QList<qint64>{12, 5, 7} << false << 4;
        QTest::newRow("windows of heads x tokens x keys") << QList<qint64>{8, 3, 5, 4} << false << 4;
        QTest::newRow("weight") << QList<qint64>{6, 9} << true << 1;
        QTest::newRow("convolution weight") << QList<qint64>{6, 3, 2, 2} << true << 1;
    }

    void errorsPerChannelAndTokenEqualASlowComputation()
    {
        QFETCH(const QList<qint64>, shape);
        QFETCH(const bool, weight);
        QFETCH(const int, windows);
        const std::vector<int64_t> extents(shape.begin(), shape.end());
        const int64_t images = weight ? 1 : extents.front() / windows;
        int64_t elements = 1;
        for (const int64_t extent : extents)
            elements *= extent;
        const std::vector<float> x = gaussian(static_cast<int>(elements), 1);
        std::vector<float> y = x;
        for (float &value : y)
            value = std::nearbyint(value * 4) / 4;
        const ErrorAxes axes = weight ? ErrorAxes::ofWeight(extents) : ErrorAxes::ofActivation(extents, windows);
        ErrorSums sums; // in two parts where there are several images
        sums.add(axes, x.data(), y.data(), 1);
        sums.add(axes, x.data() + axes.perImage(), y.data() + axes.perImage(), images - 1);

        const auto channels = static_cast<size_t>(weight ? extents[0] : extents.size() == 4 ? extents[1] : extents.back());
        const auto tokens = static_cast<size_t>(weight || extents.size() == 2 ? 1 : extents[extents.size() - 2]);
        std::vector<double> channelError(channels);
        std::vector<double> channelPower(channels);
        std::vector<double> tokenError(tokens * static_cast<size_t>(windows)); // one window after the other
        for (size_t i = 0; i < x.size(); ++i) {
            const auto last = static_cast<size_t>(extents.back());
            const size_t row = i / last;
            const size_t c = weight                ? i / (x.size() / channels)
                             : extents.size() == 4 ? row / tokens % channels
                                                   : i % last;
            const double d = static_cast<double>(x[i]) - static_cast<double>(y[i]);
            channelError[c] += d * d;
            channelPower[c] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
            const size_t rowsPerWindow = x.size() / last / static_cast<size_t>(extents.front());
            const size_t window = row / rowsPerWindow % static_cast<size_t>(windows);
            tokenError[weight ? 0 : window * tokens + row % tokens] += d * d;
        }
        const std::vector<ErrorMetrics> perChannel = sums.perChannel();
        QCOMPARE(perChannel.size(), channels);
        for (size_t c = 0; c < channels; ++c) {
            QCOMPARE(perChannel[c].mse * static_cast<double>(x.size()) / static_cast<double>(channels), channelError[c]);
            QCOMPARE(perChannel[c].sqnrDb, 10 * std::log10(channelPower[c] / channelError[c]));
        }
        const std::vector<ErrorMetrics> perToken = sums.perToken();
        QCOMPARE(perToken.size(), tokenError.size());
        for (size_t t = 0; t < tokenError.size(); ++t)
            QCOMPARE(perToken[t].mse * static_cast<double>(x.size()) / static_cast<double>(tokenError.size()), tokenError[t]);
        QCOMPARE(sums.metrics().mse * static_cast<double>(x.size()),
                 std::accumulate(channelError.begin(), channelError.end(), 0.0));
    }
};

QTEST_GUILESS_MAIN(TestAnalysis)
#include "tst_analysis.moc"
