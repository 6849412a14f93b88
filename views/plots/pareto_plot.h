// SPDX-License-Identifier: GPL-3.0-or-later
// What a precision search found: loss over budget, and what running some points showed.
#pragma once

#include "views/plots/points_plot.h"

#include <optional>

namespace quantoscope {

/// The Pareto front with its predicted loss, uniform widths for comparison, and the measured loss of points that were run.
/// Opening a point makes it the plan; so does dragging the line of the budget, to the best point within it. Shows a search
/// instead of a run.
class ParetoPlot : public PointsPlot {
    Q_OBJECT
public:
    explicit ParetoPlot(QWidget *parent = nullptr);

    /// Null shows the empty state.
    void setResult(PrecisionSearchPtr result);
    [[nodiscard]] const PrecisionSearchPtr &result() const { return m_result; }
    /// The front, then the uniform ones.
    [[nodiscard]] int pointCount() const override;
    [[nodiscard]] const PrecisionPoint *point(int index) const; ///< null: there is none

    QString viewName() const override;
    QString viewTitle() const override;
    bool canSwitchScale() const override { return true; }
    [[nodiscard]] double shownBudget() const; ///< where its line is, in the unit of the horizontal axis
    [[nodiscard]] double wantedAmount() const; ///< the same in the unit of PrecisionBudget::amount

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    bool logScaleAtFirst() const override { return true; }
    QPointF placeOf(int index) const override;
    std::vector<QPointF> shownPlaces(int index) const override;
    QString description(int index) const override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    enum class Figure { Predicted, Measured };
    [[nodiscard]] double cost(const PrecisionPoint &point) const; ///< in the unit of the horizontal axis
    void addPoints(const QString &id, const QString &label, PrecisionPoint::Origin origin, Figure figure,
                   const PlotTheme &theme);

    [[nodiscard]] bool isOnBudget(QPointF position) const;
    void dragBudget(double pixel);

    PrecisionSearchPtr m_result;
    std::optional<double> m_dragged; ///< place of the budget's line, where it was dragged to
    std::optional<double> m_grabbed; ///< pixel at which the line was pressed
    bool m_moved = false;            ///< since then
};

} // namespace quantoscope
