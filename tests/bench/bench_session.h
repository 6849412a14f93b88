// SPDX-License-Identifier: GPL-3.0-or-later
// Times of what a user waits for at the window: interval search, sensitivity, a switched layer.
#pragma once

#include "core/pipeline/session.h"

#include <nlohmann/json.hpp>

namespace quantoscope::bench {

struct SessionSizes {
    int searchImages = 32; ///< 0: no search, which takes long with few images too
    int sensitivityImages = 64;
    SensitivityLevel level = SensitivityLevel::Tap;
    int64_t evaluated = 0; ///< images of an evaluation; 0: all of the folder
};

/// `request` names model and images. Errors: those of Session.
[[nodiscard]] Result<nlohmann::ordered_json> measureSession(RunRequest request, const SessionSizes &sizes);

} // namespace quantoscope::bench
