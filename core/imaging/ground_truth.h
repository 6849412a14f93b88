// SPDX-License-Identifier: GPL-3.0-or-later
// Labels of images that lie in one flat folder, from the files that come with ImageNet.
#pragma once

#include "core/base/result.h"
#include "core/imaging/class_table.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace quantoscope {

struct FlatLabels {
    std::vector<int> labels; ///< class index of each image
    std::string file;        ///< where they come from
    std::optional<ClassTable>
        classes; ///< when a class list lies beside that file (Kaggle's LOC_synset_mapping.txt)
};

/// Labels of the images `names` (file names) in `folder`, which may be in an archive. The first file found counts, in
/// the folder itself, then in the ones around it:
/// - `<split>.txt`: lines `name label`, the label being a class index or a wnid (for val also valid, validation);
/// - the development kit (findDevkit), by the number in ILSVRC2012_val_<number>; for validation images only;
/// - Kaggle's LOC_val_solution.csv, lines `name,wnid ...`, with LOC_synset_mapping.txt for the class order unless
///   `classes` were read from a file; for validation images only.
/// `splits` are the names of the split that stand for each other. Errors: NotFound with the list of what was looked
/// for, BadInput with the line or the image that has no label, those of readText and findDevkit.
[[nodiscard]] Result<FlatLabels> labelFlatImages(std::span<const std::string> names, const std::string &folder,
                                                 std::span<const std::string> splits, const ClassTable &classes);

} // namespace quantoscope
