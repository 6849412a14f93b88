// SPDX-License-Identifier: GPL-3.0-or-later
// From a picture to a model's input as torchvision does it: Resize, CenterCrop, ToTensor, Normalize.
#pragma once

#include "core/base/result.h"
#include "core/data/preprocessing.h"
#include "core/imaging/picture.h"

#include <cstdint>
#include <span>
#include <vector>

namespace quantoscope {

/// Values of one input image: 3 x crop x crop.
[[nodiscard]] size_t inputSize(const Preprocessing &preprocessing);

/// Usage error naming the setting when sizes are not in 1..16384 or a mean or deviation is unusable.
[[nodiscard]] Result<void> checkPreprocessing(const Preprocessing &preprocessing);

/// Shorter side to `resize`, longer side int(resize * long / short), then the centre crop; where the scaled
/// picture is smaller than the crop it is surrounded by black. Returns crop x crop x 3 bytes, RGB interleaved.
/// `preprocessing` has passed checkPreprocessing. Any thread.
[[nodiscard]] std::vector<uint8_t> cropPicture(const Picture &picture, const Preprocessing &preprocessing);

/// (value / 255 - mean) / deviation in float32, in this order. `crop` as from cropPicture; `planes` receives
/// 3 x crop x crop values, R plane first. Both spans have inputSize() elements. Any thread.
void normalizeCrop(std::span<const uint8_t> crop, const Preprocessing &preprocessing, std::span<float> planes);

} // namespace quantoscope
