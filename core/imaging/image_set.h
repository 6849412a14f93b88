// SPDX-License-Identifier: GPL-3.0-or-later
// Which images a run uses, in which order, and what they show.
#pragma once

#include "core/base/result.h"
#include "core/data/evaluation.h"
#include "core/imaging/synsets.h"

#include <cstdint>
#include <string>
#include <vector>

namespace quantoscope {

/// An ordered list of images under one folder.
struct ImageSet {
    std::string root; ///< folder that relative item paths belong to
    std::vector<ImageItem> items;
    std::vector<std::string> classNames; ///< in class order; item labels index it
    std::string description;             ///< one line for people: where the images come from

    /// File of an item; absolute paths of a list stay as they are.
    [[nodiscard]] std::string filePath(const ImageItem &item) const;
};

/// Images of `<root>/<split>/<class>/`, class folders and files sorted as torchvision's ImageFolder does; of
/// `root` itself when it holds the class folders. Splits val, valid and validation stand for each other. A
/// folder's class is looked up by name: a wnid of ImageNet-1k, or a line of `<root>/classes.txt` (one class name a
/// line, in class order); so a subset of the classes keeps its labels.
/// Errors: NotFound (folder or split), BadInput (no images, folder of unknown class), Io.
[[nodiscard]] Result<ImageSet> openImageFolder(const std::string &root, const std::string &split);

/// Images of a list file with lines `path` or `path label`, in the order of the list. Relative paths are under
/// `root`; a label is a class index or a wnid. Without one it is looked up from the parent folder's name, and is
/// -1 when that is no class. Blank lines and lines beginning with # are skipped. Errors name file and line:
/// NotFound (list or image), BadInput (label, no images), Io.
[[nodiscard]] Result<ImageSet> openImageList(const std::string &listFile, const std::string &root);

/// `count` different items in random order, the same on every platform: the first `count` steps of a Fisher-Yates
/// shuffle from the front, item i swapped with item i + r, r in [0, size - i) drawn from std::mt19937_64(seed) as
/// value modulo (size - i) with values below 2^64 modulo (size - i) rejected.
/// BadInput when the set has fewer items or count is not positive.
[[nodiscard]] Result<ImageSet> randomSubset(const ImageSet &set, int64_t count, uint64_t seed);

/// The first `count` items; all when count is 0 or larger than the set.
[[nodiscard]] ImageSet limit(ImageSet set, int64_t count);

} // namespace quantoscope
