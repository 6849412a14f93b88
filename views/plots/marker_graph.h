// SPDX-License-Identifier: GPL-3.0-or-later
// Graph with many markers: private to views/plots.
#pragma once

#include <qcustomplot.h>

namespace quantoscope {

/// Draws its marker once and copies it to every point on screen, where hundreds of smoothed outlines would take most of a
/// frame; files and prints get the outlines. A copy stands on whole device pixels.
class MarkerGraph : public QCPGraph {
public:
    using QCPGraph::QCPGraph;

protected:
    void drawScatterPlot(QCPPainter *painter, const QVector<QPointF> &scatters,
                         const QCPScatterStyle &style) const override;
};

} // namespace quantoscope
