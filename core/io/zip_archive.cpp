// SPDX-License-Identifier: GPL-3.0-or-later
// minizip reads the directory (also ZIP64's) and finds the members; libdeflate unpacks them and computes the checksums.
#include "core/io/zip_archive.h"

#include "core/base/parallel.h"

#include <libdeflate.h>
#include <minizip/unzip.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace quantoscope {

namespace {

constexpr uint64_t largestRatio = 1032; // of DEFLATE: 258 bytes from two bits
constexpr uint64_t harmlessSize = uint64_t{1} << 30;
constexpr uint64_t plausibleRatio = 64; // weights shrink by a few percent, zeros by more
constexpr uint16_t encryptedFlag = 1;

/// A memory range as minizip's file.
struct Stream {
    std::span<const std::byte> bytes;
    uint64_t position = 0;

    static voidpf ZCALLBACK open(voidpf self, const void *, int) { return self; }
    static uLong ZCALLBACK read(voidpf, voidpf self, void *to, uLong size)
    {
        auto &stream = *static_cast<Stream *>(self);
        const uint64_t count = std::min<uint64_t>(size, stream.bytes.size() - stream.position);
        if (count > 0)
            std::memcpy(to, stream.bytes.data() + stream.position, count);
        stream.position += count;
        return static_cast<uLong>(count);
    }
    static uLong ZCALLBACK write(voidpf, voidpf, const void *, uLong) { return 0; }
    static ZPOS64_T ZCALLBACK tell(voidpf, voidpf self) { return static_cast<Stream *>(self)->position; }
    static long ZCALLBACK seek(voidpf, voidpf self, ZPOS64_T offset, int origin)
    {
        auto &stream = *static_cast<Stream *>(self);
        const uint64_t base = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? stream.position : stream.bytes.size();
        uint64_t target = 0;
        if (__builtin_add_overflow(base, offset, &target) || target > stream.bytes.size())
            return -1;
        stream.position = target;
        return 0;
    }
    static int ZCALLBACK close(voidpf, voidpf) { return 0; }
    static int ZCALLBACK error(voidpf, voidpf) { return 0; }
};

struct CloseArchive {
    void operator()(void *archive) const { unzClose(archive); }
};

tl::unexpected<Error> memberDefect(const std::string &member, const std::string &what,
                                   ErrorCode code = ErrorCode::CorruptFile)
{
    return fail(code, "member " + displayName(member) + " of the zip archive " + what);
}

/// The member that minizip stands on.
Result<ZipMember> currentMember(unzFile archive, std::span<const std::byte> bytes)
{
    unz_file_info64 info{};
    std::string name(size_t{UINT16_MAX} + 1, '\0');
    if (unzGetCurrentFileInfo64(archive, &info, name.data(), name.size(), nullptr, 0, nullptr, 0) != UNZ_OK)
        return fail(ErrorCode::CorruptFile, "the zip archive's directory is damaged");
    name.resize(std::min<size_t>(info.size_filename, UINT16_MAX));
    if (info.flag & encryptedFlag)
        return memberDefect(name, "is encrypted", ErrorCode::Unsupported);
    if (info.compression_method != 0 && info.compression_method != Z_DEFLATED)
        return memberDefect(name, "is compressed by method " + std::to_string(info.compression_method) +
                                      "; only stored and deflated ones are read", ErrorCode::Unsupported);
    int method = 0;
    if (unzOpenCurrentFile2(archive, &method, nullptr, 1) != UNZ_OK)
        return memberDefect(name, "has a header that contradicts the archive's directory");
    const uint64_t begin = unzGetCurrentFileZStreamPos64(archive);
    unzCloseCurrentFile(archive);
    if (begin > bytes.size() || info.compressed_size > bytes.size() - begin)
        return memberDefect(name, "reaches beyond the end of the file with its " + std::to_string(info.compressed_size) + " bytes");
    ZipMember member{std::move(name), bytes.subspan(begin, info.compressed_size), info.compression_method == Z_DEFLATED,
                     info.uncompressed_size, static_cast<uint32_t>(info.crc)};
    const uint64_t possible = member.deflated ? member.packed.size() * largestRatio : member.packed.size();
    if (member.deflated ? member.size > possible : member.size != possible)
        return memberDefect(member.name, "claims " + std::to_string(member.size) + " bytes, but only " +
                                             std::to_string(member.packed.size()) + " are there");
    return member;
}

/// Overlapping members are how a small archive unpacks to any size.
Result<void> checkOverlap(const ZipArchive &archive)
{
    std::vector<const ZipMember *> order;
    for (const auto &[name, member] : archive.members())
        order.push_back(&member);
    std::sort(order.begin(), order.end(),
              [](const auto *a, const auto *b) { return a->packed.data() < b->packed.data(); });
    for (size_t i = 1; i < order.size(); ++i)
        if (order[i - 1]->packed.data() + order[i - 1]->packed.size() > order[i]->packed.data())
            return memberDefect(order[i]->name, "overlaps another member");
    return {};
}

/// Unpacks into `out`, whose size is the expected one.
bool inflate(const ZipMember &member, std::span<std::byte> out)
{
    const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> tool(
        libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
    // Without the count of output bytes, a shorter output is an error.
    return tool && libdeflate_deflate_decompress(tool.get(), member.packed.data(), member.packed.size(), out.data(),
                                                 out.size(), nullptr) == LIBDEFLATE_SUCCESS;
}

} // namespace

Result<ZipArchive> ZipArchive::open(std::span<const std::byte> bytes)
{
    constexpr std::string_view endOfDirectory{"PK\x05\x06"};
    if (std::string_view(reinterpret_cast<const char *>(bytes.data()), std::min<size_t>(bytes.size(), 4)) == endOfDirectory)
        return fail(ErrorCode::CorruptFile, "the zip archive is empty");
    Stream stream{bytes};
    zlib_filefunc64_def functions{Stream::open, Stream::read,  Stream::write, Stream::tell,
                                  Stream::seek, Stream::close, Stream::error, &stream};
    const std::unique_ptr<void, CloseArchive> archive(unzOpen2_64("", &functions));
    if (!archive)
        return fail(ErrorCode::CorruptFile, "the zip archive has no directory at its end: the file is cut off or damaged");
    ZipArchive result;
    unz_global_info64 global{};
    if (unzGetGlobalInfo64(archive.get(), &global) != UNZ_OK)
        return fail(ErrorCode::CorruptFile, "the zip archive's directory is damaged");
    int state = unzGoToFirstFile(archive.get());
    for (; state == UNZ_OK; state = unzGoToNextFile(archive.get())) {
        auto member = currentMember(archive.get(), bytes);
        if (!member)
            return fail(member.error());
        if (member->name.ends_with('/') && member->size == 0)
            continue; // a folder
        const std::string name = member->name;
        if (!result.m_members.emplace(name, std::move(*member)).second)
            return memberDefect(name, "occurs twice");
    }
    if (state != UNZ_END_OF_LIST_OF_FILE)
        return fail(ErrorCode::CorruptFile, "the zip archive's directory is damaged");
    if (const auto apart = checkOverlap(result); !apart)
        return fail(apart.error());
    return result;
}

Result<std::vector<std::span<const std::byte>>> readMembers(std::span<const ZipMember *const> members,
                                                            TensorMemory &memory)
{
    uint64_t packed = 0;
    uint64_t unpacked = 0;
    for (const ZipMember *member : members) {
        packed += member->packed.size();
        unpacked += member->size;
    }
    if (unpacked > harmlessSize && unpacked / plausibleRatio > packed)
        return fail(ErrorCode::Unsupported, "the zip archive unpacks from " + std::to_string(packed) + " to " +
                                                std::to_string(unpacked) + " bytes: these are no weights");
    std::vector<std::span<const std::byte>> contents(members.size());
    std::vector<std::span<std::byte>> targets(members.size());
    for (size_t i = 0; i < members.size(); ++i)
        if (members[i]->deflated)
            contents[i] = targets[i] = memory.allocate(members[i]->size);
        else
            contents[i] = members[i]->packed;

    std::vector<const char *> defects(members.size(), nullptr);
    parallelRanges(static_cast<int64_t>(members.size()), 1, [&](int64_t begin, int64_t end, int) {
        for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
            if (members[i]->deflated && !inflate(*members[i], targets[i]))
                defects[i] = "cannot be unpacked: it is damaged";
            else if (libdeflate_crc32(0, contents[i].data(), contents[i].size()) != members[i]->crc)
                defects[i] = "is damaged: its CRC-32 checksum is wrong";
        }
    });
    for (size_t i = 0; i < members.size(); ++i)
        if (defects[i])
            return memberDefect(members[i]->name, defects[i]);
    return contents;
}

} // namespace quantoscope
