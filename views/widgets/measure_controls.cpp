// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/measure_controls.h"

#include "views/plots/attention_plot.h"
#include "views/plots/confusion_plot.h"
#include "views/plots/runs_plot.h"
#include "views/plots/sensitivity_plot.h"
#include "views/plots/spread_plot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>

namespace quantoscope {

namespace {

QComboBox *makeBox(const char *name, const QString &accessibleName)
{
    auto *box = new QComboBox;
    box->setObjectName(QLatin1String(name));
    box->setAccessibleName(accessibleName);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    return box;
}

/// New entries without a signal; a box with one entry says nothing.
void fill(QComboBox *box, const QStringList &entries, int current)
{
    const QSignalBlocker blocker(box);
    QStringList old;
    for (int i = 0; i < box->count(); ++i)
        old << box->itemText(i);
    if (old != entries) {
        box->clear();
        box->addItems(entries);
    }
    box->setCurrentIndex(current);
    box->setVisible(entries.size() > 1);
}

template <typename T>
int placeOf(const std::vector<T> &all, const T &one)
{
    return static_cast<int>(std::find(all.begin(), all.end(), one) - all.begin());
}

} // namespace

QList<QWidget *> sensitivitySelectors(SensitivityPlot *plot)
{
    QComboBox *figure = makeBox("sensitivityFigure", SensitivityPlot::tr("Measure of sensitivity"));
    for (const SensitivityFigure choice : {SensitivityFigure::Kl, SensitivityFigure::Agreement, SensitivityFigure::Top1})
        figure->addItem(SensitivityPlot::figureTitle(choice), static_cast<int>(choice));
    QObject::connect(figure, &QComboBox::currentIndexChanged, plot,
                     [plot](int index) { plot->setFigure(static_cast<SensitivityFigure>(index)); });
    QComboBox *level = makeBox("sensitivityLevel", SensitivityPlot::tr("What is switched together"));
    QObject::connect(level, &QComboBox::currentIndexChanged, plot, [plot](int index) {
        if (const auto levels = plot->levels(); index >= 0 && static_cast<size_t>(index) < levels.size())
            plot->setLevel(levels[static_cast<size_t>(index)]);
    });
    QComboBox *precision = makeBox("sensitivityPrecision", SensitivityPlot::tr("Bits of what is quantized alone"));
    QObject::connect(precision, &QComboBox::currentIndexChanged, plot, [plot](int index) {
        if (const auto known = plot->precisions(); index >= 0 && static_cast<size_t>(index) < known.size())
            plot->setPrecision(known[static_cast<size_t>(index)]);
    });
    auto *sorted = new QCheckBox(SensitivityPlot::tr("Sorted"));
    sorted->setObjectName(QStringLiteral("sensitivitySorted"));
    sorted->setToolTip(SensitivityPlot::tr("Most sensitive first instead of network order"));
    QObject::connect(sorted, &QCheckBox::toggled, plot, &SensitivityPlot::setSorted);
    const auto follow = [plot, level, precision] {
        QStringList entries;
        for (const SensitivityLevel one : plot->levels())
            entries << SensitivityPlot::levelTitle(one);
        const SensitivityTable *table = plot->table();
        fill(level, entries, table ? placeOf(plot->levels(), table->level) : -1);
        entries.clear();
        for (const PrecisionOption one : plot->precisions())
            entries << SensitivityPlot::precisionTitle(one);
        fill(precision, entries, entries.isEmpty() ? -1 : placeOf(plot->precisions(), plot->precision()));
    };
    QObject::connect(plot, &PlotView::seriesChanged, level, follow);
    follow();
    return {figure, level, precision, sorted};
}

QList<QWidget *> attentionSelectors(AttentionPlot *plot)
{
    QComboBox *image = makeBox("attentionImage", AttentionPlot::tr("Image of the attention map"));
    QObject::connect(image, &QComboBox::currentIndexChanged, plot, [plot](int index) { plot->setImage(index); });
    QComboBox *head = makeBox("attentionHead", AttentionPlot::tr("Head of the attention"));
    QObject::connect(head, &QComboBox::currentIndexChanged, plot, [plot, head](int index) {
        if (index >= 0)
            plot->setHead(head->itemData(index).toInt());
    });
    auto *picture = new QCheckBox(AttentionPlot::tr("Picture"));
    picture->setObjectName(QStringLiteral("attentionPicture"));
    picture->setToolTip(AttentionPlot::tr("The image behind the maps"));
    picture->setChecked(true);
    QObject::connect(picture, &QCheckBox::toggled, plot, &AttentionPlot::setPictureShown);
    const auto follow = [plot, image, head] {
        QStringList entries;
        const AttentionRecord *record = plot->record();
        if (record)
            for (const AttentionRecord &one : plot->run()->attention)
                entries << QFileInfo(QString::fromStdString(one.image)).fileName();
        fill(image, entries, record ? static_cast<int>(record - plot->run()->attention.data()) : -1);
        const int chosen = head->count() > 0 ? head->currentData().toInt() : AttentionPlot::kMean;
        const QSignalBlocker blocker(head);
        head->clear();
        head->addItem(AttentionPlot::tr("Mean of the heads"), AttentionPlot::kMean);
        if (record && !record->rolloutFloating.empty())
            head->addItem(AttentionPlot::tr("Rollout"), AttentionPlot::kRollout);
        for (int i = 0; plot->layer() && i < plot->layer()->heads; ++i)
            head->addItem(AttentionPlot::tr("Head %1").arg(i), i);
        head->setCurrentIndex(std::max(0, head->findData(chosen)));
    };
    QObject::connect(plot, &PlotView::seriesChanged, head, follow);
    follow();
    return {image, head, picture};
}

QList<QWidget *> confusionSelectors(ConfusionPlot *plot)
{
    QComboBox *rows = makeBox("confusionRows", ConfusionPlot::tr("What the rows are"));
    rows->addItem(ConfusionPlot::tr("From the class before"), static_cast<int>(ChangeRows::Before));
    rows->addItem(ConfusionPlot::tr("From the true class"), static_cast<int>(ChangeRows::Truth));
    QObject::connect(rows, &QComboBox::currentIndexChanged, plot,
                     [plot, rows] { plot->setRows(static_cast<ChangeRows>(rows->currentData().toInt())); });
    return {rows};
}

QList<QWidget *> runsSelectors(RunsPlot *plot)
{
    QComboBox *cost = makeBox("runsCost", RunsPlot::tr("What the runs take"));
    for (const Resource resource : kResources)
        cost->addItem(RunsPlot::resourceTitle(resource), static_cast<int>(resource));
    QObject::connect(cost, &QComboBox::currentIndexChanged, plot,
                     [plot, cost] { plot->setResource(static_cast<Resource>(cost->currentData().toInt())); });
    return {cost};
}

QList<QWidget *> spreadSelectors(SpreadPlot *plot)
{
    QComboBox *figure = makeBox("spreadFigure", SpreadPlot::tr("What the draws are judged by"));
    for (const DrawFigure choice : {DrawFigure::Top1, DrawFigure::Agreement, DrawFigure::Kl})
        figure->addItem(SpreadPlot::figureTitle(choice), static_cast<int>(choice));
    QObject::connect(figure, &QComboBox::currentIndexChanged, plot,
                     [plot, figure] { plot->setFigure(static_cast<DrawFigure>(figure->currentData().toInt())); });
    return {figure};
}

} // namespace quantoscope
