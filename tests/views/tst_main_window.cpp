// SPDX-License-Identifier: GPL-3.0-or-later
// The window without any work behind it: results are handed to it by the Workbench's signals, as a worker would.
#include "core/quantization/recipe.h"
#include "tests/views/sample_run.h"
#include "views/models/run_table_model.h"
#include "views/models/tap_tree_model.h"
#include "views/plots/plot_factory.h"
#include "views/plots/plot_view.h"
#include "views/widgets/main_window.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/recipe_panel.h"
#include "views/widgets/user_settings.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>
#include <QtTest>

using namespace quantoscope;

class TestMainWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("quantoscope-tests"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_main_window"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        m_model = sample::model();
    }

    void init()
    {
        QSettings().clear();
        m_bench = std::make_unique<Workbench>();
        m_window = std::make_unique<MainWindow>(*m_bench);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

    void cleanup()
    {
        m_window.reset();
        m_bench.reset();
    }

    void aNewWindowSaysWhatToDoAndWhyNothingRuns()
    {
        shot("window-empty");
        QVERIFY(find<QLabel>("modelEmpty")->isVisible());
        QVERIFY(find<QLabel>("runsEmpty")->isVisible());
        for (const char *name : {"runAction", "cancelAction", "exportReport", "exportAllPlots", "copy"}) {
            QVERIFY2(!find<QAction>(name)->isEnabled(), name);
            QVERIFY2(find<QAction>(name)->toolTip().size() > 10, name);
        }
        QVERIFY(!find<QPushButton>("run")->isEnabled());
        QVERIFY(find<QPushButton>("run")->toolTip().contains(QStringLiteral("checkpoint")));
        QVERIFY(!find<QPushButton>("bits4")->toolTip().isEmpty());
    }

    void everyControlHasANameForTestsAndForScreenReaders()
    {
        Q_EMIT m_bench->modelOpened(m_model);
        for (const QWidget *widget : m_window->findChildren<QWidget *>()) {
            const bool control = qobject_cast<const QPushButton *>(widget)
                              || qobject_cast<const QCheckBox *>(widget) || qobject_cast<const QComboBox *>(widget)
                              || qobject_cast<const QSpinBox *>(widget) || qobject_cast<const PlotView *>(widget)
                              || qobject_cast<const QTreeView *>(widget)
                              || qobject_cast<const QTableView *>(widget);
            if (!control || widget->objectName().startsWith(QStringLiteral("qt_")))
                continue;
            QVERIFY2(!widget->objectName().isEmpty(), widget->metaObject()->className());
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
                     qPrintable(widget->objectName()));
        }
    }

    void resultsFillTreePlotsAndTable()
    {
        showTwoRuns();
        shot("window");
        QCOMPARE(find<QTableView>("runsTable")->model()->rowCount(), 2);
        QVERIFY(m_window->shownRun());
        // Nothing was searched, these runs tell no costs, and changes are found in the background.
        const QStringList without{searchPlotName(), runsPlotName(), spreadPlotName(),
                                  QStringLiteral("confusion")};
        for (const PlotView *plot : m_window->findChildren<PlotView *>())
            QVERIFY2(!plot->isEmpty() || without.contains(plot->viewName()), qPrintable(plot->objectName()));
        QVERIFY(find<QAction>("exportReport")->isEnabled());
        // Eleven views of the network above, five of the layer below; within a row only one is in front.
        auto *panel = m_window->findChild<PlotsPanel *>();
        const QList<QDockWidget *> docks = panel->findChildren<QDockWidget *>();
        QCOMPARE(docks.size(), 16);
        QMap<qsizetype, int> rows; // by length: docks in it
        for (QDockWidget *dock : docks)
            ++rows[panel->tabifiedDockWidgets(dock).size() + 1];
        QCOMPARE(rows, (QMap<qsizetype, int>{{11, 11}, {5, 5}}));
        // Another row shows another run.
        find<QTableView>("runsTable")->selectRow(0);
        QCOMPARE(m_window->shownRun()->id, std::string("run-1"));
    }

    void oneSelectionDrivesTreeAndPlots()
    {
        showTwoRuns();
        m_window->selectTap(QStringLiteral("blocks.5.attn.softmax"));
        const int tap = m_model->graph.findTap("blocks.5.attn.softmax");
        QCOMPARE(find<QTreeView>("modelTree")->currentIndex().data(TapRole).toInt(), tap);
        for (const PlotView *plot : m_window->findChildren<PlotView *>())
            QCOMPARE(plot->selectedTap(), tap);
        auto *ranges = find<PlotView>("plot-ranges");
        ranges->setFocus();
        QTest::keyClick(ranges, Qt::Key_Right);
        const int other = ranges->selectedTap();
        QVERIFY(m_model->graph.taps[static_cast<size_t>(other)].feedsLayerNorm);
        QCOMPARE(find<QTreeView>("modelTree")->currentIndex().data(TapRole).toInt(), other);
    }

    void bitsAreSwitchedByKeysAndButtonsAndUndone()
    {
        Q_EMIT m_bench->modelOpened(m_model);
        auto *tree = find<QTreeView>("modelTree");
        QCOMPARE(bitsOf("blocks.2.mlp.fc1.weight"), 8);
        m_window->selectTap(QStringLiteral("blocks.2.mlp.fc1.weight"));
        tree->setFocus();
        QTest::keyClick(tree, Qt::Key_4);
        QCOMPARE(bitsOf("blocks.2.mlp.fc1.weight"), 4);
        QTest::keyClick(tree, Qt::Key_F);
        QCOMPARE(bitsOf("blocks.2.mlp.fc1.weight"), 0);
        find<QAction>("undo")->trigger();
        QCOMPARE(bitsOf("blocks.2.mlp.fc1.weight"), 4);
        find<QAction>("undo")->trigger();
        QCOMPARE(bitsOf("blocks.2.mlp.fc1.weight"), 8);
        QVERIFY(m_window->runRequest().quantization.planJson.empty());
        find<QAction>("redo")->trigger();
        QCOMPARE(bitsOf("blocks.2.mlp.fc1.weight"), 4);
        QTest::mouseClick(find<QPushButton>("bits6"), Qt::LeftButton);
        QCOMPARE(bitsOf("blocks.2.mlp.fc1.weight"), 6);
        tree->setFocus();
        QTest::keyClick(tree, Qt::Key_R);
        QCOMPARE(bitsOf("blocks.2.mlp.fc1.weight"), 8);
        QVERIFY(m_window->runRequest().quantization.planJson.empty());
    }

    void aWidthThatTheRecipeGivesIsNoChange()
    {
        Q_EMIT m_bench->modelOpened(m_model);
        m_window->setBits({QStringLiteral("blocks.2.norm1"), QStringLiteral("blocks.3.norm1")}, 8);
        QVERIFY(m_window->runRequest().quantization.planJson.empty());
        QVERIFY(!find<QAction>("undo")->isEnabled());
        m_window->setBits({QStringLiteral("blocks.2.norm1")}, 4);
        const auto plan = parsePlan(m_window->runRequest().quantization.planJson, "plan");
        QVERIFY(plan && plan->rules.size() == 1);
        QCOMPARE(plan->rules.front().bits, 4);
    }

    void theFormBecomesTheRequest()
    {
        Q_EMIT m_bench->modelOpened(m_model);
        m_window->setDataFolder(QStringLiteral("/data"));
        find<QCheckBox>("ptf")->setChecked(true);
        find<QCheckBox>("lis")->setChecked(true);
        find<QSpinBox>("limit")->setValue(50);
        const RunRequest request = m_window->runRequest();
        QVERIFY(request.quantization.ptf && request.quantization.lis);
        QCOMPARE(request.quantization.bits.text(), std::string("8/8/4"));
        QCOMPARE(request.data.folder, std::string("/data"));
        QCOMPARE(request.data.limit, int64_t{50});
        QCOMPARE(request.model.weights, m_model->info.file);
        QVERIFY(find<QPushButton>("run")->isEnabled());
        // And back: a stored request fills the form.
        RunRequest stored = request;
        stored.quantization.recipe = "omse";
        stored.quantization.bits = {6, 6, 5};
        stored.calibration.count = 33;
        m_window->setRunRequest(stored);
        QCOMPARE(m_window->runRequest().quantization, stored.quantization);
        QCOMPARE(m_window->runRequest().calibration.count, 33);
    }

    void preprocessingIsShownAndCanBeChanged()
    {
        Q_EMIT m_bench->modelOpened(m_model);
        QVERIFY(find<QLabel>("preprocessing")->text().contains(QStringLiteral("224")));
        QVERIFY(!m_window->runRequest().data.preprocessing);
        QTimer::singleShot(0, this, [this] {
            auto *dialog = find<QDialog>("preprocessingDialog");
            dialog->findChild<QSpinBox *>(QStringLiteral("resize"))->setValue(248);
            dialog->accept();
        });
        QTest::mouseClick(find<QPushButton>("editPreprocessing"), Qt::LeftButton);
        QVERIFY(m_window->runRequest().data.preprocessing);
        QCOMPARE(m_window->runRequest().data.preprocessing->resize, 248);
        QVERIFY(find<QLabel>("preprocessing")->text().contains(QStringLiteral("248")));
    }

    void errorsBecomeASentenceWithDetails()
    {
        Q_EMIT m_bench->failed(
            Error{ErrorCode::CorruptFile, "the header ends early", "weights.safetensors", "download it again"});
        auto *box = find<QMessageBox>("errorBox");
        QVERIFY(box && box->isVisible());
        QVERIFY(!box->text().contains(QStringLiteral("header")));
        QVERIFY(box->detailedText().contains(QStringLiteral("the header ends early")));
        QVERIFY(box->informativeText().contains(QStringLiteral("weights.safetensors")));
        box->close();
    }

    void aPlotTakesTheRoomOfAllAndGivesItBack()
    {
        showTwoRuns();
        auto *plots = find<PlotsPanel>("plotsPanel");
        auto *error = find<PlotView>("plot-error");
        auto *channels = find<PlotView>("plot-channels");
        plots->bringToFront(error->viewName());
        QCoreApplication::processEvents();
        const int before = error->height();
        const QByteArray layout = plots->layoutState();
        error->setFocus();
        QTest::keyClick(m_window.get(), Qt::Key_F11);
        QTRY_VERIFY(!channels->isVisible());
        QTRY_VERIFY2(error->height() > 1.7 * before, qPrintable(QString::number(error->height())));
        QVERIFY(find<QAction>("enlargePlot")->isChecked() && find<QToolButton>("errorEnlarge")->isChecked());
        QCOMPARE(plots->layoutState(), layout); // what a session keeps
        QTest::mouseClick(find<QToolButton>("errorEnlarge"), Qt::LeftButton);
        QTRY_VERIFY(channels->isVisible() && error->isVisible());
        QTRY_COMPARE(error->height(), before);

        plots->setEnlarged(error);
        plots->bringToFront(channels->viewName()); // another plot is wanted: all are back
        QTRY_VERIFY(channels->isVisible() && error->isVisible());
        QVERIFY(!find<QAction>("enlargePlot")->isChecked());
    }

    void plotsAreExportedWithoutOverwriting()
    {
        QTemporaryDir folder;
        QVERIFY(!m_window->exportAllPlots(folder.path()));
        showTwoRuns();
        qsizetype shown = 0;
        for (const PlotView *plot : m_window->findChildren<PlotView *>())
            shown += !plot->isEmpty();
        QVERIFY(shown >= 12);
        const auto first = m_window->exportAllPlots(folder.path());
        QVERIFY2(first.has_value(), first ? "" : first.error().message().c_str());
        QCOMPARE(first->size(), 2 * shown); // PNG and SVG
        const auto second = m_window->exportAllPlots(folder.path());
        QVERIFY(second.has_value());
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 4 * shown);
    }

    void noTwoActionsOfTheMenusShareAShortcut()
    {
        QMap<QString, QString> seen;
        for (const QMenu *menu : m_window->findChildren<QMenu *>())
            for (const QAction *action : menu->actions())
                for (const QKeySequence &keys : action->shortcuts()) {
                    const QString text = keys.toString();
                    QVERIFY2(!seen.contains(text) || seen[text] == action->text(),
                             qPrintable(QStringList({text, seen[text], action->text()}).join(QLatin1Char(' '))));
                    seen[text] = action->text();
                }
        QVERIFY(seen.size() > 10);
    }

    void settingsAreKeptAndTheThemeIsShownAtOnce()
    {
        const QPalette before = QApplication::palette();
        const auto open = [this] {
            find<QAction>("settings")->trigger();
            auto *dialog = m_window->findChild<QDialog *>(QStringLiteral("settingsDialog"));
            return dialog && QTest::qWaitForWindowExposed(dialog) ? dialog : nullptr;
        };
        showTwoRuns();
        QDialog *dialog = open();
        QVERIFY(dialog);
        auto *theme = dialog->findChild<QComboBox *>(QStringLiteral("theme"));
        theme->setFocus();
        QTest::keyClick(theme, Qt::Key_End); // dark
        QVERIFY(QApplication::palette().color(QPalette::Base).lightness() < 128);
        QTest::qWait(300); // styles and plots settle in the event loop
        shot("dark");
        QTest::keyClick(dialog, Qt::Key_Escape);
        QCOMPARE(QApplication::palette().color(QPalette::Base), before.color(QPalette::Base));
        QCOMPARE(UserSettings::load(), UserSettings());
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);

        dialog = open();
        QVERIFY(dialog);
        dialog->findChild<QSpinBox *>(QStringLiteral("threads"))->setValue(1);
        dialog->findChild<QSpinBox *>(QStringLiteral("activationMemory"))->setValue(256);
        auto *language = dialog->findChild<QComboBox *>(QStringLiteral("language"));
        language->setCurrentIndex(language->findData(QStringLiteral("de")));
        QTest::keyClick(dialog, Qt::Key_Return);
        QCOMPARE(UserSettings::load().threads, 1);
        QCOMPARE(UserSettings::load().activationMemory, 256);
        QCOMPARE(UserSettings::load().language, QStringLiteral("de"));
        QSettings().setValue(QStringLiteral("settings/threads"), -5);
        QSettings().setValue(QStringLiteral("settings/theme"), QStringLiteral("plaid"));
        QCOMPARE(UserSettings::load().threads, 0);
        QCOMPARE(UserSettings::load().theme, ThemeChoice::System);
    }

    void aReportIsOneFileWithAccuracyPlotsAndConditions()
    {
        QTemporaryDir folder;
        showTwoRuns();
        const RunRecordPtr run = m_window->shownRun();
        m_window->exportReportTo(folder.filePath(QStringLiteral("report.html")));
        QFile page(folder.filePath(QStringLiteral("report.html")));
        QVERIFY(page.open(QIODevice::ReadOnly));
        const QString html = QString::fromUtf8(page.readAll());
        QCOMPARE(html.count(QStringLiteral("<img src=\"data:image/svg+xml;base64,")), plotNames().size()); // every view has something to show
        QVERIFY(!html.contains(QStringLiteral("<script")));
        QVERIFY(!html.contains(QStringLiteral("src=\"http")));
        QVERIFY(html.contains(QLocale().toString(run->result->top1(), 'f', 2)));
        QVERIFY(html.contains(QString::fromStdString(run->model.sha256)));
        QVERIFY(html.contains(QStringLiteral("simulated")));
        // Tags close in order, as a browser needs not but a reader of the source expects.
        QXmlStreamReader reader(QString(html).remove(QStringLiteral("<!DOCTYPE html>"))
                                    .replace(QRegularExpression(QStringLiteral("<(meta|img)([^>]*)>")), QStringLiteral("<\\1\\2/>")));
        while (!reader.atEnd())
            reader.readNext();
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));

        m_window->exportReportTo(folder.filePath(QStringLiteral("report.pdf")));
        QFile pdf(folder.filePath(QStringLiteral("report.pdf")));
        QVERIFY(pdf.open(QIODevice::ReadOnly) && pdf.read(5) == "%PDF-");

        m_window->exportReportTo(folder.filePath(QStringLiteral("taps.csv")));
        QFile csv(folder.filePath(QStringLiteral("taps.csv")));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = csv.readAll().trimmed().split('\n');
        QCOMPARE(static_cast<size_t>(lines.size()), run->taps.size() + 1);
        for (const QByteArray &line : lines)
            QCOMPARE(line.count(','), lines.front().count(','));

        m_window->exportReportTo(folder.filePath(QStringLiteral("missing/report.html")));
        auto *box = find<QMessageBox>("errorBox");
        QVERIFY(box && box->isVisible());
        box->close();
    }

    void droppedFoldersAndArchivesBecomeTheDataFolder_data()
    {
        QTest::addColumn<QString>("path");
        QTest::newRow("folder") << m_folder.path();
        QTest::newRow("archive") << m_folder.filePath(QStringLiteral("images.tar"));
    }

    void droppedFoldersAndArchivesBecomeTheDataFolder()
    {
        QFETCH(QString, path);
        QFile archive(m_folder.filePath(QStringLiteral("images.tar")));
        QVERIFY(archive.open(QIODevice::WriteOnly));
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &drop);
        QCOMPARE(find<QLineEdit>("dataFolder")->text(), QDir::toNativeSeparators(path));
        const QMenu *kinds = find<QToolButton>("dataFolderBrowse")->menu();
        QVERIFY(kinds && kinds->actions().size() == 2); // a folder or an archive can be chosen
    }

    void copyTakesTheTableWhenItHasTheFocus()
    {
        showTwoRuns();
        auto *table = find<QTableView>("runsTable");
        table->setFocus();
        find<QAction>("copy")->trigger();
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("ema + PTF + LIS 8/8/4")));
    }

    void nothingIsClippedAtTheUsualSize()
    {
        showTwoRuns();
        m_window->resize(1280, 800);
        QCoreApplication::processEvents();
        QVERIFY(m_window->minimumSizeHint().width() <= 1280);
        QVERIFY(m_window->minimumSizeHint().height() <= 800);
        for (const QPushButton *button : m_window->findChildren<QPushButton *>())
            if (button->isVisible() && !button->text().isEmpty())
                QVERIFY2(button->width()
                             >= button->fontMetrics().horizontalAdvance(button->text().remove(QLatin1Char('&'))),
                         qPrintable(button->objectName()));
    }

private:
    template <typename T>
    T *find(const char *name)
    {
        return m_window->findChild<T *>(QLatin1String(name));
    }
    int bitsOf(const char *path)
    {
        const TapTreeModel *tree = m_window->findChild<TapTreeModel *>();
        return tree->indexOfTap(m_model->graph.findTap(path), TapTreeModel::Bits).data(Qt::EditRole).toInt();
    }
    void showTwoRuns()
    {
        Q_EMIT m_bench->modelOpened(m_model);
        Q_EMIT m_bench->runFinished(sample::run(m_model, 1));
        Q_EMIT m_bench->runFinished(sample::run(m_model, 2));
        QCoreApplication::processEvents();
    }
    void shot(const char *name)
    {
        QCoreApplication::processEvents();
        QDir().mkpath(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots"));
        m_window->grab().save(
            QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots/%1.png").arg(QLatin1String(name)));
    }

    QTemporaryDir m_folder;
    OpenedModelPtr m_model;
    std::unique_ptr<Workbench> m_bench;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
