// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/http_server.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <memory>
#include <utility>

namespace quantoscope::testing {

namespace {

constexpr int kTurn = 20; // ms

/// Sends the body a piece at a time, so that the other side can stop in between.
void trickle(QTcpSocket *socket, const HttpAnswer &answer, bool close)
{
    auto *timer = new QTimer(socket);
    QObject::connect(timer, &QTimer::timeout, socket,
                     [socket, timer, answer, close, sent = qsizetype{0}]() mutable {
                         const QByteArray piece = answer.body.mid(sent, answer.bytesPerTurn);
                         sent += piece.size();
                         socket->write(piece);
                         if (sent < answer.body.size())
                             return;
                         timer->deleteLater();
                         if (close)
                             socket->disconnectFromHost();
                     });
    timer->start(kTurn);
}

} // namespace

qint64 HttpRequest::rangeStart() const
{
    const QByteArray range = headers.value("range");
    return range.startsWith("bytes=") ? range.mid(6, range.indexOf('-') - 6).toLongLong() : -1;
}

HttpAnswer wholeOrRange(const HttpRequest &request, const QByteArray &content, const QByteArray &entityTag)
{
    HttpAnswer answer;
    answer.headers << "ETag: " + entityTag << "Content-Type: application/octet-stream";
    const qint64 start = request.rangeStart();
    const bool sameVersion = request.headers.value("if-range", entityTag) == entityTag;
    if (start < 0 || !sameVersion) {
        answer.body = content;
    } else if (start >= content.size()) {
        answer.status = 416;
        answer.headers << "Content-Range: bytes */" + QByteArray::number(content.size());
    } else {
        answer.status = 206;
        answer.body = content.mid(start);
        answer.headers << "Content-Range: bytes " + QByteArray::number(start) + '-'
                              + QByteArray::number(content.size() - 1) + '/' + QByteArray::number(content.size());
    }
    return answer;
}

HttpServer::HttpServer(Handler handler) : m_handler(std::move(handler)), m_server(new QTcpServer)
{
    QObject::connect(m_server, &QTcpServer::newConnection, m_server, [this] {
        while (QTcpSocket *socket = m_server->nextPendingConnection()) {
            const auto head = std::make_shared<QByteArray>();
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            connect(socket, &QTcpSocket::readyRead, socket, [this, socket, head] {
                head->append(socket->readAll());
                if (const qsizetype end = head->indexOf("\r\n\r\n"); end >= 0) {
                    const QByteArray whole = head->first(end);
                    head->clear();
                    answer(socket, whole);
                }
            });
        }
    });
    m_server->moveToThread(&m_thread);
    m_thread.start();
    QMetaObject::invokeMethod(
        m_server,
        [this] {
            m_server->listen(QHostAddress::LocalHost);
            m_port = m_server->serverPort();
        },
        Qt::BlockingQueuedConnection);
}

HttpServer::~HttpServer()
{
    QMetaObject::invokeMethod(
        m_server, [this] { delete m_server; }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

QString HttpServer::address(const QString &path) const
{
    return QStringLiteral("http://127.0.0.1:%1%2").arg(m_port).arg(path);
}

QList<HttpRequest> HttpServer::requests() const
{
    const QMutexLocker lock(&m_mutex);
    return m_requests;
}

void HttpServer::setHandler(Handler handler)
{
    const QMutexLocker lock(&m_mutex);
    m_handler = std::move(handler);
}

void HttpServer::answer(QTcpSocket *socket, const QByteArray &head)
{
    const QList<QByteArray> lines = head.split('\n');
    HttpRequest request;
    request.path = lines.value(0).split(' ').value(1);
    for (const QByteArray &line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        request.headers.insert(line.first(colon).trimmed().toLower(), line.mid(colon + 1).trimmed());
    }
    HttpAnswer answer;
    {
        const QMutexLocker lock(&m_mutex);
        request.index = static_cast<int>(m_requests.size());
        m_requests << request;
        answer = m_handler(request);
    }
    const qint64 announced = answer.announced == -1 ? answer.body.size() : answer.announced;
    const bool close = !answer.hang && announced != answer.body.size(); // else the client may ask again
    QByteArray out = "HTTP/1.1 " + QByteArray::number(answer.status) + " Answer\r\n";
    for (const QByteArray &header : std::as_const(answer.headers))
        out += header + "\r\n";
    if (announced >= 0)
        out += "Content-Length: " + QByteArray::number(announced) + "\r\n";
    out += "\r\n";
    if (answer.bytesPerTurn > 0) {
        socket->write(out);
        trickle(socket, answer, close);
        return;
    }
    socket->write(out + answer.body);
    if (close)
        socket->disconnectFromHost();
}

} // namespace quantoscope::testing
