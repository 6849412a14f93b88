// SPDX-License-Identifier: GPL-3.0-or-later
// Item models under QAbstractItemModelTester, and what they show.
#include "core/quantization/recipe.h"
#include "tests/views/sample_run.h"
#include "views/models/filter_proxy.h"
#include "views/models/run_table_model.h"
#include "views/models/tap_tree_model.h"
#include "views/models/texts.h"

#include <QAbstractItemModelTester>
#include <QFont>
#include <QSignalSpy>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace quantoscope;

namespace {

constexpr auto kFailing = QAbstractItemModelTester::FailureReportingMode::QtTest;

QModelIndex child(const QAbstractItemModel &model, const QModelIndex &parent, const QString &name)
{
    for (int row = 0; row < model.rowCount(parent); ++row)
        if (model.index(row, 0, parent).data().toString() == name)
            return model.index(row, 0, parent);
    return {};
}

int rowsBelow(const QAbstractItemModel &model, const QModelIndex &parent = {})
{
    int count = model.rowCount(parent);
    for (int row = 0; row < model.rowCount(parent); ++row)
        count += rowsBelow(model, model.index(row, 0, parent));
    return count;
}

} // namespace

class TestModels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        m_model = sample::model();
        m_run = sample::run(m_model, 1);
    }

    void theTreeGroupsBlocksAndPutsWeightsUnderTheirOperator()
    {
        TapTreeModel tree;
        QAbstractItemModelTester tester(&tree, kFailing);
        tree.setOpenedModel(m_model);
        QCOMPARE(tree.rowCount(), 14); // embedding, 12 blocks, head
        QCOMPARE(tree.index(0, 0).data().toString(), QStringLiteral("Embedding"));
        QCOMPARE(tree.index(13, 0).data().toString(), QStringLiteral("Head"));
        const QModelIndex block = tree.index(4, 0);
        QCOMPARE(block.data().toString(), QStringLiteral("Block 3"));
        const QModelIndex fc2 = child(tree, block, QStringLiteral("mlp.fc2"));
        QVERIFY(fc2.isValid());
        QCOMPARE(tree.rowCount(fc2), 1);
        const QModelIndex weight = tree.index(0, 0, fc2);
        QCOMPARE(weight.data().toString(), QStringLiteral("weight"));
        QCOMPARE(weight.data(TapRole).toInt(), m_model->graph.findTap("blocks.3.mlp.fc2.weight"));
        QCOMPARE(weight.parent(), fc2);
        QCOMPARE(rowsBelow(tree), static_cast<int>(m_model->graph.taps.size()) + 14);
        for (int tap = 0; tap < static_cast<int>(m_model->graph.taps.size()); ++tap)
            QCOMPARE(tree.indexOfTap(tap).data(TapRole).toInt(), tap);
        QVERIFY(!tree.indexOfTap(-1).isValid());
    }

    void settingsFiguresAndEditsAppearInTheirColumns()
    {
        TapTreeModel tree;
        QAbstractItemModelTester tester(&tree, kFailing);
        tree.setOpenedModel(m_model);
        const auto settings = resolveSettings(m_model->graph, QuantizationRequest{}, true);
        QVERIFY2(settings.has_value(), settings ? "" : settings.error().message().c_str());
        tree.setSettings(*settings);
        tree.setRun(m_run);
        const int tap = m_model->graph.findTap("blocks.3.mlp.gelu");
        QCOMPARE(tree.indexOfTap(tap, TapTreeModel::Bits).data().toString(), QStringLiteral("8"));
        QCOMPARE(tree.indexOfTap(tap, TapTreeModel::Bits).data(Qt::EditRole).toInt(), 8);
        QCOMPARE(tree.indexOfTap(tap, TapTreeModel::Setting).data().toString(),
                 QStringLiteral("uniform minmax, per tensor"));
        const TapError &error = m_run->taps[static_cast<size_t>(tap)].error;
        QCOMPARE(tree.indexOfTap(tap, TapTreeModel::SqnrIsolated).data(SortRole).toDouble(),
                 error.isolated.sqnrDb);
        QCOMPARE(tree.indexOfTap(tap, TapTreeModel::SqnrIsolated).data().toString(),
                 QString::number(error.isolated.sqnrDb, 'f', 1));
        QCOMPARE(tree.indexOfTap(tap, TapTreeModel::SqnrCumulative).data(SortRole).toDouble(),
                 error.cumulative.sqnrDb);
        QVERIFY(!tree.indexOfTap(m_model->graph.weightTap(m_model->graph.findNode("head")),
                                 TapTreeModel::SqnrCumulative)
                     .data(SortRole)
                     .isValid());

        QVERIFY(!tree.indexOfTap(tap).data(Qt::FontRole).isValid());
        tree.setEditedTaps({QStringLiteral("blocks.3.mlp.gelu")});
        QVERIFY(tree.indexOfTap(tap).data(Qt::FontRole).value<QFont>().bold());
        QVERIFY(tree.indexOfTap(tap).data().toString().startsWith(QStringLiteral("●")));
        QVERIFY(tree.index(4, 0).data(Qt::FontRole).value<QFont>().bold());
        QVERIFY(!tree.index(5, 0).data(Qt::FontRole).isValid());
    }

    void aGroupShowsItsCommonBitsOrMixed()
    {
        TapTreeModel tree;
        tree.setOpenedModel(m_model);
        std::vector<TapSetting> settings(m_model->graph.taps.size());
        for (TapSetting &setting : settings)
            setting.quantizer = QuantizerKind::Uniform;
        tree.setSettings(settings);
        QCOMPARE(tree.index(4, TapTreeModel::Bits).data().toString(), QStringLiteral("8"));
        settings[static_cast<size_t>(m_model->graph.findTap("blocks.3.norm1"))].bits = 4;
        tree.setSettings(settings);
        QCOMPARE(tree.index(4, TapTreeModel::Bits).data().toString(), QStringLiteral("mixed"));
        QCOMPARE(tree.index(5, TapTreeModel::Bits).data().toString(), QStringLiteral("8"));
    }

    void editingBitsIsAnnouncedNotDone()
    {
        TapTreeModel tree;
        tree.setOpenedModel(m_model);
        tree.setSettings(std::vector<TapSetting>(m_model->graph.taps.size()));
        QSignalSpy edited(&tree, &TapTreeModel::bitsEdited);
        const QModelIndex bits = tree.indexOfTap(m_model->graph.findTap("blocks.3.norm1"), TapTreeModel::Bits);
        QVERIFY(tree.flags(bits) & Qt::ItemIsEditable);
        QVERIFY(tree.setData(bits, 6));
        QCOMPARE(edited.size(), 1);
        QCOMPARE(edited[0][0].toStringList(), QStringList{QStringLiteral("blocks.3.norm1")});
        QCOMPARE(edited[0][1].toInt(), 6);
        QCOMPARE(bits.data().toString(), QStringLiteral("float"));
        QVERIFY(!tree.setData(bits, 1));
        QVERIFY(!tree.setData(bits, 9));
        QVERIFY(tree.setData(bits, RecipeBits));
        // A group means every tap in it that can be switched, weights included.
        QVERIFY(tree.setData(tree.index(4, TapTreeModel::Bits), 4));
        const QStringList paths = edited.back()[0].toStringList();
        QVERIFY(paths.contains(QStringLiteral("blocks.3.mlp.fc2.weight")));
        QVERIFY(paths.contains(QStringLiteral("blocks.3.attn.q")));
    }

    void whatCannotBeSwitchedSaysWhy()
    {
        TapTreeModel tree;
        tree.setOpenedModel(m_model);
        const QModelIndex view = tree.indexOfTap(m_model->graph.findTap("class_token"), TapTreeModel::Bits);
        QVERIFY(!(tree.flags(view) & Qt::ItemIsEditable));
        QVERIFY(view.data(ReasonRole).toString().size() > 20);
        QVERIFY(view.data(Qt::ToolTipRole).toString().contains(view.data(ReasonRole).toString()));
        TapTreeModel runOnly;
        QAbstractItemModelTester tester(&runOnly, kFailing);
        runOnly.setRun(m_run);
        QCOMPARE(runOnly.rowCount(), 14);
        QVERIFY(runOnly.indexOfTap(5).data(ReasonRole).toString().contains(QStringLiteral("checkpoint")));
        QVERIFY(runOnly.indexOfTap(5, TapTreeModel::SqnrIsolated).data().isValid());
    }

    void aRunOfAnotherModelLendsNoFigures()
    {
        TapTreeModel tree;
        tree.setOpenedModel(m_model);
        auto other = std::make_shared<RunRecord>(*m_run);
        other->taps.pop_back();
        tree.setRun(other);
        QVERIFY(!tree.indexOfTap(5, TapTreeModel::SqnrIsolated).data().isValid());
    }

    void aFlatListRanksTheWholeNetwork()
    {
        TapTreeModel tree;
        QAbstractItemModelTester tester(&tree, kFailing);
        tree.setOpenedModel(m_model);
        tree.setRun(m_run);
        tree.setGrouped(false);
        FilterProxy proxy;
        QAbstractItemModelTester proxyTester(&proxy, kFailing);
        proxy.setSourceModel(&tree);
        QCOMPARE(proxy.rowCount(), static_cast<int>(m_model->graph.taps.size()));
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            proxy.sort(TapTreeModel::SqnrIsolated, order);
            double last = order == Qt::AscendingOrder ? -1e9 : 1e9;
            bool ended = false;
            for (int row = 0; row < proxy.rowCount(); ++row) {
                const QVariant value = proxy.index(row, TapTreeModel::SqnrIsolated).data(SortRole);
                if (!value.isValid()) {
                    ended = true;
                    continue;
                }
                QVERIFY2(!ended, "rows without a figure come last in either order");
                QVERIFY(order == Qt::AscendingOrder ? value.toDouble() >= last : value.toDouble() <= last);
                last = value.toDouble();
            }
        }
    }

    void filteringKeepsRowsThatHoldEveryWord()
    {
        TapTreeModel tree;
        tree.setOpenedModel(m_model);
        FilterProxy proxy;
        QAbstractItemModelTester tester(&proxy, kFailing);
        proxy.setSourceModel(&tree);
        proxy.setFilterText(QStringLiteral("FC2 blocks.3"));
        QCOMPARE(proxy.rowCount(), 1);
        QCOMPARE(proxy.rowCount(proxy.index(0, 0)), 1);
        QCOMPARE(proxy.index(0, 0, proxy.index(0, 0)).data().toString(), QStringLiteral("mlp.fc2"));
        proxy.setFilterText(QStringLiteral("softmax"));
        QCOMPARE(proxy.rowCount(), 12);
        proxy.setFilterText(QStringLiteral("no such layer"));
        QCOMPARE(proxy.rowCount(), 0);
        proxy.setFilterText(QString());
        QCOMPARE(proxy.rowCount(), 14);
    }

    void runsAreComparedOnTheSameImages()
    {
        RunTableModel table;
        QAbstractItemModelTester tester(&table, kFailing);
        auto second = sample::run(m_model, 2);
        PlanRule rule;
        rule.where.tap = "blocks.3.norm1";
        rule.bits = 6;
        second->request.planJson = planToJson(PrecisionPlan{"", {rule}});
        QCOMPARE(table.addRun(m_run), 0);
        QCOMPARE(table.addRun(second), 1);
        const auto text = [&](int row, int column) { return table.index(row, column).data().toString(); };
        QCOMPARE(text(0, RunTableModel::Recipe), QStringLiteral("minmax 8/8/8"));
        QCOMPARE(text(1, RunTableModel::Recipe), QStringLiteral("ema + PTF + LIS 8/8/4"));
        QVERIFY(text(1, RunTableModel::Plan).contains(QStringLiteral("blocks.3.norm1")));
        QCOMPARE(text(0, RunTableModel::ChangeReference), QStringLiteral("–"));
        const PairedComparison paired = comparePaired(*m_run->result, *second->result);
        const double change = 100.0 * static_cast<double>(paired.gained - paired.lost) / 650;
        QCOMPARE(table.index(1, RunTableModel::ChangeReference).data(SortRole).toDouble(), change);
        QVERIFY(std::abs(change - (second->result->top1() - m_run->result->top1())) < 1e-9);
        QVERIFY(text(1, RunTableModel::ChangeReference).startsWith(QLatin1Char('+')));
        QCOMPARE(table.index(1, RunTableModel::PValue).data(SortRole).toDouble(), paired.mcnemarP);
        const Interval interval = second->result->top1Interval();
        QCOMPARE(text(1, RunTableModel::Top1),
                 QStringLiteral("%1 % [%2, %3]")
                     .arg(QString::number(second->result->top1(), 'f', 2), QString::number(interval.low, 'f', 1),
                          QString::number(interval.high, 'f', 1)));
        QCOMPARE(text(0, RunTableModel::Status), QStringLiteral("complete"));
    }

    void anyRunCanBeTheBaselineOfAllOthers()
    {
        RunTableModel table;
        QAbstractItemModelTester tester(&table, kFailing);
        std::vector<std::shared_ptr<RunRecord>> runs;
        for (int i = 0; i < 4; ++i) {
            runs.push_back(sample::run(m_model, i + 1));
            runs.back()->id = "run-" + std::to_string(i + 1);
            table.addRun(runs.back());
        }
        QSignalSpy changed(&table, &RunTableModel::baselineChanged);
        table.setBaseline(runs[2]);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(table.baseline(), RunRecordPtr(runs[2]));
        QCOMPARE(table.index(2, RunTableModel::Run).data().toString(), QStringLiteral("run-3 (baseline)"));
        QVERIFY(table.index(2, RunTableModel::Run).data(Qt::FontRole).value<QFont>().bold());
        QVERIFY(table.headerData(RunTableModel::ChangeReference, Qt::Horizontal).toString().contains(QStringLiteral("baseline")));
        QCOMPARE(table.index(2, RunTableModel::ChangeReference).data().toString(), QStringLiteral("–"));
        for (const int row : {0, 1, 3}) {
            const PairedComparison paired = comparePaired(*runs[2]->result, *runs[static_cast<size_t>(row)]->result);
            QCOMPARE(table.index(row, RunTableModel::ChangeReference).data(SortRole).toDouble(),
                     100.0 * static_cast<double>(paired.gained - paired.lost) / static_cast<double>(paired.labelled));
            QCOMPARE(table.index(row, RunTableModel::PValue).data(SortRole).toDouble(), paired.mcnemarP);
            const Interval interval
                = pairedDifferenceInterval(paired.bothRight, paired.lost, paired.gained, paired.labelled);
            QVERIFY(table.index(row, RunTableModel::ChangeReference)
                        .data()
                        .toString()
                        .contains(Texts::signedNumber(interval.low, 1) + QStringLiteral(", ")));
        }
        // A newer record of the baseline is compared with at once.
        auto again = std::make_shared<RunRecord>(*runs[2]);
        again->result = runs[3]->result;
        table.addRun(again);
        QCOMPARE(changed.count(), 2);
        QCOMPARE(table.index(3, RunTableModel::ChangeReference).data(SortRole).toDouble(), 0.0);
        table.setBaseline(nullptr);
        QVERIFY(!table.baseline());
        QCOMPARE(table.index(0, RunTableModel::ChangeReference).data().toString(), QStringLiteral("–"));
        table.setBaseline(runs[0]);
        table.clear();
        QVERIFY(!table.baseline());
    }

    void otherImagesAreNotCompared()
    {
        RunTableModel table;
        auto other = sample::run(m_model, 2);
        other->images.items.front().path = "val/another.JPEG";
        table.addRun(m_run);
        table.addRun(other);
        QCOMPARE(table.index(1, RunTableModel::ChangeReference).data().toString(), QStringLiteral("–"));
        QVERIFY(table.index(1, RunTableModel::ChangeReference)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("same images")));
        QVERIFY(table.index(1, RunTableModel::ChangeFloat).data(SortRole).isValid());
    }

    void partialAndFloatRunsAreLabelled()
    {
        RunTableModel table;
        QAbstractItemModelTester tester(&table, kFailing);
        auto partial = sample::run(m_model, 3);
        partial->result = sample::evaluation(120, 78, 3);
        partial->result->complete = false;
        partial->complete = false;
        table.addRun(partial);
        QCOMPARE(table.index(0, RunTableModel::Status).data().toString(), QStringLiteral("partial"));
        QCOMPARE(table.index(0, RunTableModel::Images).data().toString(), QStringLiteral("120"));
        auto floatRun = std::make_shared<RunRecord>(*m_run);
        floatRun->id = "run-float";
        floatRun->quantized = false;
        floatRun->result.reset();
        table.addRun(floatRun);
        QCOMPARE(table.index(1, RunTableModel::Recipe).data().toString(), QStringLiteral("float"));
        QCOMPARE(table.index(1, RunTableModel::Top1).data(SortRole).toDouble(), floatRun->floatResult->top1());
        auto decided = std::make_shared<RunRecord>(*m_run);
        decided->id = "run-decided";
        decided->sequential = {Decision::Worse, "float", 0.05, 0.5, 0, 120, 650, true, 3, 21, 7.5, {-22.5, -1.25}};
        RunTableModel other;
        other.addRun(decided);
        QCOMPARE(other.index(0, RunTableModel::Status).data().toString(), QStringLiteral("decided: worse"));
        for (const auto column : {RunTableModel::Status, RunTableModel::ChangeFloat}) {
            const QString tip = other.index(0, column).data(Qt::ToolTipRole).toString();
            QVERIFY2(tip.contains(QStringLiteral("120 of 650")) && !tip.contains(QStringLiteral("McNemar")),
                     qPrintable(tip));
        }
        other.addRun(m_run);
        QVERIFY(other.index(1, RunTableModel::PValue).data(Qt::ToolTipRole).toString().contains(
            QStringLiteral("chose its own end")));
        // The same id again replaces its row.
        table.addRun(floatRun);
        QCOMPARE(table.rowCount(), 2);
        QVERIFY(!table.runAt(2));
    }

    void wordsAndNumbersFollowTheirRules()
    {
        QCOMPARE(Texts::number(std::numeric_limits<double>::infinity()), QStringLiteral("∞"));
        QCOMPARE(Texts::number(std::nan("")), QString());
        QCOMPARE(Texts::duration(42.4), QStringLiteral("42 s"));
        QCOMPARE(Texts::duration(185), QStringLiteral("3 min 05 s"));
        QCOMPARE(Texts::duration(7800), QStringLiteral("2 h 10 min"));
        Tap tap;
        tap.path = "blocks.11.attn.softmax";
        tap.block = 11;
        QCOMPARE(shortTapName(tap), QStringLiteral("attn.softmax"));
        QCOMPARE(compactTapName(tap), QStringLiteral("11.attn.softmax"));
        tap.path = "layers.2.blocks.1.attn.proj";
        tap.block = 5; // counted through all stages
        QCOMPARE(shortTapName(tap), QStringLiteral("attn.proj"));
        QCOMPARE(compactTapName(tap), QStringLiteral("5.attn.proj"));
        std::vector<Tap> taps(6);
        taps[1].block = taps[3].block = 0;
        using enum LayerPlace;
        QVERIFY(placesOf(taps)
                == (std::vector{BeforeBlocks, BetweenBlocks, BetweenBlocks, BetweenBlocks, AfterBlocks, AfterBlocks}));
        QVERIFY(placesOf({Tap(), Tap()}) == (std::vector{BeforeBlocks, BeforeBlocks}));
        for (int role = 0; role <= static_cast<int>(Role::Weight); ++role)
            QVERIFY(!Texts::role(static_cast<Role>(role)).isEmpty());
        for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code)
            QVERIFY(Texts::error(Error{static_cast<ErrorCode>(code), "", "", ""}).endsWith(QLatin1Char('.')));
        QCOMPARE(Texts::errorDetail(Error{ErrorCode::Io, "no space", "run.h5", ""}),
                 QStringLiteral("run.h5\nno space"));
    }

private:
    OpenedModelPtr m_model;
    std::shared_ptr<RunRecord> m_run;
};

QTEST_MAIN(TestModels)
#include "tst_models.moc"
