// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/plan_edits.h"
#include "core/quantization/tap_filter.h"
#include "tests/views/sample_run.h"

#include <QTest>

#include <algorithm>

using namespace quantoscope;

class TestPlanEdits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_graph = sample::model()->graph; }

    void wordsFindTheTapsThatTheyName_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("count");
        QTest::addColumn<QString>("first");
        QTest::newRow("the issue's own") << "all fc2 of blocks 4-7" << 8 << "blocks.4.mlp.fc2.weight";
        QTest::newRow("weights only") << "fc2 weights of blocks 4-7" << 4 << "blocks.4.mlp.fc2.weight";
        QTest::newRow("values only") << "FC2 activations blocks 4-7" << 4 << "blocks.4.mlp.fc2";
        QTest::newRow("one block") << "softmax block 3" << 1 << "blocks.3.attn.softmax";
        QTest::newRow("lists") << "mlp.gelu blocks 0-1, 5 and 7-7" << 4 << "blocks.0.mlp.gelu";
        QTest::newRow("operator type") << "layer_norm" << 25 << "blocks.0.norm1";
        QTest::newRow("type and kind") << "linear weights" << 49 << "blocks.0.attn.qkv.weight";
        QTest::newRow("role") << "attention_weights" << 12 << "blocks.0.attn.softmax";
        QTest::newRow("alternatives") << "fc1, fc2 of block 0" << 4 << "blocks.0.mlp.fc1.weight";
        QTest::newRow("wildcard") << "norm? block 2" << 2 << "blocks.2.norm1";
        QTest::newRow("letters inside") << "esidual block 2" << 2 << "blocks.2.residual1";
        // q, k and v can be switched, the class token that only re-arranges cannot.
        QTest::newRow("views are left out") << "class_token" << 0 << "";
    }

    void wordsFindTheTapsThatTheyName()
    {
        QFETCH(QString, words);
        QFETCH(int, count);
        QFETCH(QString, first);
        const auto found = findTaps(m_graph, words.toStdString());
        QVERIFY2(found.has_value(), found ? "" : found.error().message().c_str());
        QCOMPARE(static_cast<int>(found->size()), count);
        if (count > 0)
            QCOMPARE(m_graph.taps[static_cast<size_t>(found->front())].path, first.toStdString());
    }

    void wordsThatMeanNothingAreRefusedByName_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("named");
        QTest::newRow("none") << "  " << "no layers";
        QTest::newRow("unknown") << "fcx of block 1" << "'fcx'";
        QTest::newRow("no number") << "fc1 of blocks" << "'blocks'";
        QTest::newRow("backwards") << "fc1 blocks 7-4" << "'blocks'";
        QTest::newRow("too far") << "blocks 10-12" << "block 12";
        QTest::newRow("overflow") << "blocks 99999999999" << "'blocks'";
    }

    void wordsThatMeanNothingAreRefusedByName()
    {
        QFETCH(QString, words);
        QFETCH(QString, named);
        const auto found = findTaps(m_graph, words.toStdString());
        QVERIFY(!found);
        QVERIFY2(found.error().message().find(named.toStdString()) != std::string::npos, found.error().message().c_str());
    }

    void bitsAreSetAndForgotten()
    {
        QuantizationRequest request;
        const std::vector<std::string> taps = {"blocks.3.mlp.fc2", "blocks.3.mlp.fc2.weight"};
        change(request, taps, 4);
        QCOMPARE(bits(request, "blocks.3.mlp.fc2"), 4);
        QCOMPARE(parsePlan(request.planJson, "plan")->rules.size(), size_t{2});
        change(request, {"blocks.3.mlp.fc2"}, PlanRule::kFloat);
        QCOMPARE(bits(request, "blocks.3.mlp.fc2"), 0);
        QCOMPARE(bits(request, "blocks.3.mlp.fc2.weight"), 4);
        QCOMPARE(parsePlan(request.planJson, "plan")->rules.size(), size_t{2}); // replaced, not piled up
        change(request, taps, 8); // what the recipe gives anyway
        QVERIFY(parsePlan(request.planJson, "plan")->rules.empty());
    }

    void rulesOverManyTapsStayAndAreOverruledByName()
    {
        QuantizationRequest request;
        request.planJson = R"({"rules":[{"tap":"*.fc2","bits":4},{"tap":"blocks.3.mlp.fc2","observer":"omse","bits":5}]})";
        change(request, {"blocks.3.mlp.fc2"}, 6);
        auto plan = parsePlan(request.planJson, "plan");
        QCOMPARE(plan->rules.size(), size_t{3});
        QVERIFY(plan->rules[1].change.observer == ObserverKind::Omse); // what it sets besides bits stays
        QCOMPARE(bits(request, "blocks.3.mlp.fc2"), 6);
        QCOMPARE(bits(request, "blocks.4.mlp.fc2"), 4);
        // The recipe's width needs a rule of its own against the general one.
        change(request, {"blocks.4.mlp.fc2", "blocks.3.mlp.fc2"}, kRecipeBits);
        QCOMPARE(bits(request, "blocks.4.mlp.fc2"), 8);
        QCOMPARE(bits(request, "blocks.3.mlp.fc2"), 8);
        QCOMPARE(bits(request, "blocks.5.mlp.fc2"), 4);
    }

    void changesThatCannotBeAreRefused()
    {
        QuantizationRequest request;
        QVERIFY(!withBits(m_graph, request, true, {"blocks.99.mlp.fc2"}, 4));
        QVERIFY(!withBits(m_graph, request, true, {"class_token"}, 4)); // a view
        QVERIFY(!withBits(m_graph, request, true, {"head"}, 9));
        request.planJson = "{";
        QVERIFY(!withBits(m_graph, request, true, {"head"}, 4));
    }

    void theDifferenceIsToldInLinesThatPeopleCanRead()
    {
        QuantizationRequest before;
        QuantizationRequest after;
        change(after, paths("fc2 of blocks 4-7"), 4);
        change(after, paths("fc2 of block 9"), 4);
        change(after, paths("norm1 of block 0"), PlanRule::kFloat);
        const std::string text = settingDifferenceText(m_graph.taps, settings(before), settings(after));
        // 11 taps; five weights of 192 x 192 go from 8 to 4 bits: of 50 x 36864 bytes, 5 x 18432 less.
        QCOMPARE(text, std::string("norm1 of block 0: 8 bit -> float\n"
                                   "mlp.fc2.weight, mlp.fc2 of blocks 4-7, 9: 8 bit -> 4 bit\n"
                                   "11 of " + std::to_string(m_graph.taps.size())
                                   + " taps differ; weights 1.84 MB -> 1.75 MB (estimate: elements x bits / 8)\n"));
        QVERIFY(settingDifferenceText(m_graph.taps, settings(after), settings(after)).empty());
        after.recipe = "omse";
        const std::string other = settingDifferenceText(m_graph.taps, settings(before), settings(after));
        QVERIFY(other.find("observer minmax -> omse") != std::string::npos);
        QCOMPARE(requestDifferenceText(before, after), std::string("recipe minmax -> omse\n"));
    }

    void rulesAreComparedWithoutAModel()
    {
        const auto plan = [](const char *json) { return *parsePlan(json, "plan"); };
        const PrecisionPlan a = plan(R"({"rules":[{"tap":"a","bits":4},{"role":"residual","bits":6},{"tap":"b","bits":"float"}]})");
        const PrecisionPlan b = plan(R"({"name":"x","rules":[{"tap":"a","bits":4},{"tap":"b","bits":"float"},{"tap":"c","bits":2}]})");
        QCOMPARE(ruleDifferenceText(a, b), std::string("- role residual: 6 bit\n+ c: 2 bit\n"));
        QVERIFY(ruleDifferenceText(a, a).empty());
        // Order has a meaning: later rules win.
        PrecisionPlan turned = a;
        std::swap(turned.rules[0], turned.rules[2]);
        QVERIFY(!ruleDifferenceText(a, turned).empty());
    }

    void hugePlansAreComparedInBoundedMemory()
    {
        PrecisionPlan a;
        PrecisionPlan b;
        for (int i = 0; i < 5000; ++i) {
            PlanRule rule;
            rule.where.tap = "tap" + std::to_string(i);
            rule.bits = 4;
            a.rules.push_back(rule);
            rule.bits = 5;
            b.rules.push_back(rule);
        }
        const std::string text = ruleDifferenceText(a, b);
        QCOMPARE(std::count(text.begin(), text.end(), '\n'), 10000);
    }

private:
    std::vector<std::string> paths(const char *words) const
    {
        std::vector<std::string> found;
        const auto taps = findTaps(m_graph, words);
        for (const int tap : *taps)
            found.push_back(m_graph.taps[static_cast<size_t>(tap)].path);
        return found;
    }
    std::vector<TapSetting> settings(const QuantizationRequest &request) const
    {
        return *resolveSettings(m_graph, request, true);
    }
    int bits(const QuantizationRequest &request, const char *path) const
    {
        return planBits(settings(request)[static_cast<size_t>(m_graph.findTap(path))]);
    }
    void change(QuantizationRequest &request, const std::vector<std::string> &taps, int width) const
    {
        const auto plan = withBits(m_graph, request, true, taps, width);
        QVERIFY2(plan.has_value(), plan ? "" : plan.error().message().c_str());
        request.planJson = planToJson(*plan);
    }

    Graph m_graph;
};

QTEST_APPLESS_MAIN(TestPlanEdits)
#include "tst_plan_edits.moc"
