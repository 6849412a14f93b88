// SPDX-License-Identifier: GPL-3.0-or-later
// What a GPU would run, without one: whole models of a device's operators on the CPU against the kernels, and on LibTorch's
// meta device, which has no values, to count launches and find whoever waits for the host.
#include "tests/bench/synthetic_model.h"
#include "tests/pipeline/device_probe.h"
#include "tests/pipeline/model_samples.h"

#include <QTemporaryDir>
#include <QTest>

using namespace quantoscope;

using testing::Arrangement;
using testing::logitsOf;
using testing::normal;
using testing::TapValues;

namespace {

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

/// Calibrated on `pixels`.
Result<ExecutionMode> calibrated(const ModelPtr &model, const Quantized &wanted, const std::vector<float> &pixels,
                                 int images, Arrangement arrangement = Arrangement::Kernels)
{
    const auto found
        = testing::calibrated(model, testing::recipeRequest(wanted.recipe, wanted.full), pixels, images, arrangement);
    return found ? found->mode(model->graph) : Result<ExecutionMode>(fail(found.error()));
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

    void modelsEqualTheKernels_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("quantization");
        for (const char *model : testing::kSampleModels)
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
        const auto joined = kernels->run(m_pixels, m_images, *mode, nullptr, {});
        QCOMPARE(*device->run(m_pixels, m_images, *mode, nullptr, {}), *joined);
    }

    void calibrationFindsTheSameParameters_data() { modelsEqualTheKernels_data(); }
    void calibrationFindsTheSameParameters()
    {
        QFETCH(const QString, model);
        QFETCH(const int, quantization);
        if (!open(model))
            QSKIP(qPrintable(QStringLiteral("needs the test data of %1 (set QUANTOSCOPE_DATA)").arg(model)));
        const Quantized &wanted = quantizations()[static_cast<size_t>(quantization)];
        const auto kernels = calibrated(m_model, wanted, m_pixels, m_images);
        const auto device = calibrated(m_model, wanted, m_pixels, m_images, Arrangement::DevicePublished);
        QVERIFY2(device.has_value(), device ? "" : device.error().message().c_str());
        for (size_t t = 0; t < m_model->graph.taps.size(); ++t) // parameters come while the graph runs and are used at once
            QVERIFY2(device->parameters[t] == kernels->parameters[t], m_model->graph.taps[t].path.c_str());
    }

    void exactSumsSeldomDecideOtherwise()
    {
        if (!open(QStringLiteral("DeiT-T")))
            QSKIP("needs models/deit_tiny_patch16_224.safetensors and imagenet (set QUANTOSCOPE_DATA)");
        auto mode = calibrated(m_model, quantizations()[1], m_pixels, m_images);
        QVERIFY2(mode.has_value(), mode ? "" : mode.error().message().c_str());
        const Graph &graph = m_model->graph;
        TapValues values(graph);
        const auto kernels = testing::executorFor(m_model, Arrangement::Kernels);
        QVERIFY(kernels->run(m_pixels, m_images, *mode, &values, {}));
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
                const TensorView view = kernels->parameter(node.parameters[i]);
                return std::vector<float>(view.data, view.data + view.elements());
            };
            const auto alone = testing::operatorModel(node.op, node.shape, norm ? parameter(0) : std::vector<float>(),
                                                      norm ? parameter(1) : std::vector<float>());
            ExecutionMode one = ExecutionMode::floatMode(alone->graph);
            one.kernels[1] = mode->kernels[n];
            const auto own = static_cast<size_t>(graph.outputTap(static_cast<int>(n)));
            one.parameters = {mode->parameters[scales], mode->parameters[own]};
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
            // Fails here when an operator waits for the host.
            QVERIFY2(whole.has_value(), whole ? "" : whole.error().message().c_str());
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
            auto tensors
                = bench::syntheticTensors({.width = 64, .depth = 2, .heads = heads, .image = 32, .classes = 10}, memory);
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

    void tf32NeedsAGpu()
    {
        const auto model = testing::operatorModel(Operator::Gelu, {40, 12});
        const auto executor = Executor::create(model, {.allowTf32 = true});
        QVERIFY(!executor.has_value());
        QCOMPARE(executor.error().code, ErrorCode::BadInput);
        QVERIFY(executor.error().message().find("--allow-tf32") != std::string::npos);
    }

private:
    /// Model and pictures by name; false where test data are missing.
    bool open(const QString &name)
    {
        if (name == m_name)
            return true;
        m_name.clear();
        const auto sample = testing::openSample(name);
        if (!sample)
            return false;
        m_model = sample->model;
        m_pixels = sample->pixels;
        m_images = sample->images;
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
