// SPDX-License-Identifier: GPL-3.0-or-later
// The selected tap channel by channel, token by token or head by head: what was observed, and what the quantizer can represent.
#pragma once

#include "core/analysis/channel_order.h"
#include "core/analysis/range_axis.h"
#include "views/plots/plot_view.h"

class QCPAxisRect;

namespace quantoscope {

/// Minimum and maximum of every channel, with the quantized range [(qmin - z) s, (qmax - z) s] drawn over it; below, those
/// of the same operator's weight (for a weight: of its output), channel by channel, and the power-of-two factors that PTF
/// gave the channels. A click selects the channel. Tokens and heads are shown in the same way, the tap's own alone.
class ChannelRangesPlot : public PlotView {
    Q_OBJECT
public:
    explicit ChannelRangesPlot(QWidget *parent = nullptr);

    /// Left to right; the panels share it.
    void setOrder(ChannelOrder order);
    /// What a place on the horizontal axis stands for.
    void setAxis(RangeAxis axis);
    [[nodiscard]] static QString axisTitle(RangeAxis axis); ///< "by channel", ...

    QString viewName() const override;
    QString viewTitle() const override;

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    int channelAt(QPointF position) const override;
    bool showsSelectionOnly() const override { return true; }

private:
    /// One tap's channels in one panel.
    struct Panel {
        const TapRecord *record = nullptr;
        QCPAxisRect *rect = nullptr;
        AxisRanges ranges;
        std::vector<LevelRange> quantized; ///< one per place, empty in float
        std::vector<int> clipped;          ///< places
    };
    void addPanel(const TapRecord &record, QCPAxisRect *rect, const PlotTheme &theme);
    void nameTokens(const PlotTheme &theme);
    void drawPanel(Panel &panel, const PlotTheme &theme);
    void drawFactors(const PlotTheme &theme);
    /// Of the selected tap; empty without PTF.
    [[nodiscard]] const std::vector<int> &factors() const;
    [[nodiscard]] QString caption(const Panel &panel) const;
    [[nodiscard]] QString placeText(const Panel &panel, int index) const;
    [[nodiscard]] int indexAt(QPointF position) const; ///< channel, token or head; -1 outside

    RangeAxis m_axis = RangeAxis::Channels;
    ChannelOrder m_channelOrder = ChannelOrder::Index;
    std::vector<int> m_order; ///< channels, tokens or heads from left to right
    std::vector<Panel> m_panels;
    QCPAxisRect *m_factorsRect = nullptr; ///< of the current drawing; null without PTF
};

} // namespace quantoscope
