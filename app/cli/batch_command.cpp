// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs and projects without a screen: the window itself, unseen, so that plots come out as its layout draws them.
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/base/text_file.h"
#include "core/jobs/change_finder.h"
#include "core/jobs/project_store.h"
#include "core/jobs/spread_finder.h"
#include "core/jobs/workbench.h"
#include "views/widgets/main_window.h"
#include "views/widgets/project_controller.h"

#include <QApplication>
#include <QEventLoop>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace quantoscope::cli {

namespace {

constexpr size_t kLargestJobs = size_t{16} << 20;
constexpr int kInterruptInterval = 100; // ms between two looks for Ctrl-C
constexpr int kSettleInterval = 20;     // ms between two looks at what is summed up

/// One job, or a list of jobs, as a session that has nothing but them.
Result<ProjectState> readJobs(const std::string &path)
{
    const auto text = readTextFile(path, "job", kLargestJobs, "give a project (.quantoscope) or a job (JSON)");
    if (!text)
        return fail(text.error());
    auto jobs = parseJobs(*text, path);
    if (!jobs)
        return fail(jobs.error());
    ProjectState state;
    for (JobRequest &job : *jobs)
        state.jobs.push_back({std::move(job), nullptr});
    state.request = state.jobs.front().request.basis();
    state.project.weights = state.request.model.weights;
    return state;
}

/// The unseen window with what belongs to it, from opening to the last file written.
class Batch {
public:
    Batch(const BatchArguments &arguments, const QString &scratch)
        : m_arguments(arguments), m_control(consoleControl()), m_store(scratch), m_window(m_workbench, &m_store)
    {
        QObject::connect(&m_workbench, &Workbench::progressed, &m_loop, [this](const Progress &now) { m_control.sink(now); });
        QObject::connect(&m_workbench, &Workbench::failed, &m_loop, [this](const Error &error) { complain(error); });
        QObject::connect(&m_store, &ProjectStore::failed, &m_loop, [this](const Error &error) {
            complain(error);
            m_loop.quit();
        });
        QObject::connect(&m_store, &ProjectStore::opened, &m_loop,
                         [this](const auto &, const QString &, const QStringList &refused) {
                             for (const QString &part : refused)
                                 warn("left out: " + part.toStdString());
                             m_opened = true;
                             QTimer::singleShot(0, &m_loop, [this] { goOn(); });
                         });
        QObject::connect(&m_workbench, &Workbench::busyChanged, &m_loop, [this](bool busy) {
            if (!busy)
                QTimer::singleShot(0, &m_loop, [this] { goOn(); });
        });
        QObject::connect(&m_workbench, &Workbench::runFinished, &m_loop, [this](const RunRecordPtr &) { keep(); });
        QObject::connect(&m_interrupt, &QTimer::timeout, &m_loop, [this] {
            if (m_control.isCancelled() && !m_stopped) {
                m_stopped = true;
                for (const JobInfo &job : m_workbench.jobs())
                    m_workbench.pauseJob(job.id); // so that --save keeps what there is of them
            }
        });
        m_interrupt.start(kInterruptInterval);
    }

    int run(const QString &project)
    {
        m_window.show(); // on no screen; docks and plots get the sizes of the layout
        m_window.openFile(project);
        m_loop.exec();
        finishProgress();
        m_store.waitUntilIdle();
        return m_failed || m_control.isCancelled() ? kFailed : kSuccess;
    }

private:
    enum class Stage { Opening, Working, Reporting };

    void complain(const Error &error)
    {
        m_failed = true;
        static_cast<void>(report(error));
    }

    /// Nothing is running: the next stage.
    void goOn()
    {
        if (!m_opened || m_workbench.isBusy())
            return;
        if (m_stage == Stage::Opening) {
            m_stage = Stage::Working;
            if (m_failed || m_control.isCancelled()) { // its model cannot be opened, or nobody waits for it
                m_loop.quit();
                return;
            }
            for (const JobInfo &job : m_workbench.jobs())
                if (job.canResume())
                    m_workbench.resumeJob(job.id);
            if (m_workbench.isBusy())
                return;
        }
        if (m_stage == Stage::Working) {
            m_stage = Stage::Reporting;
            for (const JobInfo &job : m_workbench.jobs())
                if (!job.note.isEmpty())
                    warn(job.note.toStdString());
            keep();
            if (!m_arguments.report.empty()) {
                if (m_window.shownRun())
                    m_window.exportReportTo(QString::fromStdString(m_arguments.report));
                else
                    complain({ErrorCode::BadInput, "there is no run that could be reported", m_arguments.report, {}});
            }
            if (m_workbench.isBusy())
                return; // a run file is written by the worker
        }
        if (!m_arguments.plots.empty()) {
            if (!isSummedUp()) {
                QTimer::singleShot(kSettleInterval, &m_loop, [this] { goOn(); });
                return;
            }
            const auto written = m_window.exportAllPlots(QString::fromStdString(m_arguments.plots));
            if (written)
                fmt::print("{} plots in {}\n", written->size(), m_arguments.plots);
            else
                complain(written.error());
        }
        m_loop.quit();
    }

    /// Some plots show what is worked out beside the window.
    [[nodiscard]] bool isSummedUp() const
    {
        const auto idle = [](const auto &finders) {
            return std::all_of(finders.begin(), finders.end(), [](const auto *finder) { return finder->isIdle(); });
        };
        return idle(m_window.findChildren<SpreadFinder *>()) && idle(m_window.findChildren<ChangeFinder *>());
    }

    void keep()
    {
        if (!m_arguments.save.empty())
            m_window.project().saveTo(QString::fromStdString(m_arguments.save));
    }

    const BatchArguments &m_arguments;
    RunControl m_control;
    Workbench m_workbench;
    ProjectStore m_store;
    MainWindow m_window;
    QEventLoop m_loop;
    QTimer m_interrupt;
    Stage m_stage = Stage::Opening;
    bool m_opened = false;
    bool m_failed = false;
    bool m_stopped = false;
};

} // namespace

int batch(const BatchArguments &arguments)
{
    for (const std::string &path : {arguments.report, arguments.save})
        if (!path.empty())
            if (const auto writable = checkWritable(path); !writable)
                return report(writable.error());
    const QTemporaryDir scratch;
    if (!scratch.isValid())
        return report({ErrorCode::Io, "no folder for temporary files", scratch.path().toStdString(), {}});
    // What a user has set and opened in the window neither decides here nor changes.
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, scratch.path());
    QCoreApplication::setOrganizationName(QStringLiteral("quantoscope"));
    QString project = QString::fromStdString(arguments.file);
    if (!ProjectController::isProjectFile(project)) {
        auto jobs = readJobs(arguments.file);
        if (!jobs)
            return report(jobs.error());
        project = scratch.filePath(QStringLiteral("jobs.quantoscope"));
        ProjectStore store(scratch.filePath(QStringLiteral("reading")));
        std::optional<Error> error;
        QObject::connect(&store, &ProjectStore::failed, &store, [&error](const Error &one) { error = one; });
        store.save(std::move(*jobs), project);
        store.waitUntilIdle();
        QCoreApplication::processEvents();
        if (error)
            return report(*error);
    }
    return Batch(arguments, scratch.filePath(QStringLiteral("recovery"))).run(project);
}

} // namespace quantoscope::cli
