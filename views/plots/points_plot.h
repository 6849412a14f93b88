// SPDX-License-Identifier: GPL-3.0-or-later
// What plots of costs share: points that can be walked along, marked and opened, and the axis of the costs.
#pragma once

#include "core/data/precision_costs.h"
#include "views/plots/plot_view.h"

class QCPGraph;

namespace quantoscope {

/// A click on a point opens it. The left and right arrow keys (Page Up and Down for ten at once) walk along the points by
/// cost, Enter opens the one that is marked.
class PointsPlot : public PlotView {
    Q_OBJECT
public:
    /// What costs are shown in: 10^6 bytes, bits, 10^9 bit operations.
    [[nodiscard]] static double unitOf(Resource resource);
    void markPoint(int point); ///< index below pointCount(); others are ignored
    [[nodiscard]] int markedPoint() const { return m_marked; } ///< -1 none
    [[nodiscard]] virtual int pointCount() const = 0;
    /// Where a point is drawn, in pixels of the plot; for tests.
    [[nodiscard]] QPointF positionOf(int point) const;

Q_SIGNALS:
    void pointOpened(int point);

protected:
    explicit PointsPlot(QWidget *parent);

    /// Where a point stands, on the axes.
    [[nodiscard]] virtual QPointF placeOf(int point) const = 0;
    /// All places where it can be pointed at now; placeOf() by default.
    [[nodiscard]] virtual std::vector<QPointF> shownPlaces(int point) const;
    [[nodiscard]] virtual QString description(int point) const = 0;

    void setMarked(int point) { m_marked = point; } ///< without drawing; -1 none
    [[nodiscard]] std::vector<int> byCost() const;
    [[nodiscard]] int pointAt(QPointF position) const; ///< -1 none
    void addMark(const PlotTheme &theme);              ///< around the marked point; call in draw()
    /// Bars of half lengths `below` and `above`, in the series `id`.
    void addBars(QCPGraph *graph, const std::vector<double> &below, const std::vector<double> &above, const QString &id);
    /// Label, logarithmic scale and ticks of the horizontal axis.
    void setCostAxis(Resource resource);
    void linkCostAxis(Resource resource); ///< when its full range is set
    /// In unitOf() that axis.
    [[nodiscard]] static double shownCost(const PrecisionCosts &costs, Resource resource);
    /// "4.5 bit on average (weights 4, activations 5)", "2.8 MB", "20·10⁹ bit operations", "17 conversions".
    [[nodiscard]] static QStringList costTexts(const PrecisionCosts &costs);

    QString readout(QPointF position) const override;
    void clicked(QPointF position) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    int m_marked = -1;
};

} // namespace quantoscope
