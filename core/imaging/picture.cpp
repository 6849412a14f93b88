// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/picture.h"

#include "core/imaging/decoders.h"
#include "core/imaging/image_source.h"

#include <fmt/format.h>

#include <cstring>
#include <exception>
#include <string_view>

namespace quantoscope {

namespace {

using Decoder = Result<Picture> (*)(std::span<const std::byte>, const std::string &);

Decoder decoderFor(std::string_view content)
{
    using namespace std::string_view_literals;
    if (content.starts_with("\xFF\xD8\xFF"sv))
        return decodeJpeg;
    if (content.starts_with("\x89PNG\r\n\x1A\n"sv))
        return decodePng;
    if (content.starts_with("BM"sv))
        return decodeBmp;
    if (content.starts_with("RIFF"sv) && content.substr(0, 12).ends_with("WEBP"sv))
        return decodeWebp;
    if (content.starts_with("II*\0"sv) || content.starts_with("MM\0*"sv))
        return decodeTiff;
    return nullptr;
}

} // namespace

std::optional<Error> checkPictureSize(int64_t width, int64_t height, const std::string &where)
{
    if (width <= 0 || height <= 0)
        return Error{ErrorCode::CorruptFile, fmt::format("image of {} x {} pixels", width, height), where, {}};
    if (width > maximumPixels / height)
        return Error{
            ErrorCode::Unsupported,
            fmt::format("image of {} x {} pixels is above the limit of {} pixels", width, height, maximumPixels),
            where, "could be a decompression bomb; scale it down if it is genuine"};
    return std::nullopt;
}

Result<Picture> decodePicture(std::span<const std::byte> bytes, const std::string &where)
{
    if (bytes.empty())
        return fail(ErrorCode::CorruptFile, "file is empty", where);
    const Decoder decode = decoderFor({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
    if (!decode)
        return fail(ErrorCode::CorruptFile, "not an image that can be read", where,
                    "expected JPEG, PNG, BMP, WebP or TIFF");
    try {
        return decode(bytes, where);
    } catch (const std::bad_alloc &) {
        return fail(ErrorCode::Unsupported, "not enough memory for the image", where);
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Internal, exception.what(), where);
    }
}

Result<Picture> loadPicture(const std::string &path)
{
    try {
        const Result<std::vector<std::byte>> bytes = readImage(path);
        if (!bytes)
            return fail(bytes.error());
        return decodePicture(*bytes, path);
    } catch (const std::bad_alloc &) {
        return fail(ErrorCode::Unsupported, "not enough memory to read the file", path);
    } catch (const std::exception &exception) {
        return fail(ErrorCode::Io, exception.what(), path);
    }
}

} // namespace quantoscope
