// SPDX-License-Identifier: GPL-3.0-or-later
// Format: 64-bit little-endian header length, header (JSON: tensor name -> dtype, shape, data_offsets), data.
#include "core/io/safetensors.h"

#include "core/io/safetensors_writer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <set>
#include <tuple>

namespace quantoscope {

namespace {

using Json = nlohmann::json;

constexpr size_t lengthSize = 8;
constexpr uint64_t largestHeader = 100'000'000; // the format's own limit
constexpr const char *metadataKey = "__metadata__";

constexpr std::array foreignTypes{"U16", "U32", "U64", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F4", "C64"};

struct HeaderEntry {
    std::string type;
    std::vector<uint64_t> shape;
    std::vector<uint64_t> range; ///< data_offsets: begin, end
    unsigned fields = 0;         ///< which of the three were seen
};

/// Reads the header's JSON event by event and stops at the first thing that the format does not allow: nothing is
/// stored that has no place in it, whatever the nesting.
class HeaderReader final : public nlohmann::json_sax<Json> {
public:
    std::map<std::string, HeaderEntry> tensors;
    std::string defect; ///< why reading stopped

    bool start_object(size_t) override
    {
        if (m_place == Place::Outside)
            return go(Place::Names);
        if (m_place == Place::Names && m_key == metadataKey)
            return go(Place::Metadata);
        if (m_place == Place::Names) {
            m_entry = &tensors[m_key];
            m_tensor = m_key;
            return go(Place::Entry);
        }
        return unexpected("an object");
    }
    bool end_object() override
    {
        if (m_place == Place::Entry && m_entry->fields != 7)
            return stop("tensor " + displayName(m_tensor) + " lacks " +
                        (!(m_entry->fields & 1) ? "dtype" : (!(m_entry->fields & 2) ? "shape" : "data_offsets")));
        m_seenMetadata.clear();
        return go(m_place == Place::Names ? Place::Outside : Place::Names);
    }
    bool start_array(size_t) override
    {
        if (m_place == Place::Entry && m_field == 2)
            return go(Place::Shape);
        if (m_place == Place::Entry && m_field == 4)
            return go(Place::Range);
        return unexpected("a list");
    }
    bool end_array() override { return go(Place::Entry); }
    bool key(std::string &key) override
    {
        m_key = key;
        if (m_place == Place::Metadata)
            return m_seenMetadata.insert(key).second || stop("metadata " + displayName(key) + " occurs twice");
        if (m_place == Place::Names) {
            if (key == metadataKey)
                return !std::exchange(m_hasMetadata, true) || stop("__metadata__ occurs twice");
            return !tensors.contains(key) || stop("tensor " + displayName(key) + " occurs twice");
        }
        m_field = key == "dtype" ? 1U : (key == "shape" ? 2U : (key == "data_offsets" ? 4U : 0U));
        if (m_field == 0)
            return stop("tensor " + displayName(m_tensor) + " has an unknown field " + displayName(key));
        if (m_entry->fields & m_field)
            return stop("tensor " + displayName(m_tensor) + " has " + key + " twice");
        m_entry->fields |= m_field;
        return true;
    }
    bool string(std::string &value) override
    {
        if (m_place == Place::Metadata)
            return true;
        if (m_place != Place::Entry || m_field != 1)
            return unexpected("a text");
        m_entry->type = value;
        return true;
    }
    bool number_unsigned(uint64_t value) override
    {
        if (m_place != Place::Shape && m_place != Place::Range)
            return unexpected("a number");
        (m_place == Place::Shape ? m_entry->shape : m_entry->range).push_back(value);
        return true;
    }
    bool number_integer(int64_t) override { return badNumber("negative"); }
    bool number_float(double, const std::string &) override { return badNumber("not a 64-bit integer"); }
    bool null() override { return unexpected("null"); }
    bool boolean(bool) override { return unexpected("a truth value"); }
    bool binary(Json::binary_t &) override { return unexpected("binary data"); }
    bool parse_error(size_t position, const std::string &, const Json::exception &) override
    {
        return stop("its header is not valid JSON (byte " + std::to_string(position) + " of the header)");
    }

private:
    enum class Place { Outside, Names, Metadata, Entry, Shape, Range };

    bool go(Place place)
    {
        m_place = place;
        return true;
    }
    bool stop(std::string why)
    {
        defect = std::move(why);
        return false;
    }
    std::string where() const
    {
        switch (m_place) {
        case Place::Outside: return "the header";
        case Place::Names:
        case Place::Metadata: return "the header's " + displayName(m_key);
        default: return (m_field == 1 ? "dtype" : m_field == 2 ? "shape" : "data_offsets") + (" of tensor " + displayName(m_tensor));
        }
    }
    bool unexpected(const char *what) { return stop(where() + " holds " + what); }
    bool badNumber(const char *what)
    {
        return m_place == Place::Shape || m_place == Place::Range ? stop(where() + " holds a number that is " + what)
                                                                  : unexpected("a number");
    }

    Place m_place = Place::Outside;
    std::string m_key;
    std::string m_tensor;
    HeaderEntry *m_entry = nullptr;
    unsigned m_field = 0;
    bool m_hasMetadata = false;
    std::set<std::string> m_seenMetadata;
};

std::optional<TensorType> typeNamed(const std::string &text)
{
    const auto found = std::find_if(tensorTypes.begin(), tensorTypes.end(), [&](TensorType t) { return text == name(t); });
    return found == tensorTypes.end() ? std::nullopt : std::optional(*found);
}

/// One header entry against the data it points to.
Result<TensorEntry> checkedEntry(const std::string &tensor, const HeaderEntry &header, std::span<const std::byte> data)
{
    const auto defect = [&](const std::string &what, ErrorCode code = ErrorCode::CorruptFile) {
        return tensorDefect(tensor, what, code);
    };
    const auto type = typeNamed(header.type);
    if (!type) {
        const bool foreign = std::find(foreignTypes.begin(), foreignTypes.end(), header.type) != foreignTypes.end();
        return foreign ? defect("its type " + header.type + " is not supported", ErrorCode::Unsupported)
                       : defect("unknown type " + displayName(header.type));
    }
    if (header.range.size() != 2)
        return defect("data_offsets must be two numbers");
    const auto [begin, end] = std::tuple(header.range[0], header.range[1]);
    if (end < begin)
        return defect("its data ends before it begins");
    if (end > data.size())
        return defect("its data (bytes " + std::to_string(begin) + " to " + std::to_string(end) +
                      ") lies beyond the end of the file, which holds " + std::to_string(data.size()) + " bytes of data");
    // An extent beyond 63 bits becomes negative and is refused as such.
    std::vector<int64_t> shape(header.shape.begin(), header.shape.end());
    const auto count = elementCount(shape);
    int64_t bytes = 0;
    if (!count || __builtin_mul_overflow(*count, byteSize(*type), &bytes))
        return defect("its shape asks for more than 64 bits can count");
    TensorEntry entry{*type, std::move(shape), data.subspan(begin, end - begin)};
    if (static_cast<uint64_t>(bytes) != end - begin)
        return defect("shape " + shapeText(entry.shape) + " of " + header.type + " needs " + std::to_string(bytes) +
                      " bytes, but its data has " + std::to_string(end - begin));
    return entry;
}

/// The tensors must tile the data: what no tensor or two tensors claim is damage, or a second message in the file.
Result<void> checkTiling(const TensorStore::Tensors &tensors, std::span<const std::byte> data)
{
    using Item = std::tuple<size_t, size_t, const std::string *>;
    std::vector<Item> items;
    items.reserve(tensors.size());
    for (const auto &[tensor, entry] : tensors) {
        const auto begin = static_cast<size_t>(entry.bytes.data() - data.data());
        items.emplace_back(begin, begin + entry.bytes.size(), &tensor);
    }
    std::sort(items.begin(), items.end());
    size_t covered = 0;
    for (const auto &[begin, end, tensor] : items) {
        if (begin < covered)
            return fail(ErrorCode::CorruptFile, "tensor " + displayName(*tensor) + " overlaps another tensor");
        if (begin > covered)
            return fail(ErrorCode::CorruptFile, std::to_string(begin - covered) + " bytes before tensor " +
                                                    displayName(*tensor) + " belong to no tensor");
        covered = end;
    }
    if (covered != data.size())
        return fail(ErrorCode::CorruptFile,
                    std::to_string(data.size() - covered) + " bytes after the last tensor belong to no tensor");
    return {};
}

Result<TensorStore::Tensors> readTensors(std::span<const std::byte> bytes)
{
    uint64_t length = 0;
    std::memcpy(&length, bytes.data(), lengthSize);
    bytes = bytes.subspan(lengthSize);
    if (length > bytes.size())
        return fail(ErrorCode::CorruptFile, "its header claims " + std::to_string(length) + " bytes, but only " +
                                                std::to_string(bytes.size()) + " follow");
    if (length > largestHeader)
        return fail(ErrorCode::CorruptFile,
                    "its header claims " + std::to_string(length) + " bytes; the format allows 100 million");
    const auto *text = reinterpret_cast<const char *>(bytes.data());
    HeaderReader header;
    if (!Json::sax_parse(text, text + length, &header))
        return fail(ErrorCode::CorruptFile, header.defect);
    if (header.tensors.empty())
        return fail(ErrorCode::CorruptFile, "it holds no tensors");

    const auto data = bytes.subspan(length);
    TensorStore::Tensors tensors;
    for (const auto &[tensor, entry] : header.tensors) {
        auto checked = checkedEntry(tensor, entry, data);
        if (!checked)
            return fail(checked.error());
        tensors.emplace_hint(tensors.end(), tensor, std::move(*checked));
    }
    if (const auto tiled = checkTiling(tensors, data); !tiled)
        return fail(tiled.error());
    return tensors;
}

} // namespace

bool looksLikeSafetensors(std::span<const std::byte> bytes)
{
    return bytes.size() > lengthSize && bytes[lengthSize] == std::byte{'{'} && bytes[6] == std::byte{0} &&
           bytes[7] == std::byte{0};
}

Result<CheckpointContents> readSafetensors(const std::shared_ptr<const MappedFile> &file, const std::string &key)
{
    if (!key.empty())
        return fail(ErrorCode::NotFound, "a safetensors file has no entry " + displayName(key), {}, "leave --key away");
    auto tensors = readTensors(file->bytes());
    if (!tensors)
        return fail(tensors.error());
    auto memory = std::make_shared<TensorMemory>();
    memory->files.push_back(file);
    return CheckpointContents{std::move(*tensors), std::move(memory), "safetensors", {}};
}

Result<void> writeSafetensors(const std::string &path, const TensorStore::Tensors &tensors,
                              const std::map<std::string, std::string> &metadata)
{
    if (tensors.empty())
        return fail(ErrorCode::Usage, "there are no tensors to write", path);
    // Wide types first: with the data beginning on a multiple of eight, every tensor is aligned without gaps.
    std::vector<TensorStore::Tensors::const_iterator> order;
    for (auto tensor = tensors.begin(); tensor != tensors.end(); ++tensor)
        order.push_back(tensor);
    std::stable_sort(order.begin(), order.end(),
                     [](auto a, auto b) { return byteSize(a->second.type) > byteSize(b->second.type); });

    nlohmann::ordered_json header;
    if (!metadata.empty())
        header[metadataKey] = metadata;
    size_t offset = 0;
    for (const auto &tensor : order) {
        const auto &[title, entry] = *tensor;
        const auto count = elementCount(entry.shape);
        int64_t bytes = 0;
        if (title == metadataKey || !count || __builtin_mul_overflow(*count, byteSize(entry.type), &bytes) ||
            static_cast<size_t>(bytes) != entry.bytes.size())
            return fail(ErrorCode::Usage, "cannot write tensor " + displayName(title) + ": shape " + shapeText(entry.shape) +
                                              " of " + name(entry.type) + " does not fit its " +
                                              std::to_string(entry.bytes.size()) + " bytes, or its name is reserved", path);
        header[title] = {{"dtype", name(entry.type)},
                         {"shape", entry.shape},
                         {"data_offsets", {offset, offset + entry.bytes.size()}}};
        offset += entry.bytes.size();
    }
    std::string text;
    try {
        text = header.dump();
    } catch (const Json::exception &) {
        return fail(ErrorCode::Usage, "a tensor's name or the metadata is not UTF-8", path);
    }
    text.resize((text.size() + 7) / 8 * 8, ' ');

    AtomicFile file(path);
    const uint64_t length = text.size();
    auto written = file.open();
    if (written)
        written = file.write(std::as_bytes(std::span(&length, 1)));
    if (written)
        written = file.write(std::as_bytes(std::span(text)));
    for (size_t i = 0; written && i < order.size(); ++i)
        written = file.write(order[i]->second.bytes);
    return written ? file.commit() : written;
}

} // namespace quantoscope
