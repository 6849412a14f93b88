// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy over the number of calibration images: points, summary, clicks, keys, low sizes, exports.
#include "tests/support/settled.h"
#include "tests/views/changed_runs.h"
#include "views/plots/plot_factory.h"
#include "views/plots/spread_plot.h"

#include <QDir>
#include <QFile>
#include <QLabel>
#include <QPalette>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace quantoscope;

class TestSpreadPlot : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        for (const int batch : {10, 25})
            for (const int size : {16, 32, 64, 128})
                for (int seed = 0; seed < 5; ++seed) {
                    const float wobble = 6.0F / static_cast<float>(size) * static_cast<float>(1 + seed % 3) + (batch == 10 ? 0 : 0.25F);
                    auto run = sample::changedRun(QStringLiteral("nowhere"), 300, 1.0F + wobble, 1000 * size + 10 * seed + batch);
                    run->id = "run-" + std::to_string(m_runs.size() + 1);
                    run->request.recipe = "minmax";
                    run->calibration.batch = batch;
                    run->calibration.seed = static_cast<uint64_t>(seed);
                    run->calibration.images.root = "train";
                    for (int i = 0; i < size; ++i)
                        run->calibration.images.items.push_back({std::to_string(seed) + "-" + std::to_string(i), -1});
                    m_runs.push_back(run);
                }
    }

    void publishedValuesAreALineAmongTheDrawsAndAlwaysInTheCaption()
    {
        auto spread = std::make_shared<RunSpread>(*spreadOf(one(10), *m_runs.front()));
        QVERIFY(!spread->published.empty()); // DeiT-T in FQ-ViT's table
        const double mean = spread->spread.series.front().levels.back().top1.mean;
        spread->published = {{mean + 0.5, "PaperA"}, {mean + 60, "PaperB"}};
        SpreadPlot plot;
        plot.setSpread(spread);
        show(plot, QSize(700, 420));
        QStringList ids;
        for (const PlotSeries &series : plot.series())
            ids << series.id;
        QVERIFY(ids.contains(QStringLiteral("published-0")));
        QVERIFY(!ids.contains(QStringLiteral("published-1"))); // far off, it would leave no room for the draws
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("spread.svg"));
        QVERIFY(plot.exportTo(path, QSize(900, 500)));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString svg = QString::fromUtf8(file.readAll());
        QVERIFY(svg.contains(QStringLiteral("(PaperA)")) && svg.contains(QStringLiteral("(PaperB)"))); // in the caption
        RunRecord unknown = *m_runs.front();
        unknown.model.name = "nobody's";
        QVERIFY(spreadOf(one(10), unknown)->published.empty());
        plot.setFigure(DrawFigure::Agreement); // which no paper tells
        QTest::qWait(50);
        for (const PlotSeries &series : plot.series())
            QVERIFY(!series.id.startsWith(QStringLiteral("published")));
    }

    void everyDrawIsAPointThatOpensItsRun()
    {
        SpreadPlot plot;
        QVERIFY(plot.isEmpty());
        plot.setSpread(spreadOf(one(10), *m_runs.front()));
        show(plot, QSize(700, 420));
        QCOMPARE(plot.pointCount(), 20);
        QSignalSpy opened(&plot, &SpreadPlot::pointOpened);
        auto *canvas = plot.findChild<QWidget *>(QStringLiteral("canvas"));
        QTest::mouseClick(canvas, Qt::LeftButton, {}, testing::settled([&] { return plot.positionOf(7); }));
        QTRY_COMPARE(opened.count(), 1);
        const int point = opened.front().front().toInt();
        QCOMPARE(plot.runOf(point)->calibration.images.items.size(), size_t{32});
        auto *readout = plot.findChild<QLabel *>(QStringLiteral("readout"));
        QTRY_VERIFY2(readout->text().contains(QStringLiteral("32 calibration images in batches of 10, seed")), qPrintable(readout->text()));
        QTest::keyClick(&plot, Qt::Key_PageUp);
        QTest::keyClick(&plot, Qt::Key_Return);
        QCOMPARE(opened.count(), 2);
        plot.markRun(m_runs[3]);
        QCOMPARE(plot.runOf(plot.markedPoint()), m_runs[3]);
        plot.setSpread(spreadOf(one(10), *m_runs.front())); // the mark follows its run
        QCOMPARE(plot.runOf(plot.markedPoint()), m_runs[3]);
        plot.setSpread(nullptr);
        QVERIFY(plot.isEmpty());
    }

    void aFigureThatNoRunTellsIsSaid()
    {
        std::vector<RunRecordPtr> runs;
        for (int i = 0; i < 3; ++i) {
            auto run = std::make_shared<RunRecord>(*m_runs[static_cast<size_t>(i)]);
            run->floatResult.reset();
            runs.push_back(run);
        }
        SpreadPlot plot;
        plot.setSpread(spreadOf(runs, *runs.front()));
        show(plot, QSize(500, 300));
        QVERIFY(!plot.isEmpty());
        plot.setFigure(DrawFigure::Kl);
        QTest::qWait(20);
        QVERIFY(plot.isEmpty());
    }

    void theCommandLinesFilesAreDrawnAndTabulated()
    {
        QTemporaryDir folder;
        const auto view = makePlot(spreadPlotName());
        QVERIFY(view && showRuns(*view, m_runs));
        const QString path = folder.filePath(QStringLiteral("spread.csv"));
        QVERIFY(view->exportTo(path));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QStringList lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 41);
        QVERIFY(lines[0].startsWith(QStringLiteral("run,calibration_images,calibration_batch,seed,top1_percent")));
        QVERIFY(lines[1].startsWith(QStringLiteral("run-1,16,10,0,")));
        for (const char *suffix : {"svg", "pdf", "png"})
            QVERIFY(view->exportTo(folder.filePath(QStringLiteral("spread.%1").arg(QLatin1String(suffix)))));
    }

    void screenshots()
    {
        QDir().mkpath(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots"));
        const struct {
            const char *name;
            QSize size;
            bool dark;
            bool both;
            DrawFigure figure;
        } pictures[] = {{"light", {700, 420}, false, false, DrawFigure::Top1}, {"dark", {700, 420}, true, true, DrawFigure::Top1},
                        {"low", {640, 210}, false, true, DrawFigure::Agreement}, {"kl", {700, 420}, false, true, DrawFigure::Kl}};
        for (const auto &picture : pictures) {
            SpreadPlot plot;
            if (picture.dark) {
                QPalette palette(QColor(53, 53, 53), QColor(35, 35, 35));
                for (const auto role : {QPalette::WindowText, QPalette::Text})
                    palette.setColor(role, QColor(230, 230, 230));
                palette.setColor(QPalette::Base, QColor(35, 35, 35));
                plot.setPalette(palette);
            }
            plot.setFigure(picture.figure);
            plot.setSpread(spreadOf(picture.both ? m_runs : one(10), *m_runs.front()));
            show(plot, picture.size);
            plot.markRun(m_runs[12]);
            QTest::qWait(50);
            QVERIFY(plot.grab().save(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots/spread-%1.png").arg(QLatin1String(picture.name))));
        }
    }

private:
    [[nodiscard]] std::vector<RunRecordPtr> one(int batch) const
    {
        std::vector<RunRecordPtr> runs;
        for (const RunRecordPtr &run : m_runs)
            if (run->calibration.batch == batch)
                runs.push_back(run);
        return runs;
    }
    static void show(SpreadPlot &plot, QSize size)
    {
        plot.resize(size);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QTest::qWait(30);
    }

    std::vector<RunRecordPtr> m_runs;
};

QTEST_MAIN(TestSpreadPlot)
#include "tst_spread_plot.moc"
