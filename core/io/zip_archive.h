// SPDX-License-Identifier: GPL-3.0-or-later
// Zip archives in memory, members read in place; private to core/io.
#pragma once

#include "core/io/checkpoint_reader.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace quantoscope {

struct ZipMember {
    std::string name;
    std::span<const std::byte> packed; ///< as it lies in the archive
    bool deflated = false;             ///< else stored: `packed` is the content
    uint64_t size = 0;                 ///< bytes of the content
    uint32_t crc = 0;                  ///< CRC-32 of the content
};

/// The directory of an archive (ZIP64 included). Strict: local and central headers agree, names are unique, members lie
/// inside the archive and do not overlap, none is encrypted, and none claims more than DEFLATE could have packed.
class ZipArchive {
public:
    /// `bytes` must outlive the archive. Errors: CorruptFile, Unsupported (encryption, other compression).
    [[nodiscard]] static Result<ZipArchive> open(std::span<const std::byte> bytes);

    [[nodiscard]] const std::map<std::string, ZipMember, std::less<>> &members() const { return m_members; }
    [[nodiscard]] const ZipMember *find(std::string_view name) const
    {
        const auto found = m_members.find(name);
        return found == m_members.end() ? nullptr : &found->second;
    }

private:
    std::map<std::string, ZipMember, std::less<>> m_members;
};

/// The contents of `members`, checked against their CRC-32: in place when stored, otherwise unpacked into `memory`.
/// Works on all threads. Errors: CorruptFile.
[[nodiscard]] Result<std::vector<std::span<const std::byte>>> readMembers(std::span<const ZipMember *const> members,
                                                                          TensorMemory &memory);

} // namespace quantoscope
