// SPDX-License-Identifier: GPL-3.0-or-later
// Which images a run uses, in which order, and what they show.
#pragma once

#include "core/base/result.h"
#include "core/data/evaluation.h"

#include <cstdint>
#include <string>
#include <vector>

namespace quantoscope {

/// An ordered list of images under one folder.
struct ImageSet {
    std::string root; ///< folder that relative item paths belong to
    std::vector<ImageItem> items;
    std::vector<std::string> classNames; ///< in class order; item labels index it
    std::string classFile;               ///< where the names were read; empty: they are ImageNet's
    std::string description;             ///< one line for people: where the images come from

    /// Path of an item for image_source.h and loadPicture; absolute paths of a list stay as they are.
    [[nodiscard]] std::string filePath(const ImageItem &item) const;
};

/// What a user points at.
struct ImageRequest {
    std::string path;          ///< folder or tar archive
    std::string split = "val"; ///< val, valid and validation stand for each other
    /// File with the classes (ClassTable::read); empty: `classes.txt` beside the splits, else ImageNet.
    std::string classes = {};
    bool needLabels = true; ///< false: images of unknown class get the label -1 (calibration does not look at it)
};

/// The images that a folder or archive holds, whatever its layout:
/// - `<path>/<split>/<class>/*`, also `<path>/ILSVRC/Data/CLS-LOC/<split>/...`; or `<path>/<class>/*` without a split.
///   Class folders and files are sorted as torchvision's ImageFolder does. A class is looked up by the folder's name in
///   the class list, or is a wnid of ImageNet-1k, so a subset of the classes keeps its labels;
/// - images without class folders, labelled by a file in or beside the folder (labelFlatImages);
/// - tar archives of any of these, read in place. A folder or archive may hold an archive for each split
///   (`val.tar`, `ILSVRC2012_img_train.tar`) and an archive for each class (`n01440764.tar`).
/// Of an archive, `root` is its folder and items are named by the way through it: `a.tar/n01440764.tar/x.JPEG`.
/// Errors: NotFound (path, split, labels), BadInput (no images, folder of unknown class), Unsupported (compressed
/// archive), CorruptFile (broken archive), Io. An archive's index is kept in memory for the next call.
[[nodiscard]] Result<ImageSet> openImages(const ImageRequest &request);

/// Images of a list file with lines `path` or `path label`, in the order of the list. Relative paths are under
/// `root`, a folder or archive; a label is a class index, a wnid or a name of the class list (ImageRequest::classes).
/// Without one it is looked up from the parent folder's name, and is -1 when that is no class. Blank lines and lines
/// beginning with # are skipped. Errors name file and line: NotFound (list or image), BadInput (label, no images), Io.
[[nodiscard]] Result<ImageSet> openImageList(const std::string &listFile, const std::string &root,
                                             const std::string &classes = {});

/// `count` different items in random order, the same on every platform: the first `count` steps of a Fisher-Yates
/// shuffle from the front, item i swapped with item i + r, r in [0, size - i) drawn from std::mt19937_64(seed) as
/// value modulo (size - i) with values below 2^64 modulo (size - i) rejected.
/// BadInput when the set has fewer items or count is not positive.
[[nodiscard]] Result<ImageSet> randomSubset(const ImageSet &set, int64_t count, uint64_t seed);

/// The first `count` items; all when count is 0 or larger than the set.
[[nodiscard]] ImageSet limit(ImageSet set, int64_t count);

} // namespace quantoscope
