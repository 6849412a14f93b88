// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/user_settings.h"

#include <QApplication>
#include <QColor>
#include <QPalette>
#include <QSettings>
#include <QStringList>
#include <QStyle>
#include <QStyleFactory>

#include <algorithm>

namespace quantoscope {

namespace {

constexpr int kMostThreads = 1024;

const QStringList &themeNames()
{
    static const QStringList names{QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark")};
    return names;
}

QPalette paletteOf(bool dark)
{
    const QColor window = dark ? QColor(0x2B, 0x2D, 0x30) : QColor(0xF2, 0xF2, 0xF2);
    const QColor base = dark ? QColor(0x1E, 0x1F, 0x22) : QColor(Qt::white);
    const QColor text = dark ? QColor(0xE6, 0xE6, 0xE6) : QColor(0x1A, 0x1A, 0x1A);
    const QColor dim = dark ? QColor(0x8C, 0x8F, 0x94) : QColor(0x76, 0x76, 0x76);
    QPalette palette(dark ? QColor(0x3A, 0x3D, 0x41) : QColor(0xE6, 0xE6, 0xE6), window); // the rest follows from these
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText}) {
        palette.setColor(role, text);
        palette.setColor(QPalette::Disabled, role, dim);
    }
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, dark ? QColor(0x26, 0x28, 0x2B) : QColor(0xF7, 0xF7, 0xF7));
    palette.setColor(QPalette::ToolTipBase, window);
    palette.setColor(QPalette::PlaceholderText, dim);
    palette.setColor(QPalette::Link, dark ? QColor(0x56, 0xB4, 0xE9) : QColor(0x00, 0x5A, 0x9C));
    palette.setColor(QPalette::Highlight, dark ? QColor(0x2F, 0x65, 0xA0) : QColor(0x00, 0x72, 0xB2));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    return palette;
}

} // namespace

UserSettings UserSettings::load()
{
    const QSettings stored;
    UserSettings settings;
    settings.theme = static_cast<ThemeChoice>(
        std::max<qsizetype>(0, themeNames().indexOf(stored.value(QStringLiteral("settings/theme")).toString())));
    settings.language = stored.value(QStringLiteral("settings/language")).toString();
    settings.device = stored.value(QStringLiteral("settings/device"), settings.device).toString();
    if (settings.device != QLatin1String("cuda"))
        settings.device = QStringLiteral("cpu");
    settings.threads = std::clamp(stored.value(QStringLiteral("settings/threads"), 0).toInt(), 0, kMostThreads);
    settings.activationMemory = std::clamp(
        stored.value(QStringLiteral("settings/activationMemory"), settings.activationMemory).toInt(), 0, kMostActivationMemory);
    settings.asksBeforeLarge = stored.value(QStringLiteral("settings/askBeforeLarge"), true).toBool();
    settings.modelFolder = stored.value(QStringLiteral("getModel/folder")).toString();
    return settings;
}

void UserSettings::save() const
{
    QSettings stored;
    stored.setValue(QStringLiteral("settings/theme"), themeNames()[static_cast<int>(theme)]);
    stored.setValue(QStringLiteral("settings/language"), language);
    stored.setValue(QStringLiteral("settings/device"), device);
    stored.setValue(QStringLiteral("settings/threads"), threads);
    stored.setValue(QStringLiteral("settings/activationMemory"), activationMemory);
    stored.setValue(QStringLiteral("settings/askBeforeLarge"), asksBeforeLarge);
    if (modelFolder.isEmpty())
        stored.remove(QStringLiteral("getModel/folder"));
    else
        stored.setValue(QStringLiteral("getModel/folder"), modelFolder);
}

void applyTheme(ThemeChoice theme)
{
    static const QString systemStyle = QApplication::style()->name(); // of the first call, before anything was changed
    const QString style = theme == ThemeChoice::System ? systemStyle : QStringLiteral("fusion");
    if (QApplication::style()->name().compare(style, Qt::CaseInsensitive) != 0)
        QApplication::setStyle(QStyleFactory::create(style));
    QApplication::setPalette(theme == ThemeChoice::System ? QPalette() : paletteOf(theme == ThemeChoice::Dark));
}

} // namespace quantoscope
