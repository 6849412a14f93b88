// SPDX-License-Identifier: GPL-3.0-or-later
// HDF5 as this room uses it; private to core/io. WriteGroup and ReadGroup have the same functions, so that one template
// describes a layout for both directions. The first failure is kept in Status and turns all that follows into nothing:
// callers write straight on and look once, at the end.
#pragma once

#include "core/base/result.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <hdf5.h>

namespace quantoscope::hdf5 {

/// Owns an HDF5 identifier; negative means that the call which made it failed.
class Handle {
public:
    using Close = herr_t (*)(hid_t);
    Handle() = default;
    Handle(hid_t id, Close close) : m_id(id), m_close(close) {}
    Handle(Handle &&other) noexcept : m_id(std::exchange(other.m_id, -1)), m_close(other.m_close) {}
    Handle &operator=(Handle &&other) noexcept
    {
        std::swap(m_id, other.m_id);
        std::swap(m_close, other.m_close);
        return *this;
    }
    ~Handle()
    {
        if (m_id >= 0)
            m_close(m_id);
    }
    [[nodiscard]] hid_t get() const { return m_id; }
    [[nodiscard]] explicit operator bool() const { return m_id >= 0; }

private:
    hid_t m_id = -1;
    Close m_close = nullptr;
};

[[nodiscard]] inline Handle typeHandle(hid_t id)
{
    return {id, H5Tclose};
}

[[nodiscard]] inline Handle spaceHandle(hid_t id)
{
    return {id, H5Sclose};
}

[[nodiscard]] inline Handle propertyHandle(hid_t id)
{
    return {id, H5Pclose};
}

/// Compressed blocks of a large dataset have as many whole rows as fit in here, and at least one.
inline constexpr size_t chunkBytes = size_t{256} << 10;

/// Value types of the layout. Text is fixed-length UTF-8 padded with zeros, as long as the longest of its dataset:
/// on a damaged file HDF5 1.10 copies variable-length text past the end of its buffers. Flag is h5py's boolean (an
/// enumeration FALSE, TRUE).
enum class Type { Int32, Int64, UInt8, UInt16, UInt64, Float, Double, Flag, Text };

template <typename T>
constexpr Type typeOf()
{
    if constexpr (std::is_same_v<T, int>)
        return Type::Int32;
    else if constexpr (std::is_same_v<T, int64_t>)
        return Type::Int64;
    else if constexpr (std::is_same_v<T, uint8_t>)
        return Type::UInt8;
    else if constexpr (std::is_same_v<T, uint16_t>)
        return Type::UInt16;
    else if constexpr (std::is_same_v<T, uint64_t>)
        return Type::UInt64;
    else if constexpr (std::is_same_v<T, float>)
        return Type::Float;
    else if constexpr (std::is_same_v<T, double>)
        return Type::Double;
    else if constexpr (std::is_same_v<T, int8_t>)
        return Type::Flag;
    else {
        static_assert(std::is_same_v<T, const char *>);
        return Type::Text;
    }
}

/// Type of texts of `size` bytes.
[[nodiscard]] Handle textType(size_t size);

/// One column of a table whose rows are plain structs. Texts are `const char *`, flags int8_t.
struct Column {
    const char *name;
    size_t offset;
    Type type;
    int since; ///< format version that brought it; older files leave the row's default
};

template <typename Row, typename T>
Column column(const char *name, T Row::*member, int since = 1)
{
    static const Row row{};
    return {name, static_cast<size_t>(reinterpret_cast<const char *>(&(row.*member)) - reinterpret_cast<const char *>(&row)),
            typeOf<T>(), since};
}

/// Documentation that a dataset carries as attributes.
struct Labels {
    const char *units; ///< "s", "dB", "1" for a number without unit, "" for texts
    const char *axes;  ///< what the axes and columns are
};

/// Rows as they lie in the file: without gaps, texts in place.
struct PackedRows {
    struct Member {
        size_t offset = 0;
        size_t size = 0;
    };
    Handle type;
    std::vector<Member> members; ///< one per column
    size_t rowSize = 0;
    size_t count = 0;
    std::vector<std::byte> bytes; ///< count x rowSize
};

/// One file being written or read. Holds the library for this thread: a build of it may be without thread safety.
class Status {
public:
    explicit Status(std::string file);
    ~Status();
    Status(const Status &) = delete;
    Status &operator=(const Status &) = delete;

    [[nodiscard]] bool ok() const { return !m_error; }
    /// Format version of the file that is read, once it is known.
    [[nodiscard]] int version() const { return m_version; }
    void setVersion(int version) { m_version = version; }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    /// Keeps the first failure. `item` is a path inside the file.
    void fail(ErrorCode code, const std::string &item, const std::string &what);
    /// The innermost message of the library's last failure, as ": message"; may be empty.
    [[nodiscard]] static std::string reason();
    /// Of everything but texts, whose type depends on their length.
    [[nodiscard]] hid_t type(Type type) const;
    [[nodiscard]] PackedRows packedRows(std::span<const Column> columns, std::span<const size_t> sizes) const;
    /// Keeps a text alive as long as this object.
    const char *keep(std::string text) { return m_texts.emplace_back(std::move(text)).c_str(); }

private:
    std::unique_lock<std::mutex> m_lock;
    H5E_auto2_t m_printer = nullptr;
    void *m_printerData = nullptr;
    std::string m_file;
    Handle m_flag;
    std::deque<std::string> m_texts;
    std::optional<Error> m_error;
    int m_version = 1;
};

class WriteGroup {
public:
    static constexpr bool reading = false;
    /// The root of an open file.
    WriteGroup(Status &status, hid_t file) : m_status(status), m_file(file) {}

    [[nodiscard]] WriteGroup group(const std::string &name);
    [[nodiscard]] Status &status() const { return m_status; }
    /// Whether the file has the items that came with this format version.
    [[nodiscard]] bool holds(int /*since*/) const { return true; }

    template <typename T>
    void attribute(const std::string &name, const T &value)
    {
        writeAttribute(name, m_status.type(typeOf<T>()), {}, &value);
    }
    void attribute(const std::string &name, bool value) { attribute(name, static_cast<int8_t>(value)); }
    void attribute(const std::string &name, const std::string &value);
    template <size_t Size>
    void attribute(const std::string &name, const std::array<float, Size> &values)
    {
        writeAttribute(name, m_status.type(Type::Float), Size, values.data());
    }
    void attributes(const std::map<std::string, std::string> &values);
    void attributes(const std::map<std::string, double> &values);

    template <typename T>
    void values(const std::string &name, const std::vector<T> &values, Labels labels)
    {
        writeDataset(name, m_status.type(typeOf<T>()), sizeof(T), {values.size()}, values.data(), labels);
    }
    void values(const std::string &name, const std::vector<std::string> &values, Labels labels);
    /// `values` is row-major with `columns` columns.
    template <typename T>
    void matrix(const std::string &name, const std::vector<T> &values, size_t columns, Labels labels)
    {
        writeDataset(name, m_status.type(typeOf<T>()), sizeof(T), {columns ? values.size() / columns : 0, columns},
                     values.data(), labels);
    }
    template <typename Row>
    void table(const std::string &name, std::span<const Column> columns, const std::vector<Row> &rows, Labels labels)
    {
        writeRows(name, columns, sizeof(Row), rows.size(), rows.data(), labels);
    }

    /// Fails with the group's path when `consistent` is false.
    void require(bool consistent, const std::string &what);

private:
    WriteGroup(Status &status, Handle group, std::string path)
        : m_status(status), m_group(std::move(group)), m_file(m_group.get()), m_path(std::move(path))
    {
    }
    void writeAttribute(const std::string &name, hid_t type, std::optional<hsize_t> size, const void *value);
    void writeDataset(const std::string &name, hid_t type, size_t valueSize, std::vector<hsize_t> extents,
                      const void *values, Labels labels);
    void writeRows(const std::string &name, std::span<const Column> columns, size_t rowSize, size_t count,
                   const void *rows, Labels labels);

    Status &m_status;
    Handle m_group;  ///< empty for the root
    hid_t m_file;    ///< the group's or the file's identifier
    std::string m_path;
};

/// What `write` puts into a new file, as the file's bytes. Built in memory because HDF5 cannot give up on a file whose
/// disk is full: its unwritten cache would stay open until the process ends. Failures go to `status`.
[[nodiscard]] std::vector<std::byte> fileImage(Status &status, const std::function<void(WriteGroup &)> &write);

/// Reading trusts nothing: items must be there, of the exact type and rank, stored in this file (no links or external
/// data), and no larger than what the file can hold. Failures are CorruptFile with the item's path.
class ReadGroup {
public:
    static constexpr bool reading = true;
    ReadGroup(Status &status, hid_t file, uint64_t fileSize) : m_status(status), m_file(file), m_fileSize(fileSize) {}

    [[nodiscard]] ReadGroup group(const std::string &name);
    [[nodiscard]] bool has(const std::string &name) const;
    [[nodiscard]] bool holds(int since) const { return m_status.version() >= since; }
    [[nodiscard]] Status &status() const { return m_status; }

    template <typename T>
    void attribute(const std::string &name, T &value)
    {
        readAttribute(name, m_status.type(typeOf<T>()), {}, &value);
    }
    void attribute(const std::string &name, bool &value);
    void attribute(const std::string &name, std::string &value);
    template <size_t Size>
    void attribute(const std::string &name, std::array<float, Size> &values)
    {
        readAttribute(name, m_status.type(Type::Float), Size, values.data());
    }
    /// All attributes of the group, except "units".
    void attributes(std::map<std::string, std::string> &values);
    void attributes(std::map<std::string, double> &values);

    template <typename T>
    void values(const std::string &name, std::vector<T> &values, Labels)
    {
        readVector(name, values, {});
    }
    void values(const std::string &name, std::vector<std::string> &values, Labels);
    template <typename T>
    void matrix(const std::string &name, std::vector<T> &values, size_t columns, Labels)
    {
        readVector(name, values, columns);
    }
    /// Texts in the rows live as long as the Status.
    template <typename Row>
    void table(const std::string &name, std::span<const Column> columns, std::vector<Row> &rows, Labels)
    {
        std::vector<Column> known;
        std::copy_if(columns.begin(), columns.end(), std::back_inserter(known),
                     [this](const Column &column) { return holds(column.since); });
        const PackedRows packed = readRows(name, known);
        rows.resize(packed.count);
        unpack(name, packed, known, sizeof(Row), rows.data());
    }
    /// Fails with the group's path when `consistent` is false.
    void require(bool consistent, const std::string &what);

private:
    struct Dataset {
        Handle id;
        Handle type; ///< in the file
        std::string path;
        size_t count = 0;
    };
    using CheckType = std::function<std::string(hid_t stored)>; ///< returns the defect, or nothing
    ReadGroup(Status &status, Handle group, std::string path, uint64_t fileSize)
        : m_status(status), m_group(std::move(group)), m_file(m_group.get()), m_path(std::move(path)), m_fileSize(fileSize)
    {
    }
    template <typename T>
    void readVector(const std::string &name, std::vector<T> &values, std::optional<size_t> columns)
    {
        const hid_t type = m_status.type(typeOf<T>());
        const Dataset dataset = openDataset(
            name, [&](hid_t stored) { return H5Tequal(stored, type) > 0 ? "" : wrongType; }, columns);
        if (!m_status.ok())
            return;
        values.resize(dataset.count);
        readValues(dataset, type, values.data());
    }
    static constexpr const char *wrongType = "this dataset has another type than a run file's";
    [[nodiscard]] bool isHardLink(const std::string &name, const std::string &path);
    /// The attribute if it is there with the extents of a scalar, or of `size` values.
    [[nodiscard]] Handle openAttribute(const std::string &name, std::optional<hsize_t> size);
    void readAttribute(const std::string &name, hid_t type, std::optional<hsize_t> size, void *value);
    [[nodiscard]] std::vector<std::string> attributeNames();
    [[nodiscard]] Dataset openDataset(const std::string &name, const CheckType &defect, std::optional<size_t> rowLength);
    void readValues(const Dataset &dataset, hid_t type, void *values);
    [[nodiscard]] PackedRows readRows(const std::string &name, std::span<const Column> columns);
    void unpack(const std::string &name, const PackedRows &packed, std::span<const Column> columns, size_t rowSize,
                void *rows);

    Status &m_status;
    Handle m_group;
    hid_t m_file;
    std::string m_path;
    uint64_t m_fileSize;
};

} // namespace quantoscope::hdf5
