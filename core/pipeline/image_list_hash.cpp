// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/image_list_hash.h"

#include "core/imaging/image_set.h"
#include "core/io/file_hash.h"

#include <fmt/format.h>

#include <filesystem>

namespace quantoscope {

Result<std::string> imageListHash(const DataRequest &request)
{
    Result<ImageSet> set = request.list.empty() ? openImages({request.folder, request.split, request.classes})
                                                : openImageList(request.list, request.folder, request.classes);
    if (!set)
        return fail(set.error());
    const ImageSet images = limit(std::move(*set), request.limit);
    const auto size = [](const std::string &path) {
        std::error_code none;
        const auto bytes = std::filesystem::file_size(path, none);
        return none ? uint64_t{0} : static_cast<uint64_t>(bytes);
    };
    std::string text = fmt::format("{}\n", size(images.root));
    for (const ImageItem &item : images.items)
        text += fmt::format("{} {} {}\n", item.path, item.label, size(images.filePath(item)));
    return sha256OfBytes(std::as_bytes(std::span(text)));
}

} // namespace quantoscope
