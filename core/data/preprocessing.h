// SPDX-License-Identifier: GPL-3.0-or-later
// How a picture becomes the model's input (specification 1.6).
#pragma once

#include <array>
#include <string>

namespace quantoscope {

enum class Interpolation { Bicubic, Bilinear };

/// What is scaled to Preprocessing::resize.
enum class ResizeMode {
    ShorterSide, ///< the shorter side; the aspect ratio stays
    Squash,      ///< both sides: the whole picture becomes a square (the TensorFlow port of FQ-ViT)
};

/// Decode as PIL does, resized as `mode` says, centre crop of `crop`, value/255, minus mean, over standard deviation.
struct Preprocessing {
    int resize = 256;
    int crop = 224;
    Interpolation interpolation = Interpolation::Bicubic;
    std::array<float, 3> mean = {0.485F, 0.456F, 0.406F}; ///< R, G, B
    std::array<float, 3> deviation = {0.229F, 0.224F, 0.225F};
    ResizeMode mode = ResizeMode::ShorterSide;

    bool operator==(const Preprocessing &) const = default;
    [[nodiscard]] std::string text() const; ///< "shorter side 256 bicubic, centre 224, mean ..., std ..."
};

[[nodiscard]] const char *name(Interpolation interpolation);
[[nodiscard]] const char *name(ResizeMode mode); ///< "shorter-side", "squash"

} // namespace quantoscope
