// SPDX-License-Identifier: GPL-3.0-or-later
// The plots, drawn offscreen from a made-up run: content, exports, selection, themes. Pictures go to the build folder.
#include "tests/views/sample_run.h"
#include "views/plots/channel_ranges_plot.h"
#include "views/plots/error_plot.h"
#include "views/plots/levels_plot.h"
#include "views/plots/plot_factory.h"
#include "views/plots/ranges_overview_plot.h"

#include <QApplication>
#include <QClipboard>
#include <QImageReader>
#include <QLabel>
#include <QMimeData>
#include <QPalette>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <set>

using namespace quantoscope;

namespace {

QPalette darkPalette()
{
    QPalette palette;
    palette.setColor(QPalette::Window, QColor(45, 45, 48));
    palette.setColor(QPalette::WindowText, QColor(225, 225, 225));
    palette.setColor(QPalette::Base, QColor(30, 30, 32));
    palette.setColor(QPalette::Text, QColor(225, 225, 225));
    return palette;
}

QString pictureFolder()
{
    const QString folder = QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots");
    QDir().mkpath(folder);
    return folder;
}

std::set<QRgb> colors(const QImage &image)
{
    std::set<QRgb> found;
    for (int y = 0; y < image.height(); y += 2)
        for (int x = 0; x < image.width(); x += 2)
            found.insert(image.pixel(x, y));
    return found;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestPlots : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_model = sample::model();
        m_run = sample::run(m_model, 1);
        m_ptf = sample::run(m_model, 2);
    }

    void everyPlotHasAnEmptyStateThatSaysWhatToDo()
    {
        for (const QString &name : plotNames()) {
            const std::unique_ptr<PlotView> view = makePlot(name);
            QVERIFY(view);
            QCOMPARE(view->viewName(), name);
            view->resize(400, 300);
            view->show();
            QVERIFY(view->isEmpty());
            auto *empty = view->findChild<QLabel *>(QStringLiteral("emptyState"));
            QVERIFY(empty && empty->isVisible() && empty->text().size() > 20);
            QVERIFY(view->visibleDataAsTsv().isEmpty());
            const Result<void> done = view->exportTo(QStringLiteral("nowhere.png"));
            QVERIFY(!done);
            QCOMPARE(done.error().code, ErrorCode::BadInput);
        }
        QVERIFY(!makePlot(QStringLiteral("pie")));
    }

    void everyPlotDrawsInLightAndDark_data()
    {
        QTest::addColumn<QString>("plot");
        QTest::addColumn<QString>("tap");
        for (const QString &name : plotNames())
            QTest::newRow(qPrintable(name)) << name << QString();
        QTest::newRow("channels-weight")
            << QStringLiteral("channels") << QStringLiteral("blocks.3.mlp.fc2.weight");
        QTest::newRow("channels-heads") << QStringLiteral("channels") << QStringLiteral("blocks.3.attn.softmax");
        QTest::newRow("channels-ptf") << QStringLiteral("channels") << QStringLiteral("blocks.7.residual1");
        QTest::newRow("levels-gelu") << QStringLiteral("levels") << QStringLiteral("blocks.3.mlp.gelu");
        QTest::newRow("levels-residual-ptf")
            << QStringLiteral("levels") << QStringLiteral("blocks.7.residual1");
    }
    void everyPlotDrawsInLightAndDark()
    {
        QFETCH(QString, plot);
        QFETCH(QString, tap);
        const std::unique_ptr<PlotView> view = makePlot(plot);
        const bool ptf = QString::fromUtf8(QTest::currentDataTag()).endsWith(QStringLiteral("ptf"));
        const bool needsPtf = ptf || plot == QStringLiteral("levels") || plot == QStringLiteral("softmax");
        QVERIFY(showRuns(*view, {needsPtf ? m_ptf : m_run}));
        if (!tap.isEmpty())
            view->setSelectedTap(m_model->graph.findTap(tap.toStdString()));
        view->resize(660, 400);
        view->show();
        for (const bool dark : {false, true}) {
            view->setPalette(dark ? darkPalette() : QPalette());
            QVERIFY(QTest::qWaitForWindowExposed(view.get()));
            QCoreApplication::processEvents();
            const QImage image = view->grab().toImage();
            QVERIFY(colors(image).size() > 8);
            const int corner = qGray(image.pixel(3, 3));
            QVERIFY2(dark ? corner < 80 : corner > 200, qPrintable(QString::number(corner)));
            image.save(QStringLiteral("%1/plot-%2-%3.png")
                           .arg(pictureFolder(), QString::fromUtf8(QTest::currentDataTag()),
                                dark ? QStringLiteral("dark") : QStringLiteral("light")));
        }
    }

    void exportsHoldTitlesAndData_data()
    {
        QTest::addColumn<QString>("plot");
        QTest::addColumn<QStringList>("texts");
        QTest::newRow("ranges") << QStringLiteral(
            "ranges") << QStringList{QStringLiteral("Channel range"), QStringLiteral("Layer in network order")};
        QTest::newRow("channels") << QStringLiteral("channels")
                                  << QStringList{QStringLiteral("Channel"), QStringLiteral("Quantized range")};
        QTest::newRow("levels") << QStringLiteral("levels")
                                << QStringList{QStringLiteral("Attention weight"), QStringLiteral("Mass [%]"),
                                               QStringLiteral("log-int-softmax 4 bit"), QStringLiteral("twin uniform")};
        QTest::newRow("error") << QStringLiteral("error")
                               << QStringList{QStringLiteral("SQNR [dB]"), QStringLiteral("This layer alone"),
                                              QStringLiteral("By clipping"), QStringLiteral("Share [%]")};
        QTest::newRow("map") << QStringLiteral("map")
                             << QStringList{QStringLiteral("max |x| / layer median"), QStringLiteral("Channel"),
                                            QStringLiteral("embed_sum")};
        QTest::newRow("softmax") << QStringLiteral("softmax")
                                 << QStringList{QStringLiteral("B11"), QStringLiteral("log2 levels"),
                                                QStringLiteral("Sum of a quantized row")};
        QTest::newRow("shapes") << QStringLiteral("shapes")
                                << QStringList{QStringLiteral("weight, observed"), QStringLiteral("output, 8 bit range")};
        QTest::newRow("tap-error") << QStringLiteral("tap-error")
                                   << QStringList{QStringLiteral("Token"), QStringLiteral("SQNR [dB]"),
                                                  QStringLiteral("Codes used: 201")};
        QTest::newRow("sensitivity") << QStringLiteral("sensitivity")
                                     << QStringList{QStringLiteral("Only this quantized:"), QStringLiteral("Weights"),
                                                    QStringLiteral("Only this in float,"), QStringLiteral("Images: 64.")};
        QTest::newRow("attention") << QStringLiteral("attention")
                                   << QStringList{QStringLiteral("Float"), QStringLiteral("Difference"),
                                                  QStringLiteral("Attention weight, float and quantized"),
                                                  QStringLiteral("class token")};
        QTest::newRow("channels-ptf") << QStringLiteral("channels") << QStringList{QStringLiteral("PTF factor")};
    }
    void exportsHoldTitlesAndData()
    {
        QFETCH(QString, plot);
        QFETCH(QStringList, texts);
        QTemporaryDir folder;
        const std::unique_ptr<PlotView> view = makePlot(plot); // never shown: as the command line does it
        view->setPalette(darkPalette());
        QVERIFY(showRuns(*view, {m_ptf}));
        for (const char *suffix : {"png", "svg", "pdf", "csv"}) {
            const QString path = folder.filePath(QStringLiteral("plot.") + QLatin1String(suffix));
            const Result<void> done = view->exportTo(path, QSize(800, 500));
            QVERIFY2(done.has_value(), done ? "" : done.error().message().c_str());
            QVERIFY(contentOf(path).size() > 500);
            QFile::copy(path, QStringLiteral("%1/export-%2.%3").arg(pictureFolder(), plot, QLatin1String(suffix)));
        }
        const QImage image(folder.filePath(QStringLiteral("plot.png")));
        QCOMPARE(image.size(), QSize(800, 500));
        QVERIFY2(qGray(image.pixel(3, 3)) > 250, "exports are white whatever the screen shows");
        const QString svg = QString::fromUtf8(contentOf(folder.filePath(QStringLiteral("plot.svg"))));
        for (const QString &text : texts)
            QVERIFY2(svg.contains(text), qPrintable(text));
        QVERIFY(contentOf(folder.filePath(QStringLiteral("plot.pdf"))).startsWith("%PDF"));
        const QList<QByteArray> lines =
            contentOf(folder.filePath(QStringLiteral("plot.csv"))).trimmed().split('\n');
        QVERIFY(lines.size() > 10);
    }

    void badExportsAreRefusedWithAReason()
    {
        RangesOverviewPlot view;
        view.setRun(m_run);
        QCOMPARE(view.exportTo(QStringLiteral("x.bmp")).error().code, ErrorCode::Usage);
        QCOMPARE(view.exportTo(QStringLiteral("x.png"), QSize(1, 1)).error().code, ErrorCode::BadInput);
        QCOMPARE(view.exportTo(QStringLiteral("/no/such/folder/x.png")).error().code, ErrorCode::Io);
    }

    void tabSeparatedDataIsWhatIsVisible()
    {
        ErrorPlot view;
        view.setRun(m_run);
        view.resize(600, 400);
        view.show();
        const QStringList lines = view.visibleDataAsTsv().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.front().split(QLatin1Char('\t')).front(), QStringLiteral("tap"));
        const auto measured = std::count_if(m_run->taps.begin(), m_run->taps.end(), [](const TapRecord &t) {
            return t.error.quantized || t.error.hasCumulative;
        });
        QCOMPARE(lines.size(), static_cast<qsizetype>(measured) + 1);
        QTest::keyClick(&view, Qt::Key_Plus);
        QTest::keyClick(&view, Qt::Key_Plus);
        QVERIFY(view.visibleDataAsTsv().count(QLatin1Char('\n')) < lines.size());
        QTest::keyClick(&view, Qt::Key_Home);
        QCOMPARE(view.visibleDataAsTsv().count(QLatin1Char('\n')), lines.size());
    }

    void zoomSurvivesNewFiguresButNotAnotherLayer()
    {
        ErrorPlot error;
        error.setRun(m_run);
        error.resize(600, 400);
        error.show();
        QTest::keyClick(&error, Qt::Key_Plus);
        const auto zoomed = error.visibleDataAsTsv().count(QLatin1Char('\n'));
        error.setRun(m_ptf);
        error.setSelectedTap(10);
        QCOMPARE(error.visibleDataAsTsv().count(QLatin1Char('\n')), zoomed);
        ChannelRangesPlot channels;
        channels.setRun(m_run);
        channels.setSelectedTap(m_model->graph.findTap("blocks.3.residual1"));
        channels.resize(600, 400);
        channels.show();
        QTest::keyClick(&channels, Qt::Key_Plus);
        channels.setSelectedTap(m_model->graph.findTap("blocks.4.residual1"));
        QCOMPARE(channels.visibleDataAsTsv().count(QLatin1Char('\n')), 193);
    }

    void clickingALayerSelectsItsTap()
    {
        RangesOverviewPlot view;
        view.setRun(m_run);
        view.resize(660, 400);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QCoreApplication::processEvents();
        QSignalSpy selected(&view, &PlotView::tapSelected);
        auto *canvas = view.findChild<QWidget *>(QStringLiteral("canvas"));
        QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->rect().center());
        QTRY_COMPARE(selected.size(), 1);
        const int tap = selected[0][0].toInt();
        QVERIFY(m_run->taps[static_cast<size_t>(tap)].tap.feedsLayerNorm);
        view.setSelectedTap(tap);
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(selected.size(), 2);
        QVERIFY(selected[1][0].toInt() > tap);
    }

    void hoveringReadsValuesOut()
    {
        for (const QString &name : plotNames()) {
            const std::unique_ptr<PlotView> view = makePlot(name);
            QVERIFY(showRuns(*view, {m_ptf}));
            view->resize(660, 400);
            view->show();
            QVERIFY(QTest::qWaitForWindowExposed(view.get()));
            QCoreApplication::processEvents();
            auto *canvas = view->findChild<QWidget *>(QStringLiteral("canvas"));
            const QPointF position = canvas->rect().center() + QPoint(20, -30);
            QMouseEvent move(QEvent::MouseMove, position, canvas->mapToGlobal(position), Qt::NoButton,
                             Qt::NoButton, {});
            QCoreApplication::sendEvent(canvas, &move);
            auto *readout = view->findChild<QLabel *>(QStringLiteral("readout"));
            QVERIFY2(!readout->text().isEmpty(), qPrintable(name));
        }
    }

    void copyPutsImageAndTableOnTheClipboard()
    {
        LevelsPlot view;
        view.setRun(m_ptf);
        view.setSelectedTap(defaultTap(*m_ptf, QStringLiteral("levels")));
        view.resize(600, 400);
        view.show();
        QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
        const QMimeData *content = QGuiApplication::clipboard()->mimeData();
        QVERIFY(content->hasImage());
        QVERIFY(content->data(QStringLiteral("image/svg+xml")).contains("<svg"));
        QVERIFY(content->text().startsWith(QStringLiteral("series\tlow\thigh")));
    }

    void rolesAndFiguresChangeWhatIsShown()
    {
        RangesOverviewPlot ranges;
        ranges.setRun(m_run);
        ranges.resize(600, 400);
        ranges.show();
        QCOMPARE(ranges.visibleDataAsTsv().count(QLatin1Char('\n')),
                 26); // 25 LayerNorm inputs in the sample, one header
        ranges.setGroup({TapGroup::Kind::Role, {}, Role::Weight});
        QCOMPARE(ranges.visibleDataAsTsv().count(QLatin1Char('\n')), 51); // 12 x 4 weights, patch and head
        ErrorPlot error;
        error.setRun(m_run);
        error.resize(600, 400);
        error.show();
        const auto all = error.visibleDataAsTsv().count(QLatin1Char('\n'));
        error.setWeightsShown(false);
        QCOMPARE(error.visibleDataAsTsv().count(QLatin1Char('\n')), all - 50);
        error.setFigure(ErrorFigure::CosineDistance);
        QVERIFY(error.visibleDataAsTsv().contains(QStringLiteral("isolated_cosine_distance")));
    }

private:
    OpenedModelPtr m_model;
    std::shared_ptr<RunRecord> m_run;
    std::shared_ptr<RunRecord> m_ptf;
};

QTEST_MAIN(TestPlots)
#include "tst_plots.moc"
