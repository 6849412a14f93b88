// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/partial_file.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace quantoscope {

namespace {

constexpr qint64 kChunk = qint64{1} << 20;

QString versionPath(const QString &target)
{
    return partPath(target) + QStringLiteral(".json");
}

FileVersion readVersion(const QString &target)
{
    FileVersion version;
    QFile file(versionPath(target));
    if (!file.open(QIODevice::ReadOnly))
        return version;
    const QJsonObject json = QJsonDocument::fromJson(file.read(kChunk)).object();
    version.url = json.value(QLatin1String("url")).toString();
    version.entityTag = json.value(QLatin1String("etag")).toString().toLatin1();
    version.lastModified = json.value(QLatin1String("last_modified")).toString().toLatin1();
    version.total = json.value(QLatin1String("total")).toInteger(-1);
    return version;
}

/// Feeds the rest of an open file to `hash`; returns the bytes read. Errors: Io, Cancelled.
Result<qint64> feed(QCryptographicHash &hash, QFile &file, const RunControl &control)
{
    PhaseReporter reporter(control, "verify", file.size(), "bytes");
    QByteArray buffer(kChunk, Qt::Uninitialized);
    qint64 read = 0;
    for (;;) {
        if (control.isCancelled())
            return fail(ErrorCode::Cancelled, "stopped on request", file.fileName().toStdString());
        const qint64 count = file.read(buffer.data(), buffer.size());
        if (count < 0)
            return fail(ErrorCode::Io, "cannot read: " + file.errorString().toStdString(),
                        file.fileName().toStdString());
        if (count == 0)
            return read;
        hash.addData(QByteArrayView(buffer.constData(), count));
        read += count;
        reporter.advance(count);
    }
}

} // namespace

QByteArray FileVersion::validator() const
{
    const bool strong = !entityTag.isEmpty() && !entityTag.startsWith("W/");
    return strong ? entityTag : lastModified;
}

QString partPath(const QString &target)
{
    return target + QStringLiteral(".part");
}

Result<std::string> hashWithProgress(const QString &path, const RunControl &control)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, "cannot read: " + file.errorString().toStdString(), path.toStdString());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (const auto read = feed(hash, file, control); !read)
        return fail(read.error());
    return hash.result().toHex().toStdString();
}

PartialFile::PartialFile(const QString &target)
    : m_target(target),
      m_file(partPath(target)),
      m_lock(partPath(target) + QStringLiteral(".lock")),
      m_hash(QCryptographicHash::Sha256)
{
}

Result<std::unique_ptr<PartialFile>> PartialFile::open(const QString &target, const RunControl &control)
{
    auto part = std::unique_ptr<PartialFile>(new PartialFile(target));
    if (const auto locked = part->takeLock(); !locked)
        return fail(locked.error());
    if (const auto read = part->readWhatIsThere(control); !read)
        return fail(read.error());
    return part;
}

tl::unexpected<Error> PartialFile::refused(const QString &path, const QString &reason) const
{
    return fail(ErrorCode::Io, "cannot be written: " + reason.toStdString(), path.toStdString(),
                "free space or choose another folder; what is there is kept and continued later");
}

Result<void> PartialFile::takeLock()
{
    m_lock.setStaleLockTime(0); // a lock is left over only when its process is gone
    if (m_lock.tryLock())
        return {};
    if (m_lock.error() == QLockFile::LockFailedError)
        return fail(ErrorCode::BadInput, "another window or program is downloading this file",
                    m_target.toStdString(), "wait until it is done, or choose another folder");
    const QFileInfo folder(QFileInfo(m_target).path());
    return refused(folder.filePath(), !folder.isDir()       ? QStringLiteral("it is no folder")
                                      : folder.isWritable() ? QStringLiteral("no lock can be made in it")
                                                            : QStringLiteral("Permission denied"));
}

Result<void> PartialFile::readWhatIsThere(const RunControl &control)
{
    // Unbuffered: a full disk is noticed by the write that meets it, and a killed program loses nothing.
    if (!m_file.open(QIODevice::ReadWrite | QIODevice::Unbuffered))
        return refused(m_file.fileName(), m_file.errorString());
    m_version = readVersion(m_target);
    if (m_version.url.isEmpty() || (m_version.total >= 0 && m_file.size() > m_version.total))
        return restart(); // nobody can say what these bytes are the beginning of
    const auto read = feed(m_hash, m_file, control);
    if (!read)
        return fail(read.error());
    m_size = *read;
    return {};
}

std::string PartialFile::sha256() const
{
    return m_hash.result().toHex().toStdString();
}

Result<void> PartialFile::setVersion(const FileVersion &version)
{
    const QJsonObject json{{QStringLiteral("url"), version.url},
                           {QStringLiteral("etag"), QString::fromLatin1(version.entityTag)},
                           {QStringLiteral("last_modified"), QString::fromLatin1(version.lastModified)},
                           {QStringLiteral("total"), version.total}};
    QSaveFile file(versionPath(m_target));
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(json).toJson()) < 0 || !file.commit())
        return refused(file.fileName(), file.errorString());
    m_version = version;
    return {};
}

Result<void> PartialFile::append(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const qint64 written = m_file.write(bytes.data(), bytes.size());
        if (written <= 0)
            return refused(m_file.fileName(), m_file.errorString());
        m_hash.addData(bytes.first(written));
        m_size += written;
        bytes = bytes.sliced(written);
    }
    return {};
}

Result<void> PartialFile::restart()
{
    if (!m_file.resize(0) || !m_file.seek(0))
        return refused(m_file.fileName(), m_file.errorString());
    m_hash.reset();
    m_size = 0;
    return {};
}

Result<void> PartialFile::commit()
{
    if (::fsync(m_file.handle()) != 0)
        return refused(m_file.fileName(), QString::fromLocal8Bit(std::strerror(errno)));
    m_file.close();
    if (!m_file.rename(m_target)) // never over a file that is there
        return refused(m_target, m_file.errorString());
    QFile::remove(versionPath(m_target));
    return {};
}

void PartialFile::discard()
{
    m_file.remove();
    m_size = 0;
    QFile::remove(versionPath(m_target));
}

} // namespace quantoscope
