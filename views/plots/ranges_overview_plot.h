// SPDX-License-Identifier: GPL-3.0-or-later
// Inter-channel variation over the network: a box per layer of the channels' ranges.
#pragma once

#include "core/analysis/box_statistics.h"
#include "views/plots/plot_view.h"

#include <optional>

namespace quantoscope {

/// Box of max - min over the channels of every layer on a log axis, outliers as points that name their channel.
class RangesOverviewPlot : public PlotView {
    Q_OBJECT
public:
    explicit RangesOverviewPlot(QWidget *parent = nullptr);

    /// Which taps make the boxes: nothing, the inputs of all LayerNorms; else all taps of a role.
    void setRole(std::optional<Role> role);
    [[nodiscard]] std::optional<Role> role() const { return m_role; }

    QString viewName() const override;
    QString viewTitle() const override;

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    int tapAt(QPointF position) const override;
    std::vector<int> selectableTaps() const override;

private:
    [[nodiscard]] std::vector<int> shownTaps() const;
    [[nodiscard]] QString roleText() const;
    [[nodiscard]] int layerAt(double pixel) const;

    std::optional<Role> m_role;
    std::vector<int> m_taps;
    std::vector<BoxStatistics> m_boxes; ///< one per m_taps
};

} // namespace quantoscope
