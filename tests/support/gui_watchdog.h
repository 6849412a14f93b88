// SPDX-License-Identifier: GPL-3.0-or-later
// How long the GUI thread works without returning to its event loop.
#pragma once

#include <QApplication>
#include <QString>

#include <vector>

namespace quantoscope::testing {

/// Measures every event that the event loop hands out, with what it causes, in CPU time of the GUI thread: programs that
/// share the machine do not count, work on the wrong thread does. Waiting is not seen, so blocking calls need another test.
class WatchedApplication : public QApplication {
public:
    struct Stretch {
        double milliseconds = 0;
        QString what; ///< receiver and type of the event, and what of it took longest
    };

    WatchedApplication(int &argc, char **argv);
    bool notify(QObject *receiver, QEvent *event) override;

    void startWatching();
    /// The longest stretches since startWatching, worst first. Ends watching.
    [[nodiscard]] std::vector<Stretch> stopWatching();
    [[nodiscard]] static WatchedApplication *instance();

private:
    bool m_watching = false;
    int m_depth = 0;
    double m_worstInside = 0;
    QString m_insideWhat;
    std::vector<Stretch> m_stretches;
};

/// Lines of the worst stretches, for a test's output.
[[nodiscard]] QString listed(const std::vector<WatchedApplication::Stretch> &stretches);

} // namespace quantoscope::testing
