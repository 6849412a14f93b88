// SPDX-License-Identifier: GPL-3.0-or-later
// The check before a calibration: do model, images, labels and preprocessing belong together, is anything in them dead or
// extreme, and what will stay float? Session::preflight is the public door.
#pragma once

#include "core/data/preflight.h"
#include "core/pipeline/evaluation_pass.h"
#include "core/pipeline/requests.h"

#include <functional>

namespace quantoscope {

/// Images that a check looks at, at most; of more it takes a random choice, so that it stays a matter of seconds.
inline constexpr int64_t kMostPreflightImages = 2000;

/// What is checked. References must outlive the call.
struct PreflightInput {
    Executor &executor;
    const Model &model;
    const RunRequest &request;
    const ImageSet &chosen;   ///< that the request names
    const ImageSet &images;   ///< of these, looked at: all, or a random choice
    PassOptions options;      ///< the preprocessing asked for, batch, cache
    /// Float result of `images` with `options`, from a cache or a pass of its own.
    std::function<Result<EvaluationResult>(const RunControl &)> evaluateFloat;
};

/// Progress in two phases: "float" (images), "check" (images of the comparisons). Errors: Cancelled, those of the
/// evaluation. What is wrong with model, images or request is a finding, not an error.
[[nodiscard]] Result<PreflightReport> runPreflight(const PreflightInput &input, const RunControl &control);

} // namespace quantoscope
