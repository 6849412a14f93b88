// SPDX-License-Identifier: GPL-3.0-or-later
// Getting published checkpoints: which there are, where they would be saved, and the download itself.
#pragma once

#include "core/base/result.h"
#include "core/base/run_control.h"
#include "core/models/model.h"

#include <QObject>
#include <QString>
#include <QThread>
#include <QUrl>

#include <string>
#include <vector>

namespace quantoscope {

class DownloadWorker;

/// A known model as something to get.
struct ModelOffer {
    std::string name;
    std::string title;
    double publishedTop1 = 0; ///< percent; 0 unknown
    std::string publishedIn;
    ModelSource source;
    std::string note; ///< what else must be known to get the file
};
/// The known models that are files on their own, in display order. Errors: of modelRegistry.
[[nodiscard]] Result<std::vector<ModelOffer>> modelOffers();

/// $XDG_CACHE_HOME/quantoscope/models, else ~/.cache/quantoscope/models.
[[nodiscard]] QString defaultModelFolder();

/// What lies in a folder of a source; looks at names and sizes only.
struct LocalCopy {
    QString path; ///< of the finished file, there or not
    bool complete = false;
    qint64 bytes = 0; ///< of the file or of the part that is there
};
[[nodiscard]] LocalCopy localCopy(const ModelSource &source, const QString &folder);

/// "22.9 MB", for messages.
[[nodiscard]] std::string sizeText(qint64 bytes);

struct DownloadRequest {
    ModelOffer model;
    QString folder; ///< is made when missing
    QString mirror; ///< http(s) address of a folder that holds the files; empty: the published address
};

/// mirror/FILE, or the published address. Errors: Usage (no http(s) address), NotFound (published nowhere), BadInput (a
/// file name that leaves the folder, a digest that is none).
[[nodiscard]] Result<QUrl> downloadUrl(const DownloadRequest &request);

/// Whether an answer at `from` may send the client to `to`: http(s) only, and never from https to http.
[[nodiscard]] bool mayRedirect(const QUrl &from, const QUrl &to);

struct DownloadSettings {
    int stallMilliseconds = 30000;    ///< without a byte, the connection is given up
    int attempts = 5;                 ///< in a row without getting further
    int firstWaitMilliseconds = 1000; ///< before the second attempt; doubles up to a minute
};

enum class DownloadPhase { Connecting, Receiving, Verifying, Waiting };

struct DownloadProgress {
    DownloadPhase phase = DownloadPhase::Connecting;
    qint64 done = 0;           ///< bytes on disk, earlier parts included; bytes read while verifying
    qint64 total = -1;         ///< bytes; -1 unknown
    double bytesPerSecond = 0; ///< over the last seconds; 0 unknown
    /// Negative while unknown.
    [[nodiscard]] double secondsLeft() const
    {
        return total >= 0 && bytesPerSecond > 0 ? static_cast<double>(total - done) / bytesPerSecond : -1;
    }
};

/// What the digest of the file was compared with.
enum class DigestCheck { Whole, Beginning, NonePublished };

struct DownloadedModel {
    QString path;
    qint64 bytes = 0;
    std::string sha256; ///< lower-case hex, computed from the file
    DigestCheck check = DigestCheck::NonePublished;
    bool wasThere = false; ///< nothing was downloaded
};

/// One download at a time, on a thread of its own. All functions return at once; signals come on the owner's thread.
/// Destroying it cancels; what was received stays as FILE.part and is continued by the next start.
class ModelDownload : public QObject {
    Q_OBJECT
public:
    explicit ModelDownload(QObject *parent = nullptr);
    ~ModelDownload() override;

    /// Ends with exactly one of finished and failed. Errors: those of downloadUrl; Io (network, disk, permission),
    /// NotFound (404), CorruptFile (wrong digest; the part is removed), BadInput (a web page instead of the file; another
    /// file of that name), Cancelled. Does nothing while running.
    void start(const DownloadRequest &request, const DownloadSettings &settings = {});
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_worker != nullptr; }

Q_SIGNALS:
    void progressed(const quantoscope::DownloadProgress &progress);
    /// An attempt failed and another will be made in `seconds`.
    void retrying(const quantoscope::Error &why, double seconds);
    void finished(const quantoscope::DownloadedModel &model);
    void failed(const quantoscope::Error &error);

private:
    void forget();

    QThread m_thread;
    DownloadWorker *m_worker = nullptr;
    CancelToken m_cancel;
};

} // namespace quantoscope
