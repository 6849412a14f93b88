// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/preprocess.h"

#include "core/imaging/resample.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace quantoscope {

namespace {

constexpr int maximumSide = 16384;

ScaledSize scaledSize(const Picture &picture, const Preprocessing &preprocessing)
{
    const int resize = preprocessing.resize;
    if (preprocessing.mode == ResizeMode::Squash)
        return {resize, resize};
    const auto longer = [resize](int64_t longSide, int64_t shortSide) {
        return static_cast<int64_t>(static_cast<double>(resize * longSide) / static_cast<double>(shortSide));
    };
    if (picture.width <= picture.height)
        return {resize, longer(picture.height, picture.width)};
    return {longer(picture.width, picture.height), resize};
}

/// What the crop takes of one axis of the scaled picture, and where it goes.
struct CropAxis {
    int64_t source = 0; ///< first position of the scaled picture
    int target = 0;     ///< first position of the crop; before it is padding
    int count = 0;
};

CropAxis centred(int64_t size, int crop)
{
    if (size < crop)
        return {0, static_cast<int>((crop - size) / 2), static_cast<int>(size)};
    // Python's int(round(half)): halves go to the even neighbour.
    const int64_t excess = size - crop;
    const int64_t half = excess / 2;
    return {excess % 2 != 0 ? half + half % 2 : half, 0, crop};
}

} // namespace

size_t inputSize(const Preprocessing &preprocessing)
{
    return size_t{3} * static_cast<size_t>(preprocessing.crop) * static_cast<size_t>(preprocessing.crop);
}

Result<void> checkPreprocessing(const Preprocessing &preprocessing)
{
    const auto badSide = [](int side) { return side < 1 || side > maximumSide; };
    if (badSide(preprocessing.resize) || badSide(preprocessing.crop))
        return fail(ErrorCode::Usage,
                    fmt::format("resize {} and crop {} must be in 1..{}", preprocessing.resize, preprocessing.crop,
                                maximumSide),
                    "preprocessing");
    for (size_t c = 0; c < 3; ++c) {
        const float mean = preprocessing.mean[c];
        const float deviation = preprocessing.deviation[c];
        if (!std::isfinite(mean) || !std::isfinite(deviation) || deviation <= 0)
            return fail(ErrorCode::Usage,
                        fmt::format("mean {} must be finite and standard deviation {} positive", mean, deviation),
                        "preprocessing");
    }
    return {};
}

std::vector<uint8_t> cropPicture(const Picture &picture, const Preprocessing &preprocessing)
{
    const ScaledSize size = scaledSize(picture, preprocessing);
    const CropAxis x = centred(size.width, preprocessing.crop);
    const CropAxis y = centred(size.height, preprocessing.crop);
    const size_t stride = static_cast<size_t>(preprocessing.crop) * 3;
    std::vector<uint8_t> crop(stride * static_cast<size_t>(preprocessing.crop));
    resample(picture, size, {x.source, y.source, x.count, y.count}, preprocessing.interpolation,
             crop.data() + stride * static_cast<size_t>(y.target) + static_cast<size_t>(x.target) * 3, stride);
    return crop;
}

void normalizeCrop(std::span<const uint8_t> crop, const Preprocessing &preprocessing, std::span<float> planes)
{
    const size_t pixels = inputSize(preprocessing) / 3;
    for (size_t c = 0; c < 3; ++c) {
        std::array<float, 256> table;
        for (size_t v = 0; v < table.size(); ++v)
            table[v] = (static_cast<float>(v) / 255.0F - preprocessing.mean[c]) / preprocessing.deviation[c];
        float *plane = planes.data() + c * pixels;
        for (size_t i = 0; i < pixels; ++i)
            plane[i] = table[crop[3 * i + c]];
    }
}

} // namespace quantoscope
