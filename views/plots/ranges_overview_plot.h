// SPDX-License-Identifier: GPL-3.0-or-later
// Inter-channel variation over the network: a box per layer of the channels' ranges.
#pragma once

#include "core/analysis/box_statistics.h"
#include "core/analysis/tap_groups.h"
#include "views/plots/plot_view.h"

namespace quantoscope {

/// Box of max - min over the channels of every layer on a log axis, outliers as points that name their channel.
class RangesOverviewPlot : public PlotView {
    Q_OBJECT
public:
    explicit RangesOverviewPlot(QWidget *parent = nullptr);

    /// Which taps make the boxes; at first the inputs of all LayerNorms.
    void setGroup(const TapGroup &group);

    QString viewName() const override;
    QString viewTitle() const override;
    QString tabTitle() const override;
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
    [[nodiscard]] int layerAt(double pixel) const;

    TapGroup m_group;
    std::vector<int> m_taps;
    std::vector<BoxStatistics> m_boxes; ///< one per m_taps
};

} // namespace quantoscope
