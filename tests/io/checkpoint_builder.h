// SPDX-License-Identifier: GPL-3.0-or-later
// Makes zip archives and PyTorch pickles byte by byte, also ones that no program would write.
#pragma once

#include <QByteArray>
#include <QFile>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

namespace quantoscope::testing {

template <typename T>
QByteArray littleEndian(T value)
{
    return QByteArray(reinterpret_cast<const char *>(&value), sizeof value);
}

inline uint32_t crc32(const QByteArray &bytes)
{
    uint32_t crc = ~0U;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320U : 0);
    }
    return ~crc;
}

struct ZipEntry {
    QByteArray name;
    QByteArray content;
    bool deflate = false;
    std::optional<uint32_t> size = {}; ///< claimed instead of the content's
    uint16_t flags = 0;
    uint16_t method = 0;
};

inline QByteArray zipArchive(const std::vector<ZipEntry> &entries)
{
    QByteArray file;
    QByteArray directory;
    for (const ZipEntry &entry : entries) {
        // qCompress: four bytes of size, then zlib's two of header and four of checksum around the DEFLATE stream.
        const QByteArray packed = entry.deflate ? qCompress(entry.content).mid(6).chopped(4) : entry.content;
        const QByteArray common = littleEndian<uint16_t>(20) + littleEndian(entry.flags)
            + littleEndian<uint16_t>(entry.deflate ? 8 : entry.method) + littleEndian<uint32_t>(0)
            + littleEndian(crc32(entry.content)) + littleEndian(static_cast<uint32_t>(packed.size()))
            + littleEndian(entry.size.value_or(static_cast<uint32_t>(entry.content.size())))
            + littleEndian(static_cast<uint16_t>(entry.name.size())) + littleEndian<uint16_t>(0);
        directory += "PK\x01\x02" + littleEndian<uint16_t>(20) + common + QByteArray(10, '\0')
            + littleEndian(static_cast<uint32_t>(file.size())) + entry.name;
        file += "PK\x03\x04" + common + entry.name + packed;
    }
    const auto count = static_cast<uint16_t>(entries.size());
    return file + directory + "PK\x05\x06" + littleEndian<uint32_t>(0) + littleEndian(count) + littleEndian(count)
        + littleEndian(static_cast<uint32_t>(directory.size())) + littleEndian(static_cast<uint32_t>(file.size()))
        + littleEndian<uint16_t>(0);
}

// ---- pickles ----

inline QByteArray pickleText(const QByteArray &text)
{
    return "X" + littleEndian(static_cast<uint32_t>(text.size())) + text;
}
inline QByteArray pickleInt(int32_t value)
{
    return "J" + littleEndian(value);
}
inline QByteArray pickleLong(int64_t value)
{
    return QByteArray("\x8a\x08", 2) + littleEndian(value);
}
inline QByteArray pickleName(const QByteArray &module, const QByteArray &name)
{
    return "c" + module + "\n" + name + "\n";
}
inline QByteArray pickleTuple(std::initializer_list<QByteArray> items)
{
    QByteArray tuple = "(";
    for (const QByteArray &item : items)
        tuple += item;
    return tuple + "t";
}
inline QByteArray pickleTuple(const std::vector<int64_t> &items)
{
    QByteArray tuple = "(";
    for (const int64_t item : items)
        tuple += pickleLong(item);
    return tuple + "t";
}
inline QByteArray pickleDict(const std::vector<std::pair<QByteArray, QByteArray>> &items)
{
    QByteArray dict = "}(";
    for (const auto &[key, value] : items)
        dict += pickleText(key) + value;
    return dict + "u";
}
inline QByteArray pickleStorage(const QByteArray &key, int64_t elements, const QByteArray &type = "FloatStorage",
                                const QByteArray &view = {})
{
    return pickleTuple({pickleText("storage"), pickleName("torch", type), pickleText(key), pickleText("cpu"),
                        pickleLong(elements), view})
        + "Q";
}
inline QByteArray pickleTensor(const QByteArray &storage, int64_t offset, const std::vector<int64_t> &shape,
                               const std::vector<int64_t> &strides)
{
    return pickleName("torch._utils", "_rebuild_tensor_v2")
        + pickleTuple({storage, pickleLong(offset), pickleTuple(shape), pickleTuple(strides), "\x89",
                       pickleName("collections", "OrderedDict") + ")R"})
        + "R";
}
inline QByteArray pickleStream(const QByteArray &value)
{
    return "\x80\x02" + value + ".";
}

/// A zip checkpoint with this root object and these records.
inline QByteArray torchZip(const QByteArray &root, const std::vector<std::pair<QByteArray, QByteArray>> &records)
{
    std::vector<ZipEntry> entries{{"archive/data.pkl", pickleStream(root)}};
    for (const auto &[key, content] : records)
        entries.push_back({"archive/data/" + key, content});
    return zipArchive(entries);
}

} // namespace quantoscope::testing
