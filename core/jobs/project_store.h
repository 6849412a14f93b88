// SPDX-License-Identifier: GPL-3.0-or-later
// Saves and opens sessions beside the running job, and keeps a recovery copy of the present one.
#pragma once

#include "core/base/result.h"
#include "core/data/precision_search.h"
#include "core/data/project.h"
#include "core/pipeline/job_request.h"

#include <QDateTime>
#include <QList>
#include <QObject>
#include <QString>

#include <memory>
#include <vector>

namespace quantoscope {

/// A job that had not finished.
struct PendingJob {
    JobRequest request;
    std::shared_ptr<const RunRecord> partial; ///< what was finished; may be null
};

/// What the window hands over and gets back. The JSON parts and hashes of `project` are the store's business.
struct ProjectState {
    Project project;
    RunRequest request;            ///< the form; its quantization counts, not Project::quantization
    std::shared_ptr<const PrecisionSearchResult> search; ///< that is shown; may be null
    std::vector<PendingJob> jobs; ///< in order
};

/// A recovery copy whose program ended without removing it.
struct RecoveryOffer {
    QString folder;
    QDateTime changed;
};

/// Owns a thread, so that nothing waits for a disk or for a job. All functions return at once unless they say otherwise.
/// A recovery copy is a folder under `recoveryRoot` with one file of state, replaced atomically at every change, and one
/// file per run, written once before the state names it; a kill at any moment leaves the state before or after a change.
/// Lives on the GUI thread. Destroying it finishes what is to be written and removes the recovery copy.
class ProjectStore : public QObject {
    Q_OBJECT
public:
    explicit ProjectStore(const QString &recoveryRoot, QObject *parent = nullptr);
    ~ProjectStore() override;

    /// Replaces the recovery copy. Of several states that wait, only the newest is written.
    void autosave(ProjectState state);
    void save(ProjectState state, const QString &path);
    /// Ends with opened() or failed().
    void open(const QString &path);

    /// Copies of programs that no longer run, newest first. Reads the folder; may be called before anything else.
    [[nodiscard]] QList<RecoveryOffer> leftovers() const;
    /// Ends with opened() (its path is empty) or failed(); the copy is removed once the state was autosaved anew.
    void recover(const QString &folder);
    void discard(const QString &folder);

    /// Waits until everything asked for was done. For tests and the end of the program.
    void waitUntilIdle();

Q_SIGNALS:
    /// `refused`: parts that were left out, each with the reason (a hash that does not fit), as sentences.
    void opened(std::shared_ptr<const quantoscope::ProjectState> state, const QString &path, const QStringList &refused);
    void saved(const QString &path);
    void autosaved();
    void failed(const quantoscope::Error &error);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace quantoscope

Q_DECLARE_METATYPE(std::shared_ptr<const quantoscope::ProjectState>)
