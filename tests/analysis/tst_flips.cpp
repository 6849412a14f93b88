// SPDX-License-Identifier: GPL-3.0-or-later
// Images whose prediction changed, and which classes they moved between.
#include "core/analysis/class_changes.h"
#include "core/analysis/run_comparison.h"
#include "tests/analysis/random_runs.h"

#include <QTest>

#include <cmath>
#include <map>
#include <set>

using namespace quantoscope;

namespace {

/// A result with one image a line of `top5`, whose true classes are `labels`.
RunRecord handMade(const std::vector<int> &labels, const std::vector<std::array<int, 5>> &top5)
{
    RunRecord run;
    run.quantized = true;
    run.result.emplace();
    run.result->classes = 10;
    for (size_t i = 0; i < labels.size(); ++i) {
        run.images.items.push_back({std::to_string(i), labels[i]});
        run.result->images.push_back({static_cast<int>(i), labels[i], top5[i]});
    }
    return run;
}

FlipList flipsOf(const RunRecord &first, const RunRecord &second, FlipRank rank)
{
    auto list = findFlips(first, RunSide::Own, second, RunSide::Own, rank);
    return list ? *list : FlipList{};
}

} // namespace

class TestFlips : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void handMadeFlipsAreOfTheRightKind()
    {
        //                                   same            lost          gained       still wrong     unknown class
        const std::vector<int> labels = {0, 1, 2, 3, -1, 4};
        const RunRecord first = handMade(labels, {{0, 1, 2, 3, 4}, {1, 2, 3, 4, 5}, {9, 2, 3, 4, 5}, {9, 8, 7, 6, 5},
                                                  {1, 2, 3, 4, 5}, {4, 1, 2, 3, 5}});
        const RunRecord second = handMade(labels, {{0, 4, 3, 2, 1}, {2, 1, 3, 4, 5}, {2, 9, 3, 4, 5}, {8, 9, 7, 6, 5},
                                                   {2, 1, 3, 4, 5}, {6, 1, 2, 3, 5}});
        const FlipList top1 = flipsOf(first, second, FlipRank::Top1);
        QCOMPARE(top1.common, int64_t{6});
        QCOMPARE(top1.flips.size(), size_t{5});
        const FlipKind kinds[] = {FlipKind::Lost, FlipKind::Gained, FlipKind::StillWrong, FlipKind::Unlabelled,
                                  FlipKind::Lost};
        for (size_t i = 0; i < 5; ++i) {
            QCOMPARE(top1.flips[i].kind, kinds[i]);
            QCOMPARE(top1.flips[i].imageFirst, static_cast<int>(i) + 1);
            QVERIFY(std::isnan(top1.flips[i].confidenceBefore[0]) && std::isnan(top1.flips[i].marginChange()));
        }
        QCOMPARE(top1.count(FlipKind::Lost), int64_t{2});
        // Among the best five only the last image is lost; the order within the five says nothing.
        const FlipList top5 = flipsOf(first, second, FlipRank::Top5);
        QCOMPARE(top5.flips.size(), size_t{1});
        QCOMPARE(top5.flips[0].imageFirst, 5);
        QCOMPARE(top5.flips[0].kind, FlipKind::Lost);
    }

    void marginsAndConfidencesEqualASlowReference()
    {
        const RunRecord first = someRun(200, 1);
        const RunRecord second = someRun(200, 2);
        const FlipList list = flipsOf(first, second, FlipRank::Top1);
        QVERIFY(list.flips.size() > 50);
        const auto slow = [&](const RunRecord &run, const Flip &flip, const std::array<int, 5> &best,
                              const std::array<double, 5> &confidence, double margin) {
            const float *logits = run.result->logits.data() + flip.imageFirst * kRandomClasses;
            long double sum = 0;
            double other = -1e9;
            for (int c = 0; c < kRandomClasses; ++c) {
                sum += std::exp(static_cast<long double>(logits[c]));
                if (c != flip.label)
                    other = std::max(other, static_cast<double>(logits[c]));
            }
            for (size_t k = 0; k < 5; ++k) {
                const auto expected = static_cast<double>(std::exp(static_cast<long double>(logits[best[k]])) / sum);
                if (std::abs(confidence[k] - expected) > 1e-12)
                    return false;
            }
            return std::abs(margin - (static_cast<double>(logits[flip.label]) - other)) < 1e-12;
        };
        for (const Flip &flip : list.flips) {
            QVERIFY(slow(first, flip, flip.before, flip.confidenceBefore, flip.marginBefore));
            QVERIFY(slow(second, flip, flip.after, flip.confidenceAfter, flip.marginAfter));
            QCOMPARE(flip.marginBefore > 0, flip.before[0] == flip.label);
            QCOMPARE(flip.marginAfter > 0, flip.after[0] == flip.label);
        }
        // The same images are counted by the comparison of the two runs.
        const auto comparison = compareRuns(first, RunSide::Own, second, RunSide::Own);
        QVERIFY(comparison.has_value());
        QCOMPARE(list.count(FlipKind::Lost), comparison->paired.lost);
        QCOMPARE(list.count(FlipKind::Gained), comparison->paired.gained);
        QCOMPARE(static_cast<int64_t>(list.flips.size()), comparison->paired.common - comparison->paired.agree);
        const FlipList top5 = flipsOf(first, second, FlipRank::Top5);
        QCOMPARE(top5.count(FlipKind::Lost), comparison->paired.top5Lost);
        QCOMPARE(top5.count(FlipKind::Gained), comparison->paired.top5Gained);
    }

    void logitsThatAreNotFiniteHaveNoMargin()
    {
        const RunRecord first = someRun(200, 1);
        RunRecord second = someRun(200, 2);
        const int image = flipsOf(first, second, FlipRank::Top1).flips.front().imageFirst;
        second.result->logits[static_cast<size_t>(image * kRandomClasses)] = std::nanf("");
        const FlipList list = flipsOf(first, second, FlipRank::Top1);
        QVERIFY(std::isnan(list.flips.front().marginAfter) && std::isnan(list.flips.front().confidenceAfter[0]));
        QVERIFY(std::isfinite(list.flips.front().marginBefore));
    }

    void changesEqualASlowCount()
    {
        const FlipList list = flipsOf(someRun(300, 3), someRun(300, 4), FlipRank::Top1);
        for (const ChangeRows rows : {ChangeRows::Before, ChangeRows::Truth}) {
            const std::vector<ClassChange> changes = classChanges(list, rows);
            std::map<std::pair<int, int>, int64_t> slow;
            for (const Flip &flip : list.flips)
                ++slow[{rows == ChangeRows::Before ? flip.before[0] : flip.label, flip.after[0]}];
            QCOMPARE(changes.size(), slow.size());
            int64_t lost = 0;
            for (size_t i = 0; i < changes.size(); ++i) {
                QCOMPARE(changes[i].count, (slow[{changes[i].from, changes[i].to}]));
                QVERIFY(i == 0 || changes[i - 1].count >= changes[i].count);
                lost += changes[i].lost;
            }
            QCOMPARE(lost, list.count(FlipKind::Lost));

            for (const int most : {1, 3, 100}) {
                const ChangeMatrix matrix = changeMatrix(changes, most, most);
                QCOMPARE(matrix.images, static_cast<int64_t>(list.flips.size()));
                QCOMPARE(matrix.otherFrom > 0, matrix.from.back() == ChangeMatrix::kOther);
                for (size_t r = 0; r < matrix.from.size(); ++r)
                    for (size_t c = 0; c < matrix.to.size(); ++c) {
                        const auto isIn = [](const std::vector<int> &classes, size_t place, int wanted) {
                            return classes[place] == wanted
                                || (classes[place] == ChangeMatrix::kOther
                                    && std::find(classes.begin(), classes.end(), wanted) == classes.end());
                        };
                        int64_t expected = 0;
                        for (const auto &[classes, count] : slow)
                            if (isIn(matrix.from, r, classes.first) && isIn(matrix.to, c, classes.second))
                                expected += count;
                        QCOMPARE(matrix.at(r, c), expected);
                        int64_t ofCell = 0;
                        for (const ClassChange &change : changesOfCell(changes, matrix, r, c))
                            ofCell += change.count;
                        QCOMPARE(ofCell, expected);
                    }
                if (most == 100) {
                    QCOMPARE(matrix.otherFrom + matrix.otherTo, 0);
                    QVERIFY(std::is_sorted(matrix.from.begin(), matrix.from.end()));
                }
            }
        }
    }

    void aMatrixKeepsTheMostFrequentClasses()
    {
        const std::vector<ClassChange> changes = {{5, 9, 4, 4, 0}, {2, 9, 3, 0, 3}, {7, 1, 1, 0, 0}, {7, 3, 1, 0, 0}};
        const ChangeMatrix matrix = changeMatrix(changes, 2, 2);
        QCOMPARE(matrix.from, (std::vector<int>{2, 5, ChangeMatrix::kOther}));
        QCOMPARE(matrix.to, (std::vector<int>{1, 9, ChangeMatrix::kOther}));
        QCOMPARE(matrix.otherFrom, 1);
        QCOMPARE(matrix.counts, (std::vector<int64_t>{0, 3, 0, 0, 4, 0, 1, 0, 1}));
        const ChangeMatrix wide = changeMatrix(changes, 1, 5);
        QCOMPARE(wide.from, (std::vector<int>{5, ChangeMatrix::kOther}));
        QCOMPARE(wide.to, (std::vector<int>{1, 3, 9}));
        QVERIFY(changeMatrix({}, 2, 2).from.empty());
    }

    void runsThatCannotBeComparedAreRefused()
    {
        const RunRecord run = someRun(5, 1);
        RunRecord others = someRun(5, 2);
        for (ImageItem &item : others.images.items)
            item.path = "other/" + item.path;
        QVERIFY(!findFlips(run, RunSide::Own, others, RunSide::Own, FlipRank::Top1));
        QVERIFY(!findFlips(run, RunSide::Float, run, RunSide::Own, FlipRank::Top1));
    }
};

QTEST_GUILESS_MAIN(TestFlips)
#include "tst_flips.moc"
