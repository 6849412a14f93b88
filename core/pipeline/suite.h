// SPDX-License-Identifier: GPL-3.0-or-later
// Suites: the tables of papers as data (resources/suites/README.md describes the files).
#pragma once

#include "core/base/result.h"
#include "core/data/result_table.h"
#include "core/data/run_record.h"

#include <string>
#include <vector>

namespace quantoscope {

/// Reads a suite. `origin` is its file, beside which relative recipe files are looked for. Strict: an unknown model or
/// recipe, a plan or search that cannot be read, and a misspelt field are errors. Errors: CorruptFile naming model or
/// method and field; those of findRecipe, parsePlan and resolveSearch.
[[nodiscard]] Result<Suite> parseSuite(const std::string &text, const std::string &origin);

/// The suites shipped in resources/suites, in display order.
[[nodiscard]] const std::vector<Suite> &builtinSuites();

/// One name, "all" (the suites that are part of it), or a file when `wanted` has a slash or ends in ".json"; several with
/// commas. Errors: NotFound listing the known names; Usage (the same twice); those of reading and parsing a file.
[[nodiscard]] Result<std::vector<Suite>> findSuites(const std::string &wanted);

/// Of the shipped suites, each value and source once; empty when none tells.
[[nodiscard]] std::vector<PublishedResult> publishedResults(const std::string &model, const QuantizationRequest &request);

} // namespace quantoscope
