// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a quantizer's levels values really take.
#pragma once

#include "core/data/quantization.h"

#include <cstdint>
#include <map>

namespace quantoscope {

/// Counts values per level. Not thread-safe.
class CodeUsage {
public:
    /// `quantized` as fakeQuantize or logIntSoftmax gave it; `inner` as there.
    void add(const QuantizerParameters &parameters, const float *quantized, int64_t elements, int64_t inner = 1);

    [[nodiscard]] int used() const { return static_cast<int>(m_counts.size()); } ///< levels that occurred
    /// Shannon entropy of the levels in bits: below the bit width when some levels are rare.
    [[nodiscard]] double entropyBits() const;

private:
    std::map<int64_t, uint64_t> m_counts; ///< by level
};

} // namespace quantoscope
