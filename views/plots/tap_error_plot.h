// SPDX-License-Identifier: GPL-3.0-or-later
// Where inside the selected tap the error is: per channel and per token.
#pragma once

#include "core/analysis/error_figure.h"
#include "views/plots/plot_view.h"

class QCPAxisRect;

namespace quantoscope {

/// Two panels with axes of their own: the error of each channel (output channel of a weight, head of attention) and of
/// each token, of the tap's own quantizer and of the whole network up to it. A click selects the channel.
class TapErrorPlot : public PlotView {
    Q_OBJECT
public:
    explicit TapErrorPlot(QWidget *parent = nullptr);

    void setFigure(ErrorFigure figure);

    QString viewName() const override;
    QString viewTitle() const override;
    bool canSwitchScale() const override { return m_figure != ErrorFigure::SqnrDb; }

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    int channelAt(QPointF position) const override;
    bool showsSelectionOnly() const override { return true; }
    bool logScaleAtFirst() const override { return m_figure != ErrorFigure::SqnrDb; }

private:
    struct Panel {
        QCPAxisRect *rect = nullptr;
        QString place; ///< "channel" or "token", for tables
        QString title; ///< of the axis
        std::vector<double> isolated;
        std::vector<double> cumulative;
    };
    void drawPanel(Panel &panel, const PlotTheme &theme);

    ErrorFigure m_figure = ErrorFigure::SqnrDb;
    std::vector<Panel> m_panels;
};

} // namespace quantoscope
