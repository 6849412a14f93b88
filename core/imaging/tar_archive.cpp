// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/tar_archive.h"

#include "core/imaging/image_source.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <list>
#include <mutex>
#include <optional>
#include <utility>

namespace quantoscope {

namespace {

constexpr uint64_t blockSize = 512;
constexpr int deepestTar = 2;             // an archive of archives; what lies deeper is an ordinary member
constexpr size_t keptMembers = 3'000'000; // of all archives together; about 100 bytes each
constexpr std::string_view tarSuffix = ".tar";

/// A part of a file that libarchive reads as if it were a file of its own.
struct Window {
    std::ifstream &file;
    uint64_t begin = 0;
    uint64_t size = 0;
    uint64_t position = 0; ///< relative to begin
    bool failed = false;
    std::array<char, blockSize> block = {}; ///< no larger: headers lie far apart
};

la_ssize_t readBlock(archive * /*reader*/, void *user, const void **data)
{
    Window &window = *static_cast<Window *>(user);
    const uint64_t count = std::min<uint64_t>(window.block.size(), window.size - window.position);
    window.file.clear();
    window.file.seekg(static_cast<std::streamoff>(window.begin + window.position));
    window.file.read(window.block.data(), static_cast<std::streamsize>(count));
    if (static_cast<uint64_t>(window.file.gcount()) != count) {
        window.failed = true;
        return ARCHIVE_FATAL;
    }
    window.position += count;
    *data = window.block.data();
    return static_cast<la_ssize_t>(count);
}

la_int64_t skipBytes(archive * /*reader*/, void *user, la_int64_t request)
{
    Window &window = *static_cast<Window *>(user);
    const uint64_t count = std::min<uint64_t>(static_cast<uint64_t>(request), window.size - window.position);
    window.position += count;
    return static_cast<la_int64_t>(count);
}

struct ReaderCloser {
    void operator()(archive *reader) const { archive_read_free(reader); }
};

/// "./a//b" as "a/b". Nothing for a name that is absolute, leads upwards or is empty.
std::optional<std::string> plainName(std::string_view raw)
{
    if (raw.starts_with('/'))
        return std::nullopt;
    std::string name;
    while (!raw.empty()) {
        const std::string_view part = raw.substr(0, raw.find('/'));
        raw.remove_prefix(std::min(part.size() + 1, raw.size()));
        if (part == "..")
            return std::nullopt;
        if (part.empty() || part == ".")
            continue;
        if (!name.empty())
            name += '/';
        name += part;
    }
    if (name.empty())
        return std::nullopt;
    return name;
}

tl::unexpected<Error> corrupt(std::string what, const std::string &where)
{
    return fail(ErrorCode::CorruptFile, std::move(what), where,
                "the copy may be incomplete: compare its size and checksum, and download it again");
}

class Indexer {
public:
    explicit Indexer(std::ifstream &file) : m_file(file) {}

    /// Adds the members of the tar at `begin`; names get `prefix` in front, `where` is named in errors.
    Result<void> add(uint64_t begin, uint64_t size, const std::string &prefix, const std::string &where, int depth)
    {
        Window window{m_file, begin, size};
        const std::unique_ptr<archive, ReaderCloser> reader(archive_read_new());
        if (!reader || archive_read_support_format_tar(reader.get()) != ARCHIVE_OK)
            return fail(ErrorCode::Internal, "libarchive cannot be set up", where);
        archive_read_set_read_callback(reader.get(), readBlock);
        archive_read_set_skip_callback(reader.get(), skipBytes);
        archive_read_set_callback_data(reader.get(), &window);
        if (archive_read_open1(reader.get()) != ARCHIVE_OK)
            return notATar(window, where);
        uint64_t end = 0; // of the last member, padding included
        for (bool first = true;; first = false) {
            archive_entry *entry = nullptr;
            const int status = archive_read_next_header(reader.get(), &entry);
            if (status == ARCHIVE_EOF)
                break;
            if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
                if (first && !window.failed && !beginsLikeTar(window))
                    return notATar(window, where);
                const char *reason = archive_error_string(reader.get());
                return corrupt(fmt::format("broken tar archive: {}", reason ? reason : "unreadable header"),
                               where);
            }
            // What libarchive has consumed ends where the content begins.
            const auto offset = static_cast<uint64_t>(archive_filter_bytes(reader.get(), 0));
            const Result<uint64_t> length = addEntry(entry, {begin, offset, size}, prefix, where, depth);
            if (!length)
                return fail(length.error());
            end = offset + (*length + blockSize - 1) / blockSize * blockSize;
        }
        return checkEnd(window, end, where);
    }

    std::vector<TarMember> takeSorted()
    {
        std::sort(m_members.begin(), m_members.end(),
                  [](const TarMember &a, const TarMember &b) { return a.name < b.name; });
        return std::move(m_members);
    }

private:
    struct Place {
        uint64_t begin;  ///< of the tar in the file
        uint64_t offset; ///< of the content in the tar
        uint64_t size;   ///< of the tar
    };

    /// Bytes of content that the entry has.
    Result<uint64_t> addEntry(archive_entry *entry, const Place &place, const std::string &prefix,
                              const std::string &where, int depth)
    {
        const char *raw = archive_entry_pathname(entry);
        if (!raw)
            raw = archive_entry_pathname_utf8(entry); // the locale cannot express it
        const bool regular = archive_entry_filetype(entry) == AE_IFREG;
        const int64_t length = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;
        if (length < 0 || place.offset > place.size || static_cast<uint64_t>(length) > place.size - place.offset)
            return corrupt(
                fmt::format("member {} of {} bytes reaches beyond the archive's end", raw ? raw : "?", length),
                where);
        if (archive_entry_filetype(entry) == AE_IFDIR)
            return static_cast<uint64_t>(length);
        const std::optional<std::string> name = raw ? plainName(raw) : std::nullopt;
        if (!name)
            return fail(ErrorCode::CorruptFile,
                        fmt::format("member name \"{}\" leads out of the archive", raw ? raw : ""), where,
                        "pack it again with relative names");
        const bool link = archive_entry_hardlink(entry) || archive_entry_filetype(entry) == AE_IFLNK;
        if ((link || archive_entry_sparse_count(entry) > 0) && looksLikeImage(*name))
            return fail(ErrorCode::Unsupported,
                        fmt::format("member {} is a {}", *name, link ? "link" : "sparse file"), where,
                        "pack it again with: tar --dereference --hard-dereference");
        if (link || !regular)
            return static_cast<uint64_t>(length);
        const uint64_t begin = place.begin + place.offset;
        if (depth < deepestTar && looksLikeTar(*name)) {
            const auto inner =
                add(begin, static_cast<uint64_t>(length), prefix + *name + "/", where + "/" + *name, depth + 1);
            if (!inner)
                return fail(inner.error());
        } else {
            m_members.push_back({prefix + *name, begin, static_cast<uint64_t>(length)});
        }
        return static_cast<uint64_t>(length);
    }

    /// A download that was cut between two members shows by the missing mark only.
    Result<void> checkEnd(const Window &window, uint64_t end, const std::string &where)
    {
        std::array<char, blockSize> mark = {};
        bool complete = end <= window.size && window.size - end >= blockSize;
        if (complete) {
            m_file.clear();
            m_file.seekg(static_cast<std::streamoff>(window.begin + end));
            m_file.read(mark.data(), mark.size());
            complete = m_file.gcount() == static_cast<std::streamsize>(mark.size())
                    && std::all_of(mark.begin(), mark.end(), [](char c) { return c == 0; });
        }
        if (!complete)
            return corrupt("tar archive without its end mark", where);
        return {};
    }

    /// The first block, zeros where the window is shorter.
    std::array<char, blockSize> firstBlock(const Window &window)
    {
        std::array<char, blockSize> block = {};
        m_file.clear();
        m_file.seekg(static_cast<std::streamoff>(window.begin));
        m_file.read(block.data(), static_cast<std::streamsize>(std::min<uint64_t>(block.size(), window.size)));
        return block;
    }

    bool beginsLikeTar(const Window &window)
    {
        constexpr size_t magicPlace = 257;
        const auto block = firstBlock(window);
        return std::string_view(block.data(), block.size()).substr(magicPlace).starts_with("ustar");
    }

    tl::unexpected<Error> notATar(const Window &window, const std::string &where)
    {
        const auto start = firstBlock(window);
        const std::string_view signature(start.data(), start.size());
        constexpr std::array<std::pair<std::string_view, const char *>, 5> compressed = {
            {{"\x1F\x8B", "gzip"},
             {"BZh", "bzip2"},
             {"\xFD"
              "7zXZ",
              "xz"},
             {"\x28\xB5\x2F\xFD", "zstd"},
             {"PK", "zip"}}};
        for (const auto &[magic, name] : compressed)
            if (signature.starts_with(magic))
                return fail(ErrorCode::Unsupported, fmt::format("this is compressed as a whole ({})", name), where,
                            "images are read in place, so decompress it once, e.g. gunzip, unxz, unzip");
        return fail(ErrorCode::Unsupported, "this is not a tar archive", where,
                    "give a folder of images, a tar archive, or a list of images with --list");
    }

    std::ifstream &m_file;
    std::vector<TarMember> m_members;
};

/// Indices of the archives used last; the newest is in front.
struct IndexCache {
    struct Entry {
        ImageStamp stamp;
        std::shared_ptr<const TarArchive> archive;
    };
    std::mutex mutex;
    std::list<Entry> entries;

    std::shared_ptr<const TarArchive> find(const std::string &path, const ImageStamp &stamp)
    {
        for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
            if (entry->archive->path() != path)
                continue;
            if (entry->stamp == stamp) {
                entries.splice(entries.begin(), entries, entry);
                return entries.front().archive;
            }
            entries.erase(entry); // the file has changed
            return nullptr;
        }
        return nullptr;
    }

    void insert(const ImageStamp &stamp, std::shared_ptr<const TarArchive> archive)
    {
        entries.push_front({stamp, std::move(archive)});
        size_t members = 0;
        for (auto entry = entries.begin(); entry != entries.end();) {
            members += entry->archive->members().size();
            entry = members > keptMembers && entry != entries.begin() ? entries.erase(entry) : std::next(entry);
        }
    }
};

IndexCache &indexCache()
{
    static IndexCache cache;
    return cache;
}

} // namespace

bool looksLikeTar(std::string_view name)
{
    return name.size() > tarSuffix.size()
        && std::equal(tarSuffix.begin(), tarSuffix.end(), name.end() - static_cast<ptrdiff_t>(tarSuffix.size()),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

Result<std::shared_ptr<const TarArchive>> TarArchive::open(const std::string &path)
{
    const std::optional<ImageStamp> stamp = fileStamp(path);
    if (!stamp)
        return fail(ErrorCode::NotFound, "no such file", path);
    IndexCache &cache = indexCache();
    const std::lock_guard lock(cache.mutex); // threads that need the same new index wait for it
    if (auto known = cache.find(path, *stamp))
        return known;
    std::ifstream file;
    file.rdbuf()->pubsetbuf(nullptr, 0); // a header is one block; reading ahead would read images
    file.open(path, std::ios::binary);
    if (!file)
        return fail(ErrorCode::Io, "file cannot be opened for reading", path);
    Indexer indexer(file);
    if (const auto added = indexer.add(0, stamp->size, {}, path, 1); !added)
        return fail(added.error());
    std::shared_ptr<TarArchive> archive(new TarArchive);
    archive->m_path = path;
    archive->m_members = indexer.takeSorted();
    const auto twice = std::adjacent_find(archive->m_members.begin(), archive->m_members.end(),
                                          [](const TarMember &a, const TarMember &b) { return a.name == b.name; });
    if (twice != archive->m_members.end())
        return fail(ErrorCode::CorruptFile, fmt::format("member {} occurs twice", twice->name), path,
                    "which one counts is not clear; pack it again");
    cache.insert(*stamp, archive);
    return std::shared_ptr<const TarArchive>(std::move(archive));
}

std::span<const TarMember> TarArchive::below(std::string_view folder) const
{
    if (folder.empty())
        return m_members;
    const std::string first = std::string(folder) + '/';
    const std::string beyond = std::string(folder) + static_cast<char>('/' + 1);
    const auto lower = [this](const std::string &name) {
        return std::lower_bound(
            m_members.begin(), m_members.end(), name,
            [](const TarMember &member, const std::string &text) { return member.name < text; });
    };
    return {lower(first), lower(beyond)};
}

const TarMember *TarArchive::find(std::string_view name) const
{
    const auto found =
        std::lower_bound(m_members.begin(), m_members.end(), name,
                         [](const TarMember &member, std::string_view text) { return member.name < text; });
    return found != m_members.end() && found->name == name ? &*found : nullptr;
}

Result<std::vector<std::byte>> TarArchive::read(const TarMember &member) const
{
    std::ifstream file(m_path, std::ios::binary);
    std::vector<std::byte> bytes(static_cast<size_t>(member.size));
    file.seekg(static_cast<std::streamoff>(member.offset));
    file.read(reinterpret_cast<char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!file || static_cast<uint64_t>(file.gcount()) != member.size)
        return fail(ErrorCode::Io, "member cannot be read to its end", m_path + "/" + member.name,
                    "the archive was changed or the disk failed while it was in use");
    return bytes;
}

} // namespace quantoscope
