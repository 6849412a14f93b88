// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace quantoscope {

/// SHA-256 of a file as lower-case hex, streamed. Errors: NotFound, Unsupported (a folder, a device), Io.
[[nodiscard]] Result<std::string> sha256OfFile(const std::string &path);

/// SHA-256 of the bytes of all `paths` one after the other: of a sharded checkpoint, of its shards in the order of their
/// names; of a single file, the hash that everybody else computes for it.
[[nodiscard]] Result<std::string> sha256OfFiles(const std::vector<std::string> &paths);

/// SHA-256 of bytes in memory as lower-case hex.
[[nodiscard]] std::string sha256OfBytes(std::span<const std::byte> bytes);

} // namespace quantoscope
