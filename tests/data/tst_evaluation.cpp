// SPDX-License-Identifier: GPL-3.0-or-later
// Intervals and paired comparison against published values and slow independent formulas; edges of histogram bins.
#include "core/data/evaluation.h"
#include "core/data/statistics.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <functional>
#include <random>

using namespace quantoscope;

namespace {

constexpr double kNormalQuantile = 1.959963984540054;

/// Root of a function that changes its sign once between low and high.
double bisect(double low, double high, const std::function<double(double)> &f)
{
    const bool rising = f(high) > 0;
    for (int i = 0; i < 200; ++i) {
        const double middle = (low + high) / 2;
        ((f(middle) < 0) == rising ? low : high) = middle;
    }
    return (low + high) / 2;
}

/// Two-sided exact binomial p-value at 1/2 from Pascal's triangle.
double slowMcNemar(int gained, int lost)
{
    const int n = gained + lost;
    if (n == 0)
        return 1;
    std::vector<long double> row = {1};
    for (int i = 0; i < n; ++i) {
        std::vector<long double> next(row.size() + 1, 0);
        for (size_t k = 0; k < row.size(); ++k) {
            next[k] += row[k] / 2;
            next[k + 1] += row[k] / 2;
        }
        row = std::move(next);
    }
    long double tail = 0;
    for (int k = 0; k <= std::min(gained, lost); ++k)
        tail += row[static_cast<size_t>(k)];
    return static_cast<double>(std::min(1.0L, 2 * tail));
}

ImageOutcome outcome(int image, int label, int predicted)
{
    ImageOutcome o;
    o.image = image;
    o.label = label;
    o.top5[0] = predicted;
    return o;
}

} // namespace

class TestEvaluation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wilsonIntervalEqualsPublishedValues_data()
    {
        QTest::addColumn<int>("successes");
        QTest::addColumn<int>("count");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        // R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3: four decimals
        QTest::newRow("81 of 263") << 81 << 263 << 25.53 << 36.62;
        QTest::newRow("15 of 148") << 15 << 148 << 6.24 << 16.05;
        QTest::newRow("0 of 20") << 0 << 20 << 0.0 << 16.11;
        QTest::newRow("1 of 29") << 1 << 29 << 0.61 << 17.18;
    }

    void wilsonIntervalEqualsPublishedValues()
    {
        QFETCH(const int, successes);
        QFETCH(const int, count);
        QFETCH(const double, low);
        QFETCH(const double, high);
        const Interval interval = wilsonInterval(successes, count);
        QVERIFY(std::abs(interval.low - low) < 0.00501);
        QVERIFY(std::abs(interval.high - high) < 0.00501);
    }

    void wilsonBoundsAreWhereTheScoreTestTurns()
    {
        // Definition: the p at which |successes/n - p| equals z standard errors under p.
        for (const int n : {1, 2, 7, 100, 650, 50000}) {
            for (const int k : {0, 1, n / 3, n / 2, n - 1, n}) {
                const double observed = static_cast<double>(k) / n;
                const auto excess = [&](double p) {
                    return (observed - p) * (observed - p) - kNormalQuantile * kNormalQuantile * p * (1 - p) / n;
                };
                const double low = k == 0 ? 0 : bisect(0, observed, excess);
                const double high = k == n ? 1 : bisect(observed, 1, excess);
                const Interval interval = wilsonInterval(k, n);
                QVERIFY2(std::abs(interval.low - 100 * low) < 1e-9,
                         qPrintable(QStringLiteral("%1 of %2").arg(k).arg(n)));
                QVERIFY2(std::abs(interval.high - 100 * high) < 1e-9,
                         qPrintable(QStringLiteral("%1 of %2").arg(k).arg(n)));
            }
        }
    }

    void withoutImagesTheIntervalSaysNothing()
    {
        const Interval interval = wilsonInterval(0, 0);
        QCOMPARE(interval.low, 0.0);
        QCOMPARE(interval.high, 100.0);
        QCOMPARE(EvaluationResult().top1(), 0.0);
    }

    void intervalsOfAResultAreThoseOfItsCounts()
    {
        EvaluationResult result;
        result.count = 650;
        result.top1Correct = 531;
        result.top5Correct = 623;
        QVERIFY(std::abs(result.top1() - 81.6923) < 1e-4);
        QVERIFY(std::abs(result.top5() - 95.8462) < 1e-4);
        QCOMPARE(result.top1Interval().low, wilsonInterval(531, 650).low);
        QCOMPARE(result.top5Interval().high, wilsonInterval(623, 650).high);
    }

    void mcNemarEqualsASlowBinomialSum()
    {
        for (int gained = 0; gained <= 40; gained += 3) {
            for (int lost = 0; lost <= 40; lost += 2) {
                EvaluationResult first;
                EvaluationResult second;
                int image = 0;
                const auto add = [&](int times, int a, int b) {
                    for (int i = 0; i < times; ++i, ++image) {
                        first.images.push_back(outcome(image, 1, a));
                        second.images.push_back(outcome(image, 1, b));
                    }
                };
                add(gained, 0, 1);
                add(lost, 1, 0);
                add(5, 1, 1);
                const PairedComparison paired = comparePaired(first, second);
                QCOMPARE(paired.gained, gained);
                QCOMPARE(paired.lost, lost);
                QCOMPARE(paired.common, gained + lost + 5);
                QCOMPARE(paired.agree, 5);
                QVERIFY(std::abs(paired.mcnemarP - slowMcNemar(gained, lost)) < 1e-12);
            }
        }
    }

    void pairedIntervalEqualsPublishedValues()
    {
        // Airway hyper-responsiveness before and after transplantation, 21 children (M. Fagerland, S. Lydersen,
        // P. Laake, Statistical Analysis of Contingency Tables, 2017, chapter 8): -0.507 to -0.026, before minus after.
        const Interval interval = pairedDifferenceInterval(1, 1, 7, 21);
        QVERIFY2(std::abs(interval.low - 2.6) < 0.0501 && std::abs(interval.high - 50.7) < 0.0501,
                 qPrintable(QStringLiteral("%1 %2").arg(interval.low).arg(interval.high)));
    }

    void pairedIntervalMirrorsWhenTheSidesSwap()
    {
        for (const auto &[both, lost, gained, count] :
             {std::array{500, 20, 9, 650}, std::array{0, 3, 0, 3}, std::array{7, 0, 0, 7}, std::array{0, 0, 0, 5}}) {
            const Interval there = pairedDifferenceInterval(both, lost, gained, count);
            const Interval back = pairedDifferenceInterval(both, gained, lost, count);
            QVERIFY(std::abs(there.low + back.high) < 1e-9 && std::abs(there.high + back.low) < 1e-9);
            const double difference = 100.0 * (gained - lost) / count;
            QVERIFY(there.low <= difference && difference <= there.high);
            QVERIFY(there.low >= -100 - 1e-9 && there.high <= 100 + 1e-9);
        }
        QCOMPARE(pairedDifferenceInterval(0, 0, 0, 0).low, -100.0);
    }

    void pairedIntervalCoversTheTruthNineteenTimesInTwenty()
    {
        // 2 % gained, 5 % lost of 650 images, as between float and 8 bits.
        std::mt19937 random(5);
        std::uniform_real_distribution<double> uniform(0, 1);
        int covered = 0;
        constexpr int streams = 2000;
        for (int s = 0; s < streams; ++s) {
            int both = 0;
            int lost = 0;
            int gained = 0;
            for (int i = 0; i < 650; ++i) {
                const double u = uniform(random);
                ++(u < 0.02 ? gained : u < 0.07 ? lost : both);
            }
            const Interval interval = pairedDifferenceInterval(both, lost, gained, 650);
            covered += interval.low <= -3 && -3 <= interval.high;
        }
        // three standard errors of a proportion of 0.95 in 2000
        QVERIFY2(std::abs(covered / static_cast<double>(streams) - 0.95) < 0.015, qPrintable(QString::number(covered)));
    }

    void bestFiveAreComparedToo()
    {
        EvaluationResult first;
        EvaluationResult second;
        const auto add = [&](int label, std::array<int, 5> a, std::array<int, 5> b) {
            const auto image = static_cast<int>(first.images.size());
            first.images.push_back({image, label, a});
            second.images.push_back({image, label, b});
        };
        add(3, {3, 1, 2, 4, 5}, {1, 3, 2, 4, 5}); // lost, but still among the five
        add(3, {1, 2, 4, 5, 3}, {1, 2, 4, 5, 6}); // among the five no longer
        add(3, {1, 2, 4, 5, 6}, {3, 2, 4, 5, 6}); // gained, from outside
        add(3, {3, 2, 4, 5, 6}, {3, 2, 4, 5, 6});
        add(-1, {3, 2, 4, 5, 6}, {3, 2, 4, 5, 6});
        const PairedComparison paired = comparePaired(first, second);
        QCOMPARE(paired.common, 5);
        QCOMPARE(paired.labelled, 4);
        QCOMPARE(paired.bothRight, 1);
        QCOMPARE(paired.lost, 1);
        QCOMPARE(paired.gained, 1);
        QCOMPARE(paired.top5BothRight, 2);
        QCOMPARE(paired.top5Lost, 1);
        QCOMPARE(paired.top5Gained, 1);
    }

    void imagesWithoutPredictionAgreeOnNothing()
    {
        EvaluationResult broken;
        EvaluationResult whole;
        for (int image = 0; image < 3; ++image) {
            broken.images.push_back({image, 1, {-1, -1, -1, -1, -1}});
            whole.images.push_back({image, 1, {1, 2, 3, 4, 5}});
        }
        QCOMPARE(comparePaired(broken, broken).agree, 0);
        QCOMPARE(comparePaired(whole, broken).agree, 0);
        QCOMPARE(comparePaired(whole, broken).lost, 3);
        QCOMPARE(comparePaired(whole, whole).agree, 3);
    }

    void mcNemarStaysFiniteForManyDiscordantImages()
    {
        EvaluationResult first;
        EvaluationResult second;
        for (int i = 0; i < 10000; ++i) {
            first.images.push_back(outcome(i, 1, i % 2));
            second.images.push_back(outcome(i, 1, 1 - i % 2));
        }
        QCOMPARE(comparePaired(first, second).mcnemarP, 1.0);
        for (ImageOutcome &o : first.images)
            o.top5[0] = 0;
        for (ImageOutcome &o : second.images)
            o.top5[0] = 1;
        const double p = comparePaired(first, second).mcnemarP;
        QVERIFY(p >= 0 && p < 1e-300);
    }

    void onlyImagesOfBothResultsAreCompared()
    {
        EvaluationResult first;
        first.images = {outcome(0, 3, 3), outcome(1, 3, 2), outcome(4, 3, 3)};
        EvaluationResult second;
        second.images = {outcome(4, 3, 2), outcome(1, 3, 3), outcome(2, 3, 3)};
        const PairedComparison paired = comparePaired(first, second);
        QCOMPARE(paired.common, 2);
        QCOMPARE(paired.agree, 0);
        QCOMPARE(paired.gained, 1);
        QCOMPARE(paired.lost, 1);
        QCOMPARE(comparePaired(first, {}).common, 0);
        QCOMPARE(comparePaired({}, second).mcnemarP, 1.0);
    }

    void imagesOfUnknownClassAgreeButWinNothing()
    {
        EvaluationResult first;
        first.images = {outcome(0, -1, 3), outcome(1, -1, 2)};
        EvaluationResult second;
        second.images = {outcome(0, -1, 3), outcome(1, -1, 3)};
        const PairedComparison paired = comparePaired(first, second);
        QCOMPARE(paired.common, 2);
        QCOMPARE(paired.agree, 1);
        QCOMPARE(paired.gained + paired.lost, 0);
    }

    void everyValueLiesBetweenTheEdgesOfItsBin()
    {
        for (const float value : {0.0F, -0.0F, 1.0F, -1.0F, 0.1F, -0.1F, 3.14159F, -2.7e-5F, 1e-6F, 65504.0F,
                                  -3.4e38F, 1e-40F, -1e-40F}) {
            const auto code = static_cast<uint16_t>(std::bit_cast<uint32_t>(value) >> 16);
            QVERIFY(ValueHistogram::lowEdge(code) <= value);
            QVERIFY(value <= ValueHistogram::highEdge(code));
        }
    }

    void binsTouchWithoutOverlapping()
    {
        // Positive bins grow with the code, negative ones fall; the next float after a bin's end begins the next bin.
        for (uint32_t code = 0; code < 0x7F7F; ++code) {
            const auto bin = static_cast<uint16_t>(code);
            const auto next = static_cast<uint16_t>(code + 1);
            QVERIFY(ValueHistogram::lowEdge(bin) <= ValueHistogram::highEdge(bin));
            QCOMPARE(std::nextafter(ValueHistogram::highEdge(bin), INFINITY), ValueHistogram::lowEdge(next));
            const auto mirrored = static_cast<uint16_t>(code | 0x8000U);
            QCOMPARE(ValueHistogram::lowEdge(mirrored), -ValueHistogram::highEdge(bin));
            QCOMPARE(ValueHistogram::highEdge(mirrored), -ValueHistogram::lowEdge(bin));
        }
    }

    void theTotalIsTheSumOfTheCounts()
    {
        ValueHistogram histogram;
        QCOMPARE(histogram.total(), uint64_t{0});
        histogram.codes = {0xBF80, 0x3F80};
        histogram.counts = {uint64_t{1} << 40, 3};
        QCOMPARE(histogram.total(), (uint64_t{1} << 40) + 3);
    }
};

QTEST_APPLESS_MAIN(TestEvaluation)
#include "tst_evaluation.moc"
