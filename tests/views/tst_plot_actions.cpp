// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done to the plots with mouse and keys, and the numbers that they then show.
#include "tests/views/sample_run.h"
#include "views/plots/channel_map_plot.h"
#include "views/plots/channel_ranges_plot.h"
#include "views/plots/error_plot.h"
#include "views/plots/ranges_overview_plot.h"
#include "views/plots/softmax_plot.h"
#include "views/plots/tap_error_plot.h"

#include <QHash>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace quantoscope;

class TestPlotActions : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_model = sample::model();
        m_run = sample::run(m_model, 1);
        m_ptf = sample::run(m_model, 2);
    }

    void aClickOnTheLegendHidesASeriesEverywhere()
    {
        ErrorPlot view;
        view.setRun(m_run);
        view.resize(900, 500);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QCoreApplication::processEvents();
        QSignalSpy changed(&view, &PlotView::seriesChanged);
        QStringList ids;
        for (const PlotSeries &one : view.series()) {
            QVERIFY(one.shown);
            ids << one.id;
        }
        QCOMPARE(ids, (QStringList{QStringLiteral("network"), QStringLiteral("cumulative"), QStringLiteral("isolated"),
                                   QStringLiteral("weights"), QStringLiteral("clipping"), QStringLiteral("rounding")}));
        QVERIFY(view.visibleDataAsTsv().contains(QStringLiteral("network_sqnr_db")));
        auto *canvas = view.findChild<QWidget *>(QStringLiteral("canvas"));
        const QImage before = canvas->grab().toImage();
        QTest::mouseClick(canvas, Qt::LeftButton, {}, QPoint(60, 28)); // the first entry, under the title
        QTRY_VERIFY(!view.isSeriesShown(QStringLiteral("network")));
        QVERIFY(changed.size() > 0);
        QVERIFY(!view.visibleDataAsTsv().contains(QStringLiteral("network_sqnr_db")));
        QVERIFY(view.visibleDataAsTsv().contains(QStringLiteral("isolated_sqnr_db")));
        QCoreApplication::processEvents();
        QVERIFY(canvas->grab().toImage() != before);
        view.setRun(m_ptf); // hidden in the next run too
        QVERIFY(!view.isSeriesShown(QStringLiteral("network")));
        view.setSeriesShown(QStringLiteral("network"), true);
        QVERIFY(view.visibleDataAsTsv().contains(QStringLiteral("network_sqnr_db")));
    }

    void draggingWithShiftZoomsIntoTheBox()
    {
        ErrorPlot view;
        view.setRun(m_run);
        view.resize(800, 500);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QCoreApplication::processEvents();
        const auto all = view.visibleDataAsTsv().count(QLatin1Char('\n'));
        auto *canvas = view.findChild<QWidget *>(QStringLiteral("canvas"));
        const auto drag = [&](QPoint from, QPoint to) {
            QTest::mousePress(canvas, Qt::LeftButton, Qt::ShiftModifier, from);
            QTest::mouseMove(canvas, (from + to) / 2);
            QTest::mouseMove(canvas, to);
            QTest::mouseRelease(canvas, Qt::LeftButton, Qt::ShiftModifier, to);
        };
        drag(QPoint(300, 120), QPoint(304, 122)); // a slip of the hand
        QCOMPARE(view.visibleDataAsTsv().count(QLatin1Char('\n')), all);
        drag(QPoint(300, 120), QPoint(500, 220));
        const auto some = view.visibleDataAsTsv().count(QLatin1Char('\n'));
        QVERIFY2(some > 5 && some < all / 2, qPrintable(QStringLiteral("%1 of %2").arg(some).arg(all)));
        const QString boxed = view.visibleDataAsTsv();
        QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier); // pans
        QVERIFY(view.visibleDataAsTsv() != boxed);
        QTest::keyClick(&view, Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(view.visibleDataAsTsv(), boxed);
        QTest::mouseDClick(canvas, Qt::LeftButton, {}, QPoint(400, 200));
        QTRY_COMPARE(view.visibleDataAsTsv().count(QLatin1Char('\n')), all);
    }

    void theLogKeySwitchesTheScaleWhereThereIsOne()
    {
        RangesOverviewPlot ranges;
        ranges.setRun(m_run);
        ranges.resize(600, 400);
        ranges.show();
        QVERIFY(ranges.canSwitchScale() && ranges.isLogScale());
        QTest::keyClick(&ranges, Qt::Key_L);
        QVERIFY(!ranges.isLogScale());
        ErrorPlot error;
        error.setRun(m_run);
        error.resize(600, 400);
        error.show();
        QTest::keyClick(&error, Qt::Key_L);
        QVERIFY2(!error.isLogScale(), "decibels are logarithmic already");
        error.setFigure(ErrorFigure::Mse);
        QVERIFY(error.isLogScale());
    }

    void theMapShowsEveryChannelAndAClickPicksOne()
    {
        ChannelMapPlot view;
        view.setRun(m_run);
        view.resize(800, 500);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QCoreApplication::processEvents();
        const QStringList lines = view.visibleDataAsTsv().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 26); // 25 LayerNorm inputs, one header
        QCOMPARE(lines[3].split(QLatin1Char('\t')).size(), 193);
        view.setFigure(ChannelFigure::Magnitude);
        const std::vector<int> taps = tapsOf(*m_run, {});
        const TapStatistics &third = m_run->taps[static_cast<size_t>(taps[2])].statistics;
        const QString cell = view.visibleDataAsTsv().split(QLatin1Char('\n'))[3].split(QLatin1Char('\t'))[8];
        QCOMPARE(cell, tableNumber(static_cast<double>(std::max(-third.channelMinimum[7], third.channelMaximum[7]))));

        QCoreApplication::processEvents(); // another figure is laid out with its drawing
        QSignalSpy tapChosen(&view, &PlotView::tapSelected);
        QSignalSpy channelChosen(&view, &PlotView::channelSelected);
        auto *canvas = view.findChild<QWidget *>(QStringLiteral("canvas"));
        QTest::mouseClick(canvas, Qt::LeftButton, {}, QPoint(400, 200));
        QTRY_COMPARE(channelChosen.size(), 1);
        QCOMPARE(tapChosen.size(), 1);
        const int tap = tapChosen[0][0].toInt();
        const int channel = channelChosen[0][0].toInt();
        QVERIFY(m_run->taps[static_cast<size_t>(tap)].tap.feedsLayerNorm);
        QVERIFY2(channel > 40 && channel < 130, qPrintable(QString::number(channel)));
        view.setSelectedTap(tap);
        view.setSelectedChannel(channel);
        QTemporaryDir folder;
        const Result<void> done = view.exportTo(folder.filePath(QStringLiteral("map.svg")));
        QVERIFY(done);
        QFile file(folder.filePath(QStringLiteral("map.svg")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString svg = QString::fromUtf8(file.readAll());
        QVERIFY2(svg.contains(QStringLiteral("channel %1").arg(channel)), "the caption names the chosen cell");
    }

    void outlierChannelsSurviveNarrowWindows()
    {
        // Fewer pixels than channels: the bright column of an outlier must not be skipped.
        auto run = std::make_shared<RunRecord>(*m_run);
        for (TapRecord &record : run->taps)
            if (record.tap.role == Role::Activation) {
                std::fill(record.statistics.channelMinimum.begin(), record.statistics.channelMinimum.end(), -0.2F);
                std::fill(record.statistics.channelMaximum.begin(), record.statistics.channelMaximum.end(), 1.0F);
                record.statistics.channelMaximum[333] = 100;
            }
        ChannelMapPlot view;
        view.setGroup({TapGroup::Kind::Name, "mlp.gelu"});
        view.setRun(run);
        for (const int width : {300, 377, 460, 611}) {
            view.resize(width, 400);
            view.show();
            QVERIFY(QTest::qWaitForWindowExposed(&view));
            QCoreApplication::processEvents();
            const QImage image = view.grab().toImage();
            int bright = 0;
            for (int x = 0; x < image.width(); ++x)
                bright += image.pixelColor(x, 180).red() > 200 && image.pixelColor(x, 180).blue() < 90;
            QVERIFY2(bright > 0, qPrintable(QString::number(width)));
        }
    }

    void channelsAreSortedAndTheWeightFollows()
    {
        ChannelRangesPlot view;
        view.setRun(m_run);
        view.setSelectedTap(m_model->graph.findTap("blocks.3.mlp.fc2"));
        view.resize(600, 400);
        view.show();
        QStringList lines = view.visibleDataAsTsv().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QVERIFY(lines.front().contains(QStringLiteral("mlp.fc2.weight minimum")));
        QCOMPARE(lines[1].split(QLatin1Char('\t')).front(), QStringLiteral("0"));
        view.setOrder(ChannelOrder::Error);
        lines = view.visibleDataAsTsv().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 193);
        QCOMPARE(lines[1].split(QLatin1Char('\t')).front(), QStringLiteral("5")); // the sample's worst channel
        const TapStatistics &weight =
            m_run->taps[static_cast<size_t>(m_model->graph.findTap("blocks.3.mlp.fc2.weight"))].statistics;
        QCOMPARE(lines[1].split(QLatin1Char('\t'))[6], tableNumber(static_cast<double>(weight.channelMinimum[5])));
    }

    void errorsInsideALayerNameChannelsAndTokens()
    {
        TapErrorPlot view;
        view.setRun(m_run);
        view.setSelectedTap(m_model->graph.findTap("blocks.3.mlp.fc2"));
        view.resize(700, 500);
        view.show();
        const QString table = view.visibleDataAsTsv();
        QCOMPARE(table.count(QStringLiteral("channel\t")), 192);
        QCOMPARE(table.count(QStringLiteral("token\t")), 197);
        view.setSeriesShown(QStringLiteral("cumulative"), false);
        QVERIFY(!view.visibleDataAsTsv().contains(QStringLiteral("cumulative")));
        view.setSelectedTap(m_model->graph.findTap("blocks.3.mlp.fc2.weight"));
        QVERIFY2(!view.visibleDataAsTsv().contains(QStringLiteral("token")), "weights have no tokens");
    }

    void softmaxRidgesAndRowSumsAddUpToOne()
    {
        SoftmaxPlot view;
        view.setRun(m_ptf);
        view.resize(800, 500);
        view.show();
        QHash<QString, double> sums;
        for (const QString &line : view.visibleDataAsTsv().split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            const QStringList cells = line.split(QLatin1Char('\t'));
            sums[cells[0] + cells[1]] += cells[4].toDouble();
        }
        const double weights = sums.value(QStringLiteral("blocks.3.attn.softmaxweight"));
        QVERIFY2(weights > 0.9 && weights <= 1 + 1e-9, qPrintable(QString::number(weights)));
        const uint64_t counted = [&] {
            uint64_t all = 0;
            for (const uint64_t count :
                 m_ptf->taps[static_cast<size_t>(m_model->graph.findTap("blocks.3.attn.softmax"))].error.rowSums.counts)
                all += count;
            return all;
        }();
        QVERIFY(std::abs(sums.value(QStringLiteral("blocks.3.attn.softmaxrow_sum")) - double(counted) / 1000) < 1e-6);
        view.setRun(m_run); // uniform attention: no row sums were measured
        QVERIFY(!view.visibleDataAsTsv().contains(QStringLiteral("row_sum")));
    }

private:
    OpenedModelPtr m_model;
    std::shared_ptr<RunRecord> m_run;
    std::shared_ptr<RunRecord> m_ptf;
};

QTEST_MAIN(TestPlotActions)
#include "tst_plot_actions.moc"
