// SPDX-License-Identifier: GPL-3.0-or-later
// Simulated quantization of runs of values, alone and together with the operator before it. RHE = round half to even; all
// float32, rounded after every operation. `out` may be an input. NaN yields NaN. One thread each.
#pragma once

#include <cstdint>

namespace quantoscope::kernels {

/// Codes are whole numbers from `lowest` to `highest`.
struct UniformGrid {
    float scale = 1;
    float zeroPoint = 0;
    float lowest = 0;
    float highest = 255;
};

/// A grid per channel of the last axis; `scale` and `zeroPoint` have one entry per channel.
struct ChannelGrids {
    const float *scale = nullptr;
    const float *zeroPoint = nullptr;
    float lowest = 0;
    float highest = 255;
};

/// x' = (clamp(RHE(x / s + z)) - z) s
void uniform(const float *in, float *out, int64_t n, UniformGrid grid);
/// The same with the sum of two runs: x = a + b.
void addUniform(const float *a, const float *b, float *out, int64_t n, UniformGrid grid);
/// x' = (clamp(RHE(x (1/s)) + z) - z) s, as torch does.
void torchUniform(const float *in, float *out, int64_t n, UniformGrid grid);

/// `uniform` with the grids of the channels, on rows of `channels` values.
void channelUniform(const float *in, float *out, int64_t rows, int64_t channels, ChannelGrids grids);
void addChannelUniform(const float *a, const float *b, float *out, int64_t rows, int64_t channels, ChannelGrids grids);

/// table[code - lowest] for the code of `uniform`, that is any function of a value that was quantized before: it has as
/// many values as there are codes.
void uniformTable(const float *in, float *out, int64_t n, UniformGrid grid, const float *table);

/// PTQ4ViT's twins with `codes` codes on each of the two grids (TwinForm).
void twinGelu(const float *in, float *out, int64_t n, float high, float low, float codes);
void twinSoftmax(const float *in, float *out, int64_t n, float low, float split, float codes);
void twinSoftmaxSum(const float *in, float *out, int64_t n, float low, float split, float codes);

} // namespace quantoscope::kernels
