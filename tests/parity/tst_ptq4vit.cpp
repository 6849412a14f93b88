// SPDX-License-Identifier: GPL-3.0-or-later
// PTQ4ViT's interval search against the authors' own program on the tiny ViT (golden/ptq4vit): starts, choices, scores,
// intervals and quantized logits, at the tolerances that the golden data's README derives.
#include "core/io/tensor_store.h"
#include "core/pipeline/calibration.h"
#include "core/pipeline/interval_calibration.h"
#include "core/quantization/recipe.h"
#include "tests/pipeline/device_probe.h"
#include "tests/support/test_data.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace quantoscope;

namespace {

std::string nodeOfModule(std::string module)
{
    const auto replace = [&](const std::string &from, const std::string &to) {
        const size_t at = module.find(from);
        if (at != std::string::npos)
            module.replace(at, from.size(), to);
    };
    replace("attn.matmul1", "attn.scores");
    replace("attn.matmul2", "attn.context");
    return module;
}

SearchMetric metricOf(const std::string &name)
{
    return name == "cosine" ? SearchMetric::Cosine : name == "L2_norm" ? SearchMetric::L2 : SearchMetric::Hessian;
}

std::vector<float> valuesOf(const TensorStore &store, const std::string &name)
{
    const TensorEntry *entry = store.find(name);
    if (!entry)
        return {};
    std::vector<float> values(static_cast<size_t>(entry->elements()));
    convertToFloat(*entry, values.data());
    return values;
}

/// Largest relative difference of two lists of intervals; infinite when they differ in length.
double largestDifference(const std::vector<float> &own, const nlohmann::json &reference)
{
    if (own.size() != reference.size())
        return std::numeric_limits<double>::infinity();
    double worst = 0;
    for (size_t i = 0; i < own.size(); ++i) {
        const auto expected = reference[i].get<double>();
        worst = std::max(worst, std::abs(static_cast<double>(own[i]) - expected) / expected);
    }
    return worst;
}

} // namespace

class TestPtq4Vit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_DATA(weights, "fixtures/vit/tiny_vit.safetensors");
        QUANTOSCOPE_NEED_DATA(expected, "golden/ptq4vit/ptq4vit_expected.json");
        m_expected = testing::readJson(expected);
        m_calibration = testing::readNpy(testing::dataPath("fixtures/fq_quant/calib.npy"));
        m_input = testing::readNpy(testing::dataPath("fixtures/vit/input.npy"));
        m_scores = openTensorStore(testing::dataPath("golden/ptq4vit/ptq4vit_scores.npz")).value();
        m_gradients = openTensorStore(testing::dataPath("golden/ptq4vit/ptq4vit_hessian_grads.npz")).value();
        m_model = openModel({.weights = weights, .heads = 2}).value();
        m_executor = Executor::create(m_model, {.splitImages = false}).value();
    }

    void everyConfigurationMatchesTheAuthorsProgram_data()
    {
        QTest::addColumn<QString>("config");
        for (const auto &[config, values] : m_expected["configs"].items())
            QTest::newRow(config.c_str()) << QString::fromStdString(config);
    }

    void everyConfigurationMatchesTheAuthorsProgram()
    {
        QFETCH(const QString, config);
        const std::string name = config.toStdString();
        const auto &expected = m_expected["configs"][name];
        QuantizationRequest request;
        request.recipe = name.starts_with("BasePTQ") ? "baseptq" : "ptq4vit";
        const int bits = expected["w_bit"].get<int>();
        request.bits = {bits, bits, bits};
        const auto settings = resolveSettings(m_model->graph, request, true);
        QVERIFY2(settings.has_value(), settings ? "" : settings.error().message().c_str());
        IntervalSearch search = *findRecipe(request.recipe)->search;
        search.metric = metricOf(expected["metric"].get<std::string>());
        search.screening = false;

        std::vector<QuantizerParameters> parameters = start(*settings);
        ExecutionMode mode = ExecutionMode::quantizedMode(m_model->graph, *settings);
        mode.parameters = parameters;
        m_searches = m_equal = 0;
        CaptureOptions capture;
        capture.gradients = false;
        const auto captured = captureProducts(
            *m_executor, *m_model, m_calibration.values, static_cast<int>(m_calibration.shape[0]), capture, int64_t{1} << 30,
            [&](const CapturedProduct &product) -> Result<void> {
                compare(name, expected, product, mode, search, parameters);
                return {};
            },
            {});
        QVERIFY2(captured.has_value(), captured ? "" : captured.error().message().c_str());
        if (QTest::currentTestFailed())
            return;
        qInfo("%s: %d of %d choices equal", name.c_str(), m_equal, m_searches);
        QVERIFY(m_searches > 0 && m_equal >= 0.95 * m_searches);

        mode.parameters = parameters;
        const auto logits = m_executor->run(m_input.values, 2, mode, nullptr, {});
        QVERIFY(logits.has_value());
        double worst = 0;
        for (size_t image = 0; image < 2; ++image)
            for (size_t c = 0; c < 10; ++c)
                worst = std::max(worst, std::abs(static_cast<double>((*logits)[image * 10 + c])
                                                 - expected["quant_logits"][image][c].get<double>()));
        qInfo("%s: largest logit difference %.2g", name.c_str(), worst);
        QVERIFY(worst < 0.2);
    }

    void aSequentialSearchSeesWhatIsQuantizedBefore()
    {
        const Graph &graph = m_model->graph;
        const int images = static_cast<int>(m_calibration.shape[0]);
        QuantizationRequest request;
        request.recipe = "ptq4vit";
        request.bits = {6, 6, 6};
        const auto settings = resolveSettings(graph, request, true);
        const std::vector<QuantizerParameters> begin = start(*settings);
        ExecutionMode mode = ExecutionMode::quantizedMode(graph, *settings);
        mode.parameters = begin;
        IntervalSearch search = *findRecipe(request.recipe)->search;
        search.metric = SearchMetric::Cosine;
        std::vector<QuantizerParameters> parallel = begin;
        QVERIFY(searchModelIntervals(*m_executor, *m_model, m_calibration.values, images, mode, search, parallel, {}));
        search.sequential = true;
        std::vector<QuantizerParameters> sequential = begin;
        QVERIFY(searchModelIntervals(*m_executor, *m_model, m_calibration.values, images, mode, search, sequential, {}));
        QVERIFY(sequential != parallel);

        // The slow way: the executor runs the network as far as it is quantized, again for every product.
        ExecutionMode soFar = ExecutionMode::floatMode(graph);
        std::vector<QuantizerParameters> expected = begin;
        int products = 0;
        for (size_t n = 0; n < graph.nodes.size(); ++n) {
            const Node &node = graph.nodes[n];
            if (!isProduct(node.op))
                continue;
            if (node.op == Operator::PatchConvolution) { // reads the image, which is the same in both
                expected[static_cast<size_t>(graph.weightTap(static_cast<int>(n)))]
                    = sequential[static_cast<size_t>(graph.weightTap(static_cast<int>(n)))];
                expected[static_cast<size_t>(graph.outputTap(node.inputs[0]))]
                    = sequential[static_cast<size_t>(graph.outputTap(node.inputs[0]))];
            } else {
                testing::TapValues seen(graph);
                const auto logits = m_executor->run(m_calibration.values, images, soFar, &seen, {});
                QVERIFY(logits.has_value());
                if (static_cast<int>(n) == graph.valueSource(graph.output))
                    compareHeadGradient(soFar, *logits, static_cast<int>(n));
                CapturedProduct product;
                product.node = static_cast<int>(n);
                product.left = operand(seen, node.inputs[0], product.leftShape);
                if (node.inputs.size() == 2)
                    product.right = operand(seen, node.inputs[1], product.rightShape);
                QVERIFY(searchProduct(*m_executor, *m_model, product, mode, search, expected, {}));
            }
            std::vector<int> operands = {graph.weightTap(static_cast<int>(n))};
            for (const int input : node.inputs) {
                const int own = graph.outputTap(input);
                operands.push_back(mode.quantize[static_cast<size_t>(own)] ? own : graph.outputTap(graph.valueSource(input)));
            }
            for (const int tap : operands)
                if (tap >= 0 && mode.quantize[static_cast<size_t>(tap)]) {
                    soFar.quantize[static_cast<size_t>(tap)] = 1;
                    soFar.parameters[static_cast<size_t>(tap)] = expected[static_cast<size_t>(tap)];
                }
            ++products;
        }
        QVERIFY(products > 8);
        int same = 0;
        int quantized = 0;
        for (size_t t = 0; t < graph.taps.size(); ++t) {
            if (!mode.quantize[t])
                continue;
            ++quantized;
            if (expected[t] == sequential[t])
                ++same;
            else
                qInfo("%s differs", graph.taps[t].path.c_str());
        }
        qInfo("%d of %d intervals equal", same, quantized);
        QVERIFY(same >= 0.9 * quantized); // sums of other kernels decide between candidates that are as good
    }

private:
    /// With images first, and one row for a value without any.
    [[nodiscard]] std::vector<float> operand(const testing::TapValues &seen, int node, std::vector<int64_t> &shape) const
    {
        const Node &source = m_model->graph.nodes[static_cast<size_t>(node)];
        shape = {m_calibration.shape[0]};
        if (source.shape.size() == 1)
            shape.push_back(1);
        shape.insert(shape.end(), source.shape.begin(), source.shape.end());
        return seen.after[static_cast<size_t>(m_model->graph.outputTap(node))];
    }

    /// Of KL(P || softmax z) by the logits z that is softmax z - P; P is the float network's prediction.
    void compareHeadGradient(ExecutionMode &soFar, const std::vector<float> &logits, int head) const
    {
        const int images = static_cast<int>(m_calibration.shape[0]);
        ExecutionMode plainMode = ExecutionMode::floatMode(m_model->graph);
        const std::vector<float> plain = *m_executor->run(m_calibration.values, images, plainMode, nullptr, {});
        CaptureOptions capture;
        capture.loss = SearchLoss::Published;
        capture.soFar = &soFar;
        const auto product = captureProduct(*m_executor, *m_model, m_calibration.values, images, head, capture, {});
        QVERIFY2(product.has_value(), product ? "" : product.error().message().c_str());
        QCOMPARE(product->gradient.size(), logits.size());
        const auto softmax = [&](const std::vector<float> &z, size_t i) {
            const size_t classes = z.size() / static_cast<size_t>(images);
            double sum = 0;
            for (size_t c = 0; c < classes; ++c)
                sum += std::exp(static_cast<double>(z[i / classes * classes + c]));
            return std::exp(static_cast<double>(z[i])) / sum;
        };
        double largest = 0;
        for (size_t i = 0; i < logits.size(); ++i) {
            const double expected = softmax(logits, i) - softmax(plain, i);
            largest = std::max(largest, std::abs(expected));
            QVERIFY(std::abs(static_cast<double>(product->gradient[i]) - expected) < 1e-5);
        }
        QVERIFY(largest > 1e-3); // there is something to see
    }

    /// Min-max intervals of all 32 images.
    std::vector<QuantizerParameters> start(const std::vector<TapSetting> &settings)
    {
        ImageBatch batch;
        for (int i = 0; i < m_calibration.shape[0]; ++i)
            batch.indices.push_back(i);
        batch.pixels = m_calibration.values;
        Calibration calibration(*m_executor, *m_model, observationNeeds(m_model->graph, settings));
        if (!calibration.add(*m_executor, *m_model, std::move(batch), {}))
            return {};
        const auto taps = calibration.derive(*m_executor, *m_model, settings, {});
        return taps ? taps->parameters : std::vector<QuantizerParameters>();
    }

    void compare(const std::string &config, const nlohmann::json &expected, CapturedProduct product,
                 const ExecutionMode &mode, const IntervalSearch &search, std::vector<QuantizerParameters> &parameters)
    {
        const std::string node = m_model->graph.nodes[static_cast<size_t>(product.node)].path;
        const auto &modules = expected["modules"];
        const auto module = std::find_if(modules.begin(), modules.end(), [&](const nlohmann::json &one) {
            return nodeOfModule(one["name"].get<std::string>()) == node;
        });
        QVERIFY2(module != modules.end(), node.c_str());
        const auto moduleName = (*module)["name"].get<std::string>();
        if (search.metric == SearchMetric::Hessian) {
            const std::string suffix = "/" + moduleName;
            for (const auto &[tensor, entry] : m_gradients->tensors())
                if (tensor == config + suffix || tensor.ends_with(suffix) || tensor == moduleName)
                    product.gradient = valuesOf(*m_gradients, tensor);
            QVERIFY2(!product.gradient.empty(), node.c_str());
            if (moduleName == "patch_embed.proj")
                product.gradient = channelsLast(product.gradient, product.leftShape);
        }
        const std::vector<QuantizerParameters> before = parameters;
        const auto found = searchProduct(*m_executor, *m_model, product, mode, search, parameters, {});
        QVERIFY2(found.has_value(), found ? "" : found.error().message().c_str());

        bool sameSoFar = true;
        for (const auto &reference : (*module)["searches"]) {
            const auto operand = reference["operand"].get<std::string>();
            const bool left = operand != "w" && operand != "B";
            const int round = reference["round"].get<int>();
            const auto own = std::find_if(found->searches.begin(), found->searches.end(), [&](const OperandSearch &s) {
                return s.left == left && s.round == round;
            });
            QVERIFY2(own != found->searches.end(), (node + " " + operand).c_str());
            QVERIFY2(own->choice.size() == reference["index"].size(), (node + " " + operand).c_str());
            if (!sameSoFar)
                break; // a different choice changes what later searches of this module see
            const std::vector<float> scores
                = valuesOf(*m_scores, config + "/" + moduleName + "/" + operand + "/" + std::to_string(round));
            const size_t candidates = scores.size() / own->choice.size();
            for (size_t g = 0; g < own->choice.size(); ++g) {
                ++m_searches;
                const int index = reference["index"][g].get<int>();
                if (own->choice[g] == index) {
                    ++m_equal;
                    continue;
                }
                sameSoFar = false;
                QVERIFY(!scores.empty());
                const auto best = static_cast<double>(scores[g * candidates + static_cast<size_t>(index)]);
                const auto ours = static_cast<double>(scores[g * candidates + static_cast<size_t>(own->choice[g])]);
                const double tolerance = search.metric == SearchMetric::Cosine ? 8e-6 : 1e-3 * std::abs(best);
                qInfo("%s %s round %d group %zu: %d instead of %d, reference scores %.9g and %.9g", node.c_str(),
                      operand.c_str(), round, g, own->choice[g], index, ours, best);
                QVERIFY(ours >= best - tolerance);
            }
        }
        if (sameSoFar)
            compareIntervals(*module, product.node, before, parameters);
    }

    void compareIntervals(const nlohmann::json &module, int node, const std::vector<QuantizerParameters> &before,
                          const std::vector<QuantizerParameters> &after)
    {
        const Graph &graph = m_model->graph;
        const Node &product = graph.nodes[static_cast<size_t>(node)];
        const int weight = graph.weightTap(node);
        const int right = weight >= 0 ? weight : graph.outputTap(product.inputs[1]);
        const std::string rightName = weight >= 0 ? "w_interval" : "B_interval";
        QVERIFY2(largestDifference(before[static_cast<size_t>(right)].scale, module[rightName + "_init"]) < 1e-6,
                 product.path.c_str());
        QVERIFY2(largestDifference(after[static_cast<size_t>(right)].scale, module[rightName]) < 1e-6, product.path.c_str());
        const std::string leftName = weight >= 0 ? "a_interval" : "A_interval";
        const std::string leftKind = module[weight >= 0 ? "quantizer_a" : "quantizer_A"].get<std::string>();
        if (leftKind == "none")
            return;
        int left = graph.outputTap(product.inputs[0]);
        if (after[static_cast<size_t>(left)].kind == QuantizerKind::None)
            left = graph.outputTap(graph.valueSource(product.inputs[0]));
        const QuantizerParameters &found = after[static_cast<size_t>(left)];
        if (leftKind == "twin_softmax")
            QCOMPARE(found.split, module["split"].get<float>());
        else
            QVERIFY2(largestDifference(found.scale, module[leftName]) < 1e-6, product.path.c_str());
    }

    /// [images, channels, patches] -> [images, patches, channels]
    static std::vector<float> channelsLast(const std::vector<float> &values, const std::vector<int64_t> &leftShape)
    {
        const auto images = static_cast<size_t>(leftShape[0]);
        const auto patches = static_cast<size_t>(leftShape[1]);
        const size_t channels = values.size() / images / patches;
        std::vector<float> result(values.size());
        for (size_t i = 0; i < images; ++i)
            for (size_t c = 0; c < channels; ++c)
                for (size_t p = 0; p < patches; ++p)
                    result[(i * patches + p) * channels + c] = values[(i * channels + c) * patches + p];
        return result;
    }

    nlohmann::json m_expected;
    testing::NpyArray m_calibration;
    testing::NpyArray m_input;
    TensorStorePtr m_scores;
    TensorStorePtr m_gradients;
    ModelPtr m_model;
    std::unique_ptr<Executor> m_executor;
    int m_searches = 0;
    int m_equal = 0;
};

QTEST_GUILESS_MAIN(TestPtq4Vit)
#include "tst_ptq4vit.moc"
