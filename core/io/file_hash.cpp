// SPDX-License-Identifier: GPL-3.0-or-later
// OpenSSL uses the processor's SHA instructions, which are several times faster than portable code.
#include "core/io/file_hash.h"

#include "core/io/posix_file.h"

#include <QByteArray>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#include <vector>

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <unistd.h>

namespace quantoscope {

namespace {

using Digest = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Result<void> addFile(EVP_MD_CTX *digest, const std::string &path, std::vector<char> &buffer)
{
    const auto file = openRegularFile(path);
    if (!file)
        return fail(file.error());
    for (;;) {
        const ssize_t count = ::read(file->descriptor.get(), buffer.data(), buffer.size());
        if (count == 0)
            return {};
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(ErrorCode::Io, "cannot read: " + std::generic_category().message(errno), path);
        if (EVP_DigestUpdate(digest, buffer.data(), static_cast<size_t>(count)) != 1)
            return fail(ErrorCode::Internal, "OpenSSL cannot compute SHA-256", path);
    }
}

std::string hexText(const unsigned char *bytes, size_t size)
{
    return QByteArray(reinterpret_cast<const char *>(bytes), static_cast<qsizetype>(size)).toHex().toStdString();
}

} // namespace

Result<std::string> sha256OfFile(const std::string &path)
{
    return sha256OfFiles({path});
}

Result<std::string> sha256OfFiles(const std::vector<std::string> &paths)
{
    const Digest digest(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    if (!digest || EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) != 1)
        return fail(ErrorCode::Internal, "OpenSSL has no SHA-256");
    std::vector<char> buffer(size_t{1} << 18); // stays in the second-level cache
    for (const std::string &path : paths)
        if (const auto added = addFile(digest.get(), path, buffer); !added)
            return fail(added.error());
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned length = 0;
    if (EVP_DigestFinal_ex(digest.get(), hash.data(), &length) != 1)
        return fail(ErrorCode::Internal, "OpenSSL cannot compute SHA-256");
    return hexText(hash.data(), length);
}

std::string sha256OfBytes(std::span<const std::byte> bytes)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
    SHA256(reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size(), hash.data());
    return hexText(hash.data(), hash.size());
}

} // namespace quantoscope
