// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace quantoscope {

/// Lower and upper end of a range of observed values.
struct ValueRange {
    float low = 0;
    float high = 0;
};

/// The published running average: m + 0.01 (batch - m), in float32.
[[nodiscard]] inline ValueRange averaged(ValueRange running, ValueRange batch)
{
    constexpr float kWeight = 0.01F;
    return {running.low + kWeight * (batch.low - running.low), running.high + kWeight * (batch.high - running.high)};
}

} // namespace quantoscope
