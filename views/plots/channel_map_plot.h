// SPDX-License-Identifier: GPL-3.0-or-later
// Layers against channels as a heat map that shows outlier channels at a glance.
#pragma once

#include "core/analysis/channel_map.h"
#include "core/analysis/tap_groups.h"
#include "views/plots/plot_view.h"

class QCPColorMap;
class QCPAxisRect;

namespace quantoscope {

/// One row per layer of a group, one column per channel, on a logarithmic colour axis; below, each channel's largest
/// max |x| over median of all rows, with the outlier channels named. Where several channels share a pixel the worst one
/// gives the colour. A click selects the row's tap and the channel.
class ChannelMapPlot : public PlotView {
    Q_OBJECT
public:
    explicit ChannelMapPlot(QWidget *parent = nullptr);

    void setGroup(const TapGroup &group);
    void setFigure(ChannelFigure figure);
    /// What a column stands for.
    void setAxis(RangeAxis axis);
    [[nodiscard]] static QString figureTitle(ChannelFigure figure); ///< with its unit, as on the colour axis

    QString viewName() const override;
    QString viewTitle() const override;
    bool canSwitchScale() const override { return m_figure != ChannelFigure::IsolatedSqnr; }

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    int tapAt(QPointF position) const override;
    int channelAt(QPointF position) const override;
    std::vector<int> selectableTaps() const override;
    bool logScaleAtFirst() const override { return m_figure != ChannelFigure::IsolatedSqnr; }
    void viewChanged() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QString cellText(size_t row, int column) const;
    [[nodiscard]] QString outlierText() const; ///< of tokens and heads
    [[nodiscard]] bool channelIsSelected() const;
    [[nodiscard]] int columnAt(QPointF position) const; ///< channel, token or head; -1 outside
    [[nodiscard]] int rowAt(QPointF position) const; ///< index into m_map.taps, -1 outside
    void drawPeaks(const PlotTheme &theme);
    void fillCells();

    TapGroup m_group;
    RangeAxis m_axis = RangeAxis::Channels;
    ChannelFigure m_figure = ChannelFigure::OverMedian;
    ChannelMap m_map;
    std::vector<double> m_peaks;
    std::vector<OutlierChannel> m_outliers;
    QCPColorMap *m_cells = nullptr;
    QCPAxisRect *m_peaksRect = nullptr;
};

} // namespace quantoscope
