// SPDX-License-Identifier: GPL-3.0-or-later
// The part of a file that was downloaded so far: FILE.part beside the target, FILE.part.json with what the server said
// about it. Both survive the end of the program, whatever ends it.
#pragma once

#include "core/base/result.h"
#include "core/base/run_control.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QFile>
#include <QLockFile>
#include <QString>

#include <memory>

namespace quantoscope {

/// What tells one version of a file on a server from another.
struct FileVersion {
    QString url;             ///< address that was asked, before redirects
    QByteArray entityTag;    ///< ETag as sent
    QByteArray lastModified; ///< Last-Modified as sent
    qint64 total = -1;       ///< bytes of the whole file; -1 unknown

    /// What If-Range may carry: a strong entity tag, else the date, else nothing.
    [[nodiscard]] QByteArray validator() const;
};

/// One thread. The lock beside the file keeps other processes and windows from writing it at the same time.
class PartialFile {
public:
    /// Opens or creates the part of `target`, reads what it holds into the digest, and takes the lock. Errors: Io
    /// (folder missing or not writable), BadInput (somebody else downloads it), Cancelled.
    [[nodiscard]] static Result<std::unique_ptr<PartialFile>> open(const QString &target,
                                                                   const RunControl &control);

    [[nodiscard]] qint64 size() const { return m_size; }
    [[nodiscard]] const FileVersion &version() const { return m_version; }
    /// Lower-case hex SHA-256 of what is there.
    [[nodiscard]] std::string sha256() const;

    /// Keeps the version for later runs of the program. Error: Io.
    [[nodiscard]] Result<void> setVersion(const FileVersion &version);
    /// Error: Io with the system's reason ("No space left on device"); what was written before stays.
    [[nodiscard]] Result<void> append(QByteArrayView bytes);
    /// Empties the part. Error: Io.
    [[nodiscard]] Result<void> restart();
    /// Syncs, renames the part to the target, and removes the rest. Error: Io, also when the target has come to exist.
    [[nodiscard]] Result<void> commit();
    /// Removes the part and what belongs to it.
    void discard();

private:
    explicit PartialFile(const QString &target);
    [[nodiscard]] Result<void> takeLock();
    [[nodiscard]] Result<void> readWhatIsThere(const RunControl &control);
    [[nodiscard]] tl::unexpected<Error> refused(const QString &path, const QString &reason) const;

    QString m_target;
    QFile m_file;
    QLockFile m_lock;
    QCryptographicHash m_hash;
    FileVersion m_version;
    qint64 m_size = 0;
};

/// Path of the part of `target`.
[[nodiscard]] QString partPath(const QString &target);

/// Lower-case hex SHA-256 of a file, with progress in bytes (phase "verify"). Errors: Io, Cancelled.
[[nodiscard]] Result<std::string> hashWithProgress(const QString &path, const RunControl &control);

} // namespace quantoscope
