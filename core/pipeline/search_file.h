// SPDX-License-Identifier: GPL-3.0-or-later
// The result of a precision search as text: JSON that can be read again, and CSV for other programs.
#pragma once

#include "core/base/result.h"
#include "core/data/precision_search.h"

#include <cstddef>
#include <string>

namespace quantoscope {

/// One object that holds the whole result; sizes in elements, losses in nats. The whole front and the plans follow from it.
[[nodiscard]] std::string searchToJson(const PrecisionSearchResult &result);
/// The other way round; plans and whole front are made anew. Errors: CorruptFile naming part and field.
[[nodiscard]] Result<PrecisionSearchResult> parseSearch(const std::string &json, const std::string &origin);
/// Largest file that is read as a search, in bytes.
inline constexpr size_t kLargestSearch = size_t{256} << 20;
/// Errors also: NotFound.
[[nodiscard]] Result<PrecisionSearchResult> readSearchFile(const std::string &path);

/// Errors: Io.
[[nodiscard]] Result<void> writeSearchFile(const PrecisionSearchResult &result, const std::string &path);

/// A line per point that is shown, uniform ones last: kind,name,average_bits,weight_bits,activation_bits,weight_bytes,
/// bit_operations,activation_bytes,conversions,predicted_kl,images,kl,kl_standard_error,agreement,top1,top1_low,top1_high. Numbers with a
/// decimal point in every locale; what was not measured is empty.
[[nodiscard]] std::string searchToCsv(const PrecisionSearchResult &result);
/// The whole front: the budget's unit, and the predicted KL.
[[nodiscard]] std::string wholeFrontToCsv(const PrecisionSearchResult &result);

} // namespace quantoscope
