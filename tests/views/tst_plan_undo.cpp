// SPDX-License-Identifier: GPL-3.0-or-later
// Undo of plans: any order of changes leads back; keys of undo act on the plan only while nothing is open above
// the window. Export of plans from the window.
#include "core/quantization/recipe.h"
#include "core/quantization/tap_filter.h"
#include "tests/views/sample_run.h"
#include "views/models/plan_editor.h"
#include "views/widgets/main_window.h"
#include "views/widgets/plan_controller.h"
#include "views/widgets/plan_export.h"

#include <nlohmann/json.hpp>

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QFrame>
#include <QInputDialog>
#include <QMenu>
#include <QMenuBar>
#include <QRandomGenerator>
#include <QSettings>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QTreeView>
#include <QUndoStack>
#include <QtTest>

using namespace quantoscope;

namespace {

/// All that a state is for whoever looks at it.
struct Snapshot {
    QuantizationRequest request;
    std::vector<TapSetting> settings;
    QSet<QString> edited;
    QString problem;
    bool operator==(const Snapshot &) const = default;
};

Snapshot snapshotOf(const PlanEditor &editor)
{
    return {editor.request(), editor.settings(), editor.editedTaps(), editor.problem()};
}

/// What the history should hold, kept in the plainest way.
struct Reference {
    QList<Snapshot> states;
    QStringList fields = {QString()}; ///< of the form, of the step that led to the state; such steps merge
    int at = 0;

    void changed(const Snapshot &now, const QString &field)
    {
        states.resize(at + 1);
        fields.resize(at + 1);
        if (!field.isEmpty() && at > 0 && fields[at] == field) {
            states[at] = now;
            if (states[at].request == states[at - 1].request) { // back where the spin box started: no step
                states.removeLast();
                fields.removeLast();
                --at;
            }
            return;
        }
        states << now;
        fields << field;
        ++at;
    }
};

} // namespace

class TestPlanUndo : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("quantoscope-tests"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_plan_undo"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        m_model = sample::model();
    }

    void randomChangesCanAllBeTakenBack_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 3; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }

    void randomChangesCanAllBeTakenBack()
    {
        QFETCH(quint32, seed);
        QRandomGenerator random(seed);
        PlanEditor editor;
        editor.restore({});
        editor.setModel(m_model);
        QUndoStack &history = *editor.history();
        Reference reference;
        reference.states << snapshotOf(editor);
        int refusals = 0;
        connect(&editor, &PlanEditor::refused, this, [&refusals] { ++refusals; });
        int undone = 0;
        int redone = 0;
        int made = 0;
        for (int step = 0; step < 1500; ++step) {
            const int kind = random.bounded(10);
            if (kind < 3) {
                history.undo();
                undone += reference.at > 0 ? 1 : 0;
                reference.at = std::max(0, reference.at - 1);
            } else if (kind < 5) {
                history.redo();
                redone += reference.at + 1 < reference.states.size() ? 1 : 0;
                reference.at = std::min<int>(static_cast<int>(reference.states.size()) - 1, reference.at + 1);
            } else {
                const Snapshot before = snapshotOf(editor);
                const QString field = change(editor, random);
                if (editor.request() != before.request) {
                    reference.changed(snapshotOf(editor), field);
                    ++made;
                } else {
                    QVERIFY(snapshotOf(editor) == before); // refused, or nothing to do
                }
            }
            const QByteArray where = "step " + QByteArray::number(step);
            QVERIFY2(history.index() == reference.at, where.constData());
            QVERIFY2(history.count() == reference.states.size() - 1, where.constData());
            QVERIFY2(snapshotOf(editor) == reference.states[reference.at], where.constData());
            QVERIFY2(history.canUndo() == (reference.at > 0), where.constData());
        }
        QVERIFY2(made > 300 && undone > 200 && redone > 80 && refusals > 5,
                 qPrintable(QStringLiteral("%1 changes, %2 undone, %3 redone, %4 refused")
                                .arg(made)
                                .arg(undone)
                                .arg(redone)
                                .arg(refusals)));
        while (history.canUndo()) {
            history.undo();
            QVERIFY(snapshotOf(editor) == reference.states[history.index()]);
        }
        while (history.canRedo()) {
            history.redo();
            QVERIFY(snapshotOf(editor) == reference.states[history.index()]);
        }
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
        m_window->setBits({QStringLiteral("head")}, 4);
        m_window->setBits({QStringLiteral("head")}, 6);
        QCOMPARE(history().index(), 2);
    }

    void cleanup()
    {
        m_window.reset();
        m_bench.reset();
    }

    void keysOfUndoWaitForOpenMenus()
    {
        keysDoNothing(
            [this] {
                auto *edit = m_window->menuBar()->actions().at(1)->menu();
                edit->popup(m_window->mapToGlobal(QPoint(10, 10)));
                return edit;
            },
            [](QWidget *menu) { menu->close(); });
        keysDoNothing(
            [this] {
                auto *tree = m_window->findChild<QTreeView *>(QStringLiteral("modelTree"));
                QContextMenuEvent event(QContextMenuEvent::Mouse, QPoint(20, 20),
                                        tree->viewport()->mapToGlobal(QPoint(20, 20)));
                QCoreApplication::sendEvent(tree->viewport(), &event);
                return m_window->findChild<QMenu *>(QStringLiteral("treeMenu"));
            },
            [](QWidget *menu) { menu->close(); });
        keysDoNothing(
            [this] {
                auto *recipe = m_window->findChild<QComboBox *>(QStringLiteral("recipe"));
                recipe->showPopup();
                return QApplication::activePopupWidget();
            },
            [this](QWidget *) { m_window->findChild<QComboBox *>(QStringLiteral("recipe"))->hidePopup(); });
    }

    /// A list that completes what is typed: Qt passes shortcuts on to the window of the field.
    void keysOfUndoWaitForCompletions()
    {
        keysDoNothing(
            [this] {
                auto *list = new QFrame(m_window.get(), Qt::Popup);
                list->setAttribute(Qt::WA_DeleteOnClose);
                list->setFocusProxy(m_window->findChild<QTreeView *>(QStringLiteral("modelTree")));
                list->resize(80, 80);
                list->show();
                return list;
            },
            [](QWidget *list) { list->close(); });
    }

    void keysOfUndoWaitForModalDialogs()
    {
        keysDoNothing(
            [this] {
                m_window->findChild<QAction *>(QStringLiteral("keepPlan"))->trigger();
                return m_window->findChild<QInputDialog *>(QStringLiteral("keepPlanDialog"));
            },
            [](QWidget *dialog) { static_cast<QDialog *>(dialog)->reject(); });
        keysDoNothing(
            [this] {
                auto *dialog = new QDialog(m_window.get(), Qt::Tool); // whose parent's shortcuts Qt passes on
                dialog->setAttribute(Qt::WA_DeleteOnClose);
                dialog->setModal(true);
                dialog->show();
                dialog->activateWindow();
                static_cast<void>(QTest::qWaitForWindowActive(dialog));
                return dialog;
            },
            [](QWidget *dialog) { dialog->close(); });
    }

    void undoChosenInTheOpenMenuActs()
    {
        auto *edit = m_window->menuBar()->actions().at(1)->menu();
        edit->popup(m_window->mapToGlobal(QPoint(10, 10)));
        QTRY_VERIFY(edit->isVisible());
        QTest::mouseClick(edit, Qt::LeftButton, {},
                          edit->actionGeometry(m_window->findChild<QAction *>(QStringLiteral("undo"))).center());
        QTRY_COMPARE(history().index(), 1);
    }

    void plansAreExportedFromTheMenu()
    {
        auto *action = m_window->findChild<QAction *>(QStringLiteral("exportPlan"));
        QVERIFY(action && action->isEnabled());
        PlanExport *exporter = m_window->plan().exporter();
        QSignalSpy written(exporter, &PlanExport::written);
        const QString path = m_folder.filePath(QStringLiteral("plan.aimet.json"));
        for (const PlanFormat &format : planFormats()) {
            QVERIFY(exporter->write(path, format.name));
            QCOMPARE(parsed(path)["quantoscope"]["format"].get<std::string>(), std::string(format.name));
        }
        QCOMPARE(written.count(), 4);
        QVERIFY(m_window->statusBar()->currentMessage().contains(QStringLiteral("plan.aimet.json")));
        QVERIFY(exporter->write(path, "aimet"));
        QCOMPARE(parsed(path)["quantoscope"]["calibrated"].get<bool>(), false);
        // A run of this plan has the scales.
        auto run = sample::run(m_model, 1);
        run->request = m_window->runRequest().quantization;
        Q_EMIT m_bench->runFinished(run);
        QVERIFY(exporter->write(path, "aimet"));
        QCOMPARE(parsed(path)["quantoscope"]["calibrated"].get<bool>(), true);
        m_window->setBits({QStringLiteral("head")}, 8);
        QVERIFY(exporter->write(path, "aimet"));
        QCOMPARE(parsed(path)["quantoscope"]["calibrated"].get<bool>(), false);
        QVERIFY(!exporter->write(QStringLiteral("/nowhere/plan.json"), "aimet"));
        // Nothing to export says why.
        m_window.reset();
        m_window = std::make_unique<MainWindow>(*m_bench);
        action = m_window->findChild<QAction *>(QStringLiteral("exportPlan"));
        QVERIFY(!action->isEnabled());
        QVERIFY(action->toolTip().contains(QStringLiteral("checkpoint")));
    }

private:
    /// Makes one change, or tries to. Returns the field of the form whose steps merge.
    QString change(PlanEditor &editor, QRandomGenerator &random)
    {
        const auto &taps = m_model->graph.taps;
        const int widths[] = {FloatBits, RecipeBits, 2, 3, 4, 6, 8};
        const int bits = widths[random.bounded(7)];
        QuantizationRequest request = editor.request();
        switch (random.bounded(9)) {
        case 0: { // taps, views among them, which are refused
            QStringList paths;
            for (int i = 0; i <= random.bounded(5); ++i)
                paths << QString::fromStdString(taps[random.bounded(static_cast<quint32>(taps.size()))].path);
            editor.setBits(paths, bits);
            return {};
        }
        case 1: // by words
        case 2: {
            const QStringList words = {QStringLiteral("fc2 of blocks 4-7"),
                                       QStringLiteral("linear weights"),
                                       QStringLiteral("softmax block 3"),
                                       QStringLiteral("layer_norm"),
                                       QStringLiteral("block %1").arg(random.bounded(12)),
                                       QStringLiteral("residual")};
            const auto found = findTaps(m_model->graph, words[random.bounded(words.size())].toStdString());
            QStringList paths;
            for (const int tap : *found)
                paths << QString::fromStdString(taps[static_cast<size_t>(tap)].path);
            editor.setBits(paths, bits);
            return {};
        }
        case 3: // presets
            request = {};
            request.recipe = builtinRecipes()[random.bounded(static_cast<quint32>(builtinRecipes().size()))].name;
            editor.replace(request, QStringLiteral("preset"));
            return {};
        case 4: { // a plan from a file
            const char *const plans[] = {
                R"({"rules":[{"tap":"*.fc1*","bits":4}]})",
                R"({"rules":[{"role":"residual","bits":"float"},{"operator":"linear","bits":6}]})",
                R"({"rules":[{"tap":"nothing","bits":4}]})", ""};
            request.planJson = plans[random.bounded(4)];
            editor.replace(request, QStringLiteral("plan from a file"));
            return {};
        }
        case 5: editor.discardPlan(); return {};
        case 6:
            request.ptf = !request.ptf;
            editor.setForm(request);
            return {};
        case 7:
            request.recipe = random.bounded(2) ? "minmax" : "omse";
            if (request.recipe == editor.request().recipe)
                return {};
            editor.setForm(request);
            return QStringLiteral("recipe");
        default:
            request.bits.weights = 3 + static_cast<int>(random.bounded(3));
            editor.setForm(request);
            return QStringLiteral("bits");
        }
    }

    template <typename Open, typename Close>
    void keysDoNothing(Open open, Close close)
    {
        QWidget *above = open();
        QVERIFY(above);
        QTRY_VERIFY(above->isVisible());
        QVERIFY(QApplication::activePopupWidget() || QApplication::activeModalWidget());
        for (QWidget *receiver : {static_cast<QWidget *>(m_window.get()), above}) {
            press(receiver, "undo");
            QCOMPARE(history().index(), 2);
            history().undo();
            press(receiver, "redo");
            QCOMPARE(history().index(), 1);
            history().redo();
        }
        close(above);
        QTRY_VERIFY(!QApplication::activePopupWidget() && !QApplication::activeModalWidget());
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        press(m_window.get(), "undo");
        QCOMPARE(history().index(), 1);
        press(m_window.get(), "redo");
        QCOMPARE(history().index(), 2);
    }

    void press(QWidget *receiver, const char *action)
    {
        QTest::keySequence(receiver, m_window->findChild<QAction *>(QLatin1String(action))->shortcut());
    }

    QUndoStack &history() { return *m_window->plan().editor().history(); }
    static nlohmann::json parsed(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? nlohmann::json::parse(file.readAll().toStdString(), nullptr, false)
                                              : nlohmann::json();
    }

    QTemporaryDir m_folder;
    OpenedModelPtr m_model;
    std::unique_ptr<Workbench> m_bench;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestPlanUndo)
#include "tst_plan_undo.moc"
