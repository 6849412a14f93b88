// SPDX-License-Identifier: GPL-3.0-or-later
// How a calibration went, how stable it is, and ranges by token and head, from a made-up run.
#include "core/analysis/range_axis.h"
#include "core/analysis/range_figures.h"
#include "tests/views/sample_run.h"
#include "views/plots/calibration_plot.h"
#include "views/plots/channel_map_plot.h"
#include "views/plots/channel_ranges_plot.h"
#include "views/plots/stability_plot.h"
#include "views/widgets/plots_panel.h"

#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QLabel>
#include <QSignalSpy>
#include <QtTest>

#include <cmath>
#include <ctime>

using namespace quantoscope;

namespace {

QList<QStringList> rowsOf(const PlotView &view)
{
    QList<QStringList> rows;
    for (const QString &line : view.visibleDataAsTsv().split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        rows << line.split(QLatin1Char('\t'));
    return rows;
}

void show(PlotView &view)
{
    view.resize(900, 560);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QCoreApplication::processEvents();
}

QWidget *canvasOf(const PlotView &view)
{
    return view.findChild<QWidget *>(QStringLiteral("canvas"));
}

QString readoutAt(PlotView &view, QPoint position)
{
    QTest::mouseMove(canvasOf(view), position);
    QCoreApplication::processEvents();
    return view.findChild<QLabel *>(QStringLiteral("readout"))->text();
}

int tapNamed(const RunRecord &run, const std::string &path)
{
    for (size_t t = 0; t < run.taps.size(); ++t)
        if (run.taps[t].tap.path == path)
            return static_cast<int>(t);
    return -1;
}

/// This thread's: another program that takes the processor away does not count.
double processorMilliseconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

bool nearly(const QString &text, double value)
{
    return std::abs(text.toDouble() - value) <= 1e-6 * std::max(1e-9, std::abs(value));
}

} // namespace

class TestCalibrationViews : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_model = sample::model();
        m_run = sample::run(m_model, 2);
    }

    void withoutAHistoryThePlotsSayWhatToDo()
    {
        for (const auto &make : {+[]() -> PlotView * { return new CalibrationPlot; },
                                 +[]() -> PlotView * { return new StabilityPlot; }}) {
            const std::unique_ptr<PlotView> view(make());
            view->setRun(m_run);
            QVERIFY(!view->isEmpty());
            auto old = std::make_shared<RunRecord>(*m_run);
            old->calibration.history = {};
            old->calibration.stability = {};
            view->setRun(old);
            view->resize(500, 300);
            view->show();
            QVERIFY(view->isEmpty());
            QVERIFY(view->findChild<QLabel *>(QStringLiteral("emptyState"))
                        ->text()
                        .contains(QStringLiteral("run it again")));
        }
    }

    void theCourseOfTheSelectedLayerIsThatOfItsObservers()
    {
        CalibrationPlot view;
        view.setRun(m_run);
        const int tap = tapNamed(*m_run, "blocks.5.residual1");
        view.setSelectedTap(tap);
        show(view);
        QCOMPARE(view.shownTap(), tap);
        const QList<QStringList> rows = rowsOf(view);
        const QStringList &header = rows.front();
        const auto &history = m_run->calibration.history;
        for (const ObserverKind kind : {ObserverKind::MinMax, ObserverKind::Ema, ObserverKind::Percentile}) {
            const auto ranges = runningRanges(history, static_cast<size_t>(tap), kind);
            const qsizetype column = header.indexOf(QLatin1String(name(kind)) + QStringLiteral("_high"));
            QVERIFY(column > 0);
            for (int b = 0; b < 10; ++b) {
                QCOMPARE(rows[1 + b][0], QStringLiteral("blocks.5.residual1"));
                QCOMPARE(rows[1 + b][1].toInt(), 10 * (b + 1));
                QVERIFY(nearly(rows[1 + b][column], double(ranges[static_cast<size_t>(b)].high)));
            }
        }
        // Block 5 meets its largest image in the fifth batch.
        for (const QStringList &row : rows.mid(11))
            if (row[0] == QLatin1String("blocks.5.residual1"))
                QCOMPARE(row[header.indexOf(QStringLiteral("settled_after"))], QStringLiteral("50"));
        view.setSeriesShown(QStringLiteral("ema"), false);
        QVERIFY(!rowsOf(view).front().contains(QStringLiteral("ema_low")));
    }

    void withoutASelectionTheSlowestLayerIsShown()
    {
        CalibrationPlot view;
        view.setRun(m_run);
        show(view);
        QCOMPARE(view.shownTap(), networkConvergence(*m_run).slowest);
        view.setSelectedTap(tapNamed(*m_run, "blocks.0.attn.qkv.weight")); // has no course
        QCOMPARE(view.shownTap(), networkConvergence(*m_run).slowest);
    }

    void aClickInTheNetworkSelectsTheLayer()
    {
        CalibrationPlot view;
        view.setRun(m_run);
        show(view);
        QSignalSpy selected(&view, &PlotView::tapSelected);
        const QPoint inNetwork(canvasOf(view)->width() / 2, canvasOf(view)->height() * 3 / 4);
        QVERIFY2(readoutAt(view, inNetwork).contains(QStringLiteral("settled after")),
                 qPrintable(readoutAt(view, inNetwork)));
        QTest::mouseClick(canvasOf(view), Qt::LeftButton, {}, inNetwork);
        QTRY_COMPARE(selected.size(), 1);
        const int tap = selected[0][0].toInt();
        QVERIFY(m_run->taps[static_cast<size_t>(tap)].tap.kind == TapKind::Activation);
        view.setSelectedTap(tap);
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(selected.size(), 2);
        QVERIFY(selected[1][0].toInt() > tap);
        const QString above = readoutAt(view, QPoint(canvasOf(view)->width() / 2, canvasOf(view)->height() / 4));
        QVERIFY2(above.contains(QStringLiteral("MinMax")) && above.contains(QStringLiteral("EMA")),
                 qPrintable(above));
    }

    void aRunningCalibrationIsShownUntilItsRunArrives()
    {
        PlotsPanel panel;
        panel.resize(1000, 800);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        auto *view = panel.findChild<CalibrationPlot *>();
        panel.findChild<QDockWidget *>(QStringLiteral("dock-calibration"))->raise();
        panel.setRun(nullptr);
        QVERIFY(view->isEmpty());
        panel.setLiveCalibration(live(3), QStringLiteral("blocks.2.norm1"));
        QVERIFY(!view->isEmpty());
        QCOMPARE(view->shownTap(), tapNamed(*m_run, "blocks.2.norm1"));
        QCOMPARE(rowsOf(*view)[3][1], QStringLiteral("30"));
        // No other plot is disturbed, and no other tap is announced: no run is shown yet.
        QSignalSpy announced(&panel, &PlotsPanel::tapSelected);
        Q_EMIT view->tapSelected(5);
        QCOMPARE(announced.size(), 0);
        QCOMPARE(view->selectedTap(), 5);
        for (PlotView *other : panel.plots())
            QVERIFY(other == view || !other->run());
        panel.setLiveCalibration(live(4));
        QCOMPARE(view->selectedTap(), 5);
        panel.setLiveCalibration(nullptr); // failed, or cancelled before anything was there
        QVERIFY(view->isEmpty());
        panel.setLiveCalibration(live(5));
        panel.setRun(m_run);
        QCOMPARE(view->run(), m_run);
        Q_EMIT view->tapSelected(5);
        QCOMPARE(announced.size(), 1);
    }

    void aLiveUpdateTakesLessThanAFrame()
    {
        CalibrationPlot view;
        view.setRun(live(2));
        show(view);
        std::vector<double> milliseconds;
        for (size_t batches = 2; batches <= 10; ++batches) {
            const RunRecordPtr next = live(batches);
            const double start = processorMilliseconds();
            view.setRun(next);
            QCoreApplication::processEvents(); // the queued drawing
            milliseconds.push_back(processorMilliseconds() - start);
        }
        std::sort(milliseconds.begin(), milliseconds.end());
        qInfo("an update takes %.1f ms (median), %.1f ms at most", milliseconds[milliseconds.size() / 2],
              milliseconds.back());
        QVERIFY(milliseconds[milliseconds.size() / 2] < 16);
    }

    void bandsStandBesideFloatAndQuantizedRanges()
    {
        StabilityPlot view;
        view.setRun(m_run);
        show(view);
        const QList<QStringList> rows = rowsOf(view);
        const QStringList &header = rows.front();
        int compared = 0;
        for (const QStringList &row : rows.mid(1)) {
            const auto tap = static_cast<size_t>(tapNamed(*m_run, row[0].toStdString()));
            const RangeBand &band = m_run->calibration.stability.taps[tap];
            const RangeFigures figures = rangeFigures(m_run->taps[tap]);
            QVERIFY(nearly(row[header.indexOf(QStringLiteral("float_range"))], figures.observed));
            QVERIFY(nearly(row[header.indexOf(QStringLiteral("high_5"))], double(band.highFrom)));
            QVERIFY(nearly(row[header.indexOf(QStringLiteral("low_95"))], double(band.lowTo)));
            QVERIFY(nearly(row[header.indexOf(QStringLiteral("band_percent"))], 100 * band.relativeWidth()));
            const double from = row[header.indexOf(QStringLiteral("range_5"))].toDouble();
            const double to = row[header.indexOf(QStringLiteral("range_95"))].toDouble();
            QVERIFY(from <= to && to <= 1.001 * figures.observed); // resampled images are never wider than all
            if (std::isnan(figures.clippedShare))
                QVERIFY(row[header.indexOf(QStringLiteral("clipped_percent"))].isEmpty());
            else
                QVERIFY(
                    nearly(row[header.indexOf(QStringLiteral("clipped_percent"))], 100 * figures.clippedShare));
            ++compared;
        }
        QVERIFY(compared > 100);
        QSignalSpy selected(&view, &PlotView::tapSelected);
        const QPoint centre(canvasOf(view)->width() / 2, canvasOf(view)->height() / 3);
        QVERIFY(readoutAt(view, centre).contains(QStringLiteral("resampled")));
        QTest::mouseClick(canvasOf(view), Qt::LeftButton, {}, centre);
        QTRY_COMPARE(selected.size(), 1);
        view.setLogScale(false);
        QVERIFY(!view.isEmpty());
    }

    void tokensAreNamedAndKeepTheirOwnExtremes()
    {
        ChannelRangesPlot view;
        view.setRun(m_run);
        const int tap = tapNamed(*m_run, "blocks.3.norm2");
        view.setSelectedTap(tap);
        view.setAxis(RangeAxis::Tokens);
        show(view);
        QVERIFY(!view.isEmpty());
        QList<QStringList> rows = rowsOf(view);
        QCOMPARE(rows.size(), 1 + 197);
        QCOMPARE(rows[0].mid(0, 2), (QStringList{QStringLiteral("token"), QStringLiteral("name")}));
        const TapStatistics &statistics = m_run->taps[static_cast<size_t>(tap)].statistics;
        for (size_t t = 0; t < 197; ++t) {
            const QStringList &row = rows[static_cast<qsizetype>(t) + 1];
            QVERIFY(nearly(row[2], double(statistics.tokenMinimum[t]))
                    && nearly(row[3], double(statistics.tokenMaximum[t])));
        }
        QCOMPARE(rows[1][1], QStringLiteral("class token"));
        QCOMPARE(rows[2][1], QStringLiteral("patch in row 0, column 0"));
        QCOMPARE(rows[197][1], QStringLiteral("patch in row 13, column 13"));
        view.setOrder(ChannelOrder::Range);
        QCOMPARE(rowsOf(view)[1][1], QStringLiteral("class token"));
        // Clicking a token is no choice of a channel.
        QSignalSpy channel(&view, &PlotView::channelSelected);
        QTest::mouseClick(canvasOf(view), Qt::LeftButton, {}, canvasOf(view)->rect().center());
        QTest::qWait(20);
        QCOMPARE(channel.size(), 0);
        view.setSelectedTap(tapNamed(*m_run, "head"));
        QVERIFY(view.isEmpty());
    }

    void headsAreGroupsOfChannels()
    {
        ChannelRangesPlot view;
        view.setRun(m_run);
        view.setAxis(RangeAxis::Heads);
        const int qkv = tapNamed(*m_run, "blocks.1.attn.qkv");
        view.setSelectedTap(qkv);
        show(view);
        const QList<QStringList> rows = rowsOf(view);
        QCOMPARE(rows.size(), 1 + 9);
        QCOMPARE(rows[1][1], QStringLiteral("q, head 0"));
        QCOMPARE(rows[6][1], QStringLiteral("k, head 2"));
        const std::vector<float> &high = m_run->taps[static_cast<size_t>(qkv)].statistics.channelMaximum;
        for (int g = 0; g < 9; ++g)
            QVERIFY(nearly(rows[1 + g][3],
                           double(*std::max_element(high.begin() + 64 * g, high.begin() + 64 * (g + 1)))));
        view.setSelectedTap(tapNamed(*m_run, "blocks.1.attn.softmax"));
        QCOMPARE(rowsOf(view).size(), 1 + 3);
        view.setSelectedTap(tapNamed(*m_run, "blocks.1.mlp.fc1"));
        QVERIFY(view.isEmpty());
        view.setAxis(RangeAxis::Channels);
        QVERIFY(!view.isEmpty());
    }

    void theMapShowsBlocksAgainstTokens()
    {
        PlotsPanel panel;
        panel.setRun(m_run);
        panel.resize(1000, 800);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        panel.findChild<QDockWidget *>(QStringLiteral("dock-map"))->raise();
        auto *axis = panel.findChild<QComboBox *>(QStringLiteral("mapAxis"));
        QCOMPARE(axis->count(), 3);
        axis->setCurrentIndex(1);
        auto *view = panel.findChild<ChannelMapPlot *>();
        QTRY_VERIFY(view->isVisible());
        const QList<QStringList> rows = rowsOf(*view);
        QCOMPARE(rows[0][1], QStringLiteral("token_0"));
        QVERIFY(rows[0].size() >= 1 + 197);
        const auto tap = static_cast<size_t>(tapNamed(*m_run, rows[1][0].toStdString()));
        const AxisRanges ranges = rangesAlong(m_run->model, m_run->taps[tap], RangeAxis::Tokens);
        const auto figures = channelMap(*m_run, std::vector<int>{static_cast<int>(tap)}, ChannelFigure::OverMedian,
                                        RangeAxis::Tokens);
        QCOMPARE(ranges.size(), size_t{197});
        QVERIFY(nearly(rows[1][1], figures.at(0, 0)));
    }

    void picturesAreRendered_data()
    {
        QTest::addColumn<QString>("view");
        QTest::addColumn<bool>("dark");
        for (const char *name : {"calibration", "calibration-live", "stability", "tokens", "heads", "token-map"})
            for (const bool dark : {false, true})
                QTest::addRow("%s %s", name, dark ? "dark" : "light") << QString::fromLatin1(name) << dark;
    }
    void picturesAreRendered()
    {
        QFETCH(const QString, view);
        QFETCH(const bool, dark);
        std::unique_ptr<PlotView> plot;
        if (view.startsWith(QLatin1String("calibration"))) {
            plot = std::make_unique<CalibrationPlot>();
        } else if (view == QLatin1String("stability")) {
            plot = std::make_unique<StabilityPlot>();
        } else if (view == QLatin1String("token-map")) {
            auto map = std::make_unique<ChannelMapPlot>();
            map->setAxis(RangeAxis::Tokens);
            plot = std::move(map);
        } else {
            auto ranges = std::make_unique<ChannelRangesPlot>();
            ranges->setAxis(view == QLatin1String("heads") ? RangeAxis::Heads : RangeAxis::Tokens);
            plot = std::move(ranges);
        }
        if (dark) {
            QPalette palette;
            palette.setColor(QPalette::Window, QColor(45, 45, 48));
            palette.setColor(QPalette::WindowText, QColor(225, 225, 225));
            palette.setColor(QPalette::Base, QColor(30, 30, 32));
            palette.setColor(QPalette::Text, QColor(225, 225, 225));
            plot->setPalette(palette);
        }
        plot->setRun(view == QLatin1String("calibration-live") ? live(4) : RunRecordPtr(m_run));
        plot->setSelectedTap(
            tapNamed(*m_run, view == QLatin1String("heads") ? "blocks.6.attn.qkv" : "blocks.6.residual1"));
        show(*plot);
        const QString folder = QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots");
        QDir().mkpath(folder);
        const QImage image = plot->grab().toImage();
        QVERIFY(image.save(QStringLiteral("%1/%2-%3.png")
                               .arg(folder, view, dark ? QStringLiteral("dark") : QStringLiteral("light"))));
        const int background = qGray(image.pixel(3, 3));
        QVERIFY(dark ? background < 60 : background > 200);
    }

private:
    /// The run as it is after so many batches.
    RunRecordPtr live(size_t batches) const
    {
        auto run = std::make_shared<RunRecord>();
        run->model = m_run->model;
        run->request = m_run->request;
        run->quantized = true;
        run->complete = false;
        run->calibration.complete = false;
        run->calibration.images = m_run->calibration.images;
        for (const TapRecord &record : m_run->taps)
            run->taps.push_back({record.tap, record.operatorName, record.setting, {}, {}, {}});
        const CalibrationHistory &whole = m_run->calibration.history;
        CalibrationHistory &part = run->calibration.history;
        part.taps = whole.taps;
        part.batchImages.assign(batches, 10);
        for (auto matrix : {&CalibrationHistory::minimum, &CalibrationHistory::maximum,
                            &CalibrationHistory::tailLow, &CalibrationHistory::tailHigh})
            for (size_t t = 0; t < whole.taps; ++t) {
                const auto row = (whole.*matrix).begin() + static_cast<ptrdiff_t>(t * whole.batches());
                (part.*matrix).insert((part.*matrix).end(), row, row + static_cast<ptrdiff_t>(batches));
            }
        return run;
    }

    OpenedModelPtr m_model;
    RunRecordPtr m_run;
};

QTEST_MAIN(TestCalibrationViews)
#include "tst_calibration_views.moc"
