// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_archive.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace quantoscope::hdf5 {

namespace {

constexpr size_t smallBytes = 4096; ///< up to here a chunk index costs more than compression saves
constexpr unsigned deflateLevel = 4;

/// Attributes in the order of writing, in headers with a checksum; no times: the same run gives the same bytes.
Handle creationProperties(hid_t objectClass)
{
    Handle properties = propertyHandle(H5Pcreate(objectClass));
    H5Pset_attr_creation_order(properties.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_obj_track_times(properties.get(), false);
    return properties;
}

/// As above, and members in the order of writing.
Handle groupProperties(hid_t objectClass)
{
    Handle properties = creationProperties(objectClass);
    H5Pset_link_creation_order(properties.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    return properties;
}

} // namespace

std::vector<std::byte> fileImage(Status &status, const std::function<void(WriteGroup &)> &write)
{
    constexpr size_t growth = size_t{4} << 20;
    const Handle access = propertyHandle(H5Pcreate(H5P_FILE_ACCESS));
    H5Pset_fapl_core(access.get(), growth, false);
    const Handle creation = groupProperties(H5P_FILE_CREATE);
    const Handle file(H5Fcreate("in memory", H5F_ACC_TRUNC, creation.get(), access.get()), H5Fclose);
    std::vector<std::byte> image;
    if (!file) {
        status.fail(ErrorCode::Internal, "", "cannot begin a file" + Status::reason());
        return image;
    }
    WriteGroup root(status, file.get());
    write(root);
    if (!status.ok())
        return image;
    const ssize_t size = H5Fflush(file.get(), H5F_SCOPE_GLOBAL) < 0 ? -1 : H5Fget_file_image(file.get(), nullptr, 0);
    if (size > 0)
        image.resize(static_cast<size_t>(size));
    if (size <= 0 || H5Fget_file_image(file.get(), image.data(), image.size()) != size)
        status.fail(ErrorCode::Internal, "", "cannot finish the file" + Status::reason());
    return image;
}

WriteGroup WriteGroup::group(const std::string &name)
{
    const std::string path = m_path + "/" + name;
    Handle created;
    if (m_status.ok()) {
        const Handle properties = groupProperties(H5P_GROUP_CREATE);
        created = Handle(H5Gcreate2(m_file, name.c_str(), H5P_DEFAULT, properties.get(), H5P_DEFAULT), H5Gclose);
        if (!created)
            m_status.fail(ErrorCode::Internal, path, "cannot create this group" + Status::reason());
    }
    return {m_status, std::move(created), path};
}

void WriteGroup::writeAttribute(const std::string &name, hid_t type, std::optional<hsize_t> size, const void *value)
{
    if (!m_status.ok())
        return;
    const Handle space = spaceHandle(size ? H5Screate_simple(1, &*size, nullptr) : H5Screate(H5S_SCALAR));
    const Handle attribute(H5Acreate2(m_file, name.c_str(), type, space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    if (!attribute || H5Awrite(attribute.get(), type, value) < 0)
        m_status.fail(ErrorCode::Internal, m_path + "@" + name, "cannot write this attribute" + Status::reason());
}

void WriteGroup::attribute(const std::string &name, const std::string &value)
{
    writeAttribute(name, textType(value.size()).get(), {}, value.c_str());
}

void WriteGroup::attributes(const std::map<std::string, std::string> &values)
{
    for (const auto &[name, value] : values)
        attribute(name, value);
}

void WriteGroup::attributes(const std::map<std::string, double> &values)
{
    for (const auto &[name, value] : values)
        attribute(name, value);
}

void WriteGroup::values(const std::string &name, const std::vector<std::string> &values, Labels labels)
{
    size_t longest = 1;
    for (const std::string &value : values)
        longest = std::max(longest, value.size());
    std::vector<char> padded(values.size() * longest);
    for (size_t i = 0; i < values.size(); ++i)
        std::copy(values[i].begin(), values[i].end(), padded.begin() + static_cast<ptrdiff_t>(i * longest));
    writeDataset(name, textType(longest).get(), longest, {values.size()}, padded.data(), labels);
}

void WriteGroup::writeRows(const std::string &name, std::span<const Column> columns, size_t rowSize, size_t count,
                           const void *rows, Labels labels)
{
    const auto *begin = static_cast<const std::byte *>(rows);
    const auto textOf = [&](size_t row, const Column &column) {
        const char *text = nullptr;
        std::memcpy(&text, begin + row * rowSize + column.offset, sizeof text);
        return std::string_view(text);
    };
    std::vector<size_t> sizes;
    for (const Column &column : columns) {
        size_t size = column.type == Type::Text ? 1 : H5Tget_size(m_status.type(column.type));
        for (size_t row = 0; column.type == Type::Text && row < count; ++row)
            size = std::max(size, textOf(row, column).size());
        sizes.push_back(size);
    }
    PackedRows packed = m_status.packedRows(columns, sizes);
    packed.bytes.resize(count * packed.rowSize);
    for (size_t row = 0; row < count; ++row) {
        for (size_t i = 0; i < columns.size(); ++i) {
            std::byte *to = packed.bytes.data() + row * packed.rowSize + packed.members[i].offset;
            if (columns[i].type == Type::Text)
                std::memcpy(to, textOf(row, columns[i]).data(), textOf(row, columns[i]).size());
            else
                std::memcpy(to, begin + row * rowSize + columns[i].offset, packed.members[i].size);
        }
    }
    writeDataset(name, packed.type.get(), packed.rowSize, {count}, packed.bytes.data(), labels);
}

void WriteGroup::writeDataset(const std::string &name, hid_t type, size_t valueSize, std::vector<hsize_t> extents,
                              const void *values, Labels labels)
{
    if (!m_status.ok())
        return;
    const std::string path = m_path + "/" + name;
    const Handle space = spaceHandle(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr));
    const Handle properties = creationProperties(H5P_DATASET_CREATE);
    size_t rowBytes = valueSize;
    for (size_t axis = 1; axis < extents.size(); ++axis)
        rowBytes *= extents[axis];
    if (rowBytes * extents.front() > smallBytes) {
        std::vector<hsize_t> chunk = extents;
        chunk.front() = std::clamp<hsize_t>(chunkBytes / rowBytes, 1, extents.front());
        H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data());
        H5Pset_shuffle(properties.get());
        H5Pset_deflate(properties.get(), deflateLevel); // its checksum also finds damage
    } else {
        H5Pset_layout(properties.get(), H5D_COMPACT); // in the header, under the header's checksum
    }
    Handle dataset(H5Dcreate2(m_file, name.c_str(), type, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                   H5Dclose);
    if (!dataset || (extents.front() > 0 && H5Dwrite(dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)) {
        m_status.fail(ErrorCode::Internal, path, "cannot write this dataset" + Status::reason());
        return;
    }
    WriteGroup documented(m_status, std::move(dataset), path);
    if (*labels.units)
        documented.attribute("units", std::string(labels.units));
    documented.attribute("axes", std::string(labels.axes));
}

void WriteGroup::require(bool consistent, const std::string &what)
{
    if (!consistent)
        m_status.fail(ErrorCode::Internal, m_path, what);
}

} // namespace quantoscope::hdf5
