// SPDX-License-Identifier: GPL-3.0-or-later
// The limit to conversions against trying everything, against the search without a limit, and against its own promises.
#include "core/analysis/conversion_edges.h"
#include "core/analysis/conversion_limit.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <random>
#include <set>

using namespace quantoscope;

namespace {

constexpr double kRounding = 1e-9;

struct Case {
    std::vector<ChoiceGroup> groups;
    std::vector<ConversionEdge> edges;
};

/// A chain with some edges that skip operators or end in float, as residual connections do; few different values, so that
/// ties and dominated options occur.
Case randomCase(int operators, std::mt19937 &random)
{
    Case one;
    for (int g = 0; g < operators; ++g) {
        ChoiceGroup group;
        group.name = std::to_string(g);
        for (const int w : {0, 4})
            for (const int a : {0, 8, 4})
                if (group.choices.empty() || random() % 3 != 0)
                    group.choices.push_back({{w, a}, static_cast<int64_t>(random() % 9), 0.125 * static_cast<double>(random() % 17)});
        one.groups.push_back(group);
        if (g > 0)
            one.edges.push_back({g - 1, g, 1 + static_cast<int>(random() % 2)});
        if (g > 2 && random() % 2)
            one.edges.push_back({g - 3, g, 1});
        if (random() % 4 == 0)
            one.edges.push_back({kFloatEnd, g, 1});
    }
    return one;
}

struct Tried {
    int64_t cost = 0;
    double loss = 0;
    int conversions = 0;
};

std::vector<Tried> everything(const Case &one)
{
    std::vector<Tried> all;
    std::vector<size_t> choice(one.groups.size(), 0);
    for (;;) {
        Tried tried;
        std::vector<PrecisionOption> options;
        for (size_t g = 0; g < choice.size(); ++g) {
            const PrecisionChoice &own = one.groups[g].choices[choice[g]];
            tried.cost += own.cost;
            tried.loss += own.loss;
            options.push_back(own.option);
        }
        tried.conversions = conversionsOf(one.edges, options);
        all.push_back(tried);
        size_t g = 0;
        while (g < choice.size() && ++choice[g] == one.groups[g].choices.size())
            choice[g++] = 0;
        if (g == choice.size())
            return all;
    }
}

/// Blocks of a transformer: norm -> qkv -> scores -> softmax -> context -> projection + residual, and the same for its MLP,
/// every value with a precision of its own; losses fall with the bits as quantization noise does.
Case transformer(int blocks, const std::vector<int> &levels)
{
    Case one;
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    const auto add = [&](int64_t weights, int64_t activations) {
        ChoiceGroup group;
        group.name = std::to_string(one.groups.size());
        const double ofWeights = std::exp(1.2 * normal(random));
        const double ofActivations = std::exp(1.2 * normal(random));
        const auto loss = [](double scale, int bits) { return bits == 0 ? 0 : scale * std::pow(4.0, -bits); };
        const auto width = [](int bits) { return bits == 0 ? 32 : bits; };
        for (const int w : levels)
            for (const int a : levels)
                if (weights > 0 || w == a)
                    group.choices.push_back({{w, a}, weights * width(w) + activations * width(a),
                                             (weights > 0 ? loss(ofWeights, w) : 0) + loss(ofActivations, a)});
        one.groups.push_back(group);
        return static_cast<int>(one.groups.size()) - 1;
    };
    const auto join = [&](int a, int b, int count = 1) { one.edges.push_back({a, b, count}); };
    constexpr int64_t width = 192;
    constexpr int64_t tokens = 197;
    int residual = add(0, tokens * width);
    join(kFloatEnd, residual);
    for (int b = 0; b < blocks; ++b) {
        const int norm = add(3 * width * width, tokens * width);
        const int qkv = add(0, 3 * tokens * width);
        const int scores = add(0, 3 * tokens * tokens);
        const int softmax = add(0, 3 * tokens * tokens);
        const int context = add(width * width, tokens * width);
        const int projected = add(0, tokens * width);
        const int sum = add(0, tokens * width);
        join(residual, norm);
        join(norm, qkv);
        join(qkv, scores, 2);
        join(scores, softmax);
        join(softmax, context);
        join(qkv, context);
        join(context, projected);
        join(residual, sum);
        join(projected, sum);
        const int norm2 = add(4 * width * width, tokens * width);
        const int gelu = add(4 * width * width, 4 * tokens * width);
        const int output = add(0, tokens * width);
        const int sum2 = add(0, tokens * width);
        join(sum, norm2);
        join(norm2, gelu);
        join(gelu, output);
        join(sum, sum2);
        join(output, sum2);
        residual = sum2;
    }
    return one;
}

ConversionLimit prepared(const Case &one)
{
    return ConversionLimit::prepare(one.groups, one.edges).value();
}

} // namespace

class TestConversionLimit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void smallCasesAreAsGoodAsTryingEverythingWithinTheBound()
    {
        std::mt19937 random(1);
        double worst = 0; // loss above the best possible, of a range of 1
        double sum = 0;
        int exact = 0;
        int budgets = 0;
        for (int round = 0; round < 120; ++round) {
            const Case one = randomCase(2 + round % 5, random);
            const ConversionLimit limited = prepared(one);
            const std::vector<Tried> all = everything(one);
            int64_t dearest = 0;
            double range = 0;
            for (const Tried &tried : all) {
                dearest = std::max(dearest, tried.cost);
                range = std::max(range, tried.loss);
            }
            for (int limit = 0; limit <= limited.mostConversions() + 1; ++limit) {
                int64_t least = std::numeric_limits<int64_t>::max();
                for (const Tried &tried : all)
                    if (tried.conversions <= limit)
                        least = std::min(least, tried.cost);
                const bool possible = least < std::numeric_limits<int64_t>::max();
                const auto front = limited.within(limit);
                QCOMPARE(front.has_value(), possible);
                QCOMPARE(limited.leastCost(limit).has_value(), possible);
                if (!possible) {
                    QVERIFY(front.error().what.find("conversions") != std::string::npos);
                    continue;
                }
                QCOMPARE(*limited.leastCost(limit), least);
                QCOMPARE(front->points().front().cost, least);
                for (int64_t budget = least - 1; budget <= dearest; ++budget) {
                    double best = std::numeric_limits<double>::infinity();
                    for (const Tried &tried : all)
                        if (tried.conversions <= limit && tried.cost <= budget)
                            best = std::min(best, tried.loss);
                    const auto found = front->bestWithin(budget);
                    QCOMPARE(found.has_value(), std::isfinite(best)); // a plan wherever there is one
                    if (!found)
                        continue;
                    const double own = front->points()[*found].loss;
                    QVERIFY(own >= best - kRounding);
                    QVERIFY(own - best <= front->lossBound(budget) + kRounding);
                    QVERIFY(front->lossBound(budget) <= front->lossBound() + kRounding);
                    worst = std::max(worst, (own - best) / range);
                    sum += (own - best) / range;
                    exact += own <= best + kRounding;
                    ++budgets;
                }
            }
        }
        qInfo("%d budgets: %.2f %% exact, mean %.4f %% and at most %.2f %% of the range of losses above the best", budgets,
              100.0 * exact / budgets, 100 * sum / budgets, 100 * worst);
        QVERIFY(budgets > 10000);
        QVERIFY(exact > 0.95 * budgets);
        QVERIFY(worst < 0.25);
    }

    void everyPointKeepsTheLimitAndTheFrontIsMonotone()
    {
        const Case one = transformer(6, {0, 8, 6, 4, 3});
        const ConversionLimit limited = prepared(one);
        std::set<double> best; // by limit, at one budget
        for (const int limit : {0, 5, 10, 20, 40, 80}) {
            const auto front = limited.within(limit);
            QVERIFY2(front.has_value(), front ? "" : front.error().message().c_str());
            for (size_t p = 0; p < front->points().size(); ++p) {
                const std::vector<int> choices = front->choices(p);
                QVERIFY(limited.conversions(choices) <= limit);
                ParetoPoint sums;
                for (size_t g = 0; g < one.groups.size(); ++g) {
                    sums.cost += one.groups[g].choices[static_cast<size_t>(choices[g])].cost;
                    sums.loss += one.groups[g].choices[static_cast<size_t>(choices[g])].loss;
                }
                QCOMPARE(sums.cost, front->points()[p].cost);
                QCOMPARE(sums.loss, front->points()[p].loss);
                if (p > 0) {
                    QVERIFY(front->points()[p].cost > front->points()[p - 1].cost);
                    QVERIFY(front->points()[p].loss < front->points()[p - 1].loss);
                }
            }
        }
    }

    void aLimitThatTheUnlimitedSelectionKeepsChangesNothing()
    {
        const Case one = transformer(6, {0, 8, 6, 4, 3});
        const ConversionLimit limited = prepared(one);
        const ParetoFront &free = limited.unlimited();
        const size_t count = free.points().size();
        for (const size_t p : {size_t{0}, count / 4, count / 2, 3 * count / 4, count - 1}) {
            const int64_t budget = free.points()[p].cost;
            const int own = limited.conversions(free.choices(p));
            for (const int limit : {own, own + 3, limited.mostConversions()}) {
                const auto front = limited.within(limit);
                QVERIFY(front.has_value());
                const auto found = front->bestWithin(budget);
                QVERIFY(found.has_value());
                QCOMPARE(front->choices(*found), free.choices(p));
            }
        }
        const auto whole = limited.within(1 << 20);
        QVERIFY(whole.has_value());
        QCOMPARE(whole->points().size(), count);
        QCOMPARE(whole->lossBound(), 0.0);
    }

    void theFewestConversionsWithinABudgetAreKnown()
    {
        std::mt19937 random(7);
        for (int round = 0; round < 40; ++round) {
            const Case one = randomCase(2 + round % 5, random);
            const ConversionLimit limited = prepared(one);
            const std::vector<Tried> all = everything(one);
            for (int64_t budget = 0; budget < 40; budget += 3) {
                std::optional<int> fewest;
                for (const Tried &tried : all)
                    if (tried.cost <= budget)
                        fewest = std::min(fewest.value_or(tried.conversions), tried.conversions);
                const auto found = limited.fewestWithin(budget);
                QCOMPARE(found.has_value(), fewest.has_value());
                if (fewest)
                    QCOMPARE(*found, *fewest);
            }
        }
    }

    void fewerConversionsCostLossAndOneWidthCostsNone()
    {
        const Case one = transformer(12, {8, 6, 4, 3});
        const ConversionLimit limited = prepared(one);
        const int64_t budget = limited.unlimited().points().front().cost * 3 / 2;
        const auto lossAt = [&](int limit) {
            const auto front = limited.within(limit);
            return front->points()[*front->bestWithin(budget)].loss;
        };
        QCOMPARE(*limited.fewestWithin(budget), 1); // only the edge from the float image is left
        const double free = lossAt(limited.mostConversions());
        QVERIFY(lossAt(1) > lossAt(20) && lossAt(20) > lossAt(60) && lossAt(60) >= free);
    }

    void aFrontTakesLessThanASecondAndTwoSearchesAreAlike()
    {
        const Case one = transformer(12, {0, 8, 6, 4, 3});
        const ConversionLimit limited = prepared(one);
        for (const int limit : {10, 30, 60, 100}) {
            QElapsedTimer timer;
            timer.start();
            const auto front = limited.within(limit);
            const qint64 took = timer.elapsed();
            QVERIFY(front.has_value());
            qInfo("at most %d conversions: %zu points in %lld ms", limit, front->points().size(), static_cast<long long>(took));
            QVERIFY2(took < 3000, qPrintable(QString::number(took))); // three times what it may on a machine by itself
            const auto again = prepared(one).within(limit);
            QCOMPARE(again->points().size(), front->points().size());
            for (size_t p = 0; p < front->points().size(); ++p)
                QCOMPARE(again->choices(p), front->choices(p));
        }
    }

    void itStopsWhenItIsAsked()
    {
        const Case one = transformer(12, {0, 8, 6, 4, 3});
        const CancelToken cancel;
        const ConversionLimit limited = prepared(one);
        cancel.cancel();
        QCOMPARE(limited.within(40, cancel).error().code, ErrorCode::Cancelled);
        QCOMPARE(ConversionLimit::prepare(one.groups, one.edges, cancel).error().code, ErrorCode::Cancelled);
    }

    void whatCannotBeLimitedIsRefused()
    {
        std::mt19937 random(2);
        Case one = randomCase(4, random);
        const auto refused = [&](ConversionEdge edge) {
            Case other = one;
            other.edges.push_back(edge);
            return ConversionLimit::prepare(other.groups, other.edges).error();
        };
        for (const ConversionEdge edge : {ConversionEdge{2, 2, 1}, {3, 1, 1}, {-2, 1, 1}, {1, 4, 1}, {1, 2, 0}, {1, 2, 70000}})
            QCOMPARE(refused(edge).code, ErrorCode::BadInput);
        QVERIFY(!ConversionLimit::prepare({}, {}));
        one.groups[1].choices[0].cost = int64_t{1} << 60;
        QVERIFY(ConversionLimit::prepare(one.groups, one.edges).error().what.find("53 bits") != std::string::npos);
        // Every operator with an edge to every other one: the state would hold them all.
        Case tangle;
        for (int g = 0; g < 16; ++g) {
            ChoiceGroup group;
            group.name = std::to_string(g);
            for (const int bits : {0, 8, 6, 4, 3})
                group.choices.push_back({{bits, bits}, bits == 0 ? 32 : bits, bits == 0 ? 0.0 : 1.0 / bits});
            tangle.groups.push_back(group);
            for (int other = 0; other < g; ++other)
                tangle.edges.push_back({other, g, 1});
        }
        const auto tangled = ConversionLimit::prepare(tangle.groups, tangle.edges);
        QVERIFY(!tangled);
        QVERIFY(tangled.error().what.find("entangled") != std::string::npos && !tangled.error().where.empty()
                && !tangled.error().hint.empty());
    }
};

QTEST_APPLESS_MAIN(TestConversionLimit)
#include "tst_conversion_limit.moc"
