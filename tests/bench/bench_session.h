// SPDX-License-Identifier: GPL-3.0-or-later
// Times of what a user waits for at the window: interval search, sensitivity, a switched layer.
#pragma once

#include "core/pipeline/session.h"

#include <nlohmann/json.hpp>

namespace quantoscope::bench {

/// PTQ4ViT 6/6 as its paper's table has it, on `images` calibration images: the search over all layers. `request` names
/// model and images here and below. Errors: those of Session.
[[nodiscard]] Result<nlohmann::ordered_json> measureSearch(RunRequest request, int images);

/// Everything at `level` quantized alone, against as many float passes over the same `images`.
[[nodiscard]] Result<nlohmann::ordered_json> measureSensitivity(RunRequest request, int images, SensitivityLevel level);

/// A layer is switched to float and `images` (0: all) are evaluated again.
[[nodiscard]] Result<nlohmann::ordered_json> measureSwitch(RunRequest request, int64_t images);

} // namespace quantoscope::bench
