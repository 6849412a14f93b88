// SPDX-License-Identifier: GPL-3.0-or-later
// Asks before something is opened that takes much memory or time.
#pragma once

#include "core/jobs/open_cost.h"

#include <QObject>
#include <QSet>
#include <QString>

#include <functional>
#include <optional>

namespace quantoscope {

/// Asks once a file and session, and never again when the user wishes so (UserSettings::asksBeforeLarge). GUI thread.
class LargeDataGuard : public QObject {
    Q_OBJECT
public:
    explicit LargeDataGuard(QWidget *window);

    /// Off at first: a window without anybody before it answers itself with yes.
    void setAsking(bool on) { m_asking = on; }
    /// Takes the place of what the system says; for tests.
    void setAvailableMemory(uint64_t bytes) { m_available = bytes; }
    /// Calls `open` at once, or when the user agreed; `refused`, if there is one, when not.
    void open(OpenKind kind, const QString &path, std::function<void()> open, std::function<void()> refused = {});

private:
    void ask(const OpenCost &cost, uint64_t available, const QString &path, const std::function<void()> &open,
             const std::function<void()> &refused);

    QWidget *m_window;
    bool m_asking = false;
    std::optional<uint64_t> m_available;
    QSet<QString> m_agreed; ///< canonical paths
};

} // namespace quantoscope
