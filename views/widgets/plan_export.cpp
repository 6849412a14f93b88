// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/plan_export.h"

#include "views/models/plan_editor.h"

#include <QAction>
#include <QFileDialog>
#include <QMenu>
#include <QSaveFile>

namespace quantoscope {

PlanExport::PlanExport(const PlanEditor &editor, QWidget *window)
    : QObject(window), m_editor(editor), m_window(window)
{
}

void PlanExport::addTo(QMenu &menu)
{
    m_action = menu.addAction(tr("&Export plan…"));
    m_action->setObjectName(QStringLiteral("exportPlan"));
    connect(m_action, &QAction::triggered, this, &PlanExport::exportInteractively);
    updateAction();
}

void PlanExport::setRun(RunRecordPtr run)
{
    m_run = std::move(run);
    updateAction();
}

void PlanExport::updateAction()
{
    if (!m_action)
        return;
    const QString reason = whyNot();
    m_action->setEnabled(reason.isEmpty());
    m_action->setToolTip(reason.isEmpty() ? tr("The plan as AIMET, NNCF, ModelOpt or ONNX Runtime take it; a run's model as ONNX")
                                          : reason);
}

bool PlanExport::isOfRun() const
{
    if (!m_run || !m_run->quantized || m_run->taps.empty())
        return false;
    const OpenedModelPtr &model = m_editor.model();
    return !model || (model->info.sha256 == m_run->model.sha256 && m_editor.request() == m_run->request);
}

QString PlanExport::whyNot() const
{
    if (isOfRun() || !m_editor.settings().empty())
        return {};
    return m_editor.model() ? tr("Recipe and plan do not fit the model: %1").arg(m_editor.problem())
                            : tr("Open a checkpoint or a run of a quantized model first.");
}

PlanSubject PlanExport::subject() const
{
    if (isOfRun())
        return planSubject(*m_run);
    if (!m_editor.model())
        return {};
    return planSubject(m_editor.model()->graph, m_editor.model()->info, m_editor.request(), m_editor.settings());
}

Result<void> PlanExport::write(const QString &path, const std::string &format)
{
    const auto plan = exportPlan(subject(), format);
    if (!plan)
        return fail(plan.error());
    QSaveFile file(path);
    const QByteArray bytes = QByteArray::fromStdString(plan->text);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(ErrorCode::Io, "cannot be written: " + file.errorString().toStdString(), path.toStdString());
    Q_EMIT written(path, static_cast<int>(plan->tapsNotExpressed()));
    return {};
}

void PlanExport::exportInteractively()
{
    QStringList filters;
    for (const PlanFormat &format : planFormats())
        filters << QStringLiteral("%1 (*.%2.json)").arg(QLatin1String(format.title), QLatin1String(format.name));
    const QString onnx = tr("ONNX model with QuantizeLinear and DequantizeLinear") + QStringLiteral(" (*.onnx)");
    if (isOfRun()) // there are no scales without a run
        filters << onnx;
    QString filter = filters.front();
    const QString path =
        QFileDialog::getSaveFileName(m_window, tr("Export plan"), QStringLiteral("plan.aimet.json"),
                                     filters.join(QStringLiteral(";;")), &filter);
    if (path.isEmpty())
        return;
    if (filter == onnx) {
        Q_EMIT onnxWanted(m_run, path);
        return;
    }
    const auto chosen = static_cast<size_t>(std::max<qsizetype>(0, filters.indexOf(filter)));
    if (const auto done = write(path, planFormats()[chosen].name); !done)
        Q_EMIT failed(done.error());
}

} // namespace quantoscope
