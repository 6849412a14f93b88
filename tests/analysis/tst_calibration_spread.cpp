// SPDX-License-Identifier: GPL-3.0-or-later
// How accuracy moves with the calibration images: against numbers computed by hand.
#include "core/analysis/calibration_spread.h"
#include "core/data/significance.h"

#include <QTest>

#include <cmath>

using namespace quantoscope;

namespace {

constexpr int kImages = 10;

/// A run of 10 images of two classes, of which the first `right` are right; in float all are.
RunRecord draw(int size, uint64_t seed, int right, int batch = 10)
{
    RunRecord run;
    run.model.sha256.append(64, 'a');
    run.quantized = true;
    run.calibration.images.root = "train";
    run.calibration.batch = batch;
    run.calibration.seed = seed;
    for (int i = 0; i < size; ++i)
        run.calibration.images.items.push_back({std::to_string(seed) + "-" + std::to_string(i), -1});
    EvaluationResult floating;
    floating.classes = 2;
    EvaluationResult quantized = floating;
    for (int i = 0; i < kImages; ++i) {
        run.images.items.push_back({std::to_string(i), i % 2});
        const int label = i % 2;
        const int answer = i < right ? label : 1 - label;
        floating.images.push_back({i, label, {label, 1 - label, -1, -1, -1}});
        quantized.images.push_back({i, label, {answer, 1 - answer, -1, -1, -1}});
        for (int c = 0; c < 2; ++c) { // probabilities 3/4 and 1/4 for the answer
            floating.logits.push_back(c == label ? std::log(3.0F) : 0.0F);
            quantized.logits.push_back(c == answer ? std::log(3.0F) : 0.0F);
        }
    }
    floating.count = quantized.count = kImages;
    floating.top1Correct = kImages;
    quantized.top1Correct = right;
    run.floatResult = floating;
    run.result = quantized;
    return run;
}

CalibrationSpread spreadOf(const std::vector<RunRecord> &runs)
{
    std::vector<const RunRecord *> all;
    for (const RunRecord &run : runs)
        all.push_back(&run);
    return calibrationSpread(all, runs.front());
}

void compareNear(double actual, double expected)
{
    QVERIFY2(std::fabs(actual - expected) < 1e-9, qPrintable(QStringLiteral("%1 is not %2").arg(actual, 0, 'g', 12).arg(expected, 0, 'g', 12)));
}

} // namespace

class TestCalibrationSpread : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void studentsQuantilesAreThoseOfTheTables()
    {
        // Abramowitz and Stegun, table 26.10, two-sided 95 % and 99 %.
        const struct {
            int degrees;
            double confidence;
            double quantile;
        } rows[] = {{1, 0.95, 12.706}, {2, 0.95, 4.303}, {3, 0.95, 3.182}, {4, 0.95, 2.776}, {5, 0.95, 2.571}, {9, 0.95, 2.262},
                    {30, 0.95, 2.042}, {120, 0.95, 1.980}, {1, 0.99, 63.657}, {4, 0.99, 4.604}, {9, 0.99, 3.250}};
        for (const auto &row : rows)
            QVERIFY2(std::fabs(studentQuantile(row.degrees, row.confidence) - row.quantile) < 0.00051,
                     qPrintable(QString::number(studentQuantile(row.degrees, row.confidence))));
        QVERIFY(std::fabs(studentQuantile(10000, 0.95) - 1.96020) < 1e-5); // near the normal distribution's 1.95996
    }

    void statisticsAreThoseOfTheDefinition()
    {
        // Mean 70; squares of the differences 400, 0, 100, 100, 0 -> 600 / 4 = 150.
        const DrawStatistics five = drawStatistics({50, 70, 80, 80, 70}, 0, 100);
        QCOMPARE(five.draws, 5);
        compareNear(five.mean, 70);
        compareNear(five.least, 50);
        compareNear(five.largest, 80);
        compareNear(five.deviation, std::sqrt(150.0));
        const double half = studentQuantile(4, 0.95) * std::sqrt(150.0 / 5);
        compareNear(five.interval.low, 70 - half);
        compareNear(five.interval.high, 70 + half);
        QVERIFY(std::fabs(half - 2.776445 * 5.477226) < 1e-5);

        const DrawStatistics two = drawStatistics({90, std::nan(""), 98}, 0, 100);
        QCOMPARE(two.draws, 2);
        compareNear(two.deviation, std::sqrt(32.0));
        QVERIFY(two.interval.low > 0 && two.interval.low < 94);
        compareNear(two.interval.high, 100); // cut at what an accuracy can be
        const DrawStatistics one = drawStatistics({90}, 0, 100);
        compareNear(one.mean, 90);
        QVERIFY(std::isnan(one.deviation) && std::isnan(one.interval.low));
        QCOMPARE(drawStatistics({}, 0, 100).draws, 0);
        QVERIFY(std::isnan(drawStatistics({}, 0, 100).mean));
    }

    void aDrawTellsTop1AgreementAndDivergence()
    {
        const DrawFigures figures = drawFigures(draw(4, 0, 8));
        compareNear(figures.top1, 80);
        compareNear(figures.agreement, 80);
        // Two of ten images answer the other class: KL of (3/4, 1/4) against (1/4, 3/4) is 1/2 ln 3.
        QVERIFY(std::fabs(figures.kl - 0.2 * 0.5 * std::log(3.0)) < 1e-7);
        RunRecord bare = draw(4, 0, 8);
        bare.floatResult.reset();
        for (ImageOutcome &one : bare.result->images)
            one.label = -1;
        const DrawFigures nothing = drawFigures(bare);
        QVERIFY(std::isnan(nothing.top1) && std::isnan(nothing.agreement) && std::isnan(nothing.kl));
    }

    void runsAreGroupedBySizeAndTheMeanConverges()
    {
        // Means: 8 images 55, 16 images 75, 32 images 80; draws at 32 lie from 70 to 90.
        const std::vector<RunRecord> runs = {draw(32, 1, 9), draw(8, 0, 4),  draw(16, 0, 7), draw(16, 1, 8),
                                             draw(32, 0, 7), draw(8, 1, 7), draw(32, 2, 8)};
        const CalibrationSpread spread = spreadOf(runs);
        QCOMPARE(spread.series.size(), size_t{1});
        const SpreadSeries &series = spread.series.front();
        QCOMPARE(series.levels.size(), size_t{3});
        QCOMPARE(series.levels[0].images, 8);
        QCOMPARE(series.levels[2].images, 32);
        QCOMPARE(series.levels[2].draws.size(), size_t{3});
        compareNear(series.levels[0].top1.mean, 55);
        compareNear(series.levels[1].top1.mean, 75);
        compareNear(series.levels[2].top1.deviation, 10);
        QCOMPARE(spread.draws[series.levels[2].draws[1]].seed, uint64_t{1});
        QCOMPARE(spread.draws[series.levels[2].draws[1]].run, size_t{0});
        QVERIFY(series.convergedAt(DrawFigure::Top1).has_value());
        QCOMPARE(*series.convergedAt(DrawFigure::Top1), 16);
        compareNear(spread.floatTop1, 100);
        QCOMPARE(spread.evaluated, int64_t{kImages});
    }

    void convergenceIsNotClaimedWithoutEvidence()
    {
        QVERIFY(!spreadOf({draw(8, 0, 7), draw(8, 1, 7)}).series[0].convergedAt(DrawFigure::Top1)); // one size
        QVERIFY(!spreadOf({draw(8, 0, 7), draw(16, 1, 7)}).series[0].convergedAt(DrawFigure::Top1)); // one draw of the largest
        QVERIFY(!spreadOf({draw(8, 0, 4), draw(16, 0, 7), draw(16, 1, 8)}).series[0].convergedAt(DrawFigure::Top1)); // 40 is not in 70..80
        // 8 images happen to be right, 16 are not: only what stays counts.
        QVERIFY(!spreadOf({draw(8, 0, 8), draw(16, 0, 4), draw(32, 0, 7), draw(32, 1, 9)}).series[0].convergedAt(DrawFigure::Top1));
    }

    void onlyDrawsOfTheSameRunCount()
    {
        std::vector<RunRecord> runs = {draw(8, 0, 7), draw(8, 1, 8)};
        runs.push_back(draw(8, 2, 1));
        runs.back().request.bits = {4, 4, 4};
        runs.push_back(draw(8, 3, 1));
        runs.back().model.sha256[0] = 'b';
        runs.push_back(draw(8, 4, 1));
        runs.back().calibration.explicitList = true;
        runs.push_back(draw(8, 5, 1));
        runs.back().images.items.pop_back();
        runs.push_back(draw(8, 6, 1));
        runs.back().calibration.images.root = "elsewhere";
        runs.push_back(draw(8, 7, 1));
        runs.back().sequential.decision = Decision::Worse;
        runs.push_back(draw(8, 8, 1));
        runs.back().complete = false;
        const CalibrationSpread spread = spreadOf(runs);
        QCOMPARE(spread.draws.size(), size_t{2});
        QCOMPARE(spread.partial, 1);
    }

    void aDrawThatWasRepeatedCountsOnce()
    {
        const CalibrationSpread spread = spreadOf({draw(8, 0, 7), draw(8, 1, 8), draw(8, 0, 6)});
        QCOMPARE(spread.draws.size(), size_t{2});
        QCOMPARE(spread.draws[0].run, size_t{2}); // the last one
        const CalibrationSpread batches = spreadOf({draw(8, 0, 7), draw(8, 0, 8, 4)});
        QCOMPARE(batches.series.size(), size_t{2});
        QCOMPARE(batches.series[0].batch, 4);
    }

    void theTableHasALineADraw()
    {
        const CalibrationSpread spread = spreadOf({draw(8, 0, 7), draw(8, 1, 8), draw(16, 0, 8)});
        const auto rows = spreadRows(spread);
        QCOMPARE(rows.size(), size_t{4});
        for (const auto &row : rows)
            QCOMPARE(row.size(), rows.front().size());
        QCOMPARE(rows[1][0], std::string("8"));
        QCOMPARE(rows[1][3], std::string("70"));
        QCOMPARE(rows[1][7], std::string("75"));  // mean of its size
        QCOMPARE(rows[3][10], std::string()); // one draw has no deviation
        QCOMPARE(QString::fromStdString(spreadToCsv(spread)).count(QLatin1Char('\n')), qsizetype{4});
    }
};

QTEST_MAIN(TestCalibrationSpread)
#include "tst_calibration_spread.moc"
