// SPDX-License-Identifier: GPL-3.0-or-later
// A tap's ranges in numbers: observed, representable, clipped. Pure functions; any thread.
#pragma once

#include "core/data/run_record.h"

namespace quantoscope {

struct RangeFigures {
    double observed = 0; ///< max - min in float; NaN: not observed
    double representable =
        0; ///< highest less lowest level of all of its scales; NaN: stays in float, or has no range (log2)
    double clippedShare = 0;       ///< of the values, 0..1; NaN: not known
    bool clippingMeasured = false; ///< by the error analysis; else estimated from the histogram of the calibration
};

[[nodiscard]] RangeFigures rangeFigures(const TapRecord &record);

/// Share of a histogram's values outside [low, high], 0..1; a bin that is cut counts in proportion. 0 without values.
[[nodiscard]] double shareOutside(const ValueHistogram &histogram, double low, double high);

} // namespace quantoscope
