// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/picture_checks.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGroupBox>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QRegularExpression>
#include <QSet>
#include <QStyle>
#include <QStyleOptionButton>
#include <QStyleOptionComboBox>
#include <QTabBar>
#include <QTextDocument>
#include <QToolButton>

namespace quantoscope::testing {

namespace {

constexpr int kTolerance = 1; // pixel, of rounding at fractional scales

int textWidth(const QWidget &widget, const QString &text)
{
    int widest = 0;
    for (const QString &line : text.split(QLatin1Char('\n')))
        widest = std::max(widest, widget.fontMetrics().size(Qt::TextShowMnemonic, line).width());
    return widest;
}

QString described(const QWidget &widget, const QString &text, int needed, int there)
{
    QStringList path;
    for (const QWidget *up = &widget; up && path.size() < 3; up = up->parentWidget())
        if (!up->objectName().isEmpty())
            path.prepend(up->objectName());
    return QStringLiteral("%1 (%2): \"%3\" needs %4 and has %5 pixels")
        .arg(path.join(QLatin1Char('/')), QLatin1String(widget.metaObject()->className()), text)
        .arg(needed)
        .arg(there);
}

void checkLabel(const QLabel &label, QStringList &found)
{
    if (label.text().isEmpty() || label.sizePolicy().horizontalPolicy() == QSizePolicy::Ignored)
        return;
    if (!label.buddy() && label.textFormat() != Qt::RichText && label.text().contains(QRegularExpression(QStringLiteral("&\\w(?!\\w*;)"))))
        found << described(label, label.text(), 0, 0) + QStringLiteral(": a mnemonic that leads nowhere");
    if (label.wordWrap()) {
        const int needed = label.heightForWidth(label.width());
        if (needed > label.height() + kTolerance)
            found << described(label, label.text().left(60), needed, label.height()) + QStringLiteral(" of height");
    } else if (label.sizeHint().width() > label.width() + kTolerance) {
        found << described(label, label.text().left(60), label.sizeHint().width(), label.width());
    }
}

void checkButton(const QAbstractButton &button, QStringList &found)
{
    if (button.text().isEmpty())
        return;
    if (const auto *tool = qobject_cast<const QToolButton *>(&button);
        tool && tool->toolButtonStyle() == Qt::ToolButtonIconOnly && !tool->icon().isNull())
        return;
    int needed = textWidth(button, button.text());
    if (qobject_cast<const QCheckBox *>(&button))
        needed += button.style()->pixelMetric(QStyle::PM_IndicatorWidth, nullptr, &button)
                + button.style()->pixelMetric(QStyle::PM_CheckBoxLabelSpacing, nullptr, &button);
    else if (qobject_cast<const QRadioButton *>(&button))
        needed += button.style()->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth, nullptr, &button)
                + button.style()->pixelMetric(QStyle::PM_RadioButtonLabelSpacing, nullptr, &button);
    if (needed > button.width() + kTolerance)
        found << described(button, button.text(), needed, button.width());
}

void checkCombo(const QComboBox &box, QStringList &found)
{
    if (box.isEditable())
        return;
    QStyleOptionComboBox option;
    option.initFrom(&box);
    option.editable = false;
    const int there = box.style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, &box).width();
    const int needed = textWidth(box, box.currentText());
    if (needed > there + kTolerance)
        found << described(box, box.currentText(), needed, there);
}

void checkTabs(const QTabBar &bar, QStringList &found)
{
    for (int tab = 0; tab < bar.count(); ++tab) {
        const int needed = textWidth(bar, bar.tabText(tab)) + bar.style()->pixelMetric(QStyle::PM_TabBarTabHSpace, nullptr, &bar) / 2;
        if (bar.isTabVisible(tab) && needed > bar.tabRect(tab).width() + kTolerance)
            found << described(bar, bar.tabText(tab), needed, bar.tabRect(tab).width());
    }
}

} // namespace

QStringList clippedTexts(const QWidget &root)
{
    QStringList found;
    for (const QWidget *widget : root.findChildren<QWidget *>()) {
        if (!widget->isVisibleTo(&root))
            continue;
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            checkLabel(*label, found);
        else if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
            checkButton(*button, found);
        else if (const auto *combo = qobject_cast<const QComboBox *>(widget))
            checkCombo(*combo, found);
        else if (const auto *tabs = qobject_cast<const QTabBar *>(widget))
            checkTabs(*tabs, found);
        else if (const auto *group = qobject_cast<const QGroupBox *>(widget);
                 group && textWidth(*group, group->title()) > group->width() + kTolerance)
            found << described(*group, group->title(), textWidth(*group, group->title()), group->width());
    }
    return found;
}

bool showsSomething(const QImage &image)
{
    constexpr int kFewColours = 12;
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 2)
        for (int x = 0; x < image.width() && colours.size() <= kFewColours; x += 2)
            colours.insert(image.pixel(x, y));
    return colours.size() > kFewColours;
}

} // namespace quantoscope::testing
