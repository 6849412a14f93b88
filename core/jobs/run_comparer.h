// SPDX-License-Identifier: GPL-3.0-or-later
// Compares two runs image by image beside the running job.
#pragma once

#include "core/analysis/run_comparison.h"
#include "core/jobs/workbench.h"

#include <QObject>

#include <memory>
#include <thread>

namespace quantoscope {

using RunComparisonPtr = std::shared_ptr<const RunComparison>;

/// One comparison at a time; another one that is asked for meanwhile is ignored. GUI thread. Destroying it waits for the
/// comparison to end (at most seconds).
class RunComparer : public QObject {
    Q_OBJECT
public:
    explicit RunComparer(QObject *parent = nullptr);
    ~RunComparer() override;

    /// The runs' own results (quantized, or float of a float run). Ends with compared() or failed().
    void compare(RunRecordPtr first, RunRecordPtr second);

Q_SIGNALS:
    void compared(quantoscope::RunRecordPtr first, quantoscope::RunRecordPtr second, quantoscope::RunComparisonPtr result);
    void failed(const quantoscope::Error &error);

private:
    std::thread m_worker;
    bool m_running = false;
};

} // namespace quantoscope
