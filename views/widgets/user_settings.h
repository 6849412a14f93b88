// SPDX-License-Identifier: GPL-3.0-or-later
// What the user set once for all sessions. GUI thread.
#pragma once

#include <QString>

class QApplication;

namespace quantoscope {

enum class ThemeChoice { System, Light, Dark };

struct UserSettings {
    static constexpr int kMostActivationMemory = 1 << 20; ///< MiB

    ThemeChoice theme = ThemeChoice::System;
    QString language;       ///< "en", "de", "zh_CN"; empty: the system's
    QString device = QStringLiteral("cpu");
    int threads = 0;        ///< 0: all cores
    int activationMemory = 1024; ///< MiB, of ModelRequest
    bool asksBeforeLarge = true; ///< before opening a file that takes much memory or time
    QString modelFolder;    ///< downloaded checkpoints; empty: the user's cache folder

    bool operator==(const UserSettings &) const = default;
    /// Whether an open model may stay open.
    [[nodiscard]] bool computesLike(const UserSettings &other) const
    {
        return device == other.device && threads == other.threads && activationMemory == other.activationMemory;
    }

    [[nodiscard]] static UserSettings load(); ///< unknown or damaged values become the defaults
    void save() const;
};

/// Light and Dark use Qt's Fusion style with a palette of ours; System restores what the desktop chose. Plots follow.
void applyTheme(ThemeChoice theme);

} // namespace quantoscope
