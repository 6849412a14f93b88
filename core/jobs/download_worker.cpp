// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/download_worker.h"

#include "core/jobs/reply_checks.h"

#include <QDir>
#include <QFileInfo>
#include <QNetworkProxyFactory>
#include <QNetworkRequest>
#include <QRegularExpression>
#include <QStorageInfo>

#include <algorithm>

namespace quantoscope {

namespace {

constexpr int kMostRedirects = 10;
constexpr int kLongestWait = 60000; // ms
constexpr int kShowEvery = 100;     // ms
constexpr int kRateWindow = 5000;   // ms
constexpr qint64 kReadBuffer = qint64{4} << 20;
constexpr qint64 kChunk = qint64{256} << 10;
constexpr qint64 kFurther = qint64{64} << 10; // bytes that make an attempt count as successful

/// The proxy of the desktop or of the environment (https_proxy).
class SystemProxies : public QNetworkProxyFactory {
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        return systemProxyForQuery(query);
    }
};

bool digestFits(const std::string &digest, const std::string &published)
{
    return digest.compare(0, published.size(), published) == 0;
}

DigestCheck digestCheck(const std::string &digest, const std::string &published)
{
    return published.empty()                ? DigestCheck::NonePublished
         : published.size() < digest.size() ? DigestCheck::Beginning
                                            : DigestCheck::Whole;
}

} // namespace

DownloadWorker::DownloadWorker(DownloadRequest request, const DownloadSettings &settings,
                               const CancelToken &cancelled)
    : m_request(std::move(request)), m_settings(settings), m_stall(this), m_wait(this)
{
    m_control.cancel = cancelled;
    m_control.sink = [this](const Progress &progress) {
        if (m_shownAt >= 0 && m_clock.elapsed() - m_shownAt < kShowEvery && progress.done < progress.total)
            return;
        m_shownAt = m_clock.elapsed();
        const double rate = progress.elapsed > 0 ? static_cast<double>(progress.done) / progress.elapsed : 0;
        Q_EMIT progressed({DownloadPhase::Verifying, progress.done, progress.total, rate});
    };
    m_stall.setSingleShot(true);
    m_stall.setInterval(m_settings.stallMilliseconds);
    m_wait.setSingleShot(true);
    connect(&m_stall, &QTimer::timeout, this, [this] {
        m_stalled = true;
        retryOrEnd(replyError());
    });
    connect(&m_wait, &QTimer::timeout, this, &DownloadWorker::send);
}

void DownloadWorker::start()
{
    m_clock.start();
    const auto url = downloadUrl(m_request);
    if (!url)
        return end(url.error());
    m_url = *url;
    m_target = localCopy(m_request.model.source, m_request.folder).path;
    const auto there = targetIsThere();
    if (!there)
        return end(there.error());
    if (*there)
        return;
    if (const auto opened = openPart(); !opened)
        return end(opened.error());
    m_best = m_part->size();
    m_network = new QNetworkAccessManager(this);
    m_network->setProxyFactory(new SystemProxies);
    send();
}

Result<bool> DownloadWorker::targetIsThere()
{
    const QFileInfo info(m_target);
    if (!info.exists())
        return false;
    if (!info.isFile())
        return fail(ErrorCode::BadInput, "is there and is no file", m_target.toStdString(),
                    "choose another folder");
    const auto digest = hashWithProgress(m_target, m_control);
    if (!digest)
        return fail(digest.error());
    const std::string &published = m_request.model.source.sha256;
    if (!digestFits(*digest, published))
        return fail(ErrorCode::BadInput,
                    "a file of this name is there, but its SHA-256 is " + *digest + " and the published one is "
                        + published,
                    m_target.toStdString(), "move it away or choose another folder");
    m_over = true;
    Q_EMIT finished({m_target, info.size(), *digest, digestCheck(*digest, published), true});
    return true;
}

Result<void> DownloadWorker::openPart()
{
    const QString folder = QFileInfo(m_target).path();
    if (!QDir().mkpath(folder))
        return fail(ErrorCode::Io, "the folder cannot be made", folder.toStdString(), "choose another one");
    auto part = PartialFile::open(m_target, m_control);
    if (!part)
        return fail(part.error());
    m_part = std::move(*part);
    return {};
}

void DownloadWorker::send()
{
    m_headersTaken = false;
    m_stalled = false;
    m_recent.clear();
    m_hops = 0;
    const FileVersion &version = m_part->version();
    const bool continuable =
        m_part->size() > 0 && (!usableValidator().isEmpty() || !m_request.model.source.sha256.empty());
    if (continuable && m_part->size() == version.total) {
        m_continued = true;
        return verifyAndCommit();
    }
    if (!continuable && m_part->size() > 0) {
        if (const auto emptied = m_part->restart(); !emptied)
            return end(emptied.error());
    }
    ask(m_url);
    showProgress(DownloadPhase::Connecting, true);
}

void DownloadWorker::ask(const QUrl &url)
{
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute,
                         false); // its streams ignore the read buffer's size
    request.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("quantoscope/" QUANTOSCOPE_VERSION));
    request.setRawHeader("Accept-Encoding", "identity"); // lengths and ranges count the file's own bytes
    if (m_part->size() > 0) {
        request.setRawHeader("Range", "bytes=" + QByteArray::number(m_part->size()) + '-');
        if (const QByteArray validator = usableValidator(); !validator.isEmpty())
            request.setRawHeader("If-Range", validator);
    }
    m_reply = m_network->get(request);
    m_reply->setReadBufferSize(kReadBuffer);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &DownloadWorker::receive);
    connect(m_reply, &QNetworkReply::readyRead, this, &DownloadWorker::receive);
    connect(m_reply, &QNetworkReply::finished, this, &DownloadWorker::replyEnded);
    m_stall.start();
}

QByteArray DownloadWorker::usableValidator() const
{
    const FileVersion &version = m_part->version();
    return version.url == m_url.toString() ? version.validator() : QByteArray();
}

void DownloadWorker::follow(const QUrl &to)
{
    const QUrl from = m_reply->url();
    const QUrl next = from.resolved(to);
    if (!mayRedirect(from, next))
        return end({ErrorCode::Io,
                    "the server sends on to " + next.toString().toStdString() + ", which is not safe", address(),
                    "look for a newer address, or use a mirror"});
    if (++m_hops > kMostRedirects)
        return end({ErrorCode::Io, "the server sends on and on, at last to " + next.toString().toStdString(),
                    address(), "look for a newer address, or use a mirror"});
    dropReply();
    ask(next);
}

Result<void> DownloadWorker::takeHeaders()
{
    m_headersTaken = true;
    const std::string encoding = m_reply->rawHeader("Content-Encoding").toStdString();
    if (!encoding.empty() && encoding != "identity")
        return fail(ErrorCode::Unsupported, "the server sends the file compressed (" + encoding + ") unasked",
                    address(), "use another mirror");
    if (httpStatus(*m_reply) == 206)
        return takePartHeaders();
    const QVariant length = m_reply->header(QNetworkRequest::ContentLengthHeader);
    return startOver(length.isValid() ? length.toLongLong() : -1);
}

Result<void> DownloadWorker::takePartHeaders()
{
    static const QRegularExpression pattern(QStringLiteral("^bytes (\\d+)-\\d+/(\\d+|\\*)$"));
    const auto match = pattern.match(QString::fromLatin1(m_reply->rawHeader("Content-Range")).trimmed());
    const FileVersion &known = m_part->version();
    FileVersion sent{m_url.toString(), m_reply->rawHeader("ETag"), m_reply->rawHeader("Last-Modified"),
                     known.total};
    bool fits = match.hasMatch() && match.captured(1).toLongLong() == m_part->size();
    if (fits && match.captured(2) != QLatin1String("*")) {
        sent.total = match.captured(2).toLongLong();
        fits = known.total < 0 || known.total == sent.total;
    }
    if (known.url == sent.url && !sent.entityTag.isEmpty() && !known.entityTag.isEmpty())
        fits = fits && known.entityTag == sent.entityTag;
    if (!fits) {
        if (const auto emptied = m_part->restart(); !emptied)
            return emptied;
        return fail(ErrorCode::Io, "the server continued with another version or place of the file", address());
    }
    m_continued = true;
    return m_part->setVersion(sent);
}

Result<void> DownloadWorker::startOver(qint64 total)
{
    if (const auto emptied = m_part->restart(); !emptied)
        return emptied;
    m_continued = false;
    const qint64 available = QStorageInfo(QFileInfo(m_target).path()).bytesAvailable();
    if (total > available && available >= 0)
        return fail(ErrorCode::Io,
                    "the file has " + sizeText(total) + ", but only " + sizeText(available) + " are free",
                    QFileInfo(m_target).path().toStdString(), "free space or choose another folder");
    return m_part->setVersion(
        {m_url.toString(), m_reply->rawHeader("ETag"), m_reply->rawHeader("Last-Modified"), total});
}

void DownloadWorker::receive()
{
    const int code = httpStatus(*m_reply);
    if (code != 200 && code != 206) {
        m_reply->readAll(); // the text of a redirect or a refusal
        return;
    }
    m_stall.start();
    if (!m_headersTaken) {
        if (const auto taken = takeHeaders(); !taken) {
            const bool otherVersion = m_part->size() == 0 && code == 206;
            return otherVersion ? retryOrEnd(taken.error()) : end(taken.error());
        }
    }
    if (m_part->size() == 0) {
        if (m_reply->bytesAvailable() < kPretenderLook && !m_reply->isFinished())
            return;
        if (const std::string what = pretender(*m_reply, m_reply->peek(kPretenderLook)); !what.empty())
            return end({ErrorCode::BadInput, "the server sent " + what + " instead of the file", address(),
                        "a login page of the network may be in between, or the file has moved: look at the "
                        "address with a "
                        "browser, or use a mirror"});
    }
    const qint64 total = m_part->version().total;
    while (m_reply->bytesAvailable() > 0) {
        const QByteArray bytes = m_reply->read(kChunk);
        if (total >= 0 && m_part->size() + bytes.size() > total) {
            m_part->discard();
            return end({ErrorCode::CorruptFile, "the server sent more bytes than it announced", address(),
                        "use another mirror"});
        }
        if (const auto written = m_part->append(bytes); !written)
            return end(written.error());
    }
    showProgress(DownloadPhase::Receiving, false);
}

void DownloadWorker::replyEnded()
{
    const QNetworkReply *ended = m_reply;
    receive(); // what is left in the buffer
    if (m_over || m_reply != ended)
        return;
    const QUrl target = m_reply->attribute(QNetworkRequest::RedirectionTargetAttribute).toUrl();
    if (target.isValid() && m_reply->error() == QNetworkReply::NoError)
        return follow(target);
    const qint64 total = m_part->version().total;
    const bool complete = m_headersTaken && m_part->size() > 0 && (total < 0 || m_part->size() == total);
    if (m_reply->error() != QNetworkReply::NoError || !complete)
        return retryOrEnd(replyError());
    dropReply();
    verifyAndCommit();
}

Error DownloadWorker::replyError() const
{
    if (m_stalled)
        return {ErrorCode::Io, "no byte came for " + std::to_string(m_settings.stallMilliseconds / 1000) + " s",
                address(), "the network or the server is not answering"};
    return whyReplyFailed(*m_reply, address(), m_part->size(), m_part->version().total);
}

void DownloadWorker::retryOrEnd(const Error &error)
{
    m_stall.stop();
    if (m_reply && !m_stalled && !mayRetry(*m_reply))
        return end(error);
    int wait = 0;
    if (m_reply) {
        wait = m_reply->rawHeader("Retry-After").toInt() * 1000;
        if (httpStatus(*m_reply) == 416) // what is here is longer than what is there
            if (const auto emptied = m_part->restart(); !emptied)
                return end(emptied.error());
    }
    dropReply();
    if (m_part->size() >= m_best + kFurther)
        m_failures = 0;
    m_best = std::max(m_best, m_part->size());
    if (++m_failures >= m_settings.attempts) {
        Error last = error;
        last.what += "; given up after " + std::to_string(m_failures) + " attempts";
        return end(last);
    }
    const int doubled = m_settings.firstWaitMilliseconds << std::min(m_failures - 1, 10);
    wait = std::clamp(std::max(wait, doubled), 0, kLongestWait);
    Q_EMIT retrying(error, wait / 1000.0);
    showProgress(DownloadPhase::Waiting, true);
    m_wait.start(wait);
}

void DownloadWorker::verifyAndCommit()
{
    m_stall.stop();
    showProgress(DownloadPhase::Verifying, true);
    const std::string digest = m_part->sha256();
    const std::string &published = m_request.model.source.sha256;
    if (!digestFits(digest, published)) {
        const Error wrong{ErrorCode::CorruptFile,
                          "the SHA-256 of what was received is " + digest + ", but the published one is "
                              + published,
                          address(), "nothing of it was kept; the mirror or the network may be changing files"};
        if (!m_continued) {
            m_part->discard();
            return end(wrong);
        }
        // The older part may be of another version, so the whole is fetched once more.
        m_continued = false;
        if (const auto emptied = m_part->restart(); !emptied)
            return end(emptied.error());
        return retryOrEnd(wrong);
    }
    const qint64 bytes = m_part->size();
    if (const auto committed = m_part->commit(); !committed)
        return end(committed.error());
    m_part.reset();
    m_over = true;
    Q_EMIT finished({m_target, bytes, digest, digestCheck(digest, published), false});
}

void DownloadWorker::cancel()
{
    if (!m_over)
        end({ErrorCode::Cancelled, "stopped on request", m_target.toStdString(), {}});
}

void DownloadWorker::end(const Error &error)
{
    m_over = true;
    m_stall.stop();
    m_wait.stop();
    dropReply();
    Error last = error;
    if (m_part) {
        const FileVersion &version = m_part->version();
        if (m_part->size() == 0)
            m_part->discard();
        else
            last.hint += (last.hint.empty() ? "" : "; ") + sizeText(m_part->size())
                       + (version.total >= 0 ? " of " + sizeText(version.total) : std::string()) + " are kept";
        m_part.reset();
    }
    Q_EMIT failed(last);
}

void DownloadWorker::dropReply()
{
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->deleteLater(); // ends its connection too
    m_reply = nullptr;
}

void DownloadWorker::showProgress(DownloadPhase phase, bool always)
{
    const qint64 now = m_clock.elapsed();
    if (!always && now - m_shownAt < kShowEvery)
        return;
    m_shownAt = now;
    DownloadProgress progress{phase, m_part->size(), m_part->version().total, 0};
    if (phase == DownloadPhase::Receiving) {
        m_recent.emplace_back(now, progress.done);
        while (m_recent.size() > 2 && now - m_recent.front().first > kRateWindow)
            m_recent.pop_front();
        const auto [since, before] = m_recent.front();
        if (now > since)
            progress.bytesPerSecond =
                static_cast<double>(progress.done - before) * 1000 / static_cast<double>(now - since);
    }
    Q_EMIT progressed(progress);
}

} // namespace quantoscope
