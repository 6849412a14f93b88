// SPDX-License-Identifier: GPL-3.0-or-later
// Every way to change a plan in the window, by mouse and keyboard; undo, comparison, prediction.
#include "core/quantization/recipe.h"
#include "tests/views/sample_run.h"
#include "views/models/tap_tree_model.h"
#include "views/plots/plot_view.h"
#include "views/widgets/bits_filter_dialog.h"
#include "views/widgets/main_window.h"
#include "views/widgets/plan_controller.h"
#include "views/widgets/plots_panel.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSettings>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTreeView>
#include <QUndoStack>
#include <QtTest>

using namespace quantoscope;

class TestPlan : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("quantoscope-tests"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_plan"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        m_model = sample::model();
    }

    void init()
    {
        QSettings().clear();
        m_bench = std::make_unique<Workbench>();
        m_window = std::make_unique<MainWindow>(*m_bench);
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        Q_EMIT m_bench->modelOpened(m_model);
    }

    void cleanup()
    {
        m_window.reset();
        m_bench.reset();
    }

    void aClickInTheBitsColumnChangesOneLayer()
    {
        auto *tree = find<QTreeView>("modelTree");
        tree->expandAll();
        const QModelIndex cell = rowOf("blocks.0.mlp.fc2").siblingAtColumn(TapTreeModel::Bits);
        tree->scrollTo(cell);
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(cell).center());
        QTest::mouseDClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(cell).center());
        QTRY_VERIFY(find<QComboBox>("bitsEditor"));
        auto *editor = find<QComboBox>("bitsEditor");
        QTest::keyClick(editor->view(), Qt::Key_Home);
        QTest::keyClick(editor->view(), Qt::Key_Return); // the first choice: float
        QTRY_COMPARE(bitsOf("blocks.0.mlp.fc2"), 0);
        QCOMPARE(find<QAction>("undo")->text(), QStringLiteral("&Undo blocks.0.mlp.fc2 to float"));
        QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bitsOf("blocks.0.mlp.fc2"), 8);
        QCOMPARE(find<QAction>("redo")->text(), QStringLiteral("&Redo blocks.0.mlp.fc2 to float"));
    }

    void selectedRowsChangeTogetherFromTheContextMenu()
    {
        auto *tree = find<QTreeView>("modelTree");
        tree->expandAll();
        const QRect first = shown("blocks.0.norm1");
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, first.center());
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, Qt::ShiftModifier, shown("blocks.0.attn.q").center());
        choose("bitsOfSelection", 4, [&] { contextMenu(tree->viewport(), first.center()); });
        for (const char *path : {"blocks.0.norm1", "blocks.0.attn.qkv", "blocks.0.attn.qkv.weight", "blocks.0.attn.q"})
            QCOMPARE(bitsOf(path), 4);
        QCOMPARE(find<QAction>("undo")->text(), QStringLiteral("&Undo 4 layers to 4 bit"));
        find<QAction>("undo")->trigger();
        QCOMPARE(changed(), 0);
    }

    void namesakesBlocksAndTypesAreInTheContextMenu()
    {
        auto *tree = find<QTreeView>("modelTree");
        tree->expandAll();
        const auto openMenu = [&] {
            const QRect row = shown("blocks.0.mlp.fc2");
            QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, row.center());
            contextMenu(tree->viewport(), row.center());
        };
        choose("bitsOfTap", 5, openMenu);
        QCOMPARE(changed(), 1);
        choose("bitsOfName", 4, openMenu);
        QCOMPARE(changed(), 12);
        QCOMPARE(bitsOf("blocks.11.mlp.fc2"), 4);
        QCOMPARE(bitsOf("blocks.11.mlp.fc2.weight"), 8);
        choose("bitsOfType", RecipeBits, openMenu); // every linear value
        QCOMPARE(changed(), 0);
        choose("bitsOfBlock", 6, openMenu);
        QCOMPARE(bitsOf("blocks.0.norm1"), 6);
        QCOMPARE(bitsOf("blocks.1.norm1"), 8);
        QCOMPARE(m_window->plan().editor().history()->count(), 4);
    }

    void aLayerWithoutBitsOfItsOwnSaysWhy()
    {
        auto *tree = find<QTreeView>("modelTree");
        tree->expandAll();
        contextMenu(tree->viewport(), shown("class_token").center());
        auto *menu = find<QMenu>("treeMenu");
        const QAction *entry = menu->findChild<QMenu *>(QStringLiteral("bitsOfTap"))->menuAction();
        QVERIFY(!entry->isEnabled());
        QVERIFY(entry->toolTip().contains(QStringLiteral("re-arranges")));
        menu->close();
    }

    void wordsAndTypesChangeManyLayersAtOnce()
    {
        QTest::keyClick(m_window.get(), Qt::Key_B, Qt::ControlModifier);
        auto *dialog = m_window->findChild<BitsFilterDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        auto *words = dialog->findChild<QLineEdit *>(QStringLiteral("bitsFilterWords"));
        auto *apply = dialog->findChild<QPushButton *>(QStringLiteral("bitsFilterApply"));
        auto *matches = dialog->findChild<QListWidget *>(QStringLiteral("bitsFilterMatches"));
        QVERIFY(!apply->isEnabled());
        QVERIFY(!apply->toolTip().isEmpty());
        QTest::keyClicks(words, QStringLiteral("all fc2 of blocks 4-7"));
        QCOMPARE(matches->count(), 8);
        dialog->grab().save(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots/bits-filter.png"));
        QTest::mouseClick(apply, Qt::LeftButton);
        QCOMPARE(changed(), 8);
        QCOMPARE(bitsOf("blocks.4.mlp.fc2.weight"), 4);
        QTest::keyClicks(words, QStringLiteral("x")); // "blocks 4-7x"
        QVERIFY(!apply->isEnabled());
        QVERIFY(apply->toolTip().contains(QStringLiteral("blocks")));
        words->clear();
        auto *type = dialog->findChild<QComboBox *>(QStringLiteral("bitsFilterType"));
        type->setFocus();
        QTest::keyClicks(type, QStringLiteral("soft")); // keyboard choice in the list
        QCOMPARE(type->currentData().toString(), QStringLiteral("softmax"));
        QCOMPARE(matches->count(), 12);
        QTest::mouseClick(apply, Qt::LeftButton);
        QCOMPARE(changed(), 20);
        QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("bitsFilterClose")), Qt::LeftButton);
        find<QAction>("undo")->trigger();
        QCOMPARE(changed(), 8);
    }

    void plotsChangeTheLayerTheyShow()
    {
        Q_EMIT m_bench->runFinished(sample::run(m_model, 1));
        m_window->selectTap(QStringLiteral("blocks.5.mlp.fc2"));
        PlotView *plot = nullptr;
        for (PlotView *one : m_window->findChildren<PlotView *>())
            if (one->isVisible())
                plot = one;
        QVERIFY(plot);
        QTimer::singleShot(0, this, [&] { pickFromOpenMenu("plotMenu", "bitsOfName", 3); });
        QContextMenuEvent event(QContextMenuEvent::Keyboard, plot->rect().center(), plot->mapToGlobal(QPoint(-5, -5)));
        QCoreApplication::sendEvent(plot, &event);
        QCOMPARE(changed(), 12);
        QCOMPARE(bitsOf("blocks.11.mlp.fc2"), 3);
    }

    void layersInABoxOfAPlotChangeTogether()
    {
        Q_EMIT m_bench->runFinished(sample::run(m_model, 1));
        auto *panel = m_window->findChild<PlotsPanel *>();
        m_window->resize(1280, 800);
        panel->bringToFront(QStringLiteral("error"));
        auto *plot = m_window->findChild<PlotView *>(QStringLiteral("plot-error"));
        QTRY_VERIFY(plot->isVisible() && !plot->isEmpty());
        plot->grab(); // laid out
        QTest::qWait(200);
        auto *canvas = plot->findChild<QWidget *>(QStringLiteral("canvas"));
        const QPoint middle = canvas->rect().center();
        QTest::mousePress(canvas, Qt::LeftButton, Qt::ControlModifier, middle - QPoint(60, 0));
        QTest::mouseMove(canvas, middle);
        QTest::mouseRelease(canvas, Qt::LeftButton, Qt::ControlModifier, middle + QPoint(60, 20));
        auto *tree = find<QTreeView>("modelTree");
        QTRY_VERIFY(tree->selectionModel()->selectedRows().size() > 3);
        QCOMPARE(changed(), 0);
        QTest::keyClick(tree, Qt::Key_4);
        QVERIFY2(changed() > 3, qPrintable(QString::number(changed())));
        find<QAction>("undo")->trigger(); // one step
        QCOMPARE(changed(), 0);
    }

    void plotsOfARunAloneSayThatTheCheckpointIsMissing()
    {
        m_window.reset();
        m_window = std::make_unique<MainWindow>(*m_bench);
        m_window->show();
        Q_EMIT m_bench->runFinished(sample::run(m_model, 1));
        auto *plot = m_window->findChild<PlotView *>(QStringLiteral("plot-ranges"));
        QString tip;
        QTimer::singleShot(0, this, [&] {
            auto *menu = m_window->findChild<QMenu *>(QStringLiteral("plotMenu"));
            tip = menu->findChild<QMenu *>(QStringLiteral("bitsOfTap"))->menuAction()->toolTip();
            menu->close();
        });
        QContextMenuEvent event(QContextMenuEvent::Keyboard, plot->rect().center(), plot->mapToGlobal(QPoint(5, 5)));
        QCoreApplication::sendEvent(plot, &event);
        QVERIFY(tip.contains(QStringLiteral("checkpoint")));
    }

    void presetsAndTheFormAreStepsToo()
    {
        m_window->setBits({QStringLiteral("head")}, 4);
        QAction *full = nullptr;
        for (QAction *action : find<QMenu>("presets")->actions())
            if (action->text() == QLatin1String("omse + PTF + LIS 8/8/4"))
                full = action;
        QVERIFY(full);
        full->trigger();
        QCOMPARE(find<QComboBox>("recipe")->currentText(), QStringLiteral("omse"));
        QVERIFY(find<QCheckBox>("ptf")->isChecked() && find<QCheckBox>("lis")->isChecked());
        QCOMPARE(find<QSpinBox>("attentionBits")->value(), 4);
        QCOMPARE(changed(), 0);
        QVERIFY(find<QAction>("undo")->text().contains(QStringLiteral("preset omse + PTF + LIS 8/8/4")));
        // A click on LIS changes the width too, and both are one step.
        QTest::mouseClick(find<QCheckBox>("lis"), Qt::LeftButton, {}, QPoint(8, find<QCheckBox>("lis")->height() / 2));
        QVERIFY(find<QAction>("undo")->text().contains(QStringLiteral("LIS off")));
        QCOMPARE(m_window->runRequest().quantization.bits.attention, 8);
        // Steps of a spin box are one step of the history.
        auto *weights = find<QSpinBox>("weightBits");
        weights->setFocus();
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(weights, Qt::Key_Down);
        QCOMPARE(m_window->runRequest().quantization.bits.weights, 5);
        QCOMPARE(m_window->plan().editor().history()->count(), 4);
        find<QAction>("undo")->trigger();
        QCOMPARE(weights->value(), 8);
        find<QAction>("undo")->trigger();
        QVERIFY(find<QCheckBox>("lis")->isChecked());
        QCOMPARE(find<QSpinBox>("attentionBits")->value(), 4);
        find<QAction>("undo")->trigger();
        QCOMPARE(find<QComboBox>("recipe")->currentText(), QStringLiteral("minmax"));
        QCOMPARE(bitsOf("head"), 4);
    }

    void aChangeThatTheModelRefusesIsExplainedAndNotMade()
    {
        find<QCheckBox>("lis")->click();
        QVERIFY(m_window->plan().editor().history()->count() == 1);
        RunRequest wrong = m_window->runRequest();
        wrong.quantization.planJson = R"({"rules":[{"tap":"blocks.0.attn.scores","granularity":"head"}]})";
        QFile file(m_folder.filePath(QStringLiteral("wrong.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(wrong.quantization.planJson.c_str());
        file.close();
        const auto opened = m_window->plan().openPlan(file.fileName());
        QVERIFY(!opened);
        QVERIFY(!opened.error().hint.empty());
        QCOMPARE(m_window->plan().editor().history()->count(), 1);
        QVERIFY(!m_window->plan().openPlan(m_folder.filePath(QStringLiteral("none.json"))));
    }

    void plansAreSavedLoadedAndCompared()
    {
        find<QWidget>("planDock")->raise();
        m_window->setBits({QStringLiteral("blocks.1.mlp.fc2"), QStringLiteral("blocks.2.mlp.fc2")}, 4);
        auto *difference = find<QPlainTextEdit>("planDifference");
        QVERIFY2(difference->toPlainText().startsWith(QStringLiteral("mlp.fc2 of blocks 1-2: 8 bit -> 4 bit\n")),
                 qPrintable(difference->toPlainText()));
        const QString path = m_folder.filePath(QStringLiteral("plan.json"));
        QVERIFY(m_window->plan().savePlan(path));
        QTest::mouseClick(find<QPushButton>("planKeep"), Qt::LeftButton);
        auto *dialog = find<QInputDialog>("keepPlanDialog");
        QVERIFY(dialog);
        dialog->setTextValue(QStringLiteral("fc2 at 4"));
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_COMPARE(m_window->plan().keptPlans().size(), size_t{1});

        QTest::mouseClick(find<QPushButton>("planDiscard"), Qt::LeftButton);
        QCOMPARE(changed(), 0);
        auto *reference = find<QComboBox>("planReference");
        reference->setFocus();
        QTest::keyClick(reference, Qt::Key_Down);
        QCOMPARE(reference->currentText(), QStringLiteral("plan fc2 at 4"));
        QVERIFY(difference->toPlainText().startsWith(QStringLiteral("mlp.fc2 of blocks 1-2: 4 bit -> 8 bit\n")));
        QTest::mouseClick(find<QPushButton>("planCopy"), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), difference->toPlainText());
        QTest::mouseClick(find<QPushButton>("planTakeOver"), Qt::LeftButton);
        QCOMPARE(changed(), 2);
        QCOMPARE(difference->toPlainText(), QStringLiteral("No difference."));
        find<QAction>("undo")->trigger();
        QCOMPARE(changed(), 0);
        QVERIFY(m_window->plan().openPlan(path));
        QCOMPARE(changed(), 2);
        QVERIFY(find<QAction>("undo")->text().contains(QStringLiteral("plan from plan.json")));
        // Runs can be compared with, too; a kept plan can be removed, a run cannot.
        Q_EMIT m_bench->runFinished(sample::run(m_model, 2));
        QCOMPARE(reference->count(), 3);
        QVERIFY(find<QPushButton>("planRemove")->isEnabled());
        QTest::keyClick(reference, Qt::Key_Down);
        QVERIFY(!find<QPushButton>("planRemove")->isEnabled());
        QVERIFY(!find<QPushButton>("planRemove")->toolTip().isEmpty());
        QTest::keyClick(reference, Qt::Key_Up);
        QTest::mouseClick(find<QPushButton>("planRemove"), Qt::LeftButton);
        QVERIFY(m_window->plan().keptPlans().empty());
        m_window->grab().save(QStringLiteral(QUANTOSCOPE_BUILD_DIR "/screenshots/window-plan.png"));
    }

    void aChangeIsPredictedAtOnceAndMarked()
    {
        const auto run = sample::run(m_model, 1);
        RunRequest same;
        same.quantization = run->request;
        m_window->setRunRequest(same);
        Q_EMIT m_bench->runFinished(run);
        find<QWidget>("planDock")->raise();
        auto *prediction = find<QLabel>("planPrediction");
        QTRY_VERIFY2(prediction->text().contains(QStringLiteral("which is measured")), qPrintable(prediction->text()));
        m_window->setBits({QStringLiteral("blocks.3.mlp.fc2")}, 4);
        const auto cell = [&] {
            return rowOf("blocks.3.mlp.fc2").siblingAtColumn(TapTreeModel::SqnrIsolated);
        };
        QTRY_VERIFY2(cell().data().toString().startsWith(QStringLiteral("≈ ")), qPrintable(cell().data().toString()));
        QVERIFY(cell().data(Qt::ToolTipRole).toString().contains(QStringLiteral("Predicted, not measured")));
        QVERIFY(cell().data(Qt::FontRole).value<QFont>().italic());
        QVERIFY(prediction->text().contains(QStringLiteral("not measured")));
        QVERIFY2(prediction->text().contains(QStringLiteral("blocks.3.mlp.fc2: ")), qPrintable(prediction->text()));
        // Neighbours that do not change keep the measured figure.
        QVERIFY(!rowOf("blocks.4.mlp.fc2").siblingAtColumn(TapTreeModel::SqnrIsolated).data().toString().startsWith(QStringLiteral("≈")));
        find<QAction>("undo")->trigger();
        QTRY_VERIFY(!cell().data().toString().startsWith(QStringLiteral("≈")));
    }

    void anyOrderOfUndoAndRedoLeadsBack()
    {
        QRandomGenerator random(7);
        QUndoStack *history = m_window->plan().editor().history();
        QList<QuantizationRequest> states{m_window->runRequest().quantization};
        const auto &taps = m_model->graph.taps;
        for (int step = 0; step < 150; ++step) {
            const int kind = random.bounded(6);
            if (kind < 3) {
                QStringList paths;
                for (int i = 0; i <= random.bounded(5); ++i) {
                    const Tap &tap = taps[static_cast<size_t>(random.bounded(static_cast<int>(taps.size())))];
                    if (isSwitchable(m_model->graph, tap))
                        paths << QString::fromStdString(tap.path);
                }
                const int widths[] = {FloatBits, RecipeBits, 2, 4, 6, 8};
                const int before = history->index();
                m_window->setBits(paths, widths[random.bounded(6)]);
                if (history->index() != before) {
                    states.resize(before + 1);
                    states << m_window->runRequest().quantization;
                }
            } else if (kind < 5) {
                QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
            } else {
                QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
            }
            QCOMPARE(m_window->runRequest().quantization, states[history->index()]);
        }
        while (history->canUndo())
            history->undo();
        QCOMPARE(m_window->runRequest().quantization, states.front());
        QVERIFY(!find<QAction>("undo")->isEnabled());
    }

private:
    template <typename T>
    T *find(const char *name)
    {
        return m_window->findChild<T *>(QLatin1String(name));
    }
    QModelIndex rowOf(const char *path)
    {
        auto *tree = find<QTreeView>("modelTree");
        return tree->model()
            ->match(tree->model()->index(0, 0), TapRole, m_model->graph.findTap(path), 1, Qt::MatchExactly | Qt::MatchRecursive)
            .value(0);
    }
    QRect shown(const char *path)
    {
        auto *tree = find<QTreeView>("modelTree");
        tree->scrollTo(rowOf(path));
        return tree->visualRect(rowOf(path));
    }
    int bitsOf(const char *path)
    {
        const TapTreeModel *tree = m_window->findChild<TapTreeModel *>();
        return tree->indexOfTap(m_model->graph.findTap(path), TapTreeModel::Bits).data(Qt::EditRole).toInt();
    }
    int changed() { return static_cast<int>(m_window->plan().editor().editedTaps().size()); }
    static void contextMenu(QWidget *widget, QPoint position)
    {
        QContextMenuEvent event(QContextMenuEvent::Mouse, position, widget->mapToGlobal(position));
        QCoreApplication::sendEvent(widget, &event);
    }
    void pickFromOpenMenu(const char *menuName, const char *submenu, int bits)
    {
        auto *menu = m_window->findChild<QMenu *>(QLatin1String(menuName));
        QVERIFY(menu && menu->isVisible());
        auto *widths = menu->findChild<QMenu *>(QLatin1String(submenu));
        QVERIFY2(widths && widths->menuAction()->isEnabled(), submenu);
        for (QAction *action : widths->actions())
            if (action->data().toInt() == bits) {
                menu->setActiveAction(widths->menuAction());
                QTest::keyClick(menu, Qt::Key_Right); // opens the widths
                QTRY_VERIFY(widths->isVisible());
                QTest::mouseClick(widths, Qt::LeftButton, {}, widths->actionGeometry(action).center());
                break;
            }
        if (menu->isVisible())
            menu->close();
    }
    template <typename Open>
    void choose(const char *submenu, int bits, Open open)
    {
        open();
        pickFromOpenMenu("treeMenu", submenu, bits);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }

    QTemporaryDir m_folder;
    OpenedModelPtr m_model;
    std::unique_ptr<Workbench> m_bench;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestPlan)
#include "tst_plan.moc"
