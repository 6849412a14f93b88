// SPDX-License-Identifier: GPL-3.0-or-later
// Editing of how pictures become the model's input.
#pragma once

#include "core/data/preprocessing.h"

#include <QDialog>

#include <array>

class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace quantoscope {

/// GUI thread.
class PreprocessingDialog : public QDialog {
    Q_OBJECT
public:
    /// `own` is what the model was trained with; "Reset" returns to it.
    PreprocessingDialog(const Preprocessing &current, const Preprocessing &own, QWidget *parent = nullptr);
    [[nodiscard]] Preprocessing preprocessing() const;

private:
    void setValues(const Preprocessing &values);

    QSpinBox *m_resize;
    QSpinBox *m_crop;
    QComboBox *m_mode;
    QComboBox *m_interpolation;
    std::array<QDoubleSpinBox *, 3> m_mean;
    std::array<QDoubleSpinBox *, 3> m_deviation;
};

} // namespace quantoscope
