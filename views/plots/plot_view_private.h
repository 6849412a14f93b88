// SPDX-License-Identifier: GPL-3.0-or-later
// The state of a PlotView, shared by its source files.
#pragma once

#include "views/plots/plot_view.h"

#include <qcustomplot.h>

#include <QHash>
#include <QLabel>
#include <QPointer>
#include <QRubberBand>
#include <QSet>
#include <QStackedLayout>
#include <QTimer>


namespace quantoscope {

inline const QString kCrosshairLayer = QStringLiteral("crosshair");

class PlotView::Private {
public:
    struct LinkedAxis {
        QPointer<QCPAxis> axis; ///< horizontal
        AxisScale scale;
    };
    struct Rect {
        QPointer<QCPAxisRect> rect;
        bool sharesX = false; ///< with the main rect
        bool sharesY = false;
    };
    struct Series {
        QString id;
        QString label;
        std::vector<QPointer<QCPAbstractPlottable>> plottables;
    };
    QStackedLayout *stack = nullptr;
    QCustomPlot *plot = nullptr;
    QLabel *empty = nullptr;
    QLabel *readout = nullptr;
    QRubberBand *box = nullptr;
    RunRecordPtr run;
    int selected = -1;
    int channel = -1;
    /// Of the export that is drawn for; 0: the screen. Not asked of the viewport, which a layout may set back meanwhile.
    int fileWidth = 0;
    bool compact = false; ///< too low for a caption: the line under the plot shows it
    bool legendLeftOut = false; ///< it would take too much of a low plot
    QString captionText;
    bool keepsReadout = false;    ///< the next drawing is of the same data
    bool readoutIsCaption = true; ///< not a value that was pointed at
    bool dirty = true;
    QTimer later; ///< draws what is dirty
    bool zoomed = false;  ///< the user chose the ranges
    bool drawing = false; ///< ranges change because draw() sets them
    bool boxing = false;  ///< a box is being dragged
    bool boxSelects = false; ///< it selects layers instead of zooming
    QPoint pressed;
    QColor background; ///< of the current drawing
    std::optional<bool> logScale; ///< the user's choice
    QSet<QString> hidden;         ///< series, kept over drawings
    bool linked = false;          ///< follows other plots, and they this one
    std::vector<AxisSpan> spans;  ///< chosen here or in a linked plot, kept over drawings; one a subject
    bool spansWait = false;       ///< to be shown when the plot is looked at
    std::vector<Series> series;

    // Rebuilt by every drawing, owned by the plot's layout.
    QPointer<QCPAxisRect> mainRect;
    std::vector<Rect> rects;
    std::vector<LinkedAxis> axes;
    QPointer<QCPTextElement> title;
    QPointer<QCPTextElement> caption;
    QPointer<QCPMarginGroup> margins;
    QPointer<QCPItemLine> horizontal;
    QPointer<QCPItemLine> vertical;

    [[nodiscard]] const Rect *rectAt(QPointF position) const
    {
        for (const Rect &one : rects)
            if (one.rect && one.rect->rect().contains(position.toPoint()))
                return &one;
        return nullptr;
    }

    void forgetSpan(const AxisSubject &subject)
    {
        std::erase_if(spans, [&](const AxisSpan &one) { return one.subject == subject; });
    }

    void keepSpan(const AxisSpan &span)
    {
        forgetSpan(span.subject);
        spans.push_back(span);
    }

    void moveCrosshair(QPointF position)
    {
        if (!horizontal || !vertical || rects.empty())
            return;
        const Rect *under = rectAt(position);
        horizontal->setVisible(under);
        vertical->setVisible(under);
        if (under) {
            double left = under->rect->left();
            double right = under->rect->right();
            double top = under->rect->top();
            double bottom = under->rect->bottom();
            for (const Rect &other : rects) {
                if (under->sharesX && other.sharesX) {
                    top = std::min<double>(top, other.rect->top());
                    bottom = std::max<double>(bottom, other.rect->bottom());
                }
                if (under->sharesY && other.sharesY) {
                    left = std::min<double>(left, other.rect->left());
                    right = std::max<double>(right, other.rect->right());
                }
            }
            horizontal->start->setPixelPosition({left, position.y()});
            horizontal->end->setPixelPosition({right, position.y()});
            vertical->start->setPixelPosition({position.x(), top});
            vertical->end->setPixelPosition({position.x(), bottom});
        }
        plot->layer(kCrosshairLayer)->replot();
    }
};

} // namespace quantoscope
