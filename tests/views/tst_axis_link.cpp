// SPDX-License-Identifier: GPL-3.0-or-later
// Horizontal axes that show the same layers, channels and costs, moved by real mouse and key events.
#include "tests/views/changed_runs.h"
#include "tests/views/sample_run.h"
#include "views/plots/axis_linker.h"
#include "views/plots/calibration_plot.h"
#include "views/plots/channel_map_plot.h"
#include "views/plots/channel_ranges_plot.h"
#include "views/plots/error_plot.h"
#include "views/plots/pareto_plot.h"
#include "views/plots/plot_factory.h"
#include "views/plots/ranges_overview_plot.h"
#include "views/plots/runs_plot.h"
#include "views/plots/sensitivity_plot.h"
#include "views/plots/stability_plot.h"
#include "views/plots/tap_error_plot.h"
#include "views/widgets/main_window.h"
#include "views/widgets/plots_panel.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTransform>
#include <QWheelEvent>
#include <QtTest>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

using namespace quantoscope;

namespace {

QWidget *canvasOf(const PlotView &view)
{
    return view.findChild<QWidget *>(QStringLiteral("canvas"));
}

/// Draws what waits, and lays it out: each an event of its own, however busy the machine is.
void settle()
{
    constexpr int kRounds = 10;
    for (int round = 0; round < kRounds; ++round)
        QTest::qWait(2);
}

void show(PlotView &view)
{
    view.resize(800, 420);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    settle();
}

/// First column of the visible data, each value once, in its order.
QStringList shownIn(const PlotView &view)
{
    QStringList names;
    for (const QString &line : view.visibleDataAsTsv().split(QLatin1Char('\n'), Qt::SkipEmptyParts).mid(1))
        if (const QString name = line.section(QLatin1Char('\t'), 0, 0); names.isEmpty() || names.last() != name)
            names << name;
    return names;
}

void wheel(PlotView &view, QPoint position, int steps)
{
    QWidget *canvas = canvasOf(view);
    QWheelEvent event(position, canvas->mapToGlobal(position), {}, {0, 120 * steps}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(canvas, &event);
}

void drag(PlotView &view, QPoint from, QPoint to, Qt::KeyboardModifiers modifiers = {})
{
    QWidget *canvas = canvasOf(view);
    QTest::mousePress(canvas, Qt::LeftButton, modifiers, from);
    QTest::mouseMove(canvas, (from + to) / 2);
    QTest::mouseMove(canvas, to);
    QTest::mouseRelease(canvas, Qt::LeftButton, modifiers, to);
}

/// What the first axis with a subject of that kind shows.
AxisSpan spanOf(const PlotView &view, AxisKind kind)
{
    for (const AxisSpan &one : view.spans())
        if (one.subject.kind == kind)
            return one;
    return {};
}

} // namespace

class TestAxisLink : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("quantoscope-tests"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_axis_link"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        QLocale::setDefault(QLocale::c());
        m_model = sample::model();
        m_run = sample::run(m_model, 1);
    }

    void axesOfAnyLayersShowOneOfThemAllOrNone()
    {
        std::mt19937 engine(7);
        constexpr int kTaps = 120;
        const AxisSubject subject{AxisKind::Layers, QStringLiteral("model")};
        const auto axisOf = [&](double share) {
            std::vector<int> taps;
            for (int tap = 0; tap < kTaps; ++tap)
                if (std::uniform_real_distribution<double>(0, 1)(engine) < share)
                    taps.push_back(tap);
            const AxisScale::Range whole{-0.8, static_cast<double>(taps.size()) - 0.2};
            return std::pair(AxisScale::groups(subject, taps, taps, kTaps, whole), taps);
        };
        const auto shown = [](const std::vector<int> &taps, AxisScale::Range range) {
            std::set<int> inside;
            for (size_t i = 0; i < taps.size(); ++i)
                if (range.first <= static_cast<double>(i) && static_cast<double>(i) <= range.second)
                    inside.insert(taps[i]);
            return inside;
        };
        for (int round = 0; round < 400; ++round) {
            const auto [from, fromTaps] = axisOf(0.9);
            const auto [to, toTaps] = axisOf(0.3);
            if (toTaps.empty())
                continue;
            const AxisScale::Range everything = *to.rangeOf(from.spanOf(from.whole()));
            QVERIFY(std::abs(everything.first - to.whole().first) < 1e-9);
            QVERIFY(std::abs(everything.second - to.whole().second) < 1e-9);
            std::uniform_real_distribution<double> place(from.whole().first, from.whole().second);
            double low = place(engine);
            double high = place(engine);
            if (low > high)
                std::swap(low, high);
            const AxisSpan span = from.spanOf({low, high});
            const std::set<int> source = shown(fromTaps, {low, high});
            const AxisScale::Range range = *to.rangeOf(span);
            const std::set<int> target = shown(toTaps, range);
            QVERIFY2(!target.empty(), "an axis without any layer says nothing");
            const bool nearest = std::none_of(toTaps.begin(), toTaps.end(),
                                              [&](int tap) { return span.low <= tap && tap <= span.high; });
            for (const int tap : fromTaps)
                if (!nearest && std::binary_search(toTaps.begin(), toTaps.end(), tap))
                    QCOMPARE(target.contains(tap), source.contains(tap));
        }
        QVERIFY(!axisOf(0.5).first.rangeOf({{AxisKind::Layers, QStringLiteral("another")}, 1, 5}));
    }

    void aWheelADragABoxAndKeysMoveTheLayersOfAllPlots()
    {
        ErrorPlot error;
        RangesOverviewPlot ranges;
        StabilityPlot stability;
        SensitivityPlot sensitivity;
        CalibrationPlot calibration;
        const std::vector<PlotView *> views{&error, &ranges, &stability, &sensitivity, &calibration};
        AxisLinker linker;
        showAll(linker, views);
        linker.setLinking(true);
        const QStringList all = shownIn(error);
        const QStringList everyRange = shownIn(ranges);
        const auto agree = [&](const char *after) {
            settle();
            const QStringList shown = shownIn(error);
            QVERIFY2(shown.size() > 3 && shown.size() < all.size(), after);
            for (PlotView *view : {static_cast<PlotView *>(&ranges), static_cast<PlotView *>(&stability)}) {
                const QStringList names = shownIn(*view);
                QVERIFY2(!names.isEmpty(), after);
                for (const QString &name : names)
                    QVERIFY2(!all.contains(name) || shown.contains(name), qPrintable(name));
            }
            for (const QString &name : everyRange)
                QVERIFY2(shownIn(ranges).contains(name) == shown.contains(name), qPrintable(name));
            const AxisSpan span = spanOf(error, AxisKind::Layers);
            for (const PlotView *view : views) {
                QVERIFY2(std::abs(spanOf(*view, AxisKind::Layers).low - span.low) < 1e-9, qPrintable(view->viewName()));
                QVERIFY2(std::abs(spanOf(*view, AxisKind::Layers).high - span.high) < 1e-9, qPrintable(view->viewName()));
            }
        };
        wheel(error, {400, 200}, 4);
        agree("wheel");
        drag(error, {400, 200}, {520, 200});
        agree("drag");
        drag(ranges, {300, 120}, {600, 250}, Qt::ShiftModifier);
        agree("box");
        QTest::keyClick(&stability, Qt::Key_Right, Qt::ShiftModifier);
        agree("pan by key");
        QTest::keyClick(&sensitivity, Qt::Key_Plus);
        agree("zoom by key");
        wheel(calibration, {400, 350}, -1); // its lower panel
        agree("wheel in the lower panel");
        error.setFigure(ErrorFigure::Mse); // other content, the same layers
        agree("another figure");
        error.setRun(sample::run(m_model, 2)); // zoom outlives a run
        agree("another run");
        error.setRun(m_run);

        QTest::keyClick(&ranges, Qt::Key_Home);
        settle();
        QCOMPARE(shownIn(error), all);
        QCOMPARE(shownIn(ranges), everyRange);
        for (const PlotView *view : views)
            QCOMPARE(spanOf(*view, AxisKind::Layers).low, -1);
    }

    void aZoomIntoFewLayersShowsTheNearestWhereThosePlotsHaveNone()
    {
        ErrorPlot error;
        RangesOverviewPlot ranges;
        AxisLinker linker;
        showAll(linker, {&error, &ranges});
        linker.setLinking(true);
        wheel(error, {430, 150}, 30);
        settle();
        QVERIFY(shownIn(error).size() <= 3);
        QVERIFY(!shownIn(ranges).isEmpty());
        QVERIFY(shownIn(ranges).size() <= 2);
    }

    void sensitivityByBlockFollowsWithWholeBlocks()
    {
        ErrorPlot error;
        SensitivityPlot sensitivity;
        AxisLinker linker;
        auto run = std::make_shared<RunRecord>(*m_run);
        SensitivityTable blocks = run->sensitivity.front();
        blocks.level = SensitivityLevel::Block;
        blocks.units.clear();
        blocks.rows.clear();
        for (int block = 0; block < 12; ++block) {
            blocks.units.push_back("blocks." + std::to_string(block));
            SensitivityRow row;
            row.kind = SensitivityKind::OnlyThis;
            row.operatorPath = blocks.units.back();
            row.option = {8, 8};
            row.kl = 0.01 * (block + 1);
            blocks.rows.push_back(row);
        }
        for (size_t t = 0; t < run->taps.size(); ++t)
            blocks.unitOfTap[t] = run->taps[t].tap.block;
        run->sensitivity = {blocks};
        for (PlotView *view : {static_cast<PlotView *>(&error), static_cast<PlotView *>(&sensitivity)}) {
            linker.add(view);
            view->setRun(run);
            show(*view);
        }
        sensitivity.setLevel(SensitivityLevel::Block);
        linker.setLinking(true);
        QCOMPARE(shownIn(sensitivity).size(), 12);
        settle();
        wheel(sensitivity, {430, 150}, 4);
        settle();
        const QStringList shown = shownIn(sensitivity);
        QVERIFY2(shown.size() > 2 && shown.size() < 8, qPrintable(shown.join(QLatin1Char(' '))));
        const QStringList layers = shownIn(error);
        for (int block = 0; block < 12; ++block) {
            const QString prefix = QStringLiteral("blocks.%1.").arg(block);
            const qsizetype parts = std::count_if(layers.begin(), layers.end(), [&](const QString &name) { return name.startsWith(prefix); });
            if (shown.contains(prefix.chopped(1)) && shown.first() != prefix.chopped(1) && shown.last() != prefix.chopped(1))
                QVERIFY2(parts > 10, qPrintable(prefix));
            else if (!shown.contains(prefix.chopped(1)))
                QVERIFY2(parts <= 12, qPrintable(prefix));
        }
    }

    void anUnseenPlotIsDrawnWhenItIsLookedAtAndExportsWhatIsLinked()
    {
        ErrorPlot error;
        RangesOverviewPlot ranges;
        AxisLinker linker;
        showAll(linker, {&error, &ranges});
        linker.setLinking(true);
        const QStringList everyRange = shownIn(ranges);
        ranges.hide();
        QSignalSpy drawn(canvasOf(ranges), SIGNAL(afterReplot()));
        wheel(error, {400, 200}, 4);
        wheel(error, {400, 200}, 1);
        QTest::qWait(30);
        QCOMPARE(drawn.count(), 0);
        ranges.show();
        QTRY_VERIFY(drawn.count() > 0);
        QVERIFY(shownIn(ranges).size() < everyRange.size());

        ranges.hide();
        QTest::keyClick(&error, Qt::Key_Right, Qt::ShiftModifier);
        const QString path = QDir(m_folder.path()).filePath(QStringLiteral("ranges.csv"));
        QVERIFY(ranges.exportTo(path)); // without being looked at
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QStringList lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QStringList wanted;
        for (const QString &name : everyRange)
            if (shownIn(error).contains(name))
                wanted << name;
        QVERIFY(!wanted.isEmpty());
        QCOMPARE(lines.size(), wanted.size() + 1);
        for (qsizetype i = 0; i < wanted.size(); ++i)
            QVERIFY(lines[i + 1].startsWith(wanted[i] + QLatin1Char(',')));
    }

    void channelsOfTheSelectedLayerAreLinkedUntilAnotherIsSelected()
    {
        ChannelRangesPlot channels;
        TapErrorPlot error;
        ChannelMapPlot map;
        ErrorPlot layers;
        AxisLinker linker;
        const std::vector<int> inputs = tapsOf(*m_run, {});
        const std::vector<PlotView *> views{&channels, &error, &map, &layers};
        for (PlotView *view : views) {
            linker.add(view);
            view->setRun(m_run);
            view->setSelectedTap(inputs[4]);
            show(*view);
        }
        linker.setLinking(true);
        const QStringList everyLayer = shownIn(layers);
        const QStringList every = shownIn(channels);
        QCOMPARE(every.size(), 192);
        wheel(channels, {400, 150}, 5);
        settle();
        const QStringList some = shownIn(channels);
        QVERIFY(some.size() > 10 && some.size() < 120);
        const auto sameIn = [&] {
            const QString tsv = error.visibleDataAsTsv();
            QVERIFY(tsv.contains(QStringLiteral("\nchannel\t%1\t").arg(some.first())));
            QVERIFY(tsv.contains(QStringLiteral("\nchannel\t%1\t").arg(some.last())));
            QVERIFY(!tsv.contains(QStringLiteral("\nchannel\t%1\t").arg(some.first().toInt() - 1)));
            QVERIFY(!tsv.contains(QStringLiteral("\nchannel\t%1\t").arg(some.last().toInt() + 1)));
        };
        sameIn();
        QVERIFY(map.visibleDataAsTsv().section(QLatin1Char('\n'), 0, 0).startsWith(QStringLiteral("tap\tchannel_") + some.first()));
        QCOMPARE(shownIn(layers), everyLayer); // layers are something else
        channels.setOrder(ChannelOrder::Range); // places are no channel numbers now
        QCOMPARE(shownIn(channels).size(), 192);
        channels.setOrder(ChannelOrder::Index);
        QCOMPARE(shownIn(channels), some);
        channels.setAxis(RangeAxis::Tokens);
        QCOMPARE(shownIn(channels).size(), 197);
        channels.setAxis(RangeAxis::Channels);

        for (PlotView *view : views)
            view->setSelectedTap(inputs[5]); // starts with a fresh view, as ever
        settle();
        QCOMPARE(shownIn(channels).size(), 192);
        for (PlotView *view : views)
            view->setSelectedTap(inputs[4]);
        QCOMPARE(shownIn(channels).size(), 192);
        settle();
        wheel(map, {400, 230}, 3);
        QVERIFY(shownIn(channels).size() < 192);
        QTest::mouseDClick(canvasOf(channels), Qt::LeftButton, {}, QPoint(400, 150));
        settle();
        QCOMPARE(spanOf(map, AxisKind::Places), spanOf(channels, AxisKind::Places));
        QCOMPARE(shownIn(channels).size(), 192);
    }

    void plotsOfTheSameCostAreLinkedAndOthersAreNot()
    {
        auto result = std::make_shared<PrecisionSearchResult>();
        result->model = "deit_tiny_patch16_224";
        result->budget = {Resource::AverageBits, 4.0};
        result->operators.resize(1);
        std::vector<RunRecordPtr> runs;
        for (const int bits : {8, 6, 4, 3}) {
            PrecisionPoint point;
            point.origin = PrecisionPoint::Origin::Front;
            point.options = {{bits, bits}};
            const double wide = bits;
            point.costs = {wide, wide, wide, 7e5 * wide, 1.25e9 * wide * wide, 5e5 * wide, 100};
            point.loss = 60 * std::pow(4, -wide);
            result->front.push_back(point);
            point.origin = PrecisionPoint::Origin::Uniform;
            result->uniform.push_back(point);
            auto run = sample::changedRun(QStringLiteral("nowhere"), 650, 1.0F, bits);
            run->costs = point.costs;
            run->floatCosts = PrecisionCosts{32, 32, 32, 0.7e6 * 32, 1.2e12, 1.6e7, 0};
            runs.push_back(run);
        }
        ParetoPlot pareto;
        pareto.setResult(result);
        RunsPlot plot;
        plot.setRuns(runs);
        plot.setResource(Resource::AverageBits);
        AxisLinker linker;
        for (PlotView *view : {static_cast<PlotView *>(&pareto), static_cast<PlotView *>(&plot)}) {
            linker.add(view);
            show(*view);
        }
        linker.setLinking(true);
        const AxisSpan before = spanOf(plot, AxisKind::Costs);
        wheel(pareto, {400, 200}, 2);
        settle();
        QVERIFY(!(spanOf(plot, AxisKind::Costs) == before));
        QCOMPARE(spanOf(plot, AxisKind::Costs), spanOf(pareto, AxisKind::Costs));
        plot.setResource(Resource::WeightBytes);
        const AxisSpan bytes = spanOf(plot, AxisKind::Costs);
        wheel(pareto, {400, 200}, 2);
        settle();
        QCOMPARE(spanOf(plot, AxisKind::Costs), bytes);
        plot.setResource(Resource::AverageBits);
        QCOMPARE(spanOf(plot, AxisKind::Costs), spanOf(pareto, AxisKind::Costs));
        QTest::keyClick(&plot, Qt::Key_Home);
        settle();
        QCOMPARE(spanOf(plot, AxisKind::Costs), before);
    }

    void withoutLinkingEveryPlotIsByItself()
    {
        ErrorPlot error;
        RangesOverviewPlot ranges;
        AxisLinker linker;
        showAll(linker, {&error, &ranges});
        const QStringList everyRange = shownIn(ranges);
        const QStringList everyError = shownIn(error);
        wheel(error, {400, 200}, 4);
        QCOMPARE(shownIn(ranges), everyRange);
        linker.setLinking(true, &error); // from now on all show what that one does
        settle();
        const QStringList some = shownIn(ranges);
        QVERIFY(some.size() < everyRange.size());
        linker.setLinking(false);
        QCOMPARE(shownIn(ranges), some); // what was followed stays
        QTest::keyClick(&error, Qt::Key_Home);
        settle();
        QCOMPARE(shownIn(error), everyError);
        QCOMPARE(shownIn(ranges), some);
        wheel(error, {400, 200}, 4);
        error.setFigure(ErrorFigure::Nmse); // another figure starts with everything, as ever
        QCOMPARE(shownIn(error), everyError);
    }

    void theWindowLinksByMenuAndKeyAndRemembersIt()
    {
        QSettings().clear();
        Workbench bench;
        {
            MainWindow window(bench);
            window.resize(1280, 860);
            window.show();
            QVERIFY(QTest::qWaitForWindowExposed(&window));
            Q_EMIT bench.modelOpened(m_model);
            Q_EMIT bench.runFinished(m_run);
            window.selectTap(QStringLiteral("blocks.4.residual2"));
            settle();
            auto *panel = window.findChild<PlotsPanel *>();
            auto *link = window.findChild<QAction *>(QStringLiteral("linkAxes"));
            QVERIFY(link->isCheckable() && link->isChecked() && panel->axesLinked());
            QVERIFY(!link->statusTip().isEmpty());
            QCOMPARE(link->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_L));
            const auto plot = [&](const char *name) { return window.findChild<PlotView *>(QLatin1String("plot-") + QLatin1String(name)); };
            const QStringList everyError = shownIn(*plot("error"));
            panel->bringToFront(QStringLiteral("ranges"));
            settle();
            wheel(*plot("ranges"), canvasOf(*plot("ranges"))->rect().center(), 6);
            panel->bringToFront(QStringLiteral("error"));
            settle();
            const QStringList linked = shownIn(*plot("error"));
            QVERIFY(linked.size() < everyError.size() / 2);
            QTest::qWait(50);
            shot(window, "linked-error");
            panel->bringToFront(QStringLiteral("ranges"));
            QTest::qWait(50);
            shot(window, "linked-ranges");
            QTest::keyClick(&window, Qt::Key_L, Qt::ControlModifier);
            QVERIFY(!link->isChecked() && !panel->axesLinked());
            QTest::keyClick(plot("ranges"), Qt::Key_Home);
            settle();
            QCOMPARE(shownIn(*plot("error")), linked);
            window.close();
        }
        MainWindow again(bench);
        auto *link = again.findChild<QAction *>(QStringLiteral("linkAxes"));
        QVERIFY(!link->isChecked());
        const auto &layout = again.projectState().project.layout;
        QVERIFY(layout.contains("linkAxes"));
        link->trigger();
        QVERIFY(again.findChild<PlotsPanel *>()->axesLinked());
        QVERIFY(again.projectState().project.layout.at("linkAxes") != layout.at("linkAxes"));
    }

private:
    /// With the run, among those that the linker joins.
    void showAll(AxisLinker &linker, const std::vector<PlotView *> &views) const
    {
        for (PlotView *view : views) {
            linker.add(view);
            view->setRun(m_run);
            show(*view);
        }
    }

    static void shot(QWidget &window, const char *name)
    {
        QDir().mkpath(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots"));
        QVERIFY(window.grab().save(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots/%1.png").arg(QLatin1String(name))));
    }

    QTemporaryDir m_folder;
    OpenedModelPtr m_model;
    std::shared_ptr<RunRecord> m_run;
};

QTEST_MAIN(TestAxisLink)
#include "tst_axis_link.moc"
