// SPDX-License-Identifier: GPL-3.0-or-later
// The selected tap channel by channel: what was observed, and what the quantizer can represent.
#pragma once

#include "core/analysis/quantizer_levels.h"
#include "views/plots/plot_view.h"

namespace quantoscope {

/// Minimum and maximum over the channel index, with the quantized range [(qmin - z) s, (qmax - z) s] drawn over it.
class ChannelRangesPlot : public PlotView {
    Q_OBJECT
public:
    explicit ChannelRangesPlot(QWidget *parent = nullptr);

    QString viewName() const override;
    QString viewTitle() const override;

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    bool showsSelectionOnly() const override { return true; }

private:
    std::vector<ValueRange> m_quantized; ///< one per channel, empty in float
};

} // namespace quantoscope
