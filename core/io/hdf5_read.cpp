// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_archive.h"

#include <algorithm>
#include <cstring>

namespace quantoscope::hdf5 {

namespace {

constexpr uint64_t largestChunk = uint64_t{64} << 20; ///< read buffers of the library are one chunk long
constexpr uint64_t deflateRatio = 1032;               ///< deflate cannot expand further than this

bool isText(hid_t type)
{
    return H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0 && H5Tget_cset(type) == H5T_CSET_UTF8;
}

std::string textAt(const std::byte *bytes, size_t size)
{
    const auto *text = reinterpret_cast<const char *>(bytes);
    return {text, ::strnlen(text, size)};
}

/// Whether the index of a chunked dataset is whole; it has no checksum, and the library reads zeros for a missing block.
/// Blocks are what WriteGroup makes of whole rows: neither huge (the library buffers one) nor needlessly many.
std::string blockDefect(hid_t dataset, hid_t properties, const std::array<hsize_t, 2> &extents, int rank, size_t valueSize)
{
    std::array<hsize_t, 2> chunk{1, 1};
    uint64_t rowBytes = 0;
    uint64_t bytes = 0;
    if (H5Pget_chunk(properties, 2, chunk.data()) != rank || chunk[1] != extents[1] ||
        __builtin_mul_overflow(chunk[1], valueSize, &rowBytes) || __builtin_mul_overflow(chunk[0], rowBytes, &bytes) ||
        bytes > largestChunk)
        return "its storage blocks are too large or cut rows";
    if (chunk[0] < extents[0] && chunk[0] < chunkBytes / rowBytes)
        return "its storage blocks are too small";
    hsize_t blocks = 0;
    const Handle space = spaceHandle(H5Dget_space(dataset));
    if (H5Dget_num_chunks(dataset, space.get(), &blocks) < 0 || blocks != (extents[0] + chunk[0] - 1) / chunk[0])
        return "the number of its storage blocks is wrong";
    for (std::array<hsize_t, 2> at{0, 0}; at[0] < extents[0]; at[0] += chunk[0]) {
        unsigned skippedFilters = 0;
        haddr_t address = HADDR_UNDEF;
        hsize_t size = 0;
        if (H5Dget_chunk_info_by_coord(dataset, at.data(), &skippedFilters, &address, &size) < 0 ||
            address == HADDR_UNDEF || skippedFilters != 0)
            return "a block of its values is missing";
    }
    return "";
}

} // namespace

bool ReadGroup::isHardLink(const std::string &name, const std::string &path)
{
    H5L_info_t link{};
    if (H5Lget_info(m_file, name.c_str(), &link, H5P_DEFAULT) < 0)
        m_status.fail(ErrorCode::CorruptFile, path, "this item is missing");
    else if (link.type != H5L_TYPE_HARD)
        m_status.fail(ErrorCode::CorruptFile, path, "this item is a link to elsewhere");
    return m_status.ok();
}

ReadGroup ReadGroup::group(const std::string &name)
{
    const std::string path = m_path + "/" + name;
    Handle opened;
    if (m_status.ok() && isHardLink(name, path)) {
        opened = Handle(H5Gopen2(m_file, name.c_str(), H5P_DEFAULT), H5Gclose);
        if (!opened)
            m_status.fail(ErrorCode::CorruptFile, path, "cannot open this group" + Status::reason());
    }
    return {m_status, std::move(opened), path, m_fileSize};
}

bool ReadGroup::has(const std::string &name) const
{
    return m_status.ok() && H5Lexists(m_file, name.c_str(), H5P_DEFAULT) > 0;
}

Handle ReadGroup::openAttribute(const std::string &name, std::optional<hsize_t> size)
{
    if (!m_status.ok())
        return {};
    const std::string path = m_path + "@" + name;
    if (H5Aexists(m_file, name.c_str()) <= 0) {
        m_status.fail(ErrorCode::CorruptFile, path, "this attribute is missing");
        return {};
    }
    Handle attribute(H5Aopen(m_file, name.c_str(), H5P_DEFAULT), H5Aclose);
    const Handle space = spaceHandle(H5Aget_space(attribute.get()));
    hsize_t extent = 0;
    const bool rightShape = size ? H5Sget_simple_extent_ndims(space.get()) == 1 &&
                                       H5Sget_simple_extent_dims(space.get(), &extent, nullptr) == 1 && extent == *size
                                 : H5Sget_simple_extent_type(space.get()) == H5S_SCALAR;
    if (!attribute || !space)
        m_status.fail(ErrorCode::CorruptFile, path, "cannot open this attribute" + Status::reason());
    else if (!rightShape)
        m_status.fail(ErrorCode::CorruptFile, path, "this attribute has another size than a run file's");
    return attribute;
}

void ReadGroup::readAttribute(const std::string &name, hid_t type, std::optional<hsize_t> size, void *value)
{
    const Handle attribute = openAttribute(name, size);
    if (!m_status.ok())
        return;
    const Handle stored = typeHandle(H5Aget_type(attribute.get()));
    if (H5Tequal(stored.get(), type) <= 0)
        m_status.fail(ErrorCode::CorruptFile, m_path + "@" + name, "this attribute has another type than a run file's");
    else if (H5Aread(attribute.get(), type, value) < 0)
        m_status.fail(ErrorCode::CorruptFile, m_path + "@" + name, "cannot read this attribute" + Status::reason());
}

void ReadGroup::attribute(const std::string &name, bool &value)
{
    int8_t flag = 0;
    attribute(name, flag);
    if (flag != 0 && flag != 1)
        m_status.fail(ErrorCode::CorruptFile, m_path + "@" + name, "this attribute is neither TRUE nor FALSE");
    value = flag == 1;
}

void ReadGroup::attribute(const std::string &name, std::string &value)
{
    const Handle attribute = openAttribute(name, {});
    if (!m_status.ok())
        return;
    const Handle stored = typeHandle(H5Aget_type(attribute.get()));
    const size_t size = H5Tget_size(stored.get());
    if (!isText(stored.get()) || size > m_fileSize)
        return m_status.fail(ErrorCode::CorruptFile, m_path + "@" + name, "this attribute is not a text of fixed length");
    std::vector<std::byte> bytes(size);
    if (H5Aread(attribute.get(), stored.get(), bytes.data()) < 0)
        return m_status.fail(ErrorCode::CorruptFile, m_path + "@" + name, "cannot read this attribute" + Status::reason());
    value = textAt(bytes.data(), size);
}

std::vector<std::string> ReadGroup::attributeNames()
{
    std::vector<std::string> names;
    if (!m_status.ok())
        return names;
    const auto add = [](hid_t, const char *name, const H5A_info_t *, void *list) -> herr_t {
        if (std::strcmp(name, "units") != 0)
            static_cast<std::vector<std::string> *>(list)->emplace_back(name);
        return 0;
    };
    if (H5Aiterate2(m_file, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names) < 0)
        m_status.fail(ErrorCode::CorruptFile, m_path, "cannot list the attributes" + Status::reason());
    return names;
}

void ReadGroup::attributes(std::map<std::string, std::string> &values)
{
    for (const std::string &name : attributeNames())
        attribute(name, values[name]);
}

void ReadGroup::attributes(std::map<std::string, double> &values)
{
    for (const std::string &name : attributeNames())
        attribute(name, values[name]);
}

void ReadGroup::values(const std::string &name, std::vector<std::string> &values, Labels)
{
    const Dataset dataset = openDataset(name, [](hid_t stored) { return isText(stored) ? "" : wrongType; }, {});
    if (!m_status.ok())
        return;
    const size_t size = H5Tget_size(dataset.type.get());
    std::vector<std::byte> padded(dataset.count * size);
    readValues(dataset, dataset.type.get(), padded.data());
    values.clear();
    for (size_t i = 0; i < dataset.count; ++i)
        values.push_back(textAt(padded.data() + i * size, size));
}

ReadGroup::Dataset ReadGroup::openDataset(const std::string &name, const CheckType &defect,
                                          std::optional<size_t> rowLength)
{
    Dataset dataset;
    dataset.path = m_path + "/" + name;
    const auto corrupt = [&](const std::string &what) {
        m_status.fail(ErrorCode::CorruptFile, dataset.path, what);
        return Dataset{};
    };
    if (!m_status.ok() || !isHardLink(name, dataset.path))
        return {};
    dataset.id = Handle(H5Dopen2(m_file, name.c_str(), H5P_DEFAULT), H5Dclose);
    if (!dataset.id)
        return corrupt("cannot open this dataset" + Status::reason());

    dataset.type = typeHandle(H5Dget_type(dataset.id.get()));
    if (const std::string wrong = defect(dataset.type.get()); !wrong.empty())
        return corrupt(wrong);

    const Handle space = spaceHandle(H5Dget_space(dataset.id.get()));
    std::array<hsize_t, 2> extents{0, 1};
    const int rank = rowLength ? 2 : 1;
    if (H5Sget_simple_extent_ndims(space.get()) != rank ||
        H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr) != rank)
        return corrupt("this dataset has another number of axes than a run file's");
    if (rowLength && extents[1] != *rowLength)
        return corrupt("its rows have " + std::to_string(extents[1]) + " values instead of " + std::to_string(*rowLength));

    // Raw data may lie in other files, and the claimed size may be any; neither may reach the memory.
    const Handle properties = propertyHandle(H5Dget_create_plist(dataset.id.get()));
    const H5D_layout_t layout = H5Pget_layout(properties.get());
    if (H5Pget_external_count(properties.get()) != 0 || layout == H5D_VIRTUAL || layout == H5D_LAYOUT_ERROR)
        return corrupt("its values lie outside this file");
    const size_t storedSize = H5Tget_size(dataset.type.get());
    uint64_t count = 0;
    uint64_t needed = 0;
    const uint64_t stores = std::min<uint64_t>(H5Dget_storage_size(dataset.id.get()), m_fileSize);
    if (__builtin_mul_overflow(extents[0], extents[1], &count) ||
        __builtin_mul_overflow(count, storedSize, &needed) ||
        (count > 0 && needed / deflateRatio > stores) || (count > 0 && stores == 0) || count > SIZE_MAX / 2)
        return corrupt("it claims " + std::to_string(count) + " values, more than the file can hold");
    if (layout == H5D_CHUNKED && count > 0)
        if (const std::string broken = blockDefect(dataset.id.get(), properties.get(), extents, rank, storedSize);
            !broken.empty())
            return corrupt(broken);
    dataset.count = static_cast<size_t>(count);
    return dataset;
}

void ReadGroup::readValues(const Dataset &dataset, hid_t type, void *values)
{
    if (dataset.count > 0 && H5Dread(dataset.id.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
        m_status.fail(ErrorCode::CorruptFile, dataset.path, "cannot read these values" + Status::reason());
}

PackedRows ReadGroup::readRows(const std::string &name, std::span<const Column> columns)
{
    std::vector<size_t> sizes;
    const auto defect = [&](hid_t stored) -> std::string {
        if (H5Tget_class(stored) != H5T_COMPOUND)
            return wrongType;
        for (const Column &column : columns) {
            const int member = H5Tget_member_index(stored, column.name);
            if (member < 0)
                return std::string("column ") + column.name + " is missing";
            const Handle type = typeHandle(H5Tget_member_type(stored, static_cast<unsigned>(member)));
            if (column.type == Type::Text ? !isText(type.get()) : H5Tequal(type.get(), m_status.type(column.type)) <= 0)
                return std::string("column ") + column.name + " has another type than a run file's";
            sizes.push_back(H5Tget_size(type.get()));
        }
        return "";
    };
    const Dataset dataset = openDataset(name, defect, {});
    if (!m_status.ok())
        return {};
    PackedRows packed = m_status.packedRows(columns, sizes);
    packed.count = dataset.count;
    packed.bytes.resize(packed.count * packed.rowSize);
    readValues(dataset, packed.type.get(), packed.bytes.data());
    return packed;
}

void ReadGroup::unpack(const std::string &name, const PackedRows &packed, std::span<const Column> columns,
                       size_t rowSize, void *rows)
{
    auto *begin = static_cast<std::byte *>(rows);
    for (size_t row = 0; row < packed.count; ++row) {
        for (size_t i = 0; i < columns.size(); ++i) {
            const std::byte *from = packed.bytes.data() + row * packed.rowSize + packed.members[i].offset;
            std::byte *to = begin + row * rowSize + columns[i].offset;
            if (columns[i].type == Type::Text) {
                const char *kept = m_status.keep(textAt(from, packed.members[i].size));
                std::memcpy(to, &kept, sizeof kept);
                continue;
            }
            std::memcpy(to, from, packed.members[i].size);
            if (columns[i].type == Type::Flag && std::to_integer<int>(*to) > 1)
                m_status.fail(ErrorCode::CorruptFile, m_path + "/" + name,
                              std::string("column ") + columns[i].name + " is neither TRUE nor FALSE");
        }
    }
}

void ReadGroup::require(bool consistent, const std::string &what)
{
    if (!consistent)
        m_status.fail(ErrorCode::CorruptFile, m_path, what);
}

} // namespace quantoscope::hdf5
