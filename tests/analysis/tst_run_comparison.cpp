// SPDX-License-Identifier: GPL-3.0-or-later
// Two runs image by image: matching, flips, divergence, and what is refused or warned of.
#include "core/analysis/run_comparison.h"
#include "tests/analysis/random_runs.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace quantoscope;

namespace {

constexpr int kClasses = kRandomClasses;

void hash(RunRecord &run)
{
    run.images.sha256.clear();
    for (const ImageItem &item : run.images.items)
        run.images.sha256.push_back("hash of " + item.path);
}

/// KL(p || q) from probabilities in long double.
double slowKl(const float *a, const float *b)
{
    long double sumA = 0;
    long double sumB = 0;
    for (int c = 0; c < kClasses; ++c) {
        sumA += std::exp(static_cast<long double>(a[c]));
        sumB += std::exp(static_cast<long double>(b[c]));
    }
    long double kl = 0;
    for (int c = 0; c < kClasses; ++c) {
        const long double p = std::exp(static_cast<long double>(a[c])) / sumA;
        const long double q = std::exp(static_cast<long double>(b[c])) / sumB;
        kl += p * std::log(p / q);
    }
    return static_cast<double>(kl);
}

bool warns(const RunComparison &comparison, const char *word)
{
    return std::any_of(comparison.warnings.begin(), comparison.warnings.end(),
                       [&](const std::string &sentence) { return sentence.find(word) != std::string::npos; });
}

} // namespace

class TestRunComparison : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void flipsAndDivergenceEqualASlowCount()
    {
        const RunRecord first = someRun(60, 1);
        const RunRecord second = someRun(60, 2);
        const auto comparison = compareRuns(first, RunSide::Own, second, RunSide::Quantized);
        QVERIFY(comparison.has_value());
        std::vector<double> divergences;
        size_t lost = 0;
        size_t gained = 0;
        int rightFirst = 0;
        for (size_t i = 0; i < 60; ++i) {
            const ImageOutcome &a = first.result->images[i];
            const ImageOutcome &b = second.result->images[i];
            divergences.push_back(
                slowKl(&first.result->logits[i * kClasses], &second.result->logits[i * kClasses]));
            const bool aRight = a.top5[0] == a.label;
            const bool bRight = b.top5[0] == b.label;
            rightFirst += aRight;
            if (aRight && !bRight) {
                QCOMPARE(comparison->lost.at(lost).path, first.images.items[i].path);
                QCOMPARE(comparison->lost[lost].classBefore, a.label);
                QCOMPARE(comparison->lost[lost].classAfter, b.top5[0]);
                ++lost;
            } else if (bRight && !aRight) {
                const FlippedImage &flip = comparison->gained.at(gained);
                QCOMPARE(flip.path, first.images.items[i].path);
                double sum = 0;
                const float *logits = &second.result->logits[i * kClasses];
                for (int c = 0; c < kClasses; ++c)
                    sum += std::exp(static_cast<double>(logits[c]) - static_cast<double>(logits[flip.classAfter]));
                QVERIFY(std::abs(flip.confidenceAfter - 1 / sum) < 1e-12);
                ++gained;
            }
        }
        QVERIFY(lost > 0 && gained > 0);
        QCOMPARE(comparison->lost.size(), lost);
        QCOMPARE(comparison->gained.size(), gained);
        QCOMPARE(comparison->paired.lost, static_cast<int64_t>(lost));
        QVERIFY(std::abs(comparison->top1First() - 100.0 * rightFirst / 60) < 1e-9);
        QVERIFY(!comparison->byHash);
        std::sort(divergences.begin(), divergences.end());
        QVERIFY(std::abs(comparison->divergence->maximum - divergences.back()) < 1e-9);
        QVERIFY(std::abs(comparison->divergence->median - (divergences[29] + divergences[30]) / 2) < 1e-9);
        double mean = 0;
        for (const double kl : divergences)
            mean += kl / 60;
        QVERIFY(std::abs(comparison->divergence->mean - mean) < 1e-9);
    }

    void runsWithoutFiniteLogitsHaveNoDivergence()
    {
        RunRecord run = someRun(6, 3);
        run.result->logits.assign(run.result->logits.size(), std::numeric_limits<float>::quiet_NaN());
        for (ImageOutcome &image : run.result->images)
            image.top5 = {-1, -1, -1, -1, -1};
        const auto comparison = compareRuns(run, RunSide::Own, run, RunSide::Own);
        QVERIFY(comparison.has_value());
        QVERIFY(!comparison->divergence); // 0 would read as equal
        QCOMPARE(comparison->paired.agree, 0);
        QCOMPARE(comparison->warnings.size(), size_t{1});
    }

    void aRunEqualsItself()
    {
        const RunRecord run = someRun(30, 3);
        const auto comparison = compareRuns(run, RunSide::Own, run, RunSide::Own);
        QVERIFY(comparison.has_value());
        QCOMPARE(comparison->paired.agree, 30);
        QCOMPARE(comparison->divergence->maximum, 0.0);
        QVERIFY(comparison->lost.empty() && comparison->gained.empty() && comparison->warnings.empty());
        const QString verdict = QString::fromStdString(comparison->verdict());
        QVERIFY2(verdict.startsWith(QStringLiteral("no difference shown at p = 1 on 30 images")), qPrintable(verdict));
    }

    void imagesAreFoundByContentUnderOtherNames()
    {
        RunRecord first = someRun(20, 4);
        hash(first);
        RunRecord second = first;
        std::reverse(second.images.items.begin(), second.images.items.end());
        std::reverse(second.images.sha256.begin(), second.images.sha256.end());
        for (ImageItem &item : second.images.items)
            item.path = "elsewhere/" + item.path;
        for (ImageOutcome &outcome : second.result->images)
            outcome.image = 19 - outcome.image;
        const auto comparison = compareRuns(first, RunSide::Own, second, RunSide::Own);
        QVERIFY(comparison.has_value());
        QVERIFY(comparison->byHash);
        QCOMPARE(comparison->paired.agree, 20);
        // Without hashes the names alone have nothing in common.
        second.images.sha256.clear();
        QVERIFY(!compareRuns(first, RunSide::Own, second, RunSide::Own));
    }

    void equalPathsWithOtherContentAreNotPaired()
    {
        RunRecord first = someRun(10, 5);
        hash(first);
        RunRecord second = first;
        second.images.sha256[4] = "another file";
        const auto comparison = compareRuns(first, RunSide::Own, second, RunSide::Own);
        QVERIFY(comparison.has_value());
        QCOMPARE(comparison->paired.common, 9);
        QCOMPARE(comparison->onlyFirst, 1);
        QCOMPARE(comparison->onlySecond, 1);
        QVERIFY(warns(*comparison, "content"));
    }

    void anImageListedTwiceIsPairedTwice()
    {
        ImageListRecord twice;
        twice.items = {{"x", 0}, {"x", 1}, {"y", 2}};
        twice.sha256 = {"h", "h", "h"};
        ImageListRecord once;
        once.items = {{"y", 2}, {"x", 0}};
        once.sha256 = {"h", "h"};
        const ImageMatch match = matchImages(twice, once);
        QCOMPARE(match.pairs.size(), size_t{2});
        QCOMPARE(match.pairs[0], std::pair(0, 1)); // the same path goes before another with the same content
        QCOMPARE(matchImages(twice, twice).pairs.size(), size_t{3});
    }

    void imagesOfOneRunOnlyAreCounted()
    {
        const RunRecord first = someRun(12, 6);
        RunRecord second = someRun(12, 7);
        second.result->images.resize(9);
        second.result->logits.resize(9 * kClasses);
        const auto comparison = compareRuns(first, RunSide::Own, second, RunSide::Own);
        QVERIFY(comparison.has_value());
        QCOMPARE(comparison->paired.common, 9);
        QCOMPARE(comparison->onlyFirst, 3);
        QCOMPARE(comparison->onlySecond, 0);
    }

    void withoutLogitsOrFiniteOnesTheRestIsStillCompared()
    {
        RunRecord first = someRun(12, 8);
        RunRecord second = someRun(12, 9);
        second.result->logits[3] = std::nanf("");
        auto comparison = compareRuns(first, RunSide::Own, second, RunSide::Own);
        QVERIFY(comparison.has_value());
        QCOMPARE(comparison->divergenceImages, 11);
        QVERIFY(std::isfinite(comparison->divergence->mean) && warns(*comparison, "finite"));
        second.result->logits.clear();
        comparison = compareRuns(first, RunSide::Own, second, RunSide::Own);
        QVERIFY(comparison.has_value() && !comparison->divergence);
        for (const FlippedImage &flip : comparison->lost)
            QVERIFY(std::isnan(flip.confidenceAfter) && std::isfinite(flip.confidenceBefore));
    }

    void unknownLabelsAreFilledInAndContradictionsRefused()
    {
        RunRecord first = someRun(12, 10);
        const RunRecord second = someRun(12, 11);
        const auto full = compareRuns(first, RunSide::Own, second, RunSide::Own);
        for (ImageOutcome &outcome : first.result->images)
            outcome.label = -1;
        const auto filled = compareRuns(first, RunSide::Own, second, RunSide::Own);
        QVERIFY(full && filled);
        QCOMPARE(filled->paired.lost, full->paired.lost);
        QCOMPARE(filled->paired.labelled, 12);
        first.result->images[3].label = (second.result->images[3].label + 1) % kClasses;
        const auto refused = compareRuns(first, RunSide::Own, second, RunSide::Own);
        QVERIFY(!refused);
        QCOMPARE(refused.error().where, std::string("3.png"));
        RunRecord unlabelled = second;
        for (ImageOutcome &outcome : unlabelled.result->images)
            outcome.label = -1;
        const auto blind = compareRuns(unlabelled, RunSide::Own, unlabelled, RunSide::Own);
        QVERIFY(blind && blind->verdict().find("no image has a known class") == 0);
    }

    void whatCannotBeComparedIsRefused()
    {
        const RunRecord first = someRun(5, 12);
        RunRecord second = first;
        QCOMPARE(compareRuns(first, RunSide::Float, second, RunSide::Own).error().code, ErrorCode::BadInput);
        second.result->classes = 5;
        QVERIFY(compareRuns(first, RunSide::Own, second, RunSide::Own).error().what.find("7 and 5 classes")
                != std::string::npos);
        second = first;
        for (ImageItem &item : second.images.items)
            item.path += "x";
        QVERIFY(compareRuns(first, RunSide::Own, second, RunSide::Own).error().what.find("no image in common")
                != std::string::npos);
    }

    void whatElseDiffersIsWarnedOf()
    {
        const RunRecord first = someRun(5, 13);
        RunRecord second = first;
        second.model.sha256.append("n");
        second.model.preprocessing.resize = 248;
        second.calibration.batch = 50;
        second.result->complete = false;
        second.sequential.decision = Decision::Worse;
        const auto comparison = compareRuns(first, RunSide::Own, second, RunSide::Own);
        QVERIFY(comparison.has_value());
        for (const char *word : {"weights", "preprocessing", "calibration", "cancelled", "decided"})
            QVERIFY2(warns(*comparison, word), word);
        // The float result has nothing to do with calibration.
        second.floatResult = second.result;
        QVERIFY(!warns(*compareRuns(first, RunSide::Own, second, RunSide::Float), "calibration"));
    }

    void aSignificantDifferenceIsNamedWithItsRange()
    {
        RunRecord first = someRun(40, 14);
        RunRecord second = first;
        for (size_t i = 0; i < 40; ++i) {
            first.result->images[i].top5[0] = first.result->images[i].label;
            second.result->images[i].top5[0] = i < 25 ? (second.result->images[i].label + 1) % kClasses
                                                      : second.result->images[i].label;
        }
        const auto comparison = compareRuns(first, RunSide::Own, second, RunSide::Own);
        QVERIFY(comparison->verdict().find("the second is worse at p = 6e-08 on 40 images") == 0);
        QVERIFY(comparison->top1Difference.low < -62.5 && comparison->top1Difference.high > -62.5);
    }
};

QTEST_APPLESS_MAIN(TestRunComparison)
#include "tst_run_comparison.moc"
