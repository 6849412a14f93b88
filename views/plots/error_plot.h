// SPDX-License-Identifier: GPL-3.0-or-later
// Quantization error over the network, isolated and cumulative.
#pragma once

#include "core/analysis/error_figure.h"
#include "views/plots/plot_view.h"

namespace quantoscope {

/// Every measured tap in network order: its own error (isolated), what reaches it in the quantized network (network) and
/// the same after its own quantizer (cumulative), with the worst taps named. Below, how much of each tap's own error
/// clipping causes and how much rounding.
class ErrorPlot : public PlotView {
    Q_OBJECT
public:
    explicit ErrorPlot(QWidget *parent = nullptr);

    void setFigure(ErrorFigure figure);
    void setWeightsShown(bool shown);
    [[nodiscard]] static QString figureTitle(ErrorFigure figure); ///< with its unit, as on the axis

    QString viewName() const override;
    QString viewTitle() const override;
    QString tabTitle() const override;
    bool canSwitchScale() const override { return m_figure != ErrorFigure::SqnrDb; }

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    int tapAt(QPointF position) const override;
    std::vector<int> selectableTaps() const override;
    bool logScaleAtFirst() const override { return m_figure != ErrorFigure::SqnrDb; }

private:
    struct Point {
        int layer = 0; ///< index into m_taps
        double value = 0;
    };
    [[nodiscard]] std::vector<int> shownTaps() const;
    /// Layer of the nearest point within reach of the pointer, else the layer under it; -1 outside.
    [[nodiscard]] int layerAt(QPointF position) const;
    [[nodiscard]] const TapRecord &recordOf(int layer) const;
    void drawShares(const PlotTheme &theme);
    void nameWorst(const PlotTheme &theme);

    ErrorFigure m_figure = ErrorFigure::SqnrDb;
    bool m_weights = true;
    std::vector<int> m_taps;
    std::vector<Point> m_points; ///< all that are drawn
};

} // namespace quantoscope
