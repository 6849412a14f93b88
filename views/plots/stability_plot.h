// SPDX-License-Identifier: GPL-3.0-or-later
// Ranges over the network and how far they would move with other calibration images.
#pragma once

#include "core/analysis/range_figures.h"
#include "views/plots/plot_view.h"

class QCPAxisRect;

namespace quantoscope {

/// Per activation tap in network order: its range in float, what its quantizer represents, and where 90 % of the ranges of
/// resampled calibrations lie; below, the same band in percent of the calibration's own range, and the clipped share where anything is clipped.
class StabilityPlot : public PlotView {
    Q_OBJECT
public:
    explicit StabilityPlot(QWidget *parent = nullptr);

    QString viewName() const override;
    QString viewTitle() const override;
    bool canSwitchScale() const override { return true; }

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    int tapAt(QPointF position) const override;
    std::vector<int> selectableTaps() const override;
    bool logScaleAtFirst() const override { return true; }

private:
    struct Layer {
        int tap = 0;
        RangeFigures figures;
        RangeBand band;
        double width = 0; ///< of the range that was resampled
        double from = 0;  ///< 5 % of the resampled widths
        double to = 0;    ///< 95 %
    };
    void collect();
    void drawRanges(const PlotTheme &theme);
    void drawBand(const PlotTheme &theme);
    void drawClipping(const PlotTheme &theme);
    [[nodiscard]] QString caption() const;
    [[nodiscard]] std::vector<QCPAxisRect *> rects() const; ///< from above
    [[nodiscard]] int layerAt(QPointF position) const;      ///< index into m_layers, -1 outside

    std::vector<Layer> m_layers;
    QCPAxisRect *m_bandRect = nullptr;
    QCPAxisRect *m_clippingRect = nullptr; ///< of the current drawing; null when nothing is clipped
};

} // namespace quantoscope
