// SPDX-License-Identifier: GPL-3.0-or-later
// What-if quantizers against slow computations on raw samples.
#include "core/analysis/quantizer_preview.h"

#include <QElapsedTimer>
#include <QtTest>

#include <bit>
#include <cmath>
#include <map>
#include <random>

using namespace quantoscope;

namespace {

TapStatistics statisticsOf(const std::vector<std::vector<float>> &channels)
{
    TapStatistics s;
    s.observed = true;
    std::map<std::pair<float, uint16_t>, uint64_t> bins; // ordered by value
    for (const std::vector<float> &channel : channels) {
        s.channelMinimum.push_back(*std::min_element(channel.begin(), channel.end()));
        s.channelMaximum.push_back(*std::max_element(channel.begin(), channel.end()));
        for (const float value : channel) {
            const auto code = static_cast<uint16_t>(std::bit_cast<uint32_t>(value) >> 16);
            ++bins[{ValueHistogram::lowEdge(code), code}];
        }
        s.count += channel.size();
    }
    for (const auto &[key, count] : bins) {
        s.histogram.codes.push_back(key.second);
        s.histogram.counts.push_back(count);
    }
    s.minimum = *std::min_element(s.channelMinimum.begin(), s.channelMinimum.end());
    s.maximum = *std::max_element(s.channelMaximum.begin(), s.channelMaximum.end());
    return s;
}

std::vector<float> gaussian(size_t count, float deviation, unsigned seed)
{
    std::mt19937 engine(seed);
    std::normal_distribution<float> distribution(0.05F, deviation);
    std::vector<float> values(count);
    for (float &value : values)
        value = distribution(engine);
    return values;
}

std::vector<float> geluOf(std::vector<float> values)
{
    for (float &x : values)
        x = 0.5F * x * (1 + std::erf(x / std::sqrt(2.0F)));
    return values;
}

std::vector<float> softmaxRows(int rows)
{
    std::mt19937 engine(11);
    std::normal_distribution<double> score(0, 2.5);
    std::vector<float> values;
    for (int r = 0; r < rows; ++r) {
        std::vector<double> row(197);
        double sum = 0;
        for (double &x : row)
            sum += x = std::exp(score(engine));
        for (const double x : row)
            values.push_back(static_cast<float>(x / sum));
    }
    return values;
}

double roundEven(double x)
{
    return std::nearbyint(x);
}

/// One value at a time, as the definitions read.
double slowValue(double x, const PreviewQuantizer &q, int exponent = 0)
{
    const double m = std::exp2(q.bits - 1);
    switch (q.form) {
    case PreviewForm::Uniform:
    case PreviewForm::PowerOfTwoFactor: {
        const double step = q.scale * std::exp2(exponent);
        const double lowest = q.isSigned ? -m : 0;
        const double code = std::clamp(roundEven(x / step + q.zeroPoint), lowest, lowest + 2 * m - 1);
        return (code - q.zeroPoint) * step;
    }
    case PreviewForm::Log2: {
        if (x <= 0)
            return 0;
        const double k = std::max(0.0, roundEven(-std::log2(x / q.scale)));
        return k > 2 * m - 1 ? 0 : q.scale * std::exp2(-k);
    }
    case PreviewForm::LogIntSoftmax: {
        if (x <= 0)
            return 0;
        const double r = 1 / x;
        double k = std::floor(std::log2(r));
        k += r >= 1.5 * std::exp2(k) ? 1 : 0;
        return k > 2 * m - 1 ? 0 : std::exp2(-std::max(k, 0.0));
    }
    case PreviewForm::TwinSign:
        return x >= 0 ? std::clamp(roundEven(x / q.scale), 0.0, m - 1) * q.scale
                      : std::clamp(roundEven(x / q.lowScale), -m, 0.0) * q.lowScale;
    case PreviewForm::TwinSoftmax:
        return x < (m - 1) * q.lowScale ? std::clamp(roundEven(x / q.lowScale), 0.0, m - 1) * q.lowScale
                                        : std::clamp(roundEven(x / q.scale), 0.0, m - 1) * q.scale;
    }
    return 0;
}

struct SlowResult {
    double mse = 0;
    double sqnrDb = 0;
    double clippedShare = 0;
    double clippingErrorShare = 0;
    size_t levels = 0;
};

SlowResult slowEstimate(const std::vector<float> &values, const PreviewQuantizer &q)
{
    SlowResult result;
    std::map<double, int> used;
    const std::vector<double> levels = previewGrid(q).levels;
    double energy = 0, error = 0, clippedError = 0, clipped = 0;
    for (const float value : values) {
        const auto x = static_cast<double>(value);
        const double y = slowValue(x, q);
        ++used[y];
        energy += x * x;
        error += (x - y) * (x - y);
        if (x < levels.front() || x > levels.back()) {
            ++clipped;
            clippedError += (x - y) * (x - y);
        }
    }
    const auto n = static_cast<double>(values.size());
    result.mse = error / n;
    result.sqnrDb = 10 * std::log10(energy / error);
    result.clippedShare = clipped / n;
    result.clippingErrorShare = clippedError / error;
    result.levels = used.size();
    return result;
}

} // namespace

class TestPreview : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void previewsEqualBruteForceOnRawSamples_data()
    {
        QTest::addColumn<int>("form");
        QTest::addColumn<int>("bits");
        QTest::addColumn<QString>("data");
        const std::pair<const char *, PreviewForm> forms[] = {
            {"uniform", PreviewForm::Uniform},      {"log2", PreviewForm::Log2},
            {"lis", PreviewForm::LogIntSoftmax},    {"twin-softmax", PreviewForm::TwinSoftmax},
            {"twin-sign", PreviewForm::TwinSign},
        };
        for (const auto &[name, form] : forms)
            for (const int bits : {2, 3, 4, 6, 8}) {
                const bool softmaxOnly = form == PreviewForm::LogIntSoftmax || form == PreviewForm::TwinSoftmax;
                QTest::addRow("%s %d softmax", name, bits) << static_cast<int>(form) << bits << "softmax";
                if (!softmaxOnly)
                    QTest::addRow("%s %d gelu", name, bits) << static_cast<int>(form) << bits << "gelu";
                if (!softmaxOnly && form != PreviewForm::Log2)
                    QTest::addRow("%s %d gauss", name, bits) << static_cast<int>(form) << bits << "gauss";
            }
    }
    void previewsEqualBruteForceOnRawSamples()
    {
        QFETCH(int, form);
        QFETCH(int, bits);
        QFETCH(QString, data);
        const std::vector<float> values = data == "softmax" ? softmaxRows(1500)
                                        : data == "gelu"    ? geluOf(gaussian(300'000, 1.5F, 3))
                                                            : gaussian(300'000, 1, 3);
        const QuantizerPreview preview(statisticsOf({values}));
        PreviewQuantizer q = preview.forObservedRange(static_cast<PreviewForm>(form), bits);
        const auto compare = [&](const PreviewQuantizer &quantizer) {
            const QuantizerEstimate fast = preview.estimate(quantizer);
            const SlowResult slow = slowEstimate(values, quantizer);
            // 0.1 dB is 2.3 % of the error: sampling noise inside the histogram's bins stays far below that.
            QVERIFY2(std::abs(fast.sqnrDb - slow.sqnrDb) < 0.1,
                     qPrintable(QStringLiteral("%1 against %2 dB").arg(fast.sqnrDb).arg(slow.sqnrDb)));
            QVERIFY(std::abs(fast.mse - slow.mse) < 0.025 * slow.mse);
            QVERIFY(std::abs(fast.clippedShare - slow.clippedShare) < 1e-3);
            QVERIFY(std::abs(fast.clippingErrorShare - slow.clippingErrorShare) < 0.02);
            // Where values are rare, a bin of one or two values may cover several levels, or its share of each is too small.
            QVERIFY2(std::abs(fast.usedLevels - static_cast<int>(slow.levels)) <= 2 + static_cast<int>(slow.levels) / 20,
                     qPrintable(QStringLiteral("%1 against %2").arg(fast.usedLevels).arg(slow.levels)));
            double shares = 0;
            for (const LevelUse &level : fast.levels)
                shares += level.share;
            QVERIFY(std::abs(shares - 1) < 1e-9);
        };
        compare(q);
        if (form != static_cast<int>(PreviewForm::LogIntSoftmax)) { // its levels are fixed
            q.scale *= 0.6;
            compare(q); // clips
        }
        if (hasZeroPoint(q.form)) {
            q.zeroPoint += 1;
            compare(q);
        }
    }

    void powerOfTwoFactorsAreEstimatedFromTheChannelsRanges_data()
    {
        QTest::addColumn<int>("bits");
        for (const int bits : {4, 6, 8})
            QTest::addRow("%d bit", bits) << bits;
    }
    void powerOfTwoFactorsAreEstimatedFromTheChannelsRanges()
    {
        QFETCH(int, bits);
        // As LayerNorm inputs are: most channels narrow, some wide, one very wide.
        std::vector<std::vector<float>> channels;
        std::mt19937 engine(5);
        std::lognormal_distribution<float> spread(0, 0.35F);
        for (unsigned c = 0; c < 96; ++c)
            channels.push_back(gaussian(2000, spread(engine) * (c == 20 ? 9.0F : c % 12 == 0 ? 3.0F : 1.0F), c + 1));
        const QuantizerPreview preview(statisticsOf(channels));
        const PreviewQuantizer q = preview.forObservedRange(PreviewForm::PowerOfTwoFactor, bits);
        const QuantizerEstimate fast = preview.estimate(q);

        double energy = 0, error = 0;
        std::vector<int> exponents(4);
        for (const std::vector<float> &channel : channels) {
            const auto [low, high] = std::minmax_element(channel.begin(), channel.end());
            int exponent = 0;
            for (; exponent < 3; ++exponent) {
                const std::vector<double> levels = previewGrid(q, exponent).levels;
                const double half = (levels[1] - levels[0]) * 0.501;
                if (static_cast<double>(*low) >= levels.front() - half && static_cast<double>(*high) <= levels.back() + half)
                    break;
            }
            ++exponents[static_cast<size_t>(exponent)];
            for (const float value : channel) {
                const auto x = static_cast<double>(value);
                const double y = slowValue(x, q, exponent);
                energy += x * x;
                error += (x - y) * (x - y);
            }
        }
        const double slow = 10 * std::log10(energy / error);
        // Which channel a value belongs to is known by its half octave only: within 0.75 dB.
        QVERIFY2(std::abs(fast.sqnrDb - slow) < 0.75, qPrintable(QStringLiteral("%1 against %2 dB").arg(fast.sqnrDb).arg(slow)));
        QVERIFY2(fast.sqnrDb > preview.estimate(preview.forObservedRange(PreviewForm::Uniform, bits)).sqnrDb + 3,
                 "per-channel factors must pay with such channels");
        const std::vector<int> counted = preview.channelsPerExponent(q);
        int all = 0;
        for (size_t e = 0; e < counted.size(); ++e) {
            all += counted[e];
            QCOMPARE(counted[e], exponents[e]);
        }
        QCOMPARE(all, 96);
    }

    void leastErrorIsNoWorseThanTheObservedRange()
    {
        const std::vector<float> values = gaussian(200'000, 1, 9);
        const QuantizerPreview preview(statisticsOf({values}));
        for (const PreviewForm form : {PreviewForm::Uniform, PreviewForm::Log2, PreviewForm::TwinSign}) {
            const double whole = preview.estimate(preview.forObservedRange(form, 4)).mse;
            const double least = preview.estimate(preview.withLeastError(form, 4)).mse;
            QVERIFY(least <= whole);
            if (form != PreviewForm::Log2)
                QVERIFY2(least < 0.8 * whole, "a 4-bit Gaussian gains from clipping");
        }
        // A twin quantizer of GELU outputs must not lose to one step for both signs.
        std::vector<float> hidden = gaussian(200'000, 0.7F, 4);
        for (float &x : hidden)
            x -= 1.5F; // few are positive, as in a vision transformer
        const QuantizerPreview gelu(statisticsOf({geluOf(hidden)}));
        QVERIFY(gelu.estimate(gelu.withLeastError(PreviewForm::TwinSign, 6)).mse
                < gelu.estimate(gelu.withLeastError(PreviewForm::Uniform, 6)).mse);
    }

    void calibratedParametersBecomePreviews()
    {
        QuantizerParameters p;
        QVERIFY(!previewOf(p));
        p.kind = QuantizerKind::Uniform;
        p.bits = 6;
        p.scale = {0.25F};
        p.zeroPoint = 12;
        QCOMPARE(previewOf(p)->scale, 0.25);
        QCOMPARE(previewOf(p)->zeroPoint, 12.0);
        p.scale = {0.25F, 1.0F};
        QVERIFY2(!previewOf(p), "a scale a channel cannot be one slider");
        p.ptfFactor = {0, 2};
        QCOMPARE(previewOf(p)->form, PreviewForm::PowerOfTwoFactor);
        QCOMPARE(previewOf(p)->scale, 0.25);
    }

    void aFullHistogramIsEstimatedInUnderTwoMilliseconds()
    {
        TapStatistics s;
        for (int code = 0xFF7F; code >= 0x8000; --code)
            s.histogram.codes.push_back(static_cast<uint16_t>(code));
        for (int code = 0; code < 0x7F80; ++code)
            s.histogram.codes.push_back(static_cast<uint16_t>(code));
        s.histogram.counts.assign(s.histogram.codes.size(), 3);
        s.minimum = -60;
        s.maximum = 60;
        s.channelMinimum = {-60, -4, -1};
        s.channelMaximum = {60, 3, 2};
        const QuantizerPreview preview(s);
        for (const PreviewForm form : {PreviewForm::Uniform, PreviewForm::Log2, PreviewForm::TwinSign,
                                       PreviewForm::PowerOfTwoFactor}) {
            const PreviewQuantizer q = preview.forObservedRange(form, 8);
            double best = 1e9;
            for (int round = 0; round < 5; ++round) {
                QElapsedTimer timer;
                timer.start();
                QVERIFY(preview.estimate(q).usedLevels > 0);
                best = std::min(best, static_cast<double>(timer.nsecsElapsed()) / 1e6);
            }
            qInfo("form %d, 65,280 bins, 8 bits: %.3f ms", static_cast<int>(form), best);
            QVERIFY2(best < 2, qPrintable(QString::number(best)));
        }
    }

    void emptyAndZeroTapsGiveNothing()
    {
        QVERIFY(QuantizerPreview(TapStatistics()).isEmpty());
        const QuantizerPreview zeros(statisticsOf({{0.0F, -0.0F, 0.0F}}));
        const QuantizerEstimate estimate = zeros.estimate(zeros.forObservedRange(PreviewForm::Log2, 4));
        QCOMPARE(estimate.mse, 0.0);
        QCOMPARE(estimate.clippedShare, 0.0);
        QCOMPARE(estimate.usedLevels, 1);
    }
};

QTEST_APPLESS_MAIN(TestPreview)
#include "tst_preview.moc"
