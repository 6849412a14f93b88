// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/levels_controls.h"

#include "views/plots/levels_plot.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QSlider>
#include <QToolButton>

#include <cmath>

namespace quantoscope {

namespace {

// The slider spans three decades, two of them under the observed range's value.
constexpr int kSliderSteps = 900;
constexpr int kStepsPerDecade = 300;
constexpr int kBaseStep = 600;
constexpr double kSmallest = 1e-9;
constexpr double kLargest = 1e6;

} // namespace

LevelsControls::LevelsControls(LevelsPlot *plot, QWidget *parent) : QWidget(parent), m_plot(plot)
{
    setObjectName(QStringLiteral("levelsControls"));
    m_forms = new QComboBox;
    m_forms->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_forms->setObjectName(QStringLiteral("levelsForm"));
    m_forms->setAccessibleName(tr("Quantizer to adjust"));
    m_forms->setToolTip(tr("Which of the drawn quantizers the controls change"));
    m_bits = new QSpinBox;
    m_bits->setObjectName(QStringLiteral("levelsBits"));
    m_bits->setAccessibleName(tr("Bits of this quantizer"));
    m_bits->setRange(2, 8);
    m_bits->setSuffix(tr(" bit"));
    const auto button = [](const QString &name, const QString &text, const QString &tip) {
        auto *made = new QToolButton;
        made->setObjectName(name);
        made->setText(text);
        made->setToolTip(tip);
        made->setFocusPolicy(Qt::StrongFocus);
        return made;
    };
    m_calibrated = button(QStringLiteral("levelsCalibrated"), tr("Calibrated"), tr("As calibration left this layer"));
    m_range = button(QStringLiteral("levelsRange"), tr("Observed range"), tr("Hold every value that was seen"));
    m_least = button(QStringLiteral("levelsLeast"), tr("Least error"),
                     tr("Of 100 shrunk ranges the one of least squared error"));
    m_scale = makeScale(QStringLiteral("levelsScale"), tr("Scale"), tr("Scale"));
    m_lowScale = makeScale(QStringLiteral("levelsLowScale"), tr("Second scale"),
                           tr("Scale of the small or negative values"));
    m_zeroLabel = new QLabel(tr("Zero point"));
    m_zeroSlider = new QSlider(Qt::Horizontal);
    m_zeroSlider->setObjectName(QStringLiteral("levelsZeroSlider"));
    m_zeroSlider->setAccessibleName(tr("Zero point"));
    m_zeroPoint = new QSpinBox;
    m_zeroPoint->setObjectName(QStringLiteral("levelsZero"));
    m_zeroPoint->setAccessibleName(tr("Zero point"));
    m_zeroLabel->setBuddy(m_zeroPoint);

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(6, 2, 6, 2);
    grid->setVerticalSpacing(2);
    auto *first = new QHBoxLayout;
    for (QWidget *widget : std::initializer_list<QWidget *>{m_forms, m_bits, m_calibrated, m_range, m_least})
        first->addWidget(widget);
    first->addStretch(1);
    grid->addLayout(first, 0, 0, 1, 6);
    grid->addWidget(m_scale.label, 1, 0);
    grid->addWidget(m_scale.slider, 1, 1);
    grid->addWidget(m_scale.number, 1, 2);
    // Zero point and second scale share a place: no quantizer has both.
    grid->addWidget(m_zeroLabel, 1, 3);
    grid->addWidget(m_zeroSlider, 1, 4);
    grid->addWidget(m_zeroPoint, 1, 5);
    grid->addWidget(m_lowScale.label, 1, 3);
    grid->addWidget(m_lowScale.slider, 1, 4);
    grid->addWidget(m_lowScale.number, 1, 5);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(4, 1);

    connect(m_forms, &QComboBox::currentIndexChanged, this, &LevelsControls::showQuantizer);
    connect(m_bits, &QSpinBox::valueChanged, this, [this](int bits) {
        if (m_showing)
            return;
        // Another width means another step for the same range.
        PreviewQuantizer quantizer = m_plot->quantizer(form());
        quantizer.bits = bits;
        m_plot->setQuantizer(quantizer);
        m_plot->useObservedRange(form());
    });
    connect(m_zeroSlider, &QSlider::valueChanged, m_zeroPoint, &QSpinBox::setValue);
    connect(m_zeroPoint, &QSpinBox::valueChanged, this, &LevelsControls::apply);
    connect(m_calibrated, &QToolButton::clicked, this, [this] { m_plot->useCalibrated(form()); });
    connect(m_range, &QToolButton::clicked, this, [this] { m_plot->useObservedRange(form()); });
    connect(m_least, &QToolButton::clicked, this, [this] { m_plot->useLeastError(form()); });
    for (ScaleControl *control : {&m_scale, &m_lowScale}) {
        connect(control->slider, &QSlider::valueChanged, this, [this, control] { applyScale(*control, true); });
        connect(control->number, &QDoubleSpinBox::valueChanged, this, [this, control] { applyScale(*control, false); });
    }
    connect(m_plot, &LevelsPlot::candidatesReplaced, this, &LevelsControls::fillForms);
    connect(m_plot, &LevelsPlot::quantizerChanged, this, &LevelsControls::showQuantizer);
    fillForms();
}

LevelsControls::ScaleControl LevelsControls::makeScale(const QString &name, const QString &label,
                                                       const QString &accessible)
{
    ScaleControl control;
    control.label = new QLabel(label);
    control.slider = new QSlider(Qt::Horizontal);
    control.slider->setObjectName(name + QStringLiteral("Slider"));
    control.slider->setAccessibleName(accessible);
    control.slider->setRange(0, kSliderSteps);
    control.slider->setPageStep(kStepsPerDecade / 10);
    control.number = new QDoubleSpinBox;
    control.number->setObjectName(name);
    control.number->setAccessibleName(accessible);
    control.number->setDecimals(9);
    control.number->setRange(kSmallest, kLargest);
    control.number->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    control.label->setBuddy(control.number);
    return control;
}

PreviewForm LevelsControls::form() const
{
    return static_cast<PreviewForm>(m_forms->currentData().toInt());
}

void LevelsControls::fillForms()
{
    const QVariant before = m_forms->currentData();
    const bool wasShowing = std::exchange(m_showing, true);
    m_forms->clear();
    for (const PreviewForm one : m_plot->forms())
        m_forms->addItem(LevelsPlot::formTitle(one), static_cast<int>(one));
    m_forms->setCurrentIndex(std::max(0, m_forms->findData(before)));
    m_showing = wasShowing;
    showQuantizer();
}

void LevelsControls::showScale(ScaleControl &control, double value)
{
    control.number->setValue(value);
    const double decades = std::log10(std::max(value, kSmallest) / control.base);
    control.slider->setValue(kBaseStep + static_cast<int>(std::lround(kStepsPerDecade * decades)));
}

void LevelsControls::showQuantizer()
{
    const bool any = m_forms->count() > 0;
    setEnabled(any);
    if (!any || m_showing)
        return;
    m_showing = true;
    const PreviewQuantizer &quantizer = m_plot->quantizer(form());
    const PreviewQuantizer base = m_plot->observedRange(form(), quantizer.bits);
    m_bits->setValue(quantizer.bits);
    m_scale.base = base.scale;
    m_lowScale.base = base.lowScale;
    m_scale.label->setText(form() == PreviewForm::Log2 || form() == PreviewForm::LogIntSoftmax ? tr("Largest level")
                                                                                                : tr("Scale"));
    showScale(m_scale, quantizer.scale);
    showScale(m_lowScale, quantizer.lowScale);
    const int codes = 1 << quantizer.bits;
    m_zeroSlider->setRange(-codes, 2 * codes);
    m_zeroPoint->setRange(-codes, 2 * codes);
    m_zeroPoint->setValue(static_cast<int>(std::lround(quantizer.zeroPoint)));
    m_zeroSlider->setValue(m_zeroPoint->value());
    for (QWidget *widget : std::initializer_list<QWidget *>{m_zeroLabel, m_zeroSlider, m_zeroPoint})
        widget->setVisible(hasZeroPoint(form()));
    for (QWidget *widget : std::initializer_list<QWidget *>{m_lowScale.label, m_lowScale.slider, m_lowScale.number})
        widget->setVisible(isTwin(form()));
    const bool calibrated = m_plot->hasCalibrated(form());
    m_calibrated->setEnabled(calibrated);
    m_calibrated->setToolTip(calibrated ? tr("As calibration left this layer")
                                        : tr("Calibration gave this layer no quantizer of this kind"));
    m_showing = false;
}

void LevelsControls::applyScale(ScaleControl &control, bool fromSlider)
{
    if (m_showing)
        return;
    m_showing = true;
    if (fromSlider)
        control.number->setValue(
            control.base * std::pow(10, static_cast<double>(control.slider->value() - kBaseStep) / kStepsPerDecade));
    m_showing = false;
    apply();
}

void LevelsControls::apply()
{
    if (m_showing || m_forms->count() == 0)
        return;
    PreviewQuantizer quantizer = m_plot->quantizer(form());
    quantizer.scale = m_scale.number->value();
    if (isTwin(form()))
        quantizer.lowScale = m_lowScale.number->value();
    if (hasZeroPoint(form()))
        quantizer.zeroPoint = m_zeroPoint->value();
    m_plot->setQuantizer(quantizer);
}

} // namespace quantoscope
