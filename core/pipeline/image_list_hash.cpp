// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/image_list_hash.h"

#include "core/base/parallel.h"
#include "core/imaging/image_source.h"
#include "core/io/file_hash.h"

#include <fmt/format.h>

#include <vector>

namespace quantoscope {

std::string imageListHash(const ImageSet &images)
{
    std::vector<std::string> lines(images.items.size());
    constexpr int64_t kImagesAtOnce = 64;
    parallelRanges(static_cast<int64_t>(lines.size()), kImagesAtOnce, [&](int64_t begin, int64_t end, int) {
        for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) { // a disk answers several at once
            const ImageItem &item = images.items[i];
            const ImageSample sample = imageSample(images.filePath(item)).value_or(ImageSample());
            lines[i] = fmt::format("{} {} {} {}\n", item.path, item.label, sample.size, sha256OfBytes(sample.middle));
        }
    });
    std::string text;
    for (const std::string &line : lines)
        text += line;
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
