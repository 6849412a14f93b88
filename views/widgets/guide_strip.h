// SPDX-License-Identifier: GPL-3.0-or-later
// The guided path of a first session: one line that says what to do next.
#pragma once

#include <QFrame>
#include <QString>

#include <array>

class QLabel;
class QPushButton;
class QToolButton;

namespace quantoscope {

enum class GuideStep { Ranges, WorstLayer, Float, RunAgain, Compare, OwnModel };
inline constexpr int kGuideSteps = 6;

/// Shows the first step that was not done, or the one that was chosen; knows nothing of the window. GUI thread.
class GuideStrip : public QFrame {
    Q_OBJECT
public:
    explicit GuideStrip(QWidget *parent = nullptr);

    void setDone(GuideStep step); ///< ticks it off; the next open one is shown when it was the shown one
    [[nodiscard]] bool isDone(GuideStep step) const { return m_done[static_cast<size_t>(step)]; }
    void start(); ///< from the first step, nothing done
    [[nodiscard]] GuideStep current() const { return m_current; }
    [[nodiscard]] static QString text(GuideStep step);

Q_SIGNALS:
    void showRequested(quantoscope::GuideStep step); ///< bring to the front what the step is about
    void dismissed();

private:
    void show(GuideStep step);

    std::array<bool, kGuideSteps> m_done{};
    GuideStep m_current = GuideStep::Ranges;
    std::array<QToolButton *, kGuideSteps> m_marks{};
    QLabel *m_text = nullptr;
    QPushButton *m_show = nullptr;
};

} // namespace quantoscope
