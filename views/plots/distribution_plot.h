// SPDX-License-Identifier: GPL-3.0-or-later
// The selected tap's distribution against the levels that a quantizer can represent.
#pragma once

#include "core/analysis/histograms.h"
#include "core/analysis/quantizer_levels.h"
#include "views/plots/plot_view.h"

namespace quantoscope {

/// Two panels over one value axis: histogram of the values under the levels of each quantizer, and the share that
/// each level takes. Softmax outputs are drawn on a log axis from 1e-6 to 1 with uniform and log2 levels, and the share is
/// that of the attention mass; other taps on a linear axis with uniform levels and the share of values.
class DistributionPlot : public PlotView {
    Q_OBJECT
public:
    explicit DistributionPlot(QWidget *parent = nullptr);

    /// 2..8, or 0 for what the tap is set to.
    void setBits(int bits);

    QString viewName() const override;
    QString viewTitle() const override;

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    bool showsSelectionOnly() const override { return true; }

private:
    struct Bin {
        double low = 0;
        double high = 0;
        double share = 0; ///< of all values, 0..1
    };
    struct Candidate {
        QString label;
        QuantizerEstimate estimate;
    };
    [[nodiscard]] bool isSoftmax() const;
    [[nodiscard]] double shownValue(double value,
                                    size_t candidate) const; ///< where a level stands on the value axis
    void compute();
    void drawLevels(const PlotTheme &theme);
    [[nodiscard]] static QString summary(const Candidate &candidate);

    int m_bits = 0;
    std::vector<Bin> m_bins;
    double m_belowShare = 0;             ///< of values under the log axis
    std::vector<Candidate> m_candidates; ///< uniform, then log2 for softmax
};

} // namespace quantoscope
