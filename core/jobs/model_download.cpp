// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/model_download.h"

#include "core/jobs/download_worker.h"
#include "core/jobs/partial_file.h"

#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QStandardPaths>

#include <algorithm>

namespace quantoscope {

namespace {

constexpr size_t kDigestDigits = 64;

bool isHttp(const QUrl &url)
{
    return (url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https"))
        && !url.host().isEmpty();
}

bool isPlainFileName(const std::string &file)
{
    return !file.empty() && file != "." && file != ".." && file.find('/') == std::string::npos
        && file.find('\0') == std::string::npos;
}

bool isDigestBeginning(const std::string &digest)
{
    return digest.size() <= kDigestDigits && digest.find_first_not_of("0123456789abcdef") == std::string::npos;
}

} // namespace

Result<std::vector<ModelOffer>> modelOffers()
{
    const auto &entries = modelRegistry();
    if (!entries)
        return fail(entries.error());
    std::vector<ModelOffer> offers;
    for (const ModelEntry &entry : *entries) {
        if (entry.source.file.empty())
            continue; // part of the program
        offers.push_back(
            {entry.name, entry.title, entry.publishedTop1, entry.publishedIn, entry.source, entry.note});
    }
    return offers;
}

QString defaultModelFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation)
         + QStringLiteral("/quantoscope/models");
}

std::string sizeText(qint64 bytes)
{
    return QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat).toStdString();
}

LocalCopy localCopy(const ModelSource &source, const QString &folder)
{
    LocalCopy copy;
    copy.path = QDir(folder).absoluteFilePath(QString::fromStdString(source.file));
    const QFileInfo whole(copy.path);
    copy.complete = !source.file.empty() && whole.isFile();
    copy.bytes = copy.complete ? whole.size() : QFileInfo(partPath(copy.path)).size();
    return copy;
}

Result<QUrl> downloadUrl(const DownloadRequest &request)
{
    const std::string &name = request.model.name;
    const ModelSource &source = request.model.source;
    if (request.mirror.isEmpty() && source.url.empty())
        return fail(ErrorCode::NotFound, "there is no public address of its file", name,
                    request.model.note.empty() ? "get it by hand, or name a mirror that has it"
                                               : request.model.note);
    if (!isPlainFileName(source.file))
        return fail(ErrorCode::BadInput, "'" + source.file + "' is no file name", name,
                    "models.json must name a file without a folder");
    if (!isDigestBeginning(source.sha256))
        return fail(ErrorCode::BadInput, "'" + source.sha256 + "' is no SHA-256 in lower-case hex", name,
                    "correct it in models.json, or leave it empty");
    if (request.mirror.isEmpty()) {
        QUrl url(QString::fromStdString(source.url), QUrl::StrictMode);
        if (!isHttp(url))
            return fail(ErrorCode::BadInput, "'" + source.url + "' is no http(s) address", name,
                        "correct it in models.json");
        return url;
    }
    QUrl url(request.mirror, QUrl::StrictMode);
    if (!isHttp(url))
        return fail(ErrorCode::Usage, "is no http(s) address", request.mirror.toStdString(),
                    "a mirror is the address of a folder, for example https://mirror.example/models");
    QString path = url.path();
    if (!path.endsWith(QLatin1Char('/')))
        path += QLatin1Char('/');
    url.setPath(path + QString::fromStdString(source.file));
    return url;
}

bool mayRedirect(const QUrl &from, const QUrl &to)
{
    return isHttp(to) && (from.scheme() != QLatin1String("https") || to.scheme() == QLatin1String("https"));
}

ModelDownload::ModelDownload(QObject *parent) : QObject(parent)
{
    m_thread.setObjectName(QStringLiteral("download"));
}

ModelDownload::~ModelDownload()
{
    m_cancel.cancel();
    m_thread.quit();
    m_thread.wait();
}

void ModelDownload::start(const DownloadRequest &request, const DownloadSettings &settings)
{
    if (m_worker)
        return;
    m_cancel = CancelToken();
    m_worker = new DownloadWorker(request, settings, m_cancel);
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &DownloadWorker::progressed, this, &ModelDownload::progressed);
    connect(m_worker, &DownloadWorker::retrying, this, &ModelDownload::retrying);
    connect(m_worker, &DownloadWorker::finished, this, [this](const DownloadedModel &model) {
        forget();
        Q_EMIT finished(model);
    });
    connect(m_worker, &DownloadWorker::failed, this, [this](const Error &error) {
        forget();
        Q_EMIT failed(error);
    });
    m_thread.start();
    QMetaObject::invokeMethod(m_worker, &DownloadWorker::start, Qt::QueuedConnection);
}

void ModelDownload::cancel()
{
    m_cancel.cancel(); // also seen while the worker reads a file and its event loop rests
    if (m_worker)
        QMetaObject::invokeMethod(m_worker, &DownloadWorker::cancel, Qt::QueuedConnection);
}

void ModelDownload::forget()
{
    m_worker->deleteLater();
    m_worker = nullptr;
}

} // namespace quantoscope
