// SPDX-License-Identifier: GPL-3.0-or-later
// Twin quantizers against PTQ4ViT's program, torch's order of operations, shared scales, and the TensorFlow port's softmax.
#include "core/quantization/fake_quantize.h"
#include "core/quantization/log_int_softmax.h"
#include "tests/support/test_data.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace quantoscope;

namespace {

std::vector<float> normalValues(size_t n, float deviation, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, deviation);
    std::vector<float> values(n);
    for (float &v : values)
        v = normal(random);
    return values;
}

QuantizerParameters twin(TwinForm form, int bits)
{
    QuantizerParameters p;
    p.kind = QuantizerKind::TwinUniform;
    p.twin = form;
    p.bits = bits;
    return p;
}

std::vector<float> quantized(const QuantizerParameters &p, const std::vector<float> &in, int64_t run = 1)
{
    std::vector<float> out(in.size());
    fakeQuantize(p, in.data(), out.data(), static_cast<int64_t>(in.size()), run);
    return out;
}

} // namespace

class TestQuantizerForms : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void twinQuantizersEqualTheProgramsUnitVectors()
    {
        QUANTOSCOPE_NEED_DATA(path, "golden/ptq4vit/ptq4vit_expected.json");
        const nlohmann::json expected = testing::readJson(path);
        int values = 0;
        const auto compare = [&](const QuantizerParameters &p, const nlohmann::json &unit, const nlohmann::json &y) {
            const std::vector<float> out = quantized(p, unit["x"].get<std::vector<float>>());
            QCOMPARE(out.size(), y.size());
            for (size_t i = 0; i < out.size(); ++i, ++values)
                QCOMPARE(out[i], y[i].get<float>());
        };
        const auto &softmax = expected["unit_twin_softmax"];
        for (const auto &c : softmax["cases"]) {
            QuantizerParameters p = twin(TwinForm::SoftmaxReleased, c["A_bit"].get<int>());
            p.scale = {1.0F / (std::ldexp(1.0F, p.bits - 1) - 1)};
            p.split = c["split"].get<float>();
            p.lowScale = c["A_interval"].get<float>();
            compare(p, softmax, c["y"]);
        }
        const auto &gelu = expected["unit_twin_gelu"];
        for (const auto &c : gelu["cases"]) {
            QuantizerParameters p = twin(TwinForm::Gelu, c["a_bit"].get<int>());
            p.scale = {c["a_interval"].get<float>()};
            p.lowScale = static_cast<float>(c["a_neg_interval"].get<double>());
            compare(p, gelu, c["y"]);
        }
        qInfo("%d values equal", values);
        QVERIFY(values > 300);
    }

    void thePublishedSoftmaxFormSelectsOneGrid()
    {
        QuantizerParameters p = twin(TwinForm::Softmax, 8);
        p.scale = {1.0F / 127};
        p.split = 0.03125F;
        p.lowScale = p.split / 127;
        const std::vector<float> in = {0.0F, 1e-5F, 0.01F, 0.031F, 0.03125F, 0.0312500019F, 0.1F, 0.5F, 1.0F};
        const std::vector<float> out = quantized(p, in);
        for (size_t i = 0; i < in.size(); ++i) {
            const double step = in[i] < p.split ? 0.03125 / 127 : 1.0 / 127;
            QVERIFY2(std::abs(static_cast<double>(out[i]) - std::nearbyint(static_cast<double>(in[i]) / step) * step) < 1e-8,
                     qPrintable(QString::number(static_cast<double>(in[i]))));
        }
        // The released form adds the small term's last code above the split.
        p.twin = TwinForm::SoftmaxReleased;
        p.split = std::ldexp(1.0F, -8);
        p.lowScale = p.split / 127;
        QVERIFY(std::abs(quantized(p, {0.5F})[0] - 0.508F) < 1e-3F);
    }

    void twinQuantizersClipAtBothEnds()
    {
        QuantizerParameters p = twin(TwinForm::Gelu, 6);
        p.scale = {0.1F};
        p.lowScale = 0.17F / 32;
        const std::vector<float> in = {-1.0F, -0.17F, 0.0F, 3.1F, 3.16F, 7.0F};
        const std::vector<float> out = quantized(p, in);
        QCOMPARE(out[0], -32 * p.lowScale);
        QCOMPARE(out[2], 0.0F);
        QCOMPARE(out[5], 31 * p.scale[0]);
        const RoundingError error = roundingError(p, in.data(), out.data(), static_cast<int64_t>(in.size()));
        QCOMPARE(error.clipped, int64_t{3}); // -1, 3.16 and 7
    }

    void torchRoundsBeforeTheZeroPointIsAdded()
    {
        for (const int bits : {3, 8}) {
            for (const bool isSigned : {false, true}) {
                QuantizerParameters p;
                p.kind = QuantizerKind::Uniform;
                p.bits = bits;
                p.isSigned = isSigned;
                p.scale = {0.0371F};
                p.zeroPoint = isSigned ? 0.0F : 3.0F;
                p.arithmetic = Arithmetic::Torch;
                std::vector<float> in = normalValues(30001, 0.0371F * std::ldexp(0.7F, bits), 3);
                for (int k = -300; k < 300; ++k) // ties
                    in.push_back((static_cast<float>(k) + 0.5F) * p.scale[0]);
                const std::vector<float> out = quantized(p, in);
                const float inverse = 1.0F / p.scale[0];
                for (size_t i = 0; i < in.size(); ++i) {
                    const float code = std::clamp(std::nearbyint(in[i] * inverse) + p.zeroPoint, p.lowestCode(),
                                                  p.highestCode());
                    QCOMPARE(out[i], (code - p.zeroPoint) * p.scale[0]);
                }
            }
        }
        // A tie with an odd zero point: 0.5 + 3 rounds to 4, 0.5 rounds to 0.
        QuantizerParameters p;
        p.kind = QuantizerKind::Uniform;
        p.scale = {1.0F};
        p.zeroPoint = 3;
        QCOMPARE(quantized(p, {0.5F})[0], 1.0F);
        p.arithmetic = Arithmetic::Torch;
        QCOMPARE(quantized(p, {0.5F})[0], 0.0F);
    }

    void aNarrowRangeLeavesOutTheLowestCode()
    {
        QuantizerParameters p;
        p.kind = QuantizerKind::Uniform;
        p.isSigned = true;
        p.narrowRange = true;
        p.scale = {0.5F};
        QCOMPARE(p.lowestCode(), -127.0F);
        QCOMPARE(quantized(p, {-100.0F, 100.0F}), (std::vector<float>{-63.5F, 63.5F}));
    }

    void everyRunOfValuesUsesItsOwnScaleAndZeroPoint()
    {
        constexpr size_t kScales = 3;
        for (const Arithmetic arithmetic : {Arithmetic::FqViT, Arithmetic::Torch}) {
            for (const int64_t run : {1, 7, 64, 1000}) {
                QuantizerParameters p;
                p.kind = QuantizerKind::Uniform;
                p.arithmetic = arithmetic;
                p.scale = {0.01F, 0.02F, 0.05F};
                p.zeroPoints = {0.0F, 100.0F, 255.0F};
                const std::vector<float> in = normalValues(static_cast<size_t>(run) * kScales * 5, 2.0F, 5);
                const std::vector<float> out = quantized(p, in, run);
                int64_t clipped = 0;
                for (size_t i = 0; i < in.size(); ++i) {
                    const size_t s = i / static_cast<size_t>(run) % kScales;
                    QuantizerParameters one = p;
                    one.scale = {p.scale[s]};
                    one.zeroPoints.clear();
                    one.zeroPoint = p.zeroPoints[s];
                    QCOMPARE(out[i], quantized(one, {in[i]})[0]);
                    clipped += roundingError(one, &in[i], &out[i], 1).clipped;
                }
                QCOMPARE(roundingError(p, in.data(), out.data(), static_cast<int64_t>(in.size()), run).clipped, clipped);
            }
        }
    }

    void theTensorFlowPortsSoftmaxHasNoLimitAndTrueQuotients()
    {
        constexpr size_t kLength = 64;
        int beyondFourBits = 0;
        int differs = 0;
        for (int k = 1; k < 400; ++k) {
            const float s = 0.0025F * static_cast<float>(k);
            std::vector<float> scores = normalValues(kLength, 4.0F, static_cast<unsigned>(k));
            for (float &v : scores)
                v = std::nearbyint(v / s) * s;
            std::vector<float> unlimited(kLength);
            std::vector<float> fourBits(kLength);
            logIntSoftmax(scores.data(), unlimited.data(), 1, kLength, s, kUnlimitedBits, Arithmetic::TensorFlow);
            logIntSoftmax(scores.data(), fourBits.data(), 1, kLength, s, 4, Arithmetic::TensorFlow);
            std::vector<float> asTorch(kLength);
            logIntSoftmax(scores.data(), asTorch.data(), 1, kLength, s, kUnlimitedBits, Arithmetic::FqViT);
            differs += asTorch != unlimited;
            // Specification 4.3 with the true quotients of 4.6.
            const float L = std::floor(-0.6931F / s);
            const float B = std::floor(static_cast<float>(0.96963238 / 0.35815147) / s);
            const float C = std::floor(static_cast<float>(1.0 / 0.35815147) / (s * s));
            const float largest = *std::max_element(scores.begin(), scores.end()) / s;
            std::vector<double> e(kLength);
            double sum = 0;
            for (size_t i = 0; i < kLength; ++i) {
                const float x = std::max(scores[i] / s - largest, 30 * L);
                const float z = std::floor(x / L);
                const float r = x - L * z;
                e[i] = static_cast<double>(std::max(0.0F, std::floor((r * (r + B) + C) * std::exp2(30 - z))));
                sum += e[i];
            }
            for (size_t i = 0; i < kLength; ++i) {
                const double share = static_cast<double>(std::nearbyint(static_cast<float>(sum) / static_cast<float>(e[i])));
                double l = std::floor(std::log2(share));
                if (share - std::exp2(l) >= std::exp2(l - 1))
                    ++l;
                const auto expected = std::isfinite(share) ? static_cast<float>(std::exp2(-l)) : 0.0F;
                QCOMPARE(unlimited[i], expected);
                QCOMPARE(fourBits[i], l >= 16 ? 0.0F : expected);
                beyondFourBits += l >= 16;
            }
        }
        qInfo("%d values beyond four bits; the order of division matters for %d of 399 scales", beyondFourBits, differs);
        QVERIFY(beyondFourBits > 100);
    }
};

QTEST_APPLESS_MAIN(TestQuantizerForms)
#include "tst_quantizer_forms.moc"
