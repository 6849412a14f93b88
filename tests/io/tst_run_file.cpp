// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/run_file.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <bit>
#include <cmath>
#include <csignal>
#include <functional>
#include <limits>
#include <random>

#include <hdf5.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace quantoscope;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

bool same(float a, float b)
{
    return std::bit_cast<uint32_t>(a) == std::bit_cast<uint32_t>(b);
}

bool same(double a, double b)
{
    return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b);
}

bool same(const std::vector<float> &a, const std::vector<float> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) { return same(x, y); });
}

#define DIFFERS(field) \
    if (!(a.field == b.field)) \
        return #field
#define DIFFERS_BITS(field) \
    if (!same(a.field, b.field)) \
        return #field

/// Each returns the first field that differs, or nothing.
QByteArray difference(const ImageListRecord &a, const ImageListRecord &b)
{
    DIFFERS(root);
    DIFFERS(sha256);
    DIFFERS(items.size());
    for (size_t i = 0; i < a.items.size(); ++i) {
        DIFFERS(items[i].path);
        DIFFERS(items[i].label);
    }
    return {};
}

QByteArray difference(const std::vector<ImageFailure> &a, const std::vector<ImageFailure> &b)
{
    DIFFERS(size());
    for (size_t i = 0; i < a.size(); ++i) {
        DIFFERS(at(i).image);
        DIFFERS(at(i).reason);
    }
    return {};
}

QByteArray difference(const EvaluationResult &a, const EvaluationResult &b)
{
    DIFFERS(count);
    DIFFERS(top1Correct);
    DIFFERS(top5Correct);
    DIFFERS_BITS(imagesPerSecond);
    DIFFERS_BITS(seconds);
    DIFFERS(complete);
    DIFFERS(classes);
    DIFFERS_BITS(logits);
    DIFFERS(images.size());
    for (size_t i = 0; i < a.images.size(); ++i) {
        DIFFERS(images[i].image);
        DIFFERS(images[i].label);
        DIFFERS(images[i].top5);
    }
    return difference(a.failures, b.failures);
}

QByteArray difference(const ErrorMetrics &a, const ErrorMetrics &b)
{
    DIFFERS_BITS(mse);
    DIFFERS_BITS(nmse);
    DIFFERS_BITS(sqnrDb);
    DIFFERS_BITS(cosine);
    return {};
}

QByteArray difference(const TapRecord &a, const TapRecord &b)
{
    DIFFERS(tap.path);
    DIFFERS(tap.kind);
    DIFFERS(tap.role);
    DIFFERS(tap.node);
    DIFFERS(tap.parameter);
    DIFFERS(tap.block);
    DIFFERS(tap.channels);
    DIFFERS(tap.elements);
    DIFFERS(tap.feedsLayerNorm);
    DIFFERS(operatorName);
    DIFFERS(setting);
    DIFFERS(parameters.kind);
    DIFFERS(parameters.bits);
    DIFFERS(parameters.isSigned);
    DIFFERS_BITS(parameters.scale);
    DIFFERS_BITS(parameters.zeroPoint);
    DIFFERS(parameters.ptfFactor);
    DIFFERS_BITS(parameters.zeroPoints);
    DIFFERS(parameters.arithmetic);
    DIFFERS(parameters.narrowRange);
    DIFFERS(parameters.twin);
    DIFFERS_BITS(parameters.lowScale);
    DIFFERS_BITS(parameters.split);
    DIFFERS(statistics.observed);
    DIFFERS(statistics.count);
    DIFFERS_BITS(statistics.minimum);
    DIFFERS_BITS(statistics.maximum);
    DIFFERS_BITS(statistics.channelMinimum);
    DIFFERS_BITS(statistics.channelMaximum);
    DIFFERS_BITS(statistics.tokenMinimum);
    DIFFERS_BITS(statistics.tokenMaximum);
    DIFFERS(statistics.tokenWindows);
    DIFFERS(statistics.histogram.codes);
    DIFFERS(statistics.histogram.counts);
    DIFFERS(error.measured);
    DIFFERS(error.quantized);
    DIFFERS(error.hasCumulative);
    DIFFERS(error.imageSignal);
    DIFFERS(error.imageIsolated);
    DIFFERS(error.imageCumulative);
    DIFFERS_BITS(error.clippedShare);
    DIFFERS_BITS(error.clippingErrorShare);
    const QByteArray isolated = difference(a.error.isolated, b.error.isolated);
    return isolated.isEmpty() ? difference(a.error.cumulative, b.error.cumulative) : isolated;
}

QByteArray difference(const ModelInfo &a, const ModelInfo &b)
{
    DIFFERS(name);
    DIFFERS(title);
    DIFFERS(family);
    DIFFERS(file);
    DIFFERS(sha256);
    DIFFERS(imageSize);
    DIFFERS(patch);
    DIFFERS(width);
    DIFFERS(depth);
    DIFFERS(heads);
    DIFFERS(classes);
    DIFFERS(distilled);
    DIFFERS(parameters);
    DIFFERS(preprocessing);
    DIFFERS(inputQuantized);
    DIFFERS(assumptions);
    DIFFERS(stages);
    return {};
}

QByteArray difference(const SensitivityRow &a, const SensitivityRow &b)
{
    DIFFERS(operatorPath);
    DIFFERS(kind);
    DIFFERS(part);
    DIFFERS(option);
    DIFFERS_BITS(kl);
    DIFFERS_BITS(klStandardError);
    DIFFERS_BITS(agreement);
    DIFFERS_BITS(top1);
    DIFFERS(images);
    return {};
}

QByteArray difference(const SensitivityTable &a, const SensitivityTable &b)
{
    DIFFERS(model);
    DIFFERS(modelSha256);
    DIFFERS(recipe);
    DIFFERS_BITS(floatTop1);
    DIFFERS(level);
    DIFFERS(units);
    DIFFERS(unitOfTap);
    DIFFERS(imagesWanted);
    DIFFERS_BITS(seconds);
    DIFFERS(complete);
    DIFFERS_BITS(quantized.kl);
    DIFFERS_BITS(quantized.klStandardError);
    DIFFERS_BITS(quantized.agreement);
    DIFFERS_BITS(quantized.top1);
    DIFFERS(quantized.images);
    DIFFERS(rows.size());
    for (size_t i = 0; i < a.rows.size(); ++i)
        if (const QByteArray row = difference(a.rows[i], b.rows[i]); !row.isEmpty())
            return row;
    return {};
}

QByteArray difference(const AttentionRecord &a, const AttentionRecord &b)
{
    DIFFERS(image);
    DIFFERS(kind);
    DIFFERS(side);
    DIFFERS(picture);
    DIFFERS_BITS(rolloutFloating);
    DIFFERS_BITS(rolloutQuantized);
    DIFFERS(layers.size());
    for (size_t i = 0; i < a.layers.size(); ++i) {
        DIFFERS(layers[i].path);
        DIFFERS(layers[i].block);
        DIFFERS(layers[i].heads);
        DIFFERS(layers[i].grid);
        DIFFERS(layers[i].window);
        DIFFERS_BITS(layers[i].floating);
        DIFFERS_BITS(layers[i].quantized);
    }
    return {};
}

QByteArray difference(const RangeBand &a, const RangeBand &b)
{
    DIFFERS_BITS(lowFrom);
    DIFFERS_BITS(lowTo);
    DIFFERS_BITS(highFrom);
    DIFFERS_BITS(highTo);
    DIFFERS_BITS(scale);
    DIFFERS_BITS(scaleFrom);
    DIFFERS_BITS(scaleTo);
    return {};
}

QByteArray difference(const RunRecord &a, const RunRecord &b)
{
    DIFFERS(id);
    DIFFERS(created);
    DIFFERS(request);
    DIFFERS(quantized);
    DIFFERS(recipeJson);
    DIFFERS(calibration.batch);
    DIFFERS(calibration.seed);
    DIFFERS(calibration.explicitList);
    DIFFERS_BITS(calibration.seconds);
    DIFFERS(calibration.complete);
    DIFFERS(calibration.history.taps);
    DIFFERS(calibration.history.batchImages);
    DIFFERS_BITS(calibration.history.minimum);
    DIFFERS_BITS(calibration.history.maximum);
    DIFFERS_BITS(calibration.history.tailLow);
    DIFFERS_BITS(calibration.history.tailHigh);
    DIFFERS(calibration.history.images);
    DIFFERS_BITS(calibration.history.imageMinimum);
    DIFFERS_BITS(calibration.history.imageMaximum);
    DIFFERS(calibration.stability.samples);
    DIFFERS(calibration.stability.seed);
    DIFFERS(calibration.stability.taps.size());
    for (size_t i = 0; i < a.calibration.stability.taps.size(); ++i)
        if (const QByteArray band = difference(a.calibration.stability.taps[i], b.calibration.stability.taps[i]); !band.isEmpty())
            return "band " + band;
    DIFFERS(split);
    DIFFERS(classNames);
    DIFFERS(floatResult.has_value());
    DIFFERS(result.has_value());
    DIFFERS(analysisImages);
    DIFFERS(analysed);
    DIFFERS(costs);
    DIFFERS(floatCosts);
    DIFFERS(environment);
    DIFFERS(timings);
    DIFFERS(complete);
    DIFFERS(sequential.decision);
    DIFFERS(sequential.against);
    DIFFERS_BITS(sequential.alpha);
    DIFFERS_BITS(sequential.margin);
    DIFFERS(sequential.seed);
    DIFFERS(sequential.images);
    DIFFERS(sequential.available);
    DIFFERS(sequential.stoppedEarly);
    DIFFERS(sequential.gained);
    DIFFERS(sequential.lost);
    DIFFERS_BITS(sequential.logEvidence);
    DIFFERS_BITS(sequential.difference.low);
    DIFFERS_BITS(sequential.difference.high);
    DIFFERS(sensitivity.size());
    for (size_t i = 0; i < a.sensitivity.size(); ++i)
        if (const QByteArray table = difference(a.sensitivity[i], b.sensitivity[i]); !table.isEmpty())
            return "sensitivity " + table;
    DIFFERS(attention.size());
    for (size_t i = 0; i < a.attention.size(); ++i)
        if (const QByteArray maps = difference(a.attention[i], b.attention[i]); !maps.isEmpty())
            return "attention " + maps;
    DIFFERS(measuredPlans.size());
    for (size_t i = 0; i < a.measuredPlans.size(); ++i) {
        DIFFERS(measuredPlans[i].planJson);
        DIFFERS(measuredPlans[i].figures.images);
        DIFFERS_BITS(measuredPlans[i].figures.kl);
        DIFFERS_BITS(measuredPlans[i].figures.klStandardError);
        DIFFERS_BITS(measuredPlans[i].figures.agreement);
        DIFFERS(measuredPlans[i].figures.labelled);
        DIFFERS_BITS(measuredPlans[i].figures.top1);
        DIFFERS_BITS(measuredPlans[i].figures.top1Interval.low);
        DIFFERS_BITS(measuredPlans[i].figures.top1Interval.high);
    }
    DIFFERS(taps.size());
    for (size_t i = 0; i < a.taps.size(); ++i)
        if (const QByteArray tap = difference(a.taps[i], b.taps[i]); !tap.isEmpty())
            return "taps " + QByteArray::number(static_cast<int>(i)) + " " + tap;
    for (const QByteArray &part :
         {difference(a.model, b.model), difference(a.calibration.images, b.calibration.images),
          difference(a.calibration.failures, b.calibration.failures), difference(a.images, b.images),
          a.floatResult ? difference(*a.floatResult, *b.floatResult) : QByteArray(),
          a.result ? difference(*a.result, *b.result) : QByteArray()})
        if (!part.isEmpty())
            return part;
    return {};
}

EvaluationResult someResult(int images, int classes, std::mt19937 &random)
{
    EvaluationResult result;
    result.count = images;
    result.top1Correct = images / 2;
    result.top5Correct = images - 1;
    result.imagesPerSecond = 19.7;
    result.seconds = 0.1;
    result.classes = classes;
    std::normal_distribution<float> logit(0, 2);
    for (int i = 0; i < images; ++i) {
        ImageOutcome outcome{i, i % classes, {}};
        for (size_t k = 0; k < outcome.top5.size(); ++k)
            outcome.top5[k] = static_cast<int>(k) < classes ? (i + static_cast<int>(k)) % classes : -1;
        result.images.push_back(outcome);
        for (int c = 0; c < classes; ++c)
            result.logits.push_back(logit(random));
    }
    return result;
}

/// Every field has a value of its own that no default has; the awkward ones included.
RunRecord awkwardRun()
{
    std::mt19937 random(1);
    RunRecord run;
    run.id = "run-7";
    run.created = "2026-01-02T03:04:05Z";
    run.model = {"deit_tiny_patch16_224", "DeiT-T/16 224", "vit", "/d\xC3\xA4ten/\xE6\xA8\xA1\xE5\x9E\x8B \"1\".safetensors",
                 "00ff", 224, 16, 192, 12, 3, 1000, true, 5717416,
                 {248, 223, Interpolation::Bilinear, {0.5F, 0.25F, 0.1F}, {1e-30F, 2, 3}}, false,
                 {"heads: 64 dimensions each", "", "\xE2\x82\xAC"}};
    run.model.stages = {{2, 96, 0, 0}, {6, 1LL << 40, 12, 7}};
    run.request = {"omse", true, true, {6, 7, 4}, "{\"rules\": [\n]}"};
    run.quantized = true;
    run.recipeJson = std::string(100000, 'j'); // longer than HDF5 stores in an attribute itself
    run.calibration.images = {"/train", {{"n01/a b.JPEG", -1}, {"n02/\xC3\xB6.JPEG", 5}}, {"aa", "bb"}};
    run.calibration.batch = 11;
    run.calibration.seed = std::numeric_limits<uint64_t>::max();
    run.calibration.explicitList = true;
    run.calibration.seconds = 12.5;
    run.calibration.complete = false;
    run.calibration.failures = {{1, "truncated file"}, {0, ""}};
    const float nan = std::numeric_limits<float>::quiet_NaN();
    run.calibration.history = {3, {7, 2}, {-1, -2, nan, nan, 0, -0.0F}, {1, 2, nan, nan, 1e-45F, 5}, {-1, nan, nan, nan, 0, 0},
                               {1, nan, nan, nan, 3, infinity}, 1, {-1, nan, -0.0F}, {1, nan, 6}};
    run.calibration.stability = {200, std::numeric_limits<uint64_t>::max(),
                                 {{-2, -1, 1, 2, 0.25F, 0.125F, 0.5F}, {nan, nan, nan, nan, nan, nan, nan}, {0, 1, 2, 3, 4, 5, 6}}};
    run.images = {"/val", {{"x", 0}, {"y", 1}, {"z", 2}}, {}};
    run.split = "val";
    run.classNames = {"tench", "great white shark, \xE7\x99\xBD\xE9\xB2\xA8", ""};
    run.floatResult = someResult(3, 3, random);
    run.floatResult->logits[2] = std::numeric_limits<float>::quiet_NaN();
    run.floatResult->logits[3] = -infinity;
    run.result = someResult(2, 3, random);
    run.result->complete = false;
    run.result->failures = {{2, "cannot decode"}};
    run.analysisImages = 32;
    run.analysed = {2, 0};
    run.costs = PrecisionCosts{4.5, 4, 8, 1e6, 1e300, 2.5e6, 17};
    run.floatCosts = PrecisionCosts{32, 32, 32, 8e6, 1e301, 1e7, 0};
    run.sequential = {Decision::Worse, "/\xC3\xA4.h5", 0.01, 0.25, 99, 3, 650, true, 1, 2, -1e-300, {-7.5, 0.125}};
    run.environment = {{"torch", "1.13"}, {"cpu", "\xC3\xBC"}, {"empty", ""}, {"a/b", "slash"}};
    run.timings = {{"float", 1.5}, {"calibrate", std::numeric_limits<double>::denorm_min()}};
    run.complete = false;

    TapRecord tap;
    tap.tap = {"blocks.0.norm1", TapKind::Activation, Role::Normalized, 4, "", 0, 3, 591, true};
    tap.operatorName = "layer_norm";
    tap.setting = {QuantizerKind::Uniform, ObserverKind::TorchHistogram113, Granularity::Group, true, 6, true, 3,
                   Arithmetic::Torch, true, true, TwinForm::SoftmaxReleased, 0.25F, 7};
    tap.parameters = {QuantizerKind::TwinUniform, 4, true, {1e-45F, 0.5F, 3}, -128, {0, 3, 1}, {1, 2, -3},
                      Arithmetic::TensorFlow, true, TwinForm::Gelu, 1e-45F, 0.125F};
    tap.statistics = {true, std::numeric_limits<uint64_t>::max(), -1.5F, infinity, {-1, -0.0F, 2}, {1, 5, infinity},
                      {{0xFF80, 0xBF80, 0x8000, 0x0000, 0x3F80, 0x7F80}, {1, 2, 3, 4, 5, uint64_t{1} << 40}}, {-1, -2, -0.0F, 4}, {1, 2, infinity, 4}, 2};
    tap.error.measured = true;
    tap.error.quantized = true;
    tap.error.isolated = {1e-300, 0.25, std::numeric_limits<double>::infinity(), 0.5};
    tap.error.network = {5, 6, 7, 0.5};
    tap.error.cumulative = {1, 2, 3, -1};
    tap.error.hasCumulative = true;
    tap.error.channelIsolated = {{1, 2, 3, 1}, {0, 0, std::numeric_limits<double>::infinity(), 1}};
    tap.error.tokenCumulative = {{4, 3, 2, 1}};
    tap.error.imageSignal = {8, 0.5};
    tap.error.imageIsolated = {1e-300, std::numeric_limits<double>::infinity()};
    tap.error.codesUsed = 61;
    tap.error.rowSums = {7, 0.125, 0.5, 1.25, {3, 4}};
    tap.error.codeEntropyBits = 5.25;
    tap.error.clippedShare = 0.125;
    tap.error.clippingErrorShare = 1;
    run.taps.push_back(tap);
    TapRecord weight; // never observed, not measured, no channels
    weight.tap.path = "head.weight";
    weight.tap.kind = TapKind::Weight;
    weight.tap.role = Role::Weight;
    weight.tap.parameter = "head.weight";
    weight.operatorName = "linear";
    run.taps.push_back(weight);
    TapRecord slashed = weight; // a weight has the isolated error only
    slashed.tap.path = "a/b";
    slashed.error.measured = true;
    slashed.error.isolated = {1, 2, 3, 4};
    slashed.error.clippedShare = 0.5;
    slashed.error.clippingErrorShare = 0.25;
    run.taps.push_back(slashed);
    SensitivityTable table{"deit", "00ff", "minmax 8/8/8", std::numeric_limits<double>::quiet_NaN(), {}};
    table.level = SensitivityLevel::Tap;
    table.units = {"blocks.0.norm1", "kopf\xC3\xA4"};
    table.unitOfTap = {0, 1, -1};
    table.quantized = {{}, {}, {}, {}, 0.5, 0.25, 99.5, 80, 48};
    table.imagesWanted = 64;
    table.seconds = 12.25;
    table.complete = false;
    table.rows = {{"kopf\xC3\xA4", SensitivityKind::AllButThis, SensitivityPart::Weights, {0, 0}, 1e-300, 0.125, 50, -0.0, 48},
                  {"blocks.0.norm1", SensitivityKind::OnlyThis, SensitivityPart::Activations, PrecisionOption::own(), 2, 1,
                   100, std::numeric_limits<double>::quiet_NaN(), 48}};
    run.sensitivity.push_back(table);
    table.level = SensitivityLevel::OperatorType;
    table.rows.clear();
    run.sensitivity.push_back(table);
    run.attention.push_back({"/b\xC3\xA4/1.JPEG", AttentionKind::Received, 2, {0, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
                             {{"a.softmax", 3, 2, 2, 1, {1, 2, 3, 4, 5, 6, 7, -0.0F}, {8, 7, 6, 5, 4, 3, 2, 1e-45F}}},
                             {1, 2, 3, 4}, {4, 3, 2, infinity}});
    run.measuredPlans = {{R"({"name": "4.50 bits"})", {48, 0.1, 1e-300, 99.5, 47, 80, {70.5, 88.25}}},
                         {"", {48, infinity, std::numeric_limits<double>::quiet_NaN(), 2, 0, -0.0, {0, 100}}}};
    return run;
}

bool setVersion(hid_t file, int version)
{
    const hid_t attribute = H5Aopen(file, "format_version", H5P_DEFAULT);
    const bool done = H5Awrite(attribute, H5T_NATIVE_INT, &version) >= 0;
    H5Aclose(attribute);
    return done;
}

/// As large as a whole run of DeiT-T on 650 images.
RunRecord deitSizedRun()
{
    std::mt19937 random(2);
    RunRecord run = awkwardRun();
    run.taps.clear();
    run.calibration.history = {};
    run.calibration.stability = {};
    run.sensitivity.clear();
    for (int i = 0; i < 177; ++i) {
        TapRecord tap;
        tap.tap.path = "blocks." + std::to_string(i / 14) + ".tap" + std::to_string(i % 14);
        tap.tap.channels = i % 2 == 0 ? 768 : 192;
        tap.operatorName = "linear";
        const auto channels = static_cast<size_t>(tap.tap.channels);
        std::normal_distribution<float> value(0, 1);
        for (size_t c = 0; c < channels; ++c) {
            tap.parameters.scale.push_back(std::fabs(value(random)));
            tap.statistics.channelMinimum.push_back(value(random) - 3);
            tap.statistics.channelMaximum.push_back(value(random) + 3);
        }
        const auto add = [&](unsigned code, double weight) {
            tap.statistics.histogram.codes.push_back(static_cast<uint16_t>(code));
            tap.statistics.histogram.counts.push_back(1 + static_cast<uint64_t>(weight * std::fabs(value(random)) * 1e4));
        };
        for (unsigned k = 0; k < 1500; ++k)
            add(0xC080 - k, std::exp(-0.003 * k));
        for (unsigned k = 0; k < 1500; ++k)
            add(0x4080 - 1499 + k, std::exp(-0.003 * (1500 - k)));
        run.taps.push_back(std::move(tap));
    }
    run.images.items.clear();
    for (int i = 0; i < 650; ++i) {
        run.images.items.push_back({"n01440764/ILSVRC2012_val_000" + std::to_string(10000 + i) + ".JPEG", i});
        run.images.sha256.push_back(std::string(64, static_cast<char>('a' + i % 6)));
    }
    run.floatResult = someResult(650, 1000, random);
    run.result = someResult(650, 1000, random);
    run.classNames.assign(1000, "a class name");
    return run;
}

/// Runs `work` in a child process and waits; its return value is the exit status.
int inChild(const std::function<int()> &work)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(work());
    int status = -1;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

} // namespace

class RunFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); // this test's own calls fail on purpose
    }

    void everyFieldIsReadBackExactly_data()
    {
        QTest::addColumn<int>("variant");
        QTest::newRow("every field awkward") << 0;
        QTest::newRow("float only") << 1;
        QTest::newRow("calibration only") << 2;
        QTest::newRow("empty") << 3;
        QTest::newRow("as large as DeiT-T") << 4;
    }
    void everyFieldIsReadBackExactly()
    {
        QFETCH(int, variant);
        RunRecord run = variant == 4 ? deitSizedRun() : awkwardRun();
        if (variant == 1) {
            run.result.reset();
            run.taps.clear();
            run.calibration.history = {};
            run.calibration.stability = {};
            run.sensitivity.clear();
        } else if (variant == 2) {
            run.result.reset();
            run.floatResult.reset();
        } else if (variant == 3) {
            run = RunRecord();
        }
        const std::string path = m_folder.filePath(QString("l\u00e4uf \u6a21 %1.h5").arg(variant)).toStdString();
        QElapsedTimer timer;
        timer.start();
        const auto written = writeRunFile(run, path);
        const qint64 writing = timer.restart();
        QVERIFY2(written, written ? "" : written.error().message().c_str());
        const auto read = readRunFile(path);
        const qint64 reading = timer.elapsed();
        QVERIFY2(read, read ? "" : read.error().message().c_str());
        QCOMPARE(difference(run, *read), QByteArray());
        const qint64 size = QFileInfo(QString::fromStdString(path)).size();
        qInfo("%lld bytes, written in %lld ms, read in %lld ms", size, writing, reading);
        QVERIFY2(size < 9'000'000, "a run of DeiT-T takes a few megabytes");
    }

    void theSameRunGivesTheSameBytes()
    {
        const QString first = m_folder.filePath("first.h5");
        const QString second = m_folder.filePath("second.h5");
        QVERIFY(writeRunFile(awkwardRun(), first.toStdString()));
        QVERIFY(writeRunFile(awkwardRun(), second.toStdString()));
        QCOMPARE(bytes(first), bytes(second));
    }

    void valuesThatWereNotMeasuredAreNotANumber()
    {
        const QString path = m_folder.filePath("nan.h5");
        QVERIFY(writeRunFile(awkwardRun(), path.toStdString()));
        const hid_t file = H5Fopen(path.toUtf8().constData(), H5F_ACC_RDONLY, H5P_DEFAULT);
        const hid_t table = H5Dopen2(file, "/taps/table", H5P_DEFAULT);
        const hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(double));
        H5Tinsert(type, "isolated_sqnr", 0, H5T_NATIVE_DOUBLE);
        std::array<double, 3> sqnr{};
        QVERIFY(H5Dread(table, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, sqnr.data()) >= 0);
        H5Tclose(type);
        H5Dclose(table);
        H5Fclose(file);
        QVERIFY(std::isinf(sqnr[0]) && std::isnan(sqnr[1]) && same(sqnr[2], 3.0));
    }

    void aContradictoryRunIsNotWritten()
    {
        const auto refused = [&](const std::function<void(RunRecord &)> &damage, const char *item) {
            RunRecord run = awkwardRun();
            damage(run);
            const auto written = writeRunFile(run, m_folder.filePath("refused.h5").toStdString());
            return !written && written.error().what.find(item) == 0;
        };
        QVERIFY(refused([](RunRecord &run) { run.result->images[0].image = 3; }, "/result"));
        QVERIFY(refused([](RunRecord &run) { run.floatResult->images[0].top5[4] = 3; }, "/float"));
        QVERIFY(refused([](RunRecord &run) { run.floatResult->logits.pop_back(); }, "/float"));
        QVERIFY(refused([](RunRecord &run) { run.images.sha256 = {"one"}; }, "/images"));
        QVERIFY(refused([](RunRecord &run) { run.calibration.failures[0].image = -1; }, "/calibration"));
        QVERIFY(refused([](RunRecord &run) { run.taps[0].parameters.scale.pop_back(); }, "/taps/blocks.0.norm1"));
        QVERIFY(refused([](RunRecord &run) { run.taps[0].setting.bits = 40; }, "/taps/blocks.0.norm1"));
        QVERIFY(refused([](RunRecord &run) { run.taps[0].statistics.channelMaximum.clear(); }, "/taps/blocks.0.norm1"));
        QVERIFY(refused([](RunRecord &run) { run.taps[0].statistics.histogram.codes[0] = 0; }, "/taps/blocks.0.norm1"));
        QVERIFY(refused([](RunRecord &run) { run.taps[1] = run.taps[0]; }, "/taps/blocks.0.norm1"));
        QVERIFY(refused([](RunRecord &run) { run.sensitivity[0].unitOfTap.pop_back(); }, "/sensitivity/tap"));
        QVERIFY(refused([](RunRecord &run) { run.sensitivity[1].unitOfTap[0] = 2; }, "/sensitivity/type"));
        QVERIFY(refused([](RunRecord &run) { run.attention[0].picture.pop_back(); }, "/attention"));
        QVERIFY(refused([](RunRecord &run) { run.taps[0].statistics.tokenMaximum.pop_back(); }, "/taps/blocks.0.norm1"));
        QVERIFY(refused([](RunRecord &run) { run.taps[0].statistics.tokenWindows = 3; }, "/taps/blocks.0.norm1"));
        QVERIFY(refused([](RunRecord &run) { run.calibration.history.tailLow.pop_back(); }, "/calibration/history"));
        QVERIFY(refused([](RunRecord &run) { run.calibration.history.images = 2; }, "/calibration/history"));
        QVERIFY(refused([](RunRecord &run) { run.calibration.history.batchImages[1] = 0; }, "/calibration/history"));
        QVERIFY(refused([](RunRecord &run) { run.calibration.stability.taps.pop_back(); }, "/calibration/stability"));
        QVERIFY(refused([](RunRecord &run) { run.attention[0].layers[0].heads = 3; }, "/attention"));
        QVERIFY(refused([](RunRecord &run) { run.attention[0].rolloutFloating.clear(); }, "/attention"));
        QVERIFY(!QFile::exists(m_folder.filePath("refused.h5")));
        QVERIFY(partialFiles().isEmpty());
    }

    void anyMissingItemIsNamed_data()
    {
        QTest::addColumn<QByteArray>("item");
        for (const char *item : {"/model", "/request", "/calibration", "/images", "/classes", "/taps", "/environment",
                                 "/timings", "/model/preprocessing", "/model/assumptions", "/request/plan_json", "/images/path", "/images/label",
                                 "/images/sha256", "/calibration/failures", "/taps/table", "/taps/blocks.0.norm1",
                                 "/sensitivity/tap/table", "/sensitivity/type/unit", "/calibration/history/quantile_low",
                                 "/calibration/history/image_maximum", "/calibration/stability/band",
                                 "/taps/blocks.0.norm1/token_maximum", "/attention/0/picture",
                                 "/attention/0/0/quantized", "/taps/blocks.0.norm1/scale", "/taps/a|b/histogram", "/float/logits", "/result/top5"})
            QTest::newRow(item) << QByteArray(item);
    }
    void anyMissingItemIsNamed()
    {
        QFETCH(QByteArray, item);
        const auto read = readChanged([&](hid_t file) { return H5Ldelete(file, item.constData(), H5P_DEFAULT) >= 0; });
        QVERIFY(!read && read.error().code == ErrorCode::CorruptFile);
        QVERIFY2(read.error().what.find(item.toStdString() + ": ") == 0, read.error().what.c_str());
    }

    void modelsWithoutStagesAndOlderFilesReadAlike()
    {
        const auto older = readChanged([](hid_t file) { return H5Ldelete(file, "/model/stages", H5P_DEFAULT) >= 0; });
        QVERIFY2(older.has_value(), older ? "" : older.error().message().c_str());
        QVERIFY(older->model.stages.empty());
    }

    void filesWithoutMeasuresReadAsBefore()
    {
        const auto older = readChanged([](hid_t file) {
            return H5Ldelete(file, "/sensitivity", H5P_DEFAULT) >= 0 && H5Ldelete(file, "/attention", H5P_DEFAULT) >= 0
                && H5Ldelete(file, "/measured_plans", H5P_DEFAULT) >= 0;
        });
        QVERIFY2(older.has_value(), older ? "" : older.error().message().c_str());
        QVERIFY(older->sensitivity.empty() && older->attention.empty() && older->measuredPlans.empty());
        QCOMPARE(older->taps.size(), awkwardRun().taps.size());
    }

    void filesWithoutHistoryAndTokensReadAsBefore()
    {
        const auto older = readChanged([](hid_t file) {
            return H5Ldelete(file, "/calibration/history", H5P_DEFAULT) >= 0
                && H5Ldelete(file, "/calibration/stability", H5P_DEFAULT) >= 0
                && H5Ldelete(file, "/taps/blocks.0.norm1/token_minimum", H5P_DEFAULT) >= 0;
        });
        QVERIFY2(older.has_value(), older ? "" : older.error().message().c_str());
        QVERIFY(older->calibration.history == CalibrationHistory());
        QVERIFY(older->calibration.stability.samples == 0 && older->calibration.stability.taps.empty());
        QVERIFY(older->taps.front().statistics.tokenMinimum.empty() && older->taps.front().statistics.tokenMaximum.empty());
        QCOMPARE(older->taps.front().statistics.channelMinimum, awkwardRun().taps.front().statistics.channelMinimum);
    }

    void anyMissingAttributeIsNamed()
    {
        const std::pair<const char *, const char *> attributes[] = {
            {"/", "format"},         {"/", "format_version"},   {"/", "complete"},
            {"/model", "classes"},   {"/request", "ptf"},       {"/calibration", "seed"},
            {"/images", "root"},     {"/result", "count"},      {"/taps", "analysis_images"},
            {"/model/preprocessing", "mean"}};
        for (const auto &[group, attribute] : attributes) {
            const auto read = readChanged([&, g = group, n = attribute](hid_t file) {
                return H5Adelete_by_name(file, g, n, H5P_DEFAULT) >= 0;
            });
            QVERIFY(!read && read.error().code == ErrorCode::CorruptFile);
            if (QByteArray(attribute) != "format")
                QVERIFY2(read.error().what.find(std::string("@") + attribute) != std::string::npos, read.error().what.c_str());
        }
    }

    void itemsOfAnotherTypeShapeOrPlaceAreRefused()
    {
        const auto replaced = [&](const char *item, hid_t type, std::vector<hsize_t> extents, hid_t properties) {
            const auto read = readChanged([&](hid_t file) {
                const hid_t space = H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr);
                const bool done = H5Ldelete(file, item, H5P_DEFAULT) >= 0 &&
                                  H5Dclose(H5Dcreate2(file, item, type, space, H5P_DEFAULT, properties, H5P_DEFAULT)) >= 0;
                H5Sclose(space);
                return done;
            });
            return read ? std::string("was read") : read.error().what;
        };
        const auto contains = [](const std::string &text, const char *part) {
            if (text.find(part) == std::string::npos)
                qWarning("%s", text.c_str());
            return text.find(part) != std::string::npos;
        };
        QVERIFY(contains(replaced("/images/label", H5T_NATIVE_DOUBLE, {3}, H5P_DEFAULT), "/images/label: this dataset has another type"));
        QVERIFY(contains(replaced("/images/label", H5T_NATIVE_INT, {3, 1}, H5P_DEFAULT), "another number of axes"));
        QVERIFY(contains(replaced("/images/label", H5T_NATIVE_INT, {2}, H5P_DEFAULT), "claims 2 values")); // never stored
        QVERIFY(contains(replaced("/taps/table", H5T_NATIVE_INT, {2}, H5P_DEFAULT), "/taps/table: this dataset has another type"));
        QVERIFY(contains(replaced("/result/logits", H5T_NATIVE_FLOAT, {2, 4}, H5P_DEFAULT), "rows have 4 values instead of 3"));

        const hid_t chunked = H5Pcreate(H5P_DATASET_CREATE);
        const hsize_t chunk = 1000;
        H5Pset_chunk(chunked, 1, &chunk);
        QVERIFY(contains(replaced("/images/label", H5T_NATIVE_INT, {hsize_t{1} << 40}, chunked), "more than the file can hold"));
        H5Pclose(chunked);
        const hid_t external = H5Pcreate(H5P_DATASET_CREATE);
        H5Pset_external(external, "/etc/hostname", 0, 12);
        QVERIFY(contains(replaced("/images/label", H5T_NATIVE_INT, {3}, external), "outside this file"));
        H5Pclose(external);

        const auto linked = readChanged([&](hid_t file) {
            return H5Ldelete(file, "/images", H5P_DEFAULT) >= 0 &&
                   H5Lcreate_external("first.h5", "/images", file, "/images", H5P_DEFAULT, H5P_DEFAULT) >= 0;
        });
        QVERIFY(!linked && contains(linked.error().what, "/images: this item is a link"));
        const auto unknownName = readChanged([&](hid_t file) {
            return setText(file, "/model/preprocessing", "interpolation", "lanczos");
        });
        QVERIFY(!unknownName && contains(unknownName.error().what, "/model/preprocessing@interpolation: unknown name \"lanczos\""));
    }

    void errorsPerImageAreOptionalButConsistent()
    {
        const auto older = readChanged([&](hid_t file) {
            return H5Ldelete(file, "/taps/analysed_image", H5P_DEFAULT) >= 0 && H5Ldelete(file, "/costs", H5P_DEFAULT) >= 0;
        });
        QVERIFY2(older.has_value(), older ? "" : older.error().message().c_str());
        QVERIFY(older->analysed.empty() && older->taps.front().error.imageIsolated.empty() && !older->costs);
        QVERIFY(older->floatCosts.has_value());
        const auto lacking = readChanged(
            [&](hid_t file) { return H5Ldelete(file, "/taps/image_isolated_error", H5P_DEFAULT) >= 0; });
        QVERIFY(!lacking && lacking.error().what.find("image_isolated_error") != std::string::npos);
    }

    void filesOfTheFirstVersionLackOnlyWhatCameLater()
    {
        const auto old = readChanged([&](hid_t file) {
            return H5Ldelete(file, "/taps/blocks.0.norm1/channel_isolated_error", H5P_DEFAULT) >= 0 && setVersion(file, 1);
        });
        QVERIFY2(old.has_value(), old ? "" : old.error().message().c_str());
        QVERIFY(old->taps.front().error.channelIsolated.empty());
        QCOMPARE(old->taps.front().error.codesUsed, 0);
        QCOMPARE(old->taps.front().error.clippedShare, 0.125);
    }

    void newerAndForeignFilesAreToldApart()
    {
        const auto newer = readChanged([&](hid_t file) { return setVersion(file, 4); });
        QVERIFY(!newer && newer.error().code == ErrorCode::Unsupported);

        const std::string foreign = m_folder.filePath("foreign.h5").toStdString();
        H5Fclose(H5Fcreate(foreign.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
        const auto read = readRunFile(foreign);
        QVERIFY(!read && read.error().code == ErrorCode::CorruptFile);
        QCOMPARE(read.error().what, std::string("this HDF5 file is not a run of Quantoscope"));

        QVERIFY(readRunFile(m_folder.filePath("none.h5").toStdString()).error().code == ErrorCode::NotFound);
        QVERIFY(readRunFile(m_folder.path().toStdString()).error().code == ErrorCode::Unsupported);
        QFile text(m_folder.filePath("text.h5"));
        QVERIFY(text.open(QIODevice::WriteOnly) && text.write("hello") == 5);
        text.close();
        QVERIFY(readRunFile(text.fileName().toStdString()).error().code == ErrorCode::CorruptFile);
    }

    void aFileCutAnywhereIsRefused()
    {
        const QString path = m_folder.filePath("whole.h5");
        QVERIFY(writeRunFile(awkwardRun(), path.toStdString()));
        const QByteArray whole = bytes(path);
        for (int part = 0; part < 100; ++part) {
            const QString cut = m_folder.filePath("cut.h5");
            QFile file(cut);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(whole.left(whole.size() * part / 100));
            file.close();
            const auto read = readRunFile(cut.toStdString());
            QVERIFY2(!read && read.error().code == ErrorCode::CorruptFile, qPrintable(QString::number(part)));
        }
    }

    void flippedBitsAreRefusedOrHarmless()
    {
        const QString path = m_folder.filePath("flipped.h5");
        const RunRecord run = awkwardRun();
        QVERIFY(writeRunFile(run, path.toStdString()));
        const QByteArray whole = bytes(path);
        const int status = inChild([&] {
            ::alarm(120);
            std::mt19937 random(3);
            for (int trial = 0; trial < 400; ++trial) {
                QByteArray damaged = whole;
                const auto at = static_cast<qsizetype>(random() % static_cast<unsigned>(whole.size()));
                damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8));
                QFile file(path);
                if (!file.open(QIODevice::WriteOnly) || file.write(damaged) != damaged.size())
                    return 1;
                file.close();
                const auto read = readRunFile(path.toStdString());
                if (read ? !difference(run, *read).isEmpty() : read.error().code != ErrorCode::CorruptFile &&
                                                                   read.error().code != ErrorCode::Unsupported)
                    return 2;
            }
            return 0;
        });
        QCOMPARE(status, 0);
    }

    void aKilledWriterLeavesACompleteFile()
    {
        const std::string path = m_folder.filePath("killed.h5").toStdString();
        RunRecord run = deitSizedRun();
        run.taps.resize(20);
        run.id = "0";
        QVERIFY(writeRunFile(run, path));
        int inTheMiddle = 0;
        int replaced = 0;
        for (int trial = 1; trial <= 12; ++trial) {
            const pid_t child = ::fork();
            if (child == 0) {
                run.id = std::to_string(trial);
                for (;;)
                    (void)writeRunFile(run, path);
            }
            ::usleep(static_cast<useconds_t>(30000 * trial));
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            const auto read = readRunFile(path);
            QVERIFY2(read, read ? "" : read.error().message().c_str());
            QVERIFY(read->result && read->result->logits.size() == 650000);
            replaced += read->id == std::to_string(trial);
            const QStringList left = partialFiles();
            inTheMiddle += !left.isEmpty();
            for (const QString &partial : left)
                QVERIFY(QFile::remove(m_folder.filePath(partial)));
        }
        qInfo("of 12 writers, %d were killed in the middle of a file, %d had replaced it before", inTheMiddle, replaced);
        QVERIFY(inTheMiddle > 0);
    }

    void aFullDiskLeavesTheOldFileAndSaysWhy()
    {
        const std::string path = m_folder.filePath("full.h5").toStdString();
        RunRecord old = awkwardRun();
        QVERIFY(writeRunFile(old, path));
        const int status = inChild([&] {
            ::signal(SIGXFSZ, SIG_IGN); // the system then answers "File too large", as it answers "No space left"
            const rlimit limit{100'000, 100'000};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const auto written = writeRunFile(deitSizedRun(), path);
            if (written)
                return 1;
            return written.error().code == ErrorCode::Io && written.error().what == "cannot write: File too large" &&
                           written.error().where == path
                       ? 0
                       : 2;
        });
        QCOMPARE(status, 0);
        const auto read = readRunFile(path);
        QVERIFY(read);
        QCOMPARE(difference(old, *read), QByteArray());
        QVERIFY(partialFiles().isEmpty());
    }

    void placesThatCannotBeWrittenAreNamed()
    {
        const auto nowhere = writeRunFile(awkwardRun(), m_folder.filePath("no/such/run.h5").toStdString());
        QVERIFY(!nowhere && nowhere.error().code == ErrorCode::Io);
        QCOMPARE(nowhere.error().what, std::string("cannot write: No such file or directory"));
        const auto folder = writeRunFile(awkwardRun(), m_folder.path().toStdString());
        QVERIFY(!folder && folder.error().what == "cannot write: this is a folder");
        const auto device = writeRunFile(awkwardRun(), "/dev/null");
        QVERIFY(!device && device.error().what == "cannot write: this is not a regular file");
    }

    void h5dumpReadsTheWholeFile()
    {
        const QString program = QStandardPaths::findExecutable("h5dump");
        if (program.isEmpty())
            QSKIP("h5dump is not installed (package hdf5-tools)");
        const QString path = m_folder.filePath("dumped.h5");
        QVERIFY(writeRunFile(awkwardRun(), path.toStdString()));
        QProcess dump;
        dump.start(program, {path});
        QVERIFY(dump.waitForFinished());
        QCOMPARE(dump.exitCode(), 0);
        const QByteArray text = dump.readAllStandardOutput();
        for (const char *part : {"\"quantoscope-run\"", "GROUP \"preprocessing\"", "DATASET \"logits\"", "\"isolated_sqnr\"",
                                 "GROUP \"blocks.0.norm1\"", "\"value_low\"", "ATTRIBUTE \"units\""})
            QVERIFY2(text.contains(part), part);
    }

private:
    static QByteArray bytes(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QStringList partialFiles() const { return QDir(m_folder.path()).entryList({"*.partial-*"}); }
    static bool setText(hid_t file, const char *group, const char *attribute, const char *text)
    {
        const hid_t owner = H5Gopen2(file, group, H5P_DEFAULT);
        const hid_t opened = H5Aopen(owner, attribute, H5P_DEFAULT);
        const hid_t type = H5Aget_type(opened);
        std::string padded = text;
        padded.resize(H5Tget_size(type));
        const bool done = H5Awrite(opened, type, padded.data()) >= 0;
        H5Tclose(type);
        H5Aclose(opened);
        H5Gclose(owner);
        return done;
    }
    /// Reads a good file after `change` was made to it.
    Result<RunRecord> readChanged(const std::function<bool(hid_t)> &change)
    {
        const std::string path = m_folder.filePath("changed.h5").toStdString();
        if (!writeRunFile(awkwardRun(), path))
            return fail(ErrorCode::Internal, "cannot prepare the test");
        const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
        const bool changed = change(file);
        H5Fclose(file);
        return changed ? readRunFile(path) : fail(ErrorCode::Internal, "cannot prepare the test");
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(RunFileTest)
#include "tst_run_file.moc"
