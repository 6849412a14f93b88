// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/guide_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

namespace quantoscope {

GuideStrip::GuideStrip(QWidget *parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("guideStrip"));
    setFrameShape(QFrame::StyledPanel);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 3, 6, 3);
    layout->setSpacing(4);
    for (int i = 0; i < kGuideSteps; ++i) {
        auto *mark = new QToolButton;
        mark->setObjectName(QStringLiteral("guideStep%1").arg(i + 1));
        mark->setCheckable(true);
        mark->setAutoRaise(true);
        mark->setFocusPolicy(Qt::StrongFocus);
        connect(mark, &QToolButton::clicked, this, [this, i] { show(static_cast<GuideStep>(i)); });
        layout->addWidget(mark);
        m_marks[static_cast<size_t>(i)] = mark;
    }
    m_text = new QLabel;
    m_text->setObjectName(QStringLiteral("guideText"));
    m_text->setWordWrap(true);
    layout->addWidget(m_text, 1);
    m_show = new QPushButton(tr("Show &me"));
    m_show->setObjectName(QStringLiteral("guideShow"));
    m_show->setToolTip(tr("Brings to the front what this step is about"));
    auto *close = new QPushButton(tr("&Dismiss"));
    close->setObjectName(QStringLiteral("guideDismiss"));
    close->setToolTip(tr("Not shown again by itself; the Help menu has it"));
    layout->addWidget(m_show);
    layout->addWidget(close);
    connect(m_show, &QPushButton::clicked, this, [this] { Q_EMIT showRequested(m_current); });
    connect(close, &QPushButton::clicked, this, &GuideStrip::dismissed);
    show(GuideStep::Ranges);
}

QString GuideStrip::text(GuideStep step)
{
    switch (step) {
    case GuideStep::Ranges:
        return tr("This is a small demo model, calibrated for you. See in Ranges how far the channels of each layer lie "
                  "apart: wide spreads are what one scale per layer cannot hold.");
    case GuideStep::WorstLayer:
        return tr("Select the layer that loses most: the lowest SQNR in the model tree. All plots follow the selection.");
    case GuideStep::Float: return tr("Switch that layer to float: press F in the model tree, or Float below it.");
    case GuideStep::RunAgain: return tr("Run again (F5). Calibration is kept, so this takes only an evaluation.");
    case GuideStep::Compare:
        return tr("Compare in Evaluations: \"Δ above\" is the change against the row above on the same images, p says "
                  "whether it is more than chance.");
    case GuideStep::OwnModel: return tr("Now your own model: Ctrl+O opens a checkpoint, or get a published one.");
    }
    return {};
}

void GuideStrip::start()
{
    m_done.fill(false);
    show(GuideStep::Ranges);
}

void GuideStrip::setDone(GuideStep step)
{
    if (isDone(step))
        return;
    m_done[static_cast<size_t>(step)] = true;
    const auto open = std::find(m_done.begin(), m_done.end(), false);
    const bool moves = step == m_current && open != m_done.end();
    show(moves ? static_cast<GuideStep>(open - m_done.begin()) : m_current);
}

void GuideStrip::show(GuideStep step)
{
    m_current = step;
    for (int i = 0; i < kGuideSteps; ++i) {
        const auto one = static_cast<GuideStep>(i);
        QToolButton *mark = m_marks[static_cast<size_t>(i)];
        mark->setText(isDone(one) ? QStringLiteral("✓") : QString::number(i + 1));
        mark->setChecked(one == step);
        mark->setToolTip(text(one));
        mark->setAccessibleName(isDone(one) ? tr("Step %1, done").arg(i + 1) : tr("Step %1").arg(i + 1));
    }
    const bool all = std::all_of(m_done.begin(), m_done.end(), [](bool done) { return done; });
    m_text->setText(all ? tr("That was the guided path. The Help menu has it again, and all shortcuts.") : text(step));
    m_show->setEnabled(!all);
    if (all)
        m_show->setToolTip(tr("Every step is done."));
}

} // namespace quantoscope
