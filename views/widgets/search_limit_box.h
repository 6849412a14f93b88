// SPDX-License-Identifier: GPL-3.0-or-later
// The limit to conversions beside the plot of a precision search: a change is answered at once, without a measurement.
#pragma once

#include "core/jobs/workbench.h"

#include <QSpinBox>

#include <optional>

namespace quantoscope {

class ParetoPlot;
class SearchLimiter;

/// Follows the search that the plot shows, and the budget where its line was dragged to. Enter takes the marked plan.
/// GUI thread; the plot outlives it.
class SearchLimitBox : public QSpinBox {
    Q_OBJECT
public:
    explicit SearchLimitBox(ParetoPlot *plot, QWidget *parent = nullptr);

    void setModel(OpenedModelPtr model); ///< null: none is open; another one than that of the search cannot be asked
    void follow();                       ///< the plot shows another search
    void stepBy(int steps) override;     ///< from no limit to the conversions of the chosen point

Q_SIGNALS:
    void limited();                                 ///< the plot shows the answer
    void refused(const quantoscope::Error &error);  ///< the limit is what it was

protected:
    StepEnabled stepEnabled() const override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void ask(int value);
    void takeMarked();

    ParetoPlot *m_plot;
    SearchLimiter *m_limiter;
    OpenedModelPtr m_model;
    bool m_taking = false; ///< when the answer is there
};

/// Minimum of a box for such a limit: there is none.
inline constexpr int kNoLimit = -1;
/// Range, texts and the value "no limit" of a box for it.
void setUpLimitBox(QSpinBox &box);
[[nodiscard]] std::optional<int> limitOf(const QSpinBox &box);

} // namespace quantoscope
