// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/text_lines.h"

#include "core/imaging/image_source.h"

#include <fmt/format.h>

#include <charconv>

namespace quantoscope {

namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

/// Length of the UTF-8 sequence at the start of `text`; 0 when there is none.
size_t sequenceLength(std::string_view text)
{
    const auto byte = [&text](size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80)
        return first != 0 ? 1 : 0; // a zero byte is no text
    const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length)
        return 0;
    for (size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
    const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    const bool beyond = first == 0xF4 && byte(1) >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

} // namespace

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view space = " \t\r\n\v\f";
    const size_t first = text.find_first_not_of(space);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::optional<int64_t> parseInteger(std::string_view text)
{
    int64_t value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || status != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

Result<std::string> readText(const std::string &path)
{
    const Result<std::vector<std::byte>> bytes = readImage(path);
    if (!bytes)
        return fail(bytes.error());
    std::string text(reinterpret_cast<const char *>(bytes->data()), bytes->size());
    if (text.starts_with(byteOrderMark))
        text.erase(0, byteOrderMark.size());
    size_t line = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const size_t length = sequenceLength(rest);
        if (length == 0)
            return fail(ErrorCode::BadInput, "this is not text in UTF-8", lineOf(path, line));
        line += rest.front() == '\n' ? 1 : 0;
        rest.remove_prefix(length);
    }
    return text;
}

std::vector<std::string> linesOf(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        lines.emplace_back(trimmed(line));
        text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
    }
    return lines;
}

Result<std::vector<std::string>> readLines(const std::string &path)
{
    const Result<std::string> text = readText(path);
    if (!text)
        return fail(text.error());
    return linesOf(*text);
}

std::string lineOf(const std::string &file, size_t index)
{
    return fmt::format("{}, line {}", file, index + 1);
}

} // namespace quantoscope
