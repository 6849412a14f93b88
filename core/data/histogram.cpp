// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/statistics.h"

#include <bit>
#include <numeric>

namespace quantoscope {

namespace {
float valueOf(uint32_t bits)
{
    return std::bit_cast<float>(bits);
}
} // namespace

float ValueHistogram::lowEdge(uint16_t code)
{
    // A negative float grows in magnitude with its bits, so its smaller end is the bin's last pattern.
    const bool negative = (code & 0x8000U) != 0;
    return valueOf((static_cast<uint32_t>(code) << 16) | (negative ? 0xFFFFU : 0U));
}

float ValueHistogram::highEdge(uint16_t code)
{
    const bool negative = (code & 0x8000U) != 0;
    return valueOf((static_cast<uint32_t>(code) << 16) | (negative ? 0U : 0xFFFFU));
}

uint64_t ValueHistogram::total() const
{
    return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
}

} // namespace quantoscope
