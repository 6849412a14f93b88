// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/imaging/image_set.h"
#include "core/pipeline/requests.h"

#include <string>

namespace quantoscope {

/// What tells whether a list still means the same images: SHA-256 over root-relative paths, labels and sizes of the files
/// or archive members, and of 4 KiB out of the middle of each, in order (imageSample). Times do not count: a copied folder
/// has the same hash. Reads no image as a whole. All threads of OpenMP.
[[nodiscard]] std::string imageListHash(const ImageSet &images);
/// Of the images that a request names. Errors: those of image_set.h.
[[nodiscard]] Result<std::string> imageListHash(const DataRequest &request);

} // namespace quantoscope
