// SPDX-License-Identifier: GPL-3.0-or-later
// What every plot shares: theme, zoom, pan, read-out, copy, export, empty state.
#pragma once

#include "core/base/result.h"
#include "core/jobs/workbench.h"
#include "views/plots/axis_span.h"
#include "views/plots/plot_theme.h"

#include <QSize>
#include <QStringList>
#include <QWidget>

#include <memory>
#include <vector>

class QCustomPlot;
class QMenu;
class QPen;
class QCPAbstractPlottable;
class QCPAxis;
class QCPAxisRect;

namespace quantoscope {

/// What a plot shows, as a table for the clipboard and CSV.
struct PlotTable {
    QStringList header; ///< names with units
    std::vector<QStringList> rows;
    QStringList columnSeries = {}; ///< per column the series it belongs to, empty: none; a hidden series' columns are left out
};

/// A part of a plot that can be hidden.
struct PlotSeries {
    QString id;    ///< stable English name
    QString label; ///< as in the legend
    bool shown = true;
};

/// Base of all plots of a run. Wheel zooms, dragging pans, dragging with Shift zooms into a box, a double click or Home
/// shows everything again. + and - zoom the horizontal axis, with Ctrl the vertical one; Shift and an arrow key pan; the
/// plain arrow keys walk along the layers; L switches the logarithmic axis; Ctrl+C copies. Linked plots (AxisLinker) show the
/// same part of a horizontal axis. A click on a legend entry hides
/// its series, in exports too. Exports use a white print theme whatever the screen shows. GUI thread.
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

    /// Index of the channel that another plot points at; -1 none. Marked where channels are shown.
    void setSelectedChannel(int channel);
    [[nodiscard]] int selectedChannel() const;

    /// Stable English name for file names and the command line; plotNames() lists them.
    [[nodiscard]] virtual QString viewName() const = 0;
    /// Translated title for menus and reports.
    [[nodiscard]] virtual QString viewTitle() const = 0;
    /// The same for a tab, where width is dear.
    [[nodiscard]] virtual QString tabTitle() const { return viewTitle(); }
    [[nodiscard]] bool isEmpty() const; ///< nothing to show; emptyText() says why

    /// What the legend lists.
    [[nodiscard]] std::vector<PlotSeries> series() const;
    void setSeriesShown(const QString &id, bool shown);
    [[nodiscard]] bool isSeriesShown(const QString &id) const;

    /// Whether the plot has an axis that can be linear or logarithmic.
    [[nodiscard]] virtual bool canSwitchScale() const { return false; }
    void setLogScale(bool logarithmic); ///< ignored when it cannot be switched
    [[nodiscard]] bool isLogScale() const;

    /// What the horizontal axes that have a subject show now.
    [[nodiscard]] std::vector<AxisSpan> spans() const;
    /// Whether spanChanged and spanReset are sent, and showSpan is heeded. A linked plot keeps its span when another figure
    /// or group of layers is chosen; off at first.
    void setLinked(bool on);
    /// Shows the same part where an axis has that subject, now or later; an unseen plot only when it is looked at.
    void showSpan(const AxisSpan &span);
    void showAllOf(const AxisSubject &subject); ///< resets the view if an axis has that subject

    /// Writes the plot as it is zoomed. The suffix decides: png, svg, pdf or csv. `size` in pixels (1/96 inch in PDF).
    /// Errors: Usage (unknown suffix), BadInput (nothing to show, size), Io.
    [[nodiscard]] Result<void> exportTo(const QString &path, QSize size = QSize(960, 600));
    /// The data inside the visible axis ranges, tab separated, with a header line; numbers in the C locale.
    [[nodiscard]] QString visibleDataAsTsv() const;

public Q_SLOTS:
    void copyToClipboard();     ///< image, SVG drawing, and the visible data as TSV text
    void resetView();           ///< shows all data again
    void exportInteractively(); ///< asks for a file; reports a failure in a message box

Q_SIGNALS:
    void tapSelected(int tap);
    void tapsSelected(const std::vector<int> &taps); ///< a box was dragged around them with Ctrl; at least one
    void channelSelected(int channel);
    /// The context menu is complete and about to open for a tap (under the pointer, else the selected one; -1 none).
    void menuAboutToShow(QMenu *menu, int tap);
    void spanChanged(const AxisSpan &span);        ///< the user zoomed or panned a horizontal axis
    void spanReset(const AxisSubject &subject);    ///< the user asked for everything
    void seriesChanged(); ///< another list of series, or one was shown or hidden

protected:
    explicit PlotView(QWidget *parent);

    /// Builds everything that is shown from run() and selectedTap(), and sets the full axis ranges. The plot is empty then.
    virtual void draw(const PlotTheme &theme) = 0;
    /// One sentence on what to do when there is nothing to show; an empty text when there is.
    [[nodiscard]] virtual QString emptyText() const = 0;
    [[nodiscard]] virtual PlotTable visibleData() const = 0;
    /// Text under the plot for a position in plot pixels; empty when there is nothing near.
    [[nodiscard]] virtual QString readout(QPointF position) const = 0;
    /// A click at a position in plot pixels, besides tapAt and channelAt; nothing by default.
    virtual void clicked(QPointF position);
    /// The line under the plot, until the pointer moves or the plot is drawn again.
    void setReadout(const QString &text);
    /// Tap at a position in plot pixels, -1 none.
    [[nodiscard]] virtual int tapAt(QPointF position) const;
    /// Taps in a box of plot pixels, each once, in the order of their numbers: those that tapAt finds.
    [[nodiscard]] virtual std::vector<int> tapsIn(const QRect &box) const;
    /// Channel at a position in plot pixels, -1 none.
    [[nodiscard]] virtual int channelAt(QPointF position) const;
    /// Taps that the arrow keys walk along, in order.
    [[nodiscard]] virtual std::vector<int> selectableTaps() const;

    /// Whether the plot is about the selected tap alone, so that another selection starts with a fresh view.
    [[nodiscard]] virtual bool showsSelectionOnly() const { return false; }

    /// Redraws from scratch on the next turn of the event loop, or when it is looked at; `keepView` keeps zoom and pan.
    void redraw(bool keepView);
    [[nodiscard]] QCustomPlot *plot() const;
    [[nodiscard]] QCPAxisRect *mainRect() const;
    [[nodiscard]] const TapRecord *selectedRecord() const; ///< null when nothing is selected
    /// Scale before the user chose one.
    [[nodiscard]] virtual bool logScaleAtFirst() const { return false; }
    /// A horizontal axis of layers: setLayerAxis with the run's taps. With `lasts`, position i stands for all from taps[i] to
    /// lasts[i]. These three make an axis that can be linked; call in draw(), the others when the full range is set.
    void showLayers(QCPAxis *axis, const std::vector<int> &taps, const std::vector<int> &lasts = {});
    /// The selected tap's channels, tokens or heads (placeName) by number.
    void linkPlaces(QCPAxis *axis, const QString &place, size_t count);
    void linkNumbers(QCPAxis *axis, const AxisSubject &subject);
    /// Forgets which part was shown, so that the next redraw(false) shows everything.
    void forgetSpans(AxisKind kind);
    /// Called while the visible range of the main rect changes, for content that depends on it; nothing by default.
    virtual void viewChanged() {}
    /// Makes a plottable, with all others of the same id, a series that can be hidden. Call in draw().
    void addToSeries(QCPAbstractPlottable *plottable, const QString &id);
    [[nodiscard]] bool isInLegend(const QString &id) const; ///< whether a plottable of the series has an entry already
    void setPlotTitle(const QString &title);
    /// Lines under the axes, part of exports too; on the screen a low plot shows them in the line under it.
    void setCaption(const QString &caption);
    enum class RectPlace {
        BelowSharingX, ///< with the main rect's horizontal axis, which is set up before
        Below,         ///< with axes of its own
        BesideSharingY ///< right of the main rect, with its vertical axis, which is set up before
    };
    /// A further axis rect; `stretch` relative to 1 of the main one. Call before setCaption.
    [[nodiscard]] QCPAxisRect *addRect(RectPlace place, double stretch, const PlotTheme &theme);
    /// A band behind the data over [low, high] of the horizontal axis of `rect`, for what is selected.
    void addSelectionBand(QCPAxisRect *rect, double low, double high, const PlotTheme &theme);
    /// Text at a place of a rect's axes (bottom and left), clipped to it.
    void addLabel(QCPAxisRect *rect, double x, double y, const QString &text, const QColor &color, int alignment);
    static void setLogarithmic(QCPAxis *axis);
    /// Pen of a curve through so many points: a jagged curve that is dashed or wide takes longer than a frame to draw, so
    /// a long one is solid and thin whatever `style` and `width` say.
    [[nodiscard]] static QPen linePen(const QColor &color, double width, Qt::PenStyle style, int points);

    /// Too low for a caption under the axes; a plot that comes to be so, or ceases to, is drawn anew.
    [[nodiscard]] bool isLow() const;

    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void drawNow(const PlotTheme &theme);
    void linkAxis(QCPAxis *axis, AxisScale scale);
    void watchAxes();  ///< of the present drawing
    bool applySpans(); ///< whether anything changed
    void ensureDrawn() const; ///< before anything of the drawing is used
    void applySeries();
    void wrapLegend();
    void fitAxes(); ///< labels and ticks of the vertical axes that their present height has room for
    void showCaptionInReadout();
    void zoomIntoBox(QPoint end);
    [[nodiscard]] PlotTable shownTable() const; ///< visibleData() less the hidden series' columns
    [[nodiscard]] QByteArray svg(QSize size) const;

    class Private;
    std::unique_ptr<Private> d;
};

/// Number for tables: 9 significant digits in the C locale.
[[nodiscard]] QString tableNumber(double value);

} // namespace quantoscope
