// SPDX-License-Identifier: GPL-3.0-or-later
// A tar archive read in place: an index of what it holds, made from its headers alone.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quantoscope {

/// A regular file in the archive. Tars inside it are opened too and stand for folders: "n01440764.tar/x.JPEG".
struct TarMember {
    std::string name;    ///< without "./" in front
    uint64_t offset = 0; ///< of the content in the archive's file, also for members of inner tars
    uint64_t size = 0;   ///< bytes
};

/// Immutable. Any thread.
class TarArchive {
public:
    /// Reads all headers (GNU, ustar and pax), seeking over the content. The index is kept for the next call, until
    /// the file changes or newer archives need the room; nothing is written to disk.
    /// Errors: NotFound, Unsupported (compressed as a whole, not a tar), CorruptFile (truncated, broken headers, names
    /// that lead out of the archive or occur twice), Io. They name the inner tar that is broken.
    [[nodiscard]] static Result<std::shared_ptr<const TarArchive>> open(const std::string &path);

    [[nodiscard]] const std::string &path() const { return m_path; }
    /// All members, ordered by name, byte by byte.
    [[nodiscard]] std::span<const TarMember> members() const { return m_members; }
    /// Members below a folder or inner tar ("" is the archive itself).
    [[nodiscard]] std::span<const TarMember> below(std::string_view folder) const;
    /// Null when there is no such member.
    [[nodiscard]] const TarMember *find(std::string_view name) const;
    /// Content of one of the members. Io error when the file cannot be read.
    [[nodiscard]] Result<std::vector<std::byte>> read(const TarMember &member) const;

private:
    TarArchive() = default;
    std::string m_path;
    std::vector<TarMember> m_members;
};

} // namespace quantoscope
