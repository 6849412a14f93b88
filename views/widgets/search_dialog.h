// SPDX-License-Identifier: GPL-3.0-or-later
// What a search for mixed precision is asked: budget, precisions on offer, constraints.
#pragma once

#include "core/jobs/workbench.h"

#include <QDialog>

#include <vector>

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QDoubleSpinBox;
class QLabel;
class QSpinBox;
class QTimer;

namespace quantoscope {

/// Fills in what `run` leaves open. Each change is announced after a pause, so that its cost can be shown before the user
/// starts. GUI thread.
class SearchDialog : public QDialog {
    Q_OBJECT
public:
    explicit SearchDialog(RunRequest run, QWidget *parent = nullptr);

    [[nodiscard]] PlanSearchRequest request() const;
    void setBudget(const PrecisionBudget &budget);
    void setLevels(const std::vector<int> &levels);
    void setImages(int images);
    void setEvaluatePoints(int points);
    void showCost(const PlanSearchCost &cost);
    /// Why a search cannot be made so; Search is disabled.
    void showRefusal(const Error &error);

Q_SIGNALS:
    /// The cost of request() is wanted.
    void estimateWanted();

private:
    void changed();
    [[nodiscard]] Resource resource() const;

    RunRequest m_run;
    QDoubleSpinBox *m_amount = nullptr;
    QComboBox *m_unit = nullptr;
    std::vector<std::pair<int, QCheckBox *>> m_levels;
    QCheckBox *m_alike = nullptr;
    QCheckBox *m_outermost = nullptr;
    QSpinBox *m_images = nullptr;
    QSpinBox *m_points = nullptr;
    QLabel *m_cost = nullptr;
    QDialogButtonBox *m_buttons = nullptr;
    QTimer *m_pause = nullptr;
};

} // namespace quantoscope
