// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/preprocessing_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSpinBox>

namespace quantoscope {

PreprocessingDialog::PreprocessingDialog(const Preprocessing &current, const Preprocessing &own, QWidget *parent)
    : QDialog(parent), m_resize(new QSpinBox), m_crop(new QSpinBox), m_mode(new QComboBox), m_interpolation(new QComboBox)
{
    setObjectName(QStringLiteral("preprocessingDialog"));
    setWindowTitle(tr("Preprocessing"));
    m_resize->setObjectName(QStringLiteral("resize"));
    m_crop->setObjectName(QStringLiteral("crop"));
    m_interpolation->setObjectName(QStringLiteral("interpolation"));
    for (QSpinBox *box : {m_resize, m_crop}) {
        box->setRange(8, 4096);
        box->setSuffix(tr(" px"));
    }
    m_interpolation->addItem(tr("bicubic"), static_cast<int>(Interpolation::Bicubic));
    m_interpolation->addItem(tr("bilinear"), static_cast<int>(Interpolation::Bilinear));
    auto *form = new QFormLayout(this);
    m_mode->setObjectName(QStringLiteral("resizeMode"));
    m_mode->addItem(tr("shorter side"), static_cast<int>(ResizeMode::ShorterSide));
    m_mode->addItem(tr("both sides (squash)"), static_cast<int>(ResizeMode::Squash));
    form->addRow(tr("&Resize"), m_mode);
    form->addRow(tr("&Side"), m_resize);
    form->addRow(tr("&Interpolation"), m_interpolation);
    form->addRow(tr("&Centre crop"), m_crop);
    const QStringList colors{tr("red"), tr("green"), tr("blue")};
    const auto addTriple = [&](const QString &label, std::array<QDoubleSpinBox *, 3> &boxes, double least) {
        auto *layout = new QHBoxLayout;
        for (size_t i = 0; i < 3; ++i) {
            boxes[i] = new QDoubleSpinBox;
            boxes[i]->setDecimals(4);
            boxes[i]->setSingleStep(0.005);
            boxes[i]->setRange(least, 10);
            boxes[i]->setAccessibleName(label + QLatin1Char(' ') + colors[static_cast<qsizetype>(i)]);
            boxes[i]->setToolTip(colors[static_cast<qsizetype>(i)]);
            layout->addWidget(boxes[i]);
        }
        form->addRow(label, layout);
    };
    addTriple(tr("Mean (of 0 to 1)"), m_mean, -10);
    addTriple(tr("Standard deviation"), m_deviation, 0.0001);
    auto *buttons =
        new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::Reset);
    buttons->button(QDialogButtonBox::Reset)->setText(tr("As the model asks"));
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons->button(QDialogButtonBox::Reset), &QPushButton::clicked, this,
            [this, own] { setValues(own); });
    setValues(current);
}

void PreprocessingDialog::setValues(const Preprocessing &values)
{
    m_resize->setValue(values.resize);
    m_crop->setValue(values.crop);
    m_mode->setCurrentIndex(m_mode->findData(static_cast<int>(values.mode)));
    m_interpolation->setCurrentIndex(m_interpolation->findData(static_cast<int>(values.interpolation)));
    for (size_t i = 0; i < 3; ++i) {
        m_mean[i]->setValue(static_cast<double>(values.mean[i]));
        m_deviation[i]->setValue(static_cast<double>(values.deviation[i]));
    }
}

Preprocessing PreprocessingDialog::preprocessing() const
{
    Preprocessing values;
    values.mode = static_cast<ResizeMode>(m_mode->currentData().toInt());
    values.resize = m_resize->value();
    values.crop = m_crop->value();
    values.interpolation = static_cast<Interpolation>(m_interpolation->currentData().toInt());
    for (size_t i = 0; i < 3; ++i) {
        values.mean[i] = static_cast<float>(m_mean[i]->value());
        values.deviation[i] = static_cast<float>(m_deviation[i]->value());
    }
    return values;
}

} // namespace quantoscope
