// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/plot_theme.h"

#include <QPalette>

namespace quantoscope {

namespace {

QColor mixed(const QColor &a, const QColor &b, double share)
{
    const auto mix = [share](float x, float y) { return static_cast<float>(x + (y - x) * share); };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}

PlotTheme themeFor(const QColor &background, const QColor &text)
{
    const bool dark = background.lightness() < 128;
    PlotTheme theme;
    theme.background = background;
    theme.text = text;
    theme.grid = mixed(background, text, dark ? 0.18 : 0.12);
    theme.neutral = mixed(background, text, dark ? 0.62 : 0.50);
    theme.first = dark ? QColor(0x56, 0xB4, 0xE9) : QColor(0x00, 0x72, 0xB2);
    theme.second = dark ? QColor(0xE6, 0x9F, 0x00) : QColor(0xD5, 0x5E, 0x00);
    theme.third = dark ? QColor(0x2F, 0xC4, 0x9A) : QColor(0x00, 0x9E, 0x73);
    theme.fourth = dark ? QColor(0xE3, 0x9A, 0xC6) : QColor(0xAA, 0x44, 0x99);
    theme.selection = dark ? QColor(0xF0, 0xE4, 0x42) : QColor(0xCC, 0x79, 0xA7);
    return theme;
}

} // namespace

std::vector<QColor> PlotTheme::sequentialColors()
{
    return {QColor(68, 1, 84),    QColor(72, 36, 117),  QColor(65, 68, 135),   QColor(53, 95, 141),
            QColor(42, 120, 142), QColor(33, 145, 140), QColor(34, 168, 132),  QColor(68, 191, 112),
            QColor(122, 209, 81), QColor(189, 223, 38), QColor(253, 231, 37)};
}

PlotTheme PlotTheme::fromPalette(const QPalette &palette)
{
    return themeFor(palette.color(QPalette::Active, QPalette::Base),
                    palette.color(QPalette::Active, QPalette::Text));
}

PlotTheme PlotTheme::print()
{
    return themeFor(Qt::white, QColor(0x1A, 0x1A, 0x1A));
}

} // namespace quantoscope
