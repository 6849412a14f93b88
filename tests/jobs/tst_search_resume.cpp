// SPDX-License-Identifier: GPL-3.0-or-later
// A precision search that was stopped among its evaluations: what a later program takes over, and what it refuses.
#include "app/demo/demo_assets.h"
#include "core/jobs/project_store.h"
#include "core/jobs/workbench.h"
#include "core/pipeline/search_file.h"
#include "core/pipeline/session.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>
#include <memory>

using namespace quantoscope;

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatience = 120000; // ms
constexpr int64_t kImages = 20;
constexpr int kBatch = 5;
constexpr int kConversions = 500; // no limit in truth, but one to keep
constexpr int kPlans = 5;         // three of the front, two uniform ones

int countMeasured(const PrecisionSearchResult &result)
{
    int count = 0;
    for (const auto *points : {&result.front, &result.uniform})
        count += static_cast<int>(std::count_if(points->begin(), points->end(), [](const auto &p) { return p.measured.has_value(); }));
    return count;
}

/// `pattern`: * stands for any text.
bool says(const QString &text, const QString &pattern)
{
    const QString expression = QRegularExpression::escape(pattern).replace(u"\\*"_s, u".*"_s);
    return QRegularExpression(QRegularExpression::anchoredPattern(expression)).match(text).hasMatch();
}

/// Another picture of another size in the place of one: same path, same label.
bool replaceImage(const ImageListRecord &list)
{
    const QDir root(QString::fromStdString(list.root));
    const QString victim = root.filePath(QString::fromStdString(list.items.front().path));
    for (const ImageItem &item : list.items) {
        const QString other = root.filePath(QString::fromStdString(item.path));
        if (QFileInfo(other).size() != QFileInfo(victim).size())
            return QFile::remove(victim) && QFile::copy(other, victim);
    }
    return false;
}

} // namespace

class TestSearchResume : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const auto assets = unpackDemo();
        QVERIFY2(assets.has_value(), assets ? "" : assets.error().message().c_str());
        m_weights = assets->weights;
        m_images = QString::fromStdString(assets->data);
        m_request = requestOn(m_images);
        m_session = Session::open(m_request.run.model).value();
        const auto whole = m_session->searchPlans(m_request, {}, {}, {});
        QVERIFY2(whole.has_value(), whole ? "" : whole.error().message().c_str());
        QCOMPARE(countMeasured(*whole), kPlans);
        m_whole = searchToJson(*whole);
        m_search = std::make_shared<const PrecisionSearchResult>(*whole);
        m_partial = stopped(*m_session, m_request);
        QCOMPARE(m_partial.measuredPlans.size(), size_t{2});
        QVERIFY(m_partial.result && m_partial.floatResult && m_partial.floatResult->complete);
        QVERIFY(!m_partial.request.planJson.empty());
        m_begun = static_cast<int>(m_partial.result->images.size());
        QVERIFY2(m_begun >= kBatch && m_begun < kImages && m_begun % kBatch == 0, qPrintable(QString::number(m_begun)));
    }

    void evaluatedPlansSurviveARestart_data()
    {
        QTest::addColumn<bool>("killed");
        QTest::newRow("saved project") << false;
        QTest::newRow("recovery copy") << true;
    }

    void evaluatedPlansSurviveARestart()
    {
        QFETCH(const bool, killed);
        const QTemporaryDir folder;
        ProjectState state;
        state.request = m_request.run;
        PendingJob &left = state.jobs.emplace_back();
        left.request.kind = JobRequest::Kind::Search;
        left.request.search = m_request;
        left.partial = std::make_shared<const RunRecord>(m_partial);
        state.search = m_search;
        const QString file = folder.filePath(u"p.quantoscope"_s);
        const QString afterKill = folder.filePath(u"killed"_s);
        {
            ProjectStore store(folder.filePath(u"alive"_s));
            QSignalSpy failed(&store, &ProjectStore::failed);
            if (killed) {
                store.autosave(state);
                store.waitUntilIdle();
                for (QDirIterator it(folder.filePath(u"alive"_s), {u"*.h5"_s}, QDir::Files, QDirIterator::Subdirectories);
                     it.hasNext();) { // what a kill at this moment leaves
                    const QString from = it.next();
                    QVERIFY(QDir().mkpath(afterKill + u"/copy"_s));
                    QVERIFY(QFile::copy(from, afterKill + u"/copy/"_s + it.fileName()));
                }
            } else {
                store.save(state, file);
                store.waitUntilIdle();
            }
            QCoreApplication::processEvents();
            QCOMPARE(failed.size(), 0);
        }

        ProjectStore store(afterKill);
        QSignalSpy opened(&store, &ProjectStore::opened);
        killed ? store.recover(afterKill + u"/copy"_s) : store.open(file);
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, kPatience);
        QCOMPARE(opened[0][2].toStringList(), QStringList());
        const auto back = opened[0][0].value<std::shared_ptr<const ProjectState>>();
        QCOMPARE(back->jobs.size(), size_t{1});
        QCOMPARE(back->jobs[0].request.search.mostConversions, std::optional(kConversions));
        QVERIFY(back->jobs[0].partial);
        QVERIFY(back->search);
        QCOMPARE(searchToJson(*back->search), m_whole);

        Workbench bench;
        std::map<std::string, int> ended; // evaluations by phase
        connect(&bench, &Workbench::progressed, &bench, [&](const Progress &progress) {
            ended[progress.phase] += progress.done == progress.total;
        });
        QSignalSpy updated(&bench, &Workbench::searchUpdated);
        QSignalSpy finished(&bench, &Workbench::searchFinished);
        bench.addPaused(back->jobs[0].request, back->jobs[0].partial);
        bench.resumeJob(bench.jobs().front().id);
        QTRY_VERIFY_WITH_TIMEOUT(!bench.isBusy(), kPatience);
        const QString note = bench.jobs().back().note;
        QVERIFY2(finished.size() == 1, qPrintable(note));
        QCOMPARE(note, u"yes: the sensitivity on 8 images, 20 images in float, 2 plans run on images, "
                       "%1 images of a further plan, the calibration on 10 images"_s.arg(m_begun));
        QCOMPARE(countMeasured(*updated[0][0].value<PrecisionSearchPtr>()), 2); // shown at once
        QCOMPARE(ended["sensitivity"], 0);
        QCOMPARE(ended["evaluate"], kPlans - 2);
        QCOMPARE(searchToJson(*finished[0][0].value<PrecisionSearchPtr>()), m_whole);
    }

    void aPausedSearchLeavesWhatItEvaluated()
    {
        Workbench bench;
        PlanSearchRequest request = m_request;
        request.run.data.limit = 60; // long enough for the pause to reach it
        QSignalSpy finished(&bench, &Workbench::searchFinished);
        bench.search(request);
        const int id = bench.jobs().front().id;
        const auto pausing = connect(&bench, &Workbench::searchUpdated, &bench, [&](const PrecisionSearchPtr &soFar) {
            if (countMeasured(*soFar) == 1)
                bench.pauseJob(id);
        });
        QTRY_VERIFY_WITH_TIMEOUT(!bench.isBusy(), kPatience);
        disconnect(pausing);
        if (finished.size() == 1)
            QSKIP("the search was over before the pause reached it");
        const RunRecordPtr partial = bench.partialOf(id);
        QVERIFY(partial && !partial->measuredPlans.empty());
        bench.resumeJob(id);
        QTRY_VERIFY_WITH_TIMEOUT(!bench.isBusy(), kPatience);
        const QString note = bench.jobs().back().note;
        QVERIFY2(note.contains(u"%1 plans run on images"_s.arg(partial->measuredPlans.size())), qPrintable(note));
        QCOMPARE(finished.size(), 1);
        QCOMPARE(countMeasured(*finished[0][0].value<PrecisionSearchPtr>()), kPlans);
    }

    void eachStalePartIsRefusedByItself_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("note"); // %1: sensitivity, %2: float, %3: plans, %4: a further plan, %5: calibration
        QTest::newRow("nothing") << u""_s << u"yes: %1, %2, %3, %4"_s;
        QTest::newRow("weights") << u"weights"_s << u"no: the weights are others: SHA-256 * instead of 000000000000; repeated: everything"_s;
        QTest::newRow("preprocessing") << u"preprocessing"_s << u"no: the preprocessing is another one: *; repeated: everything"_s;
        QTest::newRow("bits") << u"bits"_s << u"yes: %2; but recipe or plan are others; repeated: %1, %3, %4"_s;
        QTest::newRow("rules") << u"rules"_s
            << u"yes: %2; but the recipe's rules are others: SHA-256 * instead of *; repeated: %1, %3, %4"_s;
        QTest::newRow("calibration batch") << u"batch"_s
            << u"yes: %2; but the calibration batch is another one: 10 instead of 9; repeated: %1, %5, %3, %4"_s;
        QTest::newRow("calibration images") << u"calibration"_s
            << u"yes: %2; but the calibration images are others: list of files, labels, sizes and samples of their content * instead of *; repeated: %1, %5, %3, %4"_s;
        QTest::newRow("images") << u"images"_s
            << u"yes: %1; but the images are others: list of files, labels, sizes and samples of their content * instead of *; repeated: %2, %3, %4"_s;
        QTest::newRow("labels") << u"labels"_s
            << u"yes: %1; but the images are others: another list; repeated: %2, %3, %4"_s;
        // Nothing of these depends on the limit, and measured plans are compared plan by plan.
        QTest::newRow("limit to conversions") << u"conversions"_s << u"yes: %1, %2, %3, %4"_s;
        QTest::newRow("levels") << u"levels"_s
            << u"yes: %2, %3, %4; but the measurements or their images are others; repeated: %1"_s;
    }

    void eachStalePartIsRefusedByItself()
    {
        QFETCH(const QString, what);
        QFETCH(const QString, note);
        const QTemporaryDir folder;
        PlanSearchRequest request = m_request;
        RunRecord partial = m_partial;
        if (what == u"weights"_s)
            partial.model.sha256 = std::string(64, '0');
        else if (what == u"preprocessing"_s)
            partial.model.preprocessing.resize += 1;
        else if (what == u"bits"_s)
            request.run.quantization.bits.activations = 6;
        else if (what == u"rules"_s)
            partial.recipeJson += ' ';
        else if (what == u"batch"_s)
            partial.calibration.batch = 9;
        else if (what == u"labels"_s)
            partial.images.items.front().label += 1;
        else if (what == u"conversions"_s)
            request.mostConversions.reset();
        else if (what == u"levels"_s)
            request.levels = {8, 5};
        else if (!what.isEmpty()) {
            request = requestOn(copyOfTheImages(folder));
            partial = stopped(*m_session, request);
            QVERIFY(replaceImage(what == u"images"_s ? partial.images : partial.calibration.images));
        }
        QString expected = note;
        expected.replace(u"%1"_s, u"the sensitivity on 8 images"_s).replace(u"%2"_s, u"20 images in float"_s);
        expected.replace(u"%3"_s, u"2 plans run on images"_s).replace(u"%5"_s, u"the calibration on 10 images"_s);
        expected.replace(u"%4"_s, QString::number(partial.result->images.size()) + u" images of a further plan"_s);
        QString told;
        RunControl control;
        SearchContinuation continuation;
        continuation.partial = &partial;
        continuation.resumed = [&](const std::string &text) {
            if (told.isEmpty()) // later comes whether the calibration's state was of use
                told = QString::fromStdString(text);
            control.cancel.cancel(); // all that is asked here
        };
        const auto result = m_session->searchPlans(request, control, {}, {}, continuation);
        QVERIFY(!result && result.error().code == ErrorCode::Cancelled);
        QVERIFY2(says(told, expected), qPrintable(told + u"\nis not\n"_s + expected));
    }

    void whatIsRefusedIsMeasuredAgain_data()
    {
        QTest::addColumn<bool>("calibration");
        QTest::newRow("calibration images") << true;
        QTest::newRow("evaluated images") << false;
    }

    void whatIsRefusedIsMeasuredAgain()
    {
        QFETCH(const bool, calibration);
        const QTemporaryDir folder;
        const PlanSearchRequest request = requestOn(copyOfTheImages(folder));
        const RunRecord partial = stopped(*m_session, request);
        QVERIFY(replaceImage(calibration ? partial.calibration.images : partial.images));
        SearchContinuation continuation;
        continuation.partial = &partial;
        std::map<std::string, int> ended;
        RunControl control;
        control.sink = [&](const Progress &progress) { ended[progress.phase] += progress.done == progress.total; };
        // The session still has float result, statistics and decoded crops of the replaced picture.
        const auto resumed = m_session->searchPlans(request, control, {}, {}, continuation);
        QVERIFY2(resumed.has_value(), resumed ? "" : resumed.error().message().c_str());
        QCOMPARE(ended["sensitivity"], calibration ? 1 : 0);
        QCOMPARE(ended["evaluate"], kPlans);
        const auto whole = Session::open(request.run.model).value()->searchPlans(request, {}, {}, {});
        QCOMPARE(searchToJson(*resumed), searchToJson(*whole));
        QVERIFY(searchToJson(*resumed) != m_whole);
    }

    void aMeasurementRefusesStalePartsToo_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("note");
        QTest::newRow("nothing") << u""_s << u"yes: the calibration, the sensitivity on 32 images"_s;
        QTest::newRow("weights") << u"weights"_s << u"no: the weights are others: *; repeated: everything"_s;
        QTest::newRow("rules") << u"rules"_s << u"no: the recipe's rules are others: *; repeated: everything"_s;
        QTest::newRow("images") << u"images"_s
            << u"no: the images are others: list of files, labels, sizes and samples of their content * instead of *; repeated: everything"_s;
        QTest::newRow("calibration images") << u"calibration"_s
            << u"no: the calibration images are others: list of files, labels, sizes and samples of their content * instead of *; repeated: the calibration and what follows from it"_s;
        QTest::newRow("measurements") << u"measurements"_s
            << u"yes: the calibration; but the measurements or their images are others; repeated: the sensitivity"_s;
    }

    void aMeasurementRefusesStalePartsToo()
    {
        QFETCH(const QString, what);
        QFETCH(const QString, note);
        const QTemporaryDir folder;
        RunRequest request = requestOn(copyOfTheImages(folder)).run;
        request.evaluate = request.evaluateFloat = request.analyze = false;
        request.data.limit = 64; // two batches
        request.sensitivity.emplace();
        request.sensitivity->options.level = SensitivityLevel::OperatorType;
        RunControl control;
        control.sink = [&](const Progress &progress) {
            if (progress.phase == "sensitivity" && 2 * progress.done > progress.total)
                control.cancel.cancel(); // within the second
        };
        RunContinuation continuation;
        continuation.snapshot = [](const RunRecord &) {};
        auto partial = m_session->run(request, control, {}, continuation);
        QVERIFY(partial.has_value() && !partial->complete && partial->sensitivity.size() == 1);
        QCOMPARE(partial->sensitivity.front().imagesDone, int64_t{32});
        if (what == u"weights"_s)
            partial->model.sha256 = std::string(64, '0');
        else if (what == u"rules"_s)
            partial->recipeJson += ' ';
        else if (what == u"measurements"_s)
            request.sensitivity->options.options = {{6, 6}};
        else if (!what.isEmpty())
            QVERIFY(replaceImage(what == u"images"_s ? partial->images : partial->calibration.images));
        continuation.partial = &*partial;
        const auto resumed = m_session->run(request, {}, {}, continuation);
        QVERIFY2(resumed.has_value() && resumed->complete, resumed ? "" : resumed.error().message().c_str());
        const QString told = QString::fromStdString(resumed->environment.at("resumed"));
        QVERIFY2(says(told, note), qPrintable(told + u"\nis not\n"_s + note));
    }

private:
    [[nodiscard]] PlanSearchRequest requestOn(const QString &images) const
    {
        PlanSearchRequest request;
        request.run = demoRequest({m_weights, images.toStdString()});
        request.run.data.limit = kImages;
        request.run.batch = kBatch;
        request.run.calibration.count = 20;
        request.run.quantization.ptf = request.run.quantization.lis = false;
        request.run.quantization.bits = {8, 8, 8};
        request.budget.amount = 5.5;
        request.mostConversions = kConversions;
        request.levels = {8, 4};
        request.images = 8;
        request.evaluatePoints = 3;
        return request;
    }

    /// What a search leaves that is stopped in the middle of its third plan.
    [[nodiscard]] static RunRecord stopped(Session &session, const PlanSearchRequest &request)
    {
        RunRecord last;
        RunControl control;
        int ended = 0;
        control.sink = [&](const Progress &progress) {
            if (progress.phase != "evaluate")
                return;
            ended += progress.done == progress.total;
            if (ended == 2 && progress.done == 2 * kBatch)
                control.cancel.cancel();
        };
        SearchContinuation continuation;
        continuation.snapshot = [&](const RunRecord &record) { last = record; };
        static_cast<void>(session.searchPlans(request, control, {}, {}, continuation));
        return last;
    }

    [[nodiscard]] QString copyOfTheImages(const QTemporaryDir &folder) const
    {
        const QString copy = folder.filePath(u"images"_s);
        const QDir from(m_images);
        for (QDirIterator it(m_images, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
            const QString file = it.next();
            const QString to = copy + u'/' + from.relativeFilePath(file);
            QDir().mkpath(QFileInfo(to).path());
            QFile::copy(file, to);
            QFile::setPermissions(to, QFile::ReadOwner | QFile::WriteOwner);
        }
        return copy;
    }

    std::string m_weights;
    QString m_images;
    PlanSearchRequest m_request;
    std::unique_ptr<Session> m_session;
    std::string m_whole; ///< as JSON
    std::shared_ptr<const PrecisionSearchResult> m_search;
    RunRecord m_partial;
    int m_begun = 0;
};

QTEST_GUILESS_MAIN(TestSearchResume)
#include "tst_search_resume.moc"
