// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/hdf5_archive.h"

#include <algorithm>

namespace quantoscope::hdf5 {

namespace {

std::mutex &libraryMutex()
{
    static std::mutex mutex;
    return mutex;
}

} // namespace

Handle textType(size_t size)
{
    Handle type = typeHandle(H5Tcopy(H5T_C_S1));
    H5Tset_size(type.get(), std::max<size_t>(1, size));
    H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    return type;
}

Status::Status(std::string file) : m_lock(libraryMutex()), m_file(std::move(file))
{
    H5open();
    H5Eget_auto2(H5E_DEFAULT, &m_printer, &m_printerData);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5Eclear2(H5E_DEFAULT);
    m_flag = typeHandle(H5Tenum_create(H5T_NATIVE_INT8));
    for (const auto &[title, value] : {std::pair<const char *, int8_t>("FALSE", 0), {"TRUE", 1}})
        H5Tenum_insert(m_flag.get(), title, &value);
}

Status::~Status()
{
    m_flag = {};
    H5Eset_auto2(H5E_DEFAULT, m_printer, m_printerData);
}

void Status::fail(ErrorCode code, const std::string &item, const std::string &what)
{
    if (!m_error)
        m_error = Error{code, (item.empty() ? "/" : item) + ": " + what, m_file, ""};
}

std::string Status::reason()
{
    std::string text;
    H5Ewalk2(
        H5E_DEFAULT, H5E_WALK_UPWARD,
        [](unsigned n, const H5E_error2_t *error, void *data) -> herr_t {
            if (n == 0 && error->desc)
                *static_cast<std::string *>(data) = std::string(": ") + error->desc;
            return 0;
        },
        &text);
    return text;
}

hid_t Status::type(Type type) const
{
    switch (type) {
    case Type::Int32: return H5T_NATIVE_INT32;
    case Type::Int64: return H5T_NATIVE_INT64;
    case Type::UInt8: return H5T_NATIVE_UINT8;
    case Type::UInt16: return H5T_NATIVE_UINT16;
    case Type::UInt64: return H5T_NATIVE_UINT64;
    case Type::Float: return H5T_NATIVE_FLOAT;
    case Type::Double: return H5T_NATIVE_DOUBLE;
    case Type::Flag: return m_flag.get();
    case Type::Text: break;
    }
    return -1;
}

PackedRows Status::packedRows(std::span<const Column> columns, std::span<const size_t> sizes) const
{
    PackedRows packed;
    for (const size_t size : sizes) {
        packed.members.push_back({packed.rowSize, size});
        packed.rowSize += size;
    }
    packed.type = typeHandle(H5Tcreate(H5T_COMPOUND, packed.rowSize));
    for (size_t i = 0; i < columns.size(); ++i) {
        const Handle text = columns[i].type == Type::Text ? textType(sizes[i]) : Handle();
        H5Tinsert(packed.type.get(), columns[i].name, packed.members[i].offset, text ? text.get() : type(columns[i].type));
    }
    return packed;
}

} // namespace quantoscope::hdf5
