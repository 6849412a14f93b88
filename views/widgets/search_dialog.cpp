// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/search_dialog.h"

#include "views/plots/points_plot.h"
#include "views/widgets/search_limit_box.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSpinBox>

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

QSpinBox *spinBox(const char *name, const QString &accessible, int low, int high, int value)
{
    auto *box = new QSpinBox;
    box->setObjectName(QLatin1String(name));
    box->setAccessibleName(accessible);
    box->setRange(low, high);
    box->setValue(value);
    return box;
}

} // namespace

SearchDialog::SearchDialog(RunRequest run, QWidget *parent) : CostDialog(parent), m_run(std::move(run))
{
    setObjectName(QStringLiteral("searchDialog"));
    setWindowTitle(tr("Search precision"));
    QFormLayout *const form = this->form();
    auto *recipe = new QLabel(QString::fromStdString(m_run.quantization.text()));
    form->addRow(tr("Recipe"), recipe);

    m_amount = new QDoubleSpinBox;
    m_amount->setObjectName(QStringLiteral("searchAmount"));
    m_amount->setAccessibleName(tr("Budget"));
    m_amount->setDecimals(2);
    m_amount->setRange(0.01, 1e6);
    m_amount->setValue(4.5);
    m_unit = new QComboBox;
    m_unit->setObjectName(QStringLiteral("searchUnit"));
    m_unit->setAccessibleName(tr("Unit of the budget"));
    m_unit->addItem(tr("bit on average"), static_cast<int>(Resource::AverageBits));
    m_unit->addItem(tr("MB of weights"), static_cast<int>(Resource::WeightBytes));
    m_unit->addItem(tr("10⁹ bit operations"), static_cast<int>(Resource::BitOperations));
    m_unit->addItem(tr("MB of activations"), static_cast<int>(Resource::ActivationBytes));
    m_unit->setToolTip(tr("Average: over all quantized weights and the activations of one image; float counts 32 bit. Bit "
                          "operations: multiply-accumulates times the bits of both operands, per image. Activations: all values of "
                          "one image that are quantized, not the peak at one moment."));
    auto *budget = new QHBoxLayout;
    budget->addWidget(m_amount);
    budget->addWidget(m_unit, 1);
    auto *budgetLabel = new QLabel(tr("&Budget"));
    budgetLabel->setBuddy(m_amount);
    form->addRow(budgetLabel, budget);

    m_conversions = new QSpinBox;
    m_conversions->setObjectName(QStringLiteral("searchConversions"));
    setUpLimitBox(*m_conversions);
    m_conversions->setToolTip(tr("Edges between layers of unlike precision: each is a conversion on an integer device, and many of "
                                 "them can take more time than narrow layers save. It can be changed later beside the plot."));
    auto *conversionsLabel = new QLabel(tr("Con&versions"));
    conversionsLabel->setBuddy(m_conversions);
    form->addRow(conversionsLabel, m_conversions);

    auto *levels = new QHBoxLayout;
    for (const int bits : {0, 8, 6, 5, 4, 3, 2}) {
        auto *box = new QCheckBox(bits == 0 ? tr("float") : QString::number(bits));
        box->setObjectName(QStringLiteral("searchLevel%1").arg(bits));
        box->setAccessibleName(bits == 0 ? tr("Offer float") : tr("Offer %1 bit").arg(bits));
        box->setChecked(bits != 5 && bits != 2);
        levels->addWidget(box);
        m_levels.emplace_back(bits, box);
    }
    form->addRow(tr("Precisions"), levels);
    m_alike = new QCheckBox(tr("Operands of a product &alike"));
    m_alike->setObjectName(QStringLiteral("searchAlike"));
    m_alike->setToolTip(tr("Weight and activations of a product at one width, as most integer kernels want it"));
    m_outermost = new QCheckBox(tr("&First and last layer at least 8 bit"));
    m_outermost->setObjectName(QStringLiteral("searchOutermost"));
    m_outermost->setChecked(true);
    form->addRow(QString(), m_alike);
    form->addRow(QString(), m_outermost);
    m_images = spinBox("searchImages", tr("Calibration images behind the sensitivity"), 1, 100'000, 32);
    auto *imagesLabel = new QLabel(tr("Calibration &images"));
    imagesLabel->setBuddy(m_images);
    form->addRow(imagesLabel, m_images);
    m_points = spinBox("searchPoints", tr("Points of the front that are evaluated"), 0, 300, 3);
    m_points->setSpecialValueText(tr("none"));
    m_points->setToolTip(tr("Runs the chosen point, others along the front, and one width everywhere on the images to evaluate"));
    auto *pointsLabel = new QLabel(tr("&Evaluate points"));
    pointsLabel->setBuddy(m_points);
    form->addRow(pointsLabel, m_points);

    finish(tr("Search"), 3);
    connect(m_amount, &QDoubleSpinBox::valueChanged, this, &SearchDialog::changed);
    connect(m_unit, &QComboBox::currentIndexChanged, this, &SearchDialog::changed);
    for (const auto &[bits, box] : m_levels)
        connect(box, &QCheckBox::toggled, this, &SearchDialog::changed);
    for (QCheckBox *box : {m_alike, m_outermost})
        connect(box, &QCheckBox::toggled, this, &SearchDialog::changed);
    for (QSpinBox *box : {m_conversions, m_images, m_points})
        connect(box, &QSpinBox::valueChanged, this, &SearchDialog::changed);
    changed();
}

Resource SearchDialog::resource() const
{
    return static_cast<Resource>(m_unit->currentData().toInt());
}

PlanSearchRequest SearchDialog::request() const
{
    PlanSearchRequest request;
    request.run = m_run;
    request.budget = {resource(), m_amount->value() * PointsPlot::unitOf(resource())};
    request.mostConversions = limitOf(*m_conversions);
    request.levels.clear();
    for (const auto &[bits, box] : m_levels)
        if (box->isChecked())
            request.levels.push_back(bits);
    request.operandsAlike = m_alike->isChecked();
    request.outermostAtLeast8 = m_outermost->isChecked();
    request.images = m_images->value();
    request.evaluatePoints = m_points->value();
    return request;
}

void SearchDialog::setBudget(const PrecisionBudget &budget)
{
    m_unit->setCurrentIndex(m_unit->findData(static_cast<int>(budget.resource)));
    m_amount->setValue(budget.amount / PointsPlot::unitOf(budget.resource));
}

void SearchDialog::setLevels(const std::vector<int> &levels)
{
    for (const auto &[bits, box] : m_levels)
        box->setChecked(std::find(levels.begin(), levels.end(), bits) != levels.end());
}

void SearchDialog::setImages(int images)
{
    m_images->setValue(images);
}

void SearchDialog::setEvaluatePoints(int points)
{
    m_points->setValue(points);
}

void SearchDialog::changed()
{
    noteChange(tr("Working out the cost…"));
}

void SearchDialog::showCost(const PlanSearchCost &cost)
{
    QStringList sentences{tr("%1 measurements on %2 images: as much work as %3 passes of one image.")
                              .arg(cost.measurements)
                              .arg(cost.images)
                              .arg(QLocale().toString(std::round(cost.imageRuns()), 'f', 0))};
    if (cost.evaluations > 0)
        sentences << tr("Of these, %1 for evaluations on %2 images each.")
                         .arg(cost.evaluations * cost.evaluationImages)
                         .arg(cost.evaluationImages);
    if (cost.intervalSearches > 0)
        sentences << tr("And %1 searches for intervals, which may take minutes each.").arg(cost.intervalSearches);
    showCostText(sentences.join(QLatin1Char(' ')));
}

} // namespace quantoscope
