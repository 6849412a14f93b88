// SPDX-License-Identifier: GPL-3.0-or-later
// Stopping when decided: its error rates over simulated streams, and its formulas against slow references.
#include "core/analysis/sequential_test.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace quantoscope;

namespace {

constexpr double kAlpha = 0.05;
constexpr double kMargin = 0.5;

struct Stream {
    double gained; ///< share of images that only the own model has right
    double lost;
};

/// Looks after every `step` images and returns the first decision, or None.
Decision decide(const Stream &stream, int images, int step, std::mt19937_64 &random, int64_t *used = nullptr)
{
    std::uniform_real_distribution<double> uniform(0, 1);
    SequentialTest test(kAlpha, kMargin);
    for (int i = 1; i <= images; ++i) {
        const double u = uniform(random);
        const bool gained = u < stream.gained;
        const bool lost = !gained && u < stream.gained + stream.lost;
        test.add(lost, gained);
        if (i % step == 0)
            if (const Decision decision = test.decision(); decision != Decision::None) {
                if (used)
                    *used += i;
                return decision;
            }
    }
    if (used)
        *used += images;
    return Decision::None;
}

} // namespace

class TestSequentialTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalModelsAreToldApartInFivePercentAtMost()
    {
        // A look after every image, 2000 streams of 5000: 4 % of the images differ, as often one way as the other. Only
        // an image that exactly one model has right can raise the evidence, so looking at those is looking at all.
        std::mt19937_64 random(2024);
        std::uniform_real_distribution<double> uniform(0, 1);
        int decided = 0;
        for (int s = 0; s < 2000; ++s) {
            SequentialTest test(kAlpha, kMargin);
            for (int i = 0; i < 5000; ++i) {
                const double u = uniform(random);
                test.add(u < 0.02, u >= 0.02 && u < 0.04);
                if (u < 0.04 && test.logEvidence() >= std::log(1 / kAlpha)) {
                    const Decision decision = test.decision();
                    QVERIFY(decision == Decision::Better || decision == Decision::Worse);
                    ++decided;
                    break;
                }
            }
        }
        QVERIFY2(decided <= 100, qPrintable(QString::number(decided)));
        QVERIFY2(decided > 0, "a test that never decides shows nothing");
    }

    void aFixedTestWithTheSamePeeksWouldBeWrongFarMoreOften()
    {
        // Why the evidence is needed: McNemar's test (normal form) at 5 % after every discordant image.
        std::mt19937_64 random(7);
        std::bernoulli_distribution coin(0.5);
        int decided = 0;
        for (int s = 0; s < 500; ++s) {
            int sum = 0;
            for (int i = 1; i <= 200; ++i) {
                sum += coin(random) ? 1 : -1;
                if (i >= 10 && std::abs(sum) > 1.96 * std::sqrt(i)) {
                    ++decided;
                    break;
                }
            }
        }
        QVERIFY(decided > 100); // above 20 %
    }

    void theWrongSideIsNamedInFivePercentAtMost()
    {
        std::mt19937_64 random(11);
        int wrong = 0;
        int right = 0;
        for (int s = 0; s < 500; ++s) {
            const Decision decision = decide({0.02, 0.03}, 5000, 25, random);
            wrong += decision == Decision::Better;
            right += decision == Decision::Worse;
        }
        QVERIFY(wrong <= 25);
        QVERIFY2(right > 250, qPrintable(QString::number(right)));
    }

    void aLargeDifferenceIsDecidedEarly()
    {
        std::mt19937_64 random(3);
        int64_t used = 0;
        for (int s = 0; s < 100; ++s)
            QCOMPARE(decide({0.01, 0.25}, 5000, 1, random, &used), Decision::Worse);
        QVERIFY2(used < 100 * 80, qPrintable(QString::number(used)));
        std::mt19937_64 again(3);
        QCOMPARE(decide({0.25, 0.01}, 5000, 1, again), Decision::Better);
    }

    void modelsThatDifferByLessThanTheMarginAreFoundEquivalent()
    {
        std::mt19937_64 random(5);
        int64_t used = 0;
        QCOMPARE(decide({0.002, 0.002}, 50000, 25, random, &used), Decision::Equivalent);
        QVERIFY2(used < 20000, qPrintable(QString::number(used)));
        // Identical predictions need far fewer.
        used = 0;
        QCOMPARE(decide({0, 0}, 50000, 25, random, &used), Decision::Equivalent);
        QVERIFY2(used < 3000, qPrintable(QString::number(used)));
    }

    void equivalenceIsClaimedFalselyInFivePercentAtMost()
    {
        // The truth lies on the margin: 0.6 % against 0.1 %.
        std::mt19937_64 random(13);
        int claimed = 0;
        for (int s = 0; s < 200; ++s)
            claimed += decide({0.001, 0.006}, 10000, 100, random) == Decision::Equivalent;
        QVERIFY2(claimed <= 10, qPrintable(QString::number(claimed)));
    }

    void theIntervalHoldsTheTruthAtAllTimesAtOnce()
    {
        std::mt19937_64 random(17);
        std::uniform_real_distribution<double> uniform(0, 1);
        int missed = 0;
        for (int s = 0; s < 300; ++s) {
            SequentialTest test(kAlpha, kMargin);
            bool outside = false;
            for (int i = 1; i <= 2000 && !outside; ++i) {
                const double u = uniform(random);
                test.add(u < 0.06, u >= 0.06 && u < 0.08);
                if (i % 20 == 0) {
                    const Interval interval = test.difference();
                    outside = interval.low > -4 || interval.high < -4;
                }
            }
            missed += outside;
        }
        QVERIFY2(missed <= 15, qPrintable(QString::number(missed)));
    }

    void theEvidenceIsTheMixtureOfLikelihoodRatios()
    {
        // Simpson's rule over the bias of the coin.
        for (const auto &[gained, lost] : {std::pair(0, 0), {1, 0}, {3, 5}, {0, 9}, {20, 4}}) {
            SequentialTest test(kAlpha, kMargin);
            for (int i = 0; i < gained; ++i)
                test.add(false, true);
            for (int i = 0; i < lost; ++i)
                test.add(true, false);
            for (int i = 0; i < 50; ++i)
                test.add(i % 2 == 0, i % 2 == 0); // says nothing
            constexpr int steps = 4000;
            double integral = 0;
            for (int k = 0; k <= steps; ++k) {
                const double p = static_cast<double>(k) / steps;
                const double weight = k == 0 || k == steps ? 1 : k % 2 == 1 ? 4 : 2;
                integral += weight * std::pow(2 * p, gained) * std::pow(2 * (1 - p), lost) / (3.0 * steps);
            }
            QVERIFY(std::abs(test.logEvidence() - std::log(integral)) < 1e-9);
            QCOMPARE(test.images(), gained + lost + 50);
        }
    }

    void theIntervalNarrowsAndMirrors()
    {
        SequentialTest few(kAlpha, kMargin);
        QCOMPARE(few.difference().low, -100.0);
        QCOMPARE(few.difference().high, 100.0);
        SequentialTest many(kAlpha, kMargin);
        SequentialTest mirrored(kAlpha, kMargin);
        double width = 200;
        for (int round = 0; round < 6; ++round) {
            for (int i = 0; i < 400; ++i) {
                many.add(i % 10 == 0, i % 25 == 1);
                mirrored.add(i % 25 == 1, i % 10 == 0);
            }
            const Interval interval = many.difference();
            QVERIFY(interval.low < -6 && -6 < interval.high);
            QVERIFY(interval.high - interval.low < width);
            width = interval.high - interval.low;
            QVERIFY(std::abs(interval.low + mirrored.difference().high) < 1e-9);
        }
        QVERIFY2(width < 6, qPrintable(QString::number(width)));
    }
};

QTEST_APPLESS_MAIN(TestSequentialTest)
#include "tst_sequential_test.moc"
