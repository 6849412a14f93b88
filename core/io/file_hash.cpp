// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/file_hash.h"

#include "core/io/posix_file.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QCryptographicHash>

#include <cerrno>
#include <system_error>
#include <vector>

#include <unistd.h>

namespace quantoscope {

Result<std::string> sha256OfFile(const std::string &path)
{
    const auto file = openRegularFile(path);
    if (!file)
        return fail(file.error());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    std::vector<char> buffer(size_t{1} << 18);
    for (;;) {
        const ssize_t count = ::read(file->descriptor.get(), buffer.data(), buffer.size());
        if (count == 0)
            return hash.result().toHex().toStdString();
        if (count > 0)
            hash.addData(QByteArrayView(buffer.data(), count));
        else if (errno != EINTR)
            return fail(ErrorCode::Io, "cannot read: " + std::generic_category().message(errno), path);
    }
}

std::string sha256OfBytes(std::span<const std::byte> bytes)
{
    const QByteArrayView view(bytes.data(), static_cast<qsizetype>(bytes.size()));
    return QCryptographicHash::hash(view, QCryptographicHash::Sha256).toHex().toStdString();
}

} // namespace quantoscope
