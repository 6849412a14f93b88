// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy over the number of calibration images, with every random choice of them as a point.
#pragma once

#include "core/jobs/spread_finder.h"
#include "views/plots/points_plot.h"

namespace quantoscope {

/// Draws as points, their mean with Student's 95 % interval, the float model, published values, and from how many images on the mean stays. A
/// colour and shape for each calibration batch. Opening a point chooses the run. Shows a list of runs instead of one: the
/// caller asks for its summary (SpreadFinder).
class SpreadPlot : public PointsPlot {
    Q_OBJECT
public:
    explicit SpreadPlot(QWidget *parent = nullptr);

    void setSpread(RunSpreadPtr spread); ///< null, or one without draws, shows the empty state
    [[nodiscard]] const RunSpreadPtr &spread() const { return m_spread; }
    void setFigure(DrawFigure figure);
    [[nodiscard]] static QString figureTitle(DrawFigure figure);
    [[nodiscard]] RunRecordPtr runOf(int point) const; ///< null: there is no such point
    void markRun(const RunRecordPtr &run);             ///< one that is no point leaves nothing marked

    QString viewName() const override;
    QString viewTitle() const override;
    int pointCount() const override;

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QPointF placeOf(int point) const override;
    QString description(int point) const override;

private:
    [[nodiscard]] const CalibrationDraw &drawAt(int point) const;
    [[nodiscard]] bool isKnown() const; ///< some draw tells the figure
    /// Values that the draws are held against, with the ends of the vertical axis, which they widen where they are not far off.
    void addLevels(double &low, double &high, const PlotTheme &theme);
    void setAxes(const PlotTheme &theme);
    void addSeries(size_t index, const PlotTheme &theme);
    void addConvergence(const SpreadSeries &series, const QColor &color);
    [[nodiscard]] QString caption() const;

    RunSpreadPtr m_spread;
    DrawFigure m_figure = DrawFigure::Top1;
};

} // namespace quantoscope
