// SPDX-License-Identifier: GPL-3.0-or-later
// Formats that are rare in data sets. OpenCV decides by its own rules, so sizes are read from the headers first,
// and variants for which its pixels are not PIL's are refused.
#include "core/imaging/decoders.h"

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <cstdlib>
#include <limits>
#include <string_view>

namespace quantoscope {

namespace {

/// Bounds-checked integers of a header; an offset outside gives zero, which no check below accepts as a size.
class HeaderView {
public:
    HeaderView(std::span<const std::byte> bytes, bool bigEndian) : m_bytes(bytes), m_bigEndian(bigEndian) {}

    [[nodiscard]] uint32_t integer(size_t offset, size_t length) const
    {
        if (offset > m_bytes.size() || length > m_bytes.size() - offset)
            return 0;
        uint32_t value = 0;
        for (size_t i = 0; i < length; ++i)
            value = value << 8 | std::to_integer<uint32_t>(m_bytes[offset + (m_bigEndian ? i : length - 1 - i)]);
        return value;
    }
    [[nodiscard]] uint32_t u16(size_t offset) const { return integer(offset, 2); }
    [[nodiscard]] uint32_t u24(size_t offset) const { return integer(offset, 3); }
    [[nodiscard]] uint32_t u32(size_t offset) const { return integer(offset, 4); }

private:
    std::span<const std::byte> m_bytes;
    bool m_bigEndian;
};

Result<Picture> decodeWithOpenCv(std::span<const std::byte> bytes, const std::string &where)
{
    if (bytes.size() > static_cast<size_t>(std::numeric_limits<int>::max()))
        return fail(ErrorCode::Unsupported, "file is larger than 2 GiB", where);
    const cv::Mat file(1, static_cast<int>(bytes.size()), CV_8UC1, const_cast<std::byte *>(bytes.data()));
    cv::Mat decoded;
    try {
        // Unchanged, not IMREAD_COLOR: 16-bit samples and alpha must be seen rather than converted in silence.
        decoded = cv::imdecode(file, cv::IMREAD_UNCHANGED);
    } catch (const cv::Exception &exception) {
        return fail(ErrorCode::CorruptFile, fmt::format("broken image data: {}", exception.err), where);
    }
    if (decoded.empty())
        return fail(ErrorCode::CorruptFile, "broken or truncated image data", where);
    if (decoded.depth() != CV_8U
        || (decoded.channels() != 1 && decoded.channels() != 3 && decoded.channels() != 4))
        return fail(ErrorCode::Unsupported, "image does not have 8 bits per sample", where, "convert it to PNG");
    Picture picture;
    picture.width = decoded.cols;
    picture.height = decoded.rows;
    picture.rgb.resize(decoded.total() * 3);
    cv::Mat target(decoded.rows, decoded.cols, CV_8UC3, picture.rgb.data());
    const int conversion = decoded.channels() == 1 ? cv::COLOR_GRAY2RGB
        : decoded.channels() == 3                  ? cv::COLOR_BGR2RGB
                                                   : cv::COLOR_BGRA2RGB;
    cv::cvtColor(decoded, target, conversion);
    return picture;
}

} // namespace

Result<Picture> decodeBmp(std::span<const std::byte> bytes, const std::string &where)
{
    const HeaderView header(bytes, false);
    const bool core = header.u32(14) == 12; // OS/2 header: 16-bit sizes
    const int64_t width = core ? header.u16(18) : header.u32(18);
    const auto signedHeight = static_cast<int32_t>(header.u32(22)); // negative: rows from top to bottom
    const int64_t height = core ? header.u16(20) : std::abs(int64_t{signedHeight});
    if (const auto error = checkPictureSize(width, height, where))
        return fail(*error);
    const uint32_t bits = header.u16(core ? 24 : 28);
    if (bits != 1 && bits != 4 && bits != 8 && bits != 24 && bits != 32)
        return fail(ErrorCode::Unsupported, fmt::format("BMP with {} bits per pixel", bits), where,
                    "convert it to PNG");
    return decodeWithOpenCv(bytes, where);
}

Result<Picture> decodeWebp(std::span<const std::byte> bytes, const std::string &where)
{
    const HeaderView header(bytes, false);
    int64_t width = 0;
    int64_t height = 0;
    const std::string_view chunk(reinterpret_cast<const char *>(bytes.data()) + 12, bytes.size() < 16 ? 0 : 4);
    if (chunk == "VP8X") {
        width = header.u24(24) + 1;
        height = header.u24(27) + 1;
    } else if (chunk == "VP8L") {
        width = (header.u32(21) & 0x3FFF) + 1;
        height = (header.u32(21) >> 14 & 0x3FFF) + 1;
    } else if (chunk == "VP8 ") {
        width = header.u16(26) & 0x3FFF;
        height = header.u16(28) & 0x3FFF;
    }
    if (const auto error = checkPictureSize(width, height, where))
        return fail(*error);
    return decodeWithOpenCv(bytes, where);
}

Result<Picture> decodeTiff(std::span<const std::byte> bytes, const std::string &where)
{
    enum Tag : uint32_t {
        Width = 256,
        Height = 257,
        BitsPerSample = 258,
        Compression = 259,
        Photometric = 262,
        Orientation = 274,
        SamplesPerPixel = 277
    };
    enum Type : uint32_t { Short = 3 };
    enum Method : uint32_t { None = 1, Jpeg = 7, PackBits = 32773 };
    const HeaderView header(bytes, bytes.front() == std::byte{'M'});
    const size_t directory = header.u32(4);
    uint32_t width = 0, height = 0;
    uint32_t bits = 1, compression = Method::None, photometric = 1, orientation = 1, samples = 1;
    for (size_t i = 0, count = header.u16(directory); i < count; ++i) {
        const size_t entry = directory + 2 + 12 * i;
        const bool isShort = header.u16(entry + 2) == Type::Short;
        const uint32_t value = isShort ? header.u16(entry + 8) : header.u32(entry + 8);
        switch (header.u16(entry)) {
        case Tag::Width: width = value; break;
        case Tag::Height: height = value; break;
        case Tag::Compression: compression = value; break;
        case Tag::Photometric: photometric = value; break;
        case Tag::Orientation: orientation = value; break;
        case Tag::SamplesPerPixel: samples = value; break;
        case Tag::BitsPerSample:
            // Several values do not fit the entry and stand elsewhere; the first is enough here.
            bits = header.u32(entry + 4) > 2 ? header.u16(header.u32(entry + 8)) : value;
            break;
        default: break;
        }
    }
    if (const auto error = checkPictureSize(width, height, where))
        return fail(*error);
    const bool gray = photometric == 1 && samples == 1;
    const bool rgb = photometric == 2 && samples == 3;
    if ((!gray && !rgb) || bits != 8 || orientation != 1)
        return fail(ErrorCode::Unsupported, "TIFF is not upright 8-bit gray or RGB without alpha", where,
                    "convert it to PNG");
    // OpenCV ignores libtiff's errors: damage in LZW or Deflate data would pass as pixels.
    if (compression != Method::None && compression != Method::Jpeg && compression != Method::PackBits)
        return fail(ErrorCode::Unsupported, fmt::format("TIFF compression {} is not read", compression), where,
                    "convert it to PNG");
    return decodeWithOpenCv(bytes, where);
}

} // namespace quantoscope
