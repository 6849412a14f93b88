// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/devkit.h"

#include "core/imaging/image_source.h"
#include "core/imaging/meta_mat.h"
#include "core/imaging/synsets.h"
#include "core/imaging/text_lines.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <memory>
#include <sstream>

namespace quantoscope {

namespace fs = std::filesystem;

namespace {

constexpr const char *truthName = "ILSVRC2012_validation_ground_truth.txt";
constexpr const char *metaName = "meta.mat";
constexpr const char *mapName = "map_clsloc.txt";
constexpr const char *kitArchive = "ILSVRC2012_devkit_t12.tar.gz";
constexpr int64_t largestKit = int64_t{1} << 28; // unpacked it has 3 MB; a bomb shall not be unpacked to its end

Result<std::vector<int>> parseTruth(const std::string &file, const std::vector<std::string> &lines)
{
    std::vector<int> ids;
    ids.reserve(lines.size());
    for (size_t i = 0; i < lines.size(); ++i) {
        const auto id = parseInteger(lines[i]);
        if (!id || *id < 1 || *id > 1000)
            return fail(ErrorCode::BadInput,
                        fmt::format("\"{}\" is no ILSVRC2012_ID of 1 to 1000", lines[i].substr(0, 40)),
                        lineOf(file, i));
        ids.push_back(static_cast<int>(*id));
    }
    return ids;
}

/// Lines "n02119789 1 kit_fox".
Result<std::unordered_map<int, std::string>> parseMap(const std::string &file,
                                                      const std::vector<std::string> &lines)
{
    std::unordered_map<int, std::string> wnids;
    for (size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].empty())
            continue;
        std::istringstream words(lines[i]);
        std::string wnid;
        int id = 0;
        if (!(words >> wnid >> id) || !looksLikeWnid(wnid) || id < 1 || !wnids.emplace(id, wnid).second)
            return fail(ErrorCode::BadInput, "expected a line `wnid number name` with a number of its own",
                        lineOf(file, i));
    }
    return wnids;
}

tl::unexpected<Error> noClassNumbers(const std::string &truth)
{
    return fail(ErrorCode::NotFound,
                fmt::format("neither {} nor {} lies beside the ground truth", metaName, mapName), truth,
                "its numbers are not in the order of wnids: put data/meta.mat of the development kit there");
}

/// Ground truth and class numbers as files beside each other.
Result<Devkit> readFolder(const fs::path &folder, const fs::path &outer)
{
    Devkit kit;
    kit.file = (folder / truthName).string();
    const auto lines = readLines(kit.file);
    if (!lines)
        return fail(lines.error());
    auto ids = parseTruth(kit.file, *lines);
    if (!ids)
        return fail(ids.error());
    kit.ids = *std::move(ids);
    if (const std::string meta = (folder / metaName).string(); imageExists(meta)) {
        const auto bytes = readImage(meta);
        if (!bytes)
            return fail(bytes.error());
        auto wnids = readMetaMat(*bytes, meta);
        if (!wnids)
            return fail(wnids.error());
        kit.wnids = *std::move(wnids);
        return kit;
    }
    for (const fs::path &place : {folder, outer}) {
        const std::string map = (place / mapName).string();
        if (!imageExists(map))
            continue;
        const auto mapLines = readLines(map);
        if (!mapLines)
            return fail(mapLines.error());
        auto wnids = parseMap(map, *mapLines);
        if (!wnids)
            return fail(wnids.error());
        kit.wnids = *std::move(wnids);
        return kit;
    }
    return noClassNumbers(kit.file);
}

struct ReaderCloser {
    void operator()(archive *reader) const { archive_read_free(reader); }
};

tl::unexpected<Error> broken(archive *reader, const std::string &where)
{
    const char *reason = archive_error_string(reader);
    return fail(ErrorCode::CorruptFile, fmt::format("broken archive: {}", reason ? reason : "unreadable"), where,
                "download the development kit again");
}

/// Content of the current member.
Result<std::vector<std::byte>> readEntry(archive *reader, const std::string &where)
{
    std::vector<std::byte> bytes;
    std::array<std::byte, 1 << 16> block;
    for (;;) {
        const la_ssize_t count = archive_read_data(reader, block.data(), block.size());
        if (count == 0)
            return bytes;
        if (count < 0)
            return broken(reader, where);
        bytes.insert(bytes.end(), block.begin(), block.begin() + count);
        if (archive_filter_bytes(reader, 0) > largestKit)
            return fail(ErrorCode::Unsupported, "unpacks to more than a development kit holds", where);
    }
}

Result<Devkit> readCompressed(const std::string &path)
{
    const std::unique_ptr<archive, ReaderCloser> reader(archive_read_new());
    if (!reader)
        return fail(ErrorCode::Internal, "libarchive cannot be set up", path);
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_format_tar(reader.get());
    if (archive_read_open_filename(reader.get(), path.c_str(), 1 << 16) != ARCHIVE_OK)
        return broken(reader.get(), path);
    Devkit kit;
    kit.file = path + "/" + truthName;
    for (;;) {
        archive_entry *entry = nullptr;
        const int status = archive_read_next_header(reader.get(), &entry);
        if (status == ARCHIVE_EOF)
            break;
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
            return broken(reader.get(), path);
        if (archive_filter_bytes(reader.get(), 0) > largestKit)
            return fail(ErrorCode::Unsupported, "unpacks to more than a development kit holds", path);
        const char *raw = archive_entry_pathname(entry);
        const std::string name = fs::path(raw ? raw : "").filename().string();
        if (name != truthName && name != metaName && name != mapName)
            continue;
        const auto bytes = readEntry(reader.get(), path);
        if (!bytes)
            return fail(bytes.error());
        const std::string where = path + "/" + name;
        const std::string_view text(reinterpret_cast<const char *>(bytes->data()), bytes->size());
        if (name == truthName) {
            auto ids = parseTruth(where, linesOf(text));
            if (!ids)
                return fail(ids.error());
            kit.ids = *std::move(ids);
        } else {
            auto wnids = name == metaName ? readMetaMat(*bytes, where) : parseMap(where, linesOf(text));
            if (!wnids)
                return fail(wnids.error());
            kit.wnids = *std::move(wnids);
        }
    }
    if (kit.ids.empty())
        return fail(ErrorCode::NotFound, fmt::format("holds no {}", truthName), path);
    if (kit.wnids.empty())
        return noClassNumbers(kit.file);
    return kit;
}

} // namespace

Result<std::optional<Devkit>> findDevkit(const std::string &folder)
{
    const fs::path root(folder);
    Result<Devkit> kit = fail(ErrorCode::NotFound, {});
    bool found = false;
    for (const char *place : {"", "data", "ILSVRC2012_devkit_t12/data", "devkit/data",
                              "ILSVRC2012_devkit_t12.tar/ILSVRC2012_devkit_t12/data"}) {
        const fs::path base = *place ? root / place : root;
        found = imageExists((base / truthName).string());
        if (found) {
            kit = readFolder(base, root);
            break;
        }
    }
    std::error_code error;
    if (const fs::path packed = root / kitArchive; !found && fs::is_regular_file(packed, error)) {
        found = true;
        kit = readCompressed(packed.string());
    }
    if (!found)
        return std::nullopt;
    if (!kit)
        return fail(kit.error());
    return std::optional(*std::move(kit));
}

} // namespace quantoscope
