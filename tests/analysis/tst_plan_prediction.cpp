// SPDX-License-Identifier: GPL-3.0-or-later
// Predictions against quantizing every value, which is what a run would measure.
#include "core/analysis/plan_prediction.h"
#include "tests/views/sample_run.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace quantoscope;

namespace {

/// Asymmetric uniform quantizer over the extremes.
QuantizerParameters parametersFor(const std::vector<float> &values, int bits)
{
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    QuantizerParameters p;
    p.kind = QuantizerKind::Uniform;
    p.bits = bits;
    p.scale = {(*high - *low) / static_cast<float>((1 << bits) - 1)};
    p.zeroPoint = std::nearbyint(-*low / p.scale.front());
    return p;
}

double measuredNmse(const std::vector<float> &values, const QuantizerParameters &p)
{
    double noise = 0;
    double signal = 0;
    for (const float x : values) {
        const float q = std::clamp(std::nearbyint(x / p.scale.front()) + p.zeroPoint, 0.0F, p.highestCode());
        const double y = static_cast<double>((q - p.zeroPoint) * p.scale.front());
        noise += (static_cast<double>(x) - y) * (static_cast<double>(x) - y);
        signal += static_cast<double>(x) * static_cast<double>(x);
    }
    return noise / signal;
}

} // namespace

class TestPlanPrediction : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        std::mt19937 engine(3);
        std::normal_distribution<float> normal(0.3F, 1);
        for (int i = 0; i < 200'000; ++i)
            m_values.push_back(normal(engine) * (i % 40 == 0 ? 4.0F : 1.0F));
    }

    void otherWidthsArePredictedAsTheyWouldBeMeasured_data()
    {
        QTest::addColumn<int>("bits");
        for (int bits = 3; bits <= 7; ++bits)
            QTest::addRow("%d", bits) << bits;
    }

    void otherWidthsArePredictedAsTheyWouldBeMeasured()
    {
        QFETCH(int, bits);
        const TapRecord record = measuredAt8();
        TapSetting wanted = record.setting;
        wanted.bits = bits;
        const TapPrediction prediction = predictTap(record, wanted);
        QCOMPARE(prediction.source, TapPrediction::Source::Histogram);
        // The calibrated range at the new width is the quantizer that calibration would find (extremes).
        const double truth = -10 * std::log10(measuredNmse(m_values, parametersFor(m_values, bits)));
        QVERIFY2(std::abs(prediction.sqnrDb - truth) < 0.5,
                 qPrintable(QStringLiteral("%1 against %2 dB").arg(prediction.sqnrDb).arg(truth)));
    }

    void severalScalesFollowTheStep()
    {
        TapRecord record = measuredAt8();
        record.parameters.scale.assign(4, record.parameters.scale.front()); // per channel: no single grid
        record.tap.channels = 4;
        record.setting.granularity = Granularity::Channel;
        TapSetting wanted = record.setting;
        wanted.bits = 6;
        const TapPrediction prediction = predictTap(record, wanted);
        QCOMPARE(prediction.source, TapPrediction::Source::StepSize);
        const double truth = -10 * std::log10(measuredNmse(m_values, parametersFor(m_values, 6)));
        QVERIFY(std::abs(prediction.sqnrDb - truth) < 0.5);
        // What is clipped stays clipped however fine the steps are.
        record.error.clippingErrorShare = 1;
        QCOMPARE(predictTap(record, wanted).nmse, record.error.isolated.nmse);
    }

    void floatAndUnchangedAreNoPredictions()
    {
        const TapRecord record = measuredAt8();
        TapSetting wanted = record.setting;
        const TapPrediction same = predictTap(record, wanted);
        QCOMPARE(same.source, TapPrediction::Source::Unchanged);
        QCOMPARE(same.nmse, record.error.isolated.nmse);
        wanted.quantizer = QuantizerKind::None;
        const TapPrediction floating = predictTap(record, wanted);
        QCOMPARE(floating.source, TapPrediction::Source::Float);
        QVERIFY(std::isinf(floating.sqnrDb));
        QVERIFY(!same.isPredicted() && !floating.isPredicted());
    }

    void aFloatTapIsPredictedFromWhatWasObserved()
    {
        TapRecord record = measuredAt8();
        const TapSetting wanted = record.setting;
        record.setting.quantizer = QuantizerKind::None;
        record.parameters = {};
        record.error.quantized = false;
        const TapPrediction prediction = predictTap(record, wanted);
        QCOMPARE(prediction.source, TapPrediction::Source::Histogram);
        const double truth = -10 * std::log10(measuredNmse(m_values, parametersFor(m_values, 8)));
        QVERIFY(std::abs(prediction.sqnrDb - truth) < 0.5);
    }

    void whatNothingSaysIsUnknown()
    {
        TapRecord record = measuredAt8();
        TapSetting wanted = record.setting;
        wanted.observer = ObserverKind::Omse; // another range, which only a run finds
        QVERIFY(!predictTap(record, wanted).isKnown());
        wanted = record.setting;
        wanted.bits = 4;
        record.statistics.histogram = {};
        record.error.measured = false;
        QVERIFY(!predictTap(record, wanted).isKnown());
        QVERIFY(!predictTap(TapRecord{}, wanted).isKnown());
    }

    void theSumNamesTheWorstAndCountsTheUnknown()
    {
        const auto at = [](TapPrediction::Source source, double nmse) { return TapPrediction{source, nmse, 0}; };
        using Source = TapPrediction::Source;
        const std::vector<TapPrediction> before = {at(Source::Unchanged, 0.1), at(Source::Unchanged, 0.1),
                                                   at(Source::Unchanged, 0.1), at(Source::Unknown, 0)};
        const std::vector<TapPrediction> after = {at(Source::Histogram, 0.2), at(Source::StepSize, 0.5),
                                                  at(Source::Unknown, 0), at(Source::Unknown, 0)};
        const PlanPrediction sum = summarize(before, after);
        QCOMPARE(sum.changed, 3);
        QCOMPARE(sum.unknown, 1);
        QCOMPARE(sum.worst, (std::vector<int>{1, 0}));
        QCOMPARE(sum.noiseBefore, 0.2);
        QCOMPARE(sum.noiseAfter, 0.7);
    }

private:
    TapRecord measuredAt8() const
    {
        TapRecord record;
        record.setting.quantizer = QuantizerKind::Uniform;
        record.parameters = parametersFor(m_values, 8);
        record.statistics.observed = true;
        record.statistics.histogram = sample::histogramOf(m_values);
        const auto [low, high] = std::minmax_element(m_values.begin(), m_values.end());
        record.statistics.minimum = *low;
        record.statistics.maximum = *high;
        record.statistics.channelMinimum = {*low};
        record.statistics.channelMaximum = {*high};
        record.error.measured = record.error.quantized = true;
        record.error.isolated.nmse = measuredNmse(m_values, record.parameters);
        record.error.isolated.sqnrDb = -10 * std::log10(record.error.isolated.nmse);
        return record;
    }

    std::vector<float> m_values;
};

QTEST_APPLESS_MAIN(TestPlanPrediction)
#include "tst_plan_prediction.moc"
