// SPDX-License-Identifier: GPL-3.0-or-later
// Where the model looks in an image: float, quantized, and the difference.
#pragma once

#include "views/plots/plot_view.h"

class QCPColorScale;
class QPixmap;

namespace quantoscope {

/// Three maps over the picture side by side. The attention is that of the selected tap's block, else of the last block
/// that has one; the arrow keys walk along the blocks. Float and quantized share one colour scale.
class AttentionPlot : public PlotView {
    Q_OBJECT
public:
    static constexpr int kMean = -1;
    static constexpr int kRollout = -2;

    explicit AttentionPlot(QWidget *parent = nullptr);

    void setImage(int index);       ///< into RunRecord::attention; the last one when out of range
    void setHead(int head);         ///< kMean, kRollout or a head; kMean where it does not exist
    void setPictureShown(bool on);  ///< false: the maps alone
    [[nodiscard]] const AttentionRecord *record() const; ///< shown; null: none
    [[nodiscard]] const AttentionLayer *layer() const;   ///< shown; null: none

    QString viewName() const override;
    QString viewTitle() const override;

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    std::vector<int> selectableTaps() const override;
    bool showsSelectionOnly() const override { return true; }

private:
    struct Maps {
        int grid = 0;
        std::vector<float> floating;
        std::vector<float> quantized;
        bool rollout = false;
    };
    [[nodiscard]] Maps maps() const;
    void addPanel(int panel, const QString &title, const std::vector<float> &values, const QPixmap &picture,
                  QCPColorScale *scale, const PlotTheme &theme);
    void keepAspect();

    int m_image = -1;
    int m_head = kMean;
    bool m_picture = true;
    Maps m_shown;
};

} // namespace quantoscope
