// SPDX-License-Identifier: GPL-3.0-or-later
// Streaming observers against slow implementations of specification 3: full sorts, loops over candidates, maps.
#include "core/quantization/fake_quantize.h"
#include "core/quantization/derive_parameters.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <random>

using namespace quantoscope;

namespace {

constexpr float kEpsilon = 1.1920929e-07F;

std::vector<float> skewedValues(size_t n, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.3F, 1.0F);
    std::vector<float> values(n);
    for (float &v : values) {
        v = normal(random);
        v = v * v * v; // heavy tails
    }
    return values;
}

/// Shapes [images, tokens, channels], consecutive images in batches of the given sizes.
TapObserver observe(const std::vector<float> &values, int64_t tokens, int64_t channels,
                    const std::vector<int64_t> &batches, bool withTails = false)
{
    TapObserver observer(channels, false);
    const float *data = values.data();
    for (const int64_t images : batches) {
        observer.update({data, {images, tokens, channels}}, withTails);
        data += images * tokens * channels;
    }
    return observer;
}

float torchLerp(float a, float b, float weight)
{
    return weight < 0.5F ? a + weight * (b - a) : b - (b - a) * (1.0F - weight);
}

/// torch.quantile(sorted, q), linear: rank and weight in float32.
float torchQuantile(const std::vector<float> &sorted, double q)
{
    const float rank = static_cast<float>(q) * static_cast<float>(sorted.size() - 1);
    const float below = std::trunc(rank);
    return torchLerp(sorted[static_cast<size_t>(below)], sorted[static_cast<size_t>(std::ceil(rank))],
                     rank - below);
}

/// numpy.percentile(sorted, percent): position in float64, difference of neighbours in float32.
float numpyPercentile(const std::vector<float> &sorted, double percent)
{
    const double position = percent / 100.0 * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<size_t>(std::floor(position));
    const double weight = position - std::floor(position);
    const float a = sorted[below];
    const float b = sorted[std::min(below + 1, sorted.size() - 1)];
    const auto difference = static_cast<double>(b - a);
    return static_cast<float>(weight < 0.5 ? static_cast<double>(a) + difference * weight
                                           : static_cast<double>(b) - difference * (1 - weight));
}

TapSetting setting(ObserverKind observer, int bits = 8, Granularity granularity = Granularity::Tensor,
                   bool symmetric = false)
{
    TapSetting s;
    s.quantizer = QuantizerKind::Uniform;
    s.observer = observer;
    s.bits = bits;
    s.granularity = granularity;
    s.symmetric = symmetric;
    return s;
}

float slowQuantize(float x, float scale, float zeroPoint, float highest)
{
    return (std::clamp(std::nearbyint(x / scale + zeroPoint), 0.0F, highest) - zeroPoint) * scale;
}

struct ScaleAndZero {
    float scale;
    float zeroPoint;
};

ScaleAndZero slowAsymmetric(float low, float high, int bits)
{
    const float highest = std::ldexp(1.0F, bits) - 1;
    const float scale = std::max(kEpsilon, (high - low) / highest);
    return {scale, std::clamp(0.0F - std::nearbyint(low / scale), 0.0F, highest)};
}

} // namespace

class TestObservers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void minMaxDoesNotDependOnBatches()
    {
        constexpr int64_t kTokens = 19;
        constexpr int64_t kChannels = 37;
        const std::vector<float> values = skewedValues(24 * kTokens * kChannels, 1);
        const TapObserver whole = observe(values, kTokens, kChannels, {24});
        const TapStatistics &expected = whole.statistics();

        std::vector<float> low(kChannels, INFINITY);
        std::vector<float> high(kChannels, -INFINITY);
        for (size_t i = 0; i < values.size(); ++i) {
            low[i % kChannels] = std::min(low[i % kChannels], values[i]);
            high[i % kChannels] = std::max(high[i % kChannels], values[i]);
        }
        QCOMPARE(expected.channelMinimum, low);
        QCOMPARE(expected.channelMaximum, high);
        QCOMPARE(expected.minimum, *std::min_element(low.begin(), low.end()));
        QCOMPARE(expected.maximum, *std::max_element(high.begin(), high.end()));

        for (const std::vector<int64_t> &batches :
             {std::vector<int64_t>(24, 1), {7, 7, 7, 3}, {1, 23}, {23, 1}, {10, 10, 4}}) {
            const TapObserver split = observe(values, kTokens, kChannels, batches);
            QCOMPARE(split.batches(), static_cast<int>(batches.size()));
            QCOMPARE(split.statistics().count, expected.count);
            QCOMPARE(split.statistics().minimum, expected.minimum);
            QCOMPARE(split.statistics().maximum, expected.maximum);
            QCOMPARE(split.statistics().channelMinimum, expected.channelMinimum);
            QCOMPARE(split.statistics().channelMaximum, expected.channelMaximum);
            QCOMPARE(split.statistics().histogram.codes, expected.histogram.codes);
            QCOMPARE(split.statistics().histogram.counts, expected.histogram.counts);
            QCOMPARE(split.minMax().low, whole.minMax().low);
            QCOMPARE(split.minMax().high, whole.minMax().high);
        }
    }

    void channelsOfScoresAreTheHeads()
    {
        constexpr int64_t kImages = 5;
        constexpr int64_t kHeads = 3;
        constexpr int64_t kSide = 17;
        const std::vector<float> values = skewedValues(kImages * kHeads * kSide * kSide, 2);
        TapObserver observer(kHeads, true);
        observer.update({values.data(), {kImages, kHeads, kSide, kSide}}, false);
        for (int64_t h = 0; h < kHeads; ++h) {
            float low = INFINITY;
            float high = -INFINITY;
            for (int64_t i = 0; i < kImages; ++i)
                for (int64_t k = 0; k < kSide * kSide; ++k) {
                    const float v = values[static_cast<size_t>((i * kHeads + h) * kSide * kSide + k)];
                    low = std::min(low, v);
                    high = std::max(high, v);
                }
            QCOMPARE(observer.statistics().channelMinimum[static_cast<size_t>(h)], low);
            QCOMPARE(observer.statistics().channelMaximum[static_cast<size_t>(h)], high);
        }
    }

    void movingAverageFollowsItsFormula()
    {
        const std::vector<float> values = skewedValues(10 * 500, 3);
        const TapObserver observer = observe(values, 50, 10, std::vector<int64_t>(10, 1));
        float low = 0;
        float high = 0;
        for (int batch = 0; batch < 10; ++batch) {
            const auto [least, most] =
                std::minmax_element(values.begin() + batch * 500, values.begin() + (batch + 1) * 500);
            low = batch == 0 ? *least : low + 0.01F * (*least - low);
            high = batch == 0 ? *most : high + 0.01F * (*most - high);
        }
        QCOMPARE(observer.movingAverage().low, low);
        QCOMPARE(observer.movingAverage().high, high);
        const auto parameters = deriveParameters(setting(ObserverKind::Ema), observer, {}, "tap");
        QVERIFY(parameters.has_value());
        const ScaleAndZero expected = slowAsymmetric(low, high, 8);
        QCOMPARE(parameters->scale, std::vector<float>{expected.scale});
        QCOMPARE(parameters->zeroPoint, expected.zeroPoint);
    }

    void percentileEqualsAFullSort_data()
    {
        QTest::addColumn<int>("n");
        for (const int n : {1, 2, 3, 10, 1000, 65537, 99999, 100001, 400003, 8388609, 9123457})
            QTest::addRow("%d values", n) << n;
    }

    void percentileEqualsAFullSort()
    {
        QFETCH(const int, n); // from 2^23 on float32 ranks are whole numbers
        std::vector<float> values = skewedValues(static_cast<size_t>(n), static_cast<unsigned>(n));
        const TapObserver observer = observe(values, n, 1, {1}, true);
        std::sort(values.begin(), values.end());
        QCOMPARE(observer.percentile().low, torchQuantile(values, 1.0 - 0.99999));
        QCOMPARE(observer.percentile().high, torchQuantile(values, 0.99999));
    }

    void percentileBeyondTorchsLimitIsNumpys()
    {
        QElapsedTimer timer;
        timer.start();
        const size_t n = (size_t{1} << 24) + 4321;
        std::vector<float> values(n);
        uint32_t state = 12345; // cheap and reproducible; the tails matter, not the distribution
        for (float &v : values) {
            state = state * 1664525U + 1013904223U;
            const float u = static_cast<float>(static_cast<int32_t>(state)) * 4.6566129e-10F;
            v = u * u * u * 5.0F;
        }
        const TapObserver observer = observe(values, static_cast<int64_t>(n), 1, {1}, true);
        // A whole sort of 16.8 million values is not needed to know the 400 outermost ones in order.
        std::nth_element(values.begin(), values.begin() + 400, values.end());
        std::sort(values.begin(), values.begin() + 400);
        std::nth_element(values.begin() + 400, values.end() - 400, values.end());
        std::sort(values.end() - 400, values.end());
        QCOMPARE(observer.percentile().low, numpyPercentile(values, (1.0 - 0.99999) * 100));
        QCOMPARE(observer.percentile().high, numpyPercentile(values, 0.99999 * 100));
        qInfo("%lld ms", static_cast<long long>(timer.elapsed()));
    }

    void percentileOfManyEqualValuesIsThatValue()
    {
        std::vector<float> values(300000, 0.25F);
        values[17] = 9.0F;
        values[18] = -9.0F;
        const TapObserver observer = observe(values, 300000, 1, {1}, true);
        std::sort(values.begin(), values.end());
        QCOMPARE(observer.percentile().low, torchQuantile(values, 1.0 - 0.99999));
        QCOMPARE(observer.percentile().high, torchQuantile(values, 0.99999));
    }

    void percentilesOfBatchesAreAveragedAsTheyCome()
    {
        const std::vector<float> values = skewedValues(5 * 20000, 4);
        const TapObserver observer = observe(values, 200, 100, std::vector<int64_t>(5, 1), true);
        float low = 0;
        float high = 0;
        for (int batch = 0; batch < 5; ++batch) {
            std::vector<float> sorted(values.begin() + batch * 20000, values.begin() + (batch + 1) * 20000);
            std::sort(sorted.begin(), sorted.end());
            const float l = torchQuantile(sorted, 1.0 - 0.99999);
            const float h = torchQuantile(sorted, 0.99999);
            low = batch == 0 ? l : low + 0.01F * (l - low);
            high = batch == 0 ? h : high + 0.01F * (h - high);
        }
        QCOMPARE(observer.percentile().low, low);
        QCOMPARE(observer.percentile().high, high);
        const auto parameters = deriveParameters(setting(ObserverKind::Percentile, 6), observer, {}, "tap");
        QVERIFY(parameters.has_value());
        QCOMPARE(parameters->scale[0], slowAsymmetric(low, high, 6).scale);
    }

    void histogramEqualsASlowCount()
    {
        std::vector<float> values = skewedValues(200000, 5);
        values[0] = 0.0F;
        values[1] = -0.0F;
        values[2] = 1e-42F; // subnormal
        const TapObserver observer = observe(values, 2000, 100, {1});
        std::map<uint16_t, uint64_t> counts;
        for (const float v : values)
            ++counts[static_cast<uint16_t>(std::bit_cast<uint32_t>(v) >> 16)];
        const ValueHistogram &histogram = observer.statistics().histogram;
        QCOMPARE(histogram.codes.size(), counts.size());
        QCOMPARE(histogram.total(), uint64_t{200000});
        for (size_t i = 0; i < histogram.codes.size(); ++i) {
            QCOMPARE(histogram.counts[i], counts[histogram.codes[i]]);
            if (i > 0)
                QVERIFY(ValueHistogram::highEdge(histogram.codes[i - 1])
                        <= ValueHistogram::lowEdge(histogram.codes[i]));
        }
    }

    void valuesThatAreNotFiniteAreRefused_data()
    {
        QTest::addColumn<float>("value");
        QTest::newRow("NaN") << std::numeric_limits<float>::quiet_NaN();
        QTest::newRow("negative NaN") << -std::numeric_limits<float>::quiet_NaN();
        QTest::newRow("infinity") << std::numeric_limits<float>::infinity();
        QTest::newRow("negative infinity") << -std::numeric_limits<float>::infinity();
    }

    void valuesThatAreNotFiniteAreRefused()
    {
        QFETCH(const float, value);
        for (const size_t where : {size_t{0}, size_t{777}, size_t{2999}}) { // first batch, middle, last value
            std::vector<float> values = skewedValues(3000, 6);
            values[where] = value;
            const TapObserver observer = observe(values, 10, 100, {1, 1, 1}, true);
            const TensorView last{values.data() + 2000, {1, 10, 100}};
            for (const ObserverKind kind : {ObserverKind::MinMax, ObserverKind::Ema, ObserverKind::Percentile,
                                            ObserverKind::Omse, ObserverKind::Ptf}) {
                const auto parameters = deriveParameters(setting(kind), observer, last, "blocks.3.norm1");
                QVERIFY(!parameters.has_value());
                QCOMPARE(parameters.error().code, ErrorCode::BadInput);
                QCOMPARE(parameters.error().where, std::string("blocks.3.norm1"));
            }
        }
    }

    void withoutABatchThereAreNoParameters()
    {
        const TapObserver observer(4, false);
        const auto parameters = deriveParameters(setting(ObserverKind::MinMax), observer, {}, "input");
        QVERIFY(!parameters.has_value());
        QCOMPARE(parameters.error().code, ErrorCode::BadInput);
    }

    void oneRangeForAllCannotServeAChannel()
    {
        const std::vector<float> values = skewedValues(100, 7);
        const TapObserver observer = observe(values, 10, 10, {1}, true);
        for (const ObserverKind kind : {ObserverKind::Ema, ObserverKind::Percentile, ObserverKind::Omse})
            QVERIFY(!deriveParameters(setting(kind, 8, Granularity::Channel), observer,
                                      {values.data(), {1, 10, 10}}, "t"));
        const auto symmetric =
            deriveParameters(setting(ObserverKind::MinMax, 8, Granularity::Channel, true), observer, {}, "t");
        QVERIFY(symmetric.has_value());
        QCOMPARE(symmetric->scale.size(), size_t{10});
    }

    void asymmetricParametersFollowTheirFormula()
    {
        for (int bits = 2; bits <= 8; ++bits) {
            const std::pair<float, float> ranges[] = {
                {-1.5F, 2.5F}, {0.5F, 2.0F}, {-3.0F, -1.0F}, {0, 0}, {0, 1e-9F}};
            for (const auto &[low, high] : ranges) {
                const QuantizerParameters p = parametersForRange({low, high}, setting(ObserverKind::MinMax, bits));
                const ScaleAndZero expected = slowAsymmetric(low, high, bits);
                QCOMPARE(p.scale, std::vector<float>{expected.scale});
                QCOMPARE(p.zeroPoint, expected.zeroPoint);
                QVERIFY(!p.isSigned);
            }
        }
    }

    void weightsDivideByHalfOfTheCodes()
    {
        // 127.5 at 8 bits, not 127: the positive extreme saturates by half a step.
        constexpr int64_t kChannels = 6;
        constexpr int64_t kInner = 41;
        std::vector<float> weight = skewedValues(kChannels * kInner, 8);
        std::fill_n(weight.begin(), kInner, 0.0F); // a dead channel
        const TensorView view{weight.data(), {kChannels, kInner}};
        for (int bits = 2; bits <= 8; ++bits) {
            const float half = (std::ldexp(1.0F, bits) - 1) / 2;
            const auto p = deriveWeightParameters(setting(ObserverKind::MinMax, bits, Granularity::Channel, true), view,
                                                  tensorStatistics(view, true), "fc1.weight");
            QVERIFY(p.has_value());
            QVERIFY(p->isSigned);
            QCOMPARE(p->zeroPoint, 0.0F);
            QCOMPARE(p->scale.size(), size_t{kChannels});
            float largest = 0;
            for (int64_t c = 0; c < kChannels; ++c) {
                float magnitude = 0;
                for (int64_t i = 0; i < kInner; ++i)
                    magnitude = std::max(magnitude, std::fabs(weight[static_cast<size_t>(c * kInner + i)]));
                QCOMPARE(p->scale[static_cast<size_t>(c)], std::max(kEpsilon, magnitude / half));
                largest = std::max(largest, magnitude);
            }
            const auto whole =
                deriveWeightParameters(setting(ObserverKind::MinMax, bits, Granularity::Tensor, true), view,
                                       tensorStatistics(view, true), "fc1.weight");
            QVERIFY(whole.has_value());
            QCOMPARE(whole->scale, std::vector<float>{largest / half});
        }
        weight[50] = INFINITY;
        QVERIFY(!deriveWeightParameters(setting(ObserverKind::MinMax, 8, Granularity::Channel, true), view,
                                        tensorStatistics(view, true), "w"));
    }

    void omseChoosesTheSmallestErrorOfNinetyRanges()
    {
        for (const int bits : {4, 6, 8}) {
            const std::vector<float> values = skewedValues(3 * 8000, static_cast<unsigned>(40 + bits));
            const TapObserver observer = observe(values, 80, 100, {1, 1, 1});
            const float *last = values.data() + 16000; // only the last batch decides
            const auto [low, high] = std::minmax_element(values.begin(), values.end());
            ScaleAndZero best{};
            double bestError = 1e10;
            for (int i = 0; i < 90; ++i) {
                const auto factor = static_cast<float>(1.0 - 0.01 * i);
                const ScaleAndZero candidate = slowAsymmetric(*low * factor, *high * factor, bits);
                double error = 0;
                for (int k = 0; k < 8000; ++k) {
                    const float y =
                        slowQuantize(last[k], candidate.scale, candidate.zeroPoint, std::ldexp(1.0F, bits) - 1);
                    error += std::pow(static_cast<double>(last[k] - y), 2) / 8000;
                }
                if (error < bestError) {
                    bestError = error;
                    best = candidate;
                }
            }
            const auto parameters =
                deriveParameters(setting(ObserverKind::Omse, bits), observer, {last, {1, 80, 100}}, "tap");
            QVERIFY(parameters.has_value());
            QCOMPARE(parameters->scale, std::vector<float>{best.scale});
            QCOMPARE(parameters->zeroPoint, best.zeroPoint);
            if (bits == 4) // heavy tails: the full range cannot be the best
                QVERIFY(best.scale < slowAsymmetric(*low, *high, bits).scale);
        }
    }

    void ptfChoosesAFactorForEachChannel()
    {
        constexpr int64_t kTokens = 60;
        constexpr size_t kChannels = 33;
        std::vector<float> values = skewedValues(2 * kTokens * kChannels, 9);
        for (size_t i = 0; i < values.size(); ++i)
            values[i] *= std::exp2(-0.25F * static_cast<float>(i % kChannels)); // channels of very different range
        const TapObserver observer = observe(values, kTokens, kChannels, {1, 1});
        const std::vector<float> last(values.begin() + kTokens * kChannels, values.end());
        const auto [low, high] = std::minmax_element(values.begin(), values.end());
        const ScaleAndZero s8 = slowAsymmetric(*low, *high, 8);
        const auto p = deriveParameters(setting(ObserverKind::Ptf, 8, Granularity::Channel), observer,
                                        {last.data(), {1, kTokens, kChannels}}, "blocks.0.residual1");
        QVERIFY(p.has_value());
        QCOMPARE(p->zeroPoint, s8.zeroPoint);
        QCOMPARE(p->scale.size(), kChannels);
        QCOMPARE(p->ptfFactor.size(), kChannels);
        std::map<int, int> used;
        for (size_t c = 0; c < kChannels; ++c) {
            int best = -1;
            double bestError = INFINITY;
            for (int k = 0; k < 4; ++k) {
                const float scale = s8.scale / std::ldexp(1.0F, 3 - k);
                double error = 0;
                for (size_t t = 0; t < kTokens; ++t) {
                    const float x = last[t * kChannels + c];
                    const float difference = x - slowQuantize(x, scale, s8.zeroPoint, 255);
                    error += static_cast<double>(difference) * static_cast<double>(difference);
                }
                if (error < bestError) {
                    bestError = error;
                    best = k;
                }
            }
            QCOMPARE(p->ptfFactor[c], best);
            QCOMPARE(p->scale[c], s8.scale / std::ldexp(1.0F, 3 - best));
            ++used[best];
        }
        QVERIFY(used.size() >= 3); // the data exercise the choice
    }

    void ptfTakesTheSmallerScaleOnATie()
    {
        // All candidates represent zeros exactly.
        std::vector<float> values(40, 0.0F);
        values[0] = -1.0F;
        values[1] = 1.0F;
        TapObserver observer(2, false);
        observer.update({values.data(), {1, 20, 2}}, false);
        const std::vector<float> zeros(40, 0.0F);
        const auto p = deriveParameters(setting(ObserverKind::Ptf, 8, Granularity::Channel), observer,
                                        {zeros.data(), {1, 20, 2}}, "tap");
        QVERIFY(p.has_value());
        QCOMPARE(p->ptfFactor, (std::vector<int>{0, 0}));
        QCOMPARE(p->scale[0], std::ldexp(2.0F / 255.0F, -3));
    }

    void statisticsOfAWeightArePerOutputChannel()
    {
        const std::vector<float> weight = skewedValues(7 * 12, 10);
        const TapStatistics statistics = tensorStatistics({weight.data(), {7, 3, 2, 2}}, true);
        QCOMPARE(statistics.channelMinimum.size(), size_t{7});
        for (size_t c = 0; c < 7; ++c) {
            const auto begin = weight.begin() + static_cast<ptrdiff_t>(c * 12);
            QCOMPARE(statistics.channelMinimum[c], *std::min_element(begin, begin + 12));
            QCOMPARE(statistics.channelMaximum[c], *std::max_element(begin, begin + 12));
        }
        QCOMPARE(statistics.count, uint64_t{84});
        QCOMPARE(statistics.histogram.total(), uint64_t{84});
    }
};

QTEST_APPLESS_MAIN(TestObservers)
#include "tst_observers.moc"
