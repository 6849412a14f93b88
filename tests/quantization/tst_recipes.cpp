// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes and plans: what they accept, what they refuse and how, and the settings that they resolve to.
#include "core/quantization/recipe.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace quantoscope;

namespace {

/// Two attention blocks of a ViT with its taps, small.
Graph smallGraph()
{
    Graph graph;
    const auto add = [&graph](Node node) {
        graph.nodes.push_back(std::move(node));
        return static_cast<int>(graph.nodes.size()) - 1;
    };
    const int image = add({.path = "input", .op = Operator::Input, .role = Role::Image, .shape = {3, 8, 8}});
    int stream = add({.path = "patch_embed.proj",
                      .op = Operator::PatchConvolution,
                      .inputs = {image},
                      .parameters = {"patch_embed.proj.weight", "patch_embed.proj.bias"},
                      .role = Role::Embedding,
                      .shape = {4, 8}});
    const int position = add({.path = "pos_embed",
                              .op = Operator::Parameter,
                              .parameters = {"pos_embed"},
                              .role = Role::PositionEmbedding,
                              .shape = {4, 8}});
    stream = add({.path = "embed_sum",
                  .op = Operator::Add,
                  .inputs = {stream, position},
                  .role = Role::Residual,
                  .shape = {4, 8}});
    for (int block = 0; block < 12; ++block) {
        const std::string prefix = "blocks." + std::to_string(block) + ".";
        const auto in = [&](Node node) {
            node.path = prefix + node.path;
            node.block = block;
            return add(std::move(node));
        };
        const int norm = in({.path = "norm1",
                             .op = Operator::LayerNorm,
                             .inputs = {stream},
                             .role = Role::Normalized,
                             .shape = {4, 8}});
        const int qkv = in({.path = "attn.qkv",
                            .op = Operator::Linear,
                            .inputs = {norm},
                            .parameters = {prefix + "attn.qkv.weight"},
                            .role = Role::Qkv,
                            .shape = {4, 24}});
        const int q = in({.path = "attn.q",
                          .op = Operator::SplitHeads,
                          .inputs = {qkv},
                          .role = Role::AttentionOperand,
                          .shape = {2, 4, 4},
                          .heads = 2});
        const int scores = in({.path = "attn.scores",
                               .op = Operator::MatmulTransposed,
                               .inputs = {q, q},
                               .role = Role::Scores,
                               .shape = {2, 4, 4}});
        const int softmax = in({.path = "attn.softmax",
                                .op = Operator::Softmax,
                                .inputs = {scores},
                                .role = Role::AttentionWeights,
                                .shape = {2, 4, 4}});
        const int context = in({.path = "attn.context",
                                .op = Operator::MatmulMergeHeads,
                                .inputs = {softmax, q},
                                .role = Role::Context,
                                .shape = {4, 8}});
        stream = in({.path = "residual1",
                     .op = Operator::Add,
                     .inputs = {stream, context},
                     .role = Role::Residual,
                     .shape = {4, 8}});
    }
    const int token = add({.path = "class_token",
                           .op = Operator::TakeToken,
                           .inputs = {stream},
                           .role = Role::ClassToken,
                           .shape = {8}});
    const int norm = add(
        {.path = "norm", .op = Operator::LayerNorm, .inputs = {token}, .role = Role::Normalized, .shape = {8}});
    graph.output = add({.path = "head",
                        .op = Operator::Linear,
                        .inputs = {norm},
                        .parameters = {"head.weight"},
                        .role = Role::Logits,
                        .shape = {10}});
    graph.deriveTaps([](const std::string &) { return int64_t{64}; });
    return graph;
}

std::string planOf(const std::string &rules)
{
    return "{\"rules\": [" + rules + "]}";
}

QuantizationRequest withPlan(const std::string &rules)
{
    QuantizationRequest request;
    request.planJson = planOf(rules);
    return request;
}

} // namespace

class TestRecipes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_graph = smallGraph(); }

    void everyShippedRecipeCanBeFoundByName()
    {
        QStringList names;
        for (const Recipe &recipe : builtinRecipes()) {
            names << QString::fromStdString(recipe.name);
            QVERIFY(!recipe.title.empty() && !recipe.source.empty() && !recipe.staysFloat.empty());
            QVERIFY(!recipe.rules.empty());
            QVERIFY(findRecipe(recipe.name).has_value());
            const auto again = parseRecipe(recipe.json, "again");
            QVERIFY(again.has_value());
            QCOMPARE(again->rules.size(), recipe.rules.size());
        }
        QCOMPARE(names, (QStringList{"minmax", "ema", "percentile", "omse", "itpn", "tf-fqvit", "tinynn-int8", "tinynn-mixed1",
                                       "tinynn-mixed2", "tensorrt", "baseptq", "ptq4vit", "least-error"}));
    }

    void anUnknownRecipeNamesTheKnownOnes()
    {
        const auto recipe = findRecipe("kl");
        QVERIFY(!recipe.has_value());
        QCOMPARE(recipe.error().code, ErrorCode::NotFound);
        QVERIFY(recipe.error().message().find("percentile") != std::string::npos);
        QuantizationRequest request;
        request.recipe = "kl";
        QVERIFY(!resolveSettings(m_graph, request, true));
    }

    void aBrokenRecipeIsRefusedNamingRuleAndField_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("named");
        QTest::newRow("unknown field") << R"({"quantiser": "uniform"})"
                                       << "quantiser";
        QTest::newRow("unknown quantizer") << R"({"quantizer": "cubic"})"
                                           << "cubic";
        QTest::newRow("unknown observer") << R"({"observer": "kl"})"
                                          << "kl";
        QTest::newRow("unknown granularity") << R"({"granularity": "row"})"
                                             << "row";
        QTest::newRow("text as truth") << R"({"symmetric": "yes"})"
                                       << "symmetric";
        QTest::newRow("unknown width") << R"({"bits": "wide"})"
                                       << "wide";
        QTest::newRow("too many bits") << R"({"bits": 9})"
                                       << "9";
        QTest::newRow("bits that wrap around") << R"({"bits": 4294967300})"
                                               << "4294967300";
        QTest::newRow("unknown role") << R"({"where": {"role": "residuals"}})"
                                      << "residuals";
        QTest::newRow("unknown role in a list") << R"({"where": {"role": ["residual", "qvk"]}})"
                                                << "qvk";
        QTest::newRow("unknown kind") << R"({"where": {"kind": "weights"}})"
                                      << "weights";
        QTest::newRow("unknown operator") << R"({"where": {"operator": "conv"}})"
                                          << "conv";
        QTest::newRow("unknown selector") << R"({"where": {"blocks": 3}})"
                                          << "blocks";
        QTest::newRow("block range backwards") << R"({"where": {"block": "7-4"}})"
                                               << "7-4";
        QTest::newRow("block as words") << R"({"where": {"block": "all"}})"
                                        << "all";
        QTest::newRow("not an object") << "\"minmax\""
                                       << "object";
        QTest::newRow("selector not an object") << R"({"where": "weights"})"
                                                << "object";
    }

    void aBrokenRecipeIsRefusedNamingRuleAndField()
    {
        QFETCH(const QString, rule);
        QFETCH(const QString, named);
        const QString text = QStringLiteral(R"({"name": "x", "rules": [{"quantizer": "none"}, %1]})").arg(rule);
        const auto recipe = parseRecipe(text.toStdString(), "own.json");
        QVERIFY(!recipe.has_value());
        QCOMPARE(recipe.error().code, ErrorCode::CorruptFile);
        const QString message = QString::fromStdString(recipe.error().message());
        QVERIFY2(message.contains("own.json"), qPrintable(message));
        QVERIFY2(message.contains("rules 2"), qPrintable(message));
        QVERIFY2(message.contains(named), qPrintable(message));
    }

    void aRecipeThatIsNoRecipeIsRefused()
    {
        for (const char *text : {"", "[]", "{", "{}", R"({"name": "x"})", R"({"name": "x", "rules": []})",
                                 R"({"name": "x", "rules": {}})", R"({"name": 3, "rules": [{}]})",
                                 R"({"name": "x", "rules": [{}], "extra": 1})"}) {
            const auto recipe = parseRecipe(text, "own.json");
            QVERIFY2(!recipe.has_value(), text);
            QCOMPARE(recipe.error().code, ErrorCode::CorruptFile);
        }
    }

    void selectorsMatchByPathRoleKindOperatorAndBlock()
    {
        const auto matching = [this](const std::string &selector) {
            const auto plan = parsePlan(planOf(selector), "plan");
            QStringList paths;
            if (!plan)
                return QStringList{QString::fromStdString(plan.error().message())};
            for (const Tap &tap : m_graph.taps)
                if (plan->rules[0].where.matches(m_graph, tap))
                    paths << QString::fromStdString(tap.path);
            return paths;
        };
        QCOMPARE(matching(R"({"tap": "blocks.1.residual1", "bits": 4})"), QStringList{"blocks.1.residual1"});
        QCOMPARE(matching(R"({"tap": "*.residual1", "block": "3-4", "bits": 4})"),
                 (QStringList{"blocks.3.residual1", "blocks.4.residual1"}));
        QCOMPARE(matching(R"({"tap": "blocks.?.residual1", "bits": 4})").size(), 10); // not blocks.10 and 11
        QCOMPARE(matching(R"({"tap": "blocks.*.attn.*.weight", "bits": 4})").size(), 12);
        QCOMPARE(matching(R"({"tap": "*head*", "bits": 4})"), (QStringList{"head.weight", "head"}));
        QCOMPARE(matching(R"({"tap": "**norm", "bits": 4})"), QStringList{"norm"});
        QCOMPARE(matching(R"({"tap": "", "bits": 4})").size(), static_cast<int>(m_graph.taps.size()));
        QCOMPARE(matching(R"({"role": ["scores", "attention_weights"], "block": 11, "bits": 4})"),
                 (QStringList{"blocks.11.attn.scores", "blocks.11.attn.softmax"}));
        QCOMPARE(matching(R"({"kind": "parameter", "bits": 4})"), QStringList{"pos_embed"});
        QCOMPARE(matching(R"({"kind": ["parameter", "weight"], "bits": 4})").size(), 15);
        QCOMPARE(matching(R"({"operator": "layer_norm", "bits": 4})").size(), 13);
        QCOMPARE(matching(R"({"feeds_layer_norm": true, "bits": 4})").size(), 13);
        QCOMPARE(matching(R"({"feeds_layer_norm": true, "block": "0-0", "bits": 4})"),
                 QStringList{"blocks.0.residual1"});
        QCOMPARE(matching(R"({"block": 99, "bits": 4})"), QStringList());
        QCOMPARE(matching(R"({"feeds": "softmax", "block": 3, "bits": 4})"), QStringList{"blocks.3.attn.scores"});
        // Through the views: the fused projection feeds the product, the last sum the LayerNorm behind the class token.
        QCOMPARE(matching(R"({"feeds": ["matmul_qk"], "block": 3, "bits": 4})"),
                 (QStringList{"blocks.3.attn.qkv", "blocks.3.attn.q"}));
        QCOMPARE(matching(R"({"feeds": "layer_norm", "block": "11-11", "bits": 4})"), QStringList{"blocks.11.residual1"});
    }

    void aBlockNumberThatDoesNotFitMatchesNoOtherBlock()
    {
        const auto settings = resolveSettings(m_graph, withPlan(R"({"block": 4294967299, "bits": 4})"), true);
        QVERIFY2(!settings.has_value(), "block 2^32 + 3 was taken for block 3");
    }

    void everyRecipeOfFqViTSetsWeightsAndActivations()
    {
        for (const Recipe &recipe : builtinRecipes()) {
            if (recipe.lisRules.empty())
                continue;
            QuantizationRequest request;
            request.recipe = recipe.name;
            request.bits = {4, 6, 5};
            const auto settings = resolveSettings(m_graph, request, true);
            QVERIFY(settings.has_value());
            for (size_t t = 0; t < settings->size(); ++t) {
                const Tap &tap = m_graph.taps[t];
                const TapSetting &s = (*settings)[t];
                if (!isSwitchable(m_graph, tap) || tap.role == Role::AttentionOperand) {
                    QVERIFY(!s.isQuantized());
                    continue;
                }
                QVERIFY2(s.quantizer == QuantizerKind::Uniform, tap.path.c_str());
                QCOMPARE(s.bits, tap.kind == TapKind::Weight ? 4 : tap.role == Role::AttentionWeights ? 5 : 6);
                QCOMPARE(s.symmetric, tap.kind == TapKind::Weight);
                QCOMPARE(s.granularity, tap.kind == TapKind::Weight ? Granularity::Channel : Granularity::Tensor);
                QVERIFY(!s.integerLayerNorm);
                if (tap.kind == TapKind::Weight)
                    QCOMPARE(s.observer, ObserverKind::MinMax);
                else if (tap.kind == TapKind::Activation && tap.role == Role::Qkv)
                    QCOMPARE(std::string(name(s.observer)), recipe.name);
            }
        }
    }

    void ptfAndLisChangeWhatTheyAreFor()
    {
        QuantizationRequest request;
        request.ptf = true;
        request.lis = true;
        request.bits.attention = 4;
        const auto settings = resolveSettings(m_graph, request, true);
        QVERIFY(settings.has_value());
        for (size_t t = 0; t < settings->size(); ++t) {
            const Tap &tap = m_graph.taps[t];
            const TapSetting &s = (*settings)[t];
            QCOMPARE(s.observer == ObserverKind::Ptf, tap.feedsLayerNorm);
            QCOMPARE(s.integerLayerNorm, m_graph.nodes[static_cast<size_t>(tap.node)].op == Operator::LayerNorm);
            QCOMPARE(s.quantizer == QuantizerKind::LogIntSoftmax, tap.role == Role::AttentionWeights);
            if (tap.role == Role::AttentionWeights)
                QCOMPARE(s.bits, 4);
        }
    }

    void theImageStaysFloatForViTButNotForDeiT()
    {
        const auto image = static_cast<size_t>(m_graph.findTap("input"));
        for (const bool quantized : {true, false}) {
            const auto settings = resolveSettings(m_graph, {}, quantized);
            QVERIFY(settings.has_value());
            QCOMPARE((*settings)[image].isQuantized(), quantized);
        }
    }

    void bitsOutsideTwoToEightAreRefused()
    {
        for (const BitWidths bits : {BitWidths{1, 8, 8}, {8, 9, 8}, {8, 8, 0}, {-8, 8, 8}}) {
            QuantizationRequest request;
            request.bits = bits;
            const auto settings = resolveSettings(m_graph, request, true);
            QVERIFY(!settings.has_value());
            QCOMPARE(settings.error().code, ErrorCode::BadInput);
        }
    }

    void thePlanComesOnTopOfTheRecipe()
    {
        QuantizationRequest request = withPlan(R"({"block": "3-5", "kind": "weight", "bits": 4},
            {"tap": "blocks.4.*", "bits": 6}, {"tap": "blocks.5.residual1", "bits": "float"}, {"role": "logits", "bits": "float"})");
        request.ptf = true;
        const auto settings = resolveSettings(m_graph, request, true);
        const auto plain = resolveSettings(
            m_graph,
            [&] {
                auto r = request;
                r.planJson.clear();
                return r;
            }(),
            true);
        QVERIFY2(settings.has_value(), settings ? "" : settings.error().message().c_str());
        QVERIFY(plain.has_value());
        const auto at = [&](const char *path) { return (*settings)[static_cast<size_t>(m_graph.findTap(path))]; };
        QCOMPARE(at("blocks.3.attn.qkv.weight").bits, 4);
        QCOMPARE(at("blocks.4.attn.qkv.weight").bits, 6); // later rules win
        QCOMPARE(at("blocks.4.attn.scores").bits, 6);
        QCOMPARE(at("blocks.4.residual1").observer, ObserverKind::Ptf); // only the width changes
        QVERIFY(!at("blocks.5.residual1").isQuantized());
        QVERIFY(!at("head").isQuantized());
        QVERIFY(at("head.weight").isQuantized());
        int changed = 0;
        for (size_t t = 0; t < settings->size(); ++t)
            changed += !((*settings)[t] == (*plain)[t]);
        QCOMPARE(changed, 3 + 6 + 1 + 1); // three weights, the six other taps of block 4, a residual, the logits
    }

    void aRuleOverManyTapsLeavesFloatTapsFloat()
    {
        const auto input = static_cast<size_t>(m_graph.findTap("input"));
        const auto wide = resolveSettings(m_graph, withPlan(R"({"bits": 6})"), false);
        QVERIFY(wide.has_value());
        QVERIFY(!(*wide)[input].isQuantized());
        const auto named = resolveSettings(m_graph, withPlan(R"({"tap": "input", "bits": 6})"), false);
        QVERIFY(named.has_value());
        QVERIFY((*named)[input].isQuantized());
        QCOMPARE((*named)[input].bits, 6);
    }

    void everythingCanBeFloat()
    {
        QuantizationRequest request = withPlan(R"({"bits": "float"})");
        request.ptf = request.lis = true;
        const auto settings = resolveSettings(m_graph, request, true);
        QVERIFY(settings.has_value());
        for (const TapSetting &s : *settings)
            QVERIFY(!s.isQuantized() && !s.integerLayerNorm);
    }

    void aRuleThatMatchesNothingIsRefused()
    {
        const auto settings =
            resolveSettings(m_graph, withPlan(R"({"bits": 4}, {"tap": "blocks.12.residual1", "bits": 4})"), true);
        QVERIFY(!settings.has_value());
        QCOMPARE(settings.error().code, ErrorCode::BadInput);
        const QString message = QString::fromStdString(settings.error().message());
        QVERIFY2(message.contains("rule 2") && message.contains("blocks.12.residual1"), qPrintable(message));
    }

    void viewsOfAnotherTapCannotBeQuantized()
    {
        const auto settings = resolveSettings(m_graph, withPlan(R"({"tap": "class_token", "bits": 4})"), true);
        QVERIFY(!settings.has_value());
        QCOMPARE(settings.error().code, ErrorCode::BadInput);
        QCOMPARE(settings.error().where, std::string("class_token"));
        QVERIFY(!isSwitchable(m_graph, m_graph.taps[static_cast<size_t>(m_graph.findTap("class_token"))]));
    }

    void attentionOperandsCanBeQuantizedByName()
    {
        const auto q = static_cast<size_t>(m_graph.findTap("blocks.3.attn.q"));
        QVERIFY(isSwitchable(m_graph, m_graph.taps[q]));
        const auto all = resolveSettings(m_graph, withPlan(R"({"bits": 6})"), true);
        QVERIFY(all && !(*all)[q].isQuantized()); // no rule over many taps reaches what the recipe leaves float
        const auto named = resolveSettings(
            m_graph, withPlan(R"({"tap": "blocks.3.attn.q", "bits": 4, "granularity": "head", "symmetric": true})"), true);
        QVERIFY2(named.has_value(), named ? "" : named.error().message().c_str());
        QCOMPARE((*named)[q].bits, 4);
        QCOMPARE((*named)[q].granularity, Granularity::Head);
        QVERIFY((*named)[q].symmetric);
        QVERIFY(!(*named)[static_cast<size_t>(m_graph.findTap("blocks.4.attn.q"))].isQuantized());
    }

    void aPlanChangesMoreThanWidths()
    {
        const auto settings = resolveSettings(m_graph, withPlan(R"(
            {"role": "scores", "observer": "entropy", "symmetric": true, "narrow_range": true},
            {"role": "attention_weights", "quantizer": "twin-uniform", "twin": "softmax", "observer": "mse"},
            {"tap": "*.qkv.weight", "granularity": "group", "groups": 3, "bits": 5},
            {"role": "logits", "observer": "fixed", "scale": 0.125, "zero_point": 7, "arithmetic": "torch"})"),
                                              true);
        QVERIFY2(settings.has_value(), settings ? "" : settings.error().message().c_str());
        const auto at = [&](const char *path) { return (*settings)[static_cast<size_t>(m_graph.findTap(path))]; };
        const TapSetting scores = at("blocks.2.attn.scores");
        QVERIFY(scores.observer == ObserverKind::Entropy && scores.symmetric && scores.narrowRange && scores.bits == 8);
        QCOMPARE(at("blocks.2.attn.softmax").twin, TwinForm::Softmax);
        QCOMPARE(at("blocks.2.attn.qkv.weight").groups, 3);
        QCOMPARE(at("blocks.2.attn.qkv.weight").bits, 5);
        QCOMPARE(at("head").fixedScale, 0.125F);
        QCOMPARE(at("head").fixedZeroPoint, 7.0F);
        QCOMPARE(at("head").arithmetic, Arithmetic::Torch);
        // Back to another quantizer: the form of the twin goes with it.
        const auto back = resolveSettings(m_graph, withPlan(R"(
            {"role": "attention_weights", "quantizer": "twin-uniform", "twin": "softmax"},
            {"role": "attention_weights", "quantizer": "log2"})"),
                                          true);
        QVERIFY2(back.has_value(), back ? "" : back.error().message().c_str());
    }

    void whatMakesNoSenseIsRefusedAtItsTap_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("named");
        QTest::newRow("log2 of a residual") << R"({"tap": "blocks.1.residual1", "quantizer": "log2"})"
                                            << "blocks.1.residual1" << "0 to 1";
        QTest::newRow("heads of a residual") << R"({"tap": "blocks.1.residual1", "granularity": "head"})"
                                             << "blocks.1.residual1" << "no heads";
        QTest::newRow("entropy of one range") << R"({"role": "image", "observer": "entropy"})" << "input" << "symmetric";
        QTest::newRow("scores per head under LIS") << R"({"tap": "blocks.1.attn.scores", "granularity": "head"})"
                                                   << "blocks.1.attn.scores" << "one scale";
        QTest::newRow("channels before an integer LayerNorm")
            << R"({"tap": "blocks.1.residual1", "observer": "minmax"})" << "blocks.1.residual1" << "integer LayerNorm";
    }

    void whatMakesNoSenseIsRefusedAtItsTap()
    {
        QFETCH(const QString, rule);
        QFETCH(const QString, where);
        QFETCH(const QString, named);
        QuantizationRequest request = withPlan(rule.toStdString());
        request.ptf = request.lis = true;
        const auto settings = resolveSettings(m_graph, request, true);
        QVERIFY(!settings.has_value());
        QCOMPARE(settings.error().code, ErrorCode::BadInput);
        QCOMPARE(QString::fromStdString(settings.error().where), where);
        QVERIFY2(QString::fromStdString(settings.error().message()).contains(named),
                 settings.error().message().c_str());
    }

    void formsThatARecipeLacksAreRefused()
    {
        for (const bool ptf : {true, false}) {
            QuantizationRequest request;
            request.recipe = "tensorrt";
            request.ptf = ptf;
            request.lis = !ptf;
            const auto settings = resolveSettings(m_graph, request, true);
            QVERIFY(!settings.has_value());
            QCOMPARE(settings.error().code, ErrorCode::Usage);
            QCOMPARE(settings.error().where, std::string(ptf ? "--ptf" : "--lis"));
        }
    }

    void recipesOfTheUsersAreFoundByNameAndByFile()
    {
        QTemporaryDir config;
        QVERIFY(config.isValid());
        qputenv("XDG_CONFIG_HOME", config.path().toLocal8Bit());
        QVERIFY(QDir(config.path()).mkpath("quantoscope/recipes"));
        const auto write = [&](const char *file, const QByteArray &text) {
            QFile out(config.filePath(QStringLiteral("quantoscope/recipes/%1").arg(QLatin1String(file))));
            return out.open(QIODevice::WriteOnly) && out.write(text) == text.size();
        };
        const QByteArray mine = R"({"name": "mine", "bits": "4/6/5", "rules": [{"where": {"kind": "weight"},
            "quantizer": "uniform", "symmetric": true, "bits": "weights"}]})";
        QVERIFY(write("mine.json", mine) && write("taken.json", QByteArray(mine).replace("mine", "omse"))
                && write("broken.json", "{\"name\": \"broken\", \"rules\": [{\"bit\": 4}]}")
                && write("huge.json", QByteArray(2 << 20, ' ')) && write("note.txt", "not a recipe"));
        const RecipeList list = namedRecipes();
        QCOMPARE(list.recipes.size(), builtinRecipes().size() + 1);
        QCOMPARE(list.recipes.back().name, std::string("mine"));
        QCOMPARE(list.recipes.back().bits, (BitWidths{4, 6, 5}));
        QCOMPARE(list.broken.size(), size_t{3});
        QVERIFY(list.broken[0].message().find("'bit'") != std::string::npos);
        QVERIFY(list.broken[1].message().find("too large") != std::string::npos);
        QVERIFY(list.broken[2].message().find("taken") != std::string::npos);

        const std::string file = userRecipeFolder() + "/mine.json";
        for (const std::string &wanted : {std::string("mine"), file}) {
            QuantizationRequest request;
            request.recipe = wanted;
            const auto settings = resolveSettings(m_graph, request, true);
            QVERIFY2(settings.has_value(), settings ? "" : settings.error().message().c_str());
            QVERIFY((*settings)[static_cast<size_t>(m_graph.findTap("head.weight"))].symmetric);
        }
        QuantizationRequest request;
        request.recipe = file;
        QCOMPARE(request.text(), std::string("mine.json 8/8/8"));
        QVERIFY(findRecipe("broken").error().message().find("'bit'") != std::string::npos);
        QCOMPARE(findRecipe("absent.json").error().code, ErrorCode::NotFound);
        QCOMPARE(findRecipe(config.path().toStdString() + "/").error().code, ErrorCode::NotFound);
        qunsetenv("XDG_CONFIG_HOME");
    }

    void theExampleOfTheDocumentationIsARecipe()
    {
        QFile file(QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/recipes/README.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray text;
        for (const QByteArray &line : file.readAll().split('\n'))
            if (line.startsWith("    { \"name\"") || (!text.isEmpty() && line.startsWith("    ")))
                text += line + '\n';
            else if (!text.isEmpty())
                break;
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("mine.json"));
        QFile copy(path);
        QVERIFY(copy.open(QIODevice::WriteOnly) && copy.write(text) == text.size());
        copy.close();
        QuantizationRequest request;
        request.recipe = path.toStdString();
        const auto recipe = findRecipe(request.recipe);
        QVERIFY2(recipe.has_value(), recipe ? "" : recipe.error().message().c_str());
        request.bits = recipe->bits;
        request.ptf = true;
        const auto settings = resolveSettings(m_graph, request, true);
        QVERIFY2(settings.has_value(), settings ? "" : settings.error().message().c_str());
        const auto at = [&](const char *tap) { return (*settings)[static_cast<size_t>(m_graph.findTap(tap))]; };
        QCOMPARE(at("blocks.1.attn.qkv.weight").bits, 4);
        QVERIFY(at("patch_embed.proj.weight").bits == 8 && at("head.weight").bits == 8);
        QCOMPARE(at("head.weight").granularity, Granularity::Channel);
        QVERIFY(!at("input").isQuantized() && !at("blocks.1.attn.qkv").isQuantized() && !at("head").isQuantized());
        QVERIFY(at("blocks.1.norm1").observer == ObserverKind::Mse && at("blocks.1.norm1").integerLayerNorm);
        QCOMPARE(at("blocks.1.attn.q").granularity, Granularity::Head);
        QVERIFY(at("blocks.1.attn.softmax").quantizer == QuantizerKind::Log2 && at("blocks.1.attn.softmax").bits == 4);
        QCOMPARE(at("blocks.1.residual1").observer, ObserverKind::Ptf);
    }

    void aRequestChangesFieldsOfTheSearch()
    {
        QuantizationRequest request;
        request.recipe = "ptq4vit";
        const Recipe recipe = findRecipe("ptq4vit").value();
        QVERIFY(resolveSearch(recipe, request).value() == recipe.search);
        request.searchJson = R"({"metric": "cosine", "rounds": 1})";
        IntervalSearch expected = *recipe.search;
        expected.metric = SearchMetric::Cosine;
        expected.rounds = 1;
        QVERIFY(resolveSearch(recipe, request).value() == expected); // the rest stays the recipe's
        for (const char *broken : {R"({"metric": "l3"})", R"({"rounds": 0})", R"({"alpha": 2})", R"({"metrics": "l2"})", "[]"}) {
            request.searchJson = broken;
            const auto search = resolveSearch(recipe, request);
            QVERIFY2(!search && search.error().code == ErrorCode::CorruptFile, broken);
            QVERIFY2(!resolveSettings(m_graph, request, true), broken);
        }
        request.searchJson = R"({"rounds": 1})";
        request.search = false;
        QCOMPARE(resolveSearch(recipe, request).error().code, ErrorCode::Usage);
        request.search = true;
        QCOMPARE(resolveSearch(findRecipe("minmax").value(), request).error().code, ErrorCode::Usage);
    }

    void aRecipeSaysItsSearchBitsAndPreprocessing()
    {
        const auto recipe = parseRecipe(R"({"name": "x", "bits": "6/6/6", "preprocessing": {"mode": "squash"},
            "search": {"metric": "l2", "loss": "noise", "rounds": 2, "candidates": 20, "alpha": 0.3, "beta": 1.1},
            "rules": [{"quantizer": "none"}]})",
                                        "own.json");
        QVERIFY2(recipe.has_value(), recipe ? "" : recipe.error().message().c_str());
        QCOMPARE(*recipe->search, (IntervalSearch{"ptq4vit", SearchMetric::L2, SearchLoss::Noise, 2, 20, 0.3, 1.1}));
        QCOMPARE(recipe->bits, (BitWidths{6, 6, 6}));
        Preprocessing own;
        const Preprocessing advised = recipe->preprocessingFor(own);
        QVERIFY(advised.mode == ResizeMode::Squash && advised.resize == own.crop && advised.crop == own.crop);
        QVERIFY(!findRecipe("minmax")->search && findRecipe("minmax")->preprocessingFor(own) == own);
        QCOMPARE(findRecipe("baseptq")->search->metric, SearchMetric::Cosine);
        QCOMPARE(findRecipe("ptq4vit")->search->rounds, 3);
        for (const char *part :
             {R"("search": {"method": "annealing"})", R"("search": {"metric": "l3"})", R"("search": {"alpha": 0})",
              R"("search": {"alpha": 2, "beta": 1})", R"("search": {"rounds": 0})", R"("search": {"round": 1})",
              R"("search": 4)", R"("preprocessing": {"mode": "stretch"})", R"("bits": "9/8/8")", R"("bits": "8/8")",
              R"("bits": 8)"}) {
            const auto broken = parseRecipe(std::string("{\"name\": \"x\", \"rules\": [{}], ") + part + "}", "own.json");
            QVERIFY2(!broken && broken.error().code == ErrorCode::CorruptFile, part);
        }
    }

    void aBrokenPlanIsRefusedNamingRuleAndField_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("named");
        QTest::newRow("no bits") << R"({"tap": "head"})"
                                 << "bits";
        QTest::newRow("one bit") << R"({"bits": 1})"
                                 << "1";
        QTest::newRow("nine bits") << R"({"bits": 9})"
                                   << "9";
        QTest::newRow("half a bit") << R"({"bits": 4.5})"
                                    << "4.5";
        QTest::newRow("negative bits") << R"({"bits": -4})"
                                       << "-4";
        QTest::newRow("bits that wrap around") << R"({"bits": 4294967300})"
                                               << "4294967300";
        QTest::newRow("float and more") << R"({"bits": "float", "observer": "mse"})"
                                        << "something else";
        QTest::newRow("one group") << R"({"groups": 1})"
                                   << "groups";
        QTest::newRow("unlimited bits") << R"({"quantizer": "log-int-softmax", "bits": 32})"
                                        << "32";
        QTest::newRow("unknown twin") << R"({"twin": "three"})"
                                      << "three";
        QTest::newRow("scale as text") << R"({"scale": "small"})"
                                       << "scale";
        QTest::newRow("bits as text") << R"({"bits": "four"})"
                                      << "four";
        QTest::newRow("misspelt field") << R"({"taps": "head", "bits": 4})"
                                        << "taps";
        QTest::newRow("tap as number") << R"({"tap": 3, "bits": 4})"
                                       << "tap";
        QTest::newRow("not an object") << "4"
                                       << "object";
    }

    void aBrokenPlanIsRefusedNamingRuleAndField()
    {
        QFETCH(const QString, rule);
        QFETCH(const QString, named);
        const QString text = QStringLiteral(R"({"rules": [{"bits": 4}, %1]})").arg(rule);
        const auto plan = parsePlan(text.toStdString(), "mine.json");
        QVERIFY(!plan.has_value());
        QCOMPARE(plan.error().code, ErrorCode::CorruptFile);
        const QString message = QString::fromStdString(plan.error().message());
        QVERIFY2(message.contains("mine.json") && message.contains("rule 2") && message.contains(named),
                 qPrintable(message));
    }

    void aPlanThatIsNoPlanIsRefused()
    {
        for (const char *text : {"[]", "{", "{}", "4", R"({"rules": 4})", R"({"rules": [], "rule": 4})"})
            QVERIFY2(!parsePlan(text, "mine.json").has_value(), text);
        QVERIFY(parsePlan("", "mine.json")->rules.empty());
        QVERIFY(parsePlan(" \n\t", "mine.json")->rules.empty());
        QVERIFY(parsePlan(R"({"rules": []})", "mine.json")->rules.empty());
    }

    void aPlanSurvivesJson()
    {
        const std::string text = R"({"name": "mine", "rules": [
            {"tap": "blocks.3.mlp.fc2", "bits": "float"},
            {"role": "residual", "bits": 6},
            {"kind": ["weight", "parameter"], "role": ["weight"], "operator": "linear", "block": "4-7", "bits": 4},
            {"block": 2, "feeds_layer_norm": true, "bits": 8},
            {"bits": 2},
            {"role": "scores", "feeds": "softmax", "observer": "fixed", "scale": 0.5, "zero_point": 3},
            {"tap": "x", "quantizer": "twin-uniform", "twin": "gelu", "granularity": "tensor", "groups": 3, "symmetric": true,
             "narrow_range": false, "include_zero": true, "arithmetic": "torch", "integer_layer_norm": false, "bits": 4}]})";
        const auto plan = parsePlan(text, "mine.json");
        QVERIFY2(plan.has_value(), plan ? "" : plan.error().message().c_str());
        const std::string json = planToJson(*plan);
        const auto again = parsePlan(json, "again");
        QVERIFY2(again.has_value(), again ? "" : again.error().message().c_str());
        QCOMPARE(again->name, std::string("mine"));
        QCOMPARE(planToJson(*again), json);
        QCOMPARE(again->rules.size(), size_t{7});
        QCOMPARE(again->rules[5].bits, PlanRule::kSameBits);
        QVERIFY(again->rules[5].change == plan->rules[5].change && again->rules[6].change == plan->rules[6].change);
        QCOMPARE(again->rules[2].where.firstBlock, 4);
        QCOMPARE(again->rules[2].where.lastBlock, 7);
        QCOMPARE(again->rules[3].where.feedsLayerNorm, std::optional<bool>(true));
        QCOMPARE(again->rules[0].bits, 0);
        QVERIFY(parsePlan(planToJson({}), "empty")->rules.empty());
    }

    void aPlanReadsAsText()
    {
        const auto plan = parsePlan(
            R"({"rules": [{"tap": "blocks.3.mlp.fc2", "bits": "float"}, {"role": "residual", "bits": 6}, {"bits": 4}]})",
            "p");
        QVERIFY(plan.has_value());
        QCOMPARE(planText(*plan), std::string("blocks.3.mlp.fc2: float; role residual: 6 bit; everything: 4 bit"));
        QCOMPARE(planText(*parsePlan(R"({"rules": [{"role": "scores", "observer": "mse"}, {"bits": 4, "symmetric": true}]})", "p")),
                 std::string("role scores: observer mse; everything: 4 bit, symmetric true"));
        QCOMPARE(planText({}), std::string());
    }

private:
    Graph m_graph;
};

QTEST_APPLESS_MAIN(TestRecipes)
#include "tst_recipes.moc"
