// SPDX-License-Identifier: GPL-3.0-or-later
// A sensitivity table as text for other programs.
#pragma once

#include "core/base/result.h"
#include "core/data/sensitivity.h"

#include <string>

namespace quantoscope {

/// One object: "model", "sha256", "recipe", "float_top1" and "rows", an array of objects with the columns of the CSV as
/// keys. What was not measured is null; float is 0 bits.
[[nodiscard]] std::string sensitivityToJson(const SensitivityTable &table);

/// A header line, then a line per row: operator,kind,part,weight_bits,activation_bits,kl,kl_standard_error,agreement,
/// top1,images. Numbers with a decimal point in every locale, all digits; what was not measured is empty.
[[nodiscard]] std::string sensitivityToCsv(const SensitivityTable &table);

/// Reads what sensitivityToJson wrote. `origin` is named in errors. Errors: CorruptFile naming row and field.
[[nodiscard]] Result<SensitivityTable> parseSensitivity(const std::string &json, const std::string &origin);

} // namespace quantoscope
