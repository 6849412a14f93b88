// SPDX-License-Identifier: GPL-3.0-or-later
// What quantizing each part alone costs, and what leaving it in float saves.
#pragma once

#include "views/plots/plot_view.h"

namespace quantoscope {

enum class SensitivityFigure {
    Kl,        ///< KL(float || quantized), nats
    Agreement, ///< images whose top-1 class changes, percent
    Top1,      ///< points of top-1 lost
};

/// Upwards what quantizing a unit (tap, operator, block, type of operator) alone costs; downwards what the quantized
/// network gains when that unit stays float. Blue: weights, vermillion: activations. In network order, or most sensitive
/// first. A click selects the unit's tap.
class SensitivityPlot : public PlotView {
    Q_OBJECT
public:
    explicit SensitivityPlot(QWidget *parent = nullptr);

    void setFigure(SensitivityFigure figure);
    void setSorted(bool sorted);
    /// Which of the run's tables is shown; the first one while the run has none of that level.
    void setLevel(SensitivityLevel level);
    /// Which precision of only-this; the table's first one while it has none of that.
    void setPrecision(PrecisionOption precision);
    [[nodiscard]] std::vector<SensitivityLevel> levels() const;       ///< of the run
    [[nodiscard]] std::vector<PrecisionOption> precisions() const;    ///< of the table that is shown
    [[nodiscard]] const SensitivityTable *table() const;              ///< that is shown; null: none
    [[nodiscard]] PrecisionOption precision() const;                  ///< that is shown
    [[nodiscard]] static QString figureTitle(SensitivityFigure figure);
    [[nodiscard]] static QString levelTitle(SensitivityLevel level);
    [[nodiscard]] static QString precisionTitle(PrecisionOption precision);

    QString viewName() const override;
    QString viewTitle() const override;
    bool canSwitchScale() const override { return m_figure == SensitivityFigure::Kl; }

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    int tapAt(QPointF position) const override;
    std::vector<int> tapsIn(const QRect &box) const override; ///< all of the units in it
    std::vector<int> selectableTaps() const override;
    bool logScaleAtFirst() const override { return m_figure == SensitivityFigure::Kl; }

private:
    struct Unit {
        int index = 0;         ///< into SensitivityTable::units
        std::vector<int> taps; ///< indices into run.taps
        bool weights = false;
        bool activations = false;
    };
    [[nodiscard]] std::vector<Unit> orderedUnits() const;
    [[nodiscard]] const SensitivityRow *rowOf(const Unit &unit, SensitivityKind kind, SensitivityPart part) const;
    /// Loss of only-this, or what all-but-this saves against everything quantized; NaN: not measured.
    [[nodiscard]] double valueOf(const Unit &unit, SensitivityKind kind, SensitivityPart part) const;
    [[nodiscard]] bool has(SensitivityKind kind) const;
    void drawSide(QCPAxisRect *rect, SensitivityKind kind, const PlotTheme &theme);
    void nameWorst(const PlotTheme &theme);
    [[nodiscard]] int placeAt(QPointF position) const;
    [[nodiscard]] QString unitName(const Unit &unit) const;
    [[nodiscard]] int tapOf(const Unit &unit) const;

    SensitivityFigure m_figure = SensitivityFigure::Kl;
    bool m_sorted = false;
    SensitivityLevel m_level = SensitivityLevel::Tap;
    PrecisionOption m_precision = PrecisionOption::own();
    std::vector<Unit> m_units; ///< as they are drawn
};

} // namespace quantoscope
