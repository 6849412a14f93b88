// SPDX-License-Identifier: GPL-3.0-or-later
// .npy: magic, version, header length, header (a Python dictionary of three entries), then the raw array.
#include "core/io/zip_checkpoint.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace quantoscope {

namespace {

constexpr std::string_view magic{"\x93NUMPY"};
constexpr std::string_view suffix = ".npy";

struct ArrayHeader {
    std::string type; ///< "<f4"
    bool fortranOrder = false;
    std::vector<int64_t> shape;
    size_t size = 0; ///< bytes before the array
};

/// The literal that NumPy writes: {'descr': '<f4', 'fortran_order': False, 'shape': (1, 5, 16), }.
class HeaderParser {
public:
    explicit HeaderParser(std::string_view text) : m_text(text) {}

    /// False when the text is anything else; `defect` may tell more.
    bool parse(ArrayHeader &header)
    {
        unsigned seen = 0;
        if (!accept('{'))
            return false;
        while (!accept('}')) {
            std::string key;
            if (!quoted(key) || !accept(':'))
                return false;
            unsigned field = 0;
            bool valid = false;
            if (key == "descr") {
                field = 1;
                if (peek() == '[') {
                    defect = "it is an array of records";
                    return false;
                }
                valid = quoted(header.type);
            } else if (key == "fortran_order") {
                field = 2;
                header.fortranOrder = word("True");
                valid = header.fortranOrder || word("False");
            } else if (key == "shape") {
                field = 4;
                valid = tuple(header.shape);
            }
            if (!valid || (seen & field))
                return false;
            seen |= field;
            if (!accept(',') && peek() != '}')
                return false;
        }
        skipSpace();
        return seen == 7 && m_text.empty();
    }

    std::string defect;

private:
    void skipSpace() { m_text.remove_prefix(std::min(m_text.find_first_not_of(" \n\t"), m_text.size())); }
    char peek()
    {
        skipSpace();
        return m_text.empty() ? '\0' : m_text[0];
    }
    bool accept(char wanted)
    {
        if (peek() != wanted || m_text.empty())
            return false;
        m_text.remove_prefix(1);
        return true;
    }
    bool word(std::string_view wanted)
    {
        skipSpace();
        if (!m_text.starts_with(wanted))
            return false;
        m_text.remove_prefix(wanted.size());
        return true;
    }
    bool quoted(std::string &text)
    {
        const char quote = peek();
        if (quote != '\'' && quote != '"')
            return false;
        const size_t end = m_text.find(quote, 1);
        if (end == std::string_view::npos)
            return false;
        text = m_text.substr(1, end - 1);
        m_text.remove_prefix(end + 1);
        return true;
    }
    bool tuple(std::vector<int64_t> &values)
    {
        if (!accept('('))
            return false;
        while (!accept(')')) {
            int64_t value = 0;
            skipSpace();
            const auto [end, error] = std::from_chars(m_text.data(), m_text.data() + m_text.size(), value);
            if (error != std::errc() || values.size() == largestRank)
                return false;
            m_text.remove_prefix(static_cast<size_t>(end - m_text.data()));
            (void)accept('L'); // long integers of Python 2
            values.push_back(value);
            if (!accept(',') && peek() != ')')
                return false;
        }
        return true;
    }

    std::string_view m_text;
};

Result<ArrayHeader> readHeader(std::span<const std::byte> bytes, const std::string &array)
{
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    if (!text.starts_with(magic))
        return tensorDefect(array, "it is no NumPy array: its first bytes are others");
    const auto ends = [&] { return tensorDefect(array, "the file ends inside the array's header"); };
    if (text.size() < magic.size() + 2)
        return ends();
    const auto version = static_cast<unsigned char>(text[magic.size()]);
    if (version < 1 || version > 3)
        return tensorDefect(array, "its NumPy format has the version " + std::to_string(version) + ", known are 1 to 3",
                            ErrorCode::Unsupported);
    const size_t lengthSize = version == 1 ? 2 : 4;
    const size_t start = magic.size() + 2 + lengthSize;
    if (text.size() < start)
        return ends();
    uint32_t length = 0;
    std::memcpy(&length, text.data() + magic.size() + 2, lengthSize);
    if (length > text.size() - start)
        return ends();
    ArrayHeader header;
    HeaderParser parser(text.substr(start, length));
    if (!parser.parse(header))
        return tensorDefect(array, parser.defect.empty() ? "its header is not the one of a NumPy array" : parser.defect);
    header.size = start + length;
    return header;
}

struct ElementType {
    TensorType type;
    bool bigEndian;
};

Result<ElementType> elementType(const std::string &text, const std::string &array)
{
    if (text.find('O') != std::string::npos)
        return tensorDefect(array, "it is an array of Python objects (a pickle), which is not read", ErrorCode::Unsupported);
    constexpr std::array<std::pair<std::string_view, TensorType>, 9> known{
        {{"f4", TensorType::F32}, {"f2", TensorType::F16}, {"f8", TensorType::F64}, {"i8", TensorType::I64},
         {"i4", TensorType::I32}, {"i2", TensorType::I16}, {"i1", TensorType::I8},  {"u1", TensorType::U8},
         {"b1", TensorType::Bool}}};
    constexpr std::string_view orders = "<>|=";
    const auto found = std::find_if(known.begin(), known.end(), [&](const auto &type) {
        return text.size() == 3 && orders.find(text[0]) != std::string_view::npos && text.substr(1) == type.first;
    });
    if (found == known.end())
        return tensorDefect(array, "its element type " + displayName(text) + " is not supported", ErrorCode::Unsupported);
    return ElementType{found->second, text[0] == '>' && byteSize(found->second) > 1};
}

/// A copy with the bytes of every element reversed.
std::span<const std::byte> swapped(std::span<const std::byte> bytes, size_t width, TensorMemory &memory)
{
    const auto target = memory.allocate(bytes.size());
    for (size_t at = 0; at + width <= bytes.size(); at += width)
        std::reverse_copy(bytes.begin() + static_cast<ptrdiff_t>(at), bytes.begin() + static_cast<ptrdiff_t>(at + width),
                          target.begin() + static_cast<ptrdiff_t>(at));
    return target;
}

/// Distances of neighbours along each axis of an array that has elements.
std::vector<int64_t> stridesOf(const std::vector<int64_t> &shape, bool fortranOrder)
{
    std::vector<int64_t> strides(shape.size());
    int64_t stride = 1;
    for (size_t i = 0; i < shape.size(); ++i) {
        const size_t axis = fortranOrder ? i : shape.size() - 1 - i;
        strides[axis] = stride;
        stride *= shape[axis];
    }
    return strides;
}

Result<TensorEntry> readArray(std::span<const std::byte> bytes, const std::string &array, TensorMemory &memory)
{
    const auto header = readHeader(bytes, array);
    if (!header)
        return fail(header.error());
    const auto type = elementType(header->type, array);
    if (!type)
        return fail(type.error());
    auto data = bytes.subspan(header->size);
    const auto count = elementCount(header->shape);
    int64_t size = 0;
    if (!count || __builtin_mul_overflow(*count, byteSize(type->type), &size))
        return tensorDefect(array, "its shape " + shapeText(header->shape) + " is negative or asks for more than 64 bits can count");
    if (static_cast<uint64_t>(size) != data.size())
        return tensorDefect(array, "shape " + shapeText(header->shape) + " of " + name(type->type) + " needs " +
                                       std::to_string(size) + " bytes, but the array has " + std::to_string(data.size()));
    if (type->bigEndian)
        data = swapped(data, byteSize(type->type), memory);
    if (*count == 0)
        return TensorEntry{type->type, header->shape, {}};
    return viewOf(data, type->type, 0, header->shape, stridesOf(header->shape, header->fortranOrder), array);
}

} // namespace

Result<CheckpointContents> readNumpyArchive(const ZipArchive &archive, const std::shared_ptr<const MappedFile> &file)
{
    std::vector<const ZipMember *> members;
    for (const auto &[name, member] : archive.members()) {
        if (!name.ends_with(suffix) || name.size() == suffix.size())
            return fail(ErrorCode::CorruptFile, "member " + displayName(name) + " of the NumPy archive is no array");
        members.push_back(&member);
    }
    CheckpointContents contents{{}, std::make_shared<TensorMemory>(), "NumPy archive", {}};
    contents.memory->files.push_back(file);
    const auto arrays = readMembers(members, *contents.memory);
    if (!arrays)
        return fail(arrays.error());
    for (size_t i = 0; i < members.size(); ++i) {
        const std::string array = members[i]->name.substr(0, members[i]->name.size() - suffix.size());
        auto entry = readArray((*arrays)[i], array, *contents.memory);
        if (!entry)
            return fail(entry.error());
        contents.tensors.emplace(array, std::move(*entry));
    }
    return contents;
}

} // namespace quantoscope
