// SPDX-License-Identifier: GPL-3.0-or-later
// Plans in the forms of other programs: nothing lost silently, and the numbers of the run.
#include "tests/quantization/plan_cases.h"

#include <QRegularExpression>
#include <QTest>

using namespace quantoscope;
using namespace quantoscope::testing;
using nlohmann::ordered_json;

namespace {

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
    return QRegularExpression(QRegularExpression::anchoredPattern(expression))
        .match(QString::fromStdString(text))
        .hasMatch();
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
                QVERIFY2(byRun.taps[t].carriesValues == byGraph.taps[t].carriesValues,
                         byRun.taps[t].tap.path.c_str());
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
            << R"({"tap":"*fc1.weight","bits":3},{"tap":"*fc2*","bits":4},{"role":"context","bits":6},
                  {"tap":"head*","bits":"float"},{"tap":"*proj.weight","block":3,"bits":"float"},
                  {"tap":"*gelu","block":"4-5","bits":"float"})";
        QTest::newRow("groups, narrow, per channel")
            << "minmax" << false
            << R"({"tap":"*fc1.weight","granularity":"group","groups":4},{"tap":"*fc2.weight","narrow_range":true},
                  {"tap":"*gelu","granularity":"channel"})";
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

private:
    /// Whether the file says of the tap what the plan has.
    static bool isSaid(const std::string &format, const ordered_json &document, const PlanSubject &subject,
                       int index)
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
            const bool hasOutput =
                std::any_of(subject.taps.begin(), subject.taps.end(),
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
            return weight ? leftOut(module)
                          : !readers.empty() && std::all_of(readers.begin(), readers.end(), leftOut);
        if (weight ? leftOut(module) : std::any_of(readers.begin(), readers.end(), leftOut))
            return false;
        if (format == "ort")
            return document["TensorQuantOverrides"].contains(tap.tap.path);
        const auto &shared = document["advanced_parameters"]
                                     [weight ? "weights_quantization_params" : "activations_quantization_params"];
        return shared["num_bits"] == tap.setting.bits && (shared["mode"] == "symmetric") == tap.setting.symmetric
            && shared["per_channel"] == (tap.setting.granularity != Granularity::Tensor);
    }

    ModelPtr m_deit;
};

QTEST_GUILESS_MAIN(TestPlanExport)
#include "tst_plan_export.moc"
