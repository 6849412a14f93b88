// SPDX-License-Identifier: GPL-3.0-or-later
// What dialogs share that start long work: the cost of the present choice is shown before the user starts.
#pragma once

#include "core/base/result.h"

#include <QDialog>

class QFormLayout;
class QLabel;
class QPushButton;
class QTimer;

namespace quantoscope {

/// A form, below it the cost, below that Start and Cancel. A subclass fills in form(), calls finish() and then
/// noteChange() whenever the choice changes; after a pause its cost is asked for, and showCostText() makes Start possible.
/// GUI thread.
class CostDialog : public QDialog {
    Q_OBJECT
public:
    /// Why the present choice cannot be started.
    void showRefusal(const Error &error);

Q_SIGNALS:
    /// The cost of the present choice is wanted.
    void estimateWanted();

protected:
    explicit CostDialog(QWidget *parent);

    [[nodiscard]] QFormLayout *form() const { return m_form; }
    /// Lays the dialog out. `lines`: room for so many lines of cost, so that the dialog keeps its size.
    void finish(const QString &start, int lines);
    /// `waiting` is shown until the cost is there; meanwhile Start is possible only if `startable`.
    void noteChange(const QString &waiting, bool startable = false);
    /// The choice itself is wrong: nothing is asked for.
    void refuseChoice(const QString &reason);
    /// A cost that arrived. Of an earlier choice (a change is waiting, or was refused) nothing is shown.
    void showCostText(const QString &text);

private:
    QFormLayout *m_form;
    QLabel *m_cost;
    QPushButton *m_start = nullptr;
    QTimer *m_pause;
    bool m_refused = false;
};

} // namespace quantoscope
