// SPDX-License-Identifier: GPL-3.0-or-later
// What every plot shares: theme, zoom, pan, read-out, copy, export, empty state.
#pragma once

#include "core/base/result.h"
#include "core/jobs/workbench.h"
#include "views/plots/plot_theme.h"

#include <QSize>
#include <QStringList>
#include <QWidget>

#include <memory>
#include <vector>

class QCustomPlot;
class QCPAxis;
class QCPAxisRect;

namespace quantoscope {

/// What a plot shows, as a table for the clipboard and CSV.
struct PlotTable {
    QStringList header; ///< names with units
    std::vector<QStringList> rows;
};

/// Base of all plots of a run. Wheel zooms, dragging pans, a double click or Home shows everything again, + and - zoom,
/// the arrow keys walk along the layers; Ctrl+C copies. Exports use a white print theme whatever the screen shows.
/// GUI thread.
class PlotView : public QWidget {
    Q_OBJECT
public:
    ~PlotView() override;

    /// Null shows the empty state.
    void setRun(RunRecordPtr run);
    /// Index into RunRecord::taps; -1 selects nothing.
    void setSelectedTap(int tap);
    [[nodiscard]] int selectedTap() const;
    [[nodiscard]] const RunRecordPtr &run() const;

    /// Stable English name for file names and the command line: "ranges", "channels", "distribution", "error".
    [[nodiscard]] virtual QString viewName() const = 0;
    /// Translated title for tabs and menus.
    [[nodiscard]] virtual QString viewTitle() const = 0;
    [[nodiscard]] bool isEmpty() const; ///< nothing to show; emptyText() says why

    /// Writes the plot as it is zoomed. The suffix decides: png, svg, pdf or csv. `size` in pixels (1/96 inch in PDF).
    /// Errors: Usage (unknown suffix), BadInput (nothing to show, size), Io.
    [[nodiscard]] Result<void> exportTo(const QString &path, QSize size = QSize(960, 600));
    /// The data inside the visible axis ranges, tab separated, with a header line; numbers in the C locale.
    [[nodiscard]] QString visibleDataAsTsv() const;

public Q_SLOTS:
    void copyToClipboard();     ///< image, and the visible data as TSV text
    void resetView();           ///< shows all data again
    void exportInteractively(); ///< asks for a file; reports a failure in a message box

Q_SIGNALS:
    void tapSelected(int tap);

protected:
    explicit PlotView(QWidget *parent);

    /// Builds everything that is shown from run() and selectedTap(), and sets the full axis ranges. The plot is empty then.
    virtual void draw(const PlotTheme &theme) = 0;
    /// One sentence on what to do when there is nothing to show; an empty text when there is.
    [[nodiscard]] virtual QString emptyText() const = 0;
    [[nodiscard]] virtual PlotTable visibleData() const = 0;
    /// Text under the plot for a position in plot pixels; empty when there is nothing near.
    [[nodiscard]] virtual QString readout(QPointF position) const = 0;
    /// Tap at a position in plot pixels, -1 none.
    [[nodiscard]] virtual int tapAt(QPointF position) const;
    /// Taps that the arrow keys walk along, in order.
    [[nodiscard]] virtual std::vector<int> selectableTaps() const;

    /// Whether the plot is about the selected tap alone, so that another selection starts with a fresh view.
    [[nodiscard]] virtual bool showsSelectionOnly() const { return false; }

    /// Redraws from scratch; `keepView` keeps zoom and pan.
    void redraw(bool keepView);
    [[nodiscard]] QCustomPlot *plot() const;
    [[nodiscard]] QCPAxisRect *mainRect() const;
    [[nodiscard]] const TapRecord *selectedRecord() const; ///< null when nothing is selected
    void setPlotTitle(const QString &title);
    /// Lines under the axes, part of exports too.
    void setCaption(const QString &caption);
    /// An axis rect below the main one with the same horizontal axis, which is set up before; `stretch` relative to 1 of
    /// the main one. Call before setCaption.
    [[nodiscard]] QCPAxisRect *addRect(double stretch, const PlotTheme &theme);
    static void setLogarithmic(QCPAxis *axis);

    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void drawNow(const PlotTheme &theme);

    class Private;
    std::unique_ptr<Private> d;
};

/// Number for tables: 9 significant digits in the C locale.
[[nodiscard]] QString tableNumber(double value);

} // namespace quantoscope
