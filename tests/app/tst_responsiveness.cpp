// SPDX-License-Identifier: GPL-3.0-or-later
// The window stays quick while jobs use all cores: no event takes the GUI thread longer than a frame.
#include "app/demo/demo_assets.h"
#include "core/jobs/workbench.h"
#include "tests/support/gui_watchdog.h"
#include "tests/support/test_data.h"
#include "views/plots/plot_view.h"
#include "views/widgets/main_window.h"

#include <QAction>
#include <QDockWidget>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <QWheelEvent>

using namespace quantoscope;
using quantoscope::testing::WatchedApplication;

namespace {

constexpr int kRunTimeout = 600'000;
constexpr double kFrame = 16; // ms

} // namespace

class TestResponsiveness : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("quantoscope-tests"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
    }

    void init()
    {
        m_workbench = std::make_unique<Workbench>();
        m_window = std::make_unique<MainWindow>(*m_workbench);
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        QTest::qWait(200); // start-up is over when everything was painted once
    }

    void cleanup()
    {
        m_window.reset();
        m_workbench.reset();
    }

    void noEventTakesLongerThanAFrameDuringADemoRun()
    {
        const auto assets = unpackDemo();
        QVERIFY2(assets.has_value(), assets ? "" : assets.error().message().c_str());
        staysWithinAFrame(demoRequest(*assets));
    }

    void noEventTakesLongerThanAFrameDuringADeitRun()
    {
        QUANTOSCOPE_NEED_DATA(weights, "models/deit_tiny_patch16_224.safetensors");
        QUANTOSCOPE_NEED_DATA(images, "imagenet");
        RunRequest request;
        request.model.weights = weights;
        request.data.folder = images;
        request.data.limit = 8;
        request.calibration.count = 4;
        request.quantization.ptf = true;
        request.quantization.lis = true;
        request.quantization.bits = {8, 8, 4};
        request.analyze = true;
        staysWithinAFrame(request);
    }

private:
    /// What is too long by our doing is so every time; what another program does to the machine passes.
    void staysWithinAFrame(const RunRequest &request)
    {
        constexpr int kPasses = 3;
        for (int pass = 1; pass <= kPasses; ++pass) {
            std::vector<WatchedApplication::Stretch> stretches;
            runAndUse(request, stretches);
            if (QTest::currentTestFailed())
                return;
            if (stretches.empty() || stretches.front().milliseconds < kFrame)
                return;
            const QString worst =
                QStringLiteral("%1 ms: %2").arg(stretches.front().milliseconds).arg(stretches.front().what);
            QVERIFY2(pass < kPasses, qPrintable(worst));
            qInfo("Pass %d took too long, once more: %s", pass, qPrintable(worst));
            cleanup();
            init();
        }
    }

    /// Opens, runs, and uses the window meanwhile as somebody would who looks around.
    void runAndUse(const RunRequest &request, std::vector<WatchedApplication::Stretch> &stretches)
    {
        WatchedApplication::instance()->startWatching();
        QSignalSpy opened(m_workbench.get(), &Workbench::modelOpened);
        m_window->openModelFile(QString::fromStdString(request.model.weights));
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, kRunTimeout);
        m_window->setRunRequest(request);
        QSignalSpy finished(m_workbench.get(), &Workbench::runFinished);
        auto *run = m_window->findChild<QPushButton *>(QStringLiteral("run"));
        QTRY_VERIFY_WITH_TIMEOUT(run->isEnabled(), kRunTimeout);
        QTest::mouseClick(run, Qt::LeftButton);
        int turn = 0;
        while (finished.isEmpty() && turn < kRunTimeout / 40)
            lookAround(turn++);
        QCOMPARE(finished.count(), 1);
        for (int after = 0; after < 120; ++after)
            lookAround(after);
        stretches = WatchedApplication::instance()->stopWatching();
        qInfo("%d turns of use while the run was going; longest stretches of the GUI thread:%s", turn,
              qPrintable(quantoscope::testing::listed(stretches)));
    }

    void lookAround(int turn)
    {
        auto *tree = m_window->findChild<QTreeView *>(QStringLiteral("modelTree"));
        const QList<PlotView *> plots = m_window->findChildren<PlotView *>();
        QTest::qWait(20);
        switch (turn % 6) {
        case 0: // another layer
            QTest::keyClick(tree, turn % 12 == 0 ? Qt::Key_Down : Qt::Key_Right);
            break;
        case 1: wheel(tree->viewport(), turn % 18 < 9 ? -120 : 120); break;
        case 2: // another plot comes to the front
            for (QWidget *up = plots[turn / 6 % plots.size()]; up; up = up->parentWidget())
                if (auto *dock = qobject_cast<QDockWidget *>(up)) {
                    dock->raise();
                    break;
                }
            break;
        case 3: // zoom where something is shown
        case 4:
            for (PlotView *plot : plots)
                if (!plot->visibleRegion().isEmpty() && !plot->isEmpty()) {
                    QTest::keyClick(plot, turn % 2 ? Qt::Key_Plus : Qt::Key_Minus);
                    QTest::mouseMove(plot, plot->rect().center() + QPoint(turn % 50, turn % 30));
                }
            break;
        default:
            if (auto *filter = m_window->findChild<QLineEdit *>(QStringLiteral("modelFilter")); turn % 24 == 5)
                QTest::keyClicks(filter, QStringLiteral("fc"));
            else if (!filter->text().isEmpty())
                filter->clear();
            QTest::keyClick(tree, Qt::Key_PageDown);
            break;
        }
    }

    static void wheel(QWidget *target, int angle)
    {
        const QPointF middle = target->rect().center();
        QWheelEvent event(middle, target->mapToGlobal(middle), {}, {0, angle}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(target, &event);
    }

    QTemporaryDir m_settings;
    std::unique_ptr<Workbench> m_workbench;
    std::unique_ptr<MainWindow> m_window;
};

int main(int argc, char **argv)
{
    WatchedApplication application(argc, argv);
    TestResponsiveness test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_responsiveness.moc"
