// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <fstream>
#include <string>

namespace quantoscope {

/// All of a text file, or of a pipe, as it is; at most `largest` bytes, so that a wrong path fills no memory. `what` names
/// what it should be ("plan"), for the message. Errors: NotFound (no such file, a folder, not readable), CorruptFile (larger).
/// Any thread.
[[nodiscard]] inline Result<std::string> readTextFile(const std::string &path, const std::string &what, size_t largest,
                                                      const std::string &hint = {})
{
    constexpr size_t kPiece = size_t{1} << 16;
    std::ifstream in(path, std::ios::binary);
    const bool opened = in.is_open();
    std::string text;
    while (in && text.size() <= largest) {
        const size_t before = text.size();
        text.resize(before + kPiece);
        in.read(text.data() + before, static_cast<std::streamsize>(kPiece));
        text.resize(before + static_cast<size_t>(in.gcount()));
    }
    if (text.size() > largest)
        return fail(ErrorCode::CorruptFile, "is too large for a " + what, path, hint);
    if (!opened || in.bad() || !in.eof())
        return fail(ErrorCode::NotFound, "cannot be read, or is no file", path, hint);
    return text;
}

} // namespace quantoscope
