// SPDX-License-Identifier: GPL-3.0-or-later
// Every recipe on real graphs: what it quantizes, that it runs, and where a published program's numbers are there, those.
#include "core/io/run_file.h"
#include "core/pipeline/session.h"
#include "core/quantization/recipe.h"
#include "tests/pipeline/tiny_model.h"
#include "tests/support/test_data.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace quantoscope;

namespace {

QuantizationRequest requestOf(const Recipe &recipe)
{
    QuantizationRequest request;
    request.recipe = recipe.name;
    request.bits = recipe.bits;
    request.search = false;
    return request;
}

struct Counts {
    int weights = 0;
    int activations = 0; ///< position embedding included
    bool operator==(const Counts &) const = default;
};

Counts quantizedTaps(const Graph &graph, const std::vector<TapSetting> &settings)
{
    Counts counts;
    for (size_t t = 0; t < settings.size(); ++t)
        if (settings[t].isQuantized())
            ++(graph.taps[t].kind == TapKind::Weight ? counts.weights : counts.activations);
    return counts;
}

/// Quantized taps of a ViT with `depth` blocks, from the descriptions in the specification.
Counts expectedTaps(const std::string &recipe, int depth)
{
    const int allWeights = 4 * depth + 2;
    if (recipe == "itpn") // 2.4: qkv, scores, softmax, context, proj, GELU, fc2; no patch embedding, no head
        return {4 * depth, 7 * depth};
    if (recipe == "tinynn-int8") // 6.3: input, patch, cat, pos, sum; norm1, q, k, v, scores, softmax, context, proj, sum, norm2,
        return {allWeights, 5 + 13 * depth + 2}; // fc1, fc2, sum; norm, classifier. 124 with class token and split weights at depth 6
    if (recipe == "tinynn-mixed1") // without pos and the sums of blocks, with GELU
        return {allWeights, 4 + 12 * depth + 2};
    if (recipe == "tinynn-mixed2") { // without fc2 and its input in blocks 4 and 5
        const int floats = std::clamp(depth - 4, 0, 2);
        return {allWeights - floats, 4 + 12 * depth + 2 - 2 * floats};
    }
    if (recipe == "least-error") // image; norm1, q, k, v, softmax, context, norm2, GELU; norm
        return {allWeights, 1 + 8 * depth + 1};
    if (recipe == "tensorrt") // image; norm1, q, k, context, norm2, GELU; norm
        return {allWeights, 1 + 6 * depth + 1};
    if (recipe == "baseptq" || recipe == "ptq4vit") // 5.2: norm1, q, k, v, softmax, context, norm2, GELU; norm
        return {allWeights, 8 * depth + 1};
    // FQ-ViT, 2.2: 7 + 10 per block, and the softmax
    return {allWeights, 7 + 11 * depth};
}

} // namespace

class TestRecipeRuns : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_TINY_MODEL(m_weights, m_folder);
    }

    void recipesQuantizeWhatTheirSourcesSay_data()
    {
        QTest::addColumn<QString>("recipe");
        for (const Recipe &recipe : builtinRecipes())
            QTest::newRow(recipe.name.c_str()) << QString::fromStdString(recipe.name);
    }

    void recipesQuantizeWhatTheirSourcesSay()
    {
        QFETCH(const QString, recipe);
        const Recipe chosen = findRecipe(recipe.toStdString()).value();
        std::vector<std::string> files = {m_weights};
        if (const std::string deit = testing::dataPath("models/deit_tiny_patch16_224.safetensors"); !deit.empty())
            files.push_back(deit);
        for (const std::string &file : files) {
            ModelRequest request{.weights = file};
            if (file == m_weights)
                request.heads = testing::kTinyHeads;
            const auto model = openModel(request);
            QVERIFY2(model.has_value(), model ? "" : model.error().message().c_str());
            const Graph &graph = (*model)->graph;
            const auto settings = resolveSettings(graph, requestOf(chosen), true);
            QVERIFY2(settings.has_value(), settings ? "" : settings.error().message().c_str());
            const Counts counts = quantizedTaps(graph, *settings);
            const Counts expected = expectedTaps(chosen.name, (*model)->info.depth);
            QCOMPARE(counts.weights, expected.weights);
            QCOMPARE(counts.activations, expected.activations);
            for (size_t t = 0; t < settings->size(); ++t) {
                const Tap &tap = graph.taps[t];
                const TapSetting &s = (*settings)[t];
                if (tap.role == Role::Image) // of ViT, where the sources disagree
                    QCOMPARE(resolveSettings(graph, requestOf(chosen), false).value()[t].isQuantized(),
                             s.isQuantized() && !chosen.imageFollowsModel);
                if (chosen.name.starts_with("tinynn") && s.isQuantized()) {
                    QCOMPARE(s.arithmetic, Arithmetic::Torch);
                    QCOMPARE(s.granularity, tap.path.ends_with("qkv.weight") ? Granularity::Group : Granularity::Tensor);
                }
            }
        }
    }

    void everyRecipeRunsToFiniteResults_data() { recipesQuantizeWhatTheirSourcesSay_data(); }

    void everyRecipeRunsToFiniteResults()
    {
        QFETCH(const QString, recipe);
        RunRequest request = tiny();
        request.quantization = requestOf(findRecipe(recipe.toStdString()).value());
        request.analyze = true;
        const auto run = open()->run(request, {}, {});
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
        for (const float logit : run->result->logits)
            QVERIFY(std::isfinite(logit));
        for (const TapRecord &record : run->taps) {
            const bool quantized = record.setting.isQuantized();
            QCOMPARE(record.error.quantized, quantized);
            if (!quantized)
                continue;
            QVERIFY2(record.statistics.observed, record.tap.path.c_str());
            for (const float scale : record.parameters.scale)
                QVERIFY2(std::isfinite(scale) && scale > 0, record.tap.path.c_str());
            // A softmax of unlimited codes is coarse, and the released twin form adds its split: neither clips.
            const bool attention = record.tap.role == Role::AttentionWeights;
            QVERIFY2(record.error.isolated.cosine > (attention ? 0.8 : 0.98), record.tap.path.c_str());
        }
        const PairedComparison paired = comparePaired(*run->floatResult, *run->result);
        qInfo("%s: %lld of %lld predictions agree with float", qPrintable(recipe), static_cast<long long>(paired.agree),
              static_cast<long long>(paired.common));
        const bool searched = findRecipe(recipe.toStdString())->search.has_value();
        QCOMPARE(run->environment.count("intervals"), size_t{searched ? 1U : 0U});
        QCOMPARE(run->model.preprocessing.mode,
                 recipe == QLatin1String("tf-fqvit") ? ResizeMode::Squash : ResizeMode::ShorterSide);
    }

    void aSearchMovesIntervalsAndIsDoneOnceForAllRuns()
    {
        RunRequest request = tiny();
        request.evaluateFloat = false;
        request.quantization = requestOf(findRecipe("ptq4vit").value());
        request.quantization.search = true;
        request.quantization.bits = {6, 6, 6};
        const auto session = open();
        int64_t searches = 0;
        RunControl control;
        control.sink = [&](const Progress &progress) {
            searches += progress.phase == "search" && progress.done == progress.total;
        };
        const auto searched = session->run(request, control, {});
        QVERIFY2(searched.has_value(), searched ? "" : searched.error().message().c_str());
        QCOMPARE(searches, 1);
        QVERIFY(searched->environment.at("intervals").starts_with("searched by hessian"));
        const auto again = session->run(request, control, {});
        QVERIFY(again.has_value());
        QCOMPARE(searches, 1);
        request.quantization.search = false;
        const auto plain = session->run(request, control, {});
        QVERIFY(plain.has_value());
        int moved = 0;
        for (size_t t = 0; t < plain->taps.size(); ++t) {
            QVERIFY(searched->taps[t].parameters == again->taps[t].parameters);
            moved += !(searched->taps[t].parameters == plain->taps[t].parameters);
        }
        QVERIFY(moved > 20);
    }

    void aRequestChangesTheSearchAndTheRunFileKeepsIt()
    {
        RunRequest request = tiny();
        request.evaluateFloat = false;
        request.data.limit = 2;
        request.quantization = requestOf(findRecipe("ptq4vit").value());
        request.quantization.search = true;
        request.quantization.bits = {4, 4, 4};
        request.quantization.searchJson = R"({"metric": "l2", "rounds": 1, "candidates": 10})";
        const auto run = open()->run(request, {}, {});
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
        QCOMPARE(run->environment.at("intervals"), std::string("searched by l2 in 1 rounds of 10 candidates from 0.01 to 1.2"));
        const std::string file = m_folder.filePath(QStringLiteral("searched.h5")).toStdString();
        QVERIFY(writeRunFile(*run, file));
        const auto read = readRunFile(file);
        QVERIFY2(read.has_value(), read ? "" : read.error().message().c_str());
        QVERIFY(read->request == request.quantization);
        request.quantization.recipe = "tensorrt";
        QCOMPARE(open()->run(request, {}, {}).error().code, ErrorCode::Usage);
    }

    void aRecipeThatNeedsMoreCalibratesAgainAndSwitchingBackDoesNot()
    {
        const auto session = Session::open(tiny().model).value();
        const auto calibratedImages = [&](const char *recipe) {
            RunRequest request = tiny();
            request.evaluate = request.evaluateFloat = false;
            request.quantization = requestOf(findRecipe(recipe).value());
            int64_t done = 0;
            RunControl control;
            control.sink = [&](const Progress &progress) {
                if (progress.phase == "calibrate")
                    done = progress.done;
            };
            return session->run(request, control, {}) ? done : -1;
        };
        QCOMPARE(calibratedImages("minmax"), int64_t{testing::kTinyCalibration});
        QCOMPARE(calibratedImages("ema"), int64_t{0});
        QCOMPARE(calibratedImages("baseptq"), int64_t{testing::kTinyCalibration}); // q, k, v
        QCOMPARE(calibratedImages("tensorrt"), int64_t{0});
        QCOMPARE(calibratedImages("tinynn-mixed2"), int64_t{testing::kTinyCalibration}); // torch histograms
        QCOMPARE(calibratedImages("tensorrt"), int64_t{0});
        QCOMPARE(calibratedImages("omse"), int64_t{0});
    }

    void firstIntervalsEqualPtq4vitsProgram_data()
    {
        QTest::addColumn<QString>("config");
        for (const char *config : {"BasePTQ/w8a8/cosine", "BasePTQ/w6a6/cosine", "PTQ4ViT/w8a8/cosine", "PTQ4ViT/w6a6/cosine"})
            QTest::newRow(config) << QString::fromLatin1(config);
    }

    void firstIntervalsEqualPtq4vitsProgram()
    {
        QUANTOSCOPE_NEED_DATA(path, "golden/ptq4vit/ptq4vit_expected.json");
        QFETCH(const QString, config);
        const nlohmann::json expected = testing::readJson(path)["configs"][config.toStdString()]["modules"];
        const auto model = openModel({.weights = m_weights, .heads = testing::kTinyHeads}).value();
        const Graph &graph = model->graph;
        const auto executor = Executor::create(model, {}).value();
        QuantizationRequest request;
        request.recipe = config.startsWith(QLatin1String("Base")) ? "baseptq" : "ptq4vit";
        const int bits = config.contains(QLatin1String("w6a6")) ? 6 : 8;
        request.bits = {bits, bits, bits};
        const auto settings = resolveSettings(graph, request, true).value();
        const testing::NpyArray images = testing::readNpy(testing::dataPath("fixtures/fq_quant/calib.npy"));
        ImageBatch batch;
        for (int i = 0; i < images.shape[0]; ++i)
            batch.indices.push_back(i);
        batch.pixels = images.values;
        Calibration calibration(*executor, *model, observationNeeds(graph, settings));
        QVERIFY(calibration.add(*executor, *model, std::move(batch), {}));
        const auto taps = calibration.derive(*executor, *model, settings, {});
        QVERIFY2(taps.has_value(), taps ? "" : taps.error().message().c_str());

        int compared = 0;
        const auto compare = [&](const nlohmann::json &module, const char *field, const std::string &tap) {
            if (!module.contains(field))
                return;
            const int index = graph.findTap(tap);
            QVERIFY2(index >= 0, tap.c_str());
            const std::vector<float> &scale = taps->parameters[static_cast<size_t>(index)].scale;
            QVERIFY2(scale.size() == module[field].size(), tap.c_str());
            for (size_t s = 0; s < scale.size(); ++s, ++compared) {
                const auto reference = module[field][s].get<double>();
                QVERIFY2(std::abs(static_cast<double>(scale[s]) - reference) <= 2e-6 * reference, tap.c_str());
            }
        };
        for (const auto &module : expected) {
            const auto name = module["name"].get<std::string>();
            const std::string block = name.substr(0, name.find('.', 7) + 1);
            if (name.ends_with("matmul1")) {
                compare(module, "A_interval_init", block + "attn.q");
                compare(module, "B_interval_init", block + "attn.k");
            } else if (name.ends_with("matmul2")) {
                compare(module, "A_interval_init", block + "attn.softmax");
                compare(module, "B_interval_init", block + "attn.v");
            } else {
                compare(module, "w_interval_init", name + ".weight");
                const std::string input = name == "head"             ? "norm"
                                        : name.ends_with("attn.qkv") ? block + "norm1"
                                        : name.ends_with("attn.proj") ? block + "attn.context"
                                        : name.ends_with("mlp.fc1")   ? block + "norm2"
                                        : name.ends_with("mlp.fc2")   ? block + "mlp.gelu"
                                                                      : std::string();
                if (!input.empty())
                    compare(module, "a_interval_init", input);
            }
        }
        qInfo("%d intervals equal", compared);
        QVERIFY(compared >= 39); // every one of the program's
    }

private:
    RunRequest tiny() const { return testing::tinyRequest(m_weights, m_folder.path()); }

    Session *open()
    {
        if (!m_session)
            m_session = Session::open(tiny().model).value();
        return m_session.get();
    }

    std::string m_weights;
    QTemporaryDir m_folder;
    std::unique_ptr<Session> m_session;
};

QTEST_GUILESS_MAIN(TestRecipeRuns)
#include "tst_recipe_runs.moc"
