// SPDX-License-Identifier: GPL-3.0-or-later
// Finds out beside the running job what changed from one result to another.
#pragma once

#include "core/analysis/flips.h"
#include "core/analysis/run_comparison.h"
#include "core/jobs/latest_work.h"
#include "core/jobs/workbench.h"

#include <QObject>

#include <memory>

namespace quantoscope {

/// Two results, and which images count as changed.
struct ChangeQuestion {
    RunRecordPtr first;
    RunSide firstSide = RunSide::Own;
    RunRecordPtr second;
    RunSide secondSide = RunSide::Own;
    FlipRank rank = FlipRank::Top1;

    bool operator==(const ChangeQuestion &) const = default;
};

struct RunChanges {
    ChangeQuestion question; ///< keeps both runs alive
    RunComparison comparison;
    FlipList flips;
};
using RunChangesPtr = std::shared_ptr<const RunChanges>;

/// Errors: those of compareRuns. Takes seconds on large runs. Any thread.
[[nodiscard]] Result<RunChangesPtr> findChanges(const ChangeQuestion &question);

/// GUI thread. One question is worked on at a time; of those that are asked meanwhile the last one is answered, and no
/// other. Destroying it waits for the current one to end (at most seconds).
class ChangeFinder : public QObject {
    Q_OBJECT
public:
    explicit ChangeFinder(QObject *parent = nullptr);

    /// Both runs are set. Ends with found() or failed().
    void find(const ChangeQuestion &question);
    void forget(); ///< what was asked is no longer wanted: there will be no answer
    [[nodiscard]] bool isIdle() const { return m_work.isIdle(); } ///< everything that was asked is answered

Q_SIGNALS:
    void found(quantoscope::RunChangesPtr changes);
    void failed(const quantoscope::Error &error);

private:
    LatestWork m_work;
};

/// Full path of an image of a run's list, as the imaging functions take it (it may lead into an archive).
[[nodiscard]] std::string imagePath(const ImageListRecord &images, int image);

} // namespace quantoscope
