// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/reply_checks.h"

#include "core/jobs/model_download.h"

namespace quantoscope {

int httpStatus(const QNetworkReply &reply)
{
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

std::string pretender(const QNetworkReply &reply, const QByteArray &beginning)
{
    const QByteArray text = beginning.trimmed().toLower();
    if (reply.header(QNetworkRequest::ContentTypeHeader).toString().startsWith(QLatin1String("text/html"))
        || text.startsWith("<!doctype html") || text.startsWith("<html"))
        return "a web page";
    return text.startsWith("version https://git-lfs") ? "a Git LFS pointer" : "";
}

Error whyReplyFailed(const QNetworkReply &reply, const std::string &address, qint64 received, qint64 total)
{
    Error error{ErrorCode::Io, {}, address, {}};
    const int code = httpStatus(reply);
    if (code == 404 || code == 410) {
        error.code = ErrorCode::NotFound;
        error.what = "the server does not have the file (status " + std::to_string(code) + ")";
        error.hint = "it may have moved: use a mirror, or get it with a browser";
    } else if (code >= 400) {
        error.what = "the server refuses (status " + std::to_string(code) + ")";
        error.hint =
            code >= 500 || code == 429 ? "try later, or use a mirror" : "use --mirror, or get it with a browser";
    } else if (reply.error() != QNetworkReply::NoError && reply.error() != QNetworkReply::RemoteHostClosedError) {
        error.what = "the download failed: " + reply.errorString().toStdString();
        error.hint = "check the network, the address and the proxy";
    } else {
        error.what = "the connection ended after " + sizeText(received)
                   + (total >= 0 ? " of " + sizeText(total) : std::string());
        error.hint = "the network or the server broke off";
    }
    return error;
}

bool mayRetry(const QNetworkReply &reply)
{
    const int code = httpStatus(reply);
    if (code >= 400)
        return code == 408 || code == 416 || code == 429 || (code >= 500 && code != 501 && code != 505);
    switch (reply.error()) {
    case QNetworkReply::HostNotFoundError:
    case QNetworkReply::SslHandshakeFailedError:
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyAuthenticationRequiredError: return false;
    default: return true;
    }
}

} // namespace quantoscope
