// SPDX-License-Identifier: GPL-3.0-or-later
// A result table as text for people and for spreadsheets.
#pragma once

#include "core/data/result_table.h"

#include <string>

namespace quantoscope {

/// Per suite a table in its paper's layout, measured values with 95 % intervals beside the published ones; a second one of
/// the differences to the float model; below them what is missing and why.
[[nodiscard]] std::string resultTableToMarkdown(const ResultTable &table);
/// One row per cell with all fields of resultFields() (RFC 4180); unknown numbers are empty.
[[nodiscard]] std::string resultTableToCsv(const ResultTable &table);
/// "80.62 [77.40, 83.48]", or why there is none: "weights not found".
[[nodiscard]] std::string resultText(const ResultCell &cell);

} // namespace quantoscope
