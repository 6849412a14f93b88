// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/measure_actions.h"

#include "views/models/texts.h"
#include "views/widgets/sensitivity_dialog.h"

#include <QAction>
#include <QFileDialog>
#include <QMenu>

namespace quantoscope {

MeasureActions::MeasureActions(Workbench &workbench, QWidget *window, QMenu *menu, GetRequest request, GetRun run)
    : QObject(window), m_workbench(workbench), m_window(window), m_request(std::move(request)), m_run(std::move(run))
{
    const auto add = [&](const QString &text, const char *name, const QKeySequence &key, auto slot) {
        QAction *action = menu->addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setShortcut(key);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_sensitivity = add(tr("Measure &sensitivity…"), "measureSensitivity", QKeySequence(Qt::CTRL | Qt::Key_M), [this] { showSensitivityDialog(); });
    m_attention = add(tr("&Attention map…"), "measureAttention", Qt::Key_F9, [this] { chooseImage(); });
}

void MeasureActions::setWhyNot(const QString &reason)
{
    m_whyNot = reason;
    const auto enable = [&](QAction *action, const QString &tip) {
        action->setEnabled(reason.isEmpty());
        action->setToolTip(reason.isEmpty() ? tip : reason);
    };
    enable(m_sensitivity, tr("What quantizing each part alone costs, and what leaving it in float saves"));
    enable(m_attention, tr("Where the model looks in an image, float against quantized"));
}

RunRequest MeasureActions::quantizedRequest() const
{
    RunRequest request = m_request();
    request.quantize = true;
    return request;
}

void MeasureActions::showSensitivityDialog()
{
    auto *dialog = new SensitivityDialog(m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SensitivityDialog::estimateWanted, this, [this, dialog] {
        RunRequest request = quantizedRequest();
        request.sensitivity = dialog->request();
        m_workbench.estimateSensitivity(request);
    });
    connect(&m_workbench, &Workbench::sensitivityEstimated, dialog, &SensitivityDialog::showCost);
    connect(&m_workbench, &Workbench::failed, dialog, &SensitivityDialog::showRefusal);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        RunRequest request = quantizedRequest();
        request.sensitivity = dialog->request();
        start(std::move(request));
    });
    dialog->open();
}

void MeasureActions::chooseImage()
{
    const QString image = QFileDialog::getOpenFileName(
        m_window, tr("Image for the attention map"), QString::fromStdString(m_request().data.folder),
        tr("Images (*.jpg *.jpeg *.JPEG *.JPG *.png *.bmp *.webp);;All files (*)"));
    if (!image.isEmpty())
        measureAttention(image);
}

void MeasureActions::measureAttention(const QString &image)
{
    RunRequest request = quantizedRequest();
    request.attention = {image.toStdString()};
    start(std::move(request));
}

void MeasureActions::start(RunRequest request)
{
    m_workbench.measure(request, m_run());
}

} // namespace quantoscope
