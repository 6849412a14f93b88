// SPDX-License-Identifier: GPL-3.0-or-later
// Which runs are worth their cost: accuracy against size, bits or bit operations.
#pragma once

#include "core/data/run_record.h"

#include <vector>

namespace quantoscope {

struct RunPoint {
    int run = 0;            ///< index into the list of runs
    bool floating = false;  ///< the float model; once for each checkpoint
    PrecisionCosts costs;
    int64_t images = 0;
    double top1 = 0;        ///< percent
    Interval interval;      ///< Wilson 95 %, percent
    bool complete = true;   ///< false: of a part of the images; never on the front
    bool onFront = false;   ///< no other complete point costs no more and is no worse, one of both by something
};

struct RunFront {
    std::vector<RunPoint> points; ///< in the order of the runs; a run's float point stands before its own
    int withoutCosts = 0;         ///< evaluated runs that are left out: files of earlier versions
    bool sameImages = true;       ///< all points are of one list of images
};

/// Points of the runs (none is null) that have an accuracy and costs.
[[nodiscard]] RunFront runFront(const std::vector<const RunRecord *> &runs, Resource resource);

} // namespace quantoscope
