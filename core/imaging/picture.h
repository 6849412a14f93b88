// SPDX-License-Identifier: GPL-3.0-or-later
// Decoding: the pixels that PIL.Image.open(path).convert("RGB") yields (Pillow 9.4), bit for bit.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace quantoscope {

/// 8-bit RGB, interleaved, rows from top to bottom without padding.
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<uint8_t> rgb; ///< height x width x 3
};

/// Largest picture that is decoded; beyond it Pillow suspects a decompression bomb.
inline constexpr int64_t maximumPixels = 2 * int64_t{89478485};

/// Decodes JPEG, PNG, BMP, WebP or TIFF, recognised by content, never by name. As in PIL, orientation tags, colour
/// profiles and alpha are ignored and 16-bit gray is clipped at 255.
/// `where` is named in errors: CorruptFile (not an image, truncated, broken), Unsupported (a variant whose pixels
/// would not be PIL's, or more than maximumPixels, decided before any pixel is allocated). Any thread.
[[nodiscard]] Result<Picture> decodePicture(std::span<const std::byte> bytes, const std::string &where);

/// decodePicture of readImage: a file or a member of an archive. Further errors: those of readImage. Any thread.
[[nodiscard]] Result<Picture> loadPicture(const std::string &path);

} // namespace quantoscope
