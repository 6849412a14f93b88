// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/demo_assets.h"

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QStandardPaths>

void initialiseDemoResource()
{
    Q_INIT_RESOURCE(demo); // in a static library the linker would drop it
}

namespace quantoscope {

namespace {

constexpr auto kRoot = ":/demo";
constexpr auto kCompleteMark = ".complete";

/// Changes when any embedded file does, so that an upgrade never meets old files.
QString fingerprint()
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    QStringList files;
    for (QDirIterator it(kRoot, QDir::Files, QDirIterator::Subdirectories); it.hasNext();)
        files.append(it.next());
    files.sort();
    for (const QString &name : std::as_const(files)) {
        QFile file(name);
        hash.addData(name.toUtf8());
        if (file.open(QIODevice::ReadOnly))
            hash.addData(&file);
    }
    return QString::fromLatin1(hash.result().toHex().left(12));
}

tl::unexpected<Error> cannotWrite(const QString &path)
{
    return fail(ErrorCode::Io, "the demo cannot be unpacked", path.toStdString(),
                "free some space, or set XDG_CACHE_HOME to a writable folder");
}

} // namespace

Result<DemoAssets> unpackDemo()
{
    initialiseDemoResource();
    const QDir folder(QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation)
                      + QStringLiteral("/quantoscope/demo-") + fingerprint());
    if (!folder.exists(QLatin1String(kCompleteMark))) {
        for (QDirIterator it(kRoot, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
            const QString source = it.next();
            const QString target = folder.filePath(source.mid(QString::fromLatin1(kRoot).size() + 1));
            QDir().mkpath(QFileInfo(target).path());
            QFile::remove(target);
            if (!QFile::copy(source, target))
                return cannotWrite(target);
            QFile::setPermissions(target, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther);
        }
        QFile mark(folder.filePath(QLatin1String(kCompleteMark)));
        if (!mark.open(QIODevice::WriteOnly))
            return cannotWrite(mark.fileName());
    }
    return DemoAssets{folder.filePath(QStringLiteral("demo_vit.safetensors")).toStdString(),
                      folder.filePath(QStringLiteral("images")).toStdString()};
}

RunRequest demoRequest(const DemoAssets &assets)
{
    RunRequest request;
    request.model.weights = assets.weights;
    request.data.folder = assets.data;
    request.calibration.count = 60;
    request.quantization.ptf = true;
    request.quantization.lis = true;
    request.quantization.bits = {8, 8, 4};
    request.analyze = true;
    return request;
}

} // namespace quantoscope
