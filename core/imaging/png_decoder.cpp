// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/decoders.h"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstring>

namespace quantoscope {

namespace {

/// Owns a libpng reader over bytes in memory.
class PngReader {
public:
    explicit PngReader(std::span<const std::byte> bytes) : m_rest(bytes)
    {
        png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, onError, [](png_structp, png_const_charp) {});
        if (png)
            info = png_create_info_struct(png);
    }
    ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }
    PngReader(const PngReader &) = delete;
    PngReader &operator=(const PngReader &) = delete;

    /// Runs a step that calls libpng; false after a fatal error, which jumps out of the step.
    /// No object with a destructor may live inside the step.
    template <typename Step>
    [[nodiscard]] bool guarded(Step step)
    {
        if (setjmp(png_jmpbuf(png)) != 0)
            return false;
        step();
        return true;
    }

    static void read(png_structp png, png_bytep target, size_t count)
    {
        auto *self = static_cast<PngReader *>(png_get_io_ptr(png));
        if (count > self->m_rest.size())
            png_error(png, "the data ends inside the image");
        std::memcpy(target, self->m_rest.data(), count);
        self->m_rest = self->m_rest.subspan(count);
    }

    [[nodiscard]] Error brokenData(const std::string &where) const
    {
        return {ErrorCode::CorruptFile, fmt::format("broken PNG data: {}", m_message.data()), where, {}};
    }

    png_structp png = nullptr;
    png_infop info = nullptr;

private:
    [[noreturn]] static void onError(png_structp png, png_const_charp text)
    {
        auto *self = static_cast<PngReader *>(png_get_error_ptr(png));
        std::strncpy(self->m_message.data(), text, self->m_message.size() - 1);
        png_longjmp(png, 1);
    }

    std::span<const std::byte> m_rest;
    std::array<char, 128> m_message{};
};

/// Colours behind palette indices; an index beyond the palette is a shade of gray, as in PIL.
std::array<png_color, 256> completePalette(const PngReader &reader)
{
    std::array<png_color, 256> colors;
    for (size_t i = 0; i < colors.size(); ++i)
        colors[i].red = colors[i].green = colors[i].blue = static_cast<png_byte>(i);
    png_colorp palette = nullptr;
    int count = 0;
    png_get_PLTE(reader.png, reader.info, &palette, &count);
    std::copy_n(palette, palette ? count : 0, colors.begin());
    return colors;
}

} // namespace

Result<Picture> decodePng(std::span<const std::byte> bytes, const std::string &where)
{
    PngReader reader(bytes);
    if (!reader.info)
        return fail(ErrorCode::Internal, "libpng cannot be started", where);
    png_structp png = reader.png;

    if (!reader.guarded([&] {
            png_set_read_fn(png, &reader, PngReader::read);
            png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
            png_set_crc_action(png, PNG_CRC_DEFAULT, PNG_CRC_ERROR_QUIT);
            png_read_info(png, reader.info);
            // From here on pixels only. PIL does not look at their CRC; zlib's own check sum guards them.
            png_set_crc_action(png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
        }))
        return fail(reader.brokenData(where));
    const png_uint_32 width = png_get_image_width(png, reader.info);
    const png_uint_32 height = png_get_image_height(png, reader.info);
    if (const auto error = checkPictureSize(width, height, where))
        return fail(*error);

    const int depth = png_get_bit_depth(png, reader.info);
    const int type = png_get_color_type(png, reader.info);
    const bool palette = type == PNG_COLOR_TYPE_PALETTE;
    const bool gray16 = type == PNG_COLOR_TYPE_GRAY && depth == 16;
    const size_t bytesPerPixel = palette ? 1 : gray16 ? 2 : 3;

    Picture picture;
    picture.width = static_cast<int>(width);
    picture.height = static_cast<int>(height);
    const size_t pixels = size_t{width} * height;
    picture.rgb.resize(pixels * 3);
    std::vector<uint8_t> raw(bytesPerPixel == 3 ? 0 : pixels * bytesPerPixel);
    uint8_t *target = raw.empty() ? picture.rgb.data() : raw.data();
    std::vector<png_bytep> rows(height);
    for (size_t y = 0; y < height; ++y)
        rows[y] = target + y * width * bytesPerPixel;

    bool expectedLayout = false;
    if (!reader.guarded([&] {
            if (palette) {
                png_set_packing(png);
            } else if (!gray16) {
                png_set_expand_gray_1_2_4_to_8(png);
                png_set_strip_16(png);
                png_set_strip_alpha(png);
                png_set_gray_to_rgb(png);
            }
            png_set_interlace_handling(png);
            png_read_update_info(png, reader.info);
            expectedLayout = png_get_rowbytes(png, reader.info) == width * bytesPerPixel;
            // Chunks after the pixels are not read: PIL tolerates any damage there.
            if (expectedLayout)
                png_read_image(png, rows.data());
        }))
        return fail(reader.brokenData(where));
    if (!expectedLayout)
        return fail(ErrorCode::Internal, "libpng yields rows of an unexpected length", where);

    if (palette) {
        const std::array<png_color, 256> colors = completePalette(reader);
        for (size_t i = 0; i < pixels; ++i) {
            const png_color color = colors[raw[i]];
            picture.rgb[3 * i] = color.red;
            picture.rgb[3 * i + 1] = color.green;
            picture.rgb[3 * i + 2] = color.blue;
        }
    } else if (gray16) {
        // Big-endian; anything above 255 is white: PIL opens it as 32-bit integers and clips.
        for (size_t i = 0; i < pixels; ++i)
            std::fill_n(&picture.rgb[3 * i], 3, raw[2 * i] != 0 ? uint8_t{255} : raw[2 * i + 1]);
    }
    return picture;
}

} // namespace quantoscope
