// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/run_actions.h"

#include "core/quantization/plan_edits.h"
#include "views/models/texts.h"
#include "views/widgets/runs_panel.h"

#include <QAction>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPlainTextEdit>
#include <QShortcut>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace quantoscope {

namespace {

constexpr size_t kMostFlips = 200; ///< listed each way; the command line lists all

/// The settings of two runs of one model in plain text.
QString settingsDifference(const RunRecord &first, const RunRecord &second)
{
    QString text = QString::fromStdString(requestDifferenceText(first.request, second.request));
    const bool same = std::equal(first.taps.begin(), first.taps.end(), second.taps.begin(), second.taps.end(),
                                 [](const TapRecord &a, const TapRecord &b) { return a.tap.path == b.tap.path; });
    if (!same || first.taps.empty())
        return text;
    std::vector<Tap> taps;
    std::vector<TapSetting> before;
    std::vector<TapSetting> after;
    for (size_t t = 0; t < first.taps.size(); ++t) {
        taps.push_back(first.taps[t].tap);
        before.push_back(first.taps[t].setting);
        after.push_back(second.taps[t].setting);
    }
    return text + QString::fromStdString(settingDifferenceText(taps, before, after));
}

} // namespace

RunActions::RunActions(RunsPanel *panel, QWidget *window)
    : QObject(panel), m_panel(panel), m_window(window), m_finder(new ChangeFinder(this))
{
    m_panel->table()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_panel->table(), &QWidget::customContextMenuRequested, this, &RunActions::showMenu);
    auto *pin = new QShortcut(QKeySequence(Qt::Key_B), m_panel->table(), nullptr, nullptr, Qt::WidgetShortcut);
    connect(pin, &QShortcut::activated, this, &RunActions::pinSelected);
    connect(m_finder, &ChangeFinder::found, this, &RunActions::showComparison);
    connect(m_finder, &ChangeFinder::failed, this, &RunActions::failed);
}

void RunActions::showMenu(const QPoint &position)
{
    const std::vector<RunRecordPtr> runs = m_panel->selectedRuns();
    auto *menu = new QMenu(m_panel);
    menu->setObjectName(QStringLiteral("runsMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    const auto add = [&](const QString &text, const char *name, const QString &reason, const QString &tip, auto slot) {
        QAction *action = menu->addAction(text);
        action->setObjectName(QLatin1String(name));
        action->setEnabled(reason.isEmpty());
        action->setToolTip(reason.isEmpty() ? tip : reason);
        connect(action, &QAction::triggered, this, slot);
    };
    const QString notOne = runs.size() == 1 ? QString() : tr("Select one run.");
    add(tr("&Repeat this run"), "repeatRun", notOne,
        tr("The same request again, behind the jobs that wait: form, images and calibration set as stored with the run"),
        [this, runs] { Q_EMIT repeatRequested(runs.front()); });
    add(tr("&Take over recipe and plan"), "takeOverRun",
        !notOne.isEmpty() ? notOne : runs.front()->quantized ? QString() : tr("This run was not quantized."),
        tr("Can be undone"), [this, runs] { Q_EMIT planWanted(runs.front()); });
    const bool pinned = runs.size() == 1 && m_panel->baseline() == runs.front();
    add(pinned ? tr("&Unpin this baseline") : tr("&Pin as baseline"), "pinRun", notOne,
        tr("All runs of the table, and the changed images, are compared with the baseline (B)"),
        [this] { pinSelected(); });
    add(tr("&Compare these two runs"), "compareRuns",
        runs.size() == 2 ? QString() : tr("Select two runs (Ctrl and click)."),
        tr("Image by image: accuracy, flips, and what their settings differ in"),
        [this, runs] { m_finder->find({runs[0], RunSide::Own, runs[1], RunSide::Own}); });
    menu->popup(m_panel->table()->viewport()->mapToGlobal(position));
}

void RunActions::pinSelected()
{
    const std::vector<RunRecordPtr> runs = m_panel->selectedRuns();
    if (runs.size() == 1)
        m_panel->setBaseline(m_panel->baseline() == runs.front() ? nullptr : runs.front());
}

void RunActions::showComparison(const RunChangesPtr &changes)
{
    const RunRecordPtr &first = changes->question.first;
    const RunRecordPtr &second = changes->question.second;
    const RunComparison *const result = &changes->comparison;
    const QLocale locale;
    const auto percent = [&](double value) { return locale.toString(value, 'f', 2) + QStringLiteral(" %"); };
    const PairedComparison &paired = result->paired;
    QStringList lines;
    for (const std::string &warning : result->warnings)
        lines << QStringLiteral("! ") + QString::fromStdString(warning);
    lines << tr("Images in both: %1; only in one of them: %2 and %3")
                 .arg(locale.toString(qlonglong{paired.common}), locale.toString(qlonglong{result->onlyFirst}),
                      locale.toString(qlonglong{result->onlySecond}));
    const auto accuracy = [&](const QString &what, double a, double b, const Interval &interval) {
        lines << tr("%1: %2 → %3, difference %4 points, 95 % interval %5 to %6", "accuracy of two runs")
                     .arg(what, percent(a), percent(b), locale.toString(b - a, 'f', 2),
                          locale.toString(interval.low, 'f', 2), locale.toString(interval.high, 'f', 2));
    };
    if (paired.labelled > 0) {
        accuracy(tr("Top-1"), result->top1First(), result->top1Second(), result->top1Difference);
        accuracy(tr("Top-5"), result->top5First(), result->top5Second(), result->top5Difference);
        lines << tr("Became wrong: %1; became right: %2; exact McNemar test p = %3")
                     .arg(locale.toString(qlonglong{paired.lost}), locale.toString(qlonglong{paired.gained}),
                          Texts::number(paired.mcnemarP, 2));
    }
    if (paired.common > 0)
        lines << tr("Same best class: %1").arg(percent(100.0 * static_cast<double>(paired.agree) / static_cast<double>(paired.common)));
    lines << QString() << tr("Settings, first → second:");
    const QString settings = settingsDifference(*first, *second);
    lines << (settings.isEmpty() ? tr("No difference.") : settings.trimmed());
    const auto className = [&](int index) { return Texts::className(*first, index); };
    const auto flips = [&](const QString &title, const std::vector<FlippedImage> &images) {
        if (images.empty())
            return;
        lines << QString() << title;
        for (size_t i = 0; i < std::min(kMostFlips, images.size()); ++i)
            lines << QStringLiteral("%1\t%2 → %3").arg(QString::fromStdString(images[i].path), className(images[i].classBefore), className(images[i].classAfter));
        if (images.size() > kMostFlips)
            lines << tr("… and %1 more; quantoscope-cli compare lists all").arg(images.size() - kMostFlips);
    };
    flips(tr("Became wrong:"), result->lost);
    flips(tr("Became right:"), result->gained);

    auto *dialog = new QDialog(m_window);
    dialog->setObjectName(QStringLiteral("comparisonDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("%1 and %2").arg(QString::fromStdString(first->id), QString::fromStdString(second->id)));
    auto *text = new QPlainTextEdit(lines.join(QLatin1Char('\n')));
    text->setObjectName(QStringLiteral("comparisonText"));
    text->setAccessibleName(tr("Comparison of two runs"));
    text->setReadOnly(true);
    text->setLineWrapMode(QPlainTextEdit::NoWrap);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(text);
    layout->addWidget(buttons);
    dialog->resize(760, 480);
    dialog->show();
}

} // namespace quantoscope
