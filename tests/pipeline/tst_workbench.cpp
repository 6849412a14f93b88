// SPDX-License-Identifier: GPL-3.0-or-later
// The worker thread as the window sees it: where signals arrive, how long the event loop waits, cancel, closing.
#include "core/jobs/workbench.h"
#include "tests/pipeline/tiny_model.h"
#include "tests/support/test_data.h"
#include "tests/support/event_gaps.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <memory>

using namespace quantoscope;

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatience = 60000; // ms

} // namespace

class TestWorkbench : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QUANTOSCOPE_NEED_TINY_MODEL(m_weights, m_folder);
    }

    void signalsArriveOnTheCallersThread()
    {
        Workbench bench;
        QStringList seen;
        bool elsewhere = false;
        const auto note = [&](const char *what) {
            seen << QString::fromLatin1(what);
            elsewhere = elsewhere || QThread::currentThread() != thread();
        };
        // Direct connections run where the signal is emitted.
        connect(&bench, &Workbench::busyChanged, [&](bool busy) { note(busy ? "busy" : "idle"); });
        connect(&bench, &Workbench::modelOpened, [&](const OpenedModelPtr &) { note("opened"); });
        connect(&bench, &Workbench::runUpdated, [&](const RunRecordPtr &) { note("updated"); });
        connect(&bench, &Workbench::runFinished, [&](const RunRecordPtr &) { note("finished"); });
        connect(&bench, &Workbench::progressed, [&](const Progress &) { note("progress"); });
        QSignalSpy idle(&bench, &Workbench::busyChanged);
        QSignalSpy finished(&bench, &Workbench::runFinished);
        bench.start(tiny());
        QVERIFY(bench.isBusy());
        QVERIFY(finished.wait(kPatience));
        QTRY_VERIFY_WITH_TIMEOUT(!bench.isBusy(), kPatience);
        QVERIFY(!elsewhere);
        QCOMPARE(seen.first(), u"busy"_s);
        QCOMPARE(seen.last(), u"idle"_s);
        QCOMPARE(seen.count(u"opened"_s), 1);
        QCOMPARE(seen.count(u"updated"_s), 2); // float, calibration
        QCOMPARE(seen.count(u"finished"_s), 1);
        QVERIFY(seen.count(u"progress"_s) >= 6); // begin and end of three phases
        QCOMPARE(idle.size(), 2);
    }

    void theSecondRunUsesTheOpenedModel()
    {
        Workbench bench;
        QSignalSpy opened(&bench, &Workbench::modelOpened);
        QSignalSpy finished(&bench, &Workbench::runFinished);
        bench.openModel(tiny().model);
        bench.start(tiny());
        RunRequest second = tiny();
        second.quantization.bits.weights = 4;
        bench.start(second);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, kPatience);
        QCOMPARE(opened.size(), 1);
        const auto first = finished[0][0].value<RunRecordPtr>();
        const auto other = finished[1][0].value<RunRecordPtr>();
        QVERIFY(first->id != other->id);
        QCOMPARE(first->floatResult->logits, other->floatResult->logits);
        QVERIFY(first->result->logits != other->result->logits);
        QCOMPARE(opened[0][0].value<OpenedModelPtr>()->info.depth, 2);
    }

    void measuresJoinTheRunThatIsShown()
    {
        Workbench bench;
        QSignalSpy finished(&bench, &Workbench::runFinished);
        QSignalSpy estimated(&bench, &Workbench::sensitivityEstimated);
        bench.start(tiny());
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatience);
        const auto run = finished.takeFirst().at(0).value<RunRecordPtr>();
        RunRequest request = tiny();
        request.sensitivity.emplace();
        request.sensitivity->options.level = SensitivityLevel::Block;
        request.sensitivity->images = 5;
        bench.estimateSensitivity(request);
        QTRY_COMPARE_WITH_TIMEOUT(estimated.size(), 1, kPatience);
        QCOMPARE(estimated[0][0].value<SensitivityCost>().images, int64_t{5});
        bench.measure(request, run);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatience);
        const auto joined = finished.takeFirst().at(0).value<RunRecordPtr>();
        QCOMPARE(joined->id, run->id);
        QCOMPARE(joined->sensitivity.size(), size_t{1});
        QCOMPARE(joined->result->logits, run->result->logits);
        request.quantization.bits.weights = 5; // another model: a run of its own
        bench.measure(request, run);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatience);
        const auto other = finished.takeFirst().at(0).value<RunRecordPtr>();
        QVERIFY(other->id != run->id && !other->result && other->sensitivity.size() == 1);
    }

    void errorsArriveAsSignals()
    {
        Workbench bench;
        QSignalSpy failed(&bench, &Workbench::failed);
        ModelRequest missing;
        missing.weights = "/no/such/file.safetensors";
        bench.openModel(missing);
        QVERIFY(failed.wait(kPatience));
        QCOMPARE(failed[0][0].value<Error>().code, ErrorCode::NotFound);
        RunRequest request = tiny();
        request.data.folder = "/no/such/folder";
        bench.start(request);
        QVERIFY(failed.wait(kPatience));
        QVERIFY(failed[1][0].value<Error>().message().find("/no/such/folder") != std::string::npos);
        QTRY_VERIFY_WITH_TIMEOUT(!bench.isBusy(), kPatience);
    }

    void runsAreExportedAndReadBack()
    {
        Workbench bench;
        QSignalSpy finished(&bench, &Workbench::runFinished);
        QSignalSpy exported(&bench, &Workbench::runExported);
        bench.start(tiny());
        QVERIFY(finished.wait(kPatience));
        const QString path = m_folder.filePath(u"run.h5"_s);
        const auto run = finished[0][0].value<RunRecordPtr>();
        bench.exportRun(run, path);
        QVERIFY(exported.wait(kPatience));
        bench.openRun(path);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, kPatience);
        const auto back = finished[1][0].value<RunRecordPtr>();
        QCOMPARE(back->result->logits, run->result->logits);
        QCOMPARE(back->images.sha256.size(), size_t{testing::kTinyEvaluation});

        QSignalSpy failed(&bench, &Workbench::failed);
        bench.exportRun(run, u"/no/such/folder/run.h5"_s);
        QVERIFY(failed.wait(kPatience));
        QVERIFY(failed[0][0].value<Error>().message().find("/no/such/folder/run.h5") != std::string::npos);
    }

    void theModelOfARunBecomesAnOnnxFile()
    {
        Workbench bench;
        QSignalSpy finished(&bench, &Workbench::runFinished);
        QSignalSpy exported(&bench, &Workbench::onnxExported);
        QSignalSpy failed(&bench, &Workbench::failed);
        RunRequest request = tiny();
        request.quantization.lis = true; // which no file says
        bench.start(request);
        QVERIFY(finished.wait(kPatience));
        const auto run = finished[0][0].value<RunRecordPtr>();
        const QString path = m_folder.filePath(u"run.onnx"_s);
        bench.exportOnnx(run, path);
        QVERIFY(exported.wait(kPatience));
        QCOMPARE(exported[0][0].toString(), path);
        QVERIFY(exported[0][1].toInt() > 0);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray open = file.readAll();
        file.close();
        // Nothing is open here, so that the run's weights are.
        Workbench other;
        QSignalSpy again(&other, &Workbench::onnxExported);
        other.exportOnnx(run, path);
        QVERIFY(again.wait(kPatience));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), open);

        auto changed = std::make_shared<RunRecord>(*run);
        changed->model.sha256[0] = changed->model.sha256[0] == '0' ? '1' : '0';
        bench.exportOnnx(changed, m_folder.filePath(u"changed.onnx"_s));
        QVERIFY(failed.wait(kPatience));
        QVERIFY(failed[0][0].value<Error>().message().find("not the checkpoint") != std::string::npos);
        QVERIFY(!QFile::exists(m_folder.filePath(u"changed.onnx"_s)));
        bench.exportOnnx(run, u"/no/such/folder/run.onnx"_s);
        QVERIFY(failed.wait(kPatience));
        QVERIFY(failed[1][0].value<Error>().message().find("/no/such/folder/run.onnx") != std::string::npos);
    }

    void theEventLoopAnswersWhileCalibrating()
    {
        RunRequest request = tiny();
        const std::string deit = testing::dataPath("models/deit_tiny_patch16_224.safetensors");
        const std::string images = testing::dataPath("imagenet");
        if (!deit.empty() && !images.empty()) { // the real size, where batches take seconds
            request = {};
            request.model.weights = deit;
            request.data.folder = images;
            request.data.limit = 4;
            request.calibration.count = 20;
        }
        request.evaluateFloat = request.evaluate = false;
        Workbench bench;
        QSignalSpy finished(&bench, &Workbench::runFinished);
        bench.openModel(request.model);
        QTRY_VERIFY_WITH_TIMEOUT(!bench.isBusy(), kPatience);
        const test::EventGaps watchdog;
        bench.start(request);
        QVERIFY(finished.wait(kPatience));
        qInfo("longest wait of the event loop while calibrating: %lld ms in %d turns (aim: 50 ms)",
              static_cast<long long>(watchdog.longest()), watchdog.turns());
        QVERIFY(watchdog.longest() < 500); // a loaded test machine is no reason to fail
    }

    void cancelEndsTheRunAndDropsTheQueue()
    {
        Workbench bench;
        QSignalSpy finished(&bench, &Workbench::runFinished);
        QSignalSpy failed(&bench, &Workbench::failed);
        bench.openModel(tiny().model);
        QTRY_VERIFY_WITH_TIMEOUT(!bench.isBusy(), kPatience);
        RunRequest request = tiny();
        request.batch = 1;
        bool cancelled = false;
        connect(&bench, &Workbench::progressed, &bench, [&](const Progress &progress) {
            if (!cancelled && progress.phase == "float") {
                cancelled = true;
                bench.cancel();
            }
        });
        bench.start(request);
        bench.start(request);
        bench.start(request);
        QTRY_VERIFY_WITH_TIMEOUT(!bench.isBusy(), kPatience);
        QVERIFY(cancelled);
        QCOMPARE(finished.size() + failed.size(), 1); // the first, partial or stopped before its first image
        if (finished.size() == 1)
            QVERIFY(!finished[0][0].value<RunRecordPtr>()->complete);
        else
            QCOMPARE(failed[0][0].value<Error>().code, ErrorCode::Cancelled);

        bench.start(request); // and it is ready for the next
        QVERIFY(finished.wait(kPatience));
        QVERIFY(finished.last()[0].value<RunRecordPtr>()->complete);
        bench.cancel(); // nothing runs: nothing happens
        QTRY_VERIFY_WITH_TIMEOUT(!bench.isBusy(), kPatience);
    }

    void destroyingItWhileItRunsIsSafe()
    {
        for (int delay = 0; delay < 100; delay += 7) { // in whatever phase it may be
            QElapsedTimer timer;
            auto bench = std::make_unique<Workbench>();
            RunRequest request = tiny();
            request.analyze = true;
            bench->openModel(request.model);
            bench->start(request);
            bench->start(request);
            QTest::qWait(delay);
            timer.start();
            bench.reset();
            QVERIFY2(timer.elapsed() < 5000, "closing waits for more than a batch");
            QCoreApplication::processEvents();
        }
    }

private:
    RunRequest tiny() const { return testing::tinyRequest(m_weights, m_folder.path()); }

    std::string m_weights;
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestWorkbench)
#include "tst_workbench.moc"
