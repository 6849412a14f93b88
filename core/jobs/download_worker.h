// SPDX-License-Identifier: GPL-3.0-or-later
// The download as a state machine over Qt Network: request, receive, retry, verify, rename.
#pragma once

#include "core/jobs/model_download.h"
#include "core/jobs/partial_file.h"

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QTimer>

#include <deque>
#include <memory>
#include <optional>
#include <utility>

namespace quantoscope {

/// Lives on ModelDownload's thread. Ends with exactly one of finished and failed.
class DownloadWorker : public QObject {
    Q_OBJECT
public:
    DownloadWorker(DownloadRequest request, const DownloadSettings &settings, const CancelToken &cancelled);

    void start();
    void cancel();

Q_SIGNALS:
    void progressed(const quantoscope::DownloadProgress &progress);
    void retrying(const quantoscope::Error &why, double seconds);
    void finished(const quantoscope::DownloadedModel &model);
    void failed(const quantoscope::Error &error);

private:
    [[nodiscard]] Result<bool> targetIsThere();
    [[nodiscard]] Result<void> openPart();
    void send();
    void ask(const QUrl &url);
    /// For If-Range; empty when what is there came from another address.
    [[nodiscard]] QByteArray usableValidator() const;
    void follow(const QUrl &to);
    /// Looks at status and headers once they are there.
    [[nodiscard]] Result<void> takeHeaders();
    [[nodiscard]] Result<void> takePartHeaders();
    [[nodiscard]] Result<void> startOver(qint64 total);
    void receive();
    void replyEnded();
    [[nodiscard]] Error replyError() const;
    void retryOrEnd(const Error &error);
    void verifyAndCommit();
    void end(const Error &error);
    void dropReply();
    void showProgress(DownloadPhase phase, bool always);
    [[nodiscard]] std::string address() const { return m_url.toString().toStdString(); }

    DownloadRequest m_request;
    DownloadSettings m_settings;
    RunControl m_control;
    QString m_target;
    QUrl m_url;
    int m_hops = 0; ///< redirects so far
    std::unique_ptr<PartialFile> m_part;
    QNetworkAccessManager *m_network = nullptr;
    QNetworkReply *m_reply = nullptr;
    QTimer m_stall;
    QTimer m_wait;
    QElapsedTimer m_clock;
    std::deque<std::pair<qint64, qint64>> m_recent; ///< milliseconds and bytes of the last seconds
    qint64 m_shownAt = -1;
    qint64 m_best = 0;  ///< bytes ever reached
    int m_failures = 0; ///< attempts in a row without getting further
    bool m_headersTaken = false;
    bool m_stalled = false;
    bool m_continued = false; ///< the part is of more than one answer
    bool m_over = false;
};

} // namespace quantoscope
