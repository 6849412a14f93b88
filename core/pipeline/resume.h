// SPDX-License-Identifier: GPL-3.0-or-later
// Which parts of an unfinished run a later one may take over. Nothing is taken on trust: what does not fit is refused.
#pragma once

#include "core/data/run_record.h"

#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

/// Why nothing of `partial` can serve the run that `wanted` describes (Session fills in model, request, images and
/// preprocessing before any work); empty when parts may. Compares the weights' SHA-256, images, labels, preprocessing,
/// recipe and plan.
[[nodiscard]] std::string resumeDefect(const RunRecord &partial, const RunRecord &wanted);

/// The result when its images are the first ones of the list without a gap, as a stopped pass leaves them; else null.
[[nodiscard]] const EvaluationResult *resumable(const std::optional<EvaluationResult> &result, size_t images);

/// Whether the quantizers of `partial` are those that `settings` and the calibration images of `wanted` lead to: the
/// calibration was complete and every quantized tap has its parameters; with `searched`, after the search for intervals.
[[nodiscard]] bool hasCalibration(const RunRecord &partial, const CalibrationRecord &wanted,
                                  const std::vector<TapSetting> &settings, bool searched);

} // namespace quantoscope
