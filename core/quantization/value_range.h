// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace quantoscope {

/// Lower and upper end of a range of observed values.
struct ValueRange {
    float low = 0;
    float high = 0;
};

} // namespace quantoscope
