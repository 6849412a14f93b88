// SPDX-License-Identifier: GPL-3.0-or-later
// The first start and the next one: the demo opens calibrated with a guided path, and a session comes back.
#include "app/demo/demo_assets.h"
#include "core/jobs/project_store.h"
#include "core/jobs/workbench.h"
#include "views/plots/plot_view.h"
#include "views/widgets/guide_strip.h"
#include "views/widgets/main_window.h"
#include "views/widgets/project_controller.h"

#include <QAction>
#include <QDialog>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace quantoscope;

namespace {

constexpr int kRunTimeout = 240'000;

} // namespace

class TestFirstStart : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("quantoscope-tests"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_first_start"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        const auto assets = unpackDemo();
        QVERIFY2(assets.has_value(), assets ? "" : assets.error().message().c_str());
        m_request = demoRequest(*assets);
    }

    void init() { open(); }
    void cleanup() { close(); }

    void theDemoOpensCalibratedAndTheGuideLeadsThroughIt()
    {
        QVERIFY(MainWindow::wantsGuide());
        auto *strip = find<GuideStrip>("guideStrip");
        QVERIFY(!strip->isVisible());
        QSignalSpy finished(m_workbench.get(), &Workbench::runFinished);
        m_window->startDemo(m_request);
        m_window->showGuide();
        QVERIFY(strip->isVisible());
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
        QCOMPARE(finished.at(0).at(0).value<RunRecordPtr>()->id, std::string("run-1"));
        QVERIFY(m_window->shownRun() && m_window->shownRun()->analysisImages > 0);
        QTRY_VERIFY(!m_workbench->isBusy());
        QCOMPARE(strip->current(), GuideStep::Ranges);
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));

        auto *show = find<QPushButton>("guideShow");
        QTest::mouseClick(show, Qt::LeftButton); // 1: the plot of ranges
        QTRY_VERIFY(find<PlotView>("plot-ranges")->hasFocus()); // once its tab is in front
        QVERIFY(strip->isDone(GuideStep::Ranges));
        QCOMPARE(strip->current(), GuideStep::WorstLayer);
        show->setFocus();
        QTest::keyClick(show, Qt::Key_Space); // 2: the keyboard does as well
        QVERIFY(strip->isDone(GuideStep::WorstLayer));
        QTest::mouseClick(show, Qt::LeftButton); // 3: leads to the tree, the change is the user's
        auto *tree = find<QTreeView>("modelTree");
        QVERIFY(tree->hasFocus());
        QVERIFY(!strip->isDone(GuideStep::Float));
        QTest::keyClick(tree, Qt::Key_F);
        QVERIFY(strip->isDone(GuideStep::Float));
        QTest::mouseClick(show, Qt::LeftButton); // 4
        auto *run = find<QPushButton>("run");
        QVERIFY(run->hasFocus());
        QTest::keyClick(run, Qt::Key_Space);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 2, kRunTimeout);
        QVERIFY(strip->isDone(GuideStep::RunAgain));
        QTest::mouseClick(show, Qt::LeftButton); // 5
        QVERIFY(find<QTableView>("runsTable")->hasFocus());
        QVERIFY(strip->isDone(GuideStep::Compare));
        QCOMPARE(strip->current(), GuideStep::OwnModel);
        QTest::mouseClick(show, Qt::LeftButton);
        QTRY_VERIFY(m_window->findChild<QDialog *>(QStringLiteral("getModelDialog")));

        QTest::mouseClick(find<QPushButton>("guideDismiss"), Qt::LeftButton);
        QVERIFY(!strip->isVisible());
        QVERIFY(!MainWindow::wantsGuide()); // and never again by itself
        find<QAction>("guide")->trigger();
        QVERIFY(strip->isVisible());
        QCOMPARE(strip->current(), GuideStep::Ranges);
    }

    void theNextStartFindsTheSession()
    {
        QSignalSpy finished(m_workbench.get(), &Workbench::runFinished);
        m_window->startDemo(m_request);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
        m_window->setBits({QStringLiteral("blocks.1.mlp.fc2.weight")}, 4);
        m_window->selectTap(QStringLiteral("blocks.1.mlp.fc2.weight"));
        m_window->resize(1200, 820);
        const std::string plan = m_window->runRequest().quantization.planJson;
        const std::string id = m_window->shownRun()->id;
        QSignalSpy failed(m_store.get(), &ProjectStore::failed);
        m_window->close();
        m_store->waitUntilIdle();
        QCoreApplication::processEvents();
        QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : failed.front().front().value<Error>().message().c_str());
        close();
        QVERIFY(QFileInfo::exists(session()));

        open();
        QVERIFY(m_window->project().restoreSession());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->shownRun() != nullptr, 60'000);
        QCOMPARE(m_window->shownRun()->id, id);
        QCOMPARE(m_window->runRequest().quantization.planJson, plan);
        QCOMPARE(m_window->runRequest().data.folder, m_request.data.folder);
        QCOMPARE(m_window->projectState().project.selectedTap, std::string("blocks.1.mlp.fc2.weight"));
        QCOMPARE(m_window->size(), QSize(1200, 820));
        QVERIFY(m_window->project().path().isEmpty()); // still unnamed
        QVERIFY(!QSettings().value(QStringLiteral("recentFiles")).toStringList().contains(session()));
    }

    void aNamedProjectIsOpenedAgain()
    {
        const QString path = m_folder.filePath(QStringLiteral("mine.quantoscope"));
        QSignalSpy opened(m_workbench.get(), &Workbench::modelOpened);
        m_window->openModelFile(QString::fromStdString(m_request.model.weights));
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 60'000);
        m_window->project().saveTo(path);
        m_store->waitUntilIdle();
        m_window->close();
        close();

        open();
        QVERIFY(m_window->project().restoreSession());
        QTRY_COMPARE_WITH_TIMEOUT(m_window->project().path(), path, 60'000);
        QVERIFY(!QFileInfo::exists(session()));
    }

    void nothingIsKeptOfAnEmptySession()
    {
        m_window->close();
        close();
        QSettings().remove(QStringLiteral("session/project"));
        open();
        QVERIFY(!m_window->project().restoreSession());
    }

private:
    [[nodiscard]] QString session() const { return m_folder.filePath(QStringLiteral("session.quantoscope")); }

    void open()
    {
        m_workbench = std::make_unique<Workbench>();
        m_store = std::make_unique<ProjectStore>(m_folder.filePath(QStringLiteral("recovery")));
        m_window = std::make_unique<MainWindow>(*m_workbench, m_store.get());
        m_window->project().setSessionFile(session());
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

    void close()
    {
        m_window.reset();
        m_store.reset();
        m_workbench.reset();
    }

    template <typename T>
    T *find(const char *name) const
    {
        return m_window->findChild<T *>(QLatin1String(name));
    }

    QTemporaryDir m_folder;
    RunRequest m_request;
    std::unique_ptr<Workbench> m_workbench;
    std::unique_ptr<ProjectStore> m_store;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestFirstStart)
#include "tst_first_start.moc"
