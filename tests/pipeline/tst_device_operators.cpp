// SPDX-License-Identifier: GPL-3.0-or-later
// Quantizers and integer operators of a device, one at a time and on the CPU, against the kernels.
#include "core/quantization/log_int_softmax.h"
#include "tests/pipeline/device_probe.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace quantoscope;

using testing::Arrangement;
using testing::logitsOf;
using testing::normal;
using testing::resultsOf;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// What formulas stumble over: no numbers, zeros, denormals, halves between the steps of 0.1 and 1/127, powers of two and
/// the roots between them, each with its neighbours; and random values.
std::vector<float> awkwardValues()
{
    std::vector<float> values = {NAN, kInfinity, -kInfinity, 0.0F, -0.0F, 1e-45F, -1e-45F, 1e-39F, 3e38F, -3e38F, 1.0F};
    const auto addAround = [&](float v) {
        for (int i = 0; i < 8; ++i)
            v = std::nextafter(v, -kInfinity);
        for (int i = 0; i < 17; ++i, v = std::nextafter(v, kInfinity))
            values.insert(values.end(), {v, -v});
    };
    for (int step = 0; step < 300; ++step) {
        addAround((static_cast<float>(step) + 0.5F) * 0.1F);
        addAround((static_cast<float>(step) + 0.5F) / 127.0F);
    }
    for (int exponent = -149; exponent < 4; ++exponent)
        for (const double root : {1.0, std::sqrt(2.0), 1.5})
            addAround(static_cast<float>(std::ldexp(root, exponent)));
    for (const float deviation : {0.01F, 1.0F, 30.0F}) {
        const std::vector<float> random = normal(20000, 0, deviation, 3);
        values.insert(values.end(), random.begin(), random.end());
    }
    values.resize(values.size() / 12 * 12);
    return values;
}

QuantizerParameters uniform(int bits, bool isSigned, std::vector<float> scale, float zeroPoint = 0,
                            Arithmetic arithmetic = Arithmetic::FqViT)
{
    QuantizerParameters p;
    p.kind = QuantizerKind::Uniform;
    p.bits = bits;
    p.isSigned = isSigned;
    p.scale = std::move(scale);
    p.zeroPoint = zeroPoint;
    p.arithmetic = arithmetic;
    return p;
}

} // namespace

class TestDeviceOperators : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void quantizersEqualTheKernels_data()
    {
        QTest::addColumn<QuantizerParameters>("parameters");
        for (const Arithmetic arithmetic : {Arithmetic::FqViT, Arithmetic::Torch}) {
            const char *title = name(arithmetic);
            QTest::addRow("%s, unsigned", title) << uniform(8, false, {0.1F}, 93, arithmetic);
            QTest::addRow("%s, signed", title) << uniform(8, true, {0.1F}, 0, arithmetic);
            QTest::addRow("%s, two bits", title) << uniform(2, false, {0.37F}, 1, arithmetic);
            QuantizerParameters channels = uniform(6, false, {0.1F, 0.013F, 7.0F}, 0, arithmetic);
            QTest::addRow("%s, scales of channels", title) << channels;
            channels.zeroPoints = {1, 40, 63};
            QTest::addRow("%s, zero points of channels", title) << channels;
        }
        QuantizerParameters twin;
        twin.kind = QuantizerKind::TwinUniform;
        twin.scale = {0.1F};
        twin.lowScale = 0.17F / 127;
        twin.split = 0.125F;
        for (const TwinForm form : {TwinForm::Gelu, TwinForm::Softmax, TwinForm::SoftmaxReleased})
            for (const int bits : {6, 8}) {
                twin.twin = form;
                twin.bits = bits;
                QTest::addRow("%s, %d bits", name(form), bits) << twin;
            }
        QuantizerParameters log;
        log.kind = QuantizerKind::Log2;
        for (const int bits : {4, 7, 8, kUnlimitedBits}) {
            log.bits = bits;
            QTest::addRow("log2, %d bits", bits) << log;
        }
    }
    void quantizersEqualTheKernels()
    {
        QFETCH(const QuantizerParameters, parameters);
        const std::vector<float> values = awkwardValues();
        const bool channels = parameters.scale.size() > 1;
        // Features on the last axis, and colours first.
        for (const int64_t last : channels ? std::vector<int64_t>{3, 4} : std::vector<int64_t>{12}) {
            const auto rows = static_cast<int64_t>(values.size()) / 12;
            const auto model = testing::operatorModel(Operator::Gelu, last == 3   ? std::vector<int64_t>{4 * rows, 3}
                                                                      : last == 4 ? std::vector<int64_t>{3, rows, 4}
                                                                                  : std::vector<int64_t>{rows, 12});
            ExecutionMode mode = ExecutionMode::floatMode(model->graph);
            mode.quantize[0] = 1;
            mode.parameters[0] = parameters;
            const auto expected = resultsOf(model, mode, values, Arrangement::Kernels);
            const auto got = resultsOf(model, mode, values, Arrangement::DeviceExact);
            const auto places = testing::differences(got, expected);
            for (size_t i = 0; i < std::min<size_t>(5, places.size()); ++i)
                qInfo("%.9g became %.9g, expected %.9g", static_cast<double>(values[places[i]]),
                      static_cast<double>(got[places[i]]), static_cast<double>(expected[places[i]]));
            QCOMPARE(places.size(), size_t{0});
        }
    }

    void softmaxEqualsTheKernels_data()
    {
        QTest::addColumn<float>("scale");
        QTest::addColumn<int>("bits");
        QTest::addColumn<Arithmetic>("arithmetic");
        for (const Arithmetic arithmetic : {Arithmetic::FqViT, Arithmetic::TensorFlow})
            for (const float scale : {0.013F, 0.1F, 0.2F, 0.9F, 1.9F}) // at the last one there are no steps
                for (const int bits : {4, 8, kUnlimitedBits})
                    QTest::addRow("%s, scale %.3f, %d bits", name(arithmetic), static_cast<double>(scale), bits)
                        << scale << bits << arithmetic;
    }
    void softmaxEqualsTheKernels()
    {
        QFETCH(const float, scale);
        QFETCH(const int, bits);
        QFETCH(const Arithmetic, arithmetic);
        // 8 x 4 x 16 x 16: the order of a sum has a third level from there on.
        for (const int64_t length : {1, 5, 8, 31, 33, 65, 197, 577, 1100, 8300}) {
            constexpr int64_t kRows = 12;
            const auto model = testing::operatorModel(Operator::Softmax, {3, 4, length});
            ExecutionMode mode = ExecutionMode::floatMode(model->graph);
            mode.kernels[1] = NodeKernel::LogIntSoftmax;
            mode.parameters[0] = uniform(8, true, {scale});
            mode.parameters[1].kind = QuantizerKind::LogIntSoftmax;
            mode.parameters[1].bits = bits;
            mode.parameters[1].arithmetic = arithmetic;
            std::vector<float> scores = normal(static_cast<size_t>(kRows * length), 0, 3, 7);
            const auto row = [&](int64_t r) { return scores.begin() + r * length; };
            for (size_t i = 0; i < scores.size() / 2; ++i) // half of them on the grid, as scores are
                scores[i] = std::nearbyint(scores[i] / scale) * scale;
            std::fill(row(0), row(1), 0.0F);
            *row(1) = NAN;
            *row(2) = -100.0F; // a mask's
            *row(3) = kInfinity;
            *row(8) = -kInfinity;
            *row(9) = 1000.0F;
            const auto expected = resultsOf(model, mode, scores, Arrangement::Kernels, 1);
            const auto published = resultsOf(model, mode, scores, Arrangement::DevicePublished, 1);
            QCOMPARE(testing::differences(published, expected).size(), size_t{0});
            const auto exact = resultsOf(model, mode, scores, Arrangement::DeviceExact, 1);
            for (const size_t i : testing::differences(exact, expected)) // one rounding further
                QVERIFY2(exact[i] == 2 * expected[i] || expected[i] == 2 * exact[i] || exact[i] == 0 || expected[i] == 0,
                         qPrintable(QStringLiteral("%1 and %2").arg(exact[i]).arg(expected[i])));
        }
    }

    void layerNormEqualsTheKernels_data()
    {
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("scales");
        QTest::addColumn<bool>("powers");
        for (const int channels : {3, 8, 33, 48, 192, 768, 1100}) {
            QTest::addRow("%d channels, one scale", channels) << channels << 1 << false;
            QTest::addRow("%d channels, powers of two", channels) << channels << channels << true;
        }
        QTest::newRow("scales of parts that patch merging put side by side") << 192 << 48 << true;
        QTest::newRow("scales that are no powers of two") << 192 << 192 << false;
    }
    void layerNormEqualsTheKernels()
    {
        QFETCH(const int, channels);
        QFETCH(const int, scales);
        QFETCH(const bool, powers);
        constexpr int64_t kRows = 50;
        std::vector<float> gamma = normal(static_cast<size_t>(channels), 1, 1, 1);
        const std::vector<float> beta = normal(static_cast<size_t>(channels), 0, 1, 2);
        gamma[0] = 0;
        gamma[1] = 1e-30F;
        const auto model = testing::operatorModel(Operator::LayerNorm, {kRows, channels}, gamma, beta);
        ExecutionMode mode = ExecutionMode::floatMode(model->graph);
        mode.kernels[1] = NodeKernel::IntegerLayerNorm;
        std::mt19937 engine(9);
        std::vector<float> scale;
        for (int c = 0; c < scales; ++c)
            scale.push_back(powers ? 0.013F * static_cast<float>(1U << engine() % 4)
                                   : 0.01F + 1e-5F * static_cast<float>(engine() % 100));
        mode.parameters[0] = uniform(8, false, scale, 128);
        mode.parameters[1] = uniform(8, false, {0.04F}, 128);
        std::vector<float> values = normal(static_cast<size_t>(kRows * channels), 0.2F, 1, 4);
        for (size_t i = 0; i < values.size() / 2; ++i) { // half of them on the grid, as values are
            const float s = scale[i % static_cast<size_t>(channels) % scale.size()];
            values[i] = std::nearbyint(values[i] / s) * s;
        }
        const auto row = [&](int64_t r) { return values.begin() + r * channels; };
        std::fill(row(0), row(1), 0.5F); // no deviation
        std::fill(row(1), row(2), 0.0F);
        *row(2) = NAN;
        *row(3) = kInfinity;
        *row(4) = 1e9F;
        for (const bool quantized : {false, true}) { // the kernels quantize in the same scan
            mode.quantize[1] = quantized;
            const auto expected = logitsOf(model, mode, values, Arrangement::Kernels);
            const auto published = logitsOf(model, mode, values, Arrangement::DevicePublished);
            QCOMPARE(testing::differences(published, expected).size(), size_t{0});
            const auto exact = logitsOf(model, mode, values, Arrangement::DeviceExact);
            const auto different = testing::differences(exact, expected).size();
            QVERIFY2(different * 1000 <= expected.size(), qPrintable(QString::number(different)));
        }
    }

    void changedParametersAreUsed()
    {
        const auto model = testing::operatorModel(Operator::Gelu, {40, 12});
        const std::vector<float> values = normal(480, 0, 1, 6);
        const auto kernels = testing::executorFor(model, Arrangement::Kernels);
        const auto device = testing::executorFor(model, Arrangement::DeviceExact);
        ExecutionMode mode = ExecutionMode::floatMode(model->graph);
        mode.quantize = {1, 1};
        for (const float scale : {0.1F, 0.2F, 0.1F}) {
            mode.parameters = {uniform(6, true, {scale}), uniform(4, false, {scale}, 3)};
            QCOMPARE(*device->run(values, 1, mode, nullptr, {}), *kernels->run(values, 1, mode, nullptr, {}));
        }
    }
};

QTEST_APPLESS_MAIN(TestDeviceOperators)
#include "tst_device_operators.moc"
