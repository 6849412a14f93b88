// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/data/result_table.h"

#include <string>

namespace quantoscope {

/// Writes the table as HDF5, atomically: group `cells` with a dataset per field (resultFields()), one value a cell, each
/// with its unit and meaning. Errors: Io.
[[nodiscard]] Result<void> writeResultTableFile(const ResultTable &table, const std::string &path);

/// Replaces a file by `text`, atomically. Errors: Io.
[[nodiscard]] Result<void> writeTextFile(const std::string &text, const std::string &path);

} // namespace quantoscope
