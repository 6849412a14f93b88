// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/preflight_hint.h"

#include "views/models/finding_texts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace quantoscope {

PreflightHint::PreflightHint(QWidget *parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("checkHint"));
    setFrameShape(QFrame::StyledPanel);
    m_text = new QLabel;
    m_text->setObjectName(QStringLiteral("checkHintText"));
    m_text->setWordWrap(true);
    m_button = new QPushButton;
    m_button->setObjectName(QStringLiteral("check"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 6, 4);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button);
    connect(m_button, &QPushButton::clicked, this,
            [this] { m_report ? Q_EMIT reportRequested() : Q_EMIT checkRequested(); });
    setState(false, nullptr, {});
}

void PreflightHint::setState(bool visible, PreflightReportPtr report, const QString &whyNot)
{
    m_report = std::move(report);
    setVisible(visible);
    m_text->setText(m_report ? FindingTexts::summary(*m_report) : tr("Not checked yet"));
    m_button->setText(m_report ? tr("Show") : tr("Check"));
    m_button->setEnabled(m_report || whyNot.isEmpty());
    m_button->setToolTip(m_report             ? tr("What the check found")
                         : !whyNot.isEmpty() ? whyNot
                                             : tr("Do model, images, labels and preprocessing belong together? Takes "
                                                  "seconds, and its float result serves the run."));
}

} // namespace quantoscope
