// SPDX-License-Identifier: GPL-3.0-or-later
// DeiT-T on real images against the authors' own program: float, and all twelve quantized configurations.
#include "core/pipeline/session.h"
#include "core/quantization/derive_parameters.h"
#include "tests/parity/fq_names.h"
#include "tests/support/test_data.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace quantoscope;

namespace {

constexpr double kScaleTolerance = 1e-5;
constexpr double kTop1Tolerance = 0.8;     // points on 650 images
constexpr int kLeastEqualArgmax = 15;      // of 16
constexpr double kMostMeanSteps = 5.0;     // quantization steps of the logits
constexpr size_t kStoredImages = 16;
constexpr double kNearTie = 1e-5;          // relative gap of two PTF candidates' errors below which float32 sums decide

/// Keeps one tap's value.
class Capture final : public TapVisitor {
public:
    explicit Capture(int tap) : m_tap(tap) {}
    bool wants(int tap) const override { return tap == m_tap; }
    void visit(int, const TensorView &value, ExecutionMode &) override
    {
        m_values.assign(value.data, value.data + value.elements());
        m_shape = value.shape;
    }
    [[nodiscard]] TensorView view() const { return {m_values.data(), m_shape}; }

private:
    int m_tap;
    std::vector<float> m_values;
    std::vector<int64_t> m_shape;
};

/// Top-1 with torch.topk's choice among equal logits: the order that a partial sort of five leaves.
double top1AsTorchRanks(const EvaluationResult &result)
{
    int64_t correct = 0;
    const auto classes = static_cast<size_t>(result.classes);
    std::vector<std::pair<float, int64_t>> queue(classes);
    for (size_t i = 0; i < result.images.size(); ++i) {
        for (size_t c = 0; c < classes; ++c)
            queue[c] = {result.logits[i * classes + c], static_cast<int64_t>(c)};
        std::partial_sort(queue.begin(), queue.begin() + 5, queue.end(),
                          [](const auto &a, const auto &b) { return a.first > b.first; });
        correct += queue[0].second == result.images[i].label;
    }
    return 100.0 * static_cast<double>(correct) / static_cast<double>(result.images.size());
}

size_t argmax(const std::vector<double> &values)
{
    return static_cast<size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

} // namespace

class TestDeitParity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_DATA(weights, "models/deit_tiny_patch16_224.safetensors");
        QUANTOSCOPE_NEED_DATA(images, "imagenet/val");
        QUANTOSCOPE_NEED_DATA(results, "golden/deit_tiny_patch16_224/results.json");
        m_results = testing::readJson(results);
        ModelRequest model;
        model.weights = weights;
        model.referenceArithmetic = true;
        auto session = Session::open(model);
        QVERIFY2(session.has_value(), session ? "" : session.error().message().c_str());
        m_session = std::move(*session);
        m_request.model = model;
        m_request.data.folder = testing::dataPath("imagenet");
        m_request.calibration.list = testing::dataPath("golden/calibration-100.txt");
        m_request.calibration.batch = 10;
    }

    void recognisesDeitTinyFromItsTensors()
    {
        const ModelInfo &info = m_session->model().info;
        QCOMPARE(info.name, std::string("deit_tiny_patch16_224"));
        QCOMPARE(info.heads, 3);
        QCOMPARE(info.parameters, int64_t{5717416});
        QCOMPARE(info.preprocessing.resize, 256);
    }

    void floatAccuracyAndLogitsEqualTheReference()
    {
        RunRequest request = m_request;
        request.quantize = false;
        const auto run = m_session->run(request, {}, {});
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
        const EvaluationResult &result = *run->floatResult;
        QCOMPARE(result.count, int64_t{650});
        QVERIFY(result.failures.empty());
        QVERIFY(std::abs(result.top1() - m_results["float"]["top1"].get<double>()) < 0.001);
        QVERIFY(std::abs(result.top5() - m_results["float"]["top5"].get<double>()) < 0.001);
        const auto golden = testing::readJson(testing::dataPath("golden/deit_tiny_patch16_224/float.json"));
        double worst = 0;
        for (size_t i = 0; i < kStoredImages; ++i)
            for (size_t c = 0; c < 1000; ++c)
                worst = std::max(worst, std::abs(static_cast<double>(result.logits[i * 1000 + c])
                                                 - golden["logits"][i][c].get<double>()));
        qInfo("float: top-1 %.3f, top-5 %.3f, largest logit difference %.2g, %.1f images/s", result.top1(),
              result.top5(), worst, result.imagesPerSecond);
        QVERIFY(worst < 1e-3);
    }

    void quantizedRunsMatchTheAuthorsProgram_data()
    {
        QTest::addColumn<QString>("config");
        for (const char *observer : {"minmax", "ema", "percentile", "omse"})
            for (const char *flags : {"", "+ptf", "+ptf+lis"})
                QTest::newRow(qPrintable(QString::fromLatin1(observer) + QLatin1String(flags)))
                    << QString::fromLatin1(observer) + QLatin1String(flags);
    }

    void quantizedRunsMatchTheAuthorsProgram()
    {
        QFETCH(const QString, config);
        const auto golden = testing::readJson(
            testing::dataPath("golden/deit_tiny_patch16_224/" + config.toStdString() + ".json"));
        QVERIFY(!golden.is_null());
        RunRequest request = m_request;
        request.evaluateFloat = true;
        request.quantization = testing::requestOfFqConfig(config.toStdString());
        const auto run = m_session->run(request, {}, {});
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());

        double worstScale = 0;
        int factors = 0;
        int nearTies = 0;
        int zeroPoints = 0;
        for (const auto &[module, expected] : golden["parameters"].items())
            compareQuantizer(*run, module, expected, worstScale, factors, nearTies, zeroPoints);

        double steps = 0;
        int equal = 0;
        compareLogits(*run, golden["logits"], steps, equal);
        const EvaluationResult &result = *run->result;
        const PairedComparison against = comparePaired(*run->floatResult, result);
        const double expectedTop1 = m_results[config.toStdString()]["top1"].get<double>();
        m_table += QStringLiteral("%1 %2 %3 %4 %5 %6 %7 %8/16 %9 %10\n")
                       .arg(config, -20)
                       .arg(expectedTop1, 7, 'f', 3)
                       .arg(result.top1(), 7, 'f', 3)
                       .arg(top1AsTorchRanks(result), 9, 'f', 3)
                       .arg(worstScale, 8, 'e', 1)
                       .arg(QStringLiteral("%1 (%2)").arg(factors).arg(nearTies), 8)
                       .arg(zeroPoints, 4)
                       .arg(equal, 5)
                       .arg(steps, 7, 'f', 3)
                       .arg(static_cast<qlonglong>(against.common - against.agree), 5);
        QVERIFY(worstScale <= kScaleTolerance);
        QCOMPARE(factors, nearTies);
        QCOMPARE(zeroPoints, 0);
        QVERIFY(std::abs(result.top1() - expectedTop1) <= kTop1Tolerance);
        QVERIFY(equal >= kLeastEqualArgmax);
        QVERIFY(steps <= kMostMeanSteps);
    }

    void cleanupTestCase()
    {
        qInfo("FQ-ViT's program against this one: DeiT-T, 650 images, calibration-100.txt in ten batches of ten\n"
              "configuration         theirs    ours  as torch  scale  factors   zp  argmax  steps flips\n"
              "                       top-1   top-1  ranks it  error  (near     !=  equal   mean  against\n"
              "                                               (rel.)   ties)                      float\n%s",
              qPrintable(m_table));
    }

private:
    void compareQuantizer(const RunRecord &run, const std::string &module, const nlohmann::json &expected,
                          double &worstScale, int &factors, int &nearTies, int &zeroPoints)
    {
        const std::string path = testing::tapOfFqModule(module, run.model.depth);
        const int tap = m_session->model().graph.findTap(path);
        QVERIFY2(tap >= 0, module.c_str());
        const TapRecord &record = run.taps[static_cast<size_t>(tap)];
        QCOMPARE(record.setting.bits, expected["bits"].get<int>());
        if (!expected.contains("scale") || record.setting.quantizer != QuantizerKind::Uniform)
            return;
        const auto &scale = expected["scale"];
        QCOMPARE(record.parameters.scale.size(), scale.size());
        for (size_t c = 0; c < scale.size(); ++c) {
            const auto reference = scale[c].get<double>();
            const double ratio = static_cast<double>(record.parameters.scale[c]) / reference;
            const bool otherFactor = !record.parameters.ptfFactor.empty() && std::abs(std::log2(ratio)) > 0.5;
            if (otherFactor) {
                ++factors;
                const double gap = relativeGap(run, tap, c, reference);
                nearTies += gap < kNearTie;
                qInfo("%s channel %zu: factor differs, scale %.8g instead of %.8g; their errors differ by %.1e",
                      module.c_str(), c, static_cast<double>(record.parameters.scale[c]), reference, gap);
            } else {
                if (ratio != 1)
                    qInfo("%s channel %zu: scale %.8g instead of %.8g", module.c_str(), c,
                          static_cast<double>(record.parameters.scale[c]), reference);
                worstScale = std::max(worstScale, std::abs(ratio - 1));
            }
        }
        if (record.parameters.zeroPoint != expected["zero_point"][0].get<float>()) {
            ++zeroPoints;
            qInfo("%s: zero point %.0f instead of %.0f", module.c_str(), static_cast<double>(record.parameters.zeroPoint),
                  expected["zero_point"][0].get<double>());
        }
    }

    /// How far apart the errors of the chosen and of the reference's PTF candidate are, on the last calibration batch.
    double relativeGap(const RunRecord &run, int tap, size_t channel, double referenceScale)
    {
        const Model &model = m_session->model();
        auto executor = Executor::create(std::make_shared<const Model>(model), {});
        // The last calibration pass once more: float, with the log-int-softmax already active.
        ExecutionMode mode = ExecutionMode::floatMode(model.graph);
        std::vector<TapSetting> settings;
        for (const TapRecord &record : run.taps) {
            settings.push_back(record.setting);
            mode.parameters[settings.size() - 1] = record.parameters;
        }
        const ExecutionMode quantized = ExecutionMode::quantizedMode(model.graph, settings);
        for (size_t n = 0; n < mode.kernels.size(); ++n)
            if (quantized.kernels[n] == NodeKernel::LogIntSoftmax)
                mode.kernels[n] = NodeKernel::LogIntSoftmax;
        auto images = openImageList(m_request.calibration.list, m_request.data.folder);
        images->items.erase(images->items.begin(), images->items.end() - m_request.calibration.batch);
        LoaderOptions loading;
        loading.batch = m_request.calibration.batch;
        auto loader = BatchLoader::start(*images, model.info.preprocessing, loading);
        const auto batch = (*loader)->next();
        Capture capture(tap);
        const auto logits = (*executor)->run(batch->pixels, loading.batch, mode, &capture, {});
        if (!logits)
            return 1;
        const TapRecord &record = run.taps[static_cast<size_t>(tap)];
        const auto channels = record.parameters.scale.size();
        QuantizerParameters largest = record.parameters;
        largest.scale = {std::ldexp(record.parameters.scale[0], 3 - record.parameters.ptfFactor[0])};
        const TensorView values = capture.view();
        const auto errors = ptfErrors(largest, static_cast<int64_t>(channels), {&values, 1});
        const auto theirs = static_cast<size_t>(
            3 + std::lround(std::log2(referenceScale / static_cast<double>(largest.scale[0]))));
        const double ownError = errors[static_cast<size_t>(record.parameters.ptfFactor[channel]) * channels + channel];
        return std::abs(errors[theirs * channels + channel] - ownError) / ownError;
    }

    void compareLogits(const RunRecord &run, const nlohmann::json &golden, double &meanSteps, int &equalArgmax)
    {
        const auto head = static_cast<size_t>(m_session->model().graph.findTap("head"));
        const auto step = static_cast<double>(run.taps[head].parameters.scale[0]);
        double sum = 0;
        for (size_t i = 0; i < kStoredImages; ++i) {
            std::vector<double> ours(1000);
            std::vector<double> theirs(1000);
            for (size_t c = 0; c < 1000; ++c) {
                ours[c] = static_cast<double>(run.result->logits[i * 1000 + c]);
                theirs[c] = golden[i][c].get<double>();
                sum += std::abs(ours[c] - theirs[c]) / step;
            }
            // Quantized logits tie; the reference's best class must be among ours.
            const double best = *std::max_element(ours.begin(), ours.end());
            equalArgmax += std::abs(ours[argmax(theirs)] - best) < 0.5 * step;
        }
        meanSteps = sum / (1000.0 * static_cast<double>(kStoredImages));
    }

    nlohmann::json m_results;
    std::unique_ptr<Session> m_session;
    RunRequest m_request;
    QString m_table;
};

QTEST_MAIN(TestDeitParity)
#include "tst_deit_parity.moc"
