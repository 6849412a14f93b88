// SPDX-License-Identifier: GPL-3.0-or-later
// Sensitivity and attention in plots, tree and dialog, from a made-up run.
#include "tests/views/sample_run.h"
#include "views/models/tap_tree_model.h"
#include "views/plots/attention_plot.h"
#include "views/plots/channel_ranges_plot.h"
#include "views/plots/sensitivity_plot.h"
#include "views/widgets/measure_controls.h"
#include "views/widgets/sensitivity_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QtTest>

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
    view.resize(900, 500);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QCoreApplication::processEvents();
}

} // namespace

class TestMeasureViews : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_model = sample::model();
        m_run = sample::run(m_model, 2);
    }

    void sortingPutsTheMostSensitiveTapFirst()
    {
        SensitivityPlot view(nullptr);
        view.setRun(m_run);
        show(view);
        const QList<QStringList> network = rowsOf(view);
        QCOMPARE(network[1][0], QString::fromStdString(m_run->sensitivity[0].units.front()));
        view.setSorted(true);
        const QList<QStringList> sorted = rowsOf(view);
        QCOMPARE(sorted.size(), network.size());
        double last = 1e9;
        for (const QStringList &row : sorted.mid(1)) {
            if (row[1] != QLatin1String("only-this"))
                continue;
            QVERIFY(row[4].toDouble() <= last);
            last = row[4].toDouble();
        }
    }

    void aClickSelectsTheTapOfTheBar()
    {
        SensitivityPlot view(nullptr);
        view.setRun(m_run);
        view.setSorted(true);
        show(view);
        QSignalSpy selected(&view, &PlotView::tapSelected);
        auto *canvas = view.findChild<QWidget *>(QStringLiteral("canvas"));
        QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->rect().center());
        QTRY_COMPARE(selected.size(), 1);
        const int tap = selected[0][0].toInt();
        QVERIFY(m_run->sensitivity[0].unitOfTap[static_cast<size_t>(tap)] >= 0);
        view.setSelectedTap(tap);
        QTest::keyClick(&view, Qt::Key_Right); // the next less sensitive one
        QCOMPARE(selected.size(), 2);
        QVERIFY(selected[1][0].toInt() != tap);
    }

    void controlsOfferTheTablesAndPrecisionsOfTheRun()
    {
        SensitivityPlot view(nullptr);
        QWidget bar;
        for (QWidget *selector : sensitivitySelectors(&view))
            selector->setParent(&bar);
        view.setRun(m_run);
        show(view);
        auto *level = bar.findChild<QComboBox *>(QStringLiteral("sensitivityLevel"));
        auto *precision = bar.findChild<QComboBox *>(QStringLiteral("sensitivityPrecision"));
        QCOMPARE(level->count(), 2);
        QCOMPARE(precision->count(), 1);
        level->setCurrentIndex(1);
        QCOMPARE(view.table()->level, SensitivityLevel::Block);
        QTRY_COMPARE(precision->count(), 2); // with the drawing
        QCOMPARE(view.precision(), (PrecisionOption{8, 8}));
        const double before = rowsOf(view)[1][4].toDouble();
        precision->setCurrentIndex(1);
        QVERIFY(rowsOf(view)[1][4].toDouble() > before);
        // Three parts of twelve blocks; the caption says that it is not all.
        QCOMPARE(rowsOf(view).size(), 1 + 36);
        QCoreApplication::processEvents(); // lays the new drawing out
        QSignalSpy selected(&view, &PlotView::tapSelected);
        auto *canvas = view.findChild<QWidget *>(QStringLiteral("canvas"));
        QTest::mouseClick(canvas, Qt::LeftButton, {}, canvas->rect().center());
        QTRY_COMPARE(selected.size(), 1);
        QVERIFY(m_run->taps[static_cast<size_t>(selected[0][0].toInt())].tap.block >= 4);
    }

    void withoutLabelsTop1SaysSo()
    {
        auto unlabelled = std::make_shared<RunRecord>(*m_run);
        unlabelled->sensitivity.front().floatTop1 = std::nan("");
        SensitivityPlot view(nullptr);
        view.setRun(unlabelled);
        QVERIFY(!view.isEmpty());
        view.setFigure(SensitivityFigure::Top1);
        QVERIFY(view.isEmpty());
    }

    void attentionFollowsTheSelectedBlock()
    {
        AttentionPlot view(nullptr);
        view.setRun(m_run);
        show(view);
        QCOMPARE(view.layer()->block, 11);
        view.setSelectedTap(m_model->graph.findTap("blocks.4.mlp.fc1"));
        QCOMPARE(view.layer()->path, std::string("blocks.4.attn.softmax"));
        const QList<QStringList> rows = rowsOf(view);
        QCOMPARE(rows.size(), 1 + 14 * 14);
        const AttentionLayer &layer = m_run->attention[0].layers[4];
        // Row 3, column 5; the mean over three heads.
        const size_t place = 3 * 14 + 5;
        double mean = 0;
        for (size_t h = 0; h < 3; ++h)
            mean += static_cast<double>(layer.floating[h * 196 + place]) / 3;
        QVERIFY(std::abs(rows[static_cast<qsizetype>(1 + place)][2].toDouble() - mean) < 1e-8);
        view.setHead(2);
        QVERIFY(std::abs(rowsOf(view)[static_cast<qsizetype>(1 + place)][3].toDouble()
                         - static_cast<double>(layer.quantized[2 * 196 + place])) < 1e-8);
        view.setHead(AttentionPlot::kRollout);
        QVERIFY(std::abs(rowsOf(view)[1][4].toDouble() + 0.001) < 1e-8);
    }

    void everyHeadAndTheRolloutAreOffered()
    {
        AttentionPlot view(nullptr);
        QWidget bar;
        for (QWidget *selector : attentionSelectors(&view))
            selector->setParent(&bar);
        view.setRun(m_run);
        show(view);
        auto *head = bar.findChild<QComboBox *>(QStringLiteral("attentionHead"));
        QCOMPARE(head->count(), 5);
        head->setCurrentIndex(head->findData(1));
        view.setSelectedTap(m_model->graph.findTap("blocks.2.norm1"));
        QCOMPARE(head->currentData().toInt(), 1); // another block, the same head
    }

    void ptfFactorsStandUnderTheChannels()
    {
        ChannelRangesPlot view(nullptr);
        view.setRun(m_run);
        const int tap = m_model->graph.findTap("blocks.7.residual1");
        view.setSelectedTap(tap);
        show(view);
        const QList<QStringList> rows = rowsOf(view);
        const qsizetype column = rows[0].indexOf(QStringLiteral("ptf_factor"));
        QVERIFY(column > 0);
        QCOMPARE(rows[8][column].toInt(), 1 << m_run->taps[static_cast<size_t>(tap)].parameters.ptfFactor[7]);
        view.setSelectedTap(m_model->graph.findTap("blocks.7.mlp.fc1"));
        QVERIFY(!rowsOf(view)[0].contains(QStringLiteral("ptf_factor")));
    }

    void theTreeShowsWhatATapAloneCosts()
    {
        TapTreeModel tree;
        tree.setOpenedModel(m_model);
        tree.setRun(m_run);
        const int tap = m_model->graph.findTap("blocks.3.mlp.gelu");
        const SensitivityRow *row = m_run->sensitivity[0].find("blocks.3.mlp.gelu", SensitivityKind::OnlyThis,
                                                               SensitivityPart::Both, PrecisionOption::own());
        QVERIFY(row);
        QCOMPARE(tree.indexOfTap(tap, TapTreeModel::OnlyThisKl).data(SortRole).toDouble(), row->kl);
        const int floating = m_model->graph.findTap("blocks.3.mlp.fc1"); // in float: the block's figure stands for it
        QCOMPARE(tree.indexOfTap(floating, TapTreeModel::OnlyThisKl).data(SortRole).toDouble(),
                 m_run->sensitivity[1].find("block 3", SensitivityKind::OnlyThis, SensitivityPart::Both, {8, 8})->kl);
    }

    void theDialogShowsTheCostBeforeItStarts()
    {
        SensitivityDialog dialog;
        QSignalSpy wanted(&dialog, &SensitivityDialog::estimateWanted);
        QSignalSpy started(&dialog, &QDialog::accepted);
        auto *start = dialog.findChild<QPushButton *>(QStringLiteral("start"));
        auto *cost = dialog.findChild<QLabel *>(QStringLiteral("cost"));
        QVERIFY(!start->isEnabled());
        QTRY_COMPARE(wanted.size(), 1);
        dialog.showCost({150, 64, 82.5, 125});
        QVERIFY2(cost->text().contains(QStringLiteral("150")) && cost->text().contains(QStringLiteral("82")),
                 qPrintable(cost->text()));
        QVERIFY(start->isEnabled());
        dialog.findChild<QCheckBox *>(QStringLiteral("split"))->setChecked(true);
        QVERIFY(!start->isEnabled()); // the cost is another one now
        dialog.showCost({150, 64, 82.5, 125}); // of the earlier choice
        QVERIFY(!start->isEnabled());
        QTRY_COMPARE(wanted.size(), 2);
        dialog.findChild<QSpinBox *>(QStringLiteral("images"))->setValue(16);
        QTRY_COMPARE(wanted.size(), 3);
        dialog.showCost({450, 16, 240, 90});
        const SensitivityRequest request = dialog.request();
        QCOMPARE(request.images, int64_t{16});
        QCOMPARE(request.options.parts.size(), size_t{3});
        QCOMPARE(request.options.level, SensitivityLevel::Operator);
        start->click();
        QCOMPARE(started.size(), 1);
        dialog.findChild<QCheckBox *>(QStringLiteral("onlyThis"))->setChecked(false);
        dialog.findChild<QCheckBox *>(QStringLiteral("allButThis"))->setChecked(false);
        QVERIFY(cost->text().contains(QStringLiteral("at least one")));
    }

private:
    OpenedModelPtr m_model;
    std::shared_ptr<RunRecord> m_run;
};

QTEST_MAIN(TestMeasureViews)
#include "tst_measure_views.moc"
