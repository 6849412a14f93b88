// SPDX-License-Identifier: GPL-3.0-or-later
// A reader of its own, because matio crashes on damaged files. The format: "MAT-File Format", The MathWorks, version 5:
// elements of type, size and data, padded to 8 bytes; an array is an element of elements; a compressed element holds
// the zlib stream of one array.
#include "core/imaging/meta_mat.h"

#include "core/imaging/synsets.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace quantoscope {

namespace {

using Bytes = std::span<const std::byte>;

constexpr size_t headerSize = 128;
constexpr size_t largestArray = size_t{1} << 26; // the real one has 1 MB; a bomb shall not be unpacked to its end

enum Type : uint32_t {
    Int8 = 1,
    Uint8 = 2,
    Int16 = 3,
    Uint16 = 4,
    Int32 = 5,
    Uint32 = 6,
    Single = 7,
    Double = 9,
    Matrix = 14,
    Compressed = 15,
    Utf8 = 16,
    Utf16 = 17,
};

constexpr uint8_t structClass = 2;
constexpr uint8_t charClass = 4;

template <typename T>
T valueAt(Bytes bytes, size_t place)
{
    T value;
    std::memcpy(&value, bytes.data() + place, sizeof value);
    return value;
}

struct Element {
    uint32_t type = 0;
    Bytes data;
};

/// Takes the first element off `rest`. Nothing when it does not fit.
std::optional<Element> takeElement(Bytes &rest)
{
    if (rest.size() < 8)
        return std::nullopt;
    const auto tag = valueAt<uint32_t>(rest, 0);
    Element element;
    size_t used = 8;
    if (const uint32_t small = tag >> 16; small != 0) { // up to four bytes lie in the tag itself
        if (small > 4)
            return std::nullopt;
        element = {tag & 0xFFFF, rest.subspan(4, small)};
    } else {
        const size_t size = valueAt<uint32_t>(rest, 4);
        if (size > rest.size() - 8)
            return std::nullopt;
        element = {tag, rest.subspan(8, size)};
        used += tag == Compressed ? size : (size + 7) / 8 * 8;
    }
    rest = rest.subspan(std::min(used, rest.size()));
    return element;
}

/// What every array begins with.
struct Array {
    uint8_t kind = 0;
    uint64_t count = 1;
    std::string_view name;
    Bytes rest; ///< elements behind the name
};

std::optional<Array> parseArray(const Element &element)
{
    if (element.type != Matrix)
        return std::nullopt;
    Array array;
    array.rest = element.data;
    const auto flags = takeElement(array.rest);
    const auto dimensions = flags ? takeElement(array.rest) : std::nullopt;
    const auto name = dimensions ? takeElement(array.rest) : std::nullopt;
    if (!name || flags->type != Uint32 || flags->data.size() != 8 || dimensions->type != Int32
        || name->type != Int8)
        return std::nullopt;
    array.kind = static_cast<uint8_t>(valueAt<uint32_t>(flags->data, 0));
    for (size_t place = 0; place + 4 <= dimensions->data.size(); place += 4) {
        const auto extent = valueAt<int32_t>(dimensions->data, place);
        if (extent < 0 || (extent > 0 && array.count > largestArray / static_cast<uint64_t>(extent)))
            return std::nullopt;
        array.count *= static_cast<uint64_t>(extent);
    }
    array.name = {reinterpret_cast<const char *>(name->data.data()), name->data.size()};
    return array;
}

/// The positive whole number in a 1 x 1 array, in whatever type it is stored; 0 when there is none.
int number(const std::optional<Array> &array)
{
    if (!array || array->count != 1)
        return 0;
    Bytes rest = array->rest;
    const auto element = takeElement(rest);
    if (!element)
        return 0;
    const auto as = [&element]<typename T>(T) {
        return element->data.size() == sizeof(T) ? static_cast<double>(valueAt<T>(element->data, 0)) : 0.0;
    };
    double value = 0;
    switch (element->type) {
    case Int8: value = as(int8_t{}); break;
    case Uint8: value = as(uint8_t{}); break;
    case Int16: value = as(int16_t{}); break;
    case Uint16: value = as(uint16_t{}); break;
    case Int32: value = as(int32_t{}); break;
    case Uint32: value = as(uint32_t{}); break;
    case Single: value = as(float{}); break;
    case Double: value = as(double{}); break;
    default: break;
    }
    return value >= 1 && value <= 1e6 && value == std::floor(value) ? static_cast<int>(value) : 0;
}

/// A text in ASCII; empty when it is none.
std::string text(const std::optional<Array> &array)
{
    if (!array || array->kind != charClass)
        return {};
    Bytes rest = array->rest;
    const auto element = takeElement(rest);
    if (!element)
        return {};
    const bool wide = element->type == Uint16 || element->type == Utf16;
    if (!wide && element->type != Uint8 && element->type != Int8 && element->type != Utf8)
        return {};
    std::string result;
    for (size_t place = 0; place + (wide ? 2 : 1) <= element->data.size(); place += wide ? 2 : 1) {
        const unsigned character =
            wide ? valueAt<uint16_t>(element->data, place) : valueAt<uint8_t>(element->data, place);
        if (character < 0x20 || character > 0x7E)
            return {};
        result += static_cast<char>(character);
    }
    return result;
}

/// The array in a compressed element; empty when the stream is broken or too large.
std::vector<std::byte> inflated(Bytes stream)
{
    z_stream state = {};
    if (inflateInit(&state) != Z_OK)
        return {};
    state.next_in = reinterpret_cast<Bytef *>(const_cast<std::byte *>(stream.data()));
    state.avail_in = static_cast<uInt>(stream.size());
    std::vector<std::byte> result;
    std::array<std::byte, 1 << 16> block;
    int status = Z_OK;
    while (status == Z_OK && result.size() <= largestArray) {
        state.next_out = reinterpret_cast<Bytef *>(block.data());
        state.avail_out = static_cast<uInt>(block.size());
        status = inflate(&state, Z_NO_FLUSH);
        if (status == Z_OK || status == Z_STREAM_END)
            result.insert(result.end(), block.begin(), block.end() - state.avail_out);
    }
    inflateEnd(&state);
    if (status != Z_STREAM_END)
        result.clear();
    return result;
}

using Wnids = std::unordered_map<int, std::string>;

Result<Wnids> readSynsets(Array synsets, const auto &unusable)
{
    const auto nameLength = takeElement(synsets.rest);
    const auto names = nameLength ? takeElement(synsets.rest) : std::nullopt;
    const int32_t length = names && nameLength->type == Int32 && nameLength->data.size() == 4
                             ? valueAt<int32_t>(nameLength->data, 0)
                             : 0;
    if (length <= 0 || names->type != Int8)
        return unusable("broken struct array \"synsets\"");
    const std::string_view all(reinterpret_cast<const char *>(names->data.data()), names->data.size());
    std::vector<std::string_view> fields;
    for (size_t place = 0; place + static_cast<size_t>(length) <= all.size();
         place += static_cast<size_t>(length)) {
        const std::string_view field = all.substr(place, static_cast<size_t>(length));
        fields.push_back(field.substr(0, field.find('\0')));
    }
    Wnids wnids;
    for (uint64_t i = 0; i < synsets.count; ++i) {
        int id = 0;
        std::string wnid;
        for (const std::string_view field : fields) {
            const auto element = takeElement(synsets.rest);
            if (!element)
                return unusable(fmt::format("ends inside synset {}", i + 1));
            if (field == "ILSVRC2012_ID")
                id = number(parseArray(*element));
            else if (field == "WNID")
                wnid = text(parseArray(*element));
        }
        if (id == 0 || !looksLikeWnid(wnid))
            return unusable(fmt::format("synset {} lacks its ILSVRC2012_ID or WNID", i + 1));
        if (!wnids.emplace(id, wnid).second)
            return unusable(fmt::format("ILSVRC2012_ID {} occurs twice", id));
    }
    return wnids;
}

} // namespace

Result<Wnids> readMetaMat(std::span<const std::byte> bytes, const std::string &where)
{
    static_assert(std::endian::native == std::endian::little, "values are taken as they lie in the file");
    const auto unusable = [&where](std::string what) {
        return fail(ErrorCode::CorruptFile, std::move(what), where,
                    "expected data/meta.mat of the ILSVRC 2012 development kit");
    };
    const std::string_view header(reinterpret_cast<const char *>(bytes.data()),
                                  std::min(bytes.size(), headerSize));
    if (!header.starts_with("MATLAB 5.0") || header.size() < headerSize || !header.ends_with("IM"))
        return unusable("this is no MATLAB 5 file in little-endian order");
    Bytes rest = bytes.subspan(headerSize);
    while (auto element = takeElement(rest)) {
        std::vector<std::byte> unpacked;
        if (element->type == Compressed) {
            unpacked = inflated(element->data);
            Bytes inner = unpacked;
            element = takeElement(inner);
            if (!element)
                return unusable("broken compressed data");
        }
        const auto array = parseArray(*element);
        if (array && array->kind == structClass && array->name == "synsets")
            return readSynsets(*array, unusable);
    }
    return unusable("no struct array \"synsets\" in it");
}

} // namespace quantoscope
