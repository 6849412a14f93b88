// SPDX-License-Identifier: GPL-3.0-or-later
// Sensitivity with cached prefixes against whole runs.
#include "core/analysis/divergence.h"
#include "core/pipeline/calibration.h"
#include "core/pipeline/sensitivity.h"
#include "core/quantization/recipe.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <cmath>

using namespace quantoscope;

class TestSensitivity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_DATA(weights, "fixtures/vit/tiny_vit.safetensors");
        QUANTOSCOPE_NEED_DATA(images, "fixtures/fq_quant/calib.npy");
        m_pixels = testing::readNpy(images).values;
        m_model = openModel({.weights = weights, .heads = 2}).value();
        m_executor = Executor::create(m_model, {}).value();
        QuantizationRequest request;
        request.ptf = request.lis = true;
        request.bits = {8, 8, 4};
        m_settings = resolveSettings(m_model->graph, request, true).value();
        Calibration calibration(*m_executor, *m_model);
        ImageBatch batch;
        for (int i = 0; i < kImages; ++i)
            batch.indices.push_back(i);
        batch.pixels = m_pixels;
        QVERIFY(calibration.add(*m_executor, *m_model, batch, {}));
        m_parameters = calibration.derive(*m_executor, *m_model, m_settings, {}).value().parameters;
    }

    void everyQuantizedTapBelongsToOneUnit_data()
    {
        QTest::addColumn<int>("level");
        QTest::newRow("tap") << static_cast<int>(SensitivityLevel::Tap);
        QTest::newRow("operator") << static_cast<int>(SensitivityLevel::Operator);
        QTest::newRow("block") << static_cast<int>(SensitivityLevel::Block);
        QTest::newRow("type") << static_cast<int>(SensitivityLevel::OperatorType);
    }

    void everyQuantizedTapBelongsToOneUnit()
    {
        QFETCH(const int, level);
        std::vector<int> uses(m_settings.size());
        for (const SensitivityUnit &unit :
             sensitivityUnits(m_model->graph, m_settings, static_cast<SensitivityLevel>(level)))
            for (const auto *taps : {&unit.weightTaps, &unit.activationTaps})
                for (const int tap : *taps)
                    ++uses[static_cast<size_t>(tap)];
        for (size_t t = 0; t < uses.size(); ++t)
            QVERIFY2(uses[t] == (m_settings[t].isQuantized() ? 1 : 0), m_model->graph.taps[t].path.c_str());
    }

    void everyMeasurementEqualsAWholeRunBitForBit_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::newRow("all cuts kept") << (qint64{1} << 30);
        QTest::newRow("few cuts kept") << qint64{100'000};
        QTest::newRow("no cut kept") << qint64{1};
    }

    void everyMeasurementEqualsAWholeRunBitForBit()
    {
        QFETCH(const qint64, bytes);
        SensitivityOptions options;
        options.level = SensitivityLevel::Tap;
        options.kinds = {SensitivityKind::OnlyThis, SensitivityKind::AllButThis};
        const auto plan = planSensitivity(m_model->graph, m_settings, options);
        QVERIFY(plan.size() > 60);
        ExecutionMode floatMode = ExecutionMode::floatMode(m_model->graph);
        ExecutionMode all = modeOf(m_settings);
        ExecutionPrefix ofFloat;
        ExecutionPrefix ofAll;
        QVERIFY(m_executor->runKeeping(m_pixels, kImages, floatMode, bytes, ofFloat, {}).has_value());
        QVERIFY(m_executor->runKeeping(m_pixels, kImages, all, bytes, ofAll, {}).has_value());
        for (const SensitivityMeasurement &measurement : plan) {
            ExecutionMode mode = modeOf(measurement.settings);
            const bool only = measurement.row.kind == SensitivityKind::OnlyThis;
            const auto fast
                = m_executor->runFrom(only ? ofFloat : ofAll, measurement.firstChanged, m_pixels, mode, {});
            const auto whole = m_executor->run(m_pixels, kImages, mode, nullptr, {});
            QVERIFY(fast.has_value() && whole.has_value());
            QVERIFY2(*fast == *whole, measurement.row.operatorPath.c_str());
        }
    }

    void aCostIsKnownBeforehandAndCachingHalvesIt()
    {
        SensitivityOptions options;
        options.level = SensitivityLevel::Tap;
        const auto plan = planSensitivity(m_model->graph, m_settings, options);
        const double passes = sensitivityCost(m_model->graph, plan);
        QVERIFY(passes > 1 && passes < 0.65 * static_cast<double>(plan.size()));
    }

private:
    static constexpr int kImages = 32;

    [[nodiscard]] ExecutionMode modeOf(const std::vector<TapSetting> &settings) const
    {
        ExecutionMode mode = ExecutionMode::quantizedMode(m_model->graph, settings);
        mode.parameters = m_parameters;
        return mode;
    }

    std::vector<float> m_pixels;
    ModelPtr m_model;
    std::unique_ptr<Executor> m_executor;
    std::vector<TapSetting> m_settings;
    std::vector<QuantizerParameters> m_parameters;
};

QTEST_GUILESS_MAIN(TestSensitivity)
#include "tst_sensitivity.moc"
