// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs are worth their cost.
#include "core/analysis/run_front.h"

#include <QTest>

#include <random>

using namespace quantoscope;

namespace {

RunRecord runOf(double megabytes, int right, int images = 100)
{
    RunRecord run;
    run.quantized = true;
    run.model.sha256.append(4, 'a');
    run.result.emplace();
    for (int i = 0; i < images; ++i) {
        run.images.items.push_back({std::to_string(i), 0});
        run.result->images.push_back({i, 0, {i < right ? 0 : 1, 2, 3, 4, 5}});
    }
    run.result->count = images;
    run.result->top1Correct = right;
    run.costs.emplace();
    run.costs->weightBytes = megabytes * 1e6;
    run.costs->averageBits = 10 - megabytes; // so that the order of the costs depends on what is asked for
    return run;
}

RunFront frontOf(const std::vector<RunRecord> &runs, Resource resource)
{
    std::vector<const RunRecord *> pointers;
    for (const RunRecord &run : runs)
        pointers.push_back(&run);
    return runFront(pointers, resource);
}

std::vector<int> onFront(const RunFront &front)
{
    std::vector<int> runs;
    for (const RunPoint &point : front.points)
        if (point.onFront)
            runs.push_back(point.run);
    return runs;
}

} // namespace

class TestRunFront : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dominatedRunsAreBehindTheFront()
    {
        //                                   front        behind 0      front        equal to 2    front
        const std::vector<RunRecord> runs = {runOf(2, 60), runOf(3, 60), runOf(4, 80), runOf(4, 80), runOf(1, 40)};
        const RunFront front = frontOf(runs, Resource::WeightBytes);
        QCOMPARE(front.points.size(), size_t{5});
        QCOMPARE(onFront(front), (std::vector<int>{0, 2, 3, 4}));
        QCOMPARE(front.points[0].top1, 60.0);
        QCOMPARE(front.points[0].interval.low, runs[0].result->top1Interval().low);
        QCOMPARE(onFront(frontOf(runs, Resource::AverageBits)), (std::vector<int>{2, 3}));
        QVERIFY(front.sameImages);
    }

    void theFrontEqualsASlowSearch()
    {
        std::mt19937 random(1);
        std::uniform_int_distribution<int> number(1, 20);
        std::vector<RunRecord> runs;
        for (int i = 0; i < 60; ++i)
            runs.push_back(runOf(number(random), number(random) * 4));
        std::vector<int> expected; // best accuracy at each cost, if it beats every smaller cost
        for (size_t i = 0; i < runs.size(); ++i) {
            bool best = true;
            for (const RunRecord &other : runs) {
                const bool cheaper = other.costs->weightBytes < runs[i].costs->weightBytes;
                const bool alike = other.costs->weightBytes == runs[i].costs->weightBytes;
                best = best && !(cheaper && other.result->top1Correct >= runs[i].result->top1Correct)
                    && !(alike && other.result->top1Correct > runs[i].result->top1Correct);
            }
            if (best)
                expected.push_back(static_cast<int>(i));
        }
        QCOMPARE(onFront(frontOf(runs, Resource::WeightBytes)), expected);
    }

    void floatPartialAndOldRunsAreKeptApart()
    {
        std::vector<RunRecord> runs = {runOf(2, 60), runOf(1, 90), runOf(3, 70), runOf(5, 99)};
        runs[1].complete = false; // the best so far, of a part of the images
        for (RunRecord &run : runs) {
            run.floatResult = run.result;
            run.floatCosts = run.costs;
            run.floatCosts->weightBytes = 2e7;
        }
        runs[3].costs.reset();
        runs[3].floatCosts.reset();
        const RunFront front = frontOf(runs, Resource::WeightBytes);
        QCOMPARE(front.withoutCosts, 1);
        QCOMPARE(front.points.size(), size_t{4}); // the float model once
        QVERIFY(front.points[0].floating);
        QCOMPARE(onFront(front), (std::vector<int>{0, 2}));
        runs[2].images.items.front().path.append("other");
        QVERIFY(!frontOf(runs, Resource::WeightBytes).sameImages);
        for (ImageOutcome &outcome : runs[0].result->images)
            outcome.label = -1;
        QCOMPARE(frontOf({runs[0]}, Resource::WeightBytes).points.size(), size_t{1}); // no accuracy, no point
    }
};

QTEST_GUILESS_MAIN(TestRunFront)
#include "tst_run_front.moc"
