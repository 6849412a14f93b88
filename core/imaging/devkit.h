// SPDX-License-Identifier: GPL-3.0-or-later
// The development kit of ILSVRC 2012: the only official labels of the 50,000 validation images.
#pragma once

#include "core/base/result.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace quantoscope {

/// The kit counts classes by ILSVRC2012_ID from 1, which is not the order of wnids that models use.
struct Devkit {
    std::string file;                           ///< where the ground truth was read, for people
    std::vector<int> ids;                       ///< ILSVRC2012_ID of validation image 1, 2, ...
    std::unordered_map<int, std::string> wnids; ///< by ILSVRC2012_ID
};

/// The kit in `folder`: ILSVRC2012_validation_ground_truth.txt with meta.mat or map_clsloc.txt there, in data/, in
/// ILSVRC2012_devkit_t12/data/ (a folder or .tar), or in ILSVRC2012_devkit_t12.tar.gz. No value when there is none.
/// Errors: NotFound (ground truth without class numbers), BadInput with the line, CorruptFile, those of readImage.
[[nodiscard]] Result<std::optional<Devkit>> findDevkit(const std::string &folder);

} // namespace quantoscope
