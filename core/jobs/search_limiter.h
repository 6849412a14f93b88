// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the front of a finished precision search at other limits, beside the GUI thread and the running job.
#pragma once

#include "core/base/run_control.h"
#include "core/jobs/latest_work.h"
#include "core/jobs/workbench.h"

#include <QObject>

#include <optional>

namespace quantoscope {

/// GUI thread. A new question stops the work on the one before: only the last one is answered.
class SearchLimiter : public QObject {
    Q_OBJECT
public:
    explicit SearchLimiter(QObject *parent = nullptr);
    ~SearchLimiter() override;

    /// Ends with solved() or refused(): searchWithin() on measurements that are there already. Neither is null.
    void solve(PrecisionSearchPtr search, OpenedModelPtr model, double amount, std::optional<int> mostConversions);
    void forget(); ///< the last question is no longer of interest
    [[nodiscard]] bool isIdle() const { return m_work.isIdle(); }

Q_SIGNALS:
    void solved(const quantoscope::PrecisionSearchPtr &search);
    void refused(const quantoscope::Error &error);

private:
    CancelToken m_cancel; ///< of the last question
    LatestWork m_work;
};

} // namespace quantoscope
