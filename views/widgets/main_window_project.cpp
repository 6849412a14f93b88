// SPDX-License-Identifier: GPL-3.0-or-later
// The window as a project: what is collected, and how a stored one comes back.
#include "views/widgets/main_window.h"

#include "views/models/run_table_model.h"
#include "views/plots/pareto_plot.h"
#include "views/widgets/plan_controller.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/project_controller.h"
#include "views/widgets/recipe_panel.h"

#include <QSet>

namespace quantoscope {

namespace {

QString weightsRefusal(const Project &project, const std::string &now)
{
    return MainWindow::tr("the weights %1 have the hash %2 instead of %3; left out with them:")
        .arg(QString::fromStdString(project.weights), QString::fromStdString(now.substr(0, 12)),
             QString::fromStdString(project.weightsSha256.substr(0, 12)));
}

} // namespace

void MainWindow::offerRecovery()
{
    m_project->offerRecovery();
}

ProjectState MainWindow::projectState() const
{
    if (m_openingProject)
        return *m_openingProject; // what is being opened must not be forgotten by a kill meanwhile
    ProjectState state;
    state.request = runRequest();
    Project &project = state.project;
    if (m_model) {
        project.weights = m_model->info.file;
        project.weightsSha256 = m_model->info.sha256;
    }
    project.plans = m_plan->keptPlans();
    for (int row = 0; row < m_runs->rowCount(); ++row)
        project.runs.push_back(m_runs->runAt(row));
    for (const JobInfo &job : m_workbench.jobs())
        if (job.resumable && (job.isPending() || job.state == JobState::Paused))
            state.jobs.push_back({*job.resumable, m_workbench.partialOf(job.id)});
    state.search = m_plots->searchPlot()->result();
    project.selectedTap = m_selectedPath.toStdString();
    project.shownRun = m_run ? m_run->id : std::string();
    project.layout = {{"geometry", saveGeometry().toBase64().toStdString()},
                      {"state", saveState().toBase64().toStdString()},
                      {"plots", m_plots->layoutState().toBase64().toStdString()},
                      {"linkAxes", QByteArray::number(m_plots->axesLinked()).toBase64().toStdString()}};
    return state;
}

void MainWindow::applyProject(const ProjectState &state)
{
    m_workbench.cancel();
    m_runs->clear();
    m_plan->clearRuns();
    showRun(nullptr);
    m_plots->setSearch(nullptr);
    m_openingProject = std::make_unique<ProjectState>(state);
    const auto bytes = [&](const char *name) {
        const auto found = state.project.layout.find(name);
        return found == state.project.layout.end() ? QByteArray() : QByteArray::fromBase64(QByteArray::fromStdString(found->second));
    };
    if (!state.project.layout.empty()) { // what does not fit is ignored by Qt
        restoreGeometry(bytes("geometry"));
        restoreState(bytes("state"));
        m_plots->restoreLayout(bytes("plots"));
        m_plots->setAxesLinked(bytes("linkAxes") != "0"); // a project of an earlier version says nothing
    }
    const bool open = m_model && m_model->info.file == state.project.weights
        && m_model->info.sha256 == state.project.weightsSha256;
    if (state.project.weights.empty() || open)
        finishProject();
    else
        openModel(state.request.model);
}

void MainWindow::finishProject()
{
    if (!m_openingProject)
        return;
    const std::unique_ptr<ProjectState> state = std::move(m_openingProject);
    const Project &project = state->project;
    const bool opened = m_model && m_model->info.file == project.weights;
    const bool stale = opened && !project.weightsSha256.empty() && m_model->info.sha256 != project.weightsSha256;
    QStringList refused;
    const auto fits = [&](const std::string &sha256, const QString &what) {
        const bool old = stale && sha256 == project.weightsSha256;
        if (old)
            refused << what;
        return !old;
    };
    std::vector<KeptPlan> plans;
    for (const KeptPlan &plan : project.plans)
        if (fits(plan.modelSha256, tr("plan %1").arg(QString::fromStdString(plan.name))))
            plans.push_back(plan);
    RunRequest request = state->request;
    if (!request.quantization.planJson.empty() && !fits(project.weightsSha256, tr("the plan")))
        request.quantization.planJson.clear();
    setRunRequest(request);
    m_plan->setKeptPlans(std::move(plans));
    RunRecordPtr shown;
    for (const auto &run : project.runs) {
        if (!fits(run->model.sha256, tr("run %1").arg(QString::fromStdString(run->id))))
            continue;
        if (run->id.starts_with("run-"))
            m_workbench.continueNumbers(QString::fromStdString(run->id).mid(4).toInt());
        m_runs->addRun(run);
        m_plan->addRun(run);
        if (run->id == project.shownRun || !shown)
            shown = run;
    }
    showRun(shown);
    if (state->search && fits(state->search->modelSha256, tr("the precision search")))
        m_plots->setSearch(state->search);
    for (const PendingJob &job : state->jobs) {
        const bool partFits = !job.partial || fits(job.partial->model.sha256, tr("the finished part of a job, which starts anew"));
        const RunRecordPtr partial = partFits ? job.partial : nullptr;
        RunRecordPtr base; // of a measurement: the run that it belongs to
        for (int row = 0; partial && row < m_runs->rowCount(); ++row)
            if (sameQuantizedModel(*m_runs->runAt(row), *partial))
                base = m_runs->runAt(row);
        m_workbench.addPaused(job.request, partial, base);
    }
    selectTap(QString::fromStdString(project.selectedTap));
    if (!refused.isEmpty())
        refused.prepend(weightsRefusal(project, m_model->info.sha256));
    m_project->showRefused(refused);
    updateActions();
}

} // namespace quantoscope
