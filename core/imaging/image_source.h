// SPDX-License-Identifier: GPL-3.0-or-later
// Where the bytes of images are: files, or members of tar archives. A path may lead through archives as if they were
// folders, "/data/ILSVRC2012_img_train.tar/n01440764.tar/n01440764_18.JPEG", everywhere in this room.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quantoscope {

/// Content of a file or member, into memory. Errors: NotFound, BadInput (a folder, a device), Unsupported (too large
/// to be an image), Io, those of TarArchive::open. Any thread.
[[nodiscard]] Result<std::vector<std::byte>> readImage(const std::string &path);

/// True for a regular file and for a member of an archive that can be read. Any thread.
[[nodiscard]] bool imageExists(const std::string &path);

/// Tells a changed file from an unchanged one; a member changes with its archive.
struct ImageStamp {
    uint64_t size = 0;   ///< bytes
    int64_t changed = 0; ///< ticks of the file system's clock
    bool operator==(const ImageStamp &) const = default;
};

/// Nothing when the path is no regular file or cannot be looked at; an archive is not entered. Any thread.
[[nodiscard]] std::optional<ImageStamp> fileStamp(const std::string &path);
/// The same for files and members. Any thread.
[[nodiscard]] std::optional<ImageStamp> imageStamp(const std::string &path);

/// What tells a file or member from another one without reading all of it, and does not depend on where it lies.
struct ImageSample {
    uint64_t size = 0;             ///< bytes
    std::vector<std::byte> middle; ///< up to kSampledBytes around the middle: of a JPEG, its picture data
};
inline constexpr uint64_t kSampledBytes = 4096;

/// Nothing when there is no such file or member, or it cannot be read. Any thread.
[[nodiscard]] std::optional<ImageSample> imageSample(const std::string &path);

/// What lies directly in a folder, an archive or a folder of an archive; names only, each list sorted byte by byte.
struct FolderListing {
    std::vector<std::string> folders;  ///< hidden ones are left out
    std::vector<std::string> archives; ///< files named *.tar, which can be entered
    std::vector<std::string> images;   ///< files with an image's extension
};

/// Errors: NotFound, Io, those of TarArchive::open. Any thread.
[[nodiscard]] Result<FolderListing> listFolder(const std::string &path);

/// True for folders, archives and folders of archives. Any thread.
[[nodiscard]] bool folderExists(const std::string &path);

/// Paths, relative to `path`, of all images below it, ordered by (folder, name). Errors as listFolder.
[[nodiscard]] Result<std::vector<std::string>> imagesBelow(const std::string &path);

/// True for the extensions that torchvision takes for images; macOS's "._" files are none.
[[nodiscard]] bool looksLikeImage(std::string_view name);
/// True for names that end with .tar.
[[nodiscard]] bool looksLikeTar(std::string_view name);

} // namespace quantoscope
