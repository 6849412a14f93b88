// SPDX-License-Identifier: GPL-3.0-or-later
// Attention weights of all blocks against quantizer levels, and what quantized rows add up to.
#pragma once

#include "core/analysis/histograms.h"
#include "views/plots/plot_view.h"

class QCPAxisRect;

namespace quantoscope {

/// A ridge per block over one log axis from 10^-6 to 1, with the levels of log2 and uniform at the tap's bits standing
/// through all of them; beside it, where quantized rows were measured, the distribution of their sums (1 in float).
class SoftmaxPlot : public PlotView {
    Q_OBJECT
public:
    explicit SoftmaxPlot(QWidget *parent = nullptr);

    /// 2..8, or 0 for what the attention weights are set to.
    void setBits(int bits);

    QString viewName() const override;
    QString viewTitle() const override;
    QString tabTitle() const override;

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    int tapAt(QPointF position) const override;
    std::vector<int> selectableTaps() const override;

private:
    [[nodiscard]] std::vector<int> shownTaps() const;
    [[nodiscard]] const TapRecord &recordOf(size_t row) const;
    [[nodiscard]] int rowAt(QPointF position) const;
    [[nodiscard]] int shownBits() const;
    void drawRidges(const PlotTheme &theme);
    void drawLevels(const PlotTheme &theme);
    void drawRowSums(const PlotTheme &theme);

    int m_bits = 0;
    std::vector<int> m_taps;
    std::vector<LogHistogram> m_histograms; ///< one per m_taps
    QCPAxisRect *m_sumsRect = nullptr;      ///< null without row sums
};

} // namespace quantoscope
