// SPDX-License-Identifier: GPL-3.0-or-later
// A text of a plot that wraps at the plot's width: private to views/plots.
#pragma once

#include <qcustomplot.h>

namespace quantoscope {

/// QCPTextElement asks for its full unwrapped width, which would push the axes out of a narrow plot.
class WrappedText : public QCPTextElement {
public:
    WrappedText(QCustomPlot *plot, const QString &text, const QFont &font, Qt::Alignment alignment)
        : QCPTextElement(plot, text, font)
    {
        setTextFlags(static_cast<int>(alignment) | Qt::TextWordWrap);
        setLayer(QStringLiteral("main"));
    }

protected:
    QSize minimumOuterSizeHint() const override { return {10, wrappedHeight()}; }
    QSize maximumOuterSizeHint() const override { return {QWIDGETSIZE_MAX, wrappedHeight()}; }

private:
    int wrappedHeight() const
    {
        const int width = parentPlot()->viewport().width() - margins().left() - margins().right();
        const QRect bounds(0, 0, std::max(width, 50), QWIDGETSIZE_MAX);
        return QFontMetrics(font()).boundingRect(bounds, textFlags(), text()).height() + margins().top()
             + margins().bottom();
    }
};

} // namespace quantoscope
