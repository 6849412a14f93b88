// SPDX-License-Identifier: GPL-3.0-or-later
// Weights beside activations: how the ranges of an operator's channels are distributed.
#pragma once

#include "core/analysis/box_statistics.h"
#include "core/analysis/density.h"
#include "views/plots/plot_view.h"

namespace quantoscope {

/// For the operator of the selected tap, next to each other: its output's channel ranges and its weight's, as observed, and
/// what the quantizer of each can represent. A box (quartiles, whiskers 1.5 IQR) inside a violin (density of log10 range),
/// outlier channels as points.
class RangeShapesPlot : public PlotView {
    Q_OBJECT
public:
    explicit RangeShapesPlot(QWidget *parent = nullptr);

    QString viewName() const override;
    QString viewTitle() const override;
    bool canSwitchScale() const override { return true; }

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    int tapAt(QPointF position) const override;
    int channelAt(QPointF position) const override;
    bool showsSelectionOnly() const override { return true; }
    bool logScaleAtFirst() const override { return true; }

private:
    struct Shape {
        int tap = -1;
        QString label;
        bool representable = false; ///< of the quantizer instead of observed
        std::vector<double> ranges; ///< one per channel
        BoxStatistics box;
        std::vector<DensityPoint> outline;
    };
    void collect();
    [[nodiscard]] int shapeAt(QPointF position) const;
    [[nodiscard]] const ChannelValue *outlierAt(const Shape &shape, size_t place, QPointF position) const;
    void drawShape(const Shape &shape, double place, const PlotTheme &theme);

    std::vector<Shape> m_shapes;
};

} // namespace quantoscope
