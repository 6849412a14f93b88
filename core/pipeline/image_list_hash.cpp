// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/image_list_hash.h"

#include "core/imaging/image_source.h"
#include "core/io/file_hash.h"

#include <fmt/format.h>

namespace quantoscope {

std::string imageListHash(const ImageSet &images)
{
    const auto size = [](const std::string &path) {
        const auto stamp = imageStamp(path);
        return stamp ? stamp->size : uint64_t{0};
    };
    std::string text = fmt::format("{}\n", size(images.root));
    for (const ImageItem &item : images.items)
        text += fmt::format("{} {} {}\n", item.path, item.label, size(images.filePath(item)));
    return sha256OfBytes(std::as_bytes(std::span(text)));
}

Result<std::string> imageListHash(const DataRequest &request)
{
    Result<ImageSet> set = request.list.empty() ? openImages({request.folder, request.split, request.classes})
                                                : openImageList(request.list, request.folder, request.classes);
    if (!set)
        return fail(set.error());
    return imageListHash(limit(std::move(*set), request.limit));
}

} // namespace quantoscope
