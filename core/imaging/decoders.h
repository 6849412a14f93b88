// SPDX-License-Identifier: GPL-3.0-or-later
// The decoders behind decodePicture; each takes bytes that begin with its own signature.
#pragma once

#include "core/imaging/picture.h"

#include <optional>

namespace quantoscope {

[[nodiscard]] Result<Picture> decodeJpeg(std::span<const std::byte> bytes, const std::string &where);
[[nodiscard]] Result<Picture> decodePng(std::span<const std::byte> bytes, const std::string &where);

/// BMP, WebP and TIFF through OpenCV, as far as its pixels equal PIL's.
[[nodiscard]] Result<Picture> decodeBmp(std::span<const std::byte> bytes, const std::string &where);
[[nodiscard]] Result<Picture> decodeWebp(std::span<const std::byte> bytes, const std::string &where);
[[nodiscard]] Result<Picture> decodeTiff(std::span<const std::byte> bytes, const std::string &where);

/// Empty when a picture of this size may be decoded, else what is wrong with it.
[[nodiscard]] std::optional<Error> checkPictureSize(int64_t width, int64_t height, const std::string &where);

} // namespace quantoscope
