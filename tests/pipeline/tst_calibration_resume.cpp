// SPDX-License-Identifier: GPL-3.0-or-later
// A calibration that ended with its program: another one goes on behind the last batch that was observed.
#include "core/io/run_file.h"
#include "core/pipeline/interval_progress.h"
#include "core/pipeline/session.h"
#include "core/quantization/recipe.h"
#include "tests/pipeline/tiny_model.h"
#include "tests/support/test_data.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>
#include <memory>

using namespace quantoscope;

using namespace Qt::StringLiterals;

namespace {

constexpr int kBatch = 3;
constexpr int64_t kStopAfter = 10; ///< images: the fourth batch waits to be observed

bool same(const QuantizerParameters &a, const QuantizerParameters &b)
{
    return a.kind == b.kind && a.bits == b.bits && a.zeroPoint == b.zeroPoint && a.scale == b.scale
        && a.zeroPoints == b.zeroPoints;
}

} // namespace

class TestCalibrationResume : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_TINY_MODEL(m_weights, m_folder);
    }

    void anotherProgramGoesOnBehindTheLastBatch_data()
    {
        QTest::addColumn<QString>("recipe");
        QTest::addColumn<bool>("sensitivity");
        for (const QString &recipe : {u"minmax"_s, u"ema"_s, u"percentile"_s, u"omse"_s, u"tinynn-int8"_s})
            QTest::newRow(qPrintable(recipe)) << recipe << false;
        QTest::newRow("measured afterwards") << u"minmax"_s << true;
    }

    void anotherProgramGoesOnBehindTheLastBatch()
    {
        QFETCH(const QString, recipe);
        QFETCH(const bool, sensitivity);
        const RunRequest request = requestFor(recipe, sensitivity);
        const auto whole = Session::open(request.model).value()->run(request, {}, {});
        QVERIFY2(whole.has_value() && whole->complete, whole ? "" : whole.error().message().c_str());
        QVERIFY(!whole->calibration.state); // a finished run needs none

        const RunRecord partial = stored(stoppedIn("calibrate", request));
        QVERIFY(partial.calibration.state);
        QCOMPARE(partial.calibration.state->batchImages, (std::vector<int>{kBatch, kBatch, kBatch}));
        Seen seen;
        const auto resumed = goOn(request, partial, &seen);
        QVERIFY2(resumed.has_value() && resumed->complete, resumed ? "" : resumed.error().message().c_str());
        QCOMPARE(seen["calibrate"], int64_t{3 * kBatch});
        QCOMPARE(resumed->environment.at("resumed"), std::string("yes: the calibration on 9 images"));
        compareCalibrations(*resumed, *whole);
        QCOMPARE(resumed->result->logits, whole->result->logits);
        QVERIFY(!resumed->calibration.state);
    }

    void aMeasurementAfterTheCalibrationReadsItsLastBatchAlone()
    {
        const RunRequest request = requestFor(u"minmax"_s, true);
        const RunRecord partial = stored(stoppedIn("evaluate", request));
        QVERIFY(partial.calibration.complete && partial.calibration.state);
        Seen seen;
        const auto resumed = goOn(request, partial, &seen);
        QVERIFY2(resumed.has_value() && resumed->complete, resumed ? "" : resumed.error().message().c_str());
        QCOMPARE(seen["calibrate"], int64_t{testing::kTinyCalibration - 2}); // 18 of 20: the last batch has two
        const auto whole = Session::open(request.model).value()->run(request, {}, {});
        QCOMPARE(resumed->sensitivity.front().rows.size(), whole->sensitivity.front().rows.size());
        for (size_t i = 0; i < whole->sensitivity.front().rows.size(); ++i)
            QCOMPARE(resumed->sensitivity.front().rows[i].kl, whole->sensitivity.front().rows[i].kl);
    }

    void intervalsThatWereFoundAreNotSearchedAgain_data()
    {
        QTest::addColumn<bool>("sequential");
        QTest::newRow("parallel") << false;
        QTest::newRow("sequential") << true;
    }

    void intervalsThatWereFoundAreNotSearchedAgain()
    {
        QFETCH(const bool, sequential);
        RunRequest request = requestFor(u"ptq4vit"_s, false);
        request.quantization.bits = {6, 6, 6};
        request.quantization.searchJson = withSequentialSearch({}, sequential);
        const auto whole = Session::open(request.model).value()->run(request, {}, {});
        QVERIFY2(whole.has_value() && whole->complete, whole ? "" : whole.error().message().c_str());
        QVERIFY(!whole->environment.contains(kIntervalProgress)); // a finished run needs none

        const RunRecord partial = stored(stoppedIn("search", request));
        QVERIFY(partial.calibration.complete && partial.calibration.state && partial.environment.contains(kIntervalProgress));
        Seen seen;
        const auto resumed = goOn(request, partial, &seen);
        QVERIFY2(resumed.has_value() && resumed->complete, resumed ? "" : resumed.error().message().c_str());
        QVERIFY2(seen["search"] >= kStopAfter, qPrintable(QString::number(seen["search"])));
        QVERIFY2(resumed->environment.at("resumed").find("the intervals of 10 matrix products") != std::string::npos,
                 resumed->environment.at("resumed").c_str());
        QVERIFY(!resumed->environment.contains(kIntervalProgress) && !resumed->calibration.state);
        compareCalibrations(*resumed, *whole);
        QCOMPARE(resumed->result->logits, whole->result->logits);

        // Of other quantizers, or no progress at all: searched again, with the same result.
        RunRecord damaged = partial;
        damaged.environment[kIntervalProgress] = R"({"head": [[[1, 2, 3], 0, 0], [[1], 0, 0]], "blocks.0.attn.qkv": 7})";
        const auto again = goOn(request, damaged, &seen);
        QVERIFY(again.has_value());
        QCOMPARE(again->result->logits, whole->result->logits);
    }

    void aSearchGoesOnInTheMiddleOfItsCalibration()
    {
        PlanSearchRequest request;
        request.run = requestFor(u"minmax"_s, false);
        request.images = kBatch;
        request.budget = {Resource::AverageBits, 4.5};
        RunRecord partial;
        RunControl control;
        control.sink = [token = control.cancel](const Progress &progress) {
            if (progress.phase == "calibrate" && progress.done >= kStopAfter)
                token.cancel();
        };
        SearchContinuation keeping;
        keeping.snapshot = [&](const RunRecord &record) { partial = record; };
        const auto stopped = Session::open(request.run.model).value()->searchPlans(request, control, {}, {}, keeping);
        QVERIFY(!stopped);
        QVERIFY2(stopped.error().code == ErrorCode::Cancelled, stopped.error().message().c_str());
        QVERIFY(partial.calibration.state);
        partial = stored(partial);

        SearchContinuation continuation;
        continuation.partial = &partial;
        std::string note;
        continuation.resumed = [&](const std::string &text) { note = text; };
        Seen seen;
        const auto resumed = Session::open(request.run.model).value()->searchPlans(request, watching(&seen), {}, {}, continuation);
        QVERIFY2(resumed.has_value(), resumed ? "" : resumed.error().message().c_str());
        QCOMPARE(note, std::string("yes: the calibration on 9 images"));
        QCOMPARE(seen["calibrate"], int64_t{3 * kBatch});
        const auto whole = Session::open(request.run.model).value()->searchPlans(request, {}, {}, {});
        QCOMPARE(resumed->front.size(), whole->front.size());
        for (size_t i = 0; i < whole->front.size(); ++i) {
            QCOMPARE(resumed->front[i].planJson, whole->front[i].planJson);
            QCOMPARE(resumed->front[i].loss, whole->front[i].loss);
        }
    }

    void whatDoesNotFitIsRefusedWithTheReason_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("note");
        QTest::newRow("batch") << u"batch"_s
            << u"no: the calibration batch is another one: 4 instead of 3; repeated: the calibration on 9 images"_s;
        QTest::newRow("picture") << u"picture"_s << u"no: the calibration images are others: * samples of their content *; repeated: *"_s;
        QTest::newRow("weights") << u"weights"_s << u"no: the weights are others: *; repeated: everything"_s;
        QTest::newRow("observers") << u"observers"_s
            << u"no: the observers are others; repeated: the calibration on 9 images"_s;
        QTest::newRow("fewer images") << u"seen"_s << u"no: the observers are others; repeated: *"_s;
    }

    void whatDoesNotFitIsRefusedWithTheReason()
    {
        QFETCH(const QString, what);
        QFETCH(const QString, note);
        const QTemporaryDir own;
        QVERIFY(testing::writeTinyImages(own.path()));
        RunRequest request = requestFor(u"minmax"_s, false);
        request.data.folder = own.path().toStdString();
        RunRecord partial = stoppedIn("calibrate", request);
        auto state = std::make_shared<CalibrationState>(*partial.calibration.state);
        if (what == u"batch"_s) {
            request.calibration.batch = 4;
        } else if (what == u"picture"_s) { // of the same size, with another content in its middle
            QFile file(own.filePath(u"train/class3/03.png"_s));
            QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(file.size() / 2));
            const QByteArray before = file.peek(1);
            file.putChar(static_cast<char>(before[0] ^ 1));
        } else if (what == u"weights"_s) {
            partial.model.sha256[0] = partial.model.sha256[0] == '0' ? '1' : '0';
        } else if (what == u"observers"_s) {
            state->taps.back().batches = 0;
            state->taps[1].statistics.channelMinimum.pop_back();
        } else {
            state->seen = testing::kTinyCalibration + 1;
        }
        partial.calibration.state = state;
        Seen seen;
        const auto resumed = goOn(request, partial, &seen);
        QVERIFY2(resumed.has_value(), resumed ? "" : resumed.error().message().c_str());
        const QString said = QString::fromStdString(resumed->environment.at("resumed"));
        const QString pattern = QRegularExpression::escape(note).replace(u"\\*"_s, u".*"_s);
        QVERIFY2(QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(said).hasMatch(), qPrintable(said));
        QCOMPARE(seen["calibrate"], int64_t{request.calibration.batch});
        const auto whole = Session::open(request.model).value()->run(request, {}, {});
        QVERIFY(whole.has_value());
        compareCalibrations(*resumed, *whole);
    }

    void aDamagedStateIsNoRunFile_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : {"seen", "batches"})
            QTest::newRow(what) << QString::fromLatin1(what);
    }

    void aDamagedStateIsNoRunFile()
    {
        QFETCH(const QString, what);
        RunRecord partial = stoppedIn("calibrate", requestFor(u"minmax"_s, false));
        auto state = std::make_shared<CalibrationState>(*partial.calibration.state);
        if (what == u"seen"_s)
            state->seen += 1;
        else
            state->batchImages[1] = 0;
        partial.calibration.state = state;
        const std::string file = m_folder.filePath(u"damaged.h5"_s).toStdString();
        QVERIFY(writeRunFile(partial, file).has_value());
        const auto read = readRunFile(file);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::CorruptFile);
        QVERIFY2(QString::fromStdString(read.error().message()).contains(u"/calibration/state"_s), read.error().message().c_str());
    }

private:
    /// Of each phase what its first progress was.
    using Seen = std::map<std::string, int64_t>;

    [[nodiscard]] RunRequest requestFor(const QString &recipe, bool sensitivity) const
    {
        RunRequest request = testing::tinyRequest(m_weights, m_folder.path());
        request.evaluateFloat = request.analyze = false;
        request.calibration.batch = kBatch;
        request.quantization.recipe = recipe.toStdString();
        if (sensitivity) {
            request.sensitivity.emplace();
            request.sensitivity->options.level = SensitivityLevel::OperatorType;
        }
        return request;
    }

    /// What a pause in the middle of `phase` leaves.
    [[nodiscard]] static RunRecord stoppedIn(const std::string &phase, const RunRequest &request)
    {
        RunControl control;
        control.sink = [token = control.cancel, phase](const Progress &progress) {
            if (progress.phase == phase && progress.done >= kStopAfter)
                token.cancel();
        };
        RunContinuation continuation;
        continuation.snapshot = [](const RunRecord &) {};
        return Session::open(request.model).value()->run(request, control, {}, continuation).value();
    }

    [[nodiscard]] RunRecord stored(const RunRecord &run) const
    {
        const std::string file = m_folder.filePath(u"partial.h5"_s).toStdString();
        return writeRunFile(run, file) ? readRunFile(file).value() : RunRecord();
    }

    static RunControl watching(Seen *seen)
    {
        RunControl control;
        control.sink = [seen](const Progress &progress) {
            if (progress.done > 0)
                seen->emplace(progress.phase, progress.done);
        };
        return control;
    }

    static Result<RunRecord> goOn(const RunRequest &request, const RunRecord &partial, Seen *seen)
    {
        RunContinuation continuation;
        continuation.partial = &partial;
        return Session::open(request.model).value()->run(request, watching(seen), {}, continuation);
    }

    static void compareCalibrations(const RunRecord &a, const RunRecord &b)
    {
        QCOMPARE(a.taps.size(), b.taps.size());
        for (size_t t = 0; t < a.taps.size(); ++t) {
            const char *path = a.taps[t].tap.path.c_str();
            QVERIFY2(same(a.taps[t].parameters, b.taps[t].parameters), path);
            QVERIFY2(a.taps[t].statistics.histogram.counts == b.taps[t].statistics.histogram.counts, path);
            QVERIFY2(a.taps[t].statistics.channelMaximum == b.taps[t].statistics.channelMaximum, path);
            QVERIFY2(a.taps[t].statistics.tokenMinimum == b.taps[t].statistics.tokenMinimum, path);
        }
        QCOMPARE(a.calibration.history.batchImages, b.calibration.history.batchImages);
        QCOMPARE(a.calibration.history.imageMaximum.size(), b.calibration.history.imageMaximum.size());
        const auto alike = [](const std::vector<float> &x, const std::vector<float> &y) { // NaN is NaN
            return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](float u, float v) { return u == v || (u != u && v != v); });
        };
        QVERIFY(alike(a.calibration.history.tailHigh, b.calibration.history.tailHigh));
        QVERIFY(alike(a.calibration.history.imageMaximum, b.calibration.history.imageMaximum));
    }

    std::string m_weights;
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestCalibrationResume)
#include "tst_calibration_resume.moc"
