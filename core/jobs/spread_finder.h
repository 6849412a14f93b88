// SPDX-License-Identifier: GPL-3.0-or-later
// Sums up beside the running job what runs with other calibration images show.
#pragma once

#include "core/analysis/calibration_spread.h"
#include "core/data/result_table.h"
#include "core/jobs/latest_work.h"
#include "core/jobs/workbench.h"

#include <QObject>

#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace quantoscope {

/// A summary with the runs behind it.
struct RunSpread {
    std::vector<RunRecordPtr> runs; ///< that CalibrationDraw::run counts in
    CalibrationSpread spread;
    std::vector<PublishedResult> published; ///< of the model under this quantization; mostly none
};
using RunSpreadPtr = std::shared_ptr<const RunSpread>;

/// At once, whatever it takes; none of the runs is null and there is at least one. Any thread.
[[nodiscard]] RunSpreadPtr spreadOf(std::vector<RunRecordPtr> runs, const RunRecord &like,
                                    const FiguresOf &figuresOf = drawFigures);

/// GUI thread. Works on one list at a time; of those that come meanwhile only the last one is looked at. A run's figures are
/// found once. Destroying it waits for the current list (at most seconds).
class SpreadFinder : public QObject {
    Q_OBJECT
public:
    explicit SpreadFinder(QObject *parent = nullptr);

    /// None is null. Ends with found().
    void find(std::vector<RunRecordPtr> runs, RunRecordPtr like);
    [[nodiscard]] bool isIdle() const { return m_work.isIdle(); } ///< everything that was asked is answered

Q_SIGNALS:
    void found(const quantoscope::RunSpreadPtr &spread);

private:
    [[nodiscard]] RunSpreadPtr answer(const std::vector<RunRecordPtr> &runs, const RunRecord &like); ///< worker

    /// Of the worker: figures by record, which may be gone and its place taken by another.
    std::map<const RunRecord *, std::pair<std::weak_ptr<const RunRecord>, DrawFigures>> m_known;
    LatestWork m_work;
};

} // namespace quantoscope
