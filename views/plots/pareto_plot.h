// SPDX-License-Identifier: GPL-3.0-or-later
// What a precision search found: loss over budget, and what running some points showed.
#pragma once

#include "views/plots/plot_view.h"

namespace quantoscope {

/// The Pareto front with its predicted loss, uniform widths for comparison, and the measured loss of points that were run.
/// A click on a point opens it. The left and right arrow keys (Page Up and Down for ten at once) walk along the points,
/// Enter opens the one that is marked. Shows a search instead of a run.
class ParetoPlot : public PlotView {
    Q_OBJECT
public:
    explicit ParetoPlot(QWidget *parent = nullptr);

    /// Null shows the empty state.
    void setResult(PrecisionSearchPtr result);
    [[nodiscard]] const PrecisionSearchPtr &result() const { return m_result; }
    /// Index into points(): the front, then the uniform ones; -1 none.
    void markPoint(int point);
    [[nodiscard]] int markedPoint() const { return m_marked; }
    [[nodiscard]] int pointCount() const;
    [[nodiscard]] const PrecisionPoint *point(int index) const; ///< null: there is none
    /// Where a point is drawn, in pixels of the plot; for tests.
    [[nodiscard]] QPointF positionOf(int index) const;

    QString viewName() const override;
    QString viewTitle() const override;
    bool canSwitchScale() const override { return true; }

Q_SIGNALS:
    /// A point is to become the plan.
    void pointOpened(int point);

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    bool logScaleAtFirst() const override { return true; }
    void clicked(QPointF position) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    enum class Figure { Predicted, Measured };
    [[nodiscard]] double cost(const PrecisionPoint &point) const; ///< in the unit of the horizontal axis
    [[nodiscard]] std::vector<int> byCost() const;
    [[nodiscard]] int pointAt(QPointF position) const; ///< -1 none
    [[nodiscard]] QString description(const PrecisionPoint &point) const;
    void addPoints(const QString &id, const QString &label, PrecisionPoint::Origin origin, Figure figure,
                   const PlotTheme &theme);
    void addMark(const PlotTheme &theme);

    PrecisionSearchPtr m_result;
    int m_marked = -1;
};

} // namespace quantoscope
