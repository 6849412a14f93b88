// SPDX-License-Identifier: GPL-3.0-or-later
// Sensitivity with cached prefixes against whole runs.
#include "core/analysis/divergence.h"
#include "core/pipeline/calibration.h"
#include "core/pipeline/sensitivity.h"
#include "core/quantization/recipe.h"
#include "core/tensor/kept_nodes.h"
#include "tests/pipeline/model_samples.h"
#include "tests/support/test_data.h"

#include <QTest>

#include <cmath>
#include <set>

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
        QTest::newRow("cuts and all products kept") << (qint64{1} << 30);
        QTest::newRow("cuts and a few products kept") << qint64{1'500'000};
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

    void everyFamilyMeasuresAsAWholeRunDoes_data()
    {
        QTest::addColumn<QString>("model");
        for (const char *model : {"tiny Swin", "tiny iTPN", "demo"})
            QTest::newRow(model) << QString::fromLatin1(model);
    }

    void everyFamilyMeasuresAsAWholeRunDoes()
    {
        QFETCH(const QString, model);
        const auto sample = testing::openSample(model);
        if (!sample)
            QSKIP("the shared test data are not there");
        const auto quantized = testing::calibrated(sample->model, testing::recipeRequest("minmax", true), sample->pixels,
                                                   sample->images).value();
        const Graph &graph = sample->model->graph;
        SensitivityOptions options;
        options.level = SensitivityLevel::Tap;
        options.kinds = {SensitivityKind::OnlyThis, SensitivityKind::AllButThis};
        const auto executor = Executor::create(sample->model, {}).value();
        ExecutionPrefix ofFloat;
        ExecutionPrefix ofAll;
        ExecutionMode floating = ExecutionMode::floatMode(graph);
        ExecutionMode all = quantized.mode(graph);
        constexpr int64_t kEnough = int64_t{1} << 30;
        QVERIFY(executor->runKeeping(sample->pixels, sample->images, floating, kEnough, ofFloat, {}).has_value());
        QVERIFY(executor->runKeeping(sample->pixels, sample->images, all, kEnough, ofAll, {}).has_value());
        const auto plan = planSensitivity(graph, quantized.settings, options);
        std::set<int> starts;
        for (const SensitivityMeasurement &measurement : plan) {
            ExecutionMode mode = ExecutionMode::quantizedMode(graph, measurement.settings);
            mode.parameters = quantized.parameters;
            const ExecutionPrefix &prefix = measurement.row.kind == SensitivityKind::OnlyThis ? ofFloat : ofAll;
            starts.insert(prefix.lastBefore(measurement.firstChanged));
            const auto fast = executor->runFrom(prefix, measurement.firstChanged, sample->pixels, mode, {});
            const auto whole = executor->run(sample->pixels, sample->images, mode, nullptr, {});
            QVERIFY(fast.has_value() && whole.has_value());
            QVERIFY2(*fast == *whole, measurement.row.operatorPath.c_str());
        }
        QVERIFY2(static_cast<int>(starts.size()) > 4 * sample->model->info.depth, "runs start inside blocks, too");
    }

    void whatIsKeptFitsTheMemoryAndIsAllThatIsNeeded()
    {
        const Graph &graph = m_model->graph;
        const NodeLives lives = NodeLives::of(graph);
        size_t starts = 0;
        for (int64_t limit = 0; limit < int64_t{1} << 25; limit = limit * 2 + 1000) {
            const KeptNodes kept = KeptNodes::within(limit, kImages, graph, lives);
            int64_t bytes = 0;
            for (size_t n = 0; n < graph.nodes.size(); ++n)
                if (kept.values[n] != 0)
                    bytes += graph.taps[static_cast<size_t>(graph.outputTap(static_cast<int>(n)))].elements * kImages * 4;
            QVERIFY2(bytes <= limit, qPrintable(QStringLiteral("%1 bytes of %2").arg(bytes).arg(limit)));
            for (const int start : kept.starts)
                for (const int node : lives.aliveBehind(start))
                    QVERIFY(kept.values[static_cast<size_t>(node)] != 0);
            QVERIFY2(kept.starts.size() >= starts, "more memory, more starts");
            starts = kept.starts.size();
        }
        QVERIFY(starts > lives.cuts.size());
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
