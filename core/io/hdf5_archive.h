// SPDX-License-Identifier: GPL-3.0-or-later
// HDF5 as this room uses it; private to core/io. WriteGroup and ReadGroup have the same functions, so that one template
// describes a layout for both directions. The first failure is kept in Status and turns all that follows into nothing:
// callers write straight on and look once, at the end.
#pragma once

#include "core/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
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

/// Value types of the layout. Text is variable-length UTF-8; Flag is h5py's boolean (an enumeration FALSE, TRUE).
enum class Type { Int32, Int64, UInt16, UInt64, Float, Double, Flag, Text };

template <typename T>
constexpr Type typeOf()
{
    if constexpr (std::is_same_v<T, int>)
        return Type::Int32;
    else if constexpr (std::is_same_v<T, int64_t>)
        return Type::Int64;
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

/// One column of a table whose rows are plain structs. Texts are `const char *`, flags int8_t.
struct Column {
    const char *name;
    size_t offset;
    Type type;
};

template <typename Row, typename T>
Column column(const char *name, T Row::*member)
{
    static const Row row{};
    return {name, static_cast<size_t>(reinterpret_cast<const char *>(&(row.*member)) - reinterpret_cast<const char *>(&row)),
            typeOf<T>()};
}

/// Documentation that a dataset carries as attributes.
struct Labels {
    const char *units; ///< "s", "dB", "1" for a number without unit, "" for texts
    const char *axes;  ///< what the axes and columns are
};

/// One file being written or read. Holds the library for this thread: a build of it may be without thread safety.
class Status {
public:
    explicit Status(std::string file);
    ~Status();
    Status(const Status &) = delete;
    Status &operator=(const Status &) = delete;

    [[nodiscard]] bool ok() const { return !m_error; }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    /// Keeps the first failure. `item` is a path inside the file.
    void fail(ErrorCode code, const std::string &item, const std::string &what);
    /// The innermost message of the library's last failure, as ": message"; may be empty.
    [[nodiscard]] static std::string reason();
    [[nodiscard]] hid_t type(Type type) const;
    /// Compound type of a row in memory.
    [[nodiscard]] Handle rowType(std::span<const Column> columns, size_t rowSize) const;
    /// Keeps a text alive as long as this object.
    const char *keep(const char *text) { return m_texts.emplace_back(text ? text : "").c_str(); }

private:
    std::unique_lock<std::mutex> m_lock;
    H5E_auto2_t m_printer = nullptr;
    void *m_printerData = nullptr;
    std::string m_file;
    Handle m_text;
    Handle m_flag;
    std::deque<std::string> m_texts;
    std::optional<Error> m_error;
};

class WriteGroup {
public:
    static constexpr bool reading = false;
    /// The root of an open file.
    WriteGroup(Status &status, hid_t file) : m_status(status), m_file(file) {}

    [[nodiscard]] WriteGroup group(const std::string &name);
    [[nodiscard]] Status &status() const { return m_status; }

    template <typename T>
    void attribute(const std::string &name, const T &value)
    {
        writeAttribute(name, typeOf<T>(), {}, &value);
    }
    void attribute(const std::string &name, bool value) { attribute(name, static_cast<int8_t>(value)); }
    void attribute(const std::string &name, const std::string &value);
    template <size_t Size>
    void attribute(const std::string &name, const std::array<float, Size> &values)
    {
        writeAttribute(name, Type::Float, Size, values.data());
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
        writeDataset(name, m_status.rowType(columns, sizeof(Row)).get(), sizeof(Row), {rows.size()}, rows.data(), labels);
    }

    /// Fails with the group's path when `consistent` is false.
    void require(bool consistent, const std::string &what);

private:
    WriteGroup(Status &status, Handle group, std::string path)
        : m_status(status), m_group(std::move(group)), m_file(m_group.get()), m_path(std::move(path))
    {
    }
    void writeAttribute(const std::string &name, Type type, std::optional<hsize_t> size, const void *value);
    void writeDataset(const std::string &name, hid_t type, size_t valueSize, std::vector<hsize_t> extents,
                      const void *values, Labels labels);

    Status &m_status;
    Handle m_group;  ///< empty for the root
    hid_t m_file;    ///< the group's or the file's identifier
    std::string m_path;
};

/// Reading trusts nothing: items must be there, of the exact type and rank, stored in this file (no links or external
/// data), and no larger than what the file can hold. Failures are CorruptFile with the item's path.
class ReadGroup {
public:
    static constexpr bool reading = true;
    ReadGroup(Status &status, hid_t file, uint64_t fileSize) : m_status(status), m_file(file), m_fileSize(fileSize) {}

    [[nodiscard]] ReadGroup group(const std::string &name);
    [[nodiscard]] bool has(const std::string &name) const;
    [[nodiscard]] Status &status() const { return m_status; }

    template <typename T>
    void attribute(const std::string &name, T &value)
    {
        readAttribute(name, typeOf<T>(), {}, &value);
    }
    void attribute(const std::string &name, bool &value);
    void attribute(const std::string &name, std::string &value);
    template <size_t Size>
    void attribute(const std::string &name, std::array<float, Size> &values)
    {
        readAttribute(name, Type::Float, Size, values.data());
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
        const Handle type = m_status.rowType(columns, sizeof(Row));
        const Dataset dataset = openDataset(name, type.get(), columns, sizeof(Row), {});
        if (!m_status.ok())
            return;
        rows.resize(dataset.count);
        readRows(dataset, type.get(), columns, sizeof(Row), rows.data());
    }
    /// Fails with the group's path when `consistent` is false.
    void require(bool consistent, const std::string &what);

private:
    struct Dataset {
        Handle id;
        std::string path;
        size_t count = 0;
    };
    ReadGroup(Status &status, Handle group, std::string path, uint64_t fileSize)
        : m_status(status), m_group(std::move(group)), m_file(m_group.get()), m_path(std::move(path)), m_fileSize(fileSize)
    {
    }
    template <typename T>
    void readVector(const std::string &name, std::vector<T> &values, std::optional<size_t> columns)
    {
        const Dataset dataset = openDataset(name, m_status.type(typeOf<T>()), {}, sizeof(T), columns);
        if (!m_status.ok())
            return;
        values.resize(dataset.count);
        readValues(dataset, m_status.type(typeOf<T>()), values.data());
    }
    [[nodiscard]] bool isHardLink(const std::string &name, const std::string &path);
    void readAttribute(const std::string &name, Type type, std::optional<hsize_t> size, void *value);
    [[nodiscard]] std::vector<std::string> attributeNames();
    [[nodiscard]] Dataset openDataset(const std::string &name, hid_t type, std::span<const Column> columns,
                                      size_t valueSize, std::optional<size_t> rowLength);
    void readValues(const Dataset &dataset, hid_t type, void *values);
    void readRows(const Dataset &dataset, hid_t type, std::span<const Column> columns, size_t rowSize, void *rows);

    Status &m_status;
    Handle m_group;
    hid_t m_file;
    std::string m_path;
    uint64_t m_fileSize;
};

} // namespace quantoscope::hdf5
