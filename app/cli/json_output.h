// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/preflight.h"
#include "core/data/run_record.h"
#include "core/models/model.h"

#include <nlohmann/json_fwd.hpp>

namespace quantoscope::cli {

/// The object that `evaluate --json` prints; percentages, images per second.
[[nodiscard]] nlohmann::ordered_json evaluationJson(const RunRecord &run);
/// To stdout, indented; bytes that are no UTF-8 are replaced.
void printJson(const nlohmann::ordered_json &json);
/// Settings, parameters, ranges and errors per tap (`calibrate`, `analyze`).
[[nodiscard]] nlohmann::ordered_json tapsJson(const RunRecord &run);
/// What `check --json` prints: accuracy, findings with sentences and numbers, operators that stay float.
[[nodiscard]] nlohmann::ordered_json preflightJson(const PreflightReport &report);
[[nodiscard]] nlohmann::ordered_json modelJson(const Model &model);

} // namespace quantoscope::cli
