// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/model.h"

namespace quantoscope {

/// Of the published models with these sizes the one that the names of file and folder, the LayerNorm epsilon that the file
/// states (if it does) and the kind of file speak for, the first among equals; null when there is none. A choice that
/// nothing but the order decides is added to `assumptions`.
[[nodiscard]] const ModelEntry *recognise(const std::string &family, const Architecture &sizes, const std::string &file,
                                          std::optional<double> epsilon, const std::vector<ModelEntry> &models,
                                          std::vector<std::string> &assumptions);

} // namespace quantoscope
