// SPDX-License-Identifier: GPL-3.0-or-later
// What a calibration tells about itself: when its ranges settled, and how much they depend on the images.
#pragma once

#include "core/data/run_record.h"

#include <nlohmann/json.hpp>

#include <string>

namespace quantoscope::cli {

/// One or two sentences; empty without a history.
[[nodiscard]] std::string calibrationText(const RunRecord &run);
/// "calibration" of the run's JSON; null without a history.
[[nodiscard]] nlohmann::ordered_json calibrationJson(const RunRecord &run);
/// Adds "settled_after_images" and "resampled" to an activation tap's object.
void addConvergence(nlohmann::ordered_json &tap, const RunRecord &run, size_t index);
/// Width of the tap's band in percent of its scale; "-" where it has none.
[[nodiscard]] std::string bandText(const RunRecord &run, size_t tap);

} // namespace quantoscope::cli
