// SPDX-License-Identifier: GPL-3.0-or-later
// Which tables of papers are to be measured, and from what.
#pragma once

#include "core/jobs/workbench.h"
#include "views/widgets/cost_dialog.h"

class QLineEdit;
class QListWidget;
class QSpinBox;

namespace quantoscope {

/// Starts from the images, device and threads of `basis`. The plan that is wanted is that of request(). GUI thread.
class TableDialog : public CostDialog {
    Q_OBJECT
public:
    TableDialog(const RunRequest &basis, const QString &weightsFolder, QWidget *parent = nullptr);

    [[nodiscard]] TableRequest request() const;
    /// Why there is nothing to run; empty when request() is whole.
    [[nodiscard]] QString whyNot() const;
    /// A suite of the user's own, below the known ones and chosen.
    void addSuiteFile(const QString &path);
    void showPlan(const TablePlan &plan);

private:
    void changed();
    void addSuite(const QString &name, const QString &text, const QString &tip, bool chosen);
    QWidget *folderField(QLineEdit *&field, const char *name, const QString &text, const QString &accessibleName);

    RunRequest m_basis;
    QListWidget *m_suites = nullptr;
    QLineEdit *m_weights = nullptr;
    QLineEdit *m_images = nullptr;
    QLineEdit *m_cells = nullptr;
    QSpinBox *m_limit = nullptr;
};

} // namespace quantoscope
