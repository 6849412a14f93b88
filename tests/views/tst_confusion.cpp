// SPDX-License-Identifier: GPL-3.0-or-later
// The confusion of the classes that changed: what is drawn, read out, clicked and exported.
#include "tests/support/settled.h"
#include "tests/views/changed_runs.h"
#include "views/plots/confusion_plot.h"
#include "views/plots/plot_factory.h"

#include <QDir>
#include <QFile>
#include <QPalette>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace quantoscope;

class TestConfusion : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        m_run = sample::changedRun(QStringLiteral("nowhere"), 600, 1.0F, 1);
        m_other = sample::changedRun(QStringLiteral("nowhere"), 600, 0.7F, 2);
        const auto changes = findChanges({m_run, RunSide::Float, m_run, RunSide::Quantized});
        QVERIFY(changes.has_value());
        m_changes = *changes;
    }

    void classesWithoutRoomShareTheLastRow()
    {
        ConfusionPlot plot;
        showPlot(plot, QSize(420, 320));
        const size_t rows = plot.matrix().from.size();
        QVERIFY(plot.matrix().otherFrom > 0 && plot.matrix().from.back() == ChangeMatrix::kOther);
        QCOMPARE(plot.matrix().images, static_cast<int64_t>(m_changes->flips.flips.size()));
        plot.resize(900, 700);
        QCoreApplication::processEvents();
        QVERIFY(plot.matrix().from.size() > rows);
        QCOMPARE(plot.matrix().images, static_cast<int64_t>(m_changes->flips.flips.size()));
    }

    void aClickChoosesTheImagesOfACellAndASecondOneGivesThemUp()
    {
        ConfusionPlot plot;
        showPlot(plot, QSize(900, 700));
        QList<std::pair<std::vector<int>, std::vector<int>>> chosen;
        connect(&plot, &ConfusionPlot::cellChosen, this,
                [&](ChangeRows, const std::vector<int> &from, const std::vector<int> &to) { chosen.append({from, to}); });
        const ClassChange most = classChanges(m_changes->flips, ChangeRows::Before).front();
        const auto row = static_cast<int>(plot.matrix().rowOf(most));
        const auto column = static_cast<int>(plot.matrix().columnOf(most));
        QCOMPARE(plot.matrix().at(static_cast<size_t>(row), static_cast<size_t>(column)), most.count);
        auto *canvas = plot.findChild<QWidget *>(QStringLiteral("canvas"));
        const QPoint place = testing::settled([&] { return plot.positionOf(row, column); });
        QTest::mouseClick(canvas, Qt::LeftButton, {}, place);
        QTRY_COMPARE(chosen.size(), 1);
        QCOMPARE(chosen.back().first, std::vector<int>{most.from});
        QCOMPARE(chosen.back().second, std::vector<int>{most.to});
        QTest::mouseMove(canvas, place);
        QCoreApplication::processEvents();
        QTest::mouseClick(canvas, Qt::LeftButton, {}, place);
        QTRY_COMPARE(chosen.size(), 2);
        QVERIFY(chosen.back().first.empty());
        // An empty cell has no images to choose.
        for (size_t c = 0; c < plot.matrix().to.size(); ++c)
            if (plot.matrix().at(0, c) == 0) {
                QTest::mouseClick(canvas, Qt::LeftButton, {}, plot.positionOf(0, static_cast<int>(c)).toPoint());
                break;
            }
        QTest::qWait(20);
        QCOMPARE(chosen.size(), 2);
        // The same by keys.
        plot.setFocus();
        for (int i = 0; i <= row; ++i)
            QTest::keyClick(&plot, Qt::Key_Down);
        for (int i = 0; i <= column; ++i)
            QTest::keyClick(&plot, Qt::Key_Right);
        QTest::keyClick(&plot, Qt::Key_Up); // the first key marked row 0 already
        for (int i = 0; i < 60; ++i)
            QTest::keyClick(&plot, Qt::Key_Up);
        for (int i = 0; i < row; ++i)
            QTest::keyClick(&plot, Qt::Key_Down);
        for (int i = 0; i < 60; ++i)
            QTest::keyClick(&plot, Qt::Key_Left);
        for (int i = 0; i < column; ++i)
            QTest::keyClick(&plot, Qt::Key_Right);
        QVERIFY2(plot.accessibleDescription().contains(QStringLiteral("%1 images").arg(most.count)),
                 qPrintable(plot.accessibleDescription()));
        QTest::keyClick(&plot, Qt::Key_Return);
        QCOMPARE(chosen.size(), 3);
        QCOMPARE(chosen.back().second, std::vector<int>{most.to});
    }

    void rowsCanBeTheTrueClasses()
    {
        ConfusionPlot plot;
        plot.setRows(ChangeRows::Truth);
        showPlot(plot, QSize(900, 700));
        const QString table = plot.visibleDataAsTsv();
        QVERIFY(table.startsWith(QStringLiteral("true_class\tname\tclass_after")));
        int64_t images = 0;
        for (const QString &line : table.split(QLatin1Char('\n'), Qt::SkipEmptyParts).mid(1))
            images += line.section(QLatin1Char('\t'), 4, 4).toInt();
        QCOMPARE(images, static_cast<int64_t>(m_changes->flips.flips.size()));
    }

    void oneFileOrTwoAreComparedAtOnce()
    {
        QTemporaryDir folder;
        const auto view = makePlot(QStringLiteral("confusion"));
        QVERIFY(showRuns(*view, {m_run}));
        const QString path = folder.filePath(QStringLiteral("confusion.svg"));
        QVERIFY(view->exportTo(path, QSize(900, 600)));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly) && file.readAll().contains("classes before and after quantization"));
        QVERIFY(showRuns(*view, {m_other, m_run}));
        QVERIFY(view->exportTo(folder.filePath(QStringLiteral("two.csv"))));
        QVERIFY(!showRuns(*view, {m_other, m_run, m_run}));
        QVERIFY(!showRuns(*makePlot(QStringLiteral("error")), {m_other, m_run}));
        auto floatOnly = std::make_shared<RunRecord>(*m_run);
        floatOnly->result.reset();
        const auto refused = showRuns(*view, {floatOnly});
        QVERIFY(!refused && refused.error().message().find("no quantized result") != std::string::npos);
        // A run against itself has nothing to show, and says so.
        QVERIFY(showRuns(*view, {m_run, m_run}));
        QVERIFY(view->isEmpty());
    }

    void screenshots()
    {
        QDir().mkpath(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots"));
        for (const bool dark : {false, true})
            for (const bool truth : {false, true}) {
                ConfusionPlot plot;
                if (dark) {
                    QPalette palette(QColor(53, 53, 53), QColor(35, 35, 35));
                    for (const auto role : {QPalette::WindowText, QPalette::Text})
                        palette.setColor(role, QColor(230, 230, 230));
                    palette.setColor(QPalette::Base, QColor(35, 35, 35));
                    plot.setPalette(palette);
                }
                plot.setRows(truth ? ChangeRows::Truth : ChangeRows::Before);
                showPlot(plot, truth ? QSize(620, 340) : QSize(960, 600));
                QVERIFY(plot.grab().save(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots/confusion-%1%2.png")
                                             .arg(truth ? QLatin1String("truth-") : QLatin1String(),
                                                  dark ? QLatin1String("dark") : QLatin1String("light"))));
            }
    }

private:
    void showPlot(ConfusionPlot &plot, QSize size) const
    {
        plot.resize(size);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        plot.setChanges(m_changes);
        QTest::qWait(20);
    }

    std::shared_ptr<RunRecord> m_run;
    std::shared_ptr<RunRecord> m_other;
    RunChangesPtr m_changes;
};

QTEST_MAIN(TestConfusion)
#include "tst_confusion.moc"
