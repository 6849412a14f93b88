// SPDX-License-Identifier: GPL-3.0-or-later
// Plans in the forms of other programs: nothing lost silently, the numbers of the run, and back again.
#include "core/quantization/plan_export.h"
#include "tests/models/synthetic_store.h"

#include <nlohmann/json.hpp>

#include <QRegularExpression>
#include <QTest>

#include <random>
#include <set>

using namespace quantoscope;
using nlohmann::ordered_json;

namespace {

struct Case {
    ModelPtr model;
    QuantizationRequest request;
    RunRecord run;
};

/// What calibration could have found for the setting.
QuantizerParameters made(const TapSetting &setting, const Tap &tap, std::mt19937 &random)
{
    QuantizerParameters p;
    p.kind = setting.quantizer;
    p.bits = setting.bits;
    p.isSigned = setting.symmetric;
    p.narrowRange = setting.narrowRange;
    p.twin = setting.twin;
    if (p.kind == QuantizerKind::None)
        return p;
    size_t scales = 1;
    if (setting.granularity == Granularity::Channel)
        scales = static_cast<size_t>(tap.channels);
    else if (setting.granularity == Granularity::Group)
        scales = static_cast<size_t>(setting.groups);
    else if (setting.granularity == Granularity::Head)
        scales = 3;
    std::uniform_real_distribution<float> scale(1e-4F, 0.3F);
    const int codes = 1 << std::min(setting.bits, 8);
    for (size_t s = 0; s < scales; ++s) {
        p.scale.push_back(scale(random));
        if (!setting.symmetric && scales > 1 && setting.observer != ObserverKind::Ptf)
            p.zeroPoints.push_back(static_cast<float>(random() % static_cast<unsigned>(codes)));
    }
    if (!setting.symmetric)
        p.zeroPoint = static_cast<float>(random() % static_cast<unsigned>(codes));
    if (setting.observer == ObserverKind::Ptf)
        p.ptfFactor.assign(scales, 1);
    return p;
}

Case caseOf(const ModelPtr &model, const QuantizationRequest &request)
{
    Case made_{model, request, {}};
    const auto settings = resolveSettings(model->graph, request, model->info.inputQuantized);
    if (!settings)
        qFatal("%s", settings.error().message().c_str());
    std::mt19937 random(3);
    made_.run.model = model->info;
    made_.run.request = request;
    made_.run.quantized = true;
    for (size_t t = 0; t < settings->size(); ++t) {
        TapRecord record;
        record.tap = model->graph.taps[t];
        record.operatorName = name(model->graph.nodes[static_cast<size_t>(record.tap.node)].op);
        record.setting = (*settings)[t];
        record.parameters = made(record.setting, record.tap, random);
        made_.run.taps.push_back(std::move(record));
    }
    return made_;
}

ordered_json written(const Case &made_, const char *format)
{
    const auto plan = exportPlan(planSubject(made_.run), format);
    if (!plan)
        qFatal("%s", plan.error().message().c_str());
    return ordered_json::parse(plan->text);
}

std::set<std::string> listed(const ordered_json &document)
{
    std::set<std::string> taps;
    for (const auto &one : document["quantoscope"]["not_expressed"])
        taps.insert(one["tap"].get<std::string>());
    return taps;
}

const ordered_json *encodingOf(const ordered_json &document, const std::string &tap)
{
    for (const char *part : {"activation_encodings", "param_encodings"})
        for (const auto &one : document[part])
            if (one["name"] == tap)
                return &one;
    return nullptr;
}

bool fits(const std::string &pattern, const std::string &text)
{
    QString expression = QRegularExpression::escape(QString::fromStdString(pattern));
    expression.replace(QStringLiteral("\\*"), QStringLiteral(".*"));
    return QRegularExpression(QRegularExpression::anchoredPattern(expression)).match(QString::fromStdString(text)).hasMatch();
}

/// What a quant_cfg says of a quantizer: 0 when it is off.
int bitsOf(const ordered_json &document, const std::string &quantizer)
{
    int bits = 8;
    for (const auto &entry : document["quant_cfg"])
        if (fits(entry["quantizer_name"], quantizer))
            bits = entry["enable"] == true ? entry["cfg"]["num_bits"].get<int>() : 0;
    return bits;
}

} // namespace

class TestPlanExport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_deit = model("deit_tiny_patch16_224");
        QVERIFY(m_deit);
    }

    void aRunTellsWhatEveryLayerReads_data()
    {
        QTest::addColumn<QString>("entry");
        for (const ModelEntry &entry : knownModels())
            if (entry.family == "swin" || entry.architecture.value("depth") > 0) // the demo's depth is open
                QTest::newRow(entry.name.c_str()) << QString::fromStdString(entry.name);
    }

    /// A run file has taps and no graph.
    void aRunTellsWhatEveryLayerReads()
    {
        QFETCH(QString, entry);
        const ModelPtr opened = model(entry.toStdString());
        QVERIFY(opened);
        for (const char *recipe : {"minmax", "ptq4vit"}) {
            const Case made_ = caseOf(opened, requestFor(recipe));
            std::vector<TapSetting> settings;
            for (const TapRecord &record : made_.run.taps)
                settings.push_back(record.setting);
            const PlanSubject byRun = planSubject(made_.run);
            const PlanSubject byGraph = planSubject(opened->graph, opened->info, made_.request, settings);
            QCOMPARE(byRun.taps.size(), byGraph.taps.size());
            for (size_t t = 0; t < byRun.taps.size(); ++t) {
                QVERIFY2(byRun.taps[t].input == byGraph.taps[t].input, byRun.taps[t].tap.path.c_str());
                QVERIFY2(byRun.taps[t].carriesValues == byGraph.taps[t].carriesValues, byRun.taps[t].tap.path.c_str());
            }
            QVERIFY(byRun.calibrated && !byGraph.calibrated);
        }
    }

    void everyTapIsExpressedOrListed_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<bool>("forms");
        QTest::addColumn<QString>("rules");
        for (const Recipe &recipe : builtinRecipes())
            QTest::newRow(recipe.name.c_str()) << QString::fromStdString(recipe.name) << false << QString();
        QTest::newRow("ptf, lis") << "minmax" << true << QString();
        QTest::newRow("3, 4, 6 bits and float")
            << "minmax" << false
            << R"({"tap":"*fc1.weight","bits":3},{"tap":"*fc2*","bits":4},{"role":"context","bits":6},{"tap":"head*","bits":"float"},{"tap":"*proj.weight","block":3,"bits":"float"},{"tap":"*gelu","block":"4-5","bits":"float"})";
        QTest::newRow("groups, narrow, per channel")
            << "minmax" << false
            << R"({"tap":"*fc1.weight","granularity":"group","groups":4},{"tap":"*fc2.weight","narrow_range":true},{"tap":"*gelu","granularity":"channel"})";
    }

    void everyTapIsExpressedOrListed()
    {
        QFETCH(QString, recipe);
        QFETCH(bool, forms);
        QFETCH(QString, rules);
        QuantizationRequest request = requestFor(recipe.toStdString());
        request.ptf = request.lis = forms;
        if (!rules.isEmpty())
            request.planJson = "{\"rules\":[" + rules.toStdString() + "]}";
        const Case made_ = caseOf(m_deit, request);
        const PlanSubject subject = planSubject(made_.run);
        for (const PlanFormat &format : planFormats()) {
            const ordered_json document = written(made_, format.name);
            const std::set<std::string> left = listed(document);
            std::set<QuantizerKind> kinds;
            for (size_t t = 0; t < subject.taps.size(); ++t) {
                const PlannedTap &tap = subject.taps[t];
                if (!tap.carriesValues || left.contains(tap.tap.path))
                    continue;
                kinds.insert(tap.setting.quantizer);
                QVERIFY2(isSaid(format.name, document, subject, static_cast<int>(t)),
                         (std::string(format.name) + ": " + tap.tap.path).c_str());
            }
            for (const QuantizerKind kind : kinds) // no form has another
                QVERIFY2(kind == QuantizerKind::None || kind == QuantizerKind::Uniform, name(kind));
            for (const auto &one : document["quantoscope"]["not_expressed"])
                for (const char *field : {"plan", "reason", "instead"})
                    QVERIFY(!one[field].get<std::string>().empty());
        }
    }

    void scalesAndOffsetsAreThoseOfTheRun()
    {
        QuantizationRequest request = requestFor("minmax");
        request.planJson = R"({"rules":[{"tap":"*fc1.weight","granularity":"group","groups":4},
            {"tap":"*fc2.weight","symmetric":false},{"tap":"*mlp.gelu","bits":4},{"tap":"*qkv","symmetric":true}]})";
        const Case made_ = caseOf(m_deit, request);
        const ordered_json aimet = written(made_, "aimet");
        const ordered_json ort = written(made_, "ort");
        int compared = 0;
        for (const TapRecord &record : made_.run.taps) {
            const ordered_json *encoding = encodingOf(aimet, record.tap.path);
            if (!encoding || (*encoding)["dtype"] == "FLOAT")
                continue;
            const QuantizerParameters &p = record.parameters;
            const size_t entries = (*encoding)["scale"].size();
            QCOMPARE(entries, p.scale.size() == 1 ? size_t{1} : static_cast<size_t>(record.tap.channels));
            QCOMPARE((*encoding)["offset"].size(), entries);
            QCOMPARE((*encoding)["enc_type"] == "PER_CHANNEL", p.scale.size() > 1);
            QCOMPARE((*encoding)["bw"].get<int>(), p.bits);
            const ordered_json &overrides = ort["TensorQuantOverrides"][record.tap.path];
            QCOMPARE(overrides.size(), entries);
            for (size_t c = 0; c < entries; ++c, ++compared) {
                const size_t s = c * p.scale.size() / entries;
                QCOMPARE((*encoding)["scale"][c].get<float>(), p.scale[s]);
                // The same reals for the lowest and the highest code.
                const int offset = (*encoding)["offset"][c].get<int>();
                QCOMPARE(static_cast<float>(offset), p.lowestCode() - p.zeroPointOf(s));
                QCOMPARE(static_cast<float>((1 << p.bits) - 1 + offset), p.highestCode() - p.zeroPointOf(s));
                QCOMPARE(overrides[c]["scale"].get<float>(), p.scale[s]);
                QCOMPARE(overrides[c]["zero_point"].get<float>(), p.zeroPointOf(s));
                QCOMPARE(overrides[c].contains("axis"), p.scale.size() > 1);
                QCOMPARE(overrides[c]["quant_type"].get<std::string>(),
                         std::string(p.isSigned ? "QInt" : "QUInt") + std::to_string(p.bits));
            }
        }
        QVERIFY(compared > 1000);
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
            QVERIFY2(!record.setting.isQuantized() || (*settings)[t].bits == record.setting.bits, record.tap.path.c_str());
        }
        QVERIFY2(compared > 120, std::to_string(compared).c_str());
    }

    void nncfKeepsFloatLayersAndTheCommonWidths()
    {
        QuantizationRequest request = requestFor("least-error");
        request.bits = {6, 7, 8};
        request.planJson = R"({"rules":[{"tap":"blocks.2.mlp.fc2.weight","bits":"float"},{"tap":"blocks.2.mlp.gelu","bits":"float"},
            {"tap":"patch_embed.proj.weight","bits":"float"},{"role":"image","bits":"float"}]})";
        const Case made_ = caseOf(m_deit, request);
        const PlanSubject subject = planSubject(made_.run);
        const ordered_json document = written(made_, "nncf");
        QVERIFY(document["ignored_scope"]["patterns"] == ordered_json::array({"^patch_embed/proj/", "^blocks/2/mlp/fc2/"}));
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

    void modelOptSaysManyBlocksInOneLine()
    {
        const ordered_json document = written(caseOf(m_deit, requestFor("minmax")), "modelopt");
        QVERIFY2(document["quant_cfg"].size() < 25, std::to_string(document["quant_cfg"].size()).c_str());
        QVERIFY(document["quant_cfg"][0] == ordered_json({{"quantizer_name", "*"}, {"enable", false}}));
        bool found = false;
        for (const auto &entry : document["quant_cfg"])
            if (entry["quantizer_name"] == "blocks.*.mlp.fc1.weight_quantizer") {
                found = true;
                QVERIFY(entry["cfg"] == ordered_json({{"num_bits", 8}, {"axis", 0}}));
            }
        QVERIFY(found);
    }

    void aPlanWithoutCalibrationHasWidthsAndSaysSo()
    {
        const auto settings = resolveSettings(m_deit->graph, requestFor("minmax"), true);
        const PlanSubject subject = planSubject(m_deit->graph, m_deit->info, requestFor("minmax"), *settings);
        const auto file = exportPlan(subject, "aimet");
        const ordered_json document = ordered_json::parse(file->text);
        QCOMPARE(document["quantoscope"]["calibrated"].get<bool>(), false);
        const ordered_json *encoding = encodingOf(document, "blocks.0.mlp.fc1.weight");
        QVERIFY(encoding && (*encoding)["bw"] == 8 && !encoding->contains("scale"));
        QVERIFY(exportPlan(subject, "ort").has_value());
    }

    void filesOfOtherVersionsAreRead()
    {
        const PlanSubject subject = planSubject(caseOf(m_deit, requestFor("minmax")).run);
        const auto old = importPlan(R"({"version":"0.6.1","activation_encodings":{"blocks.0.mlp.gelu":[{"bitwidth":4,"dtype":"int",
            "is_symmetric":"False","min":-1.0,"max":2.0,"offset":-5,"scale":0.2}]},"param_encodings":{"head.weight":[{"bitwidth":32,
            "dtype":"float"}]}})", "old", "aimet", nullptr);
        QVERIFY2(old.has_value(), old ? "" : old.error().message().c_str());
        QCOMPARE(planText(*old), std::string("head.weight: float; blocks.0.mlp.gelu: 4 bit"));
        // The dictionary that ModelOpt had before the list.
        const auto dictionary = importPlan(R"({"quant_cfg":{"*weight_quantizer":{"num_bits":4,"axis":0},"*head*":{"enable":false},
            "nn.BatchNorm2d":{"*":{"enable":false}},"default":{"enable":false}},"algorithm":"max"})", "old", "modelopt", &subject);
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
            R"({"version":"1.0.0","activation_encodings":[{"name":"head","dtype":"INT","bw":16}],"param_encodings":[]})", "16 bits");
        row("blocks of a tensor", "aimet",
            R"({"version":"1.0.0","activation_encodings":[],"param_encodings":[{"name":"head.weight","dtype":"INT","bw":4,"enc_type":"LPBQ"}]})",
            "LPBQ");
        row("contradiction", "aimet",
            R"({"version":"1.0.0","activation_encodings":[{"name":"head","dtype":"INT","bw":8},{"name":"head","dtype":"INT","bw":4}],"param_encodings":[]})",
            "two encodings");
        row("floating-point width", "modelopt", R"({"quant_cfg":[{"quantizer_name":"*","cfg":{"num_bits":[4,3]}}]})", "[4,3]");
        row("several steps", "modelopt", R"({"quant_cfg":[{"quantizer_name":"*","cfg":[{"num_bits":4},{"num_bits":8}]}]})", "several");
        row("unknown quantizer", "modelopt", R"({"quant_cfg":[{"quantizer_name":"blocks.0.attn.softmax_quantizer","enable":false}]})",
            "softmax_quantizer");
        row("nothing said", "modelopt", R"({"quant_cfg":[{"quantizer_name":"*weight_quantizer","enable":false}]})", "input_quantizer");
        row("set of characters", "modelopt", R"({"quant_cfg":[{"quantizer_name":"*[kv]_bmm_quantizer","enable":false}]})", "[kv]");
        row("types", "nncf", R"({"ignored_scope":{"types":["Multiply"]}})", "types");
        row("regular expression", "nncf", R"({"ignored_scope":{"patterns":["(a+)+$"]}})", "(a+)+$");
        row("unknown layer", "nncf", R"({"ignored_scope":{"patterns":["^blocks/77/mlp/fc1/"]}})", "blocks.77.mlp.fc1");
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
            const ordered_json others[] = {nullptr, 7, -1.5, "x", true, ordered_json::array(), ordered_json::object(), 1ULL << 63};
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
    static ModelPtr model(const std::string &wanted)
    {
        for (const ModelEntry &entry : knownModels()) {
            if (entry.name != wanted)
                continue;
            ModelRequest request;
            request.weights = "test";
            request.model = wanted;
            auto built = buildModel(testing::storeOf(testing::publishedTensors(entry)), request);
            if (built)
                return *built;
            qWarning("%s", built.error().message().c_str());
        }
        return nullptr;
    }

    static QuantizationRequest requestFor(const std::string &recipe)
    {
        QuantizationRequest request;
        request.recipe = recipe;
        const auto found = findRecipe(recipe);
        if (found)
            request.bits = found->bits;
        return request;
    }

    /// Whether the file says of the tap what the plan has.
    static bool isSaid(const std::string &format, const ordered_json &document, const PlanSubject &subject, int index)
    {
        const PlannedTap &tap = subject.taps[static_cast<size_t>(index)];
        const bool quantized = tap.setting.isQuantized();
        const bool weight = tap.tap.kind == TapKind::Weight;
        const std::string module = weight ? tap.tap.path.substr(0, tap.tap.path.size() - 7) : tap.tap.path;
        std::vector<std::string> readers;
        for (const PlannedTap &other : subject.taps)
            if (other.tap.kind == TapKind::Weight && other.input == index)
                readers.push_back(other.tap.path.substr(0, other.tap.path.size() - 7));
        if (format == "aimet") {
            const ordered_json *encoding = encodingOf(document, tap.tap.path);
            return encoding
                && (quantized ? (*encoding)["dtype"] == "INT" && (*encoding)["bw"] == tap.setting.bits
                                    && (*encoding)["is_sym"] == tap.setting.symmetric
                              : (*encoding)["dtype"] == "FLOAT");
        }
        if (format == "modelopt") {
            const int bits = quantized ? tap.setting.bits : 0;
            if (weight)
                return bitsOf(document, module + ".weight_quantizer") == bits;
            for (const std::string &reader : readers)
                if (bitsOf(document, reader + ".input_quantizer") != bits)
                    return false;
            const bool hasOutput = std::any_of(subject.taps.begin(), subject.taps.end(),
                                               [&](const PlannedTap &one) { return one.tap.path == module + ".weight"; });
            const int output = hasOutput ? bitsOf(document, module + ".output_quantizer") : 0;
            return output == (readers.empty() ? bits : 0);
        }
        const auto leftOut = [&](const std::string &name) {
            if (format == "ort")
                return std::find(document["nodes_to_exclude"].begin(), document["nodes_to_exclude"].end(), name)
                    != document["nodes_to_exclude"].end();
            std::string node = name + ".";
            std::replace(node.begin(), node.end(), '.', '/');
            const auto &patterns = document["ignored_scope"]["patterns"];
            return std::find(patterns.begin(), patterns.end(), "^" + node) != patterns.end();
        };
        if (!quantized)
            return weight ? leftOut(module) : !readers.empty() && std::all_of(readers.begin(), readers.end(), leftOut);
        if (weight ? leftOut(module) : std::any_of(readers.begin(), readers.end(), leftOut))
            return false;
        if (format == "ort")
            return document["TensorQuantOverrides"].contains(tap.tap.path);
        const auto &shared = document["advanced_parameters"][weight ? "weights_quantization_params"
                                                                    : "activations_quantization_params"];
        return shared["num_bits"] == tap.setting.bits && (shared["mode"] == "symmetric") == tap.setting.symmetric
            && shared["per_channel"] == (tap.setting.granularity != Granularity::Tensor);
    }

    ModelPtr m_deit;
};

QTEST_GUILESS_MAIN(TestPlanExport)
#include "tst_plan_export.moc"
