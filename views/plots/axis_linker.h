// SPDX-License-Identifier: GPL-3.0-or-later
// Plots that show the same layers, channels or costs on their horizontal axes.
#pragma once

#include <QObject>

#include <vector>

namespace quantoscope {

class PlotView;

/// While linking, what the user zooms or pans in one of the plots is shown by all others that have the same subject on a
/// horizontal axis, and showing everything in one shows everything in those. GUI thread.
class AxisLinker : public QObject {
    Q_OBJECT
public:
    explicit AxisLinker(QObject *parent = nullptr);

    void add(PlotView *view); ///< which must outlive the linker
    /// Every plot keeps what it shows, but when linking starts, all show what `leader`, if there is one, does.
    void setLinking(bool on, PlotView *leader = nullptr);
    [[nodiscard]] bool isLinking() const { return m_linking; }

private:
    std::vector<PlotView *> m_views;
    bool m_linking = false;
};

} // namespace quantoscope
