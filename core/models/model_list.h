// SPDX-License-Identifier: GPL-3.0-or-later
// The lists of published models: resources/models.json and the user's file of the same form (README.md describes it).
#pragma once

#include "core/models/model.h"

namespace quantoscope {

/// Error: CorruptFile naming entry and field.
[[nodiscard]] Result<std::vector<ModelEntry>> parseModelList(const std::string &text, const std::string &origin);

/// The built-in list with `userFile` on top, if there is such a file: an entry replaces the one of the same name, others
/// are appended. Errors: of parseModelList; Io, Unsupported when the file cannot be read.
[[nodiscard]] Result<std::vector<ModelEntry>> readModelLists(const std::string &userFile);

} // namespace quantoscope
