// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/quantization.h"

#include <cstdint>
#include <span>
#include <vector>

namespace quantoscope {

/// The grid that channels of unlike scales share: their codes times whole multiples of the smallest scale.
struct CommonGrid {
    std::vector<float> scale;      ///< per channel
    std::vector<float> multiplier; ///< per channel
    float smallest = 1;
};
/// `inScale`: as integerLayerNorm() takes it.
[[nodiscard]] CommonGrid commonGrid(std::span<const float> inScale, int64_t channels);

/// Integer LayerNorm of FQ-ViT (Lin et al. 2022, section 3.2; specification 4.4) on rows of `channels` values that are
/// already fake-quantized. `inScale`: one scale, one per channel, or one per channel of equal parts that patch merging has
/// put side by side (it is repeated then); ratios are powers of two (PTF).
/// `outScale`: scale of the quantizer that follows. As published: no epsilon, mean and deviation in float, 8-bit
/// multiplier M and shift N per channel; a constant row yields non-finite values. `quantizer`, if set, is
/// applied to the outcome in the same scan; it has one scale. Threads: OpenMP.
void integerLayerNorm(const float *in, float *out, int64_t rows, int64_t channels, std::span<const float> inScale,
                      float outScale, const float *gamma, const float *beta,
                      const QuantizerParameters *quantizer = nullptr);

} // namespace quantoscope
