// SPDX-License-Identifier: GPL-3.0-or-later
// A ViT-L of random weights in a file of 1.2 GB: how long it takes to open and what calibration needs of memory.
#pragma once

#include "core/base/result.h"
#include "core/pipeline/requests.h"

#include <nlohmann/json.hpp>

namespace quantoscope::bench {

/// To be called first in the process, so that the peak is this part's. The file lies in a temporary folder meanwhile.
/// Errors: Io (no room), those of Calibration.
[[nodiscard]] Result<nlohmann::ordered_json> measureLarge(RunRequest request, int images);

} // namespace quantoscope::bench
