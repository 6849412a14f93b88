// SPDX-License-Identifier: GPL-3.0-or-later
// Which sensitivity is to be measured, and what it will cost.
#pragma once

#include "core/jobs/workbench.h"
#include "views/widgets/cost_dialog.h"

#include <utility>
#include <vector>

class QCheckBox;
class QComboBox;
class QSpinBox;

namespace quantoscope {

/// The cost that is wanted is that of request(). GUI thread.
class SensitivityDialog : public CostDialog {
    Q_OBJECT
public:
    explicit SensitivityDialog(QWidget *parent = nullptr);

    [[nodiscard]] SensitivityRequest request() const;
    /// Measurements, passes and time of what is chosen now.
    void showCost(const SensitivityCost &cost);

private:
    void changed();
    [[nodiscard]] QString whyNot() const;

    QComboBox *m_level = nullptr;
    QCheckBox *m_only = nullptr;
    QCheckBox *m_allBut = nullptr;
    QCheckBox *m_split = nullptr;
    std::vector<std::pair<QCheckBox *, PrecisionOption>> m_precisions;
    QSpinBox *m_images = nullptr;
};

} // namespace quantoscope
