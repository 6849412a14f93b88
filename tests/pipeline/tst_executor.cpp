// SPDX-License-Identifier: GPL-3.0-or-later
// Float forward passes of small models in every container against stored logits, and the modes of the executor.
#include "core/quantization/recipe.h"
#include "core/tensor/executor.h"
#include "tests/support/test_data.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace quantoscope;

using namespace Qt::StringLiterals;

namespace {

constexpr float kLogitTolerance = 2e-4F; // the fixtures' own
constexpr int kHeads = 2;

class Recorder final : public TapVisitor {
public:
    bool wants(int) const override { return true; }
    void visit(int tap, const TensorView &value, ExecutionMode &) override
    {
        order.push_back(tap);
        shapes.push_back(value.shape);
    }
    std::vector<int> order;
    std::vector<std::vector<int64_t>> shapes;
};

class CancelAfter final : public TapVisitor {
public:
    CancelAfter(int tap, CancelToken token) : m_tap(tap), m_token(std::move(token)) {}
    bool wants(int) const override { return true; }
    void visit(int tap, const TensorView &, ExecutionMode &) override
    {
        last = tap;
        if (tap == m_tap)
            m_token.cancel();
    }
    int last = -1;

private:
    int m_tap;
    CancelToken m_token;
};

} // namespace

class TestExecutor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void logitsEqualTheReference_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QString>("variant");
        for (const QString &folder : {u"fixtures/vit"_s, u"fixtures/vit/extra"_s}) {
            const std::string path = testing::dataPath((folder + u"/expected.json"_s).toStdString());
            if (path.empty()) {
                QTest::newRow("no data") << folder << QString();
                return;
            }
            const nlohmann::json document = testing::readJson(path);
            for (const auto &[variant, values] : document["variants"].items())
                QTest::newRow(variant.c_str()) << folder << QString::fromStdString(variant);
        }
        for (const char *control : {"control_valid.safetensors", "control_valid.pth", "control_valid_legacy.pth",
                                    "control_valid.npz"})
            QTest::newRow(control) << u"fixtures/malformed"_s << QString::fromLatin1(control);
    }

    void logitsEqualTheReference()
    {
        QFETCH(const QString, folder);
        QFETCH(const QString, variant);
        const std::string root = testing::dataPath(folder.toStdString());
        if (root.empty())
            QSKIP(qPrintable(u"needs %1 (set QUANTOSCOPE_DATA)"_s.arg(folder)));
        // "file#key" is one of several sets of weights in a training checkpoint.
        const auto model = openModel({.weights = root + "/" + variant.section(u'#', 0, 0).toStdString(),
                                      .key = variant.section(u'#', 1).toStdString(), .heads = kHeads});
        QVERIFY2(model.has_value(), model ? "" : model.error().message().c_str());
        const bool control = folder.endsWith(QLatin1String("malformed"));
        const testing::NpyArray input = testing::readNpy(root + (control ? "/control_input.npy" : "/input.npy"));
        QVERIFY(!input.values.empty());
        const nlohmann::json document = testing::readJson(root + "/expected.json");
        const nlohmann::json expected =
            control ? document["control_logits"] : document["variants"][variant.toStdString()]["logits"];

        auto executor = Executor::create(*model, {});
        QVERIFY(executor.has_value());
        ExecutionMode mode = ExecutionMode::floatMode((*model)->graph);
        const auto logits = (*executor)->run(input.values, 2, mode, nullptr, {});
        QVERIFY2(logits.has_value(), logits ? "" : logits.error().message().c_str());
        const auto classes = static_cast<size_t>((*model)->info.classes);
        QCOMPARE(logits->size(), 2 * classes);
        float worst = 0;
        for (size_t i = 0; i < logits->size(); ++i)
            worst = std::max(worst, std::abs((*logits)[i] - expected[i / classes][i % classes].get<float>()));
        qInfo("largest difference %.1e", static_cast<double>(worst));
        QVERIFY(worst < kLogitTolerance);
    }

    void foldersOfHuggingFaceTellHeadsThemselves()
    {
        QUANTOSCOPE_NEED_DATA(fixtures, "fixtures/vit");
        const QTemporaryDir folder;
        const QString from = QString::fromStdString(fixtures);
        QVERIFY(QFile::copy(from + u"/tiny_vit_hf.safetensors"_s, folder.filePath(u"model.safetensors"_s)));
        QVERIFY(QFile::copy(from + u"/tiny_vit_hf.config.json"_s, folder.filePath(u"config.json"_s)));
        const auto model = openModel({.weights = folder.path().toStdString()});
        QVERIFY2(model.has_value(), model ? "" : model.error().message().c_str());
        QCOMPARE((*model)->info.heads, kHeads);
        const testing::NpyArray input = testing::readNpy(fixtures + "/input.npy");
        const auto executor = Executor::create(*model, {}).value();
        ExecutionMode mode = ExecutionMode::floatMode((*model)->graph);
        const auto logits = executor->run(input.values, 2, mode, nullptr, {});
        QVERIFY(logits.has_value());
        const auto expected
            = testing::readJson(fixtures + "/expected.json")["variants"]["tiny_vit_hf.safetensors"]["logits"];
        for (size_t i = 0; i < logits->size(); ++i)
            QVERIFY(std::abs((*logits)[i] - expected[i / 10][i % 10].get<float>()) < kLogitTolerance);
    }

    void visitorsSeeEveryValueInOrderAndShape()
    {
        if (!openTiny())
            QSKIP("needs fixtures/vit (set QUANTOSCOPE_DATA)");
        Recorder recorder;
        ExecutionMode mode = ExecutionMode::floatMode(m_model->graph);
        const auto watched = m_executor->run(m_input.values, 2, mode, &recorder, {});
        QVERIFY(watched.has_value());
        QVERIFY(std::is_sorted(recorder.order.begin(), recorder.order.end()));
        const Graph &graph = m_model->graph;
        size_t next = 0;
        for (size_t t = 0; t < graph.taps.size(); ++t) {
            const Node &node = graph.nodes[static_cast<size_t>(graph.taps[t].node)];
            if (graph.taps[t].kind == TapKind::Weight)
                continue;
            QCOMPARE(recorder.order[next], static_cast<int>(t));
            std::vector<int64_t> shape = node.shape;
            shape.insert(shape.begin(), graph.taps[t].kind == TapKind::Parameter ? 1 : 2);
            QCOMPARE(recorder.shapes[next], shape);
            ++next;
        }
        QCOMPARE(next, recorder.order.size());
        // Looking changes nothing; without it images are spread over threads unless that is switched off.
        const auto whole = Executor::create(m_model, {.splitImages = false}).value();
        QCOMPARE(*whole->run(m_input.values, 2, mode, nullptr, {}), *watched);
    }

    void imagesSpreadOverThreadsKeepTheirOrderAndValues()
    {
        if (!openTiny())
            QSKIP("needs fixtures/vit (set QUANTOSCOPE_DATA)");
        constexpr int kImages = 7;
        const size_t perImage = m_input.values.size() / 2;
        std::vector<float> pixels;
        for (int i = 0; i < kImages; ++i)
            for (size_t k = 0; k < perImage; ++k)
                pixels.push_back(m_input.values[static_cast<size_t>(i % 2) * perImage + k]
                                 * (1.0F - 0.1F * static_cast<float>(i)));
        ExecutionMode mode = ExecutionMode::floatMode(m_model->graph);
        const auto whole = Executor::create(m_model, {.threads = 1, .splitImages = false}).value();
        const auto expected = whole->run(pixels, kImages, mode, nullptr, {});
        QVERIFY(expected.has_value());
        for (const int threads : {1, 2, 3, 7, 16}) {
            const auto split = Executor::create(m_model, {.threads = threads}).value();
            const auto logits = split->run(pixels, kImages, mode, nullptr, {});
            QVERIFY2(logits.has_value(), logits ? "" : logits.error().message().c_str());
            QCOMPARE(logits->size(), expected->size());
            for (size_t i = 0; i < logits->size(); ++i) // products of other heights move the last bits
                QVERIFY(std::abs((*logits)[i] - (*expected)[i]) < 1e-5F);
        }
    }

    void aCancelledRunStopsAtOnce()
    {
        if (!openTiny())
            QSKIP("needs fixtures/vit (set QUANTOSCOPE_DATA)");
        const CancelToken token;
        const int tap = m_model->graph.findTap("blocks.0.residual1");
        CancelAfter visitor(tap, token);
        ExecutionMode mode = ExecutionMode::floatMode(m_model->graph);
        const auto logits = m_executor->run(m_input.values, 2, mode, &visitor, token);
        QVERIFY(!logits.has_value());
        QCOMPARE(logits.error().code, ErrorCode::Cancelled);
        QCOMPARE(visitor.last, tap);
    }

    void integerKernelsNeedQuantizedNeighbours()
    {
        if (!openTiny())
            QSKIP("needs fixtures/vit (set QUANTOSCOPE_DATA)");
        const Graph &graph = m_model->graph;
        const auto kernelsWith = [&](const std::string &plan) {
            QuantizationRequest request;
            request.ptf = request.lis = true;
            request.bits.attention = 4;
            request.planJson = plan;
            const auto settings = resolveSettings(graph, request, true);
            return settings ? ExecutionMode::quantizedMode(graph, *settings) : ExecutionMode();
        };
        const auto softmax = static_cast<size_t>(graph.findNode("blocks.0.attn.softmax"));
        const auto norm = static_cast<size_t>(graph.findNode("blocks.1.norm1"));
        const auto last = static_cast<size_t>(graph.findNode("norm"));
        const ExecutionMode all = kernelsWith("");
        QCOMPARE(all.kernels[softmax], NodeKernel::LogIntSoftmax);
        QCOMPARE(all.kernels[norm], NodeKernel::IntegerLayerNorm);
        QCOMPARE(all.kernels[last], NodeKernel::IntegerLayerNorm); // its input is read through the class token
        QVERIFY(!all.quantize[static_cast<size_t>(graph.findTap("blocks.0.attn.softmax"))]); // already on the grid
        const auto changed = kernelsWith(R"({"rules": [{"tap": "blocks.0.attn.scores", "bits": "float"},
            {"tap": "blocks.0.residual2", "bits": "float"}, {"tap": "norm", "bits": "float"}]})");
        QCOMPARE(changed.kernels[softmax], NodeKernel::Float);
        QVERIFY(changed.quantize[static_cast<size_t>(graph.findTap("blocks.0.attn.softmax"))]);
        QCOMPARE(changed.kernels[norm], NodeKernel::Float);
        QCOMPARE(changed.kernels[last], NodeKernel::Float);
    }

    void absentDevicesAreRefused()
    {
        if (!openTiny())
            QSKIP("needs fixtures/vit (set QUANTOSCOPE_DATA)");
        const auto executor = Executor::create(m_model, {"abacus", 0});
        QVERIFY(!executor.has_value());
        QCOMPARE(executor.error().code, ErrorCode::BadInput);
        QVERIFY(executor.error().message().find("abacus") != std::string::npos);
    }

    void parametersAreThoseOfTheFile()
    {
        if (!openTiny())
            QSKIP("needs fixtures/vit (set QUANTOSCOPE_DATA)");
        const TensorView view = m_executor->parameter("blocks.1.mlp.fc2.weight");
        QCOMPARE(view.shape, (std::vector<int64_t>{64, 256}));
        const TensorEntry *entry = m_model->tensors->find("blocks.1.mlp.fc2.weight");
        std::vector<float> stored(static_cast<size_t>(entry->elements()));
        convertToFloat(*entry, stored.data());
        QVERIFY(std::equal(stored.begin(), stored.end(), view.data));
    }

private:
    bool openTiny()
    {
        const std::string path = testing::dataPath("fixtures/vit/tiny_vit.safetensors");
        if (path.empty() || m_executor)
            return m_executor != nullptr;
        m_model = openModel({.weights = path, .heads = kHeads}).value();
        m_executor = Executor::create(m_model, {}).value();
        m_input = testing::readNpy(testing::dataPath("fixtures/vit/input.npy"));
        return !m_input.values.empty();
    }

    ModelPtr m_model;
    std::unique_ptr<Executor> m_executor;
    testing::NpyArray m_input;
};

QTEST_APPLESS_MAIN(TestExecutor)
#include "tst_executor.moc"
