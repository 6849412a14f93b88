// SPDX-License-Identifier: GPL-3.0-or-later
// Repeating a run with other calibration images in the real window, on the embedded demo. Screenshots go to
// <build>/screenshots.
#include "app/demo/demo_assets.h"
#include "tests/support/settled.h"
#include "views/models/run_table_model.h"
#include "views/plots/spread_plot.h"
#include "views/widgets/draws_dialog.h"
#include "views/widgets/main_window.h"
#include "views/widgets/runs_panel.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace quantoscope;

namespace {

constexpr int kRunTimeout = 240000;

} // namespace

class TestSpreadWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("quantoscope-tests"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        const auto assets = unpackDemo();
        QVERIFY(assets.has_value());
        m_request = demoRequest(*assets);
        m_request.quantization.ptf = m_request.quantization.lis = false;
        m_request.quantization.bits = {6, 6, 6};
        m_request.calibration.count = 16;
        m_request.calibration.seed = 3;
        m_request.analyze = false;
        m_request.data.limit = 60;
        QVERIFY(QDir().mkpath(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots")));
        m_workbench = std::make_unique<Workbench>();
        m_window = std::make_unique<MainWindow>(*m_workbench);
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QSignalSpy opened(m_workbench.get(), &Workbench::modelOpened);
        m_window->openModelFile(QString::fromStdString(m_request.model.weights));
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 60000);
        m_window->setRunRequest(m_request);
        m_plot = m_window->findChild<SpreadPlot *>();
        QVERIFY(m_plot);
    }

    void cleanupTestCase()
    {
        m_window.reset();
        m_workbench.reset();
    }

    void theEmptyPlotSaysWhatToDo()
    {
        raiseDockOf(m_plot);
        QVERIFY(m_plot->isEmpty());
        bool told = false;
        for (const QLabel *label : m_plot->findChildren<QLabel *>())
            told = told || label->text().contains(QStringLiteral("Repeat with other calibration images"));
        QVERIFY(told);
    }

    void aListOfImagesIsRefusedWithAReason()
    {
        auto *action = m_window->findChild<QAction *>(QStringLiteral("repeatDraws"));
        QVERIFY(action->isEnabled());
        RunRequest listed = m_request;
        listed.calibration.list = "/somewhere/list.txt";
        m_window->setRunRequest(listed);
        QTRY_VERIFY(!action->isEnabled());
        QVERIFY(action->toolTip().contains(QStringLiteral("equal")));
        m_window->setRunRequest(m_request);
        QTRY_VERIFY(action->isEnabled());
    }

    void theDialogSaysTheCostAndRefusesWhatCannotBe()
    {
        DrawsDialog *dialog = openDialog();
        auto *ok = dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok);
        auto *cost = dialog->findChild<QLabel *>(QStringLiteral("cost"));
        auto *sizes = dialog->findChild<QLineEdit *>(QStringLiteral("drawsSizes"));
        QTRY_VERIFY_WITH_TIMEOUT(ok->isEnabled(), 20000);
        QVERIFY2(cost->text().contains(QStringLiteral("15 runs")), qPrintable(cost->text())); // 5 draws of 4, 8 and 16 images
        QCOMPARE(dialog->findChild<QLabel *>(QStringLiteral("drawsSeeds"))->text(), QStringLiteral("3 to 7"));
        type(sizes, QStringLiteral("8, x"));
        QTRY_VERIFY(cost->text().contains(QStringLiteral("'x'")) || cost->text().contains(QStringLiteral("' x'")));
        QVERIFY(!ok->isEnabled());
        type(sizes, QStringLiteral("8, 61"));
        QTRY_VERIFY_WITH_TIMEOUT(cost->text().contains(QStringLiteral("ask for 1 to 60")), 20000);
        QVERIFY(!ok->isEnabled());
        type(sizes, QStringLiteral("60"));
        QTRY_VERIFY_WITH_TIMEOUT(cost->text().contains(QStringLiteral("order only")), 20000);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!m_window->findChild<DrawsDialog *>());
        QVERIFY(!m_workbench->isBusy());
    }

    void drawsAreQueuedAsJobsAndLandInTableAndPlot()
    {
        QSignalSpy finished(m_workbench.get(), &Workbench::runFinished);
        DrawsDialog *dialog = openDialog();
        auto *count = dialog->findChild<QSpinBox *>(QStringLiteral("drawsCount"));
        count->setFocus();
        QTest::keyClick(count, Qt::Key_Down);
        QTest::keyClick(count, Qt::Key_Down);
        QCOMPARE(count->value(), 3);
        type(dialog->findChild<QLineEdit *>(QStringLiteral("drawsSizes")), QStringLiteral("2, 16"));
        auto *ok = dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok);
        QTRY_VERIFY_WITH_TIMEOUT(ok->isEnabled(), 20000);
        QTest::mouseClick(ok, Qt::LeftButton);
        QCOMPARE(m_workbench->jobs().size() - endedJobs(), 6);
        QVERIFY(m_plot->isVisible()); // comes to the front

        // They are jobs like others: one is cancelled, one paused and resumed.
        QList<int> ids;
        for (const JobInfo &job : m_workbench->jobs())
            if (job.isPending())
                ids << job.id;
        m_workbench->cancelJob(ids[5]);
        m_workbench->pauseJob(ids[4]);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 4, kRunTimeout);
        m_workbench->resumeJob(ids[4]);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 5, kRunTimeout);
        auto *table = m_window->findChild<RunsPanel *>()->table();
        QCOMPARE(table->model()->rowCount(), 5);
        QCOMPARE(table->model()->index(0, RunTableModel::Calibration).data().toString(), QStringLiteral("2, seed 3"));
        QTRY_COMPARE(m_plot->pointCount(), 5);
        const CalibrationSpread &spread = m_plot->spread()->spread;
        QCOMPARE(spread.series.size(), size_t{1});
        QCOMPARE(spread.series[0].levels.size(), size_t{2});
        QCOMPARE(spread.series[0].levels[0].draws.size(), size_t{3});
        QVERIFY(spread.series[0].levels[0].top1.deviation >= 0);
        QTest::qWait(300);
        shoot("spread-window");
    }

    void aPointChoosesItsRunAndTheFigureIsChosen()
    {
        raiseDockOf(m_plot);
        QTRY_VERIFY(!m_plot->isEmpty());
        QTest::mouseClick(m_plot->findChild<QWidget *>(QStringLiteral("canvas")), Qt::LeftButton, {},
                          testing::settled([this] { return m_plot->positionOf(4); }));
        QTRY_VERIFY(m_window->shownRun()->calibration.images.items.size() == 16);
        m_plot->setFocus();
        QTest::keyClick(m_plot, Qt::Key_PageDown); // to the smallest size
        QTest::keyClick(m_plot, Qt::Key_Return);
        QTRY_VERIFY(m_window->shownRun()->calibration.images.items.size() == 2);
        auto *figure = m_window->findChild<QComboBox *>(QStringLiteral("spreadFigure"));
        figure->setFocus();
        QTest::keyClick(figure, Qt::Key_Down);
        QTest::keyClick(figure, Qt::Key_Down);
        QTest::qWait(100);
        QVERIFY(!m_plot->isEmpty());
        shoot("spread-window-kl");
        QTest::keyClick(figure, Qt::Key_Up);
        QTest::keyClick(figure, Qt::Key_Up);
        const QString path = m_folder.filePath(QStringLiteral("spread.csv"));
        QVERIFY(m_plot->exportTo(path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
        QCOMPARE(lines.size(), 6);
        QVERIFY(lines[0].startsWith("run,calibration_images,calibration_batch,seed,top1_percent"));
        QVERIFY(lines[1].startsWith("run-"));
    }

private:
    DrawsDialog *openDialog()
    {
        QMenu *menu = nullptr;
        auto *action = m_window->findChild<QAction *>(QStringLiteral("repeatDraws"));
        for (QMenu *one : m_window->menuBar()->findChildren<QMenu *>())
            if (one->actions().contains(action))
                menu = one;
        if (!menu)
            return nullptr;
        QTest::mouseClick(m_window->menuBar(), Qt::LeftButton, {},
                          m_window->menuBar()->actionGeometry(menu->menuAction()).center());
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
        return m_window->findChild<DrawsDialog *>();
    }
    static void type(QLineEdit *field, const QString &text)
    {
        field->setFocus();
        QTest::keySequence(field, QKeySequence::SelectAll);
        QTest::keyClicks(field, text);
    }
    [[nodiscard]] qsizetype endedJobs() const
    {
        const QList<JobInfo> jobs = m_workbench->jobs();
        return std::count_if(jobs.begin(), jobs.end(), [](const JobInfo &job) { return !job.isPending(); });
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
        QVERIFY(m_window->grab().save(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots/%1.png").arg(QLatin1String(name))));
    }

    QTemporaryDir m_folder;
    RunRequest m_request;
    std::unique_ptr<Workbench> m_workbench;
    std::unique_ptr<MainWindow> m_window;
    SpreadPlot *m_plot = nullptr;
};

QTEST_MAIN(TestSpreadWindow)
#include "tst_spread_window.moc"
