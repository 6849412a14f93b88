// SPDX-License-Identifier: GPL-3.0-or-later
// What calibration keeps of its course, against slow implementations that look at every value again.
#include "core/quantization/derive_parameters.h"
#include "core/quantization/range_history.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace quantoscope;

namespace {

constexpr float kNothing = std::numeric_limits<float>::quiet_NaN();

/// Values whose outliers grow rare slowly, so that ranges keep moving.
std::vector<float> values(size_t n, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.3F, 1.0F);
    std::vector<float> all(n);
    for (float &v : all) {
        v = normal(random);
        v = v * v * v;
    }
    return all;
}

bool same(ValueRange a, ValueRange b)
{
    return a.low == b.low && a.high == b.high;
}

/// Images of `size` values each, in batches, seen by an observer with tokens rows.
TapObserver observe(const std::vector<float> &all, const TokenRows &rows, int64_t width,
                    const std::vector<int> &batches)
{
    TapObserver observer(width, false, rows);
    const float *data = all.data();
    for (const int images : batches) {
        observer.update({data, {images * rows.windows, rows.tokens, width}}, true);
        data += images * rows.perImage() * width;
    }
    return observer;
}

CalibrationHistory historyFrom(const TapObserver &observer, const std::vector<int> &batches)
{
    return historyOf({observer}, batches);
}

TapSetting setting(ObserverKind kind)
{
    TapSetting one;
    one.quantizer = QuantizerKind::Uniform;
    one.observer = kind;
    return one;
}

float nearestRank(std::vector<float> sorted, double quantile)
{
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<size_t>(std::lround(quantile * static_cast<double>(sorted.size() - 1)))];
}

/// A history of one tap with these extremes.
CalibrationHistory course(const std::vector<float> &low, const std::vector<float> &high)
{
    CalibrationHistory history;
    history.taps = 1;
    history.batchImages.assign(low.size(), 10);
    history.minimum = low;
    history.maximum = high;
    history.tailLow.assign(low.size(), kNothing);
    history.tailHigh.assign(low.size(), kNothing);
    return history;
}

} // namespace

class TestRangeHistory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tokensAndImagesHaveTheirOwnExtremes_data()
    {
        QTest::addColumn<int>("windows");
        QTest::addColumn<int>("heads"); // 0: no axis of heads
        QTest::addColumn<int>("tokens");
        QTest::addColumn<int>("width");
        QTest::newRow("tokens of a ViT") << 1 << 0 << 197 << 33;
        QTest::newRow("few channels") << 1 << 0 << 5 << 3;
        QTest::newRow("windows of a Swin") << 4 << 0 << 9 << 40;
        QTest::newRow("scores, by query") << 1 << 3 << 17 << 17;
        QTest::newRow("scores in windows") << 4 << 2 << 9 << 9;
    }
    void tokensAndImagesHaveTheirOwnExtremes()
    {
        QFETCH(const int, windows);
        QFETCH(const int, heads);
        QFETCH(const int, tokens);
        QFETCH(const int, width);
        const TokenRows rows{windows, std::max(1, heads), tokens, true};
        const std::vector<int> batches{3, 1, 4};
        const auto perImage = static_cast<size_t>(rows.perImage() * width);
        const std::vector<float> all = values(8 * perImage, static_cast<unsigned>(windows + width));

        TapObserver observer(heads > 0 ? heads : width, heads > 0, rows);
        TapObserver plain(heads > 0 ? heads : width, heads > 0);
        const float *data = all.data();
        for (const int images : batches) {
            TensorView view{data, {images * windows, tokens, width}};
            if (heads > 0)
                view.shape.insert(view.shape.begin() + 1, heads);
            observer.update(view, true);
            plain.update(view, true);
            data += static_cast<size_t>(images) * perImage;
        }
        std::vector<float> low(static_cast<size_t>(windows * tokens), INFINITY);
        std::vector<float> high(low.size(), -INFINITY);
        for (size_t image = 0; image < 8; ++image) {
            const float *x = all.data() + image * perImage;
            QCOMPARE(observer.images()[image].low, *std::min_element(x, x + perImage));
            QCOMPARE(observer.images()[image].high, *std::max_element(x, x + perImage));
            for (int w = 0; w < windows; ++w)
                for (int h = 0; h < std::max(1, heads); ++h)
                    for (int t = 0; t < tokens; ++t)
                        for (int c = 0; c < width; ++c, ++x) {
                            const auto token = static_cast<size_t>(w * tokens + t);
                            low[token] = std::min(low[token], *x);
                            high[token] = std::max(high[token], *x);
                        }
        }
        QCOMPARE(observer.statistics().tokenMinimum, low);
        QCOMPARE(observer.statistics().tokenMaximum, high);
        QCOMPARE(observer.statistics().tokenWindows, windows);
        // Nothing else changes by looking at rows too.
        QCOMPARE(observer.statistics().channelMinimum, plain.statistics().channelMinimum);
        QCOMPARE(observer.statistics().channelMaximum, plain.statistics().channelMaximum);
        QCOMPARE(observer.statistics().histogram.counts, plain.statistics().histogram.counts);
        QVERIFY(same(observer.movingAverage(), plain.movingAverage())
                && same(observer.percentile(), plain.percentile()));
        QVERIFY(plain.history().empty() && plain.images().empty() && plain.statistics().tokenMinimum.empty());
    }

    void runningRangesAreThoseOfTheObserversBitForBit()
    {
        const TokenRows rows{1, 1, 20, true};
        const std::vector<float> all = values(60 * 20 * 30, 4);
        std::vector<int> batches;
        for (const int next : {10, 10, 7, 3, 10, 10, 10}) {
            batches.push_back(next);
            const TapObserver observer = observe(all, rows, 30, batches);
            const CalibrationHistory history = historyFrom(observer, batches);
            QVERIFY(same(runningRanges(history, 0, ObserverKind::MinMax).back(), observer.minMax()));
            QVERIFY(same(runningRanges(history, 0, ObserverKind::Ema).back(), observer.movingAverage()));
            QVERIFY(same(runningRanges(history, 0, ObserverKind::Percentile).back(), observer.percentile()));
            QCOMPARE(runningRanges(history, 0, ObserverKind::Ema).size(), batches.size());
        }
    }

    void aBatchWithoutValuesLeavesTheRangeAsItWas()
    {
        const CalibrationHistory history = course({kNothing, -1, kNothing, -3}, {kNothing, 2, kNothing, 1});
        const auto ranges = runningRanges(history, 0, ObserverKind::MinMax);
        QVERIFY(std::isnan(ranges[0].low));
        QVERIFY(same(ranges[1], {-1, 2}) && same(ranges[2], {-1, 2}) && same(ranges[3], {-3, 2}));
        QVERIFY(std::isnan(runningRanges(history, 0, ObserverKind::Percentile).back().low));
        QVERIFY(!rangeConvergence(history, 0, ObserverKind::Percentile).observed);
    }

    void aRangeHasSettledWhenItStaysWithinOnePercent()
    {
        // 4 wide in the end; after the third batch it misses 0.02, half a percent.
        RangeConvergence c =
            rangeConvergence(course({-1, -1.5F, -1.98F, -2, -2}, {1, 2, 2, 2, 1}), 0, ObserverKind::MinMax);
        QVERIFY(c.observed && !c.moves);
        QCOMPARE(c.images, 30);
        QCOMPARE(c.lastMove, 0.0);
        c = rangeConvergence(course({-1, -1, -1, -1, -2}, {2, 2, 2, 2, 2}), 0, ObserverKind::MinMax);
        QVERIFY(c.moves);
        QCOMPARE(c.images, 50);
        QCOMPARE(c.lastMove, 0.25);
        c = rangeConvergence(course({-1, -1}, {2, 2}), 0, ObserverKind::MinMax);
        QVERIFY(!c.moves);
        QCOMPARE(c.images, 10);
        QVERIFY(!rangeConvergence(course({-1}, {2}), 0, ObserverKind::MinMax).moves); // one batch tells nothing
        QCOMPARE(rangeConvergence(course({0, 0}, {0, 0}), 0, ObserverKind::MinMax).lastMove,
                 0.0); // no width, no move
    }

    void theNetworkConvergesWithItsSlowestTap()
    {
        RunRecord run;
        CalibrationHistory &history = run.calibration.history;
        history = course({-1, -2, -2, -2}, {1, 1, 1, 1});
        const CalibrationHistory moving = course({-1, -1, -1, -1}, {1, 1, 1, 3});
        const CalibrationHistory steady = course({-1, -1, -1, -1}, {1, 1, 1, 1});
        for (const CalibrationHistory *other : {&moving, &steady}) {
            ++history.taps;
            for (auto matrix : {&CalibrationHistory::minimum, &CalibrationHistory::maximum,
                                &CalibrationHistory::tailLow, &CalibrationHistory::tailHigh})
                (history.*matrix)
                    .insert((history.*matrix).end(), (other->*matrix).begin(), (other->*matrix).end());
        }
        run.taps.resize(3);
        NetworkConvergence network = networkConvergence(run);
        QCOMPARE(network.observed, 3);
        QCOMPARE(network.moving, 1);
        QCOMPARE(network.slowest, 1);
        QCOMPARE(network.images, 20);
        run.taps[1].tap.kind = TapKind::Parameter; // does not depend on images
        network = networkConvergence(run);
        QCOMPARE(network.observed, 2);
        QCOMPARE(network.moving, 0);
        QCOMPARE(network.slowest, 0);
        QCOMPARE(networkConvergence(RunRecord()).slowest, -1);
    }

    void bandsEqualThoseOfObserversThatSeeTheResampledImages_data()
    {
        QTest::addColumn<ObserverKind>("kind");
        QTest::newRow("MinMax") << ObserverKind::MinMax;
        QTest::newRow("OMSE starts from MinMax") << ObserverKind::Omse;
        QTest::newRow("EMA") << ObserverKind::Ema;
        QTest::newRow("Percentile") << ObserverKind::Percentile;
    }
    void bandsEqualThoseOfObserversThatSeeTheResampledImages()
    {
        QFETCH(const ObserverKind, kind);
        constexpr int kSamples = 60;
        constexpr uint64_t kSeed = 99;
        const TokenRows rows{1, 1, 12, true};
        constexpr int64_t kWidth = 10;
        const std::vector<int> batches{4, 4, 4, 4, 4, 4};
        const std::vector<float> all = values(24 * 12 * kWidth, 8);
        const CalibrationHistory history = historyFrom(observe(all, rows, kWidth, batches), batches);
        const CalibrationStability stability = resampledStability(history, {setting(kind)}, kSamples, kSeed);
        QCOMPARE(stability.samples, kSamples);
        QCOMPARE(stability.seed, kSeed);

        std::vector<float> low;
        std::vector<float> high;
        std::vector<float> scale;
        std::mt19937_64 engine(kSeed);
        constexpr size_t kImage = 12 * kWidth;
        for (int s = 0; s < kSamples; ++s) {
            const std::vector<size_t> images = drawResample(engine, 24);
            const std::vector<size_t> drawn = drawResample(engine, 6);
            std::vector<float> resampled;
            const bool byBatch = kind == ObserverKind::Ema || kind == ObserverKind::Percentile;
            for (const size_t index : byBatch ? drawn : images) {
                const size_t size = byBatch ? 4 * kImage : kImage;
                resampled.insert(resampled.end(), all.begin() + static_cast<ptrdiff_t>(index * size),
                                 all.begin() + static_cast<ptrdiff_t>((index + 1) * size));
            }
            const TapObserver observer = observe(resampled, rows, kWidth, batches);
            const ValueRange range = kind == ObserverKind::Ema        ? observer.movingAverage()
                                   : kind == ObserverKind::Percentile ? observer.percentile()
                                                                      : observer.minMax();
            low.push_back(range.low);
            high.push_back(range.high);
            scale.push_back(parametersForRange(range, setting(kind)).scale.front());
        }
        const RangeBand &band = stability.taps.front();
        QCOMPARE(band.lowFrom, nearestRank(low, 0.05));
        QCOMPARE(band.lowTo, nearestRank(low, 0.95));
        QCOMPARE(band.highFrom, nearestRank(high, 0.05));
        QCOMPARE(band.highTo, nearestRank(high, 0.95));
        QCOMPARE(band.scaleFrom, nearestRank(scale, 0.05));
        QCOMPARE(band.scaleTo, nearestRank(scale, 0.95));
        QVERIFY(band.relativeWidth() > 0);
        QCOMPARE(band.relativeWidth(),
                 static_cast<double>(band.scaleTo - band.scaleFrom) / static_cast<double>(band.scale));
        // The same seed gives the same bands, another one others.
        QCOMPARE(resampledStability(history, {setting(kind)}, kSamples, kSeed).taps.front().highFrom,
                 band.highFrom);
        const RangeBand other = resampledStability(history, {setting(kind)}, kSamples, kSeed + 1).taps.front();
        QVERIFY(other.lowFrom != band.lowFrom || other.highFrom != band.highFrom
                || other.scaleFrom != band.scaleFrom || other.lowTo != band.lowTo || other.highTo != band.highTo);
    }

    void aParameterHasNoBand()
    {
        const TokenRows rows{1, 1, 12, true};
        const std::vector<float> all = values(24 * 12 * 10, 8);
        std::vector<std::optional<TapObserver>> observers{observe(all, rows, 10, {8, 8, 8}), {}, {}};
        TapObserver &parameter = observers[1].emplace(10, false, rows);
        for (int batch = 0; batch < 3; ++batch)
            parameter.update({all.data(), {1, 12, 10}}, true);
        const CalibrationHistory history = historyOf(observers, {8, 8, 8});
        QCOMPARE(history.images, size_t{24});
        for (size_t i = 0; i < 24; ++i)
            QCOMPARE(history.imageMinimum[24 + i], parameter.minMax().low);
        const CalibrationStability stability =
            resampledStability(history, std::vector<TapSetting>(3, setting(ObserverKind::MinMax)), 40, 1);
        QCOMPARE(stability.taps[1].relativeWidth(), 0.0);
        QCOMPARE(stability.taps[1].lowFrom, parameter.minMax().low);
        QVERIFY(stability.taps[0].relativeWidth() > 0);
        QVERIFY(std::isnan(stability.taps[2].lowFrom)); // not observed
    }

    void beyondThousandsOfImagesBatchesAreDrawn()
    {
        const TokenRows rows{1, 1, 1, true};
        const std::vector<float> all = values(5000 * 2, 3);
        const std::vector<int> batches(5, 1000);
        const TapObserver observer = observe(all, rows, 2, batches);
        QVERIFY(observer.images().empty());
        const CalibrationHistory history = historyFrom(observer, batches);
        QCOMPARE(history.images, size_t{0});
        QVERIFY(history.imageMinimum.empty());
        const RangeBand band = resampledStability(history, {setting(ObserverKind::MinMax)}, 50, 1).taps.front();
        QVERIFY(band.highFrom <= band.highTo && band.highTo == observer.minMax().high);
    }

    void withoutSamplesOrHistoryThereIsNothing()
    {
        QVERIFY(resampledStability({}, {}, 10, 1).taps.empty());
        QCOMPARE(resampledStability(course({-1, -2}, {1, 1}), {setting(ObserverKind::MinMax)}, 0, 1).samples, 0);
    }
};

QTEST_APPLESS_MAIN(TestRangeHistory)
#include "tst_range_history.moc"
