// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/histogram_cells.h"

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

LinearHistogram rebin(const ValueHistogram &histogram, double low, double high, int bins)
{
    LinearHistogram result{low, high, {}};
    if (bins < 1 || !(high > low))
        return result;
    result.counts.assign(static_cast<size_t>(bins), 0.0);
    const double width = (high - low) / bins;
    const auto edge = [&](size_t bin) { return low + width * static_cast<double>(bin); };
    forEachCell(histogram, [&](double a, double b, double count) {
        if (b < low || a > high)
            return;
        // One bin to the left of the computed one: rounding of the quotient may be off by one at an edge.
        const size_t bin = clampedBin((a - low) / width, result.counts.size());
        spreadCell(result.counts, a, b, count, b > a && bin > 0 ? bin - 1 : bin, edge);
    });
    return result;
}

} // namespace quantoscope
