// SPDX-License-Identifier: GPL-3.0-or-later
// Which of the layouts that data sets come in a folder or archive has.
#pragma once

#include "core/base/result.h"
#include "core/imaging/class_table.h"

#include <string>
#include <vector>

namespace quantoscope {

/// The names of a split that stand for each other, the asked one first.
[[nodiscard]] std::vector<std::string> splitNames(const std::string &split);

/// A folder, archive or folder of an archive that holds the images of a split.
struct ImageLayout {
    struct ClassFolder {
        std::string name; ///< in `base`
        int label = -1;   ///< class index, -1 when unknown
    };
    std::string base;
    std::vector<ClassFolder> classFolders; ///< sorted by name; when empty, the images lie in `base` itself
    std::vector<std::string> images;       ///< names in `base`, sorted; empty when there are class folders
};

/// `path` is a folder or a tar archive. Folders of unknown class are errors, or get the label -1 with `acceptUnknown`.
/// Errors: NotFound (path, split), BadInput (unknown class, no images), those of listFolder.
[[nodiscard]] Result<ImageLayout> findLayout(const std::string &path, const std::string &split,
                                             const ClassTable &classes, bool acceptUnknown);

} // namespace quantoscope
