// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/zip_checkpoint.h"

#include <algorithm>

namespace quantoscope {

Result<CheckpointContents> readZipCheckpoint(const std::shared_ptr<const MappedFile> &file, const std::string &key)
{
    const auto archive = ZipArchive::open(file->bytes());
    if (!archive)
        return fail(archive.error());
    const auto any = [&](auto matches) {
        return std::any_of(archive->members().begin(), archive->members().end(),
                           [&](const auto &member) { return matches(std::string_view(member.first)); });
    };
    if (any([](std::string_view name) { return name.ends_with("/data.pkl"); }))
        return readTorchZip(*archive, file, key);
    if (any([](std::string_view name) { return name.ends_with(".npy"); })) {
        if (!key.empty())
            return fail(ErrorCode::NotFound, "a NumPy archive has no entry " + displayName(key), {}, "leave --key away");
        return readNumpyArchive(*archive, file);
    }
    if (any([](std::string_view name) { return name.find("/data/") != std::string_view::npos || name.ends_with("/version"); }))
        return fail(ErrorCode::CorruptFile, "the PyTorch archive lacks data.pkl, which describes its tensors");
    return fail(ErrorCode::Unsupported,
                "this is a zip archive, but neither of PyTorch nor of NumPy (first member: " +
                    displayName(archive->members().begin()->first) + ")", {},
                "if the checkpoint is inside, unpack it and open that file");
}

} // namespace quantoscope
