// SPDX-License-Identifier: GPL-3.0-or-later
// Plans of other programs read back: what was written, earlier versions of their forms, and everything that is
// refused.
#include "tests/quantization/plan_cases.h"

#include <QTest>

using namespace quantoscope;
using namespace quantoscope::testing;
using nlohmann::ordered_json;

class TestPlanImport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_deit = model("deit_tiny_patch16_224");
        QVERIFY(m_deit);
    }

    void plansComeBack_data()
    {
        QTest::addColumn<QString>("format");
        for (const char *format : {"aimet", "modelopt"})
            QTest::newRow(format) << format;
    }

    /// Random widths for every tap; what is expressed comes back as it was.
    void plansComeBack()
    {
        QFETCH(QString, format);
        std::mt19937 random(5);
        QuantizationRequest request = requestFor("minmax");
        PrecisionPlan plan;
        const int widths[] = {PlanRule::kFloat, 2, 3, 4, 5, 6, 7, 8};
        for (const Tap &tap : m_deit->graph.taps) {
            if (!isSwitchable(m_deit->graph, tap) || random() % 3 == 0)
                continue;
            PlanRule rule;
            rule.where.tap = tap.path;
            rule.bits = widths[random() % 8];
            plan.rules.push_back(rule);
        }
        request.planJson = planToJson(plan);
        const Case made_ = caseOf(m_deit, request);
        const PlanSubject subject = planSubject(made_.run);
        const auto file = exportPlan(subject, format.toStdString());
        QVERIFY(file.has_value());
        const auto back = importPlan(file->text, "file", format.toStdString(), &subject);
        QVERIFY2(back.has_value(), back ? "" : back.error().message().c_str());
        QuantizationRequest again = requestFor("minmax");
        again.planJson = planToJson(*back);
        const auto settings = resolveSettings(m_deit->graph, again, m_deit->info.inputQuantized);
        QVERIFY2(settings.has_value(), settings ? "" : settings.error().message().c_str());
        std::set<std::string> named;
        for (const PlanRule &rule : back->rules)
            named.insert(rule.where.tap);
        int compared = 0;
        for (size_t t = 0; t < settings->size(); ++t) {
            const TapRecord &record = made_.run.taps[t];
            if (!named.contains(record.tap.path))
                continue;
            ++compared;
            QVERIFY2((*settings)[t].isQuantized() == record.setting.isQuantized(), record.tap.path.c_str());
            QVERIFY2(!record.setting.isQuantized() || (*settings)[t].bits == record.setting.bits,
                     record.tap.path.c_str());
        }
        QVERIFY2(compared > 120, std::to_string(compared).c_str());
    }

    void nncfKeepsFloatLayersAndTheCommonWidths()
    {
        QuantizationRequest request = requestFor("least-error");
        request.bits = {6, 7, 8};
        request.planJson =
            R"({"rules":[{"tap":"blocks.2.mlp.fc2.weight","bits":"float"},{"tap":"blocks.2.mlp.gelu","bits":"float"},
            {"tap":"patch_embed.proj.weight","bits":"float"},{"role":"image","bits":"float"}]})";
        const Case made_ = caseOf(m_deit, request);
        const PlanSubject subject = planSubject(made_.run);
        const ordered_json document = written(made_, "nncf");
        QVERIFY(document["ignored_scope"]["patterns"]
                == ordered_json::array({"^patch_embed/proj/", "^blocks/2/mlp/fc2/"}));
        QCOMPARE(document["advanced_parameters"]["weights_quantization_params"]["num_bits"].get<int>(), 6);
        QVERIFY(!listed(document).contains("blocks.2.mlp.gelu"));
        const auto back = importPlan(document.dump(), "file", "nncf", &subject);
        QVERIFY2(back.has_value(), back ? "" : back.error().message().c_str());
        QuantizationRequest again = requestFor("least-error");
        again.planJson = planToJson(*back);
        const auto settings = resolveSettings(m_deit->graph, again, true);
        QVERIFY2(settings.has_value(), settings ? "" : settings.error().message().c_str());
        for (size_t t = 0; t < settings->size(); ++t) {
            const TapRecord &record = made_.run.taps[t];
            QVERIFY2((*settings)[t].isQuantized() == record.setting.isQuantized(), record.tap.path.c_str());
            if (record.setting.isQuantized() && record.tap.kind == TapKind::Weight)
                QCOMPARE((*settings)[t].bits, 6);
        }
    }

    void filesOfOtherVersionsAreRead()
    {
        const PlanSubject subject = planSubject(caseOf(m_deit, requestFor("minmax")).run);
        const auto old = importPlan(
            R"({"version":"0.6.1","activation_encodings":{"blocks.0.mlp.gelu":[{"bitwidth":4,"dtype":"int",
            "is_symmetric":"False","min":-1.0,"max":2.0,"offset":-5,"scale":0.2}]},"param_encodings":{"head.weight":[{"bitwidth":32,
            "dtype":"float"}]}})",
            "old", "aimet", nullptr);
        QVERIFY2(old.has_value(), old ? "" : old.error().message().c_str());
        QCOMPARE(planText(*old), std::string("head.weight: float; blocks.0.mlp.gelu: 4 bit"));
        // The dictionary that ModelOpt had before the list.
        const auto dictionary =
            importPlan(R"({"quant_cfg":{"*weight_quantizer":{"num_bits":4,"axis":0},"*head*":{"enable":false},
            "nn.BatchNorm2d":{"*":{"enable":false}},"default":{"enable":false}},"algorithm":"max"})",
                       "old", "modelopt", &subject);
        QVERIFY2(dictionary.has_value(), dictionary ? "" : dictionary.error().message().c_str());
        int weights = 0;
        for (const PlanRule &rule : dictionary->rules) {
            const bool four = rule.where.tap.ends_with(".weight") && rule.where.tap != "head.weight";
            QCOMPARE(rule.bits, four ? 4 : PlanRule::kFloat);
            weights += four ? 1 : 0;
        }
        QCOMPARE(weights, 49);
    }

    void whatCannotBeReadIsNamed_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("named");
        const auto row = [](const char *title, const char *format, const char *text, const char *named) {
            QTest::newRow(title) << format << text << named;
        };
        row("no JSON", "aimet", "[1", "not a JSON object");
        row("no such format", "onnx", "{}", "known are aimet");
        row("only written", "ort", "{}", "written, not read");
        row("version", "aimet", R"({"version":"3.0.0"})", "\"3.0.0\"");
        row("no encodings", "aimet", R"({"version":"1.0.0","param_encodings":[]})", "activation_encodings");
        row("unknown name", "aimet",
            R"({"version":"1.0.0","activation_encodings":[{"name":"blocks.77.gelu","dtype":"INT","bw":8}],"param_encodings":[]})",
            "blocks.77.gelu");
        row("16 bits", "aimet",
            R"({"version":"1.0.0","activation_encodings":[{"name":"head","dtype":"INT","bw":16}],"param_encodings":[]})",
            "16 bits");
        row("blocks of a tensor", "aimet",
            R"({"version":"1.0.0","activation_encodings":[],"param_encodings":[{"name":"head.weight","dtype":"INT","bw":4,"enc_type":"LPBQ"}]})",
            "LPBQ");
        row("contradiction", "aimet",
            R"({"version":"1.0.0","activation_encodings":[{"name":"head","dtype":"INT","bw":8},{"name":"head","dtype":"INT","bw":4}],"param_encodings":[]})",
            "two encodings");
        row("floating-point width", "modelopt",
            R"({"quant_cfg":[{"quantizer_name":"*","cfg":{"num_bits":[4,3]}}]})", "[4,3]");
        row("several steps", "modelopt",
            R"({"quant_cfg":[{"quantizer_name":"*","cfg":[{"num_bits":4},{"num_bits":8}]}]})", "several");
        row("unknown quantizer", "modelopt",
            R"({"quant_cfg":[{"quantizer_name":"blocks.0.attn.softmax_quantizer","enable":false}]})",
            "softmax_quantizer");
        row("nothing said", "modelopt", R"({"quant_cfg":[{"quantizer_name":"*weight_quantizer","enable":false}]})",
            "input_quantizer");
        row("set of characters", "modelopt",
            R"({"quant_cfg":[{"quantizer_name":"*[kv]_bmm_quantizer","enable":false}]})", "[kv]");
        row("types", "nncf", R"({"ignored_scope":{"types":["Multiply"]}})", "types");
        row("regular expression", "nncf", R"({"ignored_scope":{"patterns":["(a+)+$"]}})", "(a+)+$");
        row("unknown layer", "nncf", R"({"ignored_scope":{"patterns":["^blocks/77/mlp/fc1/"]}})",
            "blocks.77.mlp.fc1");
        row("no scope", "nncf", "{}", "ignored_scope");
    }

    void whatCannotBeReadIsNamed()
    {
        QFETCH(QString, format);
        QFETCH(QString, text);
        QFETCH(QString, named);
        const PlanSubject subject = planSubject(caseOf(m_deit, requestFor("minmax")).run);
        const auto plan = importPlan(text.toStdString(), "file.json", format.toStdString(), &subject);
        QVERIFY(!plan.has_value());
        const QString message = QString::fromStdString(plan.error().message());
        QVERIFY2(message.contains(named), qPrintable(message));
    }

    void layersOfOtherProgramsNeedAModel()
    {
        for (const char *format : {"nncf", "modelopt"}) {
            const auto plan = importPlan("{}", "file.json", format, nullptr);
            QVERIFY(!plan.has_value() && plan.error().code == ErrorCode::Usage);
            QVERIFY(plan.error().hint.find("--weights") != std::string::npos);
        }
        QVERIFY(!exportPlan({}, "aimet").has_value());
    }

    void damagedFilesAreRefusedOrRead()
    {
        const Case made_ = caseOf(m_deit, requestFor("minmax"));
        const PlanSubject subject = planSubject(made_.run);
        std::mt19937 random(9);
        for (const char *format : {"aimet", "nncf", "modelopt"}) {
            ordered_json document = written(made_, format);
            document.erase("quantoscope");
            if (document.contains("param_encodings"))
                document["param_encodings"] = ordered_json::array({document["param_encodings"].back()});
            if (document.contains("activation_encodings"))
                document["activation_encodings"] = ordered_json::array({document["activation_encodings"].front()});
            // Every value in turn is of another type.
            const ordered_json flat = document.flatten();
            const ordered_json others[] = {
                nullptr, 7, -1.5, "x", true, ordered_json::array(), ordered_json::object(), 1ULL << 63};
            for (const auto &[pointer, value] : flat.items())
                for (const ordered_json &other : others) {
                    for (ordered_json::json_pointer at(pointer); !at.empty(); at.pop_back()) {
                        ordered_json changed = document;
                        changed[at] = other;
                        static_cast<void>(importPlan(changed.dump(), "file", format, &subject));
                    }
                }
            const std::string text = document.dump();
            for (int i = 0; i < 500; ++i) {
                std::string damaged = text;
                damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
                damaged.resize(random() % 4 == 0 ? random() % damaged.size() : damaged.size());
                static_cast<void>(importPlan(damaged, "file", format, &subject));
            }
        }
    }

private:
    ModelPtr m_deit;
};

QTEST_GUILESS_MAIN(TestPlanImport)
#include "tst_plan_import.moc"
