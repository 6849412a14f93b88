// SPDX-License-Identifier: GPL-3.0-or-later
// The whole FQ-ViT quantization at small size against FQ-ViT's own program (fixtures/fq_quant), where it can be exact.
#include "core/pipeline/calibration.h"
#include "core/quantization/recipe.h"
#include "tests/parity/fq_names.h"
#include "tests/support/test_data.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <cmath>

using namespace quantoscope;

namespace {

constexpr int kHeads = 2;
constexpr int kCalibrationBatch = 8;

ImageBatch batchOf(const testing::NpyArray &images, int first, int count)
{
    ImageBatch batch;
    const size_t perImage = images.values.size() / static_cast<size_t>(images.shape[0]);
    for (int i = first; i < first + count; ++i)
        batch.indices.push_back(i);
    batch.pixels.assign(images.values.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(first) * perImage),
                        images.values.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(first + count) * perImage));
    return batch;
}

} // namespace

class TestFqQuant : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_DATA(weights, "fixtures/vit/tiny_vit.safetensors");
        QUANTOSCOPE_NEED_DATA(expected, "fixtures/fq_quant/fq_expected.json");
        m_expected = testing::readJson(expected);
        m_calibration = testing::readNpy(testing::dataPath("fixtures/fq_quant/calib.npy"));
        m_input = testing::readNpy(testing::dataPath("fixtures/vit/input.npy"));
        QVERIFY(!m_calibration.values.empty() && !m_input.values.empty());
        auto model = openModel({.weights = weights, .heads = kHeads});
        QVERIFY2(model.has_value(), model ? "" : model.error().message().c_str());
        m_model = *model;
        auto executor = Executor::create(m_model, {});
        QVERIFY(executor.has_value());
        m_executor = std::move(*executor);
    }

    void floatLogitsEqualTheReference()
    {
        ExecutionMode mode = ExecutionMode::floatMode(m_model->graph);
        const auto logits = m_executor->run(m_input.values, 2, mode, nullptr, {});
        QVERIFY(logits.has_value());
        const auto &reference = m_expected["about"]["float_logits"];
        for (size_t i = 0; i < logits->size(); ++i)
            QVERIFY(std::abs((*logits)[i] - reference[i / 10][i % 10].get<float>()) < 2e-4F);
    }

    void everyConfigurationMatchesTheAuthorsProgram_data()
    {
        QTest::addColumn<QString>("config");
        for (const auto &[config, values] : m_expected["configs"].items())
            QTest::newRow(config.c_str()) << QString::fromStdString(config);
    }

    void everyConfigurationMatchesTheAuthorsProgram()
    {
        QFETCH(const QString, config);
        const auto &expected = m_expected["configs"][config.toStdString()];
        const auto settings = resolveSettings(m_model->graph, testing::requestOfFqConfig(config.toStdString()),
                                              expected["input_quant"].get<bool>());
        QVERIFY(settings.has_value());
        Calibration calibration(*m_executor, *m_model);
        for (int first = 0; first < m_calibration.shape[0]; first += kCalibrationBatch)
            QVERIFY(calibration.add(*m_executor, *m_model, batchOf(m_calibration, first, kCalibrationBatch), {}));
        const auto taps = calibration.derive(*m_executor, *m_model, *settings, {});
        QVERIFY2(taps.has_value(), taps ? "" : taps.error().message().c_str());

        for (const auto &quantizer : expected["quantizers"])
            compareQuantizer(quantizer, *settings, *taps);

        ExecutionMode mode = ExecutionMode::quantizedMode(m_model->graph, *settings);
        mode.parameters = taps->parameters;
        const auto logits = m_executor->run(m_input.values, 2, mode, nullptr, {});
        QVERIFY(logits.has_value());
        const float step = taps->parameters[static_cast<size_t>(m_model->graph.findTap("head"))].scale[0];
        int different = 0;
        float worst = 0;
        for (size_t image = 0; image < 2; ++image) {
            size_t best = 0;
            size_t referenceBest = 0;
            const auto &reference = expected["quantized_logits"][image];
            for (size_t c = 0; c < 10; ++c) {
                const float steps = std::abs((*logits)[image * 10 + c] - reference[c].get<float>()) / step;
                different += steps > 0.5F;
                worst = std::max(worst, steps);
                if ((*logits)[image * 10 + c] > (*logits)[image * 10 + best])
                    best = c;
                if (reference[c].get<float>() > reference[referenceBest].get<float>())
                    referenceBest = c;
            }
            QCOMPARE(best, referenceBest);
        }
        qInfo("%s: %d of 20 logits differ, by %.0f steps at most", qPrintable(config), different,
              static_cast<double>(worst));
        QVERIFY(worst <= 12.5F); // the fixtures' own bound for rounding ties that cascade
    }

private:
    void compareQuantizer(const nlohmann::json &expected, const std::vector<TapSetting> &settings,
                          const CalibratedTaps &taps)
    {
        const auto module = expected["module"].get<std::string>();
        const int tap = m_model->graph.findTap(testing::tapOfFqModule(module, m_model->info.depth));
        QVERIFY2(tap >= 0, module.c_str());
        const auto t = static_cast<size_t>(tap);
        QCOMPARE(settings[t].bits, expected["bits"].get<int>());
        if (!expected.contains("scale"))
            return;
        const QuantizerParameters &parameters = taps.parameters[t];
        const auto &scale = expected["scale"];
        QCOMPARE(parameters.scale.size(), scale.size());
        for (size_t c = 0; c < scale.size(); ++c) {
            const auto reference = scale[c].get<double>();
            // rtol 2e-6; a PTF factor that differed would be off by a factor of two or more
            QVERIFY2(std::abs(static_cast<double>(parameters.scale[c]) - reference) <= 2e-6 * reference,
                     qPrintable(QStringLiteral("%1 channel %2: %3 instead of %4")
                                    .arg(QString::fromStdString(module))
                                    .arg(c)
                                    .arg(static_cast<double>(parameters.scale[c]))
                                    .arg(reference)));
        }
        QVERIFY2(std::abs(parameters.zeroPoint - expected["zero_point"][0].get<float>()) <= 1, module.c_str());
    }

    nlohmann::json m_expected;
    testing::NpyArray m_calibration;
    testing::NpyArray m_input;
    ModelPtr m_model;
    std::unique_ptr<Executor> m_executor;
};

QTEST_MAIN(TestFqQuant)
#include "tst_fq_quant.moc"
