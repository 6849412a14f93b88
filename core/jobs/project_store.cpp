// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/project_store.h"

#include "core/io/file_hash.h"
#include "core/io/project_file.h"
#include "core/io/run_file.h"
#include "core/jobs/workbench.h"
#include "core/pipeline/image_list_hash.h"
#include "core/pipeline/request_json.h"
#include "core/pipeline/search_file.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QUuid>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace quantoscope {

namespace {

const QString kLockName = QStringLiteral("lock");
const QString kStateName = QStringLiteral("state.h5");

std::string shortHash(const std::string &hash)
{
    return hash.substr(0, 12);
}

} // namespace

/// GUI thread: q, pending, waiting. Worker: run files, data hashes. The queue between them is locked.
class ProjectStore::Private {
public:
    Private(ProjectStore *owner, const QString &root)
        : q(owner), recoveryRoot(root), folder(QDir(root).filePath(QUuid::createUuid().toString(QUuid::WithoutBraces))),
          worker([this] { work(); })
    {
    }
    ~Private()
    {
        {
            const std::scoped_lock lock(mutex);
            stopping = true;
        }
        wake.notify_all();
        worker.join();
        if (own) {
            own->unlock();
            QDir(folder).removeRecursively();
        }
    }

    void post(std::function<void()> job)
    {
        {
            const std::scoped_lock lock(mutex);
            queue.push_back(std::move(job));
        }
        wake.notify_all();
    }
    void postAutosave(ProjectState state)
    {
        {
            const std::scoped_lock lock(mutex);
            newest = std::move(state);
        }
        wake.notify_all();
    }
    void waitUntilIdle()
    {
        std::unique_lock lock(mutex);
        idle.wait(lock, [this] { return queue.empty() && !newest && !busy; });
    }

    // ---- worker thread ----

    template <typename Call>
    void signal(Call call)
    {
        QMetaObject::invokeMethod(q, std::move(call), Qt::QueuedConnection);
    }
    void signalError(const Error &error)
    {
        signal([owner = q, error] { Q_EMIT owner->failed(error); });
    }

    /// Fills in what the window does not: JSON and hashes.
    void complete(ProjectState &state)
    {
        Project &project = state.project;
        project.quantization = state.request.quantization;
        project.requestJson = requestToJson(state.request, false);
        project.jobsJson.clear();
        project.jobRuns.clear();
        for (const PendingJob &job : state.jobs) {
            project.jobsJson.push_back(jobToJson(job.request));
            project.jobRuns.push_back(job.partial);
        }
        if (state.search != searchOfText) { // the text of a large model's search has megabytes
            searchText = state.search ? searchToJson(*state.search) : std::string();
            searchOfText = state.search;
        }
        project.searchJson = searchText;
        const DataRequest &data = state.request.data;
        project.data = data.list.empty() ? data.folder : data.list;
        if (!hashed || !(*hashed == data)) {
            const auto hash = project.data.empty() ? Result<std::string>(std::string()) : imageListHash(data);
            dataHash = hash.value_or(std::string()); // images that cannot be listed are the run's complaint
            hashed = data;
        }
        project.dataHash = dataHash;
    }

    Result<void> writeRecovery(ProjectState state)
    {
        if (!own) {
            if (!QDir().mkpath(folder))
                return fail(ErrorCode::Io, "the recovery copy cannot be written", folder.toStdString());
            auto lock = std::make_unique<QLockFile>(QDir(folder).filePath(kLockName));
            lock->setStaleLockTime(0); // only the end of the process makes it stale
            if (!lock->tryLock(0))
                return fail(ErrorCode::Io, "the recovery copy cannot be locked", folder.toStdString());
            own = std::move(lock);
        }
        complete(state);
        Project &project = state.project;
        RunFiles written;
        const auto write = [&](const std::vector<std::shared_ptr<const RunRecord>> &runs, const char *prefix,
                               std::vector<Project::RunFile> &files) -> Result<void> {
            for (const auto &run : runs) {
                if (!run) {
                    files.emplace_back();
                    continue;
                }
                Project::RunFile file = runFiles[run];
                if (file.file.empty()) {
                    file.file = prefix + std::to_string(++runNumber) + ".h5";
                    const std::string path = QDir(folder).filePath(QString::fromStdString(file.file)).toStdString();
                    if (const auto done = writeRunFile(*run, path); !done)
                        return done;
                    const auto hash = sha256OfFile(path);
                    if (!hash)
                        return fail(hash.error());
                    file.sha256 = *hash;
                }
                written[run] = file;
                files.push_back(file);
            }
            return {};
        };
        if (const auto done = write(project.runs, "run-", project.runFiles); !done)
            return done;
        if (const auto done = write(project.jobRuns, "partial-", project.jobRunFiles); !done)
            return done;
        project.runs.clear();
        project.jobRuns.clear();
        if (const auto done = writeProjectFile(project, QDir(folder).filePath(kStateName).toStdString()); !done)
            return done;
        for (const auto &[run, file] : runFiles) // only now does nothing name them any more
            if (!written.contains(run))
                QFile::remove(QDir(folder).filePath(QString::fromStdString(file.file)));
        runFiles = std::move(written);
        return {};
    }

    /// Turns what a file holds into what the window gets; `refused` grows.
    Result<std::shared_ptr<ProjectState>> restore(Project project, const std::string &origin, QStringList &refused)
    {
        auto state = std::make_shared<ProjectState>();
        if (!project.requestJson.empty()) {
            auto request = parseRequest(project.requestJson, origin);
            if (!request)
                return fail(request.error());
            state->request = std::move(*request);
        }
        state->request.quantization = project.quantization;
        bool sameImages = true;
        if (!project.dataHash.empty()) {
            const auto now = imageListHash(state->request.data);
            sameImages = now && *now == project.dataHash;
            if (!sameImages)
                refused << QString::fromStdString("the images in " + project.data + ": "
                                                  + (now ? "their list has the hash " + shortHash(*now) + " instead of "
                                                            + shortHash(project.dataHash)
                                                         : now.error().what));
        }
        for (size_t i = 0; i < project.jobsJson.size(); ++i) {
            auto job = parseJob(project.jobsJson[i], origin);
            if (!job)
                return fail(job.error());
            std::shared_ptr<const RunRecord> partial = i < project.jobRuns.size() ? project.jobRuns[i] : nullptr;
            // The parts of a search do not all depend on these images: it looks at each when it is resumed.
            if (!sameImages && job->kind != JobRequest::Kind::Search && job->basis().data == state->request.data) {
                if (partial)
                    refused << QString::fromStdString("the finished part of a job on these images ("
                                                      + job->basis().quantization.text() + "), which starts anew");
                partial.reset();
            }
            state->jobs.push_back({std::move(*job), std::move(partial)});
        }
        if (!project.searchJson.empty()) {
            auto search = parseSearch(project.searchJson, origin);
            if (search)
                state->search = std::make_shared<const PrecisionSearchResult>(std::move(*search));
            else
                refused << QString::fromStdString("the precision search: " + search.error().what);
        }
        state->project = std::move(project);
        return state;
    }

    void readProject(const QString &path)
    {
        auto project = readProjectFile(path.toStdString());
        if (!project)
            return signalError(project.error());
        QStringList refused;
        const auto state = restore(std::move(*project), path.toStdString(), refused);
        if (!state)
            return signalError(state.error());
        signal([owner = q, shared = std::shared_ptr<const ProjectState>(*state), path, refused] {
            Q_EMIT owner->opened(shared, path, refused);
        });
    }

    void readRecovery(const QString &from)
    {
        const QDir dir(from);
        const QString path = dir.filePath(kStateName);
        auto project = readProjectFile(path.toStdString());
        if (!project)
            return signalError(project.error());
        QStringList refused;
        QStringList files = dir.entryList({QStringLiteral("run-*.h5")}, QDir::Files, QDir::Name);
        const auto read = [&](const std::string &file) {
            auto run = readRunFile(dir.filePath(QString::fromStdString(file)).toStdString());
            if (run)
                project->runs.push_back(std::make_shared<const RunRecord>(std::move(*run)));
            else
                refused << QString::fromStdString(file + ": " + run.error().what);
        };
        for (const Project::RunFile &file : project->runFiles) {
            const QString name = QString::fromStdString(file.file);
            // Names come from a file: they must not lead out of the folder.
            if (!files.removeOne(name)) {
                refused << QString::fromStdString(file.file + ": the file is not there");
                continue;
            }
            const auto hash = sha256OfFile(dir.filePath(name).toStdString());
            if (!hash || *hash != file.sha256)
                refused << QString::fromStdString(file.file + ": its content has the hash "
                                                  + shortHash(hash.value_or("?")) + " instead of "
                                                  + shortHash(file.sha256));
            else
                read(file.file);
        }
        project->jobRuns.assign(project->jobsJson.size(), nullptr);
        for (size_t i = 0; i < project->jobRunFiles.size() && i < project->jobRuns.size(); ++i) {
            const Project::RunFile &file = project->jobRunFiles[i];
            const QString name = QString::fromStdString(file.file);
            if (name.isEmpty() || name != QFileInfo(name).fileName())
                continue;
            const auto hash = sha256OfFile(dir.filePath(name).toStdString());
            auto run = readRunFile(dir.filePath(name).toStdString());
            if (run && hash && *hash == file.sha256)
                project->jobRuns[i] = std::make_shared<const RunRecord>(std::move(*run));
            else
                refused << QString::fromStdString(file.file + ": the finished part of a job is damaged; it starts anew");
        }
        for (const QString &finished : files) // written, but the kill came before the state named it
            read(finished.toStdString());
        project->runFiles.clear();
        project->jobRunFiles.clear();
        const auto state = restore(std::move(*project), path.toStdString(), refused);
        if (!state)
            return signalError(state.error());
        replaced << from;
        signal([owner = q, shared = std::shared_ptr<const ProjectState>(*state), refused] {
            Q_EMIT owner->opened(shared, QString(), refused);
        });
    }

    ProjectStore *q;
    const QString recoveryRoot;
    const QString folder;

private:
    void work()
    {
        for (;;) {
            std::function<void()> job;
            std::optional<ProjectState> state;
            {
                std::unique_lock lock(mutex);
                busy = false;
                if (queue.empty() && !newest)
                    idle.notify_all();
                wake.wait(lock, [this] { return stopping || !queue.empty() || newest; });
                if (!queue.empty()) { // also when stopping: what was asked for is done
                    job = std::move(queue.front());
                    queue.pop_front();
                } else if (newest && !stopping) {
                    state = std::exchange(newest, std::nullopt);
                } else {
                    return;
                }
                busy = true;
            }
            if (job) {
                job();
                continue;
            }
            if (const auto written = writeRecovery(std::move(*state)); !written) {
                signalError(written.error());
                continue;
            }
            for (const QString &old : std::exchange(replaced, {})) // safe now: the new copy has all of it
                QDir(old).removeRecursively();
            signal([owner = q] { Q_EMIT owner->autosaved(); });
        }
    }

    using RunFiles = std::map<std::shared_ptr<const RunRecord>, Project::RunFile>;
    RunFiles runFiles;
    int runNumber = 0;
    std::optional<DataRequest> hashed;
    std::string dataHash;
    std::shared_ptr<const PrecisionSearchResult> searchOfText;
    std::string searchText; ///< of searchOfText
    QStringList replaced; ///< recovered folders, to be removed with the next autosave
    std::unique_ptr<QLockFile> own;

    std::mutex mutex;
    std::condition_variable wake;
    std::condition_variable idle;
    std::deque<std::function<void()>> queue;
    std::optional<ProjectState> newest;
    bool stopping = false;
    bool busy = false;
    std::thread worker; ///< last: starts when everything else is there
};

ProjectStore::ProjectStore(const QString &recoveryRoot, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>(this, recoveryRoot))
{
    qRegisterMetaType<Error>();
    qRegisterMetaType<std::shared_ptr<const ProjectState>>();
}

ProjectStore::~ProjectStore() = default;

void ProjectStore::autosave(ProjectState state)
{
    d->postAutosave(std::move(state));
}

void ProjectStore::save(ProjectState state, const QString &path)
{
    d->post([this, state = std::move(state), path]() mutable {
        d->complete(state);
        if (const auto written = writeProjectFile(state.project, path.toStdString()); !written)
            return d->signalError(written.error());
        d->signal([this, path] { Q_EMIT saved(path); });
    });
}

void ProjectStore::open(const QString &path)
{
    d->post([this, path] { d->readProject(path); });
}

QList<RecoveryOffer> ProjectStore::leftovers() const
{
    QList<RecoveryOffer> offers;
    const QFileInfoList folders = QDir(d->recoveryRoot).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QFileInfo &folder : folders) {
        const QDir dir(folder.absoluteFilePath());
        const QFileInfo state(dir.filePath(kStateName));
        if (dir.path() == QDir(d->folder).path() || !state.exists())
            continue;
        QLockFile lock(dir.filePath(kLockName));
        lock.setStaleLockTime(0);
        if (lock.tryLock(0)) // whoever wrote it has ended
            offers << RecoveryOffer{dir.path(), state.lastModified()};
    }
    std::sort(offers.begin(), offers.end(),
              [](const RecoveryOffer &a, const RecoveryOffer &b) { return a.changed > b.changed; });
    return offers;
}

void ProjectStore::recover(const QString &folder)
{
    d->post([this, folder] { d->readRecovery(folder); });
}

void ProjectStore::discard(const QString &folder)
{
    d->post([folder] { QDir(folder).removeRecursively(); });
}

void ProjectStore::waitUntilIdle()
{
    d->waitUntilIdle();
}

} // namespace quantoscope
