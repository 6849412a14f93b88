// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands about plans take: a plan file on a recipe, or a run.
#pragma once

#include "core/base/result.h"
#include "core/data/run_record.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace quantoscope::cli {

/// The recipe that a plan file changes.
struct PlanBase {
    std::string recipe = "minmax";
    bool ptf = false;
    bool lis = false;
    std::string bits; ///< W/A/Attn; empty: the recipe's
};
void addPlanBaseOptions(CLI::App &command, PlanBase &base);
/// Errors: of findRecipe and parseBits.
[[nodiscard]] Result<QuantizationRequest> requestOf(const PlanBase &base);

struct PlanSide {
    QuantizationRequest request;
    std::optional<RunRecord> run; ///< when the file is one
};
/// A text file of at most 16 MiB. Errors: NotFound (with `hint`), CorruptFile (too large).
[[nodiscard]] Result<std::string> readPlanText(const std::string &path, const std::string &hint);
/// `path`: a plan (JSON), a run file, or "recipe" for no plan. Errors: NotFound, CorruptFile; those of
/// readRunFile.
[[nodiscard]] Result<PlanSide> readPlanSide(const std::string &path, const QuantizationRequest &base);

} // namespace quantoscope::cli
