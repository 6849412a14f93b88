// SPDX-License-Identifier: GPL-3.0-or-later
// Which sensitivity is to be measured, and what it will cost.
#pragma once

#include "core/jobs/workbench.h"

#include <QDialog>

#include <utility>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTimer;

namespace quantoscope {

/// Asks for an estimate after every change; *Start* is possible once there is one. GUI thread.
class SensitivityDialog : public QDialog {
    Q_OBJECT
public:
    explicit SensitivityDialog(QWidget *parent = nullptr);

    [[nodiscard]] SensitivityRequest request() const;
    /// Measurements, passes and time of what is chosen now.
    void setCost(const SensitivityCost &cost);
    /// The estimate failed: why.
    void setRefusal(const QString &reason);

Q_SIGNALS:
    void costWanted();
    void startRequested();

private:
    void changed();
    [[nodiscard]] QString whyNot() const;

    QComboBox *m_level = nullptr;
    QCheckBox *m_only = nullptr;
    QCheckBox *m_allBut = nullptr;
    QCheckBox *m_split = nullptr;
    std::vector<std::pair<QCheckBox *, PrecisionOption>> m_precisions;
    QSpinBox *m_images = nullptr;
    QLabel *m_cost = nullptr;
    QPushButton *m_start = nullptr;
    QTimer *m_wait = nullptr;
};

} // namespace quantoscope
