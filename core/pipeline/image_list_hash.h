// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/pipeline/requests.h"

#include <string>

namespace quantoscope {

/// What tells whether a request still means the same images: SHA-256 over root-relative paths, labels and file sizes of
/// the images that it names, in order (of an archive: its size). Does not read the images. Errors: those of image_set.h.
[[nodiscard]] Result<std::string> imageListHash(const DataRequest &request);

} // namespace quantoscope
