// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/integer_layer_norm.h"

#include "core/base/parallel.h"
#include "core/kernels/integer_rows.h"
#include "core/quantization/fake_quantize.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace quantoscope {

void integerLayerNorm(const float *in, float *out, int64_t rows, int64_t channels, std::span<const float> inScale,
                      float outScale, const float *gamma, const float *beta, const QuantizerParameters *quantizer)
{
    std::vector<float> scale(static_cast<size_t>(channels));
    for (size_t c = 0; c < scale.size(); ++c)
        scale[c] = inScale[c % inScale.size()];
    const float smallest = *std::min_element(scale.begin(), scale.end());
    std::vector<float> multiplier(scale.size());
    for (size_t c = 0; c < scale.size(); ++c)
        multiplier[c] = std::nearbyint(scale[c] / smallest);
    const auto count = static_cast<float>(channels);
    const kernels::NormChannels norm{scale.data(), multiplier.data(), gamma, beta};
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
