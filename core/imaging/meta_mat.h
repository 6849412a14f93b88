// SPDX-License-Identifier: GPL-3.0-or-later
// meta.mat of the ILSVRC 2012 development kit.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <span>
#include <string>
#include <unordered_map>

namespace quantoscope {

/// Wnid by ILSVRC2012_ID, from the struct array `synsets` of a MATLAB 5 file. `where` is named in errors: CorruptFile
/// (another format, no such array, an ID twice). Any thread.
[[nodiscard]] Result<std::unordered_map<int, std::string>> readMetaMat(std::span<const std::byte> bytes,
                                                                       const std::string &where);

} // namespace quantoscope
