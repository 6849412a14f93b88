// SPDX-License-Identifier: GPL-3.0-or-later
// quantoscope-cli batch as a process: jobs from the window's file, projects with their layout, what is refused.
#include "app/demo/demo_assets.h"
#include "core/io/project_file.h"
#include "core/io/run_file.h"
#include "core/jobs/project_store.h"
#include "core/jobs/spread_finder.h"
#include "core/pipeline/session.h"
#include "tests/support/file_dialog.h"
#include "tests/support/program.h"
#include "views/widgets/main_window.h"
#include "views/widgets/project_controller.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QProcess>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <memory>

using namespace quantoscope;
using testing::Outcome;

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatience = 240000; // ms

Outcome batch(const QStringList &arguments)
{
    return testing::runProgram(QStringLiteral(QUANTOSCOPE_CLI), QStringList{u"batch"_s} + arguments, kPatience);
}

} // namespace

class TestBatch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"quantoscope-tests"_s);
        QCoreApplication::setApplicationName(u"tst_batch"_s);
        QSettings().clear();
        const auto assets = unpackDemo();
        QVERIFY2(assets.has_value(), assets ? "" : assets.error().message().c_str());
        m_request = demoRequest(*assets);
        m_request.data.limit = 20;
        m_request.batch = 5;
        m_request.analysisImages = 4;
        m_workbench = std::make_unique<Workbench>();
        m_store = std::make_unique<ProjectStore>(m_folder.filePath(u"recovery"_s));
        m_window = std::make_unique<MainWindow>(*m_workbench, m_store.get());
        m_window->resize(1280, 800);
        m_window->show();
        QSignalSpy opened(m_workbench.get(), &Workbench::modelOpened);
        m_window->openModelFile(QString::fromStdString(m_request.model.weights));
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, kPatience);
        m_window->setRunRequest(m_request);
    }

    void cleanupTestCase()
    {
        m_window.reset();
        m_store.reset();
        m_workbench.reset();
    }

    void aJobThatTheWindowSavedRunsElsewhere()
    {
        const QString job = path(u"job.json"_s);
        auto *save = m_window->findChild<QAction *>(u"saveJob"_s);
        QVERIFY(save && save->isEnabled());
        const testing::FileDialogAnswer answer(job);
        QSignalSpy written(m_workbench.get(), &Workbench::fileWritten);
        save->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, kPatience);

        const Outcome outcome = batch({job, u"--report"_s, path(u"run.h5"_s), u"--plots"_s, path(u"plots"_s)});
        VERIFY_CODE(outcome, 0);
        const auto run = readRunFile(path(u"run.h5"_s).toStdString());
        QVERIFY2(run.has_value(), run ? "" : run.error().message().c_str());
        const auto direct = Session::open(m_request.model).value()->run(m_request, {}, {});
        QVERIFY(direct.has_value());
        QCOMPARE(run->result->logits, direct->result->logits);
        QCOMPARE(run->taps.size(), direct->taps.size());
        const QStringList plots = QDir(path(u"plots"_s)).entryList({u"*.png"_s});
        QVERIFY2(plots.size() >= 8, qPrintable(plots.join(u' ')));
        for (const QString &plot : plots)
            QVERIFY2(!QImage(path(u"plots/"_s + plot)).isNull(), qPrintable(plot));
        QVERIFY2(outcome.err.contains(u"evaluate"_s), outcome.text().constData()); // progress
    }

    void severalJobsRunInOrderAndAllRunsAreKept()
    {
        JobRequest one;
        one.run = m_request;
        JobRequest other = one;
        other.run.quantization.bits = {6, 6, 6};
        const QString file = path(u"jobs.json"_s);
        QFile jobs(file);
        QVERIFY(jobs.open(QIODevice::WriteOnly));
        jobs.write(("[" + jobToJson(one) + "," + jobToJson(other) + "]").c_str());
        jobs.close();
        const Outcome outcome = batch({file, u"--save"_s, path(u"both.quantoscope"_s), u"--report"_s, path(u"last.html"_s)});
        VERIFY_CODE(outcome, 0);
        const auto project = readProjectFile(path(u"both.quantoscope"_s).toStdString());
        QVERIFY2(project.has_value(), project ? "" : project.error().message().c_str());
        QCOMPARE(project->runs.size(), size_t{2});
        QVERIFY(project->jobsJson.empty());
        QCOMPARE(project->runs[0]->request.bits.text(), m_request.quantization.bits.text());
        QCOMPARE(project->runs[1]->request.bits.text(), other.run.quantization.bits.text());
        QVERIFY(QFileInfo(path(u"last.html"_s)).size() > 10000);
    }

    void aProjectIsDrawnAsItsLayoutSays()
    {
        QSignalSpy finished(m_workbench.get(), &Workbench::runFinished);
        m_window->startRun();
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!m_workbench->isBusy(), kPatience);
        m_window->selectTap(u"blocks.1.mlp.fc1"_s);
        const auto *spread = m_window->findChild<SpreadFinder *>();
        QTRY_VERIFY_WITH_TIMEOUT(spread->isIdle(), kPatience);
        const QString project = path(u"layout.quantoscope"_s);
        QSignalSpy saved(m_store.get(), &ProjectStore::saved);
        m_window->project().saveTo(project);
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, kPatience);
        const auto own = m_window->exportAllPlots(path(u"own"_s));
        QVERIFY(own.has_value());
        const Outcome outcome = batch({project, u"--plots"_s, path(u"headless"_s)});
        VERIFY_CODE(outcome, 0);
        const QStringList names = QDir(path(u"own"_s)).entryList({u"*.png"_s});
        QCOMPARE(QDir(path(u"headless"_s)).entryList({u"*.png"_s}), names);
        for (const QString &name : names)
            QVERIFY2(QImage(path(u"own/"_s + name)) == QImage(path(u"headless/"_s + name)), qPrintable(name));
    }

    void anInterruptedBatchGoesOnFromWhatItSaved()
    {
        JobRequest job;
        job.run = m_request;
        job.run.data.limit = 120;
        const QString file = path(u"long.json"_s);
        QVERIFY(writeJobFile(job, file.toStdString()).has_value());
        const QString kept = path(u"kept.quantoscope"_s);
        QProcess process;
        process.start(QStringLiteral(QUANTOSCOPE_CLI), {u"batch"_s, file, u"--save"_s, kept});
        QByteArray err;
        QTRY_VERIFY_WITH_TIMEOUT((process.waitForReadyRead(20), err += process.readAllStandardError(), err.contains("calibrate")),
                                 kPatience);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(kPatience));
        if (process.exitCode() == 0)
            QSKIP("the run was over before Ctrl-C reached it");
        const auto project = readProjectFile(kept.toStdString());
        QVERIFY2(project.has_value(), project ? "" : project.error().message().c_str());
        QCOMPARE(project->jobsJson.size(), size_t{1});
        QVERIFY(project->jobRuns.front());
        const Outcome outcome = batch({kept, u"--report"_s, path(u"resumed.h5"_s)});
        VERIFY_CODE(outcome, 0);
        QVERIFY2(outcome.err.contains(u"note: yes: "_s), outcome.text().constData());
        const auto run = readRunFile(path(u"resumed.h5"_s).toStdString());
        QVERIFY(run && run->complete && run->result->images.size() == 120);
    }

    void whatCannotBeDoneIsSaidAtOnce_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<QString>("message");
        QTest::newRow("no file") << QByteArray() << QStringList() << u"cannot be read"_s;
        QTest::newRow("no JSON") << QByteArray("run it") << QStringList() << u"neither a job nor a list"_s;
        QTest::newRow("no jobs") << QByteArray("[]") << QStringList() << u"neither a job nor a list"_s;
        QTest::newRow("unknown kind") << QByteArray(R"({"kind": "dance", "run": {}})") << QStringList() << u"no known kind"_s;
        JobRequest job;
        job.run = m_request;
        job.run.model.weights = "/nowhere.safetensors";
        QTest::newRow("no weights") << QByteArray::fromStdString(jobToJson(job)) << QStringList() << u"nowhere.safetensors"_s;
        job.run = m_request;
        QTest::newRow("report nowhere") << QByteArray::fromStdString(jobToJson(job))
                                        << QStringList{u"--report"_s, u"/nowhere/run.h5"_s} << u"/nowhere"_s;
    }

    void whatCannotBeDoneIsSaidAtOnce()
    {
        QFETCH(const QByteArray, content);
        QFETCH(const QStringList, more);
        QFETCH(const QString, message);
        const QString file = path(u"bad.json"_s);
        QFile::remove(file);
        if (!content.isEmpty()) {
            QFile out(file);
            QVERIFY(out.open(QIODevice::WriteOnly) && out.write(content) == content.size());
        }
        const Outcome outcome = batch(QStringList{file} + more);
        VERIFY_CODE(outcome, 1);
        QVERIFY2(outcome.err.contains(message), outcome.text().constData());
        QVERIFY2(outcome.out.isEmpty(), outcome.text().constData());
    }

private:
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }

    QTemporaryDir m_folder;
    RunRequest m_request;
    std::unique_ptr<Workbench> m_workbench;
    std::unique_ptr<ProjectStore> m_store;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestBatch)
#include "tst_batch.moc"
