// SPDX-License-Identifier: GPL-3.0-or-later
// Files as this room reads and writes them: opened once and checked on the open descriptor, mapped, replaced atomically.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace quantoscope {

/// Owns a file descriptor.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int descriptor) : m_descriptor(descriptor) {}
    FileDescriptor(FileDescriptor &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }
    ~FileDescriptor();

    [[nodiscard]] int get() const { return m_descriptor; }
    [[nodiscard]] int release() { return std::exchange(m_descriptor, -1); }

private:
    int m_descriptor = -1;
};

struct RegularFile {
    FileDescriptor descriptor;
    uint64_t size = 0; ///< bytes
};

/// Opens for reading. Errors: NotFound, Unsupported (a folder, a device), Io with the system's reason.
[[nodiscard]] Result<RegularFile> openRegularFile(const std::string &path);

/// A whole file in memory, read-only, paged in by the system on demand. A file that another program shortens while it
/// is mapped ends the process with SIGBUS, as with every mapped file.
class MappedFile {
public:
    /// Errors: those of openRegularFile. An empty file yields an empty span.
    [[nodiscard]] static Result<std::shared_ptr<const MappedFile>> open(const std::string &path);
    MappedFile(const MappedFile &) = delete;
    MappedFile &operator=(const MappedFile &) = delete;
    ~MappedFile();

    [[nodiscard]] std::span<const std::byte> bytes() const { return m_bytes; }
    [[nodiscard]] bool contains(std::span<const std::byte> part) const
    {
        return part.data() >= m_bytes.data() && part.data() + part.size() <= m_bytes.data() + m_bytes.size();
    }

private:
    explicit MappedFile(std::span<const std::byte> bytes) : m_bytes(bytes) {}
    std::span<const std::byte> m_bytes;
};

/// Drops the pages of a part of a mapped file from this process; reading there again fetches them from the file.
void dropPages(std::span<const std::byte> mapped);

/// Replaces a file in one step: bytes go to "<target>.partial-<process>" beside it, and commit() syncs and renames.
/// Whatever happens before that, the old file stays as it was and the new one is removed.
class AtomicFile {
public:
    explicit AtomicFile(std::string target);
    AtomicFile(const AtomicFile &) = delete;
    AtomicFile &operator=(const AtomicFile &) = delete;
    ~AtomicFile();

    /// Errors of all three: Io with the target's path and the system's reason ("No space left on device").
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
    [[nodiscard]] Result<void> commit();

private:
    std::string m_target;
    std::string m_partial;
    FileDescriptor m_descriptor;
    bool m_exists = false; ///< the partial file is there and ours to remove
};

} // namespace quantoscope
