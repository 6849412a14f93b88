// SPDX-License-Identifier: GPL-3.0-or-later
// Ten thousand rows scroll smoothly, and every item model is under QAbstractItemModelTester somewhere.
#include "tests/support/gui_watchdog.h"
#include "tests/views/sample_run.h"
#include "views/models/run_table_model.h"
#include "views/models/tap_tree_model.h"
#include "views/widgets/model_panel.h"
#include "views/widgets/runs_panel.h"

#include <QCheckBox>
#include <QDir>
#include <QDirIterator>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTableView>
#include <QTest>
#include <QTreeView>
#include <QWheelEvent>

using namespace quantoscope;
using quantoscope::testing::WatchedApplication;

namespace {

constexpr int kRows = 10'000;
constexpr double kBound = 50; // ms of CPU per event; a frame is 16, measured are some 5

QString textOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QStringList filesUnder(const QString &folder, const QStringList &names)
{
    QStringList paths;
    for (QDirIterator it(folder, names, QDir::Files, QDirIterator::Subdirectories); it.hasNext();)
        paths << it.next();
    return paths;
}

} // namespace

class TestLongTables : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theTreeOfTenThousandTapsScrolls_data()
    {
        QTest::addColumn<bool>("oneList");
        QTest::newRow("in blocks") << false;
        QTest::newRow("one list") << true;
    }

    void theTreeOfTenThousandTapsScrolls()
    {
        QFETCH(bool, oneList);
        TapTreeModel model;
        ModelPanel panel(&model);
        panel.resize(420, 700);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        model.setOpenedModel(longModel());
        auto *tree = panel.findChild<QTreeView *>(QStringLiteral("modelTree"));
        panel.findChild<QCheckBox *>(QStringLiteral("flatList"))->setChecked(oneList);
        tree->expandAll();
        QTest::qWait(50);
        QVERIFY(tree->verticalScrollBar()->maximum() > kRows / 2);
        scroll(*tree, "tree");
    }

    void theTableOfTenThousandRunsScrolls()
    {
        RunTableModel model;
        for (int i = 0; i < kRows; ++i) {
            auto run = std::make_shared<RunRecord>();
            run->id = "run-" + std::to_string(i);
            run->quantized = true;
            run->result = sample::evaluation(4, 70, i);
            model.addRun(std::move(run));
        }
        RunsPanel panel(&model);
        panel.resize(900, 400);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        QCOMPARE(panel.table()->model()->rowCount(), kRows);
        scroll(*panel.table(), "runs");
    }

    /// A model that nobody puts under the tester breaks views in ways that are hard to find.
    void everyItemModelIsUnderTheTester()
    {
        const QString root = QStringLiteral(QUANTOSCOPE_SOURCE_DIR);
        static const QRegularExpression declaration(
            QStringLiteral("class (\\w+) (?:final )?: public Q(?:Abstract\\w+Model|SortFilterProxyModel)"));
        QStringList models;
        for (const QString &path : filesUnder(root + QStringLiteral("/views"), {QStringLiteral("*.h"), QStringLiteral("*.cpp")})) {
            const QString text = textOf(path);
            for (auto match = declaration.globalMatch(text); match.hasNext();)
                models << match.next().captured(1);
        }
        QVERIFY(models.size() >= 4);
        QString tests;
        for (const QString &path : filesUnder(root + QStringLiteral("/tests"), {QStringLiteral("tst_*.cpp")}))
            if (const QString text = textOf(path); text.contains(QRegularExpression(QStringLiteral("QAbstractItemModelTester[ (]\\w"))))
                tests += text;
        for (const QString &model : std::as_const(models))
            QVERIFY2(tests.contains(QRegularExpression(QStringLiteral("\\b%1\\b").arg(model))), qPrintable(model));
    }

private:
    /// The sample model's blocks over and over.
    static OpenedModelPtr longModel()
    {
        const OpenedModelPtr base = sample::model();
        auto longer = std::make_shared<OpenedModel>(*base);
        Graph &graph = longer->graph;
        for (int turn = 1; static_cast<int>(graph.taps.size()) < kRows; ++turn)
            for (const Tap &tap : base->graph.taps) {
                if (tap.block < 0)
                    continue;
                Tap copy = tap;
                copy.block += turn * 12;
                const auto prefix = [](int block) { return QStringLiteral("blocks.%1.").arg(block); };
                copy.path = QString::fromStdString(tap.path).replace(prefix(tap.block), prefix(copy.block)).toStdString();
                graph.taps.push_back(copy);
            }
        return longer;
    }

    static void scroll(QAbstractItemView &view, const char *name)
    {
        view.setFocus();
        view.setCurrentIndex(view.model()->index(0, 0));
        WatchedApplication *watch = WatchedApplication::instance();
        watch->startWatching();
        const int before = view.verticalScrollBar()->value();
        for (int i = 0; i < 60; ++i) {
            QTest::keyClick(&view, Qt::Key_PageDown);
            const QPointF middle = view.viewport()->rect().center();
            QWheelEvent wheel(middle, view.viewport()->mapToGlobal(middle), {}, {0, -360}, Qt::NoButton, Qt::NoModifier,
                              Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(view.viewport(), &wheel);
            QCoreApplication::processEvents();
        }
        QTest::keyClick(&view, Qt::Key_End);
        QCoreApplication::processEvents();
        QVERIFY(view.verticalScrollBar()->value() > before + 600);
        const auto stretches = watch->stopWatching();
        const QString worst = quantoscope::testing::listed(stretches).section(QLatin1Char('\n'), 0, 3);
        qInfo("%s: longest of 121 events%s", name, stretches.empty() ? " below 3 ms" : qPrintable(worst));
        QVERIFY2(stretches.empty() || stretches.front().milliseconds < kBound, qPrintable(worst));
    }
};

int main(int argc, char **argv)
{
    WatchedApplication application(argc, argv);
    TestLongTables test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_long_tables.moc"
