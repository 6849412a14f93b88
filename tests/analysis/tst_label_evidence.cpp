// SPDX-License-Identifier: GPL-3.0-or-later
// The statistics behind the check before a calibration.
#include "core/analysis/label_agreement.h"
#include "core/analysis/prediction_scores.h"
#include "core/data/significance.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace quantoscope;

namespace {

constexpr int kClasses = 20;

/// Logits that favour the label by `lead`, with noise; times `sharpness`.
std::vector<float> logitsFor(int label, double lead, double sharpness, std::mt19937 &random)
{
    std::normal_distribution<double> noise;
    std::vector<float> logits;
    for (int c = 0; c < kClasses; ++c)
        logits.push_back(static_cast<float>(sharpness * (noise(random) + (c == label ? lead : 0))));
    return logits;
}

/// Scores of 128 images in two set-ups.
ScoreComparison compare(double leadFirst, double sharpFirst, double leadSecond, double sharpSecond, bool randomLabels)
{
    std::mt19937 random(7);
    std::vector<ImageScore> first;
    std::vector<ImageScore> second;
    for (int i = 0; i < 128; ++i) {
        const int shown = i % kClasses;
        const int label = randomLabels ? static_cast<int>(random() % kClasses) : shown;
        const std::vector<float> base = logitsFor(shown, leadFirst, 1, random);
        std::vector<float> a = base;
        std::vector<float> b = base;
        for (int c = 0; c < kClasses; ++c) {
            a[static_cast<size_t>(c)] *= static_cast<float>(sharpFirst);
            if (c == shown)
                b[static_cast<size_t>(c)] += static_cast<float>(leadSecond - leadFirst);
            b[static_cast<size_t>(c)] *= static_cast<float>(sharpSecond);
        }
        first.push_back(scoreImage(a.data(), kClasses, label));
        second.push_back(scoreImage(b.data(), kClasses, label));
    }
    return compareScores(first, second);
}

} // namespace

class TestLabelEvidence : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theSignTestIsExact()
    {
        QCOMPARE(exactSignTest(0, 0), 1.0);
        QCOMPARE(exactSignTest(5, 5), 1.0);
        QVERIFY(std::abs(exactSignTest(8, 0) - 2.0 / 256) < 1e-12);
        QVERIFY(std::abs(exactSignTest(1, 9) - 2 * 11.0 / 1024) < 1e-12);
        QVERIFY(std::abs(exactSignTest(3, 7) - exactSignTest(7, 3)) < 1e-15);
        // 122 of 128: computed with exact integers.
        QVERIFY(std::abs(exactSignTest(122, 6) / 3.3410e-29 - 1) < 0.01);
    }

    void theBinomialTailIsExact()
    {
        QCOMPARE(binomialUpperTail(0, 10, 0.3), 1.0);
        QCOMPARE(binomialUpperTail(11, 10, 0.3), 0.0);
        QVERIFY(std::abs(binomialUpperTail(3, 3, 0.5) - 0.125) < 1e-12);
        QVERIFY(std::abs(binomialUpperTail(9, 10, 0.9) - (10 * std::pow(0.9, 9) * 0.1 + std::pow(0.9, 10))) < 1e-12);
        QCOMPARE(binomialUpperTail(2, 10, 0.0), 0.0);
        QCOMPARE(binomialUpperTail(2, 10, 1.0), 1.0);
    }

    void aScoreIsTheLogSoftmaxOfTheLabel()
    {
        const std::vector<float> logits = {1, 2, 3};
        const double sum = std::exp(1.0) + std::exp(2.0) + std::exp(3.0);
        const ImageScore score = scoreImage(logits.data(), 3, 1);
        QVERIFY(score.usable && !score.hit);
        QVERIFY(std::abs(score.logLikelihood - std::log(std::exp(2.0) / sum)) < 1e-12);
        QVERIFY(std::abs(score.confidence - std::log(std::exp(3.0) / sum)) < 1e-12);
        QVERIFY(std::abs(score.standing) < 1e-12); // the mean class
        QVERIFY(scoreImage(logits.data(), 3, 2).hit);
        const std::vector<float> broken = {1, NAN, 3};
        QVERIFY(!scoreImage(broken.data(), 3, 1).usable);
    }

    void aBetterSetUpIsFoundAndAnEqualOneIsNot()
    {
        QVERIFY(compare(2, 1, 3, 1, false).secondIsBetter(0.001));
        QVERIFY(!compare(3, 1, 2, 1, false).secondIsBetter(0.001));
        QVERIFY(!compare(3, 1, 3, 1, false).secondIsBetter(0.5));
    }

    void aMerelyLessConfidentSetUpIsNotBetterUnderWrongLabels()
    {
        const ScoreComparison c = compare(3, 3, 3, 0.3, true);
        QVERIFY(c.wins > c.losses && c.likelihoodP < 0.001); // the likelihood alone would say so
        QVERIFY(!c.secondIsBetter(0.001));
    }

    void confidenceIsComparedWithoutLabels()
    {
        QVERIFY(compare(3, 1, 3, 2, true).secondIsMoreConfident(0.001));
        QVERIFY(!compare(3, 2, 3, 1, true).secondIsMoreConfident(0.001));
    }

    void anAssignmentRecoversPermutedClasses()
    {
        std::vector<int> predicted;
        std::vector<int> labels;
        for (int i = 0; i < 100; ++i) {
            const int shown = i % kClasses;
            predicted.push_back(i % 10 == 9 ? (shown + 7) % kClasses : shown); // one in ten is wrong
            labels.push_back((shown * 3 + 5) % kClasses);
        }
        const AssignmentRecovery recovery = assignmentRecovery(predicted, labels);
        QCOMPARE(recovery.images, 100);
        QVERIFY(recovery.recovered >= 80);
        QVERIFY(recovery.direct <= 15);
        QVERIFY(recovery.p < 1e-6 && recovery.chanceP < 1e-6);
    }

    void anAssignmentFindsNothingInRandomLabelsOrSingleImages()
    {
        std::mt19937 random(3);
        std::vector<int> predicted;
        std::vector<int> labels;
        for (int i = 0; i < 200; ++i) {
            predicted.push_back(i % kClasses);
            labels.push_back(static_cast<int>(random() % kClasses));
        }
        const AssignmentRecovery unrelated = assignmentRecovery(predicted, labels);
        QVERIFY(unrelated.chanceP > 0.001 || unrelated.p > 0.001);
        std::vector<int> each(kClasses);
        std::iota(each.begin(), each.end(), 0);
        QCOMPARE(assignmentRecovery(each, each).images, 0);
        // Right labels gain nothing by an assignment.
        QVERIFY(assignmentRecovery(predicted, predicted).p > 0.5);
    }

    void labelsAreComparedPairedAndUnknownOnesLeftOut()
    {
        const LabelComparison c = compareLabels({0, 1, 2, 3}, {1, 2, 2, -1}, {0, 1, 2, 3});
        QCOMPARE(c.images, 3);
        QCOMPARE(c.hitsFirst, 1);
        QCOMPARE(c.hitsSecond, 3);
        QVERIFY(std::abs(c.p - 0.5) < 1e-12);
    }

    void numbersSortAsFileNamesDo()
    {
        const std::vector<int> order = numbersSortedAsText(12);
        QCOMPARE(order, (std::vector<int>{0, 1, 10, 11, 2, 3, 4, 5, 6, 7, 8, 9}));
    }
};

QTEST_GUILESS_MAIN(TestLabelEvidence)
#include "tst_label_evidence.moc"
