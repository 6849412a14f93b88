// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/result_table_file.h"

#include "core/io/hdf5_archive.h"
#include "core/io/posix_file.h"

#include <exception>

namespace quantoscope {

namespace {

constexpr int kTableVersion = 1;

template <typename T>
void writeColumn(hdf5::WriteGroup &group, const ResultTable &table, const ResultField &field)
{
    std::vector<T> values;
    for (const ResultCell &cell : table.cells)
        values.push_back(std::get<T>(field.value(table, cell)));
    const std::string axes = std::string("cell: ") + field.meaning;
    group.values(field.name, values, {field.unit, axes.c_str()});
}

void writeContents(hdf5::WriteGroup &root, const ResultTable &table)
{
    root.attribute("format", std::string("quantoscope-table"));
    root.attribute("format_version", kTableVersion);
    root.attribute("quantoscope_version", std::string(QUANTOSCOPE_VERSION));
    root.attribute("images", table.images);
    auto cells = root.group("cells");
    for (const ResultField &field : resultFields()) {
        // A field has one type in all cells.
        const ResultField::Value first = field.value(table, table.cells.front());
        std::visit([&](const auto &value) { writeColumn<std::decay_t<decltype(value)>>(cells, table, field); }, first);
    }
}

Result<void> replaceFile(std::span<const std::byte> bytes, const std::string &path)
{
    AtomicFile file(path);
    if (auto opened = file.open(); !opened)
        return opened;
    if (auto written = file.write(bytes); !written)
        return written;
    return file.commit();
}

} // namespace

Result<void> writeResultTableFile(const ResultTable &table, const std::string &path)
{
    try {
        std::vector<std::byte> image;
        {
            hdf5::Status status(path);
            image = hdf5::fileImage(status, [&](hdf5::WriteGroup &root) { writeContents(root, table); });
            if (!status.ok())
                return fail(*status.error());
        }
        return replaceFile(image, path);
    } catch (const std::exception &exception) { // memory
        return fail(ErrorCode::Internal, std::string("cannot write the table: ") + exception.what(), path);
    }
}

Result<void> writeTextFile(const std::string &text, const std::string &path)
{
    return replaceFile(std::as_bytes(std::span(text.data(), text.size())), path);
}

} // namespace quantoscope
