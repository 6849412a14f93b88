// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace quantoscope {

/// Position embeddings [tokens + from*from, width] for another grid: rows before the grid (class token) are kept, the grid
/// is resampled bicubically to [to*to, width] as torch.nn.functional.interpolate does (a = -0.75, align_corners = false,
/// border repeated, no antialiasing), summed in float64.
[[nodiscard]] std::vector<float> resampledPositions(const std::vector<float> &positions, int64_t tokens, int64_t from,
                                                    int64_t to, int64_t width);

} // namespace quantoscope
