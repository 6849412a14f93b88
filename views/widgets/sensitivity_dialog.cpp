// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/sensitivity_dialog.h"

#include "views/models/texts.h"
#include "views/plots/sensitivity_plot.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLocale>
#include <QSpinBox>

namespace quantoscope {

namespace {

constexpr int kUsualImages = 64;

} // namespace

SensitivityDialog::SensitivityDialog(QWidget *parent) : CostDialog(parent)
{
    setObjectName(QStringLiteral("sensitivityDialog"));
    setWindowTitle(tr("Measure sensitivity"));
    QFormLayout *const form = this->form();
    const auto check = [](const char *name, const QString &text, bool on) {
        auto *box = new QCheckBox(text);
        box->setObjectName(QLatin1String(name));
        box->setChecked(on);
        return box;
    };
    m_level = new QComboBox;
    m_level->setObjectName(QStringLiteral("level"));
    for (const SensitivityLevel level : {SensitivityLevel::Tap, SensitivityLevel::Operator, SensitivityLevel::Block,
                                         SensitivityLevel::OperatorType})
        m_level->addItem(SensitivityPlot::levelTitle(level), static_cast<int>(level));
    m_level->setCurrentIndex(1);
    form->addRow(tr("&Parts:"), m_level);
    m_only = check("onlyThis", tr("&Only this quantized: what it costs"), true);
    m_allBut = check("allButThis", tr("&All but this quantized: what leaving it in float saves"), true);
    m_split = check("split", tr("&Weights and activations separately, too"), false);
    form->addRow(tr("Measure:"), m_only);
    form->addRow(QString(), m_allBut);
    form->addRow(QString(), m_split);
    for (const PrecisionOption option : {PrecisionOption::own(), PrecisionOption{8, 8}, PrecisionOption{6, 6},
                                         PrecisionOption{4, 4}, PrecisionOption{3, 3}}) {
        QCheckBox *box = check(("bits-" + option.text()).c_str(), SensitivityPlot::precisionTitle(option),
                               option == PrecisionOption::own());
        form->addRow(m_precisions.empty() ? tr("Only this at:") : QString(), box);
        m_precisions.emplace_back(box, option);
    }
    m_images = new QSpinBox;
    m_images->setObjectName(QStringLiteral("images"));
    m_images->setRange(0, 1'000'000);
    m_images->setSpecialValueText(tr("all"));
    m_images->setValue(kUsualImages);
    form->addRow(tr("&Images:"), m_images);
    finish(tr("&Start"), 3);
    for (QCheckBox *box : findChildren<QCheckBox *>())
        connect(box, &QCheckBox::toggled, this, &SensitivityDialog::changed);
    connect(m_level, &QComboBox::currentIndexChanged, this, &SensitivityDialog::changed);
    connect(m_images, &QSpinBox::valueChanged, this, &SensitivityDialog::changed);
    changed();
}

SensitivityRequest SensitivityDialog::request() const
{
    SensitivityRequest request;
    request.options.level = static_cast<SensitivityLevel>(m_level->currentData().toInt());
    request.options.kinds.clear();
    if (m_only->isChecked())
        request.options.kinds.push_back(SensitivityKind::OnlyThis);
    if (m_allBut->isChecked())
        request.options.kinds.push_back(SensitivityKind::AllButThis);
    if (m_split->isChecked())
        request.options.parts = {SensitivityPart::Both, SensitivityPart::Weights, SensitivityPart::Activations};
    request.options.options.clear();
    for (const auto &[box, option] : m_precisions)
        if (box->isChecked())
            request.options.options.push_back(option);
    request.images = m_images->value();
    return request;
}

QString SensitivityDialog::whyNot() const
{
    const SensitivityRequest wanted = request();
    if (wanted.options.kinds.empty())
        return tr("Choose at least one thing to measure.");
    if (m_only->isChecked() && wanted.options.options.empty())
        return tr("Choose at least one precision.");
    return {};
}

void SensitivityDialog::changed()
{
    for (const auto &[box, option] : m_precisions)
        box->setEnabled(m_only->isChecked());
    if (const QString reason = whyNot(); !reason.isEmpty())
        refuseChoice(reason);
    else
        noteChange(tr("Working out the cost…"));
}

void SensitivityDialog::showCost(const SensitivityCost &cost)
{
    showCostText(tr("%1 measurements on %2 images: %3 passes over them, about %4 after the calibration. Cancel keeps "
                       "what is finished.")
                        .arg(cost.measurements)
                        .arg(cost.images)
                        .arg(QLocale().toString(cost.passes, 'f', 1), Texts::duration(cost.seconds)));
}

} // namespace quantoscope
