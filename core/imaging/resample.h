// SPDX-License-Identifier: GPL-3.0-or-later
// Pillow's antialiased resampling (Resample.c, 8 bits per channel), bit for bit.
#pragma once

#include "core/data/preprocessing.h"
#include "core/imaging/picture.h"

#include <cstdint>

namespace quantoscope {

/// Size of a picture after scaling, in pixels; 64 bits, because a thin picture becomes very long.
struct ScaledSize {
    int64_t width = 0;
    int64_t height = 0;
};

/// The part of the scaled picture that is wanted; lies within it.
struct ScaledWindow {
    int64_t left = 0;
    int64_t top = 0;
    int width = 0;
    int height = 0;
};

/// Writes the window of `picture` scaled to `size` as RGB rows to `target`, `stride` bytes apart. Same values as
/// cutting the window from the completely scaled picture; only what the window needs is computed. Bicubic has
/// a = -0.5; both filters are widened by the scale when the picture shrinks. Any thread.
void resample(const Picture &picture, const ScaledSize &size, const ScaledWindow &window,
              Interpolation interpolation, uint8_t *target, size_t stride);

} // namespace quantoscope
