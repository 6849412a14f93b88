// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/imaging/image_source.h"

#include "core/imaging/tar_archive.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <utility>

namespace quantoscope {

namespace fs = std::filesystem;

namespace {

// Above any picture that decodePicture accepts, even uncompressed with 16 bits a channel.
constexpr uint64_t largestFile = uint64_t{1} << 31;

tl::unexpected<Error> tooLarge(const std::string &path)
{
    return fail(ErrorCode::Unsupported, "larger than 2 GiB: not an image", path);
}

/// A place in an archive: `member` is a file, a folder, or empty for the archive itself.
struct ArchivePlace {
    std::shared_ptr<const TarArchive> archive;
    std::string member;
};

/// Nothing when the path does not lead into a file.
Result<std::optional<ArchivePlace>> archivePlace(const fs::path &path)
{
    std::error_code error;
    for (fs::path outer = path; !outer.empty() && outer != outer.root_path(); outer = outer.parent_path()) {
        const fs::file_type type = fs::status(outer, error).type();
        if (type == fs::file_type::directory)
            break;
        if (type != fs::file_type::regular)
            continue;
        auto archive = TarArchive::open(outer.string());
        if (!archive)
            return fail(archive.error());
        const fs::path member = outer == path ? fs::path() : path.lexically_relative(outer);
        return ArchivePlace{*std::move(archive), member.generic_string()};
    }
    return std::nullopt;
}

Result<std::vector<std::byte>> readFile(const std::string &path, uint64_t size)
{
    if (size > largestFile)
        return tooLarge(path);
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return fail(ErrorCode::Io, "file cannot be opened for reading", path);
    std::vector<std::byte> bytes(static_cast<size_t>(size));
    file.read(reinterpret_cast<char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (static_cast<uint64_t>(file.gcount()) != size)
        return fail(ErrorCode::Io, "file cannot be read to its end", path);
    return bytes;
}

Result<std::vector<std::byte>> readMember(const std::string &path)
{
    const auto place = archivePlace(path);
    if (!place)
        return fail(place.error());
    if (!*place)
        return fail(ErrorCode::NotFound, "no such file", path);
    const TarMember *member = (*place)->archive->find((*place)->member);
    if (!member)
        return fail(ErrorCode::NotFound, "the archive holds no such file", path);
    if (member->size > largestFile)
        return tooLarge(path);
    return (*place)->archive->read(*member);
}

void addFile(FolderListing &listing, std::string name)
{
    if (looksLikeTar(name))
        listing.archives.push_back(std::move(name));
    else if (looksLikeImage(name))
        listing.images.push_back(std::move(name));
}

void sort(FolderListing &listing)
{
    for (auto *names : {&listing.folders, &listing.archives, &listing.images})
        std::sort(names->begin(), names->end());
}

Result<FolderListing> listDirectory(const fs::path &path)
{
    FolderListing listing;
    std::error_code error;
    for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        std::string name = entry->path().filename().string();
        if (!entry->is_directory(ignored))
            addFile(listing, std::move(name));
        else if (!name.starts_with('.'))
            listing.folders.push_back(std::move(name));
    }
    if (error)
        return fail(ErrorCode::Io, "folder cannot be read: " + error.message(), path.string());
    sort(listing);
    return listing;
}

FolderListing listMembers(const ArchivePlace &place)
{
    FolderListing listing;
    const std::span<const TarMember> members = place.archive->below(place.member);
    const size_t prefix = place.member.empty() ? 0 : place.member.size() + 1;
    for (auto member = members.begin(); member != members.end();) {
        const std::string_view rest = std::string_view(member->name).substr(prefix);
        const size_t slash = rest.find('/');
        std::string name(rest.substr(0, slash));
        if (slash == std::string_view::npos) {
            addFile(listing, std::move(name));
            ++member;
            continue;
        }
        const std::string beyond = member->name.substr(0, prefix + slash) + static_cast<char>('/' + 1);
        if (looksLikeTar(name))
            listing.archives.push_back(std::move(name));
        else if (!name.starts_with('.'))
            listing.folders.push_back(std::move(name));
        member = std::lower_bound(member, members.end(), beyond,
                                  [](const TarMember &m, const std::string &text) { return m.name < text; });
    }
    sort(listing); // members are ordered by their whole path, where "a-b/" comes before "a/"
    return listing;
}

Result<std::vector<std::string>> filesBelowDirectory(const fs::path &path)
{
    std::vector<std::string> files;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        if (looksLikeImage(entry->path().filename().string()) && !entry->is_directory(ignored))
            files.push_back(entry->path().lexically_relative(path).generic_string());
    }
    if (error)
        return fail(ErrorCode::Io, "folder cannot be read: " + error.message(), path.string());
    return files;
}

} // namespace

Result<std::vector<std::byte>> readImage(const std::string &path)
{
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status))
        return readMember(path);
    if (!fs::is_regular_file(status))
        return fail(ErrorCode::BadInput, "not a regular file", path);
    const auto size = fs::file_size(path, error);
    if (error)
        return fail(ErrorCode::Io, "file cannot be looked at: " + error.message(), path);
    return readFile(path, size);
}

bool imageExists(const std::string &path)
{
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::exists(status))
        return fs::is_regular_file(status);
    const auto place = archivePlace(path);
    return place && *place && (*place)->archive->find((*place)->member);
}

std::optional<ImageStamp> fileStamp(const std::string &path)
{
    std::error_code error;
    if (!fs::is_regular_file(path, error))
        return std::nullopt;
    ImageStamp stamp;
    stamp.size = fs::file_size(path, error);
    if (error)
        return std::nullopt;
    stamp.changed = static_cast<int64_t>(fs::last_write_time(path, error).time_since_epoch().count());
    if (error)
        return std::nullopt;
    return stamp;
}

namespace {

/// Where the content of a file or member lies.
struct Content {
    std::string file;    ///< itself, or its archive
    uint64_t offset = 0;
    ImageStamp stamp;    ///< `changed` is the archive's
};

std::optional<Content> contentOf(const std::string &path)
{
    if (const auto stamp = fileStamp(path))
        return Content{path, 0, *stamp};
    const auto place = archivePlace(path);
    const TarMember *member = place && *place ? (*place)->archive->find((*place)->member) : nullptr;
    const std::optional<ImageStamp> stamp = member ? fileStamp((*place)->archive->path()) : std::nullopt;
    if (!stamp)
        return std::nullopt;
    return Content{(*place)->archive->path(), member->offset, {member->size, stamp->changed}};
}

} // namespace

std::optional<ImageStamp> imageStamp(const std::string &path)
{
    const auto content = contentOf(path);
    return content ? std::optional(content->stamp) : std::nullopt;
}

std::optional<ImageSample> imageSample(const std::string &path)
{
    const auto content = contentOf(path);
    if (!content)
        return std::nullopt;
    ImageSample sample;
    sample.size = content->stamp.size;
    const uint64_t count = std::min(sample.size, kSampledBytes);
    sample.middle.resize(static_cast<size_t>(count));
    std::ifstream file(content->file, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(content->offset + (sample.size - count) / 2));
    file.read(reinterpret_cast<char *>(sample.middle.data()), static_cast<std::streamsize>(count));
    if (!file)
        return std::nullopt;
    return sample;
}

Result<FolderListing> listFolder(const std::string &path)
{
    std::error_code error;
    if (fs::is_directory(path, error))
        return listDirectory(path);
    const auto place = archivePlace(path);
    if (!place)
        return fail(place.error());
    if (!*place)
        return fail(ErrorCode::NotFound, "no such folder", path);
    return listMembers(**place);
}

bool folderExists(const std::string &path)
{
    std::error_code error;
    if (fs::is_directory(path, error))
        return true;
    const auto place = archivePlace(path);
    return place && *place && ((*place)->member.empty() || !(*place)->archive->below((*place)->member).empty());
}

Result<std::vector<std::string>> imagesBelow(const std::string &path)
{
    std::vector<std::string> files;
    std::error_code error;
    if (fs::is_directory(path, error)) {
        auto found = filesBelowDirectory(path);
        if (!found)
            return found;
        files = *std::move(found);
    } else {
        const auto place = archivePlace(path);
        if (!place)
            return fail(place.error());
        if (!*place)
            return fail(ErrorCode::NotFound, "no such folder", path);
        const size_t prefix = (*place)->member.empty() ? 0 : (*place)->member.size() + 1;
        for (const TarMember &member : (*place)->archive->below((*place)->member))
            if (looksLikeImage(member.name))
                files.push_back(member.name.substr(prefix));
    }
    const auto parts = [](const std::string &file) {
        const size_t slash = file.find_last_of('/');
        const std::string_view text = file;
        return slash == std::string::npos ? std::pair(std::string_view(), text)
                                          : std::pair(text.substr(0, slash), text.substr(slash + 1));
    };
    std::sort(files.begin(), files.end(),
              [&parts](const std::string &a, const std::string &b) { return parts(a) < parts(b); });
    return files;
}

bool looksLikeImage(std::string_view name)
{
    // torchvision's list; formats that cannot be decoded here shall be reported, not passed over.
    constexpr std::array extensions = {".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"};
    name.remove_prefix(name.find_last_of('/') + 1); // npos + 1 is 0
    const size_t point = name.find_last_of('.');
    if (point == std::string_view::npos || point == 0 || name.starts_with("._"))
        return false;
    std::string extension(name.substr(point));
    for (char &c : extension)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

} // namespace quantoscope
