// SPDX-License-Identifier: GPL-3.0-or-later
// Small text files: lists of images, lists of classes, labels.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quantoscope {

/// Without white space at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The whole of `text` as a decimal number.
[[nodiscard]] std::optional<int64_t> parseInteger(std::string_view text);

/// A file that is text in UTF-8 (also inside a tar archive, see image_source.h), without a byte order mark.
/// Errors: those of readImage, BadInput naming the line that is not UTF-8.
[[nodiscard]] Result<std::string> readText(const std::string &path);

/// Lines of a text, trimmed; blank ones are kept, so that indices count lines.
[[nodiscard]] std::vector<std::string> linesOf(std::string_view text);

/// linesOf(readText(path)).
[[nodiscard]] Result<std::vector<std::string>> readLines(const std::string &path);

/// "file, line N" for errors; `index` counts from 0.
[[nodiscard]] std::string lineOf(const std::string &file, size_t index);

} // namespace quantoscope
