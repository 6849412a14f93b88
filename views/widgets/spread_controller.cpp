// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/spread_controller.h"

#include "core/jobs/spread_finder.h"
#include "views/models/run_table_model.h"
#include "views/plots/spread_plot.h"
#include "views/widgets/draws_dialog.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/runs_panel.h"

#include <QAction>
#include <QMenu>

namespace quantoscope {

SpreadController::SpreadController(Parts parts, QObject *parent)
    : QObject(parent), m_parts(std::move(parts)), m_finder(new SpreadFinder(this))
{
    SpreadPlot *plot = m_parts.plots->spreadPlot();
    connect(m_finder, &SpreadFinder::found, this, [this, plot](const RunSpreadPtr &spread) {
        plot->setSpread(m_parts.runs->rowCount() > 0 ? spread : nullptr); // they may be gone meanwhile
    });
    connect(m_parts.runs, &QAbstractItemModel::modelReset, this, &SpreadController::update);
    connect(m_parts.runs, &QAbstractItemModel::rowsInserted, this, &SpreadController::update);
    connect(m_parts.runs, &QAbstractItemModel::dataChanged, this, &SpreadController::update);
    connect(plot, &SpreadPlot::pointOpened, this, [this, plot](int point) {
        for (int row = 0; row < m_parts.runs->rowCount(); ++row)
            if (m_parts.runs->runAt(row) == plot->runOf(point))
                m_parts.runsPanel->selectRow(row);
    });
}

void SpreadController::fillMenu(QMenu &menu)
{
    m_action = menu.addAction(tr("Repeat with other calibration &images…"));
    m_action->setObjectName(QStringLiteral("repeatDraws"));
    connect(m_action, &QAction::triggered, this, &SpreadController::showDialog);
}

void SpreadController::setWhyNot(const QString &reason)
{
    const QString whyNot = !reason.isEmpty()                                  ? reason
                         : !m_parts.request().calibration.list.empty() ? tr("A list names the calibration images, so all "
                                                                                 "draws would be equal: clear it first.")
                                                                       : QString();
    m_action->setEnabled(whyNot.isEmpty());
    m_action->setToolTip(whyNot.isEmpty() ? tr("How much the accuracy depends on which calibration images are drawn, and on how "
                                               "many")
                                          : whyNot);
}

void SpreadController::setRun(const RunRecordPtr &run)
{
    m_parts.plots->spreadPlot()->markRun(run);
    if (!run || !run->quantized || run->calibration.explicitList || run->calibration.images.items.empty())
        return; // the draws that were shown stay
    const bool known = m_like && isAnotherDraw(*m_like, *run);
    m_like = run;
    if (!known)
        update();
}

void SpreadController::update()
{
    std::vector<RunRecordPtr> runs;
    for (int row = 0; row < m_parts.runs->rowCount(); ++row)
        runs.push_back(m_parts.runs->runAt(row));
    if (runs.empty() || !m_like)
        m_parts.plots->spreadPlot()->setSpread(nullptr);
    else
        m_finder->find(std::move(runs), m_like);
}

RunRecordPtr SpreadController::lastMeasured(const RunRequest &request) const
{
    RunRecordPtr last;
    for (int row = 0; row < m_parts.runs->rowCount(); ++row)
        if (const RunRecordPtr run = m_parts.runs->runAt(row);
            run->quantized && run->result && run->model.file == request.model.weights)
            last = run;
    return last;
}

void SpreadController::showDialog()
{
    RunRequest request = m_parts.request();
    request.quantize = true;
    auto *dialog = new DrawsDialog(request, m_parts.window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    Workbench *workbench = &m_parts.workbench;
    connect(dialog, &DrawsDialog::estimateWanted, this, [this, dialog] {
        if (const auto draws = dialog->draws())
            m_parts.workbench.estimateDraws(dialog->run(), *draws, lastMeasured(dialog->run()));
    });
    connect(workbench, &Workbench::drawsEstimated, dialog, &DrawsDialog::showCost);
    connect(workbench, &Workbench::drawsRefused, dialog, &DrawsDialog::showRefusal);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const auto draws = dialog->draws();
        if (!draws)
            return;
        if (const auto started = m_parts.workbench.startDraws(dialog->run(), *draws); !started)
            Q_EMIT failed(started.error());
        else
            m_parts.plots->bringToFront(m_parts.plots->spreadPlot()->viewName());
    });
    dialog->setBusy(workbench->isBusy());
    dialog->open();
}

} // namespace quantoscope
