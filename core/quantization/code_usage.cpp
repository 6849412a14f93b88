// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/code_usage.h"

#include <bit>
#include <cmath>
#include <vector>

namespace quantoscope {

namespace {

/// Uniform levels are multiples of the scale, counted in an array around zero.
void countUniform(const QuantizerParameters &p, const float *values, int64_t elements, int64_t inner,
                  std::map<int64_t, uint64_t> &counts)
{
    const int64_t reach = int64_t{1} << p.bits;
    std::vector<uint64_t> bins(static_cast<size_t>(2 * reach + 1));
    const auto scales = static_cast<int64_t>(p.scale.size());
    for (int64_t begin = 0; begin < elements; begin += inner) {
        // One scale for all: a single stretch. One per channel of the last axis: inner is 1.
        const int64_t end = scales == 1 ? elements : begin + inner;
        const float scale = p.scale[static_cast<size_t>(begin / inner % scales)];
        for (int64_t i = begin; i < end; ++i)
            ++bins[static_cast<size_t>(std::lrint(values[i] / scale) + reach)];
        if (scales == 1)
            break;
    }
    for (size_t bin = 0; bin < bins.size(); ++bin)
        if (bins[bin] > 0)
            counts[static_cast<int64_t>(bin) - reach] += bins[bin];
}

} // namespace

void CodeUsage::add(const QuantizerParameters &parameters, const float *quantized, int64_t elements, int64_t inner)
{
    if (parameters.kind == QuantizerKind::Uniform) {
        countUniform(parameters, quantized, elements, inner, m_counts);
        return;
    }
    // The other grids belong to whole tensors: a level is its value. Neighbours are often equal, which saves the search.
    uint64_t run = 0;
    for (int64_t i = 0; i < elements; ++i) {
        ++run;
        if (i + 1 == elements || quantized[i + 1] != quantized[i]) {
            m_counts[std::bit_cast<int32_t>(quantized[i])] += run;
            run = 0;
        }
    }
}

double CodeUsage::entropyBits() const
{
    double total = 0;
    for (const auto &[level, count] : m_counts)
        total += static_cast<double>(count);
    double entropy = 0;
    for (const auto &[level, count] : m_counts) {
        const double p = static_cast<double>(count) / total;
        entropy -= p * std::log2(p);
    }
    return entropy;
}

} // namespace quantoscope
