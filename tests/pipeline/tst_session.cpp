// SPDX-License-Identifier: GPL-3.0-or-later
// Whole runs on a tiny ViT and generated pictures, and on DeiT-T where its data are there.
#include "core/pipeline/error_analysis.h"
#include "core/pipeline/session.h"
#include "core/quantization/log_int_softmax.h"
#include "core/quantization/recipe.h"
#include "tests/pipeline/tiny_model.h"
#include "tests/support/test_data.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>

using namespace quantoscope;

using namespace Qt::StringLiterals;

namespace {

bool sameParameters(const QuantizerParameters &a, const QuantizerParameters &b)
{
    return a.kind == b.kind && a.bits == b.bits && a.isSigned == b.isSigned && a.scale == b.scale
        && a.zeroPoint == b.zeroPoint && a.ptfFactor == b.ptfFactor;
}

QuantizationRequest quantization(const std::string &recipe, bool ptf, bool lis, BitWidths bits)
{
    QuantizationRequest request;
    request.recipe = recipe;
    request.ptf = ptf;
    request.lis = lis;
    request.bits = bits;
    return request;
}

/// Cancels in `phase` once `after` units of it are done.
RunControl cancellingIn(const std::string &phase, int64_t after, int64_t *done)
{
    RunControl control;
    control.sink = [token = control.cancel, phase, after, done](const Progress &progress) {
        if (progress.phase == phase) {
            *done = progress.done;
            if (progress.done >= after)
                token.cancel();
        }
    };
    return control;
}

/// Keeps one tap's values over a run.
class Capture final : public TapVisitor {
public:
    explicit Capture(int tap) : m_tap(tap) {}
    bool wants(int tap) const override { return tap == m_tap; }
    void visit(int, const TensorView &value, ExecutionMode &) override
    {
        values.insert(values.end(), value.data, value.data + value.elements());
    }
    std::vector<float> values;

private:
    int m_tap;
};

} // namespace

class TestSession : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_TINY_MODEL(m_weights, m_folder);
    }

    void aRunHoldsEverythingThatWasAskedFor()
    {
        RunRequest request = tiny();
        request.analyze = true;
        QStringList phases;
        RunControl control;
        control.sink = [&phases](const Progress &progress) {
            const QString phase = QString::fromStdString(progress.phase);
            if (!phases.contains(phase))
                phases << phase;
        };
        int updates = 0;
        const auto run = open()->run(request, control, [&updates](const RunRecord &) { ++updates; });
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
        QCOMPARE(phases, (QStringList{"float", "calibrate", "analyze", "evaluate"}));
        QCOMPARE(updates, 3);
        QVERIFY(run->complete && run->quantized && run->calibration.complete);
        QCOMPARE(run->floatResult->count, testing::kTinyEvaluation);
        QCOMPARE(run->result->count, testing::kTinyEvaluation);
        QCOMPARE(run->result->logits.size(), size_t{testing::kTinyEvaluation * testing::kTinyClasses});
        QCOMPARE(run->calibration.images.items.size(), size_t{testing::kTinyCalibration});
        QCOMPARE(run->classNames.size(), size_t{testing::kTinyClasses});
        QCOMPARE(run->analysisImages, 6);
        for (const char *phase : {"float", "calibrate", "derive", "analyze", "evaluate"})
            QVERIFY2(run->timings.count(phase) == 1, phase);
        for (const char *key : {"quantoscope", "torch", "device", "evaluation_batch"})
            QVERIFY2(!run->environment.at(key).empty(), key);
        for (size_t i = 0; i < run->result->images.size(); ++i) {
            const ImageOutcome &outcome = run->result->images[i];
            QCOMPARE(outcome.image, static_cast<int>(i));
            QCOMPARE(outcome.label, run->images.items[i].label);
            const auto begin = run->result->logits.begin() + static_cast<ptrdiff_t>(i * testing::kTinyClasses);
            QCOMPARE(outcome.top5[0],
                     static_cast<int>(std::max_element(begin, begin + testing::kTinyClasses) - begin));
        }
        for (const TapRecord &record : run->taps) {
            // Views hold the values of another tap; operands are observed where a recipe quantizes them.
            const Operator op = open()->model().graph.nodes[static_cast<size_t>(record.tap.node)].op;
            QCOMPARE(record.statistics.observed, record.tap.kind == TapKind::Weight || !isView(op));
            QCOMPARE(record.error.quantized, record.setting.isQuantized());
            QCOMPARE(record.parameters.scale.empty(), !record.setting.isQuantized());
        }
    }

    void changedSettingsGiveWhatANewCalibrationGives_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<bool>("ptf");
        QTest::addColumn<bool>("lis");
        QTest::addColumn<int>("bits");
        QTest::newRow("minmax 4 bits") << u"minmax"_s << false << false << 4;
        QTest::newRow("ema") << u"ema"_s << false << false << 8;
        QTest::newRow("percentile 6 bits") << u"percentile"_s << false << false << 6;
        QTest::newRow("omse") << u"omse"_s << false << false << 8;
        QTest::newRow("minmax+ptf+lis") << u"minmax"_s << true << true << 8;
        QTest::newRow("omse+ptf+lis 6 bits") << u"omse"_s << true << true << 6;
    }

    void changedSettingsGiveWhatANewCalibrationGives()
    {
        QFETCH(const QString, recipe);
        QFETCH(const bool, ptf);
        QFETCH(const bool, lis);
        QFETCH(const int, bits);
        RunRequest request = tiny();
        request.evaluateFloat = false;
        // The session has calibrated for other settings before.
        const auto first = open()->run(request, {}, {});
        QVERIFY(first.has_value());
        request.quantization = quantization(recipe.toStdString(), ptf, lis, {bits, bits, 4});
        int64_t calibrated = 0;
        const auto changed = open()->run(request, cancellingIn("calibrate", 1000000, &calibrated), {});
        QVERIFY(changed.has_value());
        QCOMPARE(calibrated, int64_t{0}); // no second pass over the images
        const auto fresh = Session::open(request.model).value()->run(request, {}, {});
        QVERIFY(fresh.has_value());
        for (size_t t = 0; t < fresh->taps.size(); ++t)
            QVERIFY2(sameParameters(changed->taps[t].parameters, fresh->taps[t].parameters),
                     fresh->taps[t].tap.path.c_str());
        QCOMPARE(changed->result->logits, fresh->result->logits);
        // and back again
        request.quantization = {};
        const auto back = open()->run(request, {}, {});
        QVERIFY(back.has_value());
        QCOMPARE(back->result->logits, first->result->logits);
    }

    void aStoppedCalibrationGoesOnBehindItsLastBatch_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::newRow("extremes") << u"minmax"_s;
        QTest::newRow("histograms that see values") << u"tinynn-int8"_s;
    }

    void aStoppedCalibrationGoesOnBehindItsLastBatch()
    {
        QFETCH(const QString, recipe);
        RunRequest request = tiny();
        request.evaluate = request.evaluateFloat = false;
        request.calibration.batch = 2;
        request.quantization = quantization(recipe.toStdString(), false, false, {8, 8, 8});
        const auto session = Session::open(request.model).value();
        int64_t before = 0;
        const auto stopped = session->run(request, cancellingIn("calibrate", 4, &before), {});
        QVERIFY(stopped.has_value());
        QVERIFY(!stopped->complete && before >= 4 && before < testing::kTinyCalibration);
        std::vector<int64_t> steps;
        RunControl control;
        control.sink = [&steps](const Progress &progress) {
            if (progress.phase == "calibrate" && progress.done > 0)
                steps.push_back(progress.done);
        };
        const auto resumed = session->run(request, control, {});
        QVERIFY(resumed.has_value() && resumed->complete);
        QVERIFY2(steps.front() >= 4, qPrintable(QString::number(steps.front())));
        QCOMPARE(steps.back(), int64_t{testing::kTinyCalibration});
        const auto fresh = Session::open(request.model).value()->run(request, {}, {});
        QVERIFY(fresh.has_value());
        for (size_t t = 0; t < fresh->taps.size(); ++t)
            QVERIFY2(sameParameters(resumed->taps[t].parameters, fresh->taps[t].parameters), fresh->taps[t].tap.path.c_str());
        QCOMPARE(resumed->calibration.history.batches(), fresh->calibration.history.batches());
    }

    void scoresTooCoarseForTheIntegerSoftmaxEndNoRun()
    {
        QUANTOSCOPE_NEED_DATA(weights, "models/deit_tiny_patch16_224.safetensors");
        QUANTOSCOPE_NEED_DATA(images, "imagenet");
        RunRequest request;
        request.model.weights = weights;
        request.data.folder = images;
        request.data.limit = 2;
        request.calibration.count = 4;
        request.quantization = quantization("minmax", true, true, {8, 2, 4}); // scales of the scores above 1.67
        request.evaluateFloat = false;
        const auto session = Session::open(request.model);
        QVERIFY(session.has_value());
        const auto run = (*session)->run(request, {}, {});
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
        QVERIFY(!scoresWithoutSteps(*run).empty());
        QCOMPARE(run->result->withoutPrediction(), int64_t{2}); // as published: NaN, which is no prediction
        for (const TapRecord &tap : run->taps)
            for (const float scale : tap.parameters.scale)
                QVERIFY2(std::isfinite(scale), tap.tap.path.c_str());
        request.quantization.bits = {8, 8, 4};
        const auto usual = (*session)->run(request, {}, {});
        QVERIFY(usual.has_value());
        QVERIFY(scoresWithoutSteps(*usual).empty());
        QCOMPARE(usual->result->withoutPrediction(), int64_t{0});
    }

    void minMaxDoesNotDependOnTheCalibrationBatch()
    {
        RunRequest request = tiny();
        request.evaluate = request.evaluateFloat = false;
        const auto reference = open()->run(request, {}, {});
        QVERIFY(reference.has_value());
        double worst = 0;
        for (const int batch : {1, 3, 20, 64}) {
            request.calibration.batch = batch;
            const auto run = open()->run(request, {}, {});
            QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
            for (size_t t = 0; t < run->taps.size(); ++t) {
                const auto &a = reference->taps[t];
                const auto &b = run->taps[t];
                QCOMPARE(a.parameters.scale.size(), b.parameters.scale.size());
                QCOMPARE(a.statistics.count,
                         a.tap.kind == TapKind::Activation ? b.statistics.count : a.statistics.count);
                for (size_t c = 0; c < a.parameters.scale.size(); ++c) {
                    const auto expected = static_cast<double>(a.parameters.scale[c]);
                    worst = std::max(worst,
                                     std::abs(static_cast<double>(b.parameters.scale[c]) - expected) / expected);
                }
                QCOMPARE(a.parameters.zeroPoint, b.parameters.zeroPoint);
            }
        }
        // Matrix products of other heights may sum in another order: a few units in the last place.
        qInfo("scales differ by %.1e at most", worst);
        QVERIFY(worst < 1e-5);
    }

    void moreThanOneEvaluationBatchSizeGivesTheSameAnswer()
    {
        RunRequest request = tiny();
        request.quantize = false;
        const auto reference = open()->run(request, {}, {});
        for (const int batch : {1, 5, 100}) {
            request.batch = batch;
            const auto run = Session::open(request.model).value()->run(request, {}, {});
            QVERIFY(run.has_value());
            QCOMPARE(run->floatResult->top1Correct, reference->floatResult->top1Correct);
            for (size_t i = 0; i < run->floatResult->logits.size(); ++i)
                QVERIFY(std::abs(run->floatResult->logits[i] - reference->floatResult->logits[i]) < 1e-4F);
        }
    }

    void undecodableImagesAreCountedListedAndLeftOut()
    {
        QTemporaryDir folder;
        QVERIFY(testing::writeTinyImages(folder.path()));
        const auto damage = [&](const char *split, int image) {
            QFile file(u"%1/%2/class%3/%4.png"_s.arg(folder.path(), QLatin1String(split))
                           .arg(image % 10)
                           .arg(image, 2, 10, QLatin1Char('0')));
            return file.exists() && file.resize(file.size() / 2);
        };
        QVERIFY(damage("val", 3) && damage("val", 17) && damage("train", 5));
        RunRequest request = testing::tinyRequest(m_weights, folder.path());
        const auto run = open()->run(request, {}, {});
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
        for (const auto *result : {&*run->floatResult, &*run->result}) {
            QCOMPARE(result->count, testing::kTinyEvaluation - 2);
            QCOMPARE(result->images.size(), size_t{testing::kTinyEvaluation - 2});
            QCOMPARE(result->logits.size(), size_t{(testing::kTinyEvaluation - 2) * testing::kTinyClasses});
            QCOMPARE(result->failures.size(), size_t{2});
            for (const ImageFailure &failure : result->failures) {
                QVERIFY(!failure.reason.empty());
                const std::string &path = run->images.items[static_cast<size_t>(failure.image)].path;
                QVERIFY2(path.find("03.png") != std::string::npos || path.find("17.png") != std::string::npos,
                         path.c_str());
                for (const ImageOutcome &outcome : result->images)
                    QVERIFY(outcome.image != failure.image);
            }
        }
        QCOMPARE(run->calibration.failures.size(), size_t{1});
        QVERIFY(run->complete && run->calibration.complete);
    }

    void withoutADecodableImageThereIsAnError()
    {
        QTemporaryDir folder;
        QDir(folder.path()).mkpath(u"val/class0"_s);
        QFile names(folder.filePath(u"classes.txt"_s));
        QVERIFY(names.open(QIODevice::WriteOnly));
        for (int c = 0; c < testing::kTinyClasses; ++c)
            names.write("class" + QByteArray::number(c) + "\n");
        names.close();
        QFile broken(folder.filePath(u"val/class0/a.png"_s));
        QVERIFY(broken.open(QIODevice::WriteOnly) && broken.write("not a picture") > 0);
        broken.close();
        RunRequest request = testing::tinyRequest(m_weights, folder.path());
        request.quantize = false;
        const auto run = open()->run(request, {}, {});
        QVERIFY(!run.has_value());
        QCOMPARE(run.error().code, ErrorCode::BadInput);
        QVERIFY(run.error().message().find(folder.path().toStdString()) != std::string::npos);
        QVERIFY(run.error().message().find("decoded") != std::string::npos);
    }

    void anArchiveGivesTheRunOfItsFolder()
    {
        QTemporaryDir folder;
        const QString archive = folder.filePath(u"images.tar"_s);
        QCOMPARE(QProcess::execute(u"tar"_s, {u"-C"_s, m_folder.path(), u"-cf"_s, archive, u"."_s}), 0);
        RunRequest request = tiny();
        auto expected = open()->run(request, {}, {});
        request.data.folder = archive.toStdString();
        auto run = open()->run(request, {}, {});
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
        QCOMPARE(run->floatResult->count, int64_t{testing::kTinyEvaluation});
        QCOMPARE(run->floatResult->top1Correct, expected->floatResult->top1Correct);
        QVERIFY(run->floatResult->logits == expected->floatResult->logits);
        QVERIFY(run->result->logits == expected->result->logits); // calibrated on the train split of the archive
        QVERIFY(hashImages(*expected, {}).has_value() && hashImages(*run, {}).has_value());
        QVERIFY(run->images.sha256 == expected->images.sha256);
        QVERIFY(run->calibration.images.sha256 == expected->calibration.images.sha256);
        QCOMPARE(run->images.root, folder.path().toStdString());
        QCOMPARE(run->images.items.front().path, "images.tar/" + expected->images.items.front().path);
    }

    void aClassListGivesNamesAndLabels()
    {
        QTemporaryDir folder;
        QFile list(folder.filePath(u"labels.json"_s));
        QVERIFY(list.open(QIODevice::WriteOnly));
        list.write("[");
        for (int c = testing::kTinyClasses - 1; c >= 0; --c)
            list.write("\"class" + QByteArray::number(c) + (c > 0 ? "\", " : "\"]"));
        list.close();
        RunRequest request = tiny();
        request.quantize = false;
        request.data.classes = list.fileName().toStdString();
        const auto run = open()->run(request, {}, {});
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
        QCOMPARE(run->classNames.front(), std::string("class9"));
        for (const ImageItem &item : run->images.items)
            QCOMPARE(item.label, 9 - (item.path.at(item.path.find("class") + 5) - '0'));

        QVERIFY(list.open(QIODevice::WriteOnly) && list.write("class0\nclass1\n") > 0);
        list.close();
        const auto refused = open()->run(request, {}, {});
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, ErrorCode::BadInput);
        QCOMPARE(refused.error().what, std::string("the list has 2 classes, the model has 10"));
        QCOMPARE(refused.error().where, request.data.classes);
    }

    void badRequestsAreRefusedBeforeTheFirstImage_data()
    {
        QTest::addColumn<QString>("which");
        for (const char *which :
             {"no data", "no folder", "split", "bits", "plan", "recipe", "too many", "crop", "label"})
            QTest::newRow(which) << QString::fromLatin1(which);
    }

    void badRequestsAreRefusedBeforeTheFirstImage()
    {
        QFETCH(const QString, which);
        RunRequest request = tiny();
        QTemporaryDir lists;
        if (which == QLatin1String("no data"))
            request.data.folder.clear();
        else if (which == QLatin1String("no folder"))
            request.data.folder = "/no/such/folder";
        else if (which == QLatin1String("split"))
            request.data.split = "test";
        else if (which == QLatin1String("bits"))
            request.quantization.bits.weights = 1;
        else if (which == QLatin1String("plan"))
            request.quantization.planJson = R"({"rules": [{"tap": "blocks.7.*", "bits": 4}]})";
        else if (which == QLatin1String("recipe"))
            request.quantization.recipe = "kl";
        else if (which == QLatin1String("too many"))
            request.calibration.count = 1000;
        else if (which == QLatin1String("crop"))
            request.data.preprocessing = Preprocessing();
        else {
            QFile list(lists.filePath(u"list.txt"_s));
            QVERIFY(list.open(QIODevice::WriteOnly) && list.write("val/class0/00.png 10\n") > 0);
            list.close();
            request.data.list = list.fileName().toStdString();
        }
        int64_t images = 0;
        const auto run = open()->run(request, cancellingIn("float", 1000000, &images), {});
        QVERIFY(!run.has_value());
        QVERIFY(!run.error().message().empty());
        QCOMPARE(images, int64_t{0});
    }

    void cancelLeavesALabelledPartialResult_data()
    {
        QTest::addColumn<QString>("phase");
        for (const char *phase : {"float", "calibrate", "analyze", "evaluate"})
            QTest::newRow(phase) << QString::fromLatin1(phase);
    }

    void cancelLeavesALabelledPartialResult()
    {
        QFETCH(const QString, phase);
        RunRequest request = tiny();
        request.analyze = true;
        request.analysisImages = 20;
        // Calibration holds its newest batch back, since the last one is treated apart; two give figures of one.
        const int64_t after = phase == QLatin1String("calibrate") ? 8 : 5;
        int64_t done = 0;
        auto session = Session::open(request.model).value();
        const auto run = session->run(request, cancellingIn(phase.toStdString(), after, &done), {});
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
        QVERIFY(!run->complete);
        const int64_t batch = phase == QLatin1String("calibrate") ? request.calibration.batch : 4;
        QVERIFY(done >= after && done < after + 2 * batch); // within a batch of the request
        QVERIFY(run->floatResult.has_value());
        if (phase == QLatin1String("float")) {
            QVERIFY(!run->floatResult->complete);
            QVERIFY(run->floatResult->count > 0 && run->floatResult->count < testing::kTinyEvaluation);
            QCOMPARE(run->floatResult->logits.size(), run->floatResult->images.size() * testing::kTinyClasses);
            QVERIFY(run->taps.empty());
        } else {
            QVERIFY(run->floatResult->complete);
            QVERIFY(!run->taps.empty());
            QVERIFY(run->taps[0].statistics.count > 0);
        }
        if (phase == QLatin1String("calibrate")) {
            QVERIFY(!run->calibration.complete);
            QVERIFY(run->taps[0].parameters.scale.empty()); // no numbers from part of the images
        }
        if (phase == QLatin1String("evaluate")) {
            QVERIFY(run->result.has_value());
            QVERIFY(!run->result->complete);
            QVERIFY(run->result->count > 0 && run->result->count < testing::kTinyEvaluation);
        } else {
            QVERIFY(!run->result.has_value());
        }
        // The session goes on as if nothing had happened.
        const auto again = session->run(request, {}, {});
        QVERIFY2(again.has_value(), again ? "" : again.error().message().c_str());
        QVERIFY(again->complete && again->calibration.complete);
        QCOMPARE(again->floatResult->count, testing::kTinyEvaluation);
        const auto fresh = Session::open(request.model).value()->run(request, {}, {});
        QCOMPARE(again->result->logits, fresh->result->logits);
    }

    void cancelBeforeTheFirstBatchIsAnError()
    {
        RunControl control;
        control.cancel.cancel();
        RunRequest request = tiny();
        const auto run = Session::open(request.model).value()->run(request, control, {});
        QVERIFY(!run.has_value());
        QCOMPARE(run.error().code, ErrorCode::Cancelled);
    }

    void aTapSwitchedToFloatIsNotQuantized()
    {
        RunRequest request = tiny();
        request.analyze = true;
        request.quantization.planJson = R"({"rules": [{"tap": "blocks.0.mlp.gelu", "bits": "float"},
                                                      {"tap": "blocks.1.mlp.fc2.weight", "bits": "float"}]})";
        const auto run = open()->run(request, {}, {});
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
        for (const TapRecord &record : run->taps) {
            const bool switched =
                record.tap.path == "blocks.0.mlp.gelu" || record.tap.path == "blocks.1.mlp.fc2.weight";
            if (switched) {
                QVERIFY(!record.setting.isQuantized());
                QVERIFY(!record.error.quantized);
                QCOMPARE(record.error.isolated.mse, 0.0);
            }
            if (record.tap.path == "blocks.0.mlp.gelu")
                QVERIFY(record.error.hasCumulative && record.error.cumulative.mse > 0); // its input is quantized
        }
    }

    void everythingFloatReproducesTheFloatLogits()
    {
        for (const bool integer : {false, true}) {
            RunRequest request = tiny();
            request.analyze = true;
            request.quantization = quantization("minmax", integer, integer, {8, 8, 4});
            request.quantization.planJson = R"({"rules": [{"bits": "float"}]})";
            const auto run = open()->run(request, {}, {});
            QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
            QCOMPARE(run->result->logits, run->floatResult->logits);
            for (const TapRecord &record : run->taps) {
                QVERIFY(!record.error.quantized);
                if (record.error.hasCumulative)
                    QVERIFY2(std::isinf(record.error.cumulative.sqnrDb), record.tap.path.c_str());
            }
        }
    }

    void fewerBitsMeanMoreError()
    {
        std::vector<std::vector<double>> isolated;
        std::vector<double> logits;
        for (const int bits : {8, 6, 4}) {
            RunRequest request = tiny();
            request.evaluate = request.evaluateFloat = false;
            request.analyze = true;
            request.quantization.bits.weights = bits;
            const auto run = open()->run(request, {}, {});
            QVERIFY(run.has_value());
            std::vector<double> weights;
            for (const TapRecord &record : run->taps) {
                if (record.tap.kind == TapKind::Weight)
                    weights.push_back(record.error.isolated.sqnrDb);
                if (record.tap.path == "head")
                    logits.push_back(record.error.cumulative.sqnrDb);
            }
            isolated.push_back(weights);
        }
        for (size_t w = 0; w < isolated[0].size(); ++w) {
            // 6.02 dB a bit; the share of saturated values moves it by less than 3 dB
            QVERIFY(std::abs(isolated[0][w] - isolated[1][w] - 12.04) < 3);
            QVERIFY(std::abs(isolated[1][w] - isolated[2][w] - 12.04) < 3);
        }
        qInfo("SQNR of the logits: %.1f dB with 8-bit weights, %.1f with 6, %.1f with 4", logits[0], logits[1],
              logits[2]);
        QVERIFY(logits[0] > logits[2]); // between 8 and 6 the 8-bit activations decide
    }

    void isolatedErrorEqualsASlowComputation_data()
    {
        QTest::addColumn<QString>("tap");
        for (const char *tap : {"input", "embed_sum", "blocks.0.attn.proj", "blocks.1.mlp.gelu", "head"})
            QTest::newRow(tap) << QString::fromLatin1(tap);
    }

    void isolatedErrorEqualsASlowComputation()
    {
        QFETCH(const QString, tap);
        RunRequest request = tiny();
        request.evaluate = request.evaluateFloat = false;
        request.analyze = true;
        request.quantization = quantization("omse", false, false, {8, 5, 8}); // clips and rounds visibly
        const auto run = open()->run(request, {}, {});
        QVERIFY(run.has_value());
        const Model &model = open()->model();
        const int index = model.graph.findTap(tap.toStdString());
        const TapRecord &record = run->taps[static_cast<size_t>(index)];

        auto executor = Executor::create(std::make_shared<const Model>(model), {}).value();
        const auto data = resolveData(request.data, model.info);
        LoaderOptions loading;
        loading.batch = 4;
        auto loader =
            BatchLoader::start(limit(data->set, request.analysisImages), data->preprocessing, loading).value();
        Capture capture(index);
        ExecutionMode mode = ExecutionMode::floatMode(model.graph);
        while (const auto batch = loader->next())
            QVERIFY(executor->run(batch->pixels, static_cast<int>(batch->indices.size()), mode, &capture, {})
                        .has_value());

        QCOMPARE(capture.values.size(), static_cast<size_t>(request.analysisImages * record.tap.elements));
        const float scale = record.parameters.scale[0];
        const float zero = record.parameters.zeroPoint;
        double power = 0;
        double error = 0;
        double errorBefore = 0;
        double cosine = 0;
        int64_t clipped = 0;
        for (int image = 0; image < request.analysisImages; ++image) {
            double xx = 0;
            double yy = 0;
            double xy = 0;
            for (int64_t i = 0; i < record.tap.elements; ++i) {
                const float x = capture.values[static_cast<size_t>(image * record.tap.elements + i)];
                const float code = std::nearbyint(x / scale + zero);
                const float y = (std::clamp(code, 0.0F, 31.0F) - zero) * scale;
                clipped += code < 0 || code > 31;
                const auto a = static_cast<double>(x);
                const auto b = static_cast<double>(y);
                xx += a * a;
                yy += b * b;
                xy += a * b;
                error += (a - b) * (a - b);
            }
            power += xx;
            const auto i = static_cast<size_t>(image);
            QCOMPARE(run->analysed[i], image);
            QVERIFY(std::abs(record.error.imageSignal[i] - xx) < 1e-10 * xx);
            QVERIFY(std::abs(record.error.imageIsolated[i] - (error - errorBefore)) < 1e-9 * error);
            errorBefore = error;
            cosine += xy / std::sqrt(xx * yy) / request.analysisImages;
        }
        const ErrorMetrics &metrics = record.error.isolated;
        const auto values = static_cast<double>(capture.values.size());
        QVERIFY(std::abs(metrics.sqnrDb - 10 * std::log10(power / error)) < 1e-8);
        QVERIFY(std::abs(metrics.mse - error / values) < 1e-10 * metrics.mse);
        QVERIFY(std::abs(metrics.nmse - error / power) < 1e-10 * metrics.nmse);
        QVERIFY(std::abs(metrics.cosine - cosine) < 1e-10);
        QVERIFY(std::abs(record.error.clippedShare - static_cast<double>(clipped) / values) < 0.5 / values);
    }

    void deitTinyKeepsItsAnswersAtEightBits()
    {
        QUANTOSCOPE_NEED_DATA(weights, "models/deit_tiny_patch16_224.safetensors");
        QUANTOSCOPE_NEED_DATA(images, "imagenet");
        RunRequest request;
        request.model.weights = weights;
        request.data.folder = images;
        request.data.limit = 24;
        request.calibration.count = 20;
        request.quantization = quantization("minmax", true, true, {8, 8, 4});
        request.analyze = true;
        request.analysisImages = 4;
        const auto run = Session::open(request.model).value()->run(request, {}, {});
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
        const PairedComparison paired = comparePaired(*run->floatResult, *run->result);
        qInfo("float %.1f %%, quantized %.1f %%, %lld of 24 predictions agree", run->floatResult->top1(),
              run->result->top1(), static_cast<long long>(paired.agree));
        QVERIFY(run->floatResult->top1Correct >= 14); // 81.7 % in all; 14 of 24 would be 2.9 standard errors below
        QVERIFY(paired.agree >= 18);
        for (const TapRecord &record : run->taps) {
            if (record.setting.quantizer != QuantizerKind::Uniform)
                continue; // a log-int-softmax of 4 bits is coarse by nature
            if (record.error.hasCumulative)
                QVERIFY2(record.error.cumulative.cosine > 0.8, record.tap.path.c_str());
            if (record.error.quantized)
                QVERIFY2(record.error.isolated.sqnrDb > 15, record.tap.path.c_str());
        }
    }

    void imagesAreHashedOnRequest()
    {
        RunRequest request = tiny();
        request.evaluate = false;
        auto run = open()->run(request, {}, {});
        QVERIFY(run.has_value());
        QVERIFY(run->images.sha256.empty());
        QVERIFY(hashImages(*run, {}).has_value());
        QCOMPARE(run->images.sha256.size(), size_t{testing::kTinyEvaluation});
        QCOMPARE(run->calibration.images.sha256.size(), size_t{testing::kTinyCalibration});
        for (const std::string &hash : run->images.sha256)
            QCOMPARE(hash.size(), size_t{64});
    }

private:
    RunRequest tiny() const { return testing::tinyRequest(m_weights, m_folder.path()); }

    /// One session for tests that do not look at what it keeps.
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

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
