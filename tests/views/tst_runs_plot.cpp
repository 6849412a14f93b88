// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy of all runs over their cost: points, front, clicks, keys, exports.
#include "tests/support/settled.h"
#include "tests/views/changed_runs.h"
#include "views/plots/plot_factory.h"
#include "views/plots/runs_plot.h"

#include <QDir>
#include <QFile>
#include <QLabel>
#include <QPalette>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace quantoscope;

class TestRunsPlot : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        const int widths[] = {8, 6, 4, 3};
        const float noise[] = {0.3F, 1.4F, 1.2F, 2.5F};
        for (int i = 0; i < 4; ++i) {
            auto run = sample::changedRun(QStringLiteral("nowhere"), 650, noise[i], i + 1);
            run->request.bits = {widths[i], widths[i], widths[i]};
            const double bits = widths[i];
            run->costs = PrecisionCosts{bits, bits, bits, 0.7e6 * bits, 1.2e9 * bits * bits, 5e5 * bits, 100 + i};
            run->floatCosts = PrecisionCosts{32, 32, 32, 0.7e6 * 32, 1.2e12, 1.6e7, 0};
            m_runs.push_back(run);
        }
    }

    void everyRunIsAPointAndAClickOpensIt()
    {
        RunsPlot plot;
        QVERIFY(plot.isEmpty());
        showPlot(plot, QSize(700, 420));
        QCOMPARE(plot.pointCount(), 5); // the float model, too
        QVERIFY(plot.front().points[0].floating);
        QSignalSpy opened(&plot, &RunsPlot::pointOpened);
        auto *canvas = plot.findChild<QWidget *>(QStringLiteral("canvas"));
        QTest::mouseClick(canvas, Qt::LeftButton, {}, testing::settled([&] { return plot.positionOf(3); }));
        QTRY_COMPARE(opened.count(), 1);
        QCOMPARE(plot.runOf(opened.front().front().toInt()), m_runs[2]);
        auto *readout = plot.findChild<QLabel *>(QStringLiteral("readout"));
        QTRY_VERIFY2(readout->text().contains(QStringLiteral("run-3")) && readout->text().contains(QStringLiteral("2.8 MB")),
                     qPrintable(readout->text()));
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(plot.runOf(plot.markedPoint()), m_runs[1]);
        QTest::keyClick(&plot, Qt::Key_Return);
        QCOMPARE(opened.count(), 2);
        plot.markRun(m_runs[0]);
        QCOMPARE(plot.runOf(plot.markedPoint()), m_runs[0]);
        plot.setRuns({m_runs[3], m_runs[0]}, m_runs[3]); // the mark follows its run
        QCOMPARE(plot.runOf(plot.markedPoint()), m_runs[0]);
        plot.setRuns({});
        QVERIFY(plot.isEmpty());
    }

    void theCommandLinesFilesAreDrawnAndTabulated()
    {
        QTemporaryDir folder;
        for (const Resource resource : kResources) {
            const auto view = makePlot(runsPlotName());
            qobject_cast<RunsPlot *>(view.get())->setResource(resource);
            QVERIFY(showRuns(*view, m_runs));
            const QString path = folder.filePath(QStringLiteral("runs.csv"));
            QVERIFY(view->exportTo(path));
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QStringList lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
            QCOMPARE(lines.size(), 6);
            QVERIFY(lines[1].startsWith(QStringLiteral("run-4"))); // cheapest first
            QVERIFY(lines[5].contains(QStringLiteral("float")));
            QVERIFY(view->exportTo(folder.filePath(QStringLiteral("runs.svg"))));
        }
        auto old = std::make_shared<RunRecord>(*m_runs[0]);
        old->costs.reset();
        old->floatCosts.reset();
        const auto view = makePlot(runsPlotName());
        QVERIFY(showRuns(*view, {old}));
        const auto refused = view->exportTo(folder.filePath(QStringLiteral("old.png")));
        QVERIFY(!refused && refused.error().message().find("repeat") != std::string::npos);
    }

    void screenshots()
    {
        QDir().mkpath(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots"));
        for (const bool dark : {false, true}) {
            RunsPlot plot;
            if (dark) {
                QPalette palette(QColor(53, 53, 53), QColor(35, 35, 35));
                for (const auto role : {QPalette::WindowText, QPalette::Text})
                    palette.setColor(role, QColor(230, 230, 230));
                palette.setColor(QPalette::Base, QColor(35, 35, 35));
                plot.setPalette(palette);
            }
            showPlot(plot, QSize(700, 420));
            plot.markRun(m_runs[1]);
            QTest::qWait(20);
            QVERIFY(plot.grab().save(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots/runs-pareto-%1.png")
                                         .arg(dark ? QLatin1String("dark") : QLatin1String("light"))));
        }
    }

private:
    void showPlot(RunsPlot &plot, QSize size) const
    {
        plot.resize(size);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        plot.setRuns(m_runs, m_runs[0]);
        QTest::qWait(20);
    }

    std::vector<RunRecordPtr> m_runs;
};

QTEST_MAIN(TestRunsPlot)
#include "tst_runs_plot.moc"
