// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/resample.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

// One binary for every x86-64 machine that still uses AVX2 where it is there. Sanitizers cannot run the resolvers.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) \
    && !defined(__SANITIZE_THREAD__)
#define QUANTOSCOPE_AVX2_CLONE __attribute__((target_clones("avx2", "default")))
#else
#define QUANTOSCOPE_AVX2_CLONE
#endif

namespace quantoscope {

namespace {

constexpr int channels = 3;
constexpr int weightBits = 32 - 8 - 2; // 8 bits of result and 2 of headroom, because bicubic overshoots

// Both passes work on tiles of 16 pixels: 48 bytes side by side, summed in 48 32-bit lanes.
constexpr int tilePixels = 16;
constexpr int tile = tilePixels * channels;

double filterSupport(Interpolation interpolation)
{
    return interpolation == Interpolation::Bicubic ? 2.0 : 1.0;
}

double filterValue(Interpolation interpolation, double x)
{
    x = std::fabs(x);
    if (interpolation == Interpolation::Bilinear)
        return x < 1.0 ? 1.0 - x : 0.0;
    constexpr double a = -0.5;
    if (x < 1.0)
        return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
    if (x < 2.0)
        return (((x - 5) * x + 8) * x - 4) * a;
    return 0.0;
}

/// For each wanted output position along one axis: its first input position and the fixed-point weights.
struct AxisWeights {
    struct Span {
        int first;
        int count;
    };
    int capacity = 0; ///< weights per position
    std::vector<Span> spans;
    std::vector<int32_t> weights; ///< spans.size() x capacity

    [[nodiscard]] const int32_t *at(size_t position) const
    {
        return weights.data() + position * static_cast<size_t>(capacity);
    }
    [[nodiscard]] int begin() const { return spans.front().first; }
    [[nodiscard]] int end() const { return spans.back().first + spans.back().count; }
};

AxisWeights axisWeights(int inputSize, int64_t outputSize, int64_t start, int count, Interpolation interpolation)
{
    AxisWeights axis;
    axis.spans.resize(static_cast<size_t>(count));
    if (outputSize == inputSize) { // Pillow skips the pass; a single weight of one does the same
        axis.capacity = 1;
        axis.weights.assign(static_cast<size_t>(count), 1 << weightBits);
        for (int i = 0; i < count; ++i)
            axis.spans[static_cast<size_t>(i)] = {static_cast<int>(start) + i, 1};
        return axis;
    }
    // The order of operations below decides the last bit, and so do double precision and truncation.
    const double scale = static_cast<double>(inputSize) / static_cast<double>(outputSize);
    const double filterScale = std::max(scale, 1.0);
    const double support = filterSupport(interpolation) * filterScale;
    const double inverse = 1.0 / filterScale;
    axis.capacity = static_cast<int>(std::ceil(support)) * 2 + 1;
    axis.weights.assign(static_cast<size_t>(count) * static_cast<size_t>(axis.capacity), 0);
    std::vector<double> values(static_cast<size_t>(axis.capacity));
    for (int i = 0; i < count; ++i) {
        const double center = (static_cast<double>(start + i) + 0.5) * scale;
        const int first = std::max(static_cast<int>(center - support + 0.5), 0);
        const int span = std::min(static_cast<int>(center + support + 0.5), inputSize) - first;
        double sum = 0.0;
        for (int k = 0; k < span; ++k) {
            values[static_cast<size_t>(k)] = filterValue(interpolation, (k + first - center + 0.5) * inverse);
            sum += values[static_cast<size_t>(k)];
        }
        int32_t *weights = axis.weights.data() + static_cast<size_t>(i) * static_cast<size_t>(axis.capacity);
        for (int k = 0; k < span; ++k) {
            double value = values[static_cast<size_t>(k)];
            if (sum != 0.0)
                value /= sum;
            weights[k] = static_cast<int32_t>((value < 0 ? -0.5 : 0.5) + value * (1 << weightBits));
        }
        axis.spans[static_cast<size_t>(i)] = {first, span};
    }
    return axis;
}

/// Weighted sum of `count` tiles, `stride` bytes apart, rounded and clipped; a part of each clone of its callers.
inline __attribute__((always_inline)) void sumTiles(const uint8_t *source, size_t stride, const int32_t *weights,
                                                    int count, uint8_t *result)
{
    int32_t sums[tile];
    for (int32_t &sum : sums)
        sum = 1 << (weightBits - 1);
    for (int k = 0; k < count; ++k, source += stride) {
        const int32_t weight = weights[k];
        for (int i = 0; i < tile; ++i)
            sums[i] += weight * source[i];
    }
    for (int i = 0; i < tile; ++i)
        result[i] = static_cast<uint8_t>(std::clamp(sums[i] >> weightBits, 0, 255));
}

/// Scales rows [rows.begin(), rows.end()) of the picture horizontally. Sixteen rows at a time are turned on their
/// side, so that the sums run over rows without a step between channels.
QUANTOSCOPE_AVX2_CLONE
void scaleHorizontally(const Picture &picture, int firstRow, int lastRow, const AxisWeights &columns,
                       uint8_t *target, size_t targetStride)
{
    const int begin = columns.begin();
    const int bytes = (columns.end() - begin) * channels;
    const size_t sourceStride = static_cast<size_t>(picture.width) * channels;
    std::vector<uint8_t> turned(static_cast<size_t>(bytes) * tilePixels); // column x channel x row
    uint8_t result[tile];
    for (int top = firstRow; top < lastRow; top += tilePixels) {
        const int height = std::min(tilePixels, lastRow - top);
        for (int r = 0; r < height; ++r) {
            const uint8_t *row = picture.rgb.data() + sourceStride * static_cast<size_t>(top + r)
                + static_cast<size_t>(begin) * channels;
            for (int x = 0; x < bytes; ++x)
                turned[static_cast<size_t>(x * tilePixels + r)] = row[x];
        }
        uint8_t *out = target + targetStride * static_cast<size_t>(top - firstRow);
        for (size_t x = 0; x < columns.spans.size(); ++x) {
            const auto [first, count] = columns.spans[x];
            sumTiles(turned.data() + static_cast<size_t>(first - begin) * tile, tile, columns.at(x), count,
                     result);
            for (int r = 0; r < height; ++r)
                for (int c = 0; c < channels; ++c)
                    out[targetStride * static_cast<size_t>(r) + x * channels + static_cast<size_t>(c)]
                        = result[c * tilePixels + r];
        }
    }
}

QUANTOSCOPE_AVX2_CLONE
void scaleVertically(const uint8_t *source, size_t sourceStride, int firstRow, const AxisWeights &rows,
                     size_t rowBytes, uint8_t *target, size_t targetStride)
{
    uint8_t result[tile];
    for (size_t y = 0; y < rows.spans.size(); ++y) {
        const auto [first, count] = rows.spans[y];
        const uint8_t *from = source + sourceStride * static_cast<size_t>(first - firstRow);
        for (size_t x = 0; x < rowBytes; x += tile) {
            sumTiles(from + x, sourceStride, rows.at(y), count, result);
            std::memcpy(target + targetStride * y + x, result, std::min<size_t>(tile, rowBytes - x));
        }
    }
}

} // namespace

void resample(const Picture &picture, const ScaledSize &size, const ScaledWindow &window,
              Interpolation interpolation, uint8_t *target, size_t stride)
{
    if (window.width <= 0 || window.height <= 0)
        return;
    const AxisWeights columns = axisWeights(picture.width, size.width, window.left, window.width, interpolation);
    const AxisWeights rows = axisWeights(picture.height, size.height, window.top, window.height, interpolation);
    const int firstRow = rows.begin();
    const int lastRow = rows.end();
    const size_t rowBytes = static_cast<size_t>(window.width) * channels;
    // Rows are padded to whole tiles, so that the vertical pass needs no remainder loop.
    const size_t padded = (rowBytes + tile - 1) / tile * tile;
    std::vector<uint8_t> scaled(padded * static_cast<size_t>(lastRow - firstRow));
    scaleHorizontally(picture, firstRow, lastRow, columns, scaled.data(), padded);
    scaleVertically(scaled.data(), padded, firstRow, rows, rowBytes, target, stride);
}

} // namespace quantoscope
