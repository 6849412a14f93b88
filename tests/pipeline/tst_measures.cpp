// SPDX-License-Identifier: GPL-3.0-or-later
// Sensitivity within runs, attention maps and TinyNeuralNetwork's reports against slow references.
#include "core/analysis/divergence.h"
#include "core/analysis/tinynn_report.h"
#include "core/data/channel_axis.h"
#include "core/pipeline/attention_maps.h"
#include "core/pipeline/error_analysis.h"
#include "core/pipeline/session.h"
#include "core/quantization/fake_quantize.h"
#include "core/quantization/recipe.h"
#include "tests/pipeline/tiny_model.h"
#include "tests/support/test_data.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>

using namespace quantoscope;

using namespace Qt::StringLiterals;

namespace {

/// Values of all taps before (`entering`) and after their own quantizer.
class Recorder final : public TapVisitor {
public:
    explicit Recorder(const Graph &graph) : m_graph(graph) {}
    bool wants(int) const override { return true; }
    void visit(int tap, const TensorView &value, ExecutionMode &) override { keep(entering, tap, value); }
    bool wantsResult(int) const override { return true; }
    void visitResult(int tap, const TensorView &value) override { keep(results, tap, value); }
    std::map<std::string, std::vector<float>> entering;
    std::map<std::string, std::vector<float>> results;

private:
    void keep(std::map<std::string, std::vector<float>> &values, int tap, const TensorView &value)
    {
        values[m_graph.taps[static_cast<size_t>(tap)].path].assign(value.data, value.data + value.elements());
    }
    const Graph &m_graph;
};

/// torch.cosine_similarity of rows, averaged.
double torchCosine(const std::vector<float> &x, const std::vector<float> &y, size_t rows)
{
    const size_t width = x.size() / rows;
    double sum = 0;
    for (size_t r = 0; r < rows; ++r) {
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (size_t i = r * width; i < (r + 1) * width; ++i) {
            xx += static_cast<double>(x[i]) * static_cast<double>(x[i]);
            yy += static_cast<double>(y[i]) * static_cast<double>(y[i]);
            xy += static_cast<double>(x[i]) * static_cast<double>(y[i]);
        }
        sum += xy / std::max(std::sqrt(xx) * std::sqrt(yy), 1e-8);
    }
    return sum / static_cast<double>(rows);
}

double torchSqnr(const std::vector<float> &x, const std::vector<float> &y)
{
    double signal = 0;
    double noise = 0;
    for (size_t i = 0; i < x.size(); ++i) {
        signal += static_cast<double>(x[i]) * static_cast<double>(x[i]);
        noise += std::pow(static_cast<double>(x[i]) - static_cast<double>(y[i]), 2);
    }
    return 20 * std::log10(std::sqrt(signal) / std::sqrt(noise));
}

/// Cancels in `phase` once `after` units of it are done.
RunControl cancellingIn(const std::string &phase, int64_t after)
{
    RunControl control;
    control.sink = [token = control.cancel, phase, after](const Progress &progress) {
        if (progress.phase == phase && progress.done >= after)
            token.cancel();
    };
    return control;
}

} // namespace

class TestMeasures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_TINY_MODEL(m_weights, m_folder);
    }

    void aRunHoldsTheSensitivityThatWholeRunsHave()
    {
        RunRequest request = tiny();
        request.evaluate = request.evaluateFloat = true;
        request.quantization.bits = {4, 4, 4};
        const auto session = Session::open(request.model).value();
        const RunRecord all = session->run(request, {}, {}).value();
        request.sensitivity = wanted(SensitivityLevel::Block, {SensitivityKind::OnlyThis, SensitivityKind::AllButThis});
        const RunRecord run = session->run(request, {}, {}).value();
        QCOMPARE(run.sensitivity.size(), size_t{1});
        const SensitivityTable &table = run.sensitivity.front();
        QVERIFY(table.complete);
        QCOMPARE(table.quantized.images, int64_t{testing::kTinyEvaluation});
        // Everything quantized is the run itself.
        const double kl = meanKl(*all.floatResult, *all.result);
        QVERIFY2(std::abs(table.quantized.kl - kl) < 1e-5 * (1 + kl), qPrintable(QString::number(table.quantized.kl)));
        QCOMPARE(table.floatTop1, all.floatResult->top1());
        // All but block 1: the same as a plan that leaves it in float.
        RunRequest planned = request;
        planned.sensitivity.reset();
        planned.quantization.planJson = R"({"name": "b1", "rules": [{"block": "1", "bits": "float"}]})";
        const RunRecord without = session->run(planned, {}, {}).value();
        const SensitivityRow *row
            = table.find("block 1", SensitivityKind::AllButThis, SensitivityPart::Both, PrecisionOption::own());
        QVERIFY(row);
        const double expected = meanKl(*without.floatResult, *without.result);
        QVERIFY2(std::abs(row->kl - expected) < 1e-5 * (1 + expected), qPrintable(u"%1 %2"_s.arg(row->kl).arg(expected)));
        QCOMPARE(row->top1, without.result->top1());
    }

    void everyTapKnowsItsUnit()
    {
        RunRequest request = tiny();
        request.evaluate = request.evaluateFloat = false;
        request.sensitivity = wanted(SensitivityLevel::OperatorType, {SensitivityKind::OnlyThis});
        const auto session = Session::open(request.model).value();
        const RunRecord run = session->run(request, {}, {}).value();
        const SensitivityTable &table = run.sensitivity.front();
        for (size_t t = 0; t < run.taps.size(); ++t) {
            const int unit = table.unitOfTap[t];
            QCOMPARE(unit >= 0, run.taps[t].setting.isQuantized());
            if (unit >= 0)
                QCOMPARE(table.units[static_cast<size_t>(unit)], run.taps[t].operatorName);
        }
    }

    void theCostIsKnownBeforeAndCountedOnTheWay()
    {
        RunRequest request = tiny();
        request.evaluate = request.evaluateFloat = false;
        request.sensitivity = wanted(SensitivityLevel::Tap, {SensitivityKind::OnlyThis, SensitivityKind::AllButThis});
        request.sensitivity->images = 8;
        const auto session = Session::open(request.model).value();
        const SensitivityCost cost = session->sensitivityCost(request, {}).value();
        QCOMPARE(cost.images, int64_t{8});
        QVERIFY(cost.measurements > 60 && cost.seconds > 0);
        QVERIFY(cost.passes > 2 && cost.passes < 0.75 * static_cast<double>(cost.measurements));
        RunControl control;
        Progress last;
        control.sink = [&last](const Progress &progress) {
            if (progress.phase == "sensitivity")
                last = progress;
        };
        const RunRecord run = session->run(request, control, {}).value();
        QCOMPARE(last.unit, std::string("passes"));
        QCOMPARE(last.done, last.total);
        QCOMPARE(last.total, static_cast<int64_t>(std::llround(8 * cost.passes)));
        QCOMPARE(run.sensitivity.front().rows.size(), cost.measurements);
    }

    void aCancelledMeasurementKeepsWhatIsFinished()
    {
        RunRequest request = tiny();
        request.evaluate = request.evaluateFloat = false;
        request.sensitivity = wanted(SensitivityLevel::Tap, {SensitivityKind::OnlyThis});
        const auto session = Session::open(request.model).value();
        const RunRecord whole = session->run(request, {}, {}).value();
        const RunRecord part = session->run(request, cancellingIn("sensitivity", 200), {}).value();
        QVERIFY(!part.complete && whole.complete);
        QCOMPARE(part.sensitivity.size(), size_t{1});
        const SensitivityTable &kept = part.sensitivity.front();
        const SensitivityTable &all = whole.sensitivity.front();
        QVERIFY(!kept.complete);
        QVERIFY(!kept.rows.empty() && kept.rows.size() < all.rows.size());
        for (size_t r = 0; r < kept.rows.size(); ++r) {
            QCOMPARE(kept.rows[r].operatorPath, all.rows[r].operatorPath);
            QCOMPARE(kept.rows[r].kl, all.rows[r].kl);
        }
        const auto nothing = session->run(request, cancellingIn("sensitivity", 0), {});
        QVERIFY(nothing.has_value() && nothing->sensitivity.empty() && !nothing->complete);
    }

    void floatRunsAreRefused()
    {
        RunRequest request = tiny();
        request.quantize = false;
        request.sensitivity = wanted(SensitivityLevel::Block, {SensitivityKind::OnlyThis});
        const auto session = Session::open(request.model).value();
        const auto run = session->run(request, {}, {});
        QVERIFY(!run && run.error().code == ErrorCode::Usage);
    }

    void measuresJoinARunOfTheSameModelOnly()
    {
        RunRequest request = tiny();
        const auto session = Session::open(request.model).value();
        RunRecord base = session->run(request, {}, {}).value();
        RunRequest more = request;
        more.evaluate = more.evaluateFloat = false;
        more.sensitivity = wanted(SensitivityLevel::Block, {SensitivityKind::OnlyThis});
        RunRecord measured = session->run(more, {}, {}).value();
        QVERIFY(sameQuantizedModel(base, measured));
        takeMeasures(base, measured);
        takeMeasures(base, measured); // measured again: replaced
        QCOMPARE(base.sensitivity.size(), size_t{1});
        QVERIFY(base.result.has_value());
        more.quantization.bits.weights = 4;
        QVERIFY(!sameQuantizedModel(base, session->run(more, {}, {}).value()));
    }

    void attentionIsTheClassTokensRow_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("leading");
        QTest::newRow("class token") << u"tiny_vit.safetensors"_s << 1;
        QTest::newRow("distilled") << u"tiny_vit_distilled.safetensors"_s << 2;
    }

    void attentionIsTheClassTokensRow()
    {
        QFETCH(const QString, file);
        QFETCH(const int, leading);
        RunRequest request = tiny();
        request.model.weights = testing::dataPath("fixtures/vit/" + file.toStdString());
        if (request.model.weights.empty())
            QSKIP("needs fixtures/vit (set QUANTOSCOPE_DATA)");
        request.evaluate = request.evaluateFloat = false;
        request.quantization.lis = true;
        request.quantization.bits.attention = 4;
        const std::string image = (m_folder.path() + u"/val/class3/03.png"_s).toStdString();
        request.attention = {image};
        const auto session = Session::open(request.model).value();
        const RunRecord run = session->run(request, {}, {}).value();
        QCOMPARE(run.attention.size(), size_t{1});
        const AttentionRecord &record = run.attention.front();
        QCOMPARE(record.kind, AttentionKind::ClassToken);
        const Model &model = session->model();
        QCOMPARE(record.layers.size(), static_cast<size_t>(model.info.depth));

        const std::vector<float> pixels = pixelsOf(image, run.model.preprocessing);
        // What the model saw, back from the normalised values.
        const size_t plane = pixels.size() / 3;
        for (size_t i = 0; i < plane; i += 7)
            for (size_t c = 0; c < 3; ++c) {
                const float value = (pixels[c * plane + i] * run.model.preprocessing.deviation[c]
                                     + run.model.preprocessing.mean[c]) * 255;
                QVERIFY(std::abs(value - static_cast<float>(record.picture[3 * i + c])) < 0.01F);
            }
        const auto executor = Executor::create(std::make_shared<Model>(model), {}).value();
        ExecutionMode floating = ExecutionMode::floatMode(model.graph);
        std::vector<TapSetting> settings;
        for (const TapRecord &tap : run.taps)
            settings.push_back(tap.setting);
        ExecutionMode quantized = ExecutionMode::quantizedMode(model.graph, settings);
        for (size_t t = 0; t < run.taps.size(); ++t)
            quantized.parameters[t] = run.taps[t].parameters;
        for (const bool wantQuantized : {false, true}) {
            Recorder recorder(model.graph);
            QVERIFY(executor->run(pixels, 1, wantQuantized ? quantized : floating, &recorder, {}).has_value());
            std::vector<std::vector<double>> product; // rollout, naive
            for (const AttentionLayer &layer : record.layers) {
                const std::vector<float> &weights = recorder.results.at(layer.path);
                const auto n = static_cast<size_t>(layer.grid * layer.grid + leading);
                const auto heads = static_cast<size_t>(layer.heads);
                QCOMPARE(weights.size(), heads * n * n);
                const std::vector<float> &maps = wantQuantized ? layer.quantized : layer.floating;
                for (size_t h = 0; h < heads; ++h)
                    for (size_t j = 0; j + static_cast<size_t>(leading) < n; ++j)
                        QCOMPARE(maps[h * (n - static_cast<size_t>(leading)) + j],
                                 weights[h * n * n + j + static_cast<size_t>(leading)]);
                std::vector<std::vector<double>> next(n, std::vector<double>(n));
                for (size_t i = 0; i < n; ++i) {
                    std::vector<double> row(n);
                    double sum = 0;
                    for (size_t j = 0; j < n; ++j) {
                        for (size_t h = 0; h < heads; ++h)
                            row[j] += static_cast<double>(weights[(h * n + i) * n + j]) / static_cast<double>(2 * heads);
                        row[j] += i == j ? 0.5 : 0;
                        sum += row[j];
                    }
                    for (size_t j = 0; j < n; ++j) {
                        if (product.empty())
                            next[i][j] = row[j] / sum;
                        for (size_t k = 0; k < n && !product.empty(); ++k)
                            next[i][j] += row[k] / sum * product[k][j];
                    }
                }
                product = next;
            }
            const std::vector<float> &rollout = wantQuantized ? record.rolloutQuantized : record.rolloutFloating;
            QCOMPARE(rollout.size() + static_cast<size_t>(leading), product.size());
            for (size_t j = 0; j < rollout.size(); ++j)
                QVERIFY(std::abs(static_cast<double>(rollout[j]) - product[0][j + static_cast<size_t>(leading)]) < 1e-6);
        }
    }

    void windowedAttentionIsShownWindowByWindow()
    {
        const std::string weights = testing::dataPath("fixtures/swin/swin_tiny_random.safetensors");
        const std::string input = testing::dataPath("fixtures/swin/input.npy");
        if (weights.empty() || input.empty())
            QSKIP("needs fixtures/swin (set QUANTOSCOPE_DATA)");
        const ModelPtr model = openModel({.weights = weights}).value();
        const auto executor = Executor::create(model, {}).value();
        ExecutionMode mode = ExecutionMode::floatMode(model->graph);
        const std::string image = (m_folder.path() + u"/val/class3/03.png"_s).toStdString();
        const PassOptions options{model->info.preprocessing, 1, nullptr};
        const AttentionRecord record = attentionMaps(*executor, *model, image, mode, options, {}).value();
        QCOMPARE(record.kind, AttentionKind::Received);
        QVERIFY(record.rolloutFloating.empty());
        const std::vector<float> pixels = pixelsOf(image, model->info.preprocessing);
        Recorder recorder(model->graph);
        QVERIFY(executor->run(pixels, 1, mode, &recorder, {}).has_value());
        int windowed = 0;
        for (const AttentionLayer &layer : record.layers) {
            const Node &softmax = model->graph.nodes[static_cast<size_t>(model->graph.findNode(layer.path))];
            const std::vector<float> &values = recorder.results.at(layer.path);
            const auto n = static_cast<size_t>(softmax.shape.back());
            const auto side = static_cast<size_t>(std::lround(std::sqrt(static_cast<double>(n))));
            const auto grid = static_cast<size_t>(layer.grid);
            const size_t across = grid / side;
            const auto shift = static_cast<size_t>(softmax.shift);
            windowed += layer.window > 0 && shift > 0;
            for (size_t w = 0; w < across * across; ++w)
                for (size_t h = 0; h < static_cast<size_t>(layer.heads); ++h)
                    for (size_t j = 0; j < n; ++j) {
                        double sum = 0;
                        for (size_t i = 0; i < n; ++i)
                            sum += static_cast<double>(values[((w * static_cast<size_t>(layer.heads) + h) * n + i) * n + j]);
                        const size_t y = (w / across * side + j / side + shift) % grid;
                        const size_t x = (w % across * side + j % side + shift) % grid;
                        QCOMPARE(layer.floating[h * grid * grid + y * grid + x],
                                 static_cast<float>(sum / static_cast<double>(n)));
                    }
        }
        QVERIFY(windowed > 0);
    }

    void picturesThatCannotBeDecodedAreNamed()
    {
        RunRequest request = tiny();
        request.evaluate = request.evaluateFloat = false;
        request.attention = {(m_folder.path() + u"/classes.txt"_s).toStdString()};
        const auto session = Session::open(request.model).value();
        const auto run = session->run(request, {}, {});
        QVERIFY(!run && run.error().where == request.attention.front());
    }

    void tinynnReportsEqualItsDefinitions()
    {
        RunRequest request = tiny();
        request.quantization.recipe = "tinynn-int8";
        request.evaluate = request.evaluateFloat = false;
        request.analyze = true;
        request.analysisImages = testing::kTinyEvaluation;
        const auto session = Session::open(request.model).value();
        const RunRecord run = session->run(request, {}, {}).value();
        const Model &model = session->model();
        const auto executor = Executor::create(std::make_shared<Model>(model), {}).value();
        std::vector<TapSetting> settings;
        for (const TapRecord &tap : run.taps)
            settings.push_back(tap.setting);
        ExecutionMode mode = ExecutionMode::quantizedMode(model.graph, settings);
        for (size_t t = 0; t < run.taps.size(); ++t)
            mode.parameters[t] = run.taps[t].parameters;
        ExecutionMode floating = ExecutionMode::floatMode(model.graph);
        std::vector<float> pixels;
        for (const ImageItem &item : run.images.items) {
            const std::vector<float> one = pixelsOf(run.images.root + "/" + item.path, run.model.preprocessing);
            pixels.insert(pixels.end(), one.begin(), one.end());
        }
        const int images = testing::kTinyEvaluation;
        Recorder ofFloat(model.graph);
        Recorder ofQuantized(model.graph);
        QVERIFY(executor->run(pixels, images, floating, &ofFloat, {}).has_value());
        QVERIFY(executor->run(pixels, images, mode, &ofQuantized, {}).has_value());
        for (const TinynnMetric metric : {TinynnMetric::Cosine, TinynnMetric::Sqnr}) {
            const auto figure = [&](const std::vector<float> &x, const std::vector<float> &y, size_t rows) {
                return metric == TinynnMetric::Cosine ? torchCosine(x, y, rows) : torchSqnr(x, y);
            };
            // Layer: every fake quantizer's input in float against its output.
            std::map<std::string, double> expected;
            std::vector<std::string> order;
            for (size_t t = 0; t < run.taps.size(); ++t) {
                if (!settings[t].isQuantized())
                    continue;
                const Tap &tap = run.taps[t].tap;
                std::vector<float> x;
                if (tap.kind == TapKind::Weight) {
                    const TensorView view = executor->parameter(tap.parameter);
                    x.assign(view.data, view.data + view.elements());
                } else {
                    x = ofFloat.entering.at(tap.path);
                    order.push_back(tap.path);
                }
                std::vector<float> y(x.size());
                fakeQuantize(run.taps[t].parameters, x.data(), y.data(), static_cast<int64_t>(x.size()),
                             scaleRun(model.graph, tap, run.taps[t].parameters.scale.size()));
                const size_t rows = tap.kind == TapKind::Weight      ? static_cast<size_t>(tap.channels)
                                  : tap.kind == TapKind::Parameter ? 1
                                                                     : static_cast<size_t>(images);
                expected[tap.path] = figure(x, y, rows);
            }
            const TinynnReport layer = tinynnLayerErrors(run, metric, 1000);
            QCOMPARE(layer.weights.size() + layer.activations.size(), expected.size());
            for (const auto *list : {&layer.weights, &layer.activations})
                for (size_t i = 0; i < list->size(); ++i) {
                    const std::string &path = run.taps[static_cast<size_t>((*list)[i].tap)].tap.path;
                    QVERIFY(i == 0 || (*list)[i - 1].value <= (*list)[i].value);
                    const double tolerance = metric == TinynnMetric::Cosine ? 1e-6 : 1e-3;
                    QVERIFY2(std::abs((*list)[i].value - expected.at(path)) < tolerance
                                 || (std::isinf((*list)[i].value) && std::isinf(expected.at(path))),
                             qPrintable(u"%1: %2 instead of %3"_s.arg(QString::fromStdString(path))
                                            .arg((*list)[i].value).arg(expected.at(path))));
                }
            QCOMPARE(tinynnLayerErrors(run, metric, 5).weights.size(), size_t{5});
            // Graph: the input of every activation's fake quantizer, float against quantized, in network order.
            const TinynnReport graph = tinynnGraphErrors(run, metric);
            QVERIFY(graph.weights.empty());
            QCOMPARE(graph.activations.size(), order.size());
            for (size_t i = 0; i < order.size(); ++i) {
                QCOMPARE(run.taps[static_cast<size_t>(graph.activations[i].tap)].tap.path, order[i]);
                const std::vector<float> &x = ofFloat.entering.at(order[i]);
                const double other = figure(x, ofQuantized.entering.at(order[i]), rowsOf(run, order[i], images));
                // Threads split images over another number of shards here: last bits move, roundings may flip.
                const double tolerance = metric == TinynnMetric::Cosine ? 1e-4 : 0.2;
                QVERIFY2(std::abs(graph.activations[i].value - other) < tolerance
                             || (std::isinf(graph.activations[i].value) && std::isinf(other)),
                         qPrintable(u"%1: %2 instead of %3"_s.arg(QString::fromStdString(order[i]))
                                        .arg(graph.activations[i].value).arg(other)));
            }
        }
        const QString text = QString::fromStdString(tinynnLayerErrors(run, TinynnMetric::Cosine).text(run));
        QVERIFY2(text.startsWith(u"Quantization error report:\n\nWeights (cosine sorted 20):\n"_s), qPrintable(text));
        QVERIFY(text.contains(u"\n\nActivations (cosine sorted 20):\n"_s));
        const QRegularExpression line(
            u"^blocks\\.0\\.mlp\\.fc1 {24,} cosine: 0\\.\\d{4}, scale: \\d\\.\\d{4}, zero_point: 0$"_s,
            QRegularExpression::MultilineOption);
        QVERIFY2(line.match(text).hasMatch(), qPrintable(text));
    }

private:
    [[nodiscard]] RunRequest tiny() const { return testing::tinyRequest(m_weights, m_folder.path()); }

    static SensitivityRequest wanted(SensitivityLevel level, std::vector<SensitivityKind> kinds)
    {
        SensitivityRequest request;
        request.options.level = level;
        request.options.kinds = std::move(kinds);
        request.options.options = {PrecisionOption::own()};
        return request;
    }

    static double meanKl(const EvaluationResult &reference, const EvaluationResult &other)
    {
        const auto classes = static_cast<size_t>(reference.classes);
        double sum = 0;
        for (size_t i = 0; i < reference.images.size(); ++i)
            sum += klOfLogits({reference.logits.data() + i * classes, classes}, {other.logits.data() + i * classes, classes});
        return sum / static_cast<double>(reference.images.size());
    }

    static size_t rowsOf(const RunRecord &run, const std::string &path, int images)
    {
        for (const TapRecord &tap : run.taps)
            if (tap.tap.path == path)
                return tap.tap.kind == TapKind::Parameter ? 1 : static_cast<size_t>(images);
        return 0;
    }

    static std::vector<float> pixelsOf(const std::string &image, const Preprocessing &preprocessing)
    {
        ImageSet set;
        set.items.push_back({image, -1});
        const auto loader = startLoading(set, {preprocessing, 1, nullptr}, 1, {}).value();
        return loader->next().value().pixels;
    }

    QTemporaryDir m_folder;
    std::string m_weights;
};

QTEST_GUILESS_MAIN(TestMeasures)
#include "tst_measures.moc"
