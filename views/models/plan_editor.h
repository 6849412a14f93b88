// SPDX-License-Identifier: GPL-3.0-or-later
// The quantization that the window works on, recipe and plan together, and the history of its changes.
#pragma once

#include "core/jobs/workbench.h"
#include "views/models/item_roles.h"

#include <QObject>
#include <QSet>
#include <QStringList>

#include <vector>

class QUndoStack;

namespace quantoscope {

struct Recipe;

/// Every change is one step of history() that says what it did. A change that the model refuses is not made: refused()
/// says why. GUI thread.
class PlanEditor : public QObject {
    Q_OBJECT
public:
    explicit PlanEditor(QObject *parent = nullptr);
    ~PlanEditor() override;

    /// Another model: the plan and the history belong to the old one and go; the recipe stays. Null: no model.
    void setModel(OpenedModelPtr model);
    [[nodiscard]] const OpenedModelPtr &model() const { return m_model; }
    /// What a run would use, the plan included.
    [[nodiscard]] const QuantizationRequest &request() const { return m_request; }
    /// One per tap of the model; empty without a model, or when recipe and plan do not fit it (problem() says why).
    [[nodiscard]] const std::vector<TapSetting> &settings() const { return m_settings; }
    [[nodiscard]] QString problem() const { return m_problem; }
    /// Taps that the plan changes against its recipe.
    [[nodiscard]] QSet<QString> editedTaps() const;
    [[nodiscard]] QUndoStack *history() const { return m_history; }

    /// Another state without a step in the history, which is emptied: a restored session.
    void restore(const QuantizationRequest &request);
    /// `bits`: 2..8, FloatBits or RecipeBits. False when nothing changed.
    bool setBits(const QStringList &tapPaths, int bits);
    /// The form of recipe and widths was changed by the user; the plan stays. Turning one field on is one step.
    void setForm(const QuantizationRequest &form);
    /// Replaces recipe and plan; `what` is the name of the step.
    void replace(const QuantizationRequest &request, const QString &what);
    /// The same recipe without a plan.
    void discardPlan();

    /// What `other` differs in from the present state, in plain text (English, for logs and reviews); empty: nothing.
    [[nodiscard]] QString differenceFrom(const QuantizationRequest &other) const;
    /// Settings of another request for the model; empty when it does not fit or there is no model.
    [[nodiscard]] std::vector<TapSetting> settingsOf(const QuantizationRequest &request) const;

Q_SIGNALS:
    void changed(); ///< request() and settings() are new
    void refused(const quantoscope::Error &error);

private:
    class Step;
    void apply(const QuantizationRequest &request);
    void push(const QuantizationRequest &after, const QString &text, const QString &field = {});

    OpenedModelPtr m_model;
    QuantizationRequest m_request;
    std::vector<TapSetting> m_settings;
    QString m_problem;
    QUndoStack *m_history;
};

} // namespace quantoscope
