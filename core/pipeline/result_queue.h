// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the cells of result tables one after the other. Every finished cell is a file, so a queue that was ended at any
// moment goes on where it was, and machines that share the folder share the work.
#pragma once

#include "core/base/result.h"
#include "core/base/run_control.h"
#include "core/data/result_table.h"
#include "core/pipeline/requests.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace quantoscope {

/// Where the queue is.
struct QueueProgress {
    size_t cell = 0;        ///< index into ResultTable::cells
    size_t number = 0;      ///< of the cell among those that this call runs, from 1
    size_t count = 0;       ///< cells that this call runs
    Progress phase;         ///< of the cell
    bool finished = false;  ///< the cell is over, well or badly
    double share = 0;       ///< of the queue's cost that is done, 0..1
    double secondsLeft = -1; ///< of the whole queue; negative while unknown
};

class ResultQueue {
public:
    /// Finds weights and images, hashes them, and looks at the cells that are there already. Progress: "hash" (files).
    /// Errors: of the images (openImages, openImageList, randomSubset), Io (the cell folder), Cancelled; missing weights
    /// and what is wrong with single cells are the cells' own states.
    [[nodiscard]] static Result<std::unique_ptr<ResultQueue>> plan(TableRequest request, const RunControl &control);
    ~ResultQueue();

    [[nodiscard]] const ResultTable &table() const;
    /// Sentences for the user: fewer calibration images than a suite asks for.
    [[nodiscard]] const std::vector<std::string> &notes() const;
    /// Whether run() of this part would run the cell.
    [[nodiscard]] bool isPending(size_t cell) const;
    /// About how much work a cell is, in multiply-accumulates.
    [[nodiscard]] double cost(size_t cell) const;
    /// Seconds for as much work as `cost`, at the rate of the cells that are there or, without any, a usual one.
    [[nodiscard]] double secondsFor(double cost) const;
    [[nodiscard]] bool rateIsMeasured() const;

    using Watch = std::function<void(const QueueProgress &)>;
    /// Runs what is pending, a model at a time. A cell that fails does not stop the others. Afterwards table() holds every
    /// result that the folder has. Error: Cancelled (the cells so far are in the folder and in table()).
    [[nodiscard]] Result<void> run(const RunControl &control, const Watch &watch);

private:
    ResultQueue();
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace quantoscope
