// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/accuracy_controller.h"

#include "views/models/run_table_model.h"
#include "views/widgets/flips_panel.h"
#include "views/widgets/plots_panel.h"
#include "views/widgets/runs_panel.h"

#include <QCursor>
#include <QTableView>
#include <QToolTip>

namespace quantoscope {

AccuracyController::AccuracyController(Parts parts, QObject *parent)
    : QObject(parent), m_parts(std::move(parts)), m_panel(new FlipsPanel)
{
    connect(m_parts.runs, &RunTableModel::baselineChanged, this, &AccuracyController::update);
    connect(m_panel, &FlipsPanel::imageActivated, this, &AccuracyController::activateImage);
}

void AccuracyController::setRun(const RunRecordPtr &run)
{
    m_run = run;
    update();
}

void AccuracyController::update()
{
    m_panel->setRuns(m_parts.runs->baseline(), m_run);
}

void AccuracyController::activateImage(const QString &path)
{
    const QString reason = m_parts.whyNoAttention();
    if (reason.isEmpty())
        m_parts.measureAttention(path);
    else
        QToolTip::showText(QCursor::pos(), tr("%1\nIts attention cannot be measured now: %2").arg(path, reason), m_panel);
}

bool AccuracyController::copy() const
{
    if (!m_panel->table()->hasFocus())
        return false;
    m_panel->copySelection();
    return true;
}

} // namespace quantoscope
