// SPDX-License-Identifier: GPL-3.0-or-later
// The plan in words: what it changes against the recipe, a kept plan or a run, and what that is predicted to do.
#pragma once

#include "core/data/project.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace quantoscope {

/// Computes nothing: PlanController fills it. GUI thread.
class PlanPanel : public QWidget {
    Q_OBJECT
public:
    explicit PlanPanel(QWidget *parent = nullptr);

    /// What the plan can be compared with beside its recipe: kept plans, then runs. The choice stays where it is there.
    void setReferences(const std::vector<KeptPlan> &kept, const std::vector<KeptPlan> &runs);
    /// -1 recipe; else an index into kept plans followed by runs.
    [[nodiscard]] int reference() const;
    void setDifference(const QString &text);
    [[nodiscard]] QString difference() const;
    /// `text` is plain; `tip` says how the prediction is made.
    void setPrediction(const QString &text, const QString &tip);
    /// Empty reasons enable.
    void setWhyNot(const QString &keep, const QString &discard, const QString &takeOver, const QString &remove);

Q_SIGNALS:
    void referenceChanged();
    void keepRequested();
    void discardRequested();
    void takeOverRequested(); ///< of reference()
    void removeRequested();   ///< of reference(), a kept plan
    void copyRequested();

private:
    QPushButton *addButton(QLayout *layout, const char *name, const QString &text, void (PlanPanel::*signal)());

    QComboBox *m_reference;
    QPlainTextEdit *m_difference;
    QLabel *m_prediction;
    QPushButton *m_keep = nullptr;
    QPushButton *m_discard = nullptr;
    QPushButton *m_takeOver = nullptr;
    QPushButton *m_remove = nullptr;
};

} // namespace quantoscope
