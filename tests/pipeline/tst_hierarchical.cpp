// SPDX-License-Identifier: GPL-3.0-or-later
// Swin and iTPN against the values of the published programs, and through every recipe.
#include "core/pipeline/calibration.h"
#include "core/quantization/recipe.h"
#include "tests/support/test_data.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>

using namespace quantoscope;

using namespace Qt::StringLiterals;

namespace {

constexpr float kTolerance = 2e-5F; // the fixtures allow 2e-4
// Quantized logits against float ones: measured 24.9 to 33.8 dB for 8/8/8, 22.5 to 26.3 dB for 8/8/4 with LIS.
constexpr double kLeastSqnrDb = 22;
constexpr double kLeastLisSqnrDb = 20;
// 17.2 to 21.3 dB: scales of whole tensors for weights too (TinyNN), and a range that gives up the tails (TensorRT).
constexpr double kLeastDeploymentSqnrDb = 15;

/// Values of all taps.
class Recorder final : public TapVisitor {
public:
    explicit Recorder(const Graph &graph) : m_graph(graph) {}
    bool wants(int) const override { return true; }
    void visit(int tap, const TensorView &value, ExecutionMode &) override
    {
        values[m_graph.taps[static_cast<size_t>(tap)].path].assign(value.data, value.data + value.elements());
        shapes[m_graph.taps[static_cast<size_t>(tap)].path] = value.shape;
    }
    std::map<std::string, std::vector<float>> values;
    std::map<std::string, std::vector<int64_t>> shapes;

private:
    const Graph &m_graph;
};

/// The tap that holds what the published program calls so: a module's value is that of its last layer.
std::string tapOf(const Graph &graph, const std::string &module)
{
    for (const char *layer : {".residual2", ".reduction", ".norm"})
        if (graph.findTap(module + layer) >= 0)
            return module + layer;
    return {};
}

} // namespace

class TestHierarchical : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void valuesEqualThePublishedPrograms_data() { addFiles(); }
    void valuesEqualThePublishedPrograms()
    {
        if (!open())
            QSKIP("needs fixtures/swin and fixtures/itpn (set QUANTOSCOPE_DATA)");
        Recorder recorder(m_model->graph);
        ExecutionMode mode = ExecutionMode::floatMode(m_model->graph);
        const auto logits = m_executor->run(m_input.values, 2, mode, &recorder, {});
        QVERIFY2(logits.has_value(), logits ? "" : logits.error().message().c_str());
        float worst = 0;
        for (size_t i = 0; i < logits->size(); ++i)
            worst = std::max(worst, std::abs((*logits)[i] - m_expected["logits"][i / 10][i % 10].get<float>()));
        QVERIFY2(worst < kTolerance, qPrintable(u"logits differ by %1"_s.arg(static_cast<double>(worst))));

        for (const auto &[module, expected] : m_expected["intermediate"].items()) {
            const std::string tap = tapOf(m_model->graph, module);
            QVERIFY2(!tap.empty(), module.c_str());
            const std::vector<float> &values = recorder.values[tap];
            int64_t elements = 1;
            for (const auto &extent : expected["shape"])
                elements *= extent.get<int64_t>();
            QCOMPARE(static_cast<int64_t>(values.size()), elements);
            double square = 0;
            for (const float value : values)
                square += static_cast<double>(value) * static_cast<double>(value);
            const auto norm = expected["l2"].get<double>();
            QVERIFY2(std::abs(std::sqrt(square) - norm) < 1e-6 * norm, module.c_str());
            for (size_t i = 0; i < expected["first32"].size(); ++i)
                QVERIFY2(std::abs(values[i] - expected["first32"][i].get<float>()) < kTolerance, module.c_str());
        }
        qInfo("logits differ by at most %.1e", static_cast<double>(worst));
        const auto alone = m_executor->run(m_input.values, 2, mode, nullptr, {}); // one image for each thread
        QVERIFY(alone.has_value());
        for (size_t i = 0; i < logits->size(); ++i)
            QVERIFY(std::abs((*alone)[i] - (*logits)[i]) < kTolerance);
    }

    void visitorsSeeWindowsAsTheGraphSays_data() { addFiles(); }
    void visitorsSeeWindowsAsTheGraphSays()
    {
        if (!open())
            QSKIP("needs fixtures/swin and fixtures/itpn (set QUANTOSCOPE_DATA)");
        const Graph &graph = m_model->graph;
        Recorder recorder(graph);
        ExecutionMode mode = ExecutionMode::floatMode(graph);
        QVERIFY(m_executor->run(m_input.values, 2, mode, &recorder, {}).has_value());
        for (const Tap &tap : graph.taps) {
            const Node &node = graph.nodes[static_cast<size_t>(tap.node)];
            if (tap.kind == TapKind::Weight || isView(node.op))
                continue;
            const int64_t leading = tap.kind == TapKind::Parameter ? 1 : 2 * node.windows;
            std::vector<int64_t> shape = {leading};
            shape.insert(shape.end(), node.shape.begin(), node.shape.end());
            QVERIFY2(recorder.shapes[tap.path] == shape, tap.path.c_str());
            const auto seen = static_cast<int64_t>(recorder.values[tap.path].size());
            QCOMPARE(seen, tap.elements * (tap.kind == TapKind::Parameter ? 1 : 2));
        }
    }

    void everyRecipeYieldsFiniteLogitsNearTheFloatOnes_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<bool>("ptf");
        QTest::addColumn<bool>("lis");
        for (const char *file : {"swin/swin_tiny_random.safetensors", "itpn/itpn_tiny_random.safetensors"})
            for (const Recipe &recipe : builtinRecipes())
                for (int flags = 0; flags < (recipe.lisRules.empty() ? 1 : 3); ++flags)
                    QTest::addRow("%.4s %s%s%s", file, recipe.name.c_str(), flags > 0 ? "+ptf" : "", flags > 1 ? "+lis" : "")
                        << QString::fromLatin1(file) << QString::fromStdString(recipe.name) << (flags > 0) << (flags > 1);
    }
    void everyRecipeYieldsFiniteLogitsNearTheFloatOnes()
    {
        QFETCH(const QString, recipe);
        QFETCH(const bool, ptf);
        QFETCH(const bool, lis);
        if (!open())
            QSKIP("needs fixtures/swin and fixtures/itpn (set QUANTOSCOPE_DATA)");
        QuantizationRequest request;
        request.recipe = recipe.toStdString();
        request.ptf = ptf;
        request.lis = lis;
        request.bits.attention = lis ? 4 : 8;
        const auto settings = resolveSettings(m_model->graph, request, true);
        QVERIFY2(settings.has_value(), settings ? "" : settings.error().message().c_str());
        Calibration calibration(*m_executor, *m_model, observationNeeds(m_model->graph, *settings));
        for (int batch = 0; batch < 3; ++batch)
            QVERIFY(calibration.add(*m_executor, *m_model, variedImages(batch), {}));
        const auto taps = calibration.derive(*m_executor, *m_model, *settings, {});
        QVERIFY2(taps.has_value(), taps ? "" : taps.error().message().c_str());

        ExecutionMode mode = ExecutionMode::quantizedMode(m_model->graph, *settings);
        mode.parameters = taps->parameters;
        const size_t integerNorms = static_cast<size_t>(
            std::count(mode.kernels.begin(), mode.kernels.end(), NodeKernel::IntegerLayerNorm));
        const auto isNorm = [](const Node &node) { return node.op == Operator::LayerNorm; };
        const auto &nodes = m_model->graph.nodes;
        const bool port = recipe == QLatin1String("tf-fqvit"); // has both forms in its rules
        QCOMPARE(integerNorms, ptf || port ? static_cast<size_t>(std::count_if(nodes.begin(), nodes.end(), isNorm)) : size_t{0});
        ExecutionMode floatMode = ExecutionMode::floatMode(m_model->graph);
        const auto reference = m_executor->run(m_input.values, 2, floatMode, nullptr, {});
        const auto logits = m_executor->run(m_input.values, 2, mode, nullptr, {});
        QVERIFY(reference.has_value() && logits.has_value());
        double power = 0;
        double error = 0;
        for (size_t i = 0; i < logits->size(); ++i) {
            QVERIFY(std::isfinite((*logits)[i]));
            power += std::pow(static_cast<double>((*reference)[i]), 2);
            error += std::pow(static_cast<double>((*logits)[i] - (*reference)[i]), 2);
        }
        const double sqnr = 10 * std::log10(power / error);
        qInfo("SQNR of the logits %.1f dB", sqnr);
        const bool deployment = recipe.startsWith("tinynn"_L1) || recipe == "tensorrt"_L1
            || recipe == "least-error"_L1;
        QVERIFY(sqnr > (deployment ? kLeastDeploymentSqnrDb : lis || port ? kLeastLisSqnrDb : kLeastSqnrDb));
    }

private:
    static void addFiles()
    {
        QTest::addColumn<QString>("file");
        for (const char *file : {"swin/swin_tiny_random.safetensors", "swin/swin_tiny_random.newtimm_f16.safetensors",
                                 "itpn/itpn_tiny_random.safetensors"})
            QTest::newRow(file) << QString::fromLatin1(file);
    }

    /// The current row's model; kept while the file stays the same.
    bool open()
    {
        QFETCH(const QString, file);
        const std::string path = testing::dataPath("fixtures/" + file.toStdString());
        if (path.empty() || path == m_path)
            return !path.empty();
        m_path = path;
        m_model = openModel({.weights = path}).value();
        m_executor = Executor::create(m_model, {.threads = 2}).value();
        const std::string folder = path.substr(0, path.find_last_of('/'));
        m_expected = testing::readJson(folder + "/expected.json");
        m_input = testing::readNpy(folder + "/input.npy");
        return !m_input.values.empty();
    }

    /// The fixture's two images, brighter and darker from batch to batch.
    ImageBatch variedImages(int batch) const
    {
        ImageBatch images;
        images.pixels = m_input.values;
        for (float &value : images.pixels)
            value *= 1.0F - 0.15F * static_cast<float>(2 - batch);
        images.indices = {2 * batch, 2 * batch + 1};
        return images;
    }

    std::string m_path;
    ModelPtr m_model;
    std::unique_ptr<Executor> m_executor;
    nlohmann::json m_expected;
    testing::NpyArray m_input;
};

QTEST_APPLESS_MAIN(TestHierarchical)
#include "tst_hierarchical.moc"
