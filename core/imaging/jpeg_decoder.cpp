// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/decoders.h"

#include <fmt/format.h>

// jpeglib.h needs size_t and FILE declared before it.
#include <cstdio>

#include <jerror.h>
#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <csetjmp>

namespace quantoscope {

namespace {

// A hostile progressive file of a megabyte can hold 100,000 scans over a huge area and decode for days.
constexpr int maximumScans = 500;

/// Owns a libjpeg decompressor over bytes in memory. The source suspends at the end of the bytes, as PIL's does,
/// so that a truncated file is told from a finished one instead of being filled up with gray.
class JpegReader {
public:
    explicit JpegReader(std::span<const std::byte> bytes)
    {
        info.err = jpeg_std_error(&m_errors);
        m_errors.error_exit = [](j_common_ptr common) {
            auto *reader = static_cast<JpegReader *>(common->client_data);
            std::longjmp(reader->m_jump, 1);
        };
        // Damage that libjpeg can get over ("Corrupt JPEG data") is tolerated in silence, as PIL does.
        m_errors.output_message = [](j_common_ptr) {};
        info.client_data = this;
        m_source.next_input_byte = reinterpret_cast<const JOCTET *>(bytes.data());
        m_source.bytes_in_buffer = bytes.size();
        m_source.init_source = [](j_decompress_ptr) {};
        m_source.term_source = [](j_decompress_ptr) {};
        m_source.fill_input_buffer = [](j_decompress_ptr) -> boolean { return FALSE; };
        m_source.resync_to_restart = jpeg_resync_to_restart;
        m_source.skip_input_data = [](j_decompress_ptr decompress, long count) {
            const size_t left = decompress->src->bytes_in_buffer;
            const size_t skipped = count > 0 ? std::min(static_cast<size_t>(count), left) : 0;
            decompress->src->next_input_byte += skipped;
            decompress->src->bytes_in_buffer -= skipped;
        };
        m_progress.progress_monitor = [](j_common_ptr common) {
            if (reinterpret_cast<j_decompress_ptr>(common)->input_scan_number > maximumScans)
                ERREXIT(common, JERR_CONVERSION_NOTIMPL);
        };
    }
    ~JpegReader() { jpeg_destroy_decompress(&info); } // harmless before create()
    JpegReader(const JpegReader &) = delete;
    JpegReader &operator=(const JpegReader &) = delete;

    void create()
    {
        jpeg_create_decompress(&info); // keeps err and client_data
        info.src = &m_source;
        info.progress = &m_progress;
    }

    /// Runs a step that calls libjpeg; false after a fatal error, which jumps out of the step.
    /// No object with a destructor may live inside the step.
    template <typename Step>
    [[nodiscard]] bool guarded(Step step)
    {
        if (setjmp(m_jump) != 0)
            return false;
        step();
        return true;
    }

    [[nodiscard]] Error brokenData(const std::string &where)
    {
        std::array<char, JMSG_LENGTH_MAX> text{};
        if (info.input_scan_number > maximumScans)
            return {ErrorCode::Unsupported, fmt::format("JPEG has more than {} scans", maximumScans), where, {}};
        m_errors.format_message(reinterpret_cast<j_common_ptr>(&info), text.data());
        return {ErrorCode::CorruptFile, fmt::format("broken JPEG data: {}", text.data()), where, {}};
    }

    jpeg_decompress_struct info{};

private:
    jpeg_error_mgr m_errors{};
    jpeg_source_mgr m_source{};
    jpeg_progress_mgr m_progress{};
    std::jmp_buf m_jump{};
};

/// PIL's CMYK to RGB of samples that are stored inverted: paper is 255.
void invertedCmykToRgb(const uint8_t *cmyk, uint8_t *rgb, int width)
{
    for (int x = 0; x < width; ++x, cmyk += 4, rgb += 3) {
        const int light = cmyk[3];
        for (int c = 0; c < 3; ++c) {
            const int product = (255 - cmyk[c]) * light + 128;
            rgb[c] = static_cast<uint8_t>(std::max(0, light - ((product + (product >> 8)) >> 8)));
        }
    }
}

} // namespace

Result<Picture> decodeJpeg(std::span<const std::byte> bytes, const std::string &where)
{
    const auto truncated = [&where] {
        return fail(ErrorCode::CorruptFile, "JPEG is truncated: the data ends inside the image", where);
    };

    JpegReader reader(bytes);
    jpeg_decompress_struct &info = reader.info;
    int header = JPEG_SUSPENDED;
    if (!reader.guarded([&] {
            reader.create();
            header = jpeg_read_header(&info, TRUE);
        }))
        return fail(reader.brokenData(where));
    if (header != JPEG_HEADER_OK)
        return truncated();
    if (const auto error = checkPictureSize(info.image_width, info.image_height, where))
        return fail(*error);
    const int components = info.num_components;
    if (components != 1 && components != 3 && components != 4)
        return fail(ErrorCode::Unsupported,
                    fmt::format("JPEG has {} components; 1, 3 or 4 can be read", components), where);

    Picture picture;
    picture.width = static_cast<int>(info.image_width);
    picture.height = static_cast<int>(info.image_height);
    const size_t stride = static_cast<size_t>(picture.width) * 3;
    picture.rgb.resize(stride * static_cast<size_t>(picture.height));
    std::vector<uint8_t> cmykRow(components == 4 ? static_cast<size_t>(picture.width) * 4 : 0);

    bool complete = false;
    if (!reader.guarded([&] {
            info.out_color_space = components == 4 ? JCS_CMYK : JCS_RGB;
            if (!jpeg_start_decompress(&info))
                return;
            while (info.output_scanline < info.output_height) {
                uint8_t *target = picture.rgb.data() + stride * info.output_scanline;
                JSAMPROW row = components == 4 ? cmykRow.data() : target;
                if (jpeg_read_scanlines(&info, &row, 1) != 1)
                    return;
                if (components == 4)
                    invertedCmykToRgb(row, target, picture.width);
            }
            // The result is ignored: all rows are there, only the end marker can be missing.
            jpeg_finish_decompress(&info);
            complete = true;
        }))
        return fail(reader.brokenData(where));
    if (!complete)
        return truncated();
    return picture;
}

} // namespace quantoscope
