// SPDX-License-Identifier: GPL-3.0-or-later
// The window's part of the precision search: asking, opening and saving.
#include "views/plots/pareto_plot.h"
#include "views/widgets/main_window.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/recipe_panel.h"
#include "views/widgets/search_dialog.h"

#include <QDockWidget>
#include <QFileDialog>

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
