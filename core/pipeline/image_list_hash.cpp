// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/image_list_hash.h"

#include "core/imaging/image_source.h"
#include "core/io/file_hash.h"

#include <fmt/format.h>

namespace quantoscope {

std::string imageListHash(const ImageSet &images)
{
    std::string text;
    for (const ImageItem &item : images.items) {
        const ImageSample sample = imageSample(images.filePath(item)).value_or(ImageSample());
        text += fmt::format("{} {} {} {}\n", item.path, item.label, sample.size, sha256OfBytes(sample.middle));
    }
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
