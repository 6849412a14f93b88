// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/posix_file.h"

#include <cerrno>
#include <filesystem>
#include <limits>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace quantoscope {

namespace {
std::string reason(int error)
{
    return std::generic_category().message(error);
}

tl::unexpected<Error> cannotWrite(const std::string &path, int error)
{
    return fail(ErrorCode::Io, "cannot write: " + reason(error), path,
                error == ENOSPC || error == EDQUOT ? "free some space, or choose another folder" : "");
}
} // namespace

FileDescriptor::~FileDescriptor()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<RegularFile> openRegularFile(const std::string &path)
{
    // O_NONBLOCK: opening a named pipe must not wait for a writer.
    RegularFile file{FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)), 0};
    if (file.descriptor.get() < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return fail(ErrorCode::NotFound, "no such file", path);
        return fail(ErrorCode::Io, "cannot open: " + reason(errno), path);
    }
    struct stat status {};
    if (::fstat(file.descriptor.get(), &status) != 0)
        return fail(ErrorCode::Io, "cannot read its size: " + reason(errno), path);
    if (S_ISDIR(status.st_mode))
        return fail(ErrorCode::Unsupported, "this is a folder, not a file", path, "choose a file inside it");
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::Unsupported, "this is a device or pipe, not a file", path);
    file.size = static_cast<uint64_t>(status.st_size);
    return file;
}

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::string &path)
{
    const auto file = openRegularFile(path);
    if (!file)
        return fail(file.error());
    std::span<const std::byte> bytes;
    if (file->size > std::numeric_limits<size_t>::max())
        return fail(ErrorCode::Io, "cannot map: the file is larger than the address space", path);
    if (file->size > 0) {
        void *memory = ::mmap(nullptr, static_cast<size_t>(file->size), PROT_READ, MAP_PRIVATE, file->descriptor.get(), 0);
        if (memory == MAP_FAILED)
            return fail(ErrorCode::Io, "cannot map: " + reason(errno), path);
        bytes = {static_cast<const std::byte *>(memory), static_cast<size_t>(file->size)};
    }
    return std::shared_ptr<const MappedFile>(new MappedFile(bytes));
}

MappedFile::~MappedFile()
{
    if (!m_bytes.empty())
        ::munmap(const_cast<std::byte *>(m_bytes.data()), m_bytes.size());
}

void dropPages(std::span<const std::byte> mapped)
{
    if (mapped.empty())
        return;
    // Whole pages: a neighbour's bytes on the first and last one come back from the file as well.
    const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto begin = reinterpret_cast<uintptr_t>(mapped.data()) / page * page;
    const auto end = reinterpret_cast<uintptr_t>(mapped.data() + mapped.size());
    (void)::madvise(reinterpret_cast<void *>(begin), end - begin, MADV_DONTNEED);
}

AtomicFile::AtomicFile(std::string target)
    : m_target(std::move(target)), m_partial(m_target + ".partial-" + std::to_string(::getpid()))
{
}

AtomicFile::~AtomicFile()
{
    if (m_exists)
        ::unlink(m_partial.c_str());
}

Result<void> AtomicFile::open()
{
    // A rename would replace a device by a file, and fails on a folder only after all the work.
    struct stat status {};
    if (::stat(m_target.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
        return fail(ErrorCode::Io,
                    S_ISDIR(status.st_mode) ? "cannot write: this is a folder" : "cannot write: this is not a regular file",
                    m_target, "choose a file name");
    m_descriptor = FileDescriptor(::open(m_partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (m_descriptor.get() < 0)
        return cannotWrite(m_target, errno);
    m_exists = true;
    return {};
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_descriptor.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return cannotWrite(m_target, errno);
        bytes = bytes.subspan(static_cast<size_t>(written));
    }
    return {};
}

Result<void> AtomicFile::commit()
{
    if (::fsync(m_descriptor.get()) != 0)
        return cannotWrite(m_target, errno);
    // Network file systems report a full disk as late as here.
    if (::close(m_descriptor.release()) != 0)
        return cannotWrite(m_target, errno);
    if (::rename(m_partial.c_str(), m_target.c_str()) != 0)
        return cannotWrite(m_target, errno);
    m_exists = false;
    // Makes the new name durable. The file itself is complete, so a folder that cannot be synced is no failure.
    const std::filesystem::path folder = std::filesystem::path(m_target).parent_path();
    const FileDescriptor directory(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() >= 0)
        (void)::fsync(directory.get());
    return {};
}

} // namespace quantoscope
