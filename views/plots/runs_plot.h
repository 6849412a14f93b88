// SPDX-License-Identifier: GPL-3.0-or-later
// All runs as points: accuracy over what their plans take.
#pragma once

#include "core/analysis/run_front.h"
#include "views/plots/points_plot.h"

namespace quantoscope {

/// One point a run with its 95 % interval, the float model beside them, and the front of the runs that are worth their cost.
/// Opening a point chooses the run. Shows a list of runs instead of one.
class RunsPlot : public PointsPlot {
    Q_OBJECT
public:
    explicit RunsPlot(QWidget *parent = nullptr);

    /// None is null; `baseline` may be.
    void setRuns(std::vector<RunRecordPtr> runs, RunRecordPtr baseline = nullptr);
    void setResource(Resource resource);
    [[nodiscard]] Resource resource() const { return m_resource; }
    [[nodiscard]] static QString resourceTitle(Resource resource);
    [[nodiscard]] const RunFront &front() const { return m_front; }
    [[nodiscard]] RunRecordPtr runOf(int point) const; ///< null: there is no such point
    void markRun(const RunRecordPtr &run); ///< its own point; without one nothing is marked

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
    void recompute();
    [[nodiscard]] QString label(int point) const;

    std::vector<RunRecordPtr> m_runs;
    RunRecordPtr m_baseline;
    Resource m_resource = Resource::WeightBytes;
    RunFront m_front;
    bool m_idsDiffer = true;
};

} // namespace quantoscope
