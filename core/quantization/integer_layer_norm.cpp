// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/integer_layer_norm.h"

#include "core/base/parallel.h"
#include "core/kernels/integer_rows.h"
#include "core/quantization/fake_quantize.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {

CommonGrid commonGrid(std::span<const float> inScale, int64_t channels)
{
    CommonGrid grid;
    for (size_t c = 0; c < static_cast<size_t>(channels); ++c)
        grid.scale.push_back(inScale[c % inScale.size()]);
    grid.smallest = *std::min_element(grid.scale.begin(), grid.scale.end());
    for (const float scale : grid.scale)
        grid.multiplier.push_back(std::nearbyint(scale / grid.smallest));
    return grid;
}

void integerLayerNorm(const float *in, float *out, int64_t rows, int64_t channels, std::span<const float> inScale,
                      float outScale, const float *gamma, const float *beta, const QuantizerParameters *quantizer)
{
    const CommonGrid grid = commonGrid(inScale, channels);
    const float smallest = grid.smallest;
    const auto count = static_cast<float>(channels);
    const kernels::NormChannels norm{grid.scale.data(), grid.multiplier.data(), gamma, beta};
    parallelRanges(rows, std::max<int64_t>(1, 4096 / channels), [&](int64_t begin, int64_t end, int) {
        std::vector<float> codes(static_cast<size_t>(channels));
        for (int64_t r = begin; r < end; ++r) {
            kernels::toCommonGrid(in + r * channels, codes.data(), channels, norm);
            const float sum = kernels::rowSum(codes.data(), channels);
            const float mean = sum / count * smallest;
            const float deviation = smallest / count
                * std::sqrt(count * kernels::rowSumOfSquares(codes.data(), channels) - sum * sum);
            float *const row = out + r * channels;
            kernels::integerAffine(codes.data(), row, channels, smallest / deviation, mean / deviation, outScale, norm);
            if (quantizer)
                fakeQuantizeRow(*quantizer, row, row, channels);
        }
    });
}

} // namespace quantoscope
