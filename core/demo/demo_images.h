// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of the embedded demo: drawn by arithmetic, so that nothing has to be downloaded or licensed.
#pragma once

#include <cstdint>
#include <vector>

namespace quantoscope {

/// In class order: the value is the class index of the demo model and the line in resources/demo/images/classes.txt.
/// Outlines (Disk..Crescent) ask for the shape as a whole, patterns (Stripes..Pinwheel) fill a disk of the same
/// size; some are close on purpose: stripes and waves, dots and checkerboard, star and cross when small and noisy.
enum class DemoClass {
    Disk,
    Square,
    Triangle,
    Star,
    Cross,
    Crescent,
    Stripes,
    Waves,
    Checkerboard,
    Dots,
    Rings,
    Pinwheel,
};
inline constexpr int demoClassCount = 12;

/// Width and height of a picture in pixels.
inline constexpr int demoImageSize = 64;

/// Which pictures belong together. The seeds of two sets never meet.
enum class DemoSet {
    Training,    ///< what the demo model is trained on; never stored
    Calibration, ///< resources/demo/images/train
    Validation,  ///< resources/demo/images/val, never used in training
};

/// Lower-case name without spaces, e.g. "disk": the folder of the class's pictures.
[[nodiscard]] const char *name(DemoClass demoClass);

/// Seed of picture `index` of a set; distinct for distinct (set, index) as long as index < 2^32.
[[nodiscard]] uint64_t demoSeed(DemoSet set, uint32_t index);

/// Draws one picture: demoImageSize x demoImageSize pixels, row-major, R, G, B interleaved. The object's size,
/// place, rotation, shear, colours and contrast, the background, clutter and grain all follow from class and seed.
/// Same bytes on every platform: own random numbers, and of floating point only the exactly rounded operations.
/// `demoClass` must be one of the enumerators. Any thread.
[[nodiscard]] std::vector<uint8_t> drawDemoImage(DemoClass demoClass, uint64_t seed);

} // namespace quantoscope
