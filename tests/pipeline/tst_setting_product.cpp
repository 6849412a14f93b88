// SPDX-License-Identifier: GPL-3.0-or-later
// Every observer x quantizer x granularity x arithmetic at every kind of tap: it runs to finite values, or it is refused
// with the reason, and which of both follows the rules that resources/recipes/README.md gives.
#include "core/pipeline/session.h"
#include "core/quantization/recipe.h"
#include "core/quantization/validate_setting.h"
#include "tests/pipeline/tiny_model.h"
#include "tests/support/test_data.h"

#include <fmt/format.h>

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace quantoscope;

namespace {

constexpr const char *kTaps[]
    = {"input", "patch_embed.proj.weight", "embed", "pos_embed", "embed_sum", "blocks.0.norm1", "blocks.0.attn.qkv.weight",
       "blocks.0.attn.qkv", "blocks.0.attn.k", "blocks.0.attn.scores", "blocks.0.attn.softmax", "blocks.0.attn.context",
       "blocks.0.mlp.gelu", "blocks.1.mlp.fc2", "blocks.1.residual2", "head"};
constexpr int kGroups = 2;

/// The rules of the recipes' README.
bool makesSense(const TapSetting &s, const TapTraits &tap)
{
    const bool weight = tap.kind == TapKind::Weight;
    const bool tensor = s.granularity == Granularity::Tensor;
    const bool softmax = tap.role == Role::AttentionWeights;
    switch (s.quantizer) {
    case QuantizerKind::Log2:
    case QuantizerKind::LogIntSoftmax:
        return softmax && tensor && s.observer != ObserverKind::Fixed && s.arithmetic != Arithmetic::Torch;
    case QuantizerKind::TwinUniform:
        return tensor && s.arithmetic == Arithmetic::FqViT
            && (s.observer == ObserverKind::MinMax || s.observer == ObserverKind::Mse)
            && (s.twin == TwinForm::Gelu ? tap.role == Role::Activation : softmax);
    default: break;
    }
    const bool shared = tensor || (s.granularity == Granularity::Channel && !tap.heads)
                     || (s.granularity == Granularity::Head && tap.heads) || (s.granularity == Granularity::Group && weight);
    switch (s.observer) {
    case ObserverKind::MinMax: return shared;
    case ObserverKind::Ema: return tensor && !weight;
    case ObserverKind::Ptf:
        return shared && s.granularity == Granularity::Channel && !weight && !s.symmetric
            && s.arithmetic != Arithmetic::Torch;
    case ObserverKind::Entropy: return s.symmetric && (tensor || (weight && shared));
    case ObserverKind::Fixed: return tensor;
    default: return tensor || (weight && shared);
    }
}

std::string planFor(const char *tap, const TapSetting &s)
{
    std::string rule = fmt::format(R"("tap": "{}", "bits": {}, "quantizer": "{}", "observer": "{}", "granularity": "{}",
        "symmetric": {}, "arithmetic": "{}", "twin": "{}", "groups": {})",
                                   tap, s.bits, name(s.quantizer), name(s.observer), name(s.granularity), s.symmetric,
                                   name(s.arithmetic), name(s.twin), kGroups);
    if (s.observer == ObserverKind::Fixed)
        rule += fmt::format(R"(, "scale": {}, "zero_point": {})", s.fixedScale, s.fixedZeroPoint);
    return "{\"rules\": [{" + rule + "}]}";
}

} // namespace

class TestSettingProduct : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_TINY_MODEL(m_weights, m_folder);
        m_session = Session::open(tiny().model).value();
        // One calibration for all that follow.
        RunRequest everything = tiny();
        everything.quantization.planJson = R"({"rules": [{"tap": "*", "kind": ["activation", "parameter"],
            "quantizer": "uniform", "observer": "torch-histogram", "granularity": "tensor"}]})";
        QVERIFY(m_session->run(everything, {}, {}));
        everything.quantization.planJson.replace(everything.quantization.planJson.find("histogram"), 9, "histogram-1.13");
        QVERIFY(m_session->run(everything, {}, {}));
    }

    void itRunsOrIsRefusedWithTheReason_data()
    {
        QTest::addColumn<QString>("tap");
        for (const char *tap : kTaps)
            QTest::newRow(tap) << QString::fromLatin1(tap);
    }

    void itRunsOrIsRefusedWithTheReason()
    {
        QFETCH(const QString, tap);
        const std::string path = tap.toStdString();
        const Graph &graph = m_session->model().graph;
        const int index = graph.findTap(path);
        QVERIFY(index >= 0);
        const TapTraits traits = traitsOf(graph, graph.taps[static_cast<size_t>(index)]);
        int ran = 0;
        int refused = 0;
        std::pair<QuantizerKind, TwinForm> forms[] = {{QuantizerKind::Uniform, TwinForm::None},
                                                      {QuantizerKind::Log2, TwinForm::None},
                                                      {QuantizerKind::LogIntSoftmax, TwinForm::None},
                                                      {QuantizerKind::TwinUniform, TwinForm::Gelu},
                                                      {QuantizerKind::TwinUniform, TwinForm::Softmax},
                                                      {QuantizerKind::TwinUniform, TwinForm::SoftmaxReleased}};
        for (const auto &[quantizer, twin] : forms)
            for (int observer = 0; observer <= static_cast<int>(ObserverKind::Fixed); ++observer)
                for (int granularity = 0; granularity <= static_cast<int>(Granularity::Group); ++granularity)
                    for (int arithmetic = 0; arithmetic <= static_cast<int>(Arithmetic::TensorFlow); ++arithmetic)
                        for (const bool symmetric : {false, true}) {
                            TapSetting s;
                            s.quantizer = quantizer;
                            s.twin = twin;
                            s.observer = static_cast<ObserverKind>(observer);
                            s.granularity = static_cast<Granularity>(granularity);
                            s.arithmetic = static_cast<Arithmetic>(arithmetic);
                            s.symmetric = symmetric;
                            s.groups = kGroups;
                            s.bits = 4 + (observer + granularity) % 5;
                            s.fixedScale = 0.0625F;
                            s.fixedZeroPoint = symmetric ? 0.0F : 3.0F;
                            const std::string plan = planFor(path.c_str(), s);
                            const auto valid = validateSetting(s, traits, path);
                            QVERIFY2(valid.has_value() == makesSense(s, traits), plan.c_str());
                            if (!valid) {
                                QVERIFY2(valid.error().code == ErrorCode::BadInput && !valid.error().what.empty()
                                             && !valid.error().hint.empty() && valid.error().where == path,
                                         plan.c_str());
                                ++refused;
                                continue;
                            }
                            // In a uniform quantizer TensorFlow's order is FQ-ViT's: those runs would be the same again.
                            if (s.arithmetic == Arithmetic::TensorFlow && s.quantizer == QuantizerKind::Uniform)
                                continue;
                            check(plan, static_cast<size_t>(index));
                            if (QTest::currentTestFailed())
                                return;
                            ++ran;
                        }
        qInfo("%s: %d settings run, %d are refused", qPrintable(tap), ran, refused);
        QVERIFY(ran >= 20 && refused > 1000);
    }

    /// What the plan's reader lets through is what the check lets through.
    void aRefusalReachesTheUser()
    {
        RunRequest request = tiny();
        TapSetting s;
        s.quantizer = QuantizerKind::Uniform;
        s.observer = ObserverKind::Ema;
        request.quantization.planJson = planFor("head.weight", s);
        const auto run = m_session->run(request, {}, {});
        QVERIFY(!run.has_value());
        QCOMPARE(run.error().where, std::string("head.weight"));
        QVERIFY2(run.error().message().find("no batches") != std::string::npos, run.error().message().c_str());
    }

private:
    RunRequest tiny() const
    {
        RunRequest request = testing::tinyRequest(m_weights, m_folder.path());
        request.evaluateFloat = false;
        request.data.limit = 1;
        request.batch = 1;
        request.calibration.count = 6;
        request.calibration.batch = 3;
        request.quantization.bits = {8, 8, 8};
        return request;
    }

    void check(const std::string &plan, size_t tap)
    {
        RunRequest request = tiny();
        request.quantization.planJson = plan;
        const auto run = m_session->run(request, {}, {});
        QVERIFY2(run.has_value(), run ? "" : (plan + run.error().message()).c_str());
        const QuantizerParameters &p = run->taps[tap].parameters;
        QVERIFY2(p.kind == run->taps[tap].setting.quantizer, plan.c_str());
        for (const float scale : p.scale)
            QVERIFY2(std::isfinite(scale) && scale > 0, plan.c_str());
        for (const float logit : run->result->logits)
            QVERIFY2(std::isfinite(logit), plan.c_str());
    }

    std::string m_weights;
    QTemporaryDir m_folder;
    std::unique_ptr<Session> m_session;
};

QTEST_GUILESS_MAIN(TestSettingProduct)
#include "tst_setting_product.moc"
