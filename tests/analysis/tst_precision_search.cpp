// SPDX-License-Identifier: GPL-3.0-or-later
// The precision search against exhaustive enumeration, its size limits, and the text forms around it.
#include "core/analysis/conversion_edges.h"
#include "core/analysis/precision_operators.h"
#include "core/analysis/precision_search.h"
#include "core/analysis/sensitivity_text.h"

#include <nlohmann/json.hpp>

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <set>

#include <malloc.h>

using namespace quantoscope;

namespace {

std::vector<ChoiceGroup> randomGroups(int groups, std::mt19937 &random)
{
    std::vector<ChoiceGroup> list;
    for (int g = 0; g < groups; ++g) {
        ChoiceGroup group;
        group.name = std::to_string(g);
        const int options = 1 + static_cast<int>(random() % 5);
        for (int o = 0; o < options; ++o) // few different values, so that ties and dominated options occur
            group.choices.push_back({{o, o}, static_cast<int64_t>(random() % 9), 0.125 * static_cast<double>(random() % 17)});
        list.push_back(group);
    }
    return list;
}

/// The front by trying everything.
std::vector<ParetoPoint> slowFront(const std::vector<ChoiceGroup> &groups)
{
    std::vector<ParetoPoint> all = {{0, 0}};
    for (const ChoiceGroup &group : groups) {
        std::vector<ParetoPoint> next;
        for (const ParetoPoint &point : all)
            for (const PrecisionChoice &choice : group.choices)
                next.push_back({point.cost + choice.cost, point.loss + choice.loss});
        all = std::move(next);
    }
    std::vector<ParetoPoint> front;
    std::sort(all.begin(), all.end(), [](const ParetoPoint &a, const ParetoPoint &b) {
        return a.cost != b.cost ? a.cost < b.cost : a.loss < b.loss;
    });
    for (const ParetoPoint &point : all)
        if (front.empty() || point.loss < front.back().loss)
            front.push_back(point);
    return front;
}

/// Matrix operators of a ViT in the proportions of DeiT (12 blocks) or ViT-L (24) at 197 tokens, with losses that fall
/// with the bits as quantization noise does.
std::vector<ChoiceGroup> transformerGroups(int64_t width, int blocks, Resource resource)
{
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    constexpr int64_t tokens = 197;
    std::vector<ChoiceGroup> groups;
    const auto add = [&](int64_t weights, int64_t activations, int64_t macs) {
        ChoiceGroup group;
        const double scale = std::exp(1.2 * normal(random));
        for (const int bits : {32, 8, 6, 4, 3}) {
            const int64_t cost = resource == Resource::WeightBytes ? weights * bits
                : resource == Resource::ActivationBytes            ? activations * bits
                : resource == Resource::AverageBits                ? (weights + activations) * bits
                                                                   : macs * bits * bits;
            const double loss = bits == 32 ? 0 : scale * std::pow(4.0, -bits) * std::exp(0.2 * normal(random));
            group.choices.push_back({{bits, bits}, cost, loss});
        }
        groups.push_back(group);
    };
    add(768 * width, 3 * 224 * 224, 196 * 768 * width);
    for (int b = 0; b < blocks; ++b) {
        add(3 * width * width, tokens * width, tokens * 3 * width * width);
        add(0, tokens * 3 * width, tokens * tokens * width);
        add(0, tokens * tokens * width / 64, tokens * tokens * width);
        add(width * width, tokens * width, tokens * width * width);
        add(4 * width * width, tokens * width, tokens * 4 * width * width);
        add(4 * width * width, 4 * tokens * width, tokens * 4 * width * width);
    }
    add(1000 * width, width, 1000 * width);
    return groups;
}

/// residual = input + fc(norm(input)), head reads the residual.
Graph smallGraph()
{
    Graph graph;
    graph.nodes = {{.path = "input", .op = Operator::Input, .role = Role::Image, .shape = {4, 8}},
                   {.path = "norm", .op = Operator::LayerNorm, .inputs = {0}, .role = Role::Normalized, .shape = {4, 8}},
                   {.path = "qkv", .op = Operator::Linear, .inputs = {1}, .parameters = {"qkv.weight"}, .role = Role::Qkv,
                    .shape = {4, 24}, .macs = 768},
                   {.path = "q", .op = Operator::SplitHeads, .inputs = {2}, .shape = {2, 4, 4}, .heads = 2, .index = 0},
                   {.path = "k", .op = Operator::SplitHeads, .inputs = {2}, .shape = {2, 4, 4}, .heads = 2, .index = 1},
                   {.path = "v", .op = Operator::SplitHeads, .inputs = {2}, .shape = {2, 4, 4}, .heads = 2, .index = 2},
                   {.path = "scores", .op = Operator::MatmulTransposed, .inputs = {3, 4}, .role = Role::Scores,
                    .shape = {2, 4, 4}, .macs = 128},
                   {.path = "softmax", .op = Operator::Softmax, .inputs = {6}, .role = Role::AttentionWeights,
                    .shape = {2, 4, 4}},
                   {.path = "context", .op = Operator::MatmulMergeHeads, .inputs = {7, 5}, .role = Role::Context,
                    .shape = {4, 8}, .heads = 2, .macs = 128},
                   {.path = "sum", .op = Operator::Add, .inputs = {0, 8}, .role = Role::Residual, .shape = {4, 8}},
                   {.path = "head", .op = Operator::Linear, .inputs = {9}, .parameters = {"head.weight"},
                    .role = Role::Logits, .shape = {4, 10}, .macs = 320}};
    graph.output = 10;
    graph.deriveTaps([](const std::string &tensor) { return tensor == "head.weight" ? 80 : 192; });
    return graph;
}

std::vector<TapSetting> allQuantized(const Graph &graph, int bits)
{
    std::vector<TapSetting> settings(graph.taps.size());
    for (size_t t = 0; t < settings.size(); ++t)
        if (!isView(graph.nodes[static_cast<size_t>(graph.taps[t].node)].op)) {
            settings[t].quantizer = QuantizerKind::Uniform;
            settings[t].bits = bits;
        }
    return settings;
}

const PrecisionOperator *find(const std::vector<PrecisionOperator> &operators, const char *name)
{
    for (const PrecisionOperator &op : operators)
        if (op.name == name)
            return &op;
    return nullptr;
}

} // namespace

class TestPrecisionSearch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFrontEqualsExhaustiveEnumeration()
    {
        std::mt19937 random(1);
        for (int round = 0; round < 300; ++round) {
            const auto groups = randomGroups(1 + round % 6, random);
            const auto front = paretoFront(groups);
            QVERIFY(front.has_value());
            QCOMPARE(front->lossBound(), 0.0);
            const auto slow = slowFront(groups);
            QCOMPARE(front->points().size(), slow.size());
            for (size_t i = 0; i < slow.size(); ++i) {
                QCOMPARE(front->points()[i].cost, slow[i].cost);
                QCOMPARE(front->points()[i].loss, slow[i].loss);
                // The back pointers lead to a selection with these sums.
                const std::vector<int> choices = front->choices(i);
                QCOMPARE(choices.size(), groups.size());
                ParetoPoint sum;
                for (size_t g = 0; g < groups.size(); ++g) {
                    sum.cost += groups[g].choices[static_cast<size_t>(choices[g])].cost;
                    sum.loss += groups[g].choices[static_cast<size_t>(choices[g])].loss;
                }
                QCOMPARE(sum.cost, slow[i].cost);
                QCOMPARE(sum.loss, slow[i].loss);
            }
            for (int64_t budget = -1; budget < 50; ++budget) {
                const auto best = front->bestWithin(budget);
                const auto above = std::find_if(slow.begin(), slow.end(), [&](const auto &p) { return p.cost > budget; });
                QCOMPARE(best.has_value(), above != slow.begin());
                if (best)
                    QCOMPARE(*best, static_cast<size_t>(above - slow.begin()) - 1);
            }
        }
    }

    void realisticModelsTakeLessThanASecond_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("blocks");
        QTest::addColumn<int>("resource");
        for (const auto resource : kResources) {
            QTest::addRow("DeiT-T %d", static_cast<int>(resource)) << 192 << 12 << static_cast<int>(resource);
            QTest::addRow("ViT-L %d", static_cast<int>(resource)) << 1024 << 24 << static_cast<int>(resource);
        }
    }

    void realisticModelsTakeLessThanASecond()
    {
        QFETCH(const int, width);
        QFETCH(const int, blocks);
        QFETCH(const int, resource);
        const auto groups = transformerGroups(width, blocks, static_cast<Resource>(resource));
        QElapsedTimer timer;
        timer.start();
        const size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
        const auto front = paretoFront(groups);
        const size_t after = mallinfo2().uordblks + mallinfo2().hblkhd;
        QVERIFY(front.has_value());
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(after - before < size_t{500} << 20);
        QCOMPARE(front->lossBound(), 0.0);
        QVERIFY(front->points().size() > 100);
        for (size_t i = 1; i < front->points().size(); ++i) {
            QVERIFY(front->points()[i].cost > front->points()[i - 1].cost);
            QVERIFY(front->points()[i].loss < front->points()[i - 1].loss);
        }
        QCOMPARE(front->points().back().loss, 0.0); // all float
    }

    void aBoundedSearchKeepsItsPromise()
    {
        const auto groups = transformerGroups(192, 12, Resource::BitOperations);
        const auto exact = paretoFront(groups);
        const auto bounded = paretoFront(groups, 200);
        QVERIFY(exact && bounded);
        QVERIFY(bounded->lossBound() > 0 && bounded->points().size() <= 201);
        QVERIFY(exact->points().size() > 1000);
        for (const ParetoPoint &point : exact->points()) {
            const auto best = bounded->bestWithin(point.cost);
            QVERIFY(best.has_value());
            QVERIFY(bounded->points()[*best].loss <= point.loss + bounded->lossBound() + 1e-12);
        }
    }

    void unusableGroupsAreRefusedByName()
    {
        const PrecisionChoice good{{8, 8}, 1, 0.5};
        QVERIFY(!paretoFront({}));
        QCOMPARE(paretoFront({{"empty", {}}}).error().where, std::string("empty"));
        QCOMPARE(paretoFront({{"a", {good}}, {"nan", {{{4, 4}, 1, std::nan("")}}}}).error().where, std::string("nan"));
        QCOMPARE(paretoFront({{"less", {{{4, 4}, -1, 0}}}}).error().where, std::string("less"));
        const PrecisionChoice huge{{8, 8}, int64_t{1} << 61, 0};
        QCOMPARE(paretoFront({{"a", {huge}}, {"b", {huge}}, {"c", {huge}}}).error().where, std::string("c"));
        QVERIFY(paretoFront({{"many", std::vector<PrecisionChoice>(256, good)}}).error().what.find("256")
                != std::string::npos);
    }

    void operatorsOwnEachTapOnce()
    {
        const Graph graph = smallGraph();
        for (const bool alike : {true, false}) {
            const auto operators = precisionOperators(graph, allQuantized(graph, 8), alike);
            std::vector<int> owners(graph.taps.size(), 0);
            for (const PrecisionOperator &op : operators)
                for (const auto *taps : {&op.weightTaps, &op.activationTaps})
                    for (const int tap : *taps)
                        ++owners[static_cast<size_t>(tap)];
            for (size_t t = 0; t < owners.size(); ++t)
                QCOMPARE(owners[t], isView(graph.nodes[static_cast<size_t>(graph.taps[t].node)].op) ? 0 : 1);
            // The first product reads q and k, the second v: parts of one value.
            const PrecisionOperator *attention = find(operators, "scores");
            QVERIFY(attention);
            QCOMPARE(attention->members.size(), alike ? size_t{2} : size_t{1});
            QCOMPARE(attention->activationElements, alike ? 4 * 24 + 2 * 4 * 4 : 4 * 24);
            QCOMPARE(attention->activationMacs, alike ? 256 : 128);
            QCOMPARE(find(operators, "context") == nullptr, alike);
        }
        const auto operators = precisionOperators(graph, allQuantized(graph, 8), true);
        const PrecisionOperator *qkv = find(operators, "qkv");
        QVERIFY(qkv);
        QCOMPARE(qkv->weightElements, 192);
        QCOMPARE(qkv->activationTaps, std::vector<int>{graph.findTap("norm")});
        QCOMPARE(precisionCost(Resource::WeightBytes, *qkv, {4, 8}), 768);
        QCOMPARE(precisionCost(Resource::AverageBits, *qkv, {4, 8}), 768 + 32 * 8);
        QCOMPARE(precisionCost(Resource::ActivationBytes, *qkv, {4, 8}), 32 * 8);
        QCOMPARE(precisionCost(Resource::BitOperations, *qkv, {4, 8}), 768 * 32);
        QCOMPARE(precisionCost(Resource::BitOperations, *qkv, {0, 8}), 768 * 32 * 8);
        QVERIFY(find(operators, "head")->outermost && find(operators, "head.output")->outermost && !qkv->outermost);
        QVERIFY(find(operators, "context.output") && find(operators, "scores.output") && find(operators, "input"));
        // What the recipe leaves in float is nobody's.
        auto weightsOnly = allQuantized(graph, 8);
        for (size_t t = 0; t < weightsOnly.size(); ++t)
            if (graph.taps[t].kind != TapKind::Weight)
                weightsOnly[t].quantizer = QuantizerKind::None;
        const auto two = precisionOperators(graph, weightsOnly, true);
        QCOMPARE(two.size(), size_t{2});
        QCOMPARE(precisionCost(Resource::BitOperations, two[0], {4, 4}), 768 * 4 * 32);
    }

    void constraintsDecideWhatIsOnOffer()
    {
        const Graph graph = smallGraph();
        const auto operators = precisionOperators(graph, allQuantized(graph, 8), true);
        SensitivityTable table;
        for (const PrecisionOperator &op : operators)
            for (const std::string &member : op.members)
                for (const int bits : {8, 4})
                    table.rows.push_back({.operatorPath = member, .option = {bits, bits}, .kl = 1.0 / bits});
        table.rows.push_back({.operatorPath = "qkv", .kind = SensitivityKind::AllButThis, .option = {8, 8}, .kl = 9});
        table.rows.push_back({.operatorPath = "qkv", .part = SensitivityPart::Weights, .option = {8, 8}, .kl = 9});
        SearchConstraints constraints;
        constraints.options = {{0, 0}, {8, 8}, {4, 4}};
        auto groups = choiceGroups(operators, table, Resource::AverageBits, constraints);
        QVERIFY2(groups.has_value(), groups ? "" : groups.error().message().c_str());
        for (size_t g = 0; g < groups->size(); ++g) {
            QCOMPARE((*groups)[g].choices.size(), operators[g].outermost ? size_t{2} : size_t{3});
            QCOMPARE((*groups)[g].choices[0].loss, 0.0);
            // Measured one by one: the losses add up.
            QCOMPARE((*groups)[g].choices[1].loss, operators[g].name == "scores" ? 0.25 : 0.125);
        }
        constraints.fixed = {{"qkv", {4, 4}}, {"head", {4, 4}}};
        groups = choiceGroups(operators, table, Resource::AverageBits, constraints);
        QVERIFY(groups.has_value());
        const auto front = paretoFront(*groups);
        for (size_t i = 0; i < front->points().size(); ++i) {
            const std::vector<int> choices = front->choices(i);
            for (size_t g = 0; g < groups->size(); ++g)
                if (operators[g].name == "qkv" || operators[g].name == "head")
                    QVERIFY(((*groups)[g].choices[static_cast<size_t>(choices[g])].option == PrecisionOption{4, 4}));
        }
        constraints.fixed = {{"nobody", {4, 4}}};
        QCOMPARE(choiceGroups(operators, table, Resource::AverageBits, constraints).error().where, std::string("nobody"));
        constraints.fixed.clear();
        constraints.options = {{6, 6}};
        QVERIFY(choiceGroups(operators, table, Resource::AverageBits, constraints).error().what.find("6/6")
                != std::string::npos);
        constraints.options.clear();
        QCOMPARE(choiceGroups(operators, table, Resource::AverageBits, constraints).error().code, ErrorCode::Usage);
    }

    void partsThatWereMeasuredByThemselvesAddUp()
    {
        const Graph graph = smallGraph();
        const auto operators = precisionOperators(graph, allQuantized(graph, 8), false);
        SensitivityTable table;
        for (const PrecisionOperator &op : operators)
            for (const int bits : {8, 4}) {
                if (!op.weightTaps.empty())
                    table.rows.push_back({.operatorPath = op.name, .part = SensitivityPart::Weights, .option = {bits, bits}, .kl = 1.0 / bits});
                if (!op.activationTaps.empty())
                    table.rows.push_back({.operatorPath = op.name, .part = SensitivityPart::Activations, .option = {bits, bits}, .kl = 10.0 / bits});
            }
        SearchConstraints constraints;
        constraints.outermostAtLeast8 = false;
        for (const int w : {0, 8, 4})
            for (const int a : {0, 8, 4})
                constraints.options.push_back({w, a});
        const auto groups = choiceGroups(operators, table, Resource::AverageBits, constraints);
        QVERIFY2(groups.has_value(), groups ? "" : groups.error().message().c_str());
        for (size_t g = 0; g < groups->size(); ++g) {
            const PrecisionOperator &op = operators[g];
            const bool hasWeights = !op.weightTaps.empty();
            // What an operator lacks makes no options of its own.
            QCOMPARE((*groups)[g].choices.size(), hasWeights && !op.activationTaps.empty() ? size_t{9} : size_t{3});
            for (const PrecisionChoice &choice : (*groups)[g].choices) {
                const auto loss = [](int bits, double one) { return bits == 0 ? 0.0 : one / bits; };
                QCOMPARE(choice.loss, (hasWeights ? loss(choice.option.weightBits, 1) : 0)
                                          + (op.activationTaps.empty() ? 0 : loss(choice.option.activationBits, 10)));
            }
        }
        // One part is missing at one width.
        std::erase_if(table.rows, [](const SensitivityRow &row) {
            return row.operatorPath == "qkv" && row.part == SensitivityPart::Weights && row.option.weightBits == 4;
        });
        const auto incomplete = choiceGroups(operators, table, Resource::AverageBits, constraints);
        QVERIFY(!incomplete);
        QCOMPARE(incomplete.error().where, std::string("qkv"));
    }

    void operandsWithQuantizersOfTheirOwnBelongToTheirProduct()
    {
        const Graph graph = smallGraph();
        auto settings = allQuantized(graph, 8);
        settings[static_cast<size_t>(graph.findTap("qkv"))].quantizer = QuantizerKind::None;
        for (const char *path : {"q", "k", "v"})
            settings[static_cast<size_t>(graph.findTap(path))].quantizer = QuantizerKind::Uniform;
        const auto operators = precisionOperators(graph, settings, false);
        QCOMPARE(find(operators, "scores")->activationTaps,
                 (std::vector<int>{graph.findTap("q"), graph.findTap("k")}));
        const std::vector<int> second = find(operators, "context")->activationTaps;
        QCOMPARE(std::set<int>(second.begin(), second.end()),
                 (std::set<int>{graph.findTap("v"), graph.findTap("softmax")}));
    }

    void costsAreThoseOfTheOperators()
    {
        const Graph graph = smallGraph();
        const auto recipe = allQuantized(graph, 8);
        const auto operators = precisionOperators(graph, recipe, true);
        auto settings = recipe;
        std::mt19937 random(5);
        int64_t average = 0;
        int64_t bytes = 0;
        int64_t operations = 0;
        int64_t activations = 0;
        for (const PrecisionOperator &op : operators) {
            const PrecisionOption option{static_cast<int>(3 + random() % 6), static_cast<int>(3 + random() % 6)};
            for (const int tap : op.weightTaps)
                settings[static_cast<size_t>(tap)].bits = option.weightBits;
            for (const int tap : op.activationTaps)
                settings[static_cast<size_t>(tap)].bits = option.activationBits;
            average += precisionCost(Resource::AverageBits, op, option);
            bytes += precisionCost(Resource::WeightBytes, op, option);
            operations += precisionCost(Resource::BitOperations, op, option);
            activations += precisionCost(Resource::ActivationBytes, op, option);
        }
        const PrecisionCosts costs = precisionCosts(graph, recipe, settings);
        QCOMPARE(costs.averageBits, costAmount(Resource::AverageBits, average, operators));
        QCOMPARE(costs.weightBytes, costAmount(Resource::WeightBytes, bytes, operators));
        QCOMPARE(costs.activationBytes, costAmount(Resource::ActivationBytes, activations, operators));
        QCOMPARE(costs.bitOperations, static_cast<double>(operations));
        QCOMPARE(costs.conversions, boundaryConversions(graph, settings));
        // Float counts 32 bits, and what the recipe leaves float counts nothing.
        auto oneFloat = recipe;
        const auto head = static_cast<size_t>(graph.findTap("head.weight"));
        oneFloat[head].quantizer = QuantizerKind::None;
        QCOMPARE(precisionCosts(graph, recipe, oneFloat).weightBytes, 272.0 + 3.0 * static_cast<double>(graph.taps[head].elements));
        QCOMPARE(precisionCosts(graph, oneFloat, oneFloat).weightBytes, 272.0 - static_cast<double>(graph.taps[head].elements));
    }

    void aWrittenSensitivityIsReadAgain()
    {
        SensitivityTable table;
        table.model = "tiny";
        table.modelSha256 = "abc";
        table.recipe = "minmax 8/8/8";
        table.floatTop1 = std::nan("");
        table.rows.push_back({"a,\"b\"", SensitivityKind::AllButThis, SensitivityPart::Weights, {0, 4}, 0.1 + 0.2, 0.025,
                              97.5, std::nan(""), 64});
        const auto read = parseSensitivity(sensitivityToJson(table), "test");
        QVERIFY2(read.has_value(), read ? "" : read.error().message().c_str());
        QCOMPARE(sensitivityToJson(*read), sensitivityToJson(table));
        QVERIFY(std::isnan(read->rows[0].top1));
        for (const char *broken : {"", "[]", "{}", R"({"rows": 3})", R"({"rows": [{"kl": 1}]})",
                                   R"({"rows": [{"operator": "x", "part": "half"}]})",
                                   R"({"rows": [{"operator": "x", "weight_bits": 99}]})",
                                   R"({"rows": [{"operator": "x", "kl": "much"}]})"}) {
            const auto refused = parseSensitivity(broken, "broken.json");
            QVERIFY2(!refused, broken);
            QCOMPARE(refused.error().code, ErrorCode::CorruptFile);
            QCOMPARE(refused.error().where, std::string("broken.json"));
        }
    }

    void budgetsAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("resource"); // -1: refused
        QTest::addColumn<double>("amount");
        const auto row = [](const char *text, int resource, double amount) {
            QTest::newRow(*text ? text : "nothing") << QString::fromLatin1(text) << resource << amount;
        };
        row("4.5bits", static_cast<int>(Resource::AverageBits), 4.5);
        row("4 bits", static_cast<int>(Resource::AverageBits), 4);
        row("1bit", static_cast<int>(Resource::AverageBits), 1);
        row("3MB", static_cast<int>(Resource::WeightBytes), 3e6);
        row("6.5MBact", static_cast<int>(Resource::ActivationBytes), 6.5e6);
        row("2.5MiB", static_cast<int>(Resource::WeightBytes), 2621440);
        row("700kB", static_cast<int>(Resource::WeightBytes), 7e5);
        row("40GBOPs", static_cast<int>(Resource::BitOperations), 4e10);
        row("1.5TBOPs", static_cast<int>(Resource::BitOperations), 1.5e12);
        for (const char *text : {"", "bits", "4.5", "4.5.1bits", "-3MB", "0MB", "3mb", "40bits", "3 apples", ".MB", "1e3MB",
                                 "99999999999999999999TBOPs", "inf bits"})
            row(text, -1, 0);
    }

    void budgetsAreRead()
    {
        QFETCH(const QString, text);
        QFETCH(const int, resource);
        QFETCH(const double, amount);
        const auto budget = parseBudget(text.toStdString());
        QCOMPARE(budget.has_value(), resource >= 0);
        if (!budget) {
            QCOMPARE(budget.error().code, ErrorCode::Usage);
            QVERIFY(budget.error().hint.find("4.5bits") != std::string::npos);
            return;
        }
        QCOMPARE(static_cast<int>(budget->resource), resource);
        QCOMPARE(budget->amount, amount);
    }

    void aBudgetOfTheUniformWidthAllowsExactlyThatWidth()
    {
        const Graph graph = smallGraph();
        const auto operators = precisionOperators(graph, allQuantized(graph, 8), true);
        for (const int bits : {3, 4, 8}) {
            int64_t average = 0;
            int64_t bytes = 0;
            for (const PrecisionOperator &op : operators) {
                average += precisionCost(Resource::AverageBits, op, {bits, bits});
                bytes += precisionCost(Resource::WeightBytes, op, {bits, bits});
            }
            QCOMPARE(budgetCost({Resource::AverageBits, static_cast<double>(bits)}, operators), average);
            QCOMPARE(costAmount(Resource::AverageBits, average, operators), static_cast<double>(bits));
            QCOMPARE(costAmount(Resource::WeightBytes, bytes, operators), 272.0 * bits / 8);
            QCOMPARE(budgetCost({Resource::WeightBytes, 272.0 * bits / 8}, operators), bytes);
        }
        QCOMPARE(budgetCost({Resource::BitOperations, 1e12}, operators), int64_t{1000000000000});
        PrecisionOperator hundred;
        hundred.weightElements = 100;
        QCOMPARE(budgetCost({Resource::AverageBits, 4.35}, {hundred}), 435); // 434.99999999999994 in doubles
    }

    void conversionsAreEdgesBetweenWidths()
    {
        const Graph graph = smallGraph();
        auto settings = allQuantized(graph, 8);
        QCOMPARE(boundaryConversions(graph, settings), 0);
        // softmax reads scores and is read by context
        settings[static_cast<size_t>(graph.findTap("softmax"))].bits = 4;
        QCOMPARE(boundaryConversions(graph, settings), 2);
        // norm -> qkv; qkv through q and k -> scores twice, through v -> context
        settings[static_cast<size_t>(graph.findTap("qkv"))].quantizer = QuantizerKind::None;
        QCOMPARE(boundaryConversions(graph, settings), 6);
        // A weight is no value that flows along an edge.
        settings[static_cast<size_t>(graph.findTap("head.weight"))].bits = 3;
        QCOMPARE(boundaryConversions(graph, settings), 6);
    }

    void sensitivityIsWrittenForOtherPrograms()
    {
        SensitivityTable table;
        table.model = "tiny";
        table.floatTop1 = 81.5;
        table.rows.push_back({"blocks.0.attn.qkv", SensitivityKind::OnlyThis, SensitivityPart::Both, {4, 8}, 0.1, 0.025,
                              97.5, std::nan(""), 64});
        table.rows.push_back(
            {"odd,\"name\"", SensitivityKind::AllButThis, SensitivityPart::Weights, {0, 0}, 1e-9, 0, 100, 80, 64});
        const std::string expected
            = "operator,kind,part,weight_bits,activation_bits,kl,kl_standard_error,agreement,top1,images\n"
              "blocks.0.attn.qkv,only-this,both,4,8,0.1,0.025,97.5,,64\n"
              "\"odd,\"\"name\"\"\",all-but-this,weights,0,0,1e-09,0,100,80,64\n";
        QCOMPARE(QString::fromStdString(sensitivityToCsv(table)), QString::fromStdString(expected));
        const auto json = nlohmann::json::parse(sensitivityToJson(table));
        QCOMPARE(json["rows"].size(), size_t{2});
        QVERIFY(json["rows"][0]["top1"].is_null());
        QCOMPARE(json["rows"][0]["kl"].get<double>(), 0.1);
        QCOMPARE(json["rows"][1]["kind"].get<std::string>(), std::string("all-but-this"));
        QCOMPARE(json["float_top1"].get<double>(), 81.5);
        QCOMPARE(PrecisionOption({4, 0}).text(), std::string("4/float"));
        QCOMPARE(PrecisionOption().text(), std::string("float"));
    }
};

QTEST_APPLESS_MAIN(TestPrecisionSearch)
#include "tst_precision_search.moc"
