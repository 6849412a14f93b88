// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/pipeline/requests.h"

#include <string>

namespace quantoscope {

/// Where the embedded demo lies after unpacking.
struct DemoAssets {
    std::string weights; ///< safetensors
    std::string data;    ///< folder with train/, val/ and classes.txt
};

/// Unpacks the embedded model and images into the user's cache folder, once per version. Error: Io.
[[nodiscard]] Result<DemoAssets> unpackDemo();

/// The demo's main job: float, MinMax+PTF+LIS calibrated on all demo calibration images, error analysis.
[[nodiscard]] RunRequest demoRequest(const DemoAssets &assets);

} // namespace quantoscope
