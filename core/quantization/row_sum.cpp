// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/row_sum.h"

#include "core/base/parallel.h"

namespace quantoscope {

namespace {

constexpr int kLanes = 8;
constexpr int kAccumulators = 4;
constexpr int kWidth = kLanes * kAccumulators;
constexpr int kLevels = 4;
constexpr int kRoundsPerLevel = 16; // up to 2^19 rounds

} // namespace

QUANTOSCOPE_KERNEL float rowSum(const float *x, int64_t n)
{
    const int64_t vectors = n / kLanes;
    const int64_t rounds = vectors / kAccumulators;
    float level[kLevels][kWidth] = {};
    int64_t i = 0;
    while (i + kRoundsPerLevel <= rounds) {
        for (int j = 0; j < kRoundsPerLevel; ++j, ++i)
            for (int k = 0; k < kWidth; ++k)
                level[0][k] += x[i * kWidth + k];
        for (int l = 1; l < kLevels; ++l) {
            for (int k = 0; k < kWidth; ++k) {
                level[l][k] += level[l - 1][k];
                level[l - 1][k] = 0;
            }
            if ((i & (int64_t{kRoundsPerLevel - 1} << (4 * l))) != 0)
                break;
        }
    }
    for (; i < rounds; ++i)
        for (int k = 0; k < kWidth; ++k)
            level[0][k] += x[i * kWidth + k];
    for (int l = 1; l < kLevels; ++l)
        for (int k = 0; k < kWidth; ++k)
            level[0][k] += level[l][k];
    for (int64_t v = rounds * kAccumulators; v < vectors; ++v)
        for (int k = 0; k < kLanes; ++k)
            level[0][k] += x[v * kLanes + k];
    for (int a = 1; a < kAccumulators; ++a)
        for (int k = 0; k < kLanes; ++k)
            level[0][k] += level[0][a * kLanes + k];
    float sum = 0;
    for (int64_t r = vectors * kLanes; r < n; ++r)
        sum += x[r];
    for (int k = 0; k < kLanes; ++k)
        sum += level[0][k];
    return sum;
}

} // namespace quantoscope
