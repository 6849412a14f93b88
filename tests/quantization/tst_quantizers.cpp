// SPDX-License-Identifier: GPL-3.0-or-later
// Quantizers and integer kernels against literal, one-value-at-a-time forms of their specification, bit for bit.
#include "core/quantization/code_usage.h"
#include "core/quantization/fake_quantize.h"
#include "core/quantization/integer_layer_norm.h"
#include "core/quantization/log_int_softmax.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace quantoscope;

namespace {

QuantizerParameters uniform(int bits, bool isSigned, std::vector<float> scale, float zeroPoint)
{
    QuantizerParameters p;
    p.kind = QuantizerKind::Uniform;
    p.bits = bits;
    p.isSigned = isSigned;
    p.scale = std::move(scale);
    p.zeroPoint = zeroPoint;
    return p;
}

/// x' = (clamp(RHE(x/s + z)) - z) s, in float32 after every operation.
float slowUniform(float x, float scale, float zeroPoint, int bits, bool isSigned)
{
    const float lowest = isSigned ? -std::ldexp(1.0F, bits - 1) : 0.0F;
    const float highest = isSigned ? std::ldexp(1.0F, bits - 1) - 1 : std::ldexp(1.0F, bits) - 1;
    const float code = std::clamp(std::nearbyint(x / scale + zeroPoint), lowest, highest);
    return (code - zeroPoint) * scale;
}

float slowLog2(float x, int bits)
{
    const float r = std::nearbyint(-std::log2(x));
    const float codes = std::ldexp(1.0F, bits);
    return r >= codes ? 0.0F : std::exp2(-std::clamp(r, 0.0F, codes - 1));
}

/// Specification 4.3, statement by statement. The row sum is exact and rounded once, so it has no order.
std::vector<float> slowLogIntSoftmax(const std::vector<float> &scores, float s, int bits)
{
    const double a = 0.35815147;
    const double b = 0.96963238;
    const double c = 1.0;
    const int n = 30;
    const float reciprocal = 1.0F / s;
    const float L = std::floor(reciprocal * static_cast<float>(-0.6931));
    const float B = std::floor(reciprocal * static_cast<float>(b / a));
    const float C = std::floor(1.0F / (s * s) * static_cast<float>(c / a));
    std::vector<float> X;
    for (const float x : scores)
        X.push_back(x / s);
    const float maximum = *std::max_element(X.begin(), X.end());
    std::vector<float> E;
    long double sum = 0;
    for (float x : X) {
        x = std::max(x - maximum, static_cast<float>(n) * L);
        const float z = std::floor(x / L);
        const float r = x - L * z;
        const float p = r * (r + B) + C;
        E.push_back(std::max(0.0F, std::floor(p * std::exp2(static_cast<float>(n) - z))));
        sum += static_cast<long double>(E.back());
    }
    const auto S = static_cast<float>(sum);
    std::vector<float> out;
    for (const float e : E) {
        const float R = std::nearbyint(S / e);
        if (std::isinf(R)) {
            out.push_back(0);
            continue;
        }
        double l = std::floor(std::log2(static_cast<double>(R)));
        if (static_cast<double>(R) - std::exp2(l) >= std::exp2(l - 1))
            ++l;
        const double codes = std::exp2(bits);
        out.push_back(l >= codes ? 0.0F : static_cast<float>(std::exp2(-std::clamp(l, 0.0, codes - 1))));
    }
    return out;
}

/// Specification 4.4 for one row.
std::vector<float> slowIntegerLayerNorm(const std::vector<float> &x, const std::vector<float> &scale, float t,
                                        const std::vector<float> &gamma, const std::vector<float> &beta)
{
    const float s = *std::min_element(scale.begin(), scale.end());
    std::vector<float> X;
    long double sum = 0;
    long double squares = 0;
    for (size_t c = 0; c < x.size(); ++c) {
        const float scaleC = scale[scale.size() > 1 ? c : 0];
        X.push_back(std::nearbyint(x[c] / scaleC) * std::nearbyint(scaleC / s));
        sum += static_cast<long double>(X.back());
        squares += static_cast<long double>(X.back()) * static_cast<long double>(X.back());
    }
    const auto C = static_cast<float>(x.size());
    const auto sumX = static_cast<float>(sum);
    const float mean = sumX / C * s;
    const float deviation = s / C * std::sqrt(C * static_cast<float>(squares) - sumX * sumX);
    std::vector<float> out;
    for (size_t c = 0; c < x.size(); ++c) {
        const float A = s / deviation * gamma[c] / t;
        const double logarithm = A == 0 ? -INFINITY : std::floor(std::log2(std::fabs(static_cast<double>(A))));
        const double N = std::clamp(7 - logarithm, 0.0, 31.0);
        const auto power = static_cast<float>(std::exp2(N));
        const float M = std::clamp(std::floor(std::fabs(A) * power), 0.0F, 255.0F);
        const float B = std::nearbyint((beta[c] - mean / deviation * gamma[c]) / t * power);
        const float sign = A > 0 ? 1.0F : A < 0 ? -1.0F : 0.0F;
        out.push_back(std::nearbyint((sign * M * X[c] + B) / power) * t);
    }
    return out;
}

std::vector<float> normalValues(size_t n, float deviation, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, deviation);
    std::vector<float> values(n);
    for (float &v : values)
        v = normal(random);
    return values;
}

} // namespace

class TestQuantizers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void uniformPerTensorEqualsTheFormula()
    {
        for (int bits = 2; bits <= 8; ++bits) {
            for (const bool isSigned : {false, true}) {
                // ranges around the representable one, so that both ends clip
                const float zero = isSigned ? 0.0F : std::floor(std::ldexp(1.0F, bits) * 0.4F);
                const QuantizerParameters p = uniform(bits, isSigned, {0.0173F}, zero);
                for (const size_t n : {1U, 3U, 7U, 16U, 17U, 1000U, 70001U}) {
                    for (size_t start = 0; start<8; start += n> 1000 ? 7 : 1) {
                        const std::vector<float> in =
                            normalValues(n + start, 0.0173F * std::ldexp(0.6F, bits), static_cast<unsigned>(n));
                        std::vector<float> out(n + start + 8, 7.0F);
                        fakeQuantize(p, in.data() + start, out.data() + start, static_cast<int64_t>(n));
                        for (size_t i = 0; i < n; ++i)
                            QCOMPARE(out[start + i], slowUniform(in[start + i], p.scale[0], zero, bits, isSigned));
                        for (size_t i = 0; i < 8; ++i)
                            QCOMPARE(out[start + n + i], 7.0F); // nothing beyond the end is touched
                    }
                }
            }
        }
    }

    void uniformPerLastAxisEqualsTheFormula()
    {
        for (int bits = 2; bits <= 8; ++bits) {
            for (const size_t channels : {3U, 7U, 16U, 17U, 1000U}) {
                const std::vector<float> deviations = normalValues(channels, 1.0F, 11);
                std::vector<float> scale;
                for (const float d : deviations)
                    scale.push_back(0.001F + std::fabs(d) * 0.01F);
                const QuantizerParameters p = uniform(bits, false, scale, 2.0F);
                for (const size_t rows : {1U, 5U, 40U}) {
                    const std::vector<float> in = normalValues(rows * channels + 3, 0.1F, 12);
                    std::vector<float> out(in.size());
                    fakeQuantize(p, in.data() + 3, out.data() + 3, static_cast<int64_t>(rows * channels));
                    for (size_t i = 0; i < rows * channels; ++i)
                        QCOMPARE(out[3 + i], slowUniform(in[3 + i], scale[i % channels], 2.0F, bits, false));
                }
            }
        }
    }

    void uniformPerWeightChannelEqualsTheFormula()
    {
        for (int bits = 2; bits <= 8; ++bits) {
            for (const size_t inner : {3U, 7U, 16U, 17U, 1000U}) {
                constexpr size_t kChannels = 9;
                std::vector<float> scale;
                for (size_t c = 0; c < kChannels; ++c)
                    scale.push_back(0.003F * static_cast<float>(c + 1));
                const QuantizerParameters p = uniform(bits, true, scale, 0);
                const std::vector<float> in = normalValues(kChannels * inner + 1, 0.5F, 13);
                std::vector<float> out(in.size());
                fakeQuantize(p, in.data() + 1, out.data() + 1, static_cast<int64_t>(kChannels * inner),
                             static_cast<int64_t>(inner));
                for (size_t i = 0; i < kChannels * inner; ++i)
                    QCOMPARE(out[1 + i], slowUniform(in[1 + i], scale[i / inner], 0, bits, true));
            }
        }
    }

    void inPlaceGivesTheSameValues()
    {
        const QuantizerParameters p = uniform(8, false, {0.02F}, 100.0F);
        std::vector<float> values = normalValues(1000, 2.0F, 14);
        std::vector<float> out(values.size());
        fakeQuantize(p, values.data(), out.data(), 1000);
        fakeQuantize(p, values.data(), values.data(), 1000);
        QCOMPARE(values, out);
    }

    void tiesRoundToEvenCodes()
    {
        // A power-of-two scale makes every half exact.
        for (const float zero : {0.0F, 5.0F, 128.0F}) {
            const QuantizerParameters p = uniform(8, false, {0.25F}, zero);
            std::vector<float> in;
            for (float code = -3.5F; code < 260; code += 0.5F)
                in.push_back((code - zero) * 0.25F);
            std::vector<float> out(in.size());
            fakeQuantize(p, in.data(), out.data(), static_cast<int64_t>(in.size()));
            for (size_t i = 0; i < in.size(); ++i) {
                QCOMPARE(out[i], slowUniform(in[i], 0.25F, zero, 8, false));
                const float code = -3.5F + 0.5F * static_cast<float>(i);
                if (code != std::trunc(code) && code > 0 && code < 255)
                    QCOMPARE(std::fmod(out[i] / 0.25F + zero, 2.0F), 0.0F);
            }
        }
    }

    void quantizingTwiceChangesNothing()
    {
        for (int bits = 2; bits <= 8; ++bits) {
            const QuantizerParameters p = uniform(bits, true, {0.125F}, 0);
            std::vector<float> once = normalValues(1000, 4.0F, 15);
            fakeQuantize(p, once.data(), once.data(), 1000);
            std::vector<float> twice(1000);
            fakeQuantize(p, once.data(), twice.data(), 1000);
            QCOMPARE(twice, once);
            std::sort(once.begin(), once.end());
            const auto levels = std::unique(once.begin(), once.end()) - once.begin();
            QVERIFY(levels <= (1 << bits));
        }
    }

    void infiniteValuesSaturateAndNaNStaysVisible()
    {
        const QuantizerParameters p = uniform(8, false, {0.5F}, 10.0F);
        const float in[] = {INFINITY, -INFINITY, NAN, 3e38F};
        float out[4];
        fakeQuantize(p, in, out, 4);
        QCOMPARE(out[0], 122.5F);
        QCOMPARE(out[1], -5.0F);
        QVERIFY(std::isnan(out[2]));
        QCOMPARE(out[3], 122.5F);
    }

    void log2EqualsTheFormula()
    {
        for (int bits = 2; bits <= 8; ++bits) {
            QuantizerParameters p;
            p.kind = QuantizerKind::Log2;
            p.bits = bits;
            std::vector<float> in = {0.0F, 1.0F, 0.5F, 0.25F, 0.70710677F, 0.70710683F, 1.5F, 1e-45F, 1e-38F};
            for (int k = 0; k <= 40; ++k)
                in.push_back(std::exp2(-static_cast<float>(k)));
            for (const float v : normalValues(2000, 4.0F, 16))
                in.push_back(std::exp2(-std::fabs(v)));
            std::vector<float> out(in.size());
            fakeQuantize(p, in.data(), out.data(), static_cast<int64_t>(in.size()));
            for (size_t i = 0; i < in.size(); ++i) {
                QCOMPARE(out[i], slowLog2(in[i], bits));
                if (out[i] > 0)
                    QCOMPARE(std::log2(out[i]), std::trunc(std::log2(out[i])));
            }
        }
    }

    void roundingErrorCountsWhatWasClipped()
    {
        for (const bool isSigned : {false, true}) {
            const QuantizerParameters p = uniform(6, isSigned, {0.1F}, isSigned ? 0.0F : 20.0F);
            const std::vector<float> in = normalValues(5000, 3.0F, 17);
            std::vector<float> out(in.size());
            fakeQuantize(p, in.data(), out.data(), 5000);
            const RoundingError error = roundingError(p, in.data(), out.data(), 5000);
            double squared = 0;
            double clippedSquared = 0;
            int64_t clipped = 0;
            for (size_t i = 0; i < in.size(); ++i) {
                const double difference = static_cast<double>(in[i]) - static_cast<double>(out[i]);
                squared += difference * difference;
                // outside: the code before clamping is not one of the quantizer's
                const float code = in[i] / 0.1F + p.zeroPoint;
                if (code > p.highestCode() + 0.5F || code < p.lowestCode() - 0.5F) {
                    ++clipped;
                    clippedSquared += difference * difference;
                }
            }
            QVERIFY(clipped > 50);
            QCOMPARE(error.clipped, clipped);
            QVERIFY(std::abs(error.squared - squared) <= 1e-12 * squared);
            QVERIFY(std::abs(error.clippedSquared - clippedSquared) <= 1e-12 * clippedSquared);
        }
    }

    void logIntSoftmaxEqualsTheSpecification_data()
    {
        QTest::addColumn<float>("scale");
        for (const float scale : {0.005F, 0.05F, 0.0713F, 0.1F, 0.2F, 0.35F, 0.5F, 0.9F})
            QTest::newRow(qPrintable(QString::number(static_cast<double>(scale)))) << scale;
    }

    void logIntSoftmaxEqualsTheSpecification()
    {
        QFETCH(const float, scale);
        for (const int bits : {2, 3, 4, 6, 8}) {
            for (const size_t length : {1U, 2U, 7U, 17U, 197U}) {
                for (const bool onGrid : {true, false}) { // off the grid in the last calibration batch
                    constexpr size_t kRows = 37;
                    std::vector<float> scores = normalValues(kRows * length, 3.0F, 21);
                    if (onGrid)
                        for (float &v : scores)
                            v = std::nearbyint(v / scale) * scale;
                    std::vector<float> out(scores.size());
                    logIntSoftmax(scores.data(), out.data(), kRows, static_cast<int64_t>(length), scale, bits);
                    for (size_t r = 0; r < kRows; ++r) {
                        const auto begin = scores.begin() + static_cast<ptrdiff_t>(r * length);
                        const auto expected =
                            slowLogIntSoftmax({begin, begin + static_cast<ptrdiff_t>(length)}, scale, bits);
                        for (size_t i = 0; i < length; ++i)
                            QCOMPARE(out[r * length + i], expected[i]);
                    }
                    logIntSoftmax(scores.data(), scores.data(), kRows, static_cast<int64_t>(length), scale, bits);
                    QCOMPARE(scores, out); // in place
                }
            }
        }
    }

    void logIntSoftmaxRowsSumToAboutOne()
    {
        // R = RHE(1/p) and 2^-l with l rounded up from 1.5 on: a value is within 0.625 and 1.5 of its share, and values
        // below 2^-15.4 of the sum vanish. Equal scores in a row of 197: 1/197 -> 2^-8 (197 >= 1.5 * 128), so 0.77.
        constexpr size_t kRows = 200;
        constexpr size_t kLength = 197;
        const std::vector<float> scores = normalValues(kRows * kLength, 2.0F, 22);
        std::vector<float> out(scores.size());
        logIntSoftmax(scores.data(), out.data(), kRows, kLength, 0.05F, 4);
        double smallest = 10;
        double largest = 0;
        for (size_t r = 0; r < kRows; ++r) {
            double sum = 0;
            for (size_t i = 0; i < kLength; ++i)
                sum += static_cast<double>(out[r * kLength + i]);
            smallest = std::min(smallest, sum);
            largest = std::max(largest, sum);
        }
        qInfo("row sums %.3f to %.3f", smallest, largest);
        QVERIFY(smallest > 0.62 && largest < 1.5);

        const std::vector<float> equal(kLength, 1.25F);
        logIntSoftmax(equal.data(), out.data(), 1, kLength, 0.05F, 4);
        for (size_t i = 0; i < kLength; ++i)
            QCOMPARE(out[i], std::exp2(-8.0F));
    }

    void logIntSoftmaxSurvivesExtremeScores()
    {
        const std::vector<float> scores = {1000.0F, -1000.0F, 0.0F, 999.9F, -100.0F};
        std::vector<float> out(scores.size());
        logIntSoftmax(scores.data(), out.data(), 1, 5, 0.1F, 4);
        QCOMPARE(out, slowLogIntSoftmax(scores, 0.1F, 4));
        QCOMPARE(out[1], 0.0F);
        for (const float v : out)
            QVERIFY(std::isfinite(v));
    }

    void integerLayerNormEqualsTheSpecification()
    {
        for (const size_t channels : {2U, 16U, 17U, 192U, 1000U}) {
            for (const bool perChannel : {false, true}) {
                std::mt19937 random(static_cast<unsigned>(channels));
                std::vector<float> scale(perChannel ? channels : 1, 0.0123F);
                for (float &s : scale)
                    s = perChannel ? std::ldexp(0.0123F, static_cast<int>(random() % 4)) : s;
                std::vector<float> gamma = normalValues(channels, 0.7F, 31);
                gamma[0] = 0; // its multiplier has no logarithm
                const std::vector<float> beta = normalValues(channels, 0.3F, 32);
                constexpr size_t kRows = 23;
                std::vector<float> in = normalValues(kRows * channels, 1.0F, 33);
                for (size_t i = 0; i < in.size(); ++i) {
                    const float s = scale[perChannel ? i % channels : 0];
                    in[i] = std::nearbyint(in[i] / s) * s;
                }
                std::vector<float> out(in.size());
                integerLayerNorm(in.data(), out.data(), kRows, static_cast<int64_t>(channels), scale, 0.0217F,
                                 gamma.data(), beta.data());
                for (size_t r = 0; r < kRows; ++r) {
                    const auto begin = in.begin() + static_cast<ptrdiff_t>(r * channels);
                    const auto expected = slowIntegerLayerNorm({begin, begin + static_cast<ptrdiff_t>(channels)},
                                                               scale, 0.0217F, gamma, beta);
                    for (size_t c = 0; c < channels; ++c)
                        QCOMPARE(out[r * channels + c], expected[c]);
                }
            }
        }
    }

    void scalesOfMergedPatchesRepeat()
    {
        // Patch merging puts the channels of four tokens side by side; their quantizer knows one token's.
        constexpr size_t kChannels = 24;
        std::vector<float> scale(kChannels);
        for (size_t c = 0; c < kChannels; ++c)
            scale[c] = std::ldexp(0.01F, static_cast<int>(c % 4));
        std::vector<float> tiled;
        for (int part = 0; part < 4; ++part)
            tiled.insert(tiled.end(), scale.begin(), scale.end());
        std::vector<float> in = normalValues(3 * tiled.size(), 1.0F, 41);
        for (size_t i = 0; i < in.size(); ++i)
            in[i] = std::nearbyint(in[i] / tiled[i % tiled.size()]) * tiled[i % tiled.size()];
        const std::vector<float> gamma = normalValues(tiled.size(), 0.7F, 42);
        const std::vector<float> beta = normalValues(tiled.size(), 0.3F, 43);
        std::vector<float> repeated(in.size());
        std::vector<float> expected(in.size());
        const auto width = static_cast<int64_t>(tiled.size());
        integerLayerNorm(in.data(), repeated.data(), 3, width, scale, 0.02F, gamma.data(), beta.data());
        integerLayerNorm(in.data(), expected.data(), 3, width, tiled, 0.02F, gamma.data(), beta.data());
        QVERIFY(repeated == expected);
    }

    void integerLayerNormComesCloseToLayerNorm()
    {
        // With fine scales the integer form differs by its 8-bit multiplier (2^-7 of a normalised value) and the output
        // grid (half a step).
        constexpr size_t kChannels = 192;
        const std::vector<float> gamma(kChannels, 0.9F);
        const std::vector<float> beta(kChannels, 0.1F);
        std::vector<float> in = normalValues(kChannels, 1.0F, 34);
        for (float &v : in)
            v = std::nearbyint(v / 0.001F) * 0.001F;
        std::vector<float> out(kChannels);
        const float scale[] = {0.001F};
        integerLayerNorm(in.data(), out.data(), 1, kChannels, scale, 0.01F, gamma.data(), beta.data());
        double mean = 0;
        double squares = 0;
        for (const float v : in)
            mean += static_cast<double>(v) / kChannels;
        for (const float v : in)
            squares += (static_cast<double>(v) - mean) * (static_cast<double>(v) - mean) / kChannels;
        for (size_t c = 0; c < kChannels; ++c) {
            const double normalised = (static_cast<double>(in[c]) - mean) / std::sqrt(squares);
            const double expected = normalised * 0.9 + 0.1;
            // the multiplier is floored on X and the offset, whose parts of the mean cancel only in exact arithmetic
            const double bound =
                0.006 + (std::fabs(normalised) + std::fabs(mean) / std::sqrt(squares)) * 0.9 / 128;
            QVERIFY(std::abs(static_cast<double>(out[c]) - expected) < bound);
        }
    }

    void usedCodesAreCountedPerLevelWhateverTheScaleOfTheChannel()
    {
        QuantizerParameters p;
        p.kind = QuantizerKind::Uniform;
        p.bits = 4;
        p.scale = {0.1F, 0.8F};
        p.zeroPoint = 3;
        // codes 3, 4 | 15, 3 | 0, 3 less the zero point, channel by channel
        const std::vector<float> values = {0, 0.8F, 12 * 0.1F, 0, -3 * 0.1F, 0};
        CodeUsage usage;
        usage.add(p, values.data(), 6);
        QCOMPARE(usage.used(), 4);
        QVERIFY(std::abs(usage.entropyBits() - (0.5 + 3.0 / 6 * std::log2(6))) < 1e-12);

        QuantizerParameters log2;
        log2.kind = QuantizerKind::LogIntSoftmax;
        log2.bits = 4;
        const std::vector<float> attention = {0.5F, 0.25F, 0, 0, 0.25F, 0, 0, 0};
        CodeUsage ofSoftmax;
        ofSoftmax.add(log2, attention.data(), 4);
        ofSoftmax.add(log2, attention.data() + 4, 4);
        QCOMPARE(ofSoftmax.used(), 3);
    }
};

QTEST_APPLESS_MAIN(TestQuantizers)
#include "tst_quantizers.moc"
