// SPDX-License-Identifier: GPL-3.0-or-later
// The selected tap's distribution against the levels that each kind of quantizer can represent.
#pragma once

#include "core/analysis/quantizer_preview.h"
#include "views/plots/plot_view.h"

class QCPGraph;
class QCPAxisRect;

namespace quantoscope {

/// Two panels over one value axis: the histogram under a row of levels for each quantizer, and the share that each level
/// takes. On a log axis magnitudes are drawn, and values too small for it stand in a bin of their own at its left; softmax
/// outputs start there, over 10^-6 to 1, and their shares are those of the attention mass. Changing a quantizer keeps the
/// view and takes less than a frame.
class LevelsPlot : public PlotView {
    Q_OBJECT
public:
    explicit LevelsPlot(QWidget *parent = nullptr);

    /// Width of all candidates, 2..8; 0 for what the tap is set to. Parameters follow the observed range again, or, where
    /// the width is the tap's own, calibration.
    void setBits(int bits);

    /// Candidates for the selected tap; empty without a histogram.
    [[nodiscard]] std::vector<PreviewForm> forms() const;
    /// What one candidate looks like now. `form` is one of forms().
    [[nodiscard]] const PreviewQuantizer &quantizer(PreviewForm form) const;
    [[nodiscard]] const QuantizerEstimate &estimate(PreviewForm form) const;
    /// Parameters that hold every value seen, at a width.
    [[nodiscard]] PreviewQuantizer observedRange(PreviewForm form, int bits) const;
    /// Replaces the candidate of its form. Ignored when there is none.
    void setQuantizer(const PreviewQuantizer &quantizer);

    void useCalibrated(PreviewForm form);    ///< as calibration left the tap; ignored when that has another form
    void useObservedRange(PreviewForm form); ///< holds every value seen
    void useLeastError(PreviewForm form);    ///< least squared error over shrunk ranges
    [[nodiscard]] bool hasCalibrated(PreviewForm form) const;

    [[nodiscard]] static QString formTitle(PreviewForm form);

    QString viewName() const override;
    QString viewTitle() const override;
    bool canSwitchScale() const override { return true; }

Q_SIGNALS:
    void candidatesReplaced(); ///< another tap or run, or other widths
    void quantizerChanged();   ///< parameters of one candidate

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    bool showsSelectionOnly() const override { return true; }
    bool logScaleAtFirst() const override;

private:
    struct Bin {
        double low = 0;
        double high = 0;
        double share = 0; ///< of all values, 0..1
        bool negative = false; ///< on a log axis: low and high are magnitudes of negative values
    };
    struct Candidate {
        PreviewQuantizer quantizer;
        QString origin; ///< where its parameters come from
        QuantizerEstimate estimate;
        QCPGraph *marks = nullptr; ///< of the current drawing
        QCPGraph *shares = nullptr;
    };
    [[nodiscard]] bool isSoftmax() const;
    [[nodiscard]] const Candidate *candidate(PreviewForm form) const;
    [[nodiscard]] int ownBits() const; ///< of the tap
    [[nodiscard]] double smallestShown() const; ///< lower end of a log axis
    [[nodiscard]] double bucket() const;        ///< where smaller values stand on it
    [[nodiscard]] double shownValue(double value, size_t candidate) const;
    [[nodiscard]] static QString seriesId(PreviewForm form);
    [[nodiscard]] QString summary(const Candidate &candidate) const;
    void prepare();
    void computeBins();
    void replace(Candidate candidate);
    void drawHistogram(const PlotTheme &theme);
    void drawLevels(const PlotTheme &theme);
    [[nodiscard]] double histogramHeight() const; ///< of its panel
    [[nodiscard]] double rowOf(size_t candidate) const; ///< of its marks on the axis of rows
    void fill(size_t index);

    int m_bits = 0;
    const TapRecord *m_prepared = nullptr; ///< whose values m_preview holds
    RunRecordPtr m_preparedRun;
    int m_preparedBits = -1;
    QuantizerPreview m_preview;
    std::vector<Candidate> m_candidates;
    std::vector<Bin> m_bins;
    double m_belowShare = 0; ///< of values too small for the log axis
    double m_topExponent = 0;
    QCPAxisRect *m_sharesRect = nullptr;
    PlotTheme m_theme; ///< of the current drawing
};

} // namespace quantoscope
