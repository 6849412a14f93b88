// SPDX-License-Identifier: GPL-3.0-or-later
// Sliders and numbers for one of the quantizers that a LevelsPlot draws.
#pragma once

#include "core/analysis/quantizer_preview.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QSlider;
class QSpinBox;
class QToolButton;

namespace quantoscope {

class LevelsPlot;

/// Chooses a quantizer of the plot and sets its width, scale, zero point and, for twin quantizers, the second scale; the plot
/// follows every movement. GUI thread.
class LevelsControls : public QWidget {
    Q_OBJECT
public:
    /// `plot` outlives the controls.
    explicit LevelsControls(LevelsPlot *plot, QWidget *parent = nullptr);

private:
    /// A logarithmic slider beside its number.
    struct ScaleControl {
        QLabel *label = nullptr;
        QSlider *slider = nullptr;
        QDoubleSpinBox *number = nullptr;
        double base = 1; ///< value of the observed range, in the slider's upper third
    };
    [[nodiscard]] ScaleControl makeScale(const QString &name, const QString &label, const QString &accessible);
    [[nodiscard]] PreviewForm form() const;
    void fillForms();
    void showQuantizer();
    void apply();
    void applyScale(ScaleControl &control, bool fromSlider);
    static void showScale(ScaleControl &control, double value);

    LevelsPlot *m_plot;
    QComboBox *m_forms;
    QSpinBox *m_bits;
    QToolButton *m_calibrated;
    QToolButton *m_range;
    QToolButton *m_least;
    ScaleControl m_scale;
    ScaleControl m_lowScale;
    QLabel *m_zeroLabel;
    QSlider *m_zeroSlider;
    QSpinBox *m_zeroPoint;
    bool m_showing = false; ///< controls follow the plot, not the user
};

} // namespace quantoscope
