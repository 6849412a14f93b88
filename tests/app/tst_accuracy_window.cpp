// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy in the real window with the real core, on the embedded demo: changed images, baseline, confusion, what is behind
// an error, the front of runs. Screenshots go to <build>/screenshots.
#include "app/demo/demo_assets.h"
#include "tests/support/settled.h"
#include "views/models/flips_model.h"
#include "views/models/run_table_model.h"
#include "views/plots/confusion_plot.h"
#include "views/plots/runs_plot.h"
#include "views/widgets/flips_panel.h"
#include "views/widgets/main_window.h"
#include "views/widgets/runs_panel.h"
#include "views/widgets/worst_panel.h"

#include <QAction>
#include <QApplication>
#include <QContextMenuEvent>
#include <QDir>
#include <QDockWidget>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QPalette>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace quantoscope;

namespace {

constexpr int kRunTimeout = 240000;

QPalette darkPalette()
{
    QPalette dark(QColor(53, 53, 53), QColor(40, 40, 40));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        dark.setColor(role, QColor(230, 230, 230));
    dark.setColor(QPalette::Base, QColor(35, 35, 35));
    dark.setColor(QPalette::AlternateBase, QColor(45, 45, 45));
    return dark;
}

} // namespace

class TestAccuracyWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("quantoscope-tests"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
        const auto assets = unpackDemo();
        QVERIFY(assets.has_value());
        m_request = demoRequest(*assets);
        m_request.quantization.ptf = m_request.quantization.lis = false; // few bits leave LIS no steps
        m_request.analyze = true;
        m_request.analysisImages = 8;
        QVERIFY(QDir().mkpath(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots")));
        m_workbench = std::make_unique<Workbench>();
        m_window = std::make_unique<MainWindow>(*m_workbench);
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QSignalSpy opened(m_workbench.get(), &Workbench::modelOpened);
        m_window->openModelFile(QString::fromStdString(m_request.model.weights));
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 60000);
        for (const int bits : {8, 4, 3}) { // one after the other, with the float model
            m_request.quantization.bits = {bits, bits, bits};
            m_window->setRunRequest(m_request);
            QSignalSpy finished(m_workbench.get(), &Workbench::runFinished);
            m_window->startRun();
            QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
            m_runs.push_back(finished.front().front().value<RunRecordPtr>());
        }
    }

    void cleanupTestCase()
    {
        m_window.reset();
        m_workbench.reset();
    }

    void changedImagesAreListedWithTheirPictures()
    {
        auto *panel = m_window->findChild<FlipsPanel *>();
        QTRY_VERIFY(panel->changes() && panel->changes()->question.second->id == m_runs[2]->id);
        QCOMPARE(panel->changes()->question.firstSide, RunSide::Float);
        openTab(QStringLiteral("Changes"));
        QTRY_VERIFY(panel->table()->isVisible());
        QTRY_VERIFY2(panel->height() > 150, qPrintable(QString::number(panel->height()))); // room for pictures
        QVERIFY(panel->table()->model()->rowCount() > 0);
        auto *picture = m_window->findChild<QLabel *>(QStringLiteral("flipPicture"));
        QTRY_VERIFY(!picture->pixmap().isNull());
        QTest::qWait(300);
        shoot("accuracy-flips");
    }

    void anyRunIsPinnedByTheMenuAndEverythingComparesWithIt()
    {
        auto *runs = m_window->findChild<RunsPanel *>();
        auto *panel = m_window->findChild<FlipsPanel *>();
        openTab(QStringLiteral("Evaluations"));
        QTRY_VERIFY2(runs->height() < 200, qPrintable(QString::number(runs->height()))); // plots have their room back
        runs->selectRow(0);
        QTest::qWait(20);
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(20, 10), runs->table()->viewport()->mapToGlobal(QPoint(20, 10)));
        QApplication::sendEvent(runs->table()->viewport(), &event);
        auto *menu = m_window->findChild<QMenu *>(QStringLiteral("runsMenu"));
        QVERIFY(menu && menu->isVisible());
        auto *pin = menu->findChild<QAction *>(QStringLiteral("pinRun"));
        QVERIFY(pin && pin->isEnabled());
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(pin).center());
        QTRY_COMPARE(runs->baseline(), m_runs[0]);
        QVERIFY(runs->table()->model()->index(0, RunTableModel::Run).data().toString().contains(QStringLiteral("baseline")));
        QVERIFY(runs->table()->model()->index(2, RunTableModel::ChangeReference).data().toString().contains(QLatin1Char('[')));
        runs->selectRow(1);
        QTRY_VERIFY(panel->changes() && panel->changes()->question.first == m_runs[0]
                    && panel->changes()->question.second->id == m_runs[1]->id);
        shoot("accuracy-baseline");
    }

    void aCellOfTheConfusionFiltersTheImages()
    {
        auto *runs = m_window->findChild<RunsPanel *>();
        auto *panel = m_window->findChild<FlipsPanel *>();
        auto *plot = m_window->findChild<ConfusionPlot *>();
        runs->selectRow(2);
        QTRY_VERIFY(panel->changes() && panel->changes()->question.second->id == m_runs[2]->id);
        raiseDockOf(plot);
        QTRY_VERIFY(plot->isVisible() && !plot->matrix().from.empty() && !plot->isEmpty());
        const ClassChange most = classChanges(panel->changes()->flips, ChangeRows::Before).front();
        const QPoint cell = testing::settled([&] {
            return plot->positionOf(static_cast<int>(plot->matrix().rowOf(most)), static_cast<int>(plot->matrix().columnOf(most)));
        });
        QTest::mouseClick(plot->findChild<QWidget *>(QStringLiteral("canvas")), Qt::LeftButton, {}, cell);
        QTRY_COMPARE(panel->table()->model()->rowCount(), static_cast<int>(most.count));
        QTRY_VERIFY(panel->table()->isVisible()); // the list comes to the front
        QTest::qWait(300);
        shoot("accuracy-confusion");
        QTest::mouseClick(panel->findChild<QWidget *>(QStringLiteral("flipsClasses")), Qt::LeftButton);
        QCOMPARE(panel->table()->model()->rowCount(), static_cast<int>(panel->changes()->flips.flips.size()));
    }

    void theImagesAndChannelsBehindAnErrorAreShown()
    {
        auto *worst = m_window->findChild<WorstPanel *>();
        m_window->selectTap(QStringLiteral("blocks.2.mlp.gelu"));
        raiseDockOf(m_window->findChild<QWidget *>(QStringLiteral("plot-tap-error")));
        QTRY_VERIFY(worst->isVisible());
        auto *images = worst->findChild<QListWidget *>(QStringLiteral("worstImages"));
        auto *channels = worst->findChild<QListWidget *>(QStringLiteral("worstChannels"));
        QCOMPARE(images->count(), 5);
        QVERIFY(channels->count() > 0);
        const TapRecord &tap = *std::find_if(m_runs[2]->taps.begin(), m_runs[2]->taps.end(),
                                             [](const TapRecord &one) { return one.tap.path == "blocks.2.mlp.gelu"; });
        const auto expected = worstChannels(tap, ErrorScope::Isolated, 2);
        QTest::mouseClick(channels->viewport(), Qt::LeftButton, {}, channels->visualItemRect(channels->item(1)).center());
        QCOMPARE(m_window->findChild<PlotView *>(QStringLiteral("plot-tap-error"))->selectedChannel(), expected[1].index);
        QTest::qWait(300);
        shoot("accuracy-worst");

        // An image leads to its attention map, here and in the list of changes.
        QSignalSpy finished(m_workbench.get(), &Workbench::runFinished);
        images->setCurrentRow(0);
        images->setFocus();
        QTest::keyClick(images, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
        QCOMPARE(m_window->shownRun()->attention.size(), size_t{1});
        QVERIFY(m_window->findChild<PlotView *>(QStringLiteral("plot-attention"))->isVisible());
    }

    void thePointsOfTheFrontChooseARun()
    {
        auto *plot = m_window->findChild<RunsPlot *>();
        raiseDockOf(plot);
        QTRY_VERIFY(plot->isVisible() && !plot->isEmpty());
        QCOMPARE(plot->pointCount(), 4); // the float model and three runs
        for (int point = 0; point < plot->pointCount(); ++point)
            if (plot->runOf(point)->id == m_runs[1]->id && !plot->front().points[static_cast<size_t>(point)].floating)
                QTest::mouseClick(plot->findChild<QWidget *>(QStringLiteral("canvas")), Qt::LeftButton, {},
                                  testing::settled([&] { return plot->positionOf(point); }));
        QTRY_COMPARE(m_window->shownRun()->id, m_runs[1]->id);
        shoot("accuracy-runs");
    }

    void darkScreenshots()
    {
        QApplication::setPalette(darkPalette());
        QTest::qWait(100);
        shoot("accuracy-dark");
        openTab(QStringLiteral("Changes"));
        raiseDockOf(m_window->findChild<ConfusionPlot *>());
        QTest::qWait(300);
        shoot("accuracy-dark-flips");
        QApplication::setPalette(QPalette());
    }

private:
    void openTab(const QString &title)
    {
        for (QTabBar *bar : m_window->findChildren<QTabBar *>())
            for (int i = 0; i < bar->count(); ++i)
                if (bar->isVisible() && bar->tabText(i) == title) {
                    QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(i).center());
                    return;
                }
        QFAIL(qPrintable(title));
    }
    static void raiseDockOf(QWidget *widget)
    {
        while (widget && !qobject_cast<QDockWidget *>(widget))
            widget = widget->parentWidget();
        QVERIFY(widget);
        widget->raise();
        QTest::qWait(20);
    }
    void shoot(const char *name)
    {
        QCoreApplication::processEvents();
        QVERIFY(m_window->grab().save(
            QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots/%1.png").arg(QLatin1String(name))));
    }

    QTemporaryDir m_settings;
    RunRequest m_request;
    std::unique_ptr<Workbench> m_workbench;
    std::unique_ptr<MainWindow> m_window;
    std::vector<RunRecordPtr> m_runs;
};

QTEST_MAIN(TestAccuracyWindow)
#include "tst_accuracy_window.moc"
