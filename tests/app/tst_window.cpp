// SPDX-License-Identifier: GPL-3.0-or-later
// The main job in the real window with the real core, on the embedded demo: open, calibrate, look, switch layers,
// evaluate again, compare, export. Screenshots go to <build>/screenshots.
#include "app/demo/demo_assets.h"
#include "core/io/run_file.h"
#include "core/jobs/workbench.h"
#include "core/quantization/recipe.h"
#include "tests/support/event_gaps.h"
#include "tests/support/file_dialog.h"
#include "views/models/item_roles.h"
#include "views/plots/pareto_plot.h"
#include "views/plots/plot_view.h"
#include "views/widgets/main_window.h"
#include "views/widgets/measure_actions.h"
#include "views/widgets/search_dialog.h"

#include <QSettings>
#include <QAbstractItemView>
#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QDir>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QSpinBox>
#include <QStandardPaths>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QTimer>
#include <QTreeView>

#include <algorithm>
#include <map>

using namespace quantoscope;

namespace {

constexpr int kRunTimeout = 240000; // a demo run takes some four seconds on two idle cores
constexpr int kAnswerBound = 10000; // ms: it hangs; people compare what is printed with the 16 ms goal, not the test

} // namespace

class TestWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("quantoscope-tests"));
        QVERIFY(m_settings.isValid()); // nobody's window layout but the default one
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
        const auto assets = unpackDemo();
        QVERIFY2(assets.has_value(), assets ? "" : assets.error().message().c_str());
        m_request = demoRequest(*assets);
        m_screenshots.setPath(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots"));
        QVERIFY(QDir().mkpath(m_screenshots.path()));
    }

    void init()
    {
        m_workbench = std::make_unique<Workbench>();
        m_window = std::make_unique<MainWindow>(*m_workbench);
        m_window->resize(1280, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

    void cleanup()
    {
        m_window.reset();
        m_workbench.reset();
    }

    void anEmptyWindowSaysWhatToDo()
    {
        shoot("empty");
        QVERIFY(!button("run")->isEnabled());
        QVERIFY(!button("run")->toolTip().isEmpty());
    }

    void theMainJobWorksFromOpeningToExport()
    {
        openDemo();
        QVERIFY(button("run")->isEnabled());
        QSignalSpy finished(m_workbench.get(), &Workbench::runFinished);
        QSignalSpy progress(m_workbench.get(), &Workbench::progressed);
        const test::EventGaps watchdog;
        QTest::mouseClick(button("run"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(progress.count() > 0, kRunTimeout);
        QVERIFY(button("cancel")->isEnabled());
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
        const qint64 gap = watchdog.longest();
        qInfo("longest gap of the event loop from Run to result: %lld ms", static_cast<long long>(gap));
        QVERIFY(gap < kAnswerBound);
        const auto first = finished.takeFirst().at(0).value<RunRecordPtr>();
        QVERIFY(first->floatResult && first->result && first->complete);
        QVERIFY(first->floatResult->top1() > 95);
        QVERIFY(first->analysisImages > 0);
        QCOMPARE(table("runsTable")->model()->rowCount(), 1);
        shoot("calibrated");

        // A layer is chosen in the tree and switched by a click; the plan travels with the next run.
        m_window->selectTap(QStringLiteral("blocks.1.attn.softmax"));
        shoot("softmax-selected");
        selectInTree({QStringLiteral("blocks.1.attn.softmax"), QStringLiteral("blocks.2.mlp.fc2")});
        QTest::mouseClick(button("bitsFloat"), Qt::LeftButton);
        const std::string plan = m_window->runRequest().quantization.planJson;
        QVERIFY(plan.find("blocks.1.attn.softmax") != std::string::npos);
        QVERIFY(plan.find("blocks.2.mlp.fc2") != std::string::npos);
        QTest::mouseClick(button("run"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
        const auto second = finished.takeFirst().at(0).value<RunRecordPtr>();
        for (const TapRecord &record : second->taps)
            if (record.tap.path == "blocks.1.attn.softmax")
                QVERIFY(!record.setting.isQuantized());
        QCOMPARE(table("runsTable")->model()->rowCount(), 2);
        shoot("compared");

        QTemporaryDir folder;
        QSignalSpy exported(m_workbench.get(), &Workbench::runExported);
        const QString report = folder.filePath(QStringLiteral("report.h5"));
        m_workbench->exportRun(second, report);
        QTRY_COMPARE_WITH_TIMEOUT(exported.count(), 1, kRunTimeout);
        const auto read = readRunFile(report.toStdString());
        QVERIFY2(read.has_value(), read ? "" : read.error().message().c_str());
        QCOMPARE(read->result->top1Correct, second->result->top1Correct);
        QCOMPARE(read->images.sha256.size(), read->images.items.size());
        const auto plots = m_window->exportAllPlots(folder.path());
        QVERIFY2(plots.has_value(), plots ? "" : plots.error().message().c_str());
        QVERIFY(plots->size() >= 8);
        for (const QString &path : *plots)
            QVERIFY(QFileInfo(path).size() > 1000);
    }

    void theModelOfTheRunIsExportedFromThePlanMenu()
    {
        openDemo();
        QSignalSpy finished(m_workbench.get(), &Workbench::runFinished);
        QTest::mouseClick(button("run"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("model.onnx"));
        const testing::FileDialogAnswer answer(path, QStringLiteral("*.onnx"));
        QSignalSpy exported(m_workbench.get(), &Workbench::onnxExported);
        m_window->findChild<QAction *>(QStringLiteral("exportPlan"))->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(exported.count(), 1, kRunTimeout);
        QVERIFY(QFileInfo(path).size() > 10'000);
        QTRY_VERIFY(m_window->statusBar()->currentMessage().contains(QStringLiteral("model.onnx")));
    }

    void sensitivityAndAttentionAreMeasuredFromTheMenu()
    {
        openDemo();
        QSignalSpy finished(m_workbench.get(), &Workbench::runFinished);
        QTest::mouseClick(button("run"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
        const auto run = finished.takeFirst().at(0).value<RunRecordPtr>();
        auto *sensitivity = m_window->findChild<PlotView *>(QStringLiteral("plot-sensitivity"));
        auto *attention = m_window->findChild<PlotView *>(QStringLiteral("plot-attention"));
        QVERIFY(sensitivity->isEmpty() && attention->isEmpty());
        QTRY_VERIFY(m_window->findChild<QAction *>(QStringLiteral("measureSensitivity"))->isEnabled());
        m_window->findChild<QAction *>(QStringLiteral("measureSensitivity"))->trigger();
        auto *dialog = m_window->findChild<QDialog *>(QStringLiteral("sensitivityDialog"));
        QVERIFY(dialog && dialog->isVisible());
        dialog->findChild<QComboBox *>(QStringLiteral("level"))->setCurrentIndex(2);
        dialog->findChild<QSpinBox *>(QStringLiteral("images"))->setValue(12);
        auto *start = dialog->findChild<QPushButton *>(QStringLiteral("start"));
        QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), kRunTimeout);
        QTest::mouseClick(start, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
        QCOMPARE(finished.takeFirst().at(0).value<RunRecordPtr>()->id, run->id);
        QVERIFY(!sensitivity->isEmpty());
        m_window->findChild<MeasureActions *>()->measureAttention(
            QString::fromStdString(m_request.data.folder) + QStringLiteral("/val/star/000.png"));
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
        QVERIFY(!attention->isEmpty() && !sensitivity->isEmpty());
        QCOMPARE(table("runsTable")->model()->rowCount(), 1);
        for (PlotView *plot : {sensitivity, attention}) {
            auto *dock = qobject_cast<QWidget *>(plot->parent());
            dock->raise();
        }
        shoot("measured");
    }

    void bitsCanBeSwitchedByKeyboardAndUndone()
    {
        openDemo();
        selectInTree({QStringLiteral("blocks.0.mlp.fc1.weight"), QStringLiteral("blocks.3.residual2")});
        QTest::keyClick(tree(), Qt::Key_4);
        QVERIFY(m_window->runRequest().quantization.planJson.find("blocks.3.residual2") != std::string::npos);
        auto *undo = m_window->findChild<QAction *>(QStringLiteral("undo"));
        QVERIFY(undo && undo->isEnabled());
        undo->trigger();
        QVERIFY(m_window->runRequest().quantization.planJson.find("blocks.3.residual2") == std::string::npos);
    }

    void theCheckIsOfferedBeforeTheFirstRunAndNamesAWrongMean()
    {
        auto *hint = m_window->findChild<QWidget *>(QStringLiteral("checkHint"));
        auto *dock = m_window->findChild<QWidget *>(QStringLiteral("checkDock"));
        QVERIFY(hint && dock && !hint->isVisible() && !dock->isVisible());
        openDemo();
        QVERIFY(hint->isVisible());
        m_window->activateWindow(); // without a window manager nobody else does, and shortcuts need it
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        shoot("check-hint");
        QSignalSpy finished(m_workbench.get(), &Workbench::preflightFinished);
        const test::EventGaps watchdog;
        QTest::mouseClick(button("check"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
        QVERIFY(watchdog.longest() < kAnswerBound);
        QVERIFY(finished.takeFirst().at(0).value<PreflightReportPtr>()->worst() <= Severity::Note);
        QVERIFY(dock->isVisible());
        auto *findings = m_window->findChild<QTextBrowser *>(QStringLiteral("checkFindings"));
        auto *all = m_window->findChild<QCheckBox *>(QStringLiteral("checkShowAll"));
        const qsizetype brief = findings->toPlainText().size();
        QVERIFY(!findings->toPlainText().contains(QStringLiteral("In order")));
        QTest::mouseClick(all, Qt::LeftButton, {}, QPoint(8, all->height() / 2));
        QVERIFY(findings->toPlainText().size() > brief);
        QVERIFY(findings->toPlainText().contains(QStringLiteral("In order: Preprocessing is as published")));
        shoot("check-healthy");
        QTest::mouseClick(all, Qt::LeftButton, {}, QPoint(8, all->height() / 2));

        RunRequest wrong = m_request;
        wrong.data.preprocessing = m_model->info.preprocessing;
        wrong.data.preprocessing->mean = {0, 0, 0};
        wrong.data.preprocessing->deviation = {1, 1, 1};
        m_window->setRunRequest(wrong);
        QTest::keyClick(m_window.get(), Qt::Key_F7);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
        QVERIFY(finished.takeFirst().at(0).value<PreflightReportPtr>()->find("cause.normalization"));
        QVERIFY2(findings->toPlainText().contains(QStringLiteral("Problem: Likely cause: wrong mean")),
                 qPrintable(findings->toPlainText()));
        shoot("check-problem");
        QTest::mouseClick(button("checkCopy"), Qt::LeftButton);
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("sign test p = ")));

        // The hint sums up, and leads back to the findings; with other images it is new again.
        m_window->findChild<QWidget *>(QStringLiteral("recipeDock"))->raise();
        auto *text = m_window->findChild<QLabel *>(QStringLiteral("checkHintText"));
        QVERIFY2(text->text().startsWith(QStringLiteral("Problems: 1")), qPrintable(text->text()));
        QTest::mouseClick(button("check"), Qt::LeftButton);
        QTRY_VERIFY(findings->isVisible());
        m_window->setRunRequest(m_request);
        QTRY_COMPARE(text->text(), QStringLiteral("Not checked yet"));
        QCOMPARE(finished.count(), 0);
    }

    void cancelLeavesALabelledPartialResult()
    {
        openDemo();
        QSignalSpy finished(m_workbench.get(), &Workbench::runFinished);
        QSignalSpy progress(m_workbench.get(), &Workbench::progressed);
        QTest::mouseClick(button("run"), Qt::LeftButton);
        const auto someImagesAreDone = [&] {
            return std::any_of(progress.begin(), progress.end(),
                               [](const QList<QVariant> &call) { return call.at(0).value<Progress>().done > 0; });
        };
        QTRY_VERIFY_WITH_TIMEOUT(someImagesAreDone(), kRunTimeout);
        QTest::mouseClick(button("cancel"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!m_workbench->isBusy(), 10000);
        QCOMPARE(finished.count(), 1);
        QVERIFY(!finished.at(0).at(0).value<RunRecordPtr>()->complete);
        shoot("cancelled");
    }

    void closingWhileRunningIsSafe()
    {
        openDemo();
        QSignalSpy progress(m_workbench.get(), &Workbench::progressed);
        QTest::mouseClick(button("run"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(progress.count() > 0, kRunTimeout);
        m_window->close();
        m_window.reset();
        m_workbench.reset();
    }

    void aBrokenCheckpointIsExplainedInADialog()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("broken.safetensors"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("this is no checkpoint");
        file.close();
        QString text;
        QTimer::singleShot(0, this, [&] { closeMessageBoxWhenItComes(text); });
        m_window->openModelFile(path);
        QTRY_VERIFY_WITH_TIMEOUT(!text.isEmpty(), 20000);
        QVERIFY2(text.contains(QStringLiteral("broken.safetensors")), qPrintable(text));
    }

    void aSearchedPointBecomesThePlan()
    {
        openDemo();
        RunRequest request = m_request;
        request.quantization = {};
        request.quantization.recipe = "least-error";
        m_window->setRunRequest(request);
        auto *action = m_window->findChild<QAction *>(QStringLiteral("searchAction"));
        QVERIFY(action->isEnabled());
        QVERIFY(!m_window->findChild<QAction *>(QStringLiteral("exportSearch"))->isEnabled());
        action->trigger();
        auto *dialog = m_window->findChild<SearchDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        dialog->setImages(4);
        dialog->setEvaluatePoints(1);
        dialog->setBudget({Resource::AverageBits, 2.5});
        auto *search = dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok);
        auto *cost = dialog->findChild<QLabel *>(QStringLiteral("cost"));
        QTRY_VERIFY_WITH_TIMEOUT(cost->text().contains(QStringLiteral("not enough")), 20000);
        QVERIFY(!search->isEnabled());
        dialog->setBudget({Resource::AverageBits, 5});
        QTRY_VERIFY_WITH_TIMEOUT(search->isEnabled(), 20000);
        shoot("search-dialog");
        QSignalSpy updated(m_workbench.get(), &Workbench::searchUpdated);
        QSignalSpy finished(m_workbench.get(), &Workbench::searchFinished);
        QTest::mouseClick(search, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(updated.count() > 0, kRunTimeout); // the front is there before points are run
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, kRunTimeout);
        auto *plot = m_window->findChild<ParetoPlot *>();
        QVERIFY(plot && plot->isVisible() && !plot->isEmpty());
        QVERIFY(plot->point(plot->result()->chosen)->measured);
        shoot("pareto");

        plot->setFocus();
        QTest::keyClick(plot, Qt::Key_Return);
        const std::string plan = m_window->runRequest().quantization.planJson;
        QVERIFY(plan.find("blocks.1.mlp.fc2.weight") != std::string::npos);
        const auto bits = [](const std::string &json) {
            std::map<std::string, int> byTap;
            const PrecisionPlan parsed = parsePlan(json, "test").value();
            for (const PlanRule &rule : parsed.rules)
                byTap[rule.where.tap] = rule.bits;
            return byTap;
        };
        QCOMPARE(bits(plan), bits(plot->point(plot->markedPoint())->planJson));
        shoot("pareto-plan");
        m_window->findChild<QAction *>(QStringLiteral("undo"))->trigger();
        QVERIFY(m_window->runRequest().quantization.planJson.empty());
        QVERIFY(m_window->findChild<QAction *>(QStringLiteral("exportSearch"))->isEnabled());

        // Fewer conversions need no measurement; Enter takes the plan, and the file keeps the limit.
        auto *limit = m_window->findChild<QSpinBox *>(QStringLiteral("searchLimit"));
        QVERIFY(limit && limit->isEnabled());
        const int fewer = plot->point(plot->result()->chosen)->costs.conversions - 1;
        limit->setFocus();
        QTest::keyClick(limit, Qt::Key_Down);
        QTRY_VERIFY_WITH_TIMEOUT(plot->result()->mostConversions == std::optional(fewer), kRunTimeout);
        shoot("pareto-limited");
        QTest::keyClick(limit, Qt::Key_Return);
        const PrecisionPoint *limited = plot->point(plot->result()->chosen);
        QVERIFY(limited->costs.conversions <= fewer);
        QCOMPARE(bits(m_window->runRequest().quantization.planJson), bits(limited->planJson));
        m_window->findChild<QAction *>(QStringLiteral("undo"))->trigger();
        QVERIFY(m_window->runRequest().quantization.planJson.empty());

        // The file opens again, and Cancel stops the next search.
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("search.json"));
        QSignalSpy exported(m_workbench.get(), &Workbench::fileWritten);
        m_workbench->exportSearch(plot->result(), path);
        QTRY_COMPARE_WITH_TIMEOUT(exported.count(), 1, kRunTimeout);
        m_workbench->openSearch(path);
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 2, kRunTimeout);
        QCOMPARE(plot->result()->mostConversions, std::optional(fewer));
        QCOMPARE(limit->value(), fewer);
        QSignalSpy failed(m_workbench.get(), &Workbench::failed);
        PlanSearchRequest longer;
        longer.run = m_window->runRequest();
        longer.budget = {Resource::AverageBits, 5};
        m_workbench->search(longer);
        QTRY_VERIFY(m_workbench->isBusy());
        QSignalSpy progress(m_workbench.get(), &Workbench::progressed);
        QTRY_VERIFY_WITH_TIMEOUT(progress.count() > 1, kRunTimeout);
        QTest::mouseClick(button("cancel"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, kRunTimeout);
        QCOMPARE(failed.at(0).at(0).value<Error>().code, ErrorCode::Cancelled);
    }

private:
    void openDemo()
    {
        QSignalSpy opened(m_workbench.get(), &Workbench::modelOpened);
        m_window->openModelFile(QString::fromStdString(m_request.model.weights));
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 60000);
        m_model = opened.at(0).at(0).value<OpenedModelPtr>();
        m_window->setRunRequest(m_request);
    }

    void closeMessageBoxWhenItComes(QString &text)
    {
        if (auto *box = qobject_cast<QMessageBox *>(QApplication::activeModalWidget())) {
            m_screenshots.mkpath(QStringLiteral("."));
            box->grab().save(m_screenshots.filePath(QStringLiteral("window-error.png")));
            text = box->text() + box->informativeText() + box->detailedText();
            box->reject();
            return;
        }
        QTimer::singleShot(20, this, [this, &text] { closeMessageBoxWhenItComes(text); });
    }

    QPushButton *button(const char *name) { return m_window->findChild<QPushButton *>(QLatin1String(name)); }
    QAbstractItemView *table(const char *name)
    {
        return m_window->findChild<QAbstractItemView *>(QLatin1String(name));
    }
    QTreeView *tree() { return m_window->findChild<QTreeView *>(QStringLiteral("modelTree")); }

    void selectInTree(const QStringList &paths)
    {
        QTreeView *view = tree();
        view->expandAll();
        view->setFocus();
        view->selectionModel()->clear();
        for (const QString &path : paths) {
            const QModelIndexList found = view->model()->match(view->model()->index(0, 0), TapRole,
                                                               m_model->graph.findTap(path.toStdString()), 1,
                                                               Qt::MatchExactly | Qt::MatchRecursive);
            QVERIFY2(!found.isEmpty(), qPrintable(path));
            view->selectionModel()->select(found.first(), QItemSelectionModel::Select | QItemSelectionModel::Rows);
            view->selectionModel()->setCurrentIndex(found.first(), QItemSelectionModel::NoUpdate);
        }
    }

    void shoot(const char *name)
    {
        QCoreApplication::processEvents();
        QTest::qWait(150); // plots repaint on the next turns
        QVERIFY(m_window->grab().save(m_screenshots.filePath(QStringLiteral("window-%1.png").arg(QLatin1String(name)))));
    }

    RunRequest m_request;
    OpenedModelPtr m_model;
    QTemporaryDir m_settings;
    QDir m_screenshots;
    std::unique_ptr<Workbench> m_workbench;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestWindow)
#include "tst_window.moc"
