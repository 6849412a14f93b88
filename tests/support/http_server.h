// SPDX-License-Identifier: GPL-3.0-or-later
// A web server on 127.0.0.1 that behaves as badly as a test asks it to.
#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QMutex>
#include <QObject>
#include <QString>
#include <QThread>

#include <functional>

class QTcpServer;
class QTcpSocket;

namespace quantoscope::testing {

struct HttpRequest {
    QByteArray path;
    QHash<QByteArray, QByteArray> headers; ///< names in lower case
    int index = 0;                         ///< how many came before

    /// First byte that a "Range: bytes=N-" asks for; -1 without one.
    [[nodiscard]] qint64 rangeStart() const;
};

struct HttpAnswer {
    int status = 200;
    QList<QByteArray> headers; ///< "Name: value", besides Content-Length
    QByteArray body;
    qint64 announced = -1; ///< Content-Length; -1: as long as the body; -2: none, the end of the connection counts
    bool hang = false;     ///< keeps the connection open and silent after the body
    int bytesPerTurn = 0;  ///< 0: all at once; else that much every 20 ms
};

/// The file as a decent server sends it: an entity tag, and ranges with If-Range.
[[nodiscard]] HttpAnswer wholeOrRange(const HttpRequest &request, const QByteArray &content,
                                      const QByteArray &entityTag);

/// Serves from construction to destruction, on a thread of its own; the handler is called there, one request at a time.
class HttpServer : public QObject {
public:
    using Handler = std::function<HttpAnswer(const HttpRequest &)>;
    explicit HttpServer(Handler handler);
    ~HttpServer() override;

    [[nodiscard]] QString address(const QString &path = {}) const; ///< "http://127.0.0.1:PORT" + path
    [[nodiscard]] QList<HttpRequest> requests() const;
    void setHandler(Handler handler);

private:
    void answer(QTcpSocket *socket, const QByteArray &head);

    Handler m_handler;
    QList<HttpRequest> m_requests;
    mutable QMutex m_mutex;
    QThread m_thread;
    QTcpServer *m_server = nullptr;
    int m_port = 0;
};

} // namespace quantoscope::testing
