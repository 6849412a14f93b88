// SPDX-License-Identifier: GPL-3.0-or-later
// What runs on a GPU, without one: the operators of a device on the CPU against the kernels, and on LibTorch's meta device,
// which has no values, to count launches and find whoever waits for the host.
#include "app/demo/demo_assets.h"
#include "core/pipeline/calibration.h"
#include "core/pipeline/session.h"
#include "core/quantization/log_int_softmax.h"
#include "core/quantization/recipe.h"
#include "tests/bench/synthetic_model.h"
#include "tests/pipeline/device_probe.h"
#include "tests/support/test_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>
#include <random>

using namespace quantoscope;

using testing::Arrangement;
using testing::TapValues;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> normal(size_t n, float mean, float deviation, unsigned seed)
{
    std::mt19937 engine(seed);
    std::normal_distribution<float> distribution(mean, deviation);
    std::vector<float> values(n);
    for (float &v : values)
        v = distribution(engine);
    return values;
}

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

ImageBatch batchOf(const std::vector<float> &pixels, int images)
{
    ImageBatch batch;
    batch.pixels = pixels;
    for (int i = 0; i < images; ++i)
        batch.indices.push_back(i);
    return batch;
}

struct Quantized {
    QString name;
    std::string recipe;
    bool full = false; ///< with PTF and LIS
};

const std::vector<Quantized> &quantizations()
{
    static const std::vector<Quantized> list = {{QStringLiteral("minmax"), "minmax", false},
                                                {QStringLiteral("minmax, PTF and LIS"), "minmax", true},
                                                {QStringLiteral("PTQ4ViT, twin uniform"), "ptq4vit", false},
                                                {QStringLiteral("TensorFlow"), "tf-fqvit", false},
                                                {QStringLiteral("torch"), "tinynn-int8", false},
                                                {QStringLiteral("least error"), "least-error", false}};
    return list;
}

/// Calibrated on `pixels` by the kernels.
Result<ExecutionMode> calibrated(const ModelPtr &model, const Quantized &wanted, const std::vector<float> &pixels, int images)
{
    QuantizationRequest request;
    request.recipe = wanted.recipe;
    const auto recipe = findRecipe(wanted.recipe);
    if (!recipe)
        return fail(recipe.error());
    request.bits = recipe->bits;
    request.search = false;
    request.ptf = request.lis = wanted.full;
    if (wanted.full)
        request.bits.attention = 4;
    const auto settings = resolveSettings(model->graph, request, model->info.inputQuantized);
    if (!settings)
        return fail(settings.error());
    const auto executor = testing::executorFor(model, Arrangement::Kernels);
    Calibration calibration(*executor, *model, observationNeeds(model->graph, *settings));
    if (const auto added = calibration.add(*executor, *model, batchOf(pixels, images), {}); !added)
        return fail(added.error());
    const auto taps = calibration.derive(*executor, *model, *settings, {});
    if (!taps)
        return fail(taps.error());
    ExecutionMode mode = ExecutionMode::quantizedMode(model->graph, *settings);
    mode.parameters = taps->parameters;
    return mode;
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

class TestDevice : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        qputenv("XDG_CACHE_HOME", m_folder.filePath(QStringLiteral("cache")).toUtf8());
    }

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

    void modelsEqualTheKernels_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("quantization");
        for (const char *model : {"tiny ViT", "tiny Swin", "tiny iTPN", "demo", "DeiT-T"})
            for (size_t q = 0; q < quantizations().size(); ++q)
                if (q < 3 || (q < 4 && model[0] == 't') || model == std::string("tiny ViT"))
                    QTest::addRow("%s, %s", model, qPrintable(quantizations()[q].name)) << model << static_cast<int>(q);
    }
    void modelsEqualTheKernels()
    {
        QFETCH(const QString, model);
        QFETCH(const int, quantization);
        if (!open(model))
            QSKIP(qPrintable(QStringLiteral("needs the test data of %1 (set QUANTOSCOPE_DATA)").arg(model)));
        const Graph &graph = m_model->graph;
        auto mode = calibrated(m_model, quantizations()[static_cast<size_t>(quantization)], m_pixels, m_images);
        QVERIFY2(mode.has_value(), mode ? "" : mode.error().message().c_str());
        TapValues expected(graph);
        TapValues got(graph);
        const auto kernels = testing::executorFor(m_model, Arrangement::Kernels);
        const auto device = testing::executorFor(m_model, Arrangement::DevicePublished);
        const auto watched = kernels->run(m_pixels, m_images, *mode, &expected, {});
        const auto logits = device->run(m_pixels, m_images, *mode, &got, {});
        QVERIFY2(logits.has_value(), logits ? "" : logits.error().message().c_str());
        for (size_t t = 0; t < graph.taps.size(); ++t) {
            QVERIFY2(testing::differences(got.before[t], expected.before[t]).empty(), graph.taps[t].path.c_str());
            QVERIFY2(testing::differences(got.after[t], expected.after[t]).empty(), graph.taps[t].path.c_str());
        }
        QCOMPARE(*logits, *watched);
        // Nobody looking: the kernels do several things in one scan, the device does not.
        QCOMPARE(*device->run(m_pixels, m_images, *mode, nullptr, {}), *kernels->run(m_pixels, m_images, *mode, nullptr, {}));
    }

    void exactSumsSeldomDecideOtherwise()
    {
        if (!open(QStringLiteral("DeiT-T")))
            QSKIP("needs models/deit_tiny_patch16_224.safetensors and imagenet (set QUANTOSCOPE_DATA)");
        auto mode = calibrated(m_model, quantizations()[1], m_pixels, m_images);
        QVERIFY2(mode.has_value(), mode ? "" : mode.error().message().c_str());
        const Graph &graph = m_model->graph;
        TapValues values(graph);
        QVERIFY(testing::executorFor(m_model, Arrangement::Kernels)->run(m_pixels, m_images, *mode, &values, {}));
        // Each integer operator alone on what it reads in that run, so that one difference does not bring another.
        size_t different[2] = {0, 0};
        size_t all[2] = {0, 0};
        for (size_t n = 0; n < graph.nodes.size(); ++n) {
            const Node &node = graph.nodes[n];
            if (mode->kernels[n] == NodeKernel::Float)
                continue;
            const auto source = static_cast<size_t>(graph.outputTap(node.inputs[0]));
            const auto scales = static_cast<size_t>(graph.outputTap(graph.valueSource(node.inputs[0])));
            const bool norm = node.op == Operator::LayerNorm;
            const auto parameter = [&](size_t i) {
                const TensorView view = testing::executorFor(m_model, Arrangement::Kernels)->parameter(node.parameters[i]);
                return std::vector<float>(view.data, view.data + view.elements());
            };
            const auto alone = testing::operatorModel(node.op, node.shape, norm ? parameter(0) : std::vector<float>(),
                                                      norm ? parameter(1) : std::vector<float>());
            ExecutionMode one = ExecutionMode::floatMode(alone->graph);
            one.kernels[1] = mode->kernels[n];
            one.parameters = {mode->parameters[scales], mode->parameters[static_cast<size_t>(graph.outputTap(static_cast<int>(n)))]};
            const auto expected = logitsOf(alone, one, values.after[source], Arrangement::Kernels, m_images);
            const auto exact = logitsOf(alone, one, values.after[source], Arrangement::DeviceExact, m_images);
            different[norm] += testing::differences(exact, expected).size();
            all[norm] += expected.size();
        }
        qInfo("sums in float64 rounded once: %zu of %zu softmax values differ, %zu of %zu LayerNorm values", different[0],
              all[0], different[1], all[1]);
        QVERIFY(all[0] > 0 && all[1] > 0);
        QVERIFY(different[0] * 100000 < all[0]);
        QVERIFY(different[1] * 100000 < all[1]);
    }

    void aBatchCrossesTwiceAndItsLaunchesDoNotGrowWithImages_data() { modelsEqualTheKernels_data(); }
    void aBatchCrossesTwiceAndItsLaunchesDoNotGrowWithImages()
    {
        QFETCH(const QString, model);
        QFETCH(const int, quantization);
        if (!open(model))
            QSKIP(qPrintable(QStringLiteral("needs the test data of %1 (set QUANTOSCOPE_DATA)").arg(model)));
        ExecutionMode floatMode = ExecutionMode::floatMode(m_model->graph);
        auto mode = calibrated(m_model, quantizations()[static_cast<size_t>(quantization)], m_pixels, m_images);
        QVERIFY2(mode.has_value(), mode ? "" : mode.error().message().c_str());
        for (const Arrangement arrangement : {Arrangement::DeviceExact, Arrangement::DevicePublished}) {
            const auto executor = testing::executorFor(m_model, arrangement);
            const auto plain = executor->traffic(m_pixels, m_images, floatMode);
            const auto whole = executor->traffic(m_pixels, m_images, *mode);
            const auto single = executor->traffic(m_pixels, 1, *mode);
            QVERIFY2(plain.has_value(), plain ? "" : plain.error().message().c_str());
            QVERIFY2(whole.has_value(), whole ? "" : whole.error().message().c_str()); // here when somebody waits for the host
            QVERIFY2(single.has_value(), single ? "" : single.error().message().c_str());
            qInfo("%d launches, in float %d; %d uploads beforehand", whole->launches, plain->launches, whole->prepared);
            QCOMPARE(whole->uploads, 1);
            QCOMPARE(whole->downloads, 1);
            QCOMPARE(plain->uploads, 1);
            QCOMPARE(plain->prepared, 0);
            QVERIFY(whole->prepared > 0); // so uploads are seen
            QVERIFY(plain->launches >= static_cast<int>(m_model->graph.nodes.size()) / 2);
            QVERIFY(whole->launches > plain->launches);
            QCOMPARE(whole->launches, single->launches);
        }
    }

    void launchesDoNotGrowWithHeads()
    {
        std::vector<int> launches;
        for (const int64_t heads : {2, 8}) {
            std::shared_ptr<std::vector<float>> memory;
            auto tensors = bench::syntheticTensors({.width = 64, .depth = 2, .heads = heads, .image = 32, .classes = 10}, memory);
            const auto model = buildModel(std::make_shared<const TensorStore>(std::move(tensors), memory, "random"),
                                          {.weights = "random", .heads = static_cast<int>(heads)});
            QVERIFY2(model.has_value(), model ? "" : model.error().message().c_str());
            const std::vector<float> pixels = normal(size_t{3} * 32 * 32 * 4, 0, 1, 5);
            auto mode = calibrated(*model, quantizations()[1], pixels, 4);
            QVERIFY2(mode.has_value(), mode ? "" : mode.error().message().c_str());
            const auto traffic = testing::executorFor(*model, Arrangement::DeviceExact)->traffic(pixels, 4, *mode);
            QVERIFY2(traffic.has_value(), traffic ? "" : traffic.error().message().c_str());
            launches.push_back(traffic->launches);
        }
        QCOMPARE(launches[0], launches[1]);
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

    void tf32NeedsAGpu()
    {
        const auto model = testing::operatorModel(Operator::Gelu, {40, 12});
        const auto executor = Executor::create(model, {.allowTf32 = true});
        QVERIFY(!executor.has_value());
        QCOMPARE(executor.error().code, ErrorCode::BadInput);
        QVERIFY(executor.error().message().find("--allow-tf32") != std::string::npos);
    }

private:
    static std::vector<float> logitsOf(const ModelPtr &model, ExecutionMode &mode, const std::vector<float> &values,
                                       Arrangement arrangement, int images = 1)
    {
        return testing::executorFor(model, arrangement)->run(values, images, mode, nullptr, {}).value();
    }

    /// After the input's quantizer, or of the operator when the input has none.
    static std::vector<float> resultsOf(const ModelPtr &model, ExecutionMode &mode, const std::vector<float> &values,
                                        Arrangement arrangement, size_t tap = 0)
    {
        TapValues seen(model->graph);
        const auto ran = testing::executorFor(model, arrangement)->run(values, 1, mode, &seen, {});
        return ran ? seen.after[tap] : std::vector<float>();
    }

    /// Model and pictures by name; false where test data are missing.
    bool open(const QString &name)
    {
        if (name == m_name)
            return true;
        m_name.clear();
        if (name == QLatin1String("demo") || name == QLatin1String("DeiT-T")) {
            RunRequest request;
            if (name == QLatin1String("demo")) {
                request = demoRequest(unpackDemo().value());
            } else {
                request.model.weights = testing::dataPath("models/deit_tiny_patch16_224.safetensors");
                request.data.folder = testing::dataPath("imagenet");
                if (request.model.weights.empty() || request.data.folder.empty())
                    return false;
            }
            m_images = name == QLatin1String("demo") ? 24 : 3;
            request.data.limit = m_images;
            m_model = openModel(request.model).value();
            const auto data = resolveData(request.data, m_model->info).value();
            m_pixels = BatchLoader::start(data.set, data.preprocessing, {.batch = m_images}).value()->next()->pixels;
        } else {
            const std::string family = name.section(u' ', 1).toLower().toStdString();
            const std::string file = family == "vit" ? "vit/tiny_vit" : family + "/" + family + "_tiny_random";
            const std::string path = testing::dataPath("fixtures/" + file + ".safetensors");
            if (path.empty())
                return false;
            m_model = openModel({.weights = path, .heads = family == "vit" ? 2 : 0}).value();
            m_images = 3;
            const auto size = static_cast<size_t>(m_model->info.imageSize);
            m_pixels = normal(3 * 3 * size * size, 0.3F, 2, 1);
        }
        m_name = name;
        return true;
    }

    QTemporaryDir m_folder;
    QString m_name;
    ModelPtr m_model;
    std::vector<float> m_pixels;
    int m_images = 0;
};


QTEST_GUILESS_MAIN(TestDevice)
#include "tst_device.moc"
