// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/search_limit_box.h"

#include "core/jobs/search_limiter.h"
#include "views/plots/pareto_plot.h"

#include <QKeyEvent>
#include <QSignalBlocker>

#include <algorithm>

namespace quantoscope {

namespace {

constexpr int kMostConversions = 100'000;

} // namespace

void setUpLimitBox(QSpinBox &box)
{
    box.setRange(kNoLimit, kMostConversions);
    box.setPrefix(SearchLimitBox::tr("at most "));
    box.setSuffix(SearchLimitBox::tr(" conversions"));
    box.setSpecialValueText(SearchLimitBox::tr("any conversions"));
    box.setValue(kNoLimit);
    box.setAccessibleName(SearchLimitBox::tr("Most conversions between precisions"));
}

std::optional<int> limitOf(const QSpinBox &box)
{
    return box.value() == kNoLimit ? std::nullopt : std::optional(box.value());
}

SearchLimitBox::SearchLimitBox(ParetoPlot *plot, QWidget *parent)
    : QSpinBox(parent), m_plot(plot), m_limiter(new SearchLimiter(this))
{
    setObjectName(QStringLiteral("searchLimit"));
    setUpLimitBox(*this);
    setKeyboardTracking(false); // 120 is not 1 and 12 before
    connect(this, &QSpinBox::valueChanged, this, &SearchLimitBox::ask);
    connect(m_limiter, &SearchLimiter::solved, this, [this](const PrecisionSearchPtr &search) {
        m_plot->setResult(search);
        Q_EMIT limited();
        if (m_taking)
            takeMarked();
    });
    connect(m_limiter, &SearchLimiter::refused, this, [this](const Error &error) {
        follow();
        if (error.code != ErrorCode::Cancelled)
            Q_EMIT refused(error);
    });
    follow();
}

void SearchLimitBox::setModel(OpenedModelPtr model)
{
    m_model = std::move(model);
    follow();
}

void SearchLimitBox::follow()
{
    m_limiter->forget();
    m_taking = false;
    const PrecisionSearchPtr &search = m_plot->result();
    const bool possible = search && m_model && m_model->info.sha256 == search->modelSha256;
    setEnabled(possible);
    setToolTip(possible ? tr("Edges between layers of unlike precision: each is a conversion on an integer device. The front within "
                             "the limit follows from what was measured; Enter makes the marked point the plan.")
               : search ? tr("This search was made on another model: open its checkpoint first.")
                        : tr("Search for mixed precision first."));
    const QSignalBlocker blocker(this);
    setValue(search && search->mostConversions ? *search->mostConversions : kNoLimit);
}

void SearchLimitBox::stepBy(int steps)
{
    const PrecisionSearchPtr &search = m_plot->result();
    if (value() != kNoLimit || !search || search->chosen < 0)
        return QSpinBox::stepBy(steps);
    setValue(std::max(0, search->front[static_cast<size_t>(search->chosen)].costs.conversions + std::min(steps, 0)));
}

QAbstractSpinBox::StepEnabled SearchLimitBox::stepEnabled() const
{
    return value() == kNoLimit ? StepUpEnabled | StepDownEnabled : QSpinBox::stepEnabled();
}

void SearchLimitBox::ask(int)
{
    if (isEnabled())
        m_limiter->solve(m_plot->result(), m_model, m_plot->wantedAmount(), limitOf(*this));
}

void SearchLimitBox::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    QSpinBox::keyPressEvent(event);
    if (!enter)
        return;
    event->accept(); // else the plot beside it would take its mark as well
    m_taking = true;
    if (m_limiter->isIdle())
        takeMarked();
}

void SearchLimitBox::takeMarked()
{
    m_taking = false;
    if (m_plot->markedPoint() >= 0)
        Q_EMIT m_plot->pointOpened(m_plot->markedPoint());
}

} // namespace quantoscope
