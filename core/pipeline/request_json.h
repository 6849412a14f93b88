// SPDX-License-Identifier: GPL-3.0-or-later
// A request as JSON text, so that a run can be repeated and a waiting job survives the program.
#pragma once

#include "core/base/result.h"
#include "core/pipeline/requests.h"

#include <string>

namespace quantoscope {

/// All of the request; `withQuantization` false leaves recipe and plan away, which a run record holds itself.
[[nodiscard]] std::string requestToJson(const RunRequest &request, bool withQuantization);
/// Errors: CorruptFile naming the field.
[[nodiscard]] Result<RunRequest> parseRequest(const std::string &json, const std::string &origin);

/// The request behind a run: stored with it, else put together from what the record says (`exact` is then false, as
/// a random choice of calibration images depends on what lies in the folder).
struct RepeatedRequest {
    RunRequest request;
    bool exact = true;
};
[[nodiscard]] RepeatedRequest requestOf(const RunRecord &run);
/// Whether a model that was opened to repeat a run has its weights. Error: BadInput at `file` with both hashes and `hint`.
[[nodiscard]] Result<void> checkSameWeights(const std::string &sha256OfRun, const std::string &sha256Now,
                                            const std::string &file, const std::string &hint);

} // namespace quantoscope
