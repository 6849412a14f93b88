// SPDX-License-Identifier: GPL-3.0-or-later
// The window's part of the precision search: asking, opening, taking over a point, saving.
#include "views/widgets/main_window.h"

#include "core/quantization/recipe.h"
#include "views/plots/pareto_plot.h"
#include "views/widgets/plan_controller.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/recipe_panel.h"
#include "views/widgets/search_dialog.h"

#include <QDockWidget>
#include <QFileDialog>
#include <QStatusBar>

namespace quantoscope {

void MainWindow::searchPrecision()
{
    if (!m_recipe->whyNot().isEmpty())
        return;
    RunRequest run = runRequest();
    run.quantization.planJson.clear();
    auto *dialog = new SearchDialog(run, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SearchDialog::estimateWanted, this,
            [this, dialog] { m_workbench.estimateSearch(dialog->request()); });
    connect(&m_workbench, &Workbench::searchEstimated, dialog, &SearchDialog::showCost);
    connect(&m_workbench, &Workbench::searchRefused, dialog, &SearchDialog::showRefusal);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_docks[1]->raise(); // has progress and Cancel
        m_workbench.search(dialog->request());
    });
    dialog->open();
}

void MainWindow::openSearchPoint(int index)
{
    const PrecisionSearchPtr result = m_plots->searchPlot()->result();
    const PrecisionPoint *point = m_plots->searchPlot()->point(index);
    if (!result || !point)
        return;
    if (!m_model || m_model->info.sha256 != result->modelSha256) {
        showError({ErrorCode::BadInput, "this search was made on other weights (" + result->model + ")", point->name,
                   "open its checkpoint first"});
        return;
    }
    const auto plan = parsePlan(point->planJson, point->name);
    if (!plan) {
        showError(plan.error());
        return;
    }
    QuantizationRequest wanted = result->request;
    wanted.planJson = plan->rules.empty() ? std::string() : planToJson(*plan);
    const QString name = QString::fromStdString(point->name);
    m_plan->editor().replace(wanted, tr("plan %1").arg(name));
    statusBar()->showMessage(tr("Plan %1: %2 layers differ from the recipe. Run (F5) evaluates it.").arg(name).arg(plan->rules.size()),
                             8000);
}

void MainWindow::chooseSearch()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open search"), QString(),
                                                      tr("Precision searches (*.json);;All files (*)"));
    if (!path.isEmpty())
        m_workbench.openSearch(path);
}

void MainWindow::exportSearch()
{
    const PrecisionSearchPtr result = m_plots->searchPlot()->result();
    if (!result)
        return;
    const QString path = QFileDialog::getSaveFileName(this, tr("Export search"), QStringLiteral("search.json"),
                                                      tr("Precision searches (*.json)"));
    if (!path.isEmpty())
        m_workbench.exportSearch(result, path);
}

} // namespace quantoscope
