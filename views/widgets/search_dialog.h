// SPDX-License-Identifier: GPL-3.0-or-later
// What a search for mixed precision is asked: budget, precisions on offer, constraints.
#pragma once

#include "core/jobs/workbench.h"
#include "views/widgets/cost_dialog.h"

#include <vector>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QSpinBox;

namespace quantoscope {

/// Fills in what `run` leaves open; the cost that is wanted is that of request(). GUI thread.
class SearchDialog : public CostDialog {
    Q_OBJECT
public:
    explicit SearchDialog(RunRequest run, QWidget *parent = nullptr);

    [[nodiscard]] PlanSearchRequest request() const;
    void setBudget(const PrecisionBudget &budget);
    void setLevels(const std::vector<int> &levels);
    void setImages(int images);
    void setEvaluatePoints(int points);
    void showCost(const PlanSearchCost &cost);

private:
    void changed();
    [[nodiscard]] Resource resource() const;

    RunRequest m_run;
    QDoubleSpinBox *m_amount = nullptr;
    QComboBox *m_unit = nullptr;
    QSpinBox *m_conversions = nullptr;
    std::vector<std::pair<int, QCheckBox *>> m_levels;
    QCheckBox *m_alike = nullptr;
    QCheckBox *m_outermost = nullptr;
    QSpinBox *m_images = nullptr;
    QSpinBox *m_points = nullptr;
};

} // namespace quantoscope
