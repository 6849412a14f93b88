// SPDX-License-Identifier: GPL-3.0-or-later
// How ranges came about while the model was calibrated, batch by batch; also while it happens.
#pragma once

#include "core/quantization/range_history.h"
#include "views/plots/plot_view.h"

class QCPAxisRect;

namespace quantoscope {

/// Above, the range of one tap after every batch as each observer holds it; without a selection, of the tap that takes
/// longest. Below, per activation tap the images after which its own observer's range had settled. A run that is being
/// calibrated (RunContinuation::calibrating) is shown just so, as far as it is.
class CalibrationPlot : public PlotView {
    Q_OBJECT
public:
    explicit CalibrationPlot(QWidget *parent = nullptr);

    /// The tap that is drawn above; -1 when nothing is.
    [[nodiscard]] int shownTap() const;

    QString viewName() const override;
    QString viewTitle() const override;

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    int tapAt(QPointF position) const override;
    std::vector<int> selectableTaps() const override;

private:
    struct Layer {
        int tap = 0;
        RangeConvergence convergence;
    };
    struct Course {
        ObserverKind kind = ObserverKind::MinMax;
        std::vector<ValueRange> ranges; ///< after each batch
    };
    [[nodiscard]] const CalibrationHistory &history() const { return run()->calibration.history; }
    [[nodiscard]] bool wasSeen(int tap) const; ///< by any batch
    void drawCourses(const PlotTheme &theme);
    void drawNetwork(const PlotTheme &theme);
    [[nodiscard]] QString caption() const;
    [[nodiscard]] int layerAt(QPointF position) const; ///< index into m_layers, -1 outside
    [[nodiscard]] int batchAt(QPointF position) const; ///< -1 outside

    std::vector<Layer> m_layers; ///< activation taps that were seen, in network order
    std::vector<Course> m_courses;
    NetworkConvergence m_network;
    QCPAxisRect *m_networkRect = nullptr;
};

} // namespace quantoscope
