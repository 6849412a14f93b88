// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/marker_graph.h"

#include <QPixmap>

#include <cmath>

namespace quantoscope {

void MarkerGraph::drawScatterPlot(QCPPainter *painter, const QVector<QPointF> &scatters, const QCPScatterStyle &style) const
{
    constexpr int kFewest = 8; // fewer are as quickly drawn one by one
    const QCPPainter::PainterModes modes = painter->modes();
    if (scatters.size() < kFewest || modes.testFlag(QCPPainter::pmVectorized) || modes.testFlag(QCPPainter::pmNoCaching)) {
        QCPGraph::drawScatterPlot(painter, scatters, style);
        return;
    }
    QRectF extent(-style.size() / 2, -style.size() / 2, style.size(), style.size());
    if (style.shape() == QCPScatterStyle::ssCustom)
        extent |= style.customPath().boundingRect();
    const QPen pen = style.isPenDefined() ? style.pen() : mPen;
    const double half =
        std::ceil(std::max({-extent.left(), extent.right(), -extent.top(), extent.bottom()}) + pen.widthF() + 1);
    const double ratio = painter->device()->devicePixelRatioF();
    const int pixels = static_cast<int>(std::ceil(2 * half * ratio)) | 1; // odd: a middle pixel stands for the point
    QPixmap marker(pixels, pixels);
    marker.setDevicePixelRatio(ratio);
    marker.fill(Qt::transparent);
    const double middle = pixels / ratio / 2;
    {
        QCPPainter once(&marker);
        once.setRenderHints(painter->renderHints());
        applyScattersAntialiasingHint(&once);
        style.applyTo(&once, mPen);
        style.drawShape(&once, middle, middle);
    }
    for (const QPointF &point : scatters)
        if (std::isfinite(point.x()) && std::isfinite(point.y()))
            painter->drawPixmap(point - QPointF(middle, middle), marker);
}

} // namespace quantoscope
