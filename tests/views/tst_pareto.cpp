// SPDX-License-Identifier: GPL-3.0-or-later
// The plot of a precision search and its dialog: what is drawn, what mouse and keys open.
#include "tests/support/settled.h"
#include "tests/views/sample_run.h"
#include "views/plots/pareto_plot.h"
#include "views/plots/plot_factory.h"
#include "views/widgets/search_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFile>
#include <QImage>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace quantoscope;

namespace {

PrecisionPoint pointOf(PrecisionPoint::Origin origin, double bits, double loss)
{
    PrecisionPoint point;
    point.origin = origin;
    const int width = static_cast<int>(std::lround(bits));
    point.name = origin == PrecisionPoint::Origin::Uniform ? "uniform " + std::to_string(width) : std::to_string(bits) + " bits";
    point.options = {{width, width}};
    point.costs = {bits, bits, bits, 700'000 * bits, 1.25e9 * bits * bits, 5e5 * bits, 100 + width};
    point.loss = loss;
    point.planJson = "{\"rules\": []}";
    return point;
}

PrecisionSearchPtr sampleSearch(bool measured, Resource resource = Resource::AverageBits)
{
    auto result = std::make_shared<PrecisionSearchResult>();
    result->model = "deit_tiny_patch16_224";
    result->budget = {resource, resource == Resource::AverageBits ? 4.0 : resource == Resource::WeightBytes ? 2.8e6 : 2e10};
    result->operators.resize(1);
    for (int i = 0; i <= 60; ++i) {
        const double bits = 3 * std::pow(32.0 / 3, i / 60.0);
        result->front.push_back(pointOf(PrecisionPoint::Origin::Front, bits, i == 60 ? 0 : 60 * std::pow(4, -bits)));
    }
    result->chosen = 7;
    for (const int bits : {8, 6, 4, 3})
        result->uniform.push_back(pointOf(PrecisionPoint::Origin::Uniform, bits, 150 * std::pow(4, -bits)));
    if (measured)
        for (PrecisionPoint *point : {&result->front[7], &result->front[20], &result->uniform[2]})
            point->measured = PointMeasurement{650, 1.5 * point->loss, 0.1 * point->loss, 80, 650, 70, {66, 74}};
    return result;
}

/// The child that draws and gets the mouse.
QWidget *canvas(const ParetoPlot &plot)
{
    for (QWidget *child : plot.findChildren<QWidget *>())
        if (QByteArray(child->metaObject()->className()) == "QCustomPlot")
            return child;
    return nullptr;
}

} // namespace

class TestPareto : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theEmptyPlotSaysWhatToDo()
    {
        const auto view = makePlot(searchPlotName());
        QVERIFY(qobject_cast<ParetoPlot *>(view.get()));
        QVERIFY(!plotNames().contains(searchPlotName())); // no plot of a run
        view->show();
        QVERIFY(view->isEmpty());
        QVERIFY(view->findChild<QLabel *>(QStringLiteral("emptyState"))->text().size() > 20);
        view->setRun(sample::run(sample::model(), 1));
        QVERIFY(view->isEmpty());
        QTest::keyClick(view.get(), Qt::Key_Return);
        QTest::keyClick(view.get(), Qt::Key_Right);
    }

    void everyBudgetIsDrawnInLightAndDark_data()
    {
        QTest::addColumn<int>("resource");
        QTest::newRow("bits") << static_cast<int>(Resource::AverageBits);
        QTest::newRow("bytes") << static_cast<int>(Resource::WeightBytes);
        QTest::newRow("operations") << static_cast<int>(Resource::BitOperations);
    }

    void everyBudgetIsDrawnInLightAndDark()
    {
        QFETCH(const int, resource);
        ParetoPlot plot;
        plot.resize(900, 560);
        plot.setResult(sampleSearch(true, static_cast<Resource>(resource)));
        for (const bool dark : {false, true}) {
            QPalette palette;
            palette.setColor(QPalette::Base, dark ? QColor(30, 30, 30) : Qt::white);
            palette.setColor(QPalette::Text, dark ? Qt::white : Qt::black);
            plot.setPalette(palette);
            plot.show();
            QVERIFY(QTest::qWaitForWindowExposed(&plot));
            QTest::qWait(50); // the plot is painted on a later turn
            QCOMPARE(plot.grab().toImage().pixelColor(3, 200), palette.color(QPalette::Base));
            QDir().mkpath(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots"));
            QVERIFY(plot.grab().save(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots/pareto-%1%2.png")
                                         .arg(QString::fromUtf8(QTest::currentDataTag()), dark ? QStringLiteral("-dark") : QString())));
        }
        QStringList ids;
        for (const PlotSeries &series : plot.series())
            ids << series.id;
        QCOMPARE(ids, (QStringList{QStringLiteral("front"), QStringLiteral("uniform"), QStringLiteral("front-measured"),
                                   QStringLiteral("uniform-measured")}));
    }

    void withoutMeasurementsThereIsNothingMeasuredToSee()
    {
        ParetoPlot plot;
        plot.setResult(sampleSearch(false));
        plot.show();
        QCOMPARE(plot.series().size(), size_t{2});
        plot.setResult(sampleSearch(true));
        QCOMPARE(plot.series().size(), size_t{4});
    }

    void aClickOpensThePointUnderIt()
    {
        ParetoPlot plot;
        plot.resize(900, 560);
        plot.setResult(sampleSearch(true));
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QTest::qWait(50); // the plot is laid out on a later turn
        QSignalSpy opened(&plot, &ParetoPlot::pointOpened);
        QWidget *inner = canvas(plot);
        QVERIFY(inner);
        for (const int index : {20, 61 + 2}) { // of the front, and four bits everywhere
            QTest::mouseClick(inner, Qt::LeftButton, {}, testing::settled([&] { return plot.positionOf(index); }));
            QTRY_COMPARE(opened.count(), 1);
            QCOMPARE(opened.takeFirst().at(0).toInt(), index);
            QCOMPARE(plot.markedPoint(), index);
        }
        QTest::mouseClick(inner, Qt::LeftButton, {}, testing::settled([&] { return plot.positionOf(0); }) - QPoint(0, 150));
        QTest::qWait(20);
        QCOMPARE(opened.count(), 0);
    }

    void keysWalkAlongThePointsAndEnterOpensOne()
    {
        ParetoPlot plot;
        plot.setResult(sampleSearch(true));
        plot.show();
        QSignalSpy opened(&plot, &ParetoPlot::pointOpened);
        QCOMPARE(plot.markedPoint(), 7); // the chosen one
        double before = plot.point(7)->costs.averageBits;
        for (int step = 0; step < 12; ++step) {
            QTest::keyClick(&plot, Qt::Key_Right);
            const double now = plot.point(plot.markedPoint())->costs.averageBits;
            QVERIFY(now >= before);
            before = now;
        }
        auto *line = plot.findChild<QLabel *>(QStringLiteral("readout"));
        QVERIFY2(line->text().contains(QStringLiteral("conversions")), qPrintable(line->text()));
        QTest::keyClick(&plot, Qt::Key_Return);
        QCOMPARE(opened.count(), 1);
        QCOMPARE(opened.takeFirst().at(0).toInt(), plot.markedPoint());
        for (int step = 0; step < 20; ++step)
            QTest::keyClick(&plot, Qt::Key_PageDown);
        QCOMPARE(plot.point(plot.markedPoint())->costs.averageBits, 3.0);
        for (int step = 0; step < 20; ++step)
            QTest::keyClick(&plot, Qt::Key_PageUp);
        QCOMPARE(plot.point(plot.markedPoint())->costs.averageBits, 32.0);
    }

    void theBudgetIsDraggedToTheBestPointWithinIt()
    {
        ParetoPlot plot;
        plot.setResult(sampleSearch(false));
        plot.resize(900, 500);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QSignalSpy opened(&plot, &ParetoPlot::pointOpened);
        QWidget *drawing = canvas(plot);
        const int last = static_cast<int>(plot.result()->front.size()) - 1;
        testing::settled([&] { return plot.positionOf(0); });
        const QPointF before = plot.positionOf(0);
        const auto pixel = [&](double bits) { // the axis is logarithmic
            const auto logCost = [&](int i) { return std::log(plot.point(i)->costs.averageBits); };
            const double share = (std::log(bits) - logCost(0)) / (logCost(last) - logCost(0));
            return QPoint(qRound(plot.positionOf(0).x() + share * (plot.positionOf(last).x() - plot.positionOf(0).x())),
                          drawing->height() / 2);
        };
        QTest::mousePress(drawing, Qt::LeftButton, Qt::NoModifier, pixel(plot.shownBudget()));
        QTest::mouseMove(drawing, pixel(5.05));
        QVERIFY(std::abs(plot.shownBudget() - 5.05) < 0.05);
        int best = 0;
        const std::vector<PrecisionPoint> &front = plot.result()->front;
        for (size_t i = 0; i < front.size(); ++i)
            if (front[i].costs.averageBits <= plot.shownBudget())
                best = static_cast<int>(i);
        QCOMPARE(plot.markedPoint(), best);
        QVERIFY(best > 0 && best + 1 < static_cast<int>(front.size()));
        QCOMPARE(opened.count(), 0); // it is a choice when it is let go
        QTest::mouseRelease(drawing, Qt::LeftButton, Qt::NoModifier, pixel(5.05));
        QCOMPARE(opened.count(), 1);
        QCOMPARE(opened.takeFirst().at(0).toInt(), best);
        QCOMPARE(plot.positionOf(0), before); // the plot did not move with it
        QTest::mousePress(drawing, Qt::LeftButton, Qt::NoModifier, pixel(plot.shownBudget()));
        QTest::mouseRelease(drawing, Qt::LeftButton, Qt::NoModifier, pixel(plot.shownBudget()));
        QCOMPARE(opened.count(), 0); // grabbed and let go: nothing was chosen
        plot.setResult(sampleSearch(true, Resource::WeightBytes));
        QCOMPARE(plot.shownBudget(), 2.8);
    }

    void newMeasurementsKeepTheMarkAndAnotherSearchDoesNot()
    {
        ParetoPlot plot;
        plot.setResult(sampleSearch(false));
        plot.show();
        plot.markPoint(30);
        plot.setResult(sampleSearch(true));
        QCOMPARE(plot.markedPoint(), 30);
        plot.setResult(sampleSearch(true, Resource::WeightBytes));
        QCOMPARE(plot.markedPoint(), 7);
        plot.setResult(nullptr);
        QCOMPARE(plot.markedPoint(), -1);
        QVERIFY(plot.isEmpty());
    }

    void whatIsVisibleIsExported()
    {
        ParetoPlot plot;
        plot.setResult(sampleSearch(true));
        plot.show();
        const QStringList lines = plot.visibleDataAsTsv().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QVERIFY(lines.size() > 30 && lines.size() < 1 + 61 + 4); // nearly float lies outside
        for (const QString &line : lines)
            QCOMPARE(line.count(QLatin1Char('\t')), 12);
        QTemporaryDir folder;
        const QString drawing = folder.filePath(QStringLiteral("units.svg"));
        QVERIFY(plot.exportTo(drawing).has_value());
        QFile svg(drawing);
        QVERIFY(svg.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(svg.readAll());
        for (const char *label : {"Average of weights and activations [bit]", "KL from float [nat]",
                                  "Front, predicted", "One width everywhere, measured"})
            QVERIFY2(text.contains(QLatin1String(label)), label);
        for (const char *suffix : {"png", "svg", "pdf", "csv"})
            QVERIFY(plot.exportTo(folder.filePath(QStringLiteral("pareto.%1").arg(QLatin1String(suffix)))).has_value());
    }

    void theDialogAsksWhatIsChosenOnceItsCostIsKnown()
    {
        RunRequest run;
        run.quantization.recipe = "least-error";
        SearchDialog dialog(run);
        QSignalSpy wanted(&dialog, &SearchDialog::estimateWanted);
        dialog.show();
        auto *search = dialog.findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok);
        QVERIFY(!search->isEnabled());
        QTRY_COMPARE(wanted.count(), 1);
        PlanSearchCost cost;
        cost.measurements = 496;
        cost.passes = 250;
        cost.images = 32;
        dialog.showCost(cost);
        QVERIFY(search->isEnabled());
        QVERIFY(dialog.findChild<QLabel *>(QStringLiteral("cost"))->text().contains(QStringLiteral("496")));

        dialog.findChild<QComboBox *>(QStringLiteral("searchUnit"))->setCurrentIndex(1);
        QVERIFY(!search->isEnabled()); // until the new cost is known
        dialog.findChild<QDoubleSpinBox *>(QStringLiteral("searchAmount"))->setValue(2.5);
        QVERIFY(!dialog.request().mostConversions);
        dialog.findChild<QSpinBox *>(QStringLiteral("searchConversions"))->setValue(40);
        dialog.findChild<QCheckBox *>(QStringLiteral("searchLevel0"))->setChecked(false);
        dialog.findChild<QCheckBox *>(QStringLiteral("searchLevel2"))->setChecked(true);
        dialog.findChild<QCheckBox *>(QStringLiteral("searchAlike"))->setChecked(true);
        dialog.findChild<QCheckBox *>(QStringLiteral("searchOutermost"))->setChecked(false);
        const PlanSearchRequest request = dialog.request();
        QCOMPARE(request.budget.resource, Resource::WeightBytes);
        QCOMPARE(request.budget.amount, 2.5e6);
        QCOMPARE(request.levels, (std::vector<int>{8, 6, 4, 3, 2}));
        QCOMPARE(request.mostConversions, std::optional(40));
        QVERIFY(request.operandsAlike && !request.outermostAtLeast8);
        QCOMPARE(request.run.quantization.recipe, std::string("least-error"));
        QTRY_COMPARE(wanted.count(), 2); // one pause for all of these
        dialog.showRefusal({ErrorCode::Usage, "2.5 MB are not enough", "--budget", {}});
        QVERIFY(!search->isEnabled());
        QVERIFY(dialog.findChild<QLabel *>(QStringLiteral("cost"))->text().contains(QStringLiteral("not enough")));
    }
};

QTEST_MAIN(TestPareto)
#include "tst_pareto.moc"
