// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/imaging/image_set.h"
#include "core/pipeline/requests.h"

#include <string>

namespace quantoscope {

/// What tells whether a list still means the same images: SHA-256 over root-relative paths, labels and sizes of the files
/// or archive members, in order. Does not read the images.
[[nodiscard]] std::string imageListHash(const ImageSet &images);
/// Of the images that a request names. Errors: those of image_set.h.
[[nodiscard]] Result<std::string> imageListHash(const DataRequest &request);

} // namespace quantoscope
