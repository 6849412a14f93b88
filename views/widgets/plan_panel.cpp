// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/plan_panel.h"

#include <QComboBox>
#include <QFontDatabase>
#include <QGridLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace quantoscope {

PlanPanel::PlanPanel(QWidget *parent)
    : QWidget(parent), m_reference(new QComboBox), m_difference(new QPlainTextEdit), m_prediction(new QLabel)
{
    m_reference->setObjectName(QStringLiteral("planReference"));
    m_reference->setAccessibleName(tr("What the plan is compared with"));
    m_reference->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_reference->setMinimumContentsLength(10);
    m_difference->setObjectName(QStringLiteral("planDifference"));
    m_difference->setAccessibleName(tr("What the plan changes"));
    m_difference->setReadOnly(true);
    m_difference->setTabChangesFocus(true);
    m_difference->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_difference->setMinimumHeight(60);
    m_prediction->setObjectName(QStringLiteral("planPrediction"));
    m_prediction->setWordWrap(true);
    m_prediction->setTextFormat(Qt::PlainText);
    m_prediction->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto *top = new QHBoxLayout;
    auto *label = new QLabel(tr("Compared &with"));
    label->setBuddy(m_reference);
    top->addWidget(label);
    top->addWidget(m_reference, 1);
    auto *buttons = new QGridLayout;
    buttons->setSpacing(4);
    m_keep = addButton(buttons, "planKeep", tr("&Keep…"), &PlanPanel::keepRequested);
    m_takeOver = addButton(buttons, "planTakeOver", tr("&Take over"), &PlanPanel::takeOverRequested);
    m_remove = addButton(buttons, "planRemove", tr("Re&move"), &PlanPanel::removeRequested);
    m_discard = addButton(buttons, "planDiscard", tr("&Discard"), &PlanPanel::discardRequested);
    QPushButton *copy = addButton(buttons, "planCopy", tr("&Copy"), &PlanPanel::copyRequested);
    copy->setToolTip(tr("Copies the difference as text"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 4, 4, 4);
    layout->setSpacing(4);
    layout->addLayout(top);
    layout->addWidget(m_difference, 1);
    layout->addWidget(m_prediction);
    layout->addLayout(buttons);
    connect(m_reference, &QComboBox::currentIndexChanged, this, &PlanPanel::referenceChanged);
    setReferences({}, {});
}

QPushButton *PlanPanel::addButton(QLayout *layout, const char *name, const QString &text, void (PlanPanel::*signal)())
{
    auto *button = new QPushButton(text);
    button->setObjectName(QLatin1String(name));
    auto *grid = static_cast<QGridLayout *>(layout);
    grid->addWidget(button, grid->count() / 3, grid->count() % 3);
    connect(button, &QPushButton::clicked, this, signal);
    return button;
}

void PlanPanel::setReferences(const std::vector<KeptPlan> &kept, const std::vector<KeptPlan> &runs)
{
    const QString before = m_reference->currentText();
    const QSignalBlocker blocker(m_reference);
    m_reference->clear();
    m_reference->addItem(tr("the recipe"));
    for (const KeptPlan &plan : kept)
        m_reference->addItem(tr("plan %1").arg(QString::fromStdString(plan.name)));
    for (const KeptPlan &run : runs)
        m_reference->addItem(tr("run %1").arg(QString::fromStdString(run.name)));
    m_reference->setCurrentIndex(std::max(0, m_reference->findText(before)));
}

int PlanPanel::reference() const
{
    return m_reference->currentIndex() - 1;
}

void PlanPanel::setDifference(const QString &text)
{
    if (text != m_difference->toPlainText())
        m_difference->setPlainText(text);
}

QString PlanPanel::difference() const
{
    return m_difference->toPlainText();
}

void PlanPanel::setPrediction(const QString &text, const QString &tip)
{
    m_prediction->setText(text);
    m_prediction->setToolTip(tip);
    m_prediction->setVisible(!text.isEmpty());
}

void PlanPanel::setWhyNot(const QString &keep, const QString &discard, const QString &takeOver, const QString &remove)
{
    const auto enable = [](QPushButton *button, const QString &reason, const QString &tip) {
        button->setEnabled(reason.isEmpty());
        button->setToolTip(reason.isEmpty() ? tip : reason);
    };
    enable(m_keep, keep, tr("Puts recipe and plan aside under a name"));
    enable(m_discard, discard, tr("Back to what the recipe says; can be undone"));
    enable(m_takeOver, takeOver, tr("Recipe and plan of the one that is compared with; can be undone"));
    enable(m_remove, remove, tr("Forgets the kept plan"));
}

} // namespace quantoscope
