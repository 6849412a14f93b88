// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/preflight_panel.h"

#include "views/models/finding_texts.h"

#include <QCheckBox>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace quantoscope {

namespace {

QStyle::StandardPixmap iconOf(Severity severity)
{
    switch (severity) {
    case Severity::Ok: return QStyle::SP_DialogApplyButton;
    case Severity::Note: return QStyle::SP_MessageBoxInformation;
    case Severity::Warning: return QStyle::SP_MessageBoxWarning;
    case Severity::Problem: break;
    }
    return QStyle::SP_MessageBoxCritical;
}

QString paragraphs(const Finding &finding, int icon)
{
    const auto escaped = [](const QString &text) { return text.toHtmlEscaped(); };
    QString html = QStringLiteral("<p style=\"margin-bottom:0\"><img src=\"severity:%1\" width=\"%2\" height=\"%2\" "
                                  "style=\"vertical-align:middle\"> <b>%3: %4</b></p>"
                                  "<p style=\"margin-top:2px;margin-bottom:2px\">%5</p>")
                       .arg(QString::number(static_cast<int>(finding.severity)), QString::number(icon),
                            escaped(FindingTexts::severity(finding.severity)), escaped(FindingTexts::title(finding)),
                            escaped(FindingTexts::detail(finding)));
    if (const QString advice = FindingTexts::advice(finding); !advice.isEmpty())
        html += QStringLiteral("<p style=\"margin-top:2px\">→ <i>%1</i></p>").arg(escaped(advice));
    return html;
}

} // namespace

PreflightPanel::PreflightPanel(QWidget *parent) : QWidget(parent)
{
    m_summary = new QLabel;
    m_summary->setObjectName(QStringLiteral("checkSummary"));
    m_summary->setWordWrap(true);
    m_text = new QTextBrowser;
    m_text->setObjectName(QStringLiteral("checkFindings"));
    m_text->setAccessibleName(tr("Findings of the check"));
    m_text->setOpenLinks(false);
    m_all = new QCheckBox(tr("Show what is in order"));
    m_all->setObjectName(QStringLiteral("checkShowAll"));
    m_check = new QPushButton(tr("Check again"));
    m_check->setObjectName(QStringLiteral("checkAgain"));
    m_copy = new QPushButton(tr("Copy"));
    m_copy->setObjectName(QStringLiteral("checkCopy"));
    m_copy->setToolTip(tr("All findings as text"));
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_check, 1);
    buttons->addWidget(m_copy, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 8);
    layout->setSpacing(4);
    layout->addWidget(m_summary);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_all);
    layout->addLayout(buttons);
    connect(m_all, &QCheckBox::toggled, this, &PreflightPanel::refresh);
    connect(m_check, &QPushButton::clicked, this, &PreflightPanel::checkRequested);
    connect(m_copy, &QPushButton::clicked, this, &PreflightPanel::copyToClipboard);
    refresh();
}

QSize PreflightPanel::sizeHint() const
{
    return {320, 560};
}

void PreflightPanel::setReport(PreflightReportPtr report)
{
    m_report = std::move(report);
    refresh();
}

void PreflightPanel::setWhyNot(const QString &reason)
{
    m_check->setEnabled(reason.isEmpty());
    m_check->setToolTip(reason.isEmpty() ? tr("Looks at model, images, labels and preprocessing as chosen now") : reason);
}

void PreflightPanel::copyToClipboard() const
{
    if (m_report)
        QGuiApplication::clipboard()->setText(FindingTexts::plainText(*m_report));
}

void PreflightPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::StyleChange || event->type() == QEvent::PaletteChange)
        refresh();
}

void PreflightPanel::refresh()
{
    m_copy->setEnabled(m_report != nullptr);
    m_all->setEnabled(m_report != nullptr);
    if (!m_report) {
        m_summary->setText(tr("Not checked yet."));
        m_text->clear();
        return;
    }
    m_summary->setText(QStringLiteral("<b>%1</b><br>%2")
                           .arg(QString::fromStdString(m_report->model).toHtmlEscaped(),
                                FindingTexts::summary(*m_report).toHtmlEscaped()));
    const int icon = style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this);
    QString html;
    for (const Finding &finding : m_report->findings)
        if (m_all->isChecked() || finding.severity != Severity::Ok)
            html += paragraphs(finding, icon);
    m_text->clear();
    for (const Severity severity : {Severity::Ok, Severity::Note, Severity::Warning, Severity::Problem})
        m_text->document()->addResource(
            QTextDocument::ImageResource, QUrl(QStringLiteral("severity:%1").arg(static_cast<int>(severity))),
            style()->standardIcon(iconOf(severity), nullptr, this).pixmap(QSize(icon, icon), devicePixelRatioF()));
    m_text->setHtml(html.isEmpty() ? tr("Everything is in order.").toHtmlEscaped() : html);
}

} // namespace quantoscope
