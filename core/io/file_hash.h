// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <string>

namespace quantoscope {

/// SHA-256 of a file as lower-case hex, streamed. Errors: NotFound, Unsupported (a folder, a device), Io.
[[nodiscard]] Result<std::string> sha256OfFile(const std::string &path);

} // namespace quantoscope
