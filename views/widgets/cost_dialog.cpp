// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/cost_dialog.h"

#include "views/models/texts.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace quantoscope {

namespace {

constexpr int kPauseMilliseconds = 400;
constexpr int kLeastCharacters = 46; // of a line of cost

} // namespace

CostDialog::CostDialog(QWidget *parent)
    : QDialog(parent), m_form(new QFormLayout), m_cost(new QLabel), m_pause(new QTimer(this))
{
    m_cost->setObjectName(QStringLiteral("cost"));
    m_cost->setAccessibleName(tr("What it takes"));
    m_cost->setWordWrap(true);
    m_cost->setMinimumWidth(kLeastCharacters * m_cost->fontMetrics().averageCharWidth());
    m_cost->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_pause->setSingleShot(true);
    m_pause->setInterval(kPauseMilliseconds);
    connect(m_pause, &QTimer::timeout, this, &CostDialog::estimateWanted);
}

void CostDialog::finish(const QString &start, int lines)
{
    m_cost->setMinimumHeight(lines * m_cost->fontMetrics().lineSpacing());
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    m_start = buttons->button(QDialogButtonBox::Ok);
    m_start->setText(start);
    m_start->setObjectName(QStringLiteral("start"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(m_form);
    layout->addWidget(m_cost, 1);
    layout->addWidget(buttons);
}

void CostDialog::noteChange(const QString &waiting, bool startable)
{
    m_refused = false;
    m_cost->setText(waiting);
    m_start->setEnabled(startable);
    m_start->setToolTip(startable ? QString() : waiting);
    m_pause->start();
}

void CostDialog::refuseChoice(const QString &reason)
{
    m_refused = true;
    m_pause->stop();
    m_cost->setText(reason);
    m_start->setEnabled(false);
    m_start->setToolTip(reason);
}

void CostDialog::showCostText(const QString &text)
{
    if (m_refused || m_pause->isActive())
        return;
    m_cost->setText(text);
    m_start->setEnabled(true);
    m_start->setToolTip({});
}

void CostDialog::showRefusal(const Error &error)
{
    m_cost->setText(Texts::errorDetail(error));
    m_start->setEnabled(false);
    m_start->setToolTip(Texts::error(error));
}

} // namespace quantoscope
