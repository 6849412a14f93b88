// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/plot_view.h"

#include "views/models/texts.h"
#include "views/plots/axis_tickers.h"
#include "views/plots/wrapped_text.h"

#include <qcustomplot.h>

#include <QBuffer>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPageSize>
#include <QPdfWriter>
#include <QPointer>
#include <QSaveFile>
#include <QStackedLayout>
#include <QSvgGenerator>
#include <QVBoxLayout>

namespace quantoscope {

namespace {

constexpr int kClickPixels = 4;
constexpr double kZoomStep = 0.8;
const QString kCrosshairLayer = QStringLiteral("crosshair");

QString joined(const PlotTable &table, QChar separator)
{
    const auto cell = [separator](QString text) {
        // Quoted only where the format needs it (RFC 4180); a tab separated cell has no quoting, so tabs become blanks.
        if (separator == QLatin1Char('\t'))
            return text.replace(separator, QLatin1Char(' '));
        if (text.contains(separator) || text.contains(QLatin1Char('"')) || text.contains(QLatin1Char('\n')))
            return QLatin1Char('"') + text.replace(QLatin1String("\""), QLatin1String("\"\"")) + QLatin1Char('"');
        return text;
    };
    QString out;
    const auto line = [&](const QStringList &cells) {
        for (qsizetype i = 0; i < cells.size(); ++i)
            out += (i > 0 ? QString(separator) : QString()) + cell(cells[i]);
        out += QLatin1Char('\n');
    };
    line(table.header);
    for (const QStringList &row : table.rows)
        line(row);
    return out;
}

void zoomAxis(QCPAxis *axis, double factor)
{
    const QCPRange range = axis->range();
    axis->scaleRange(factor, axis->scaleType() == QCPAxis::stLogarithmic ? std::sqrt(range.lower * range.upper)
                                                                         : range.center());
}

void applyAxisStyle(QCPAxis *axis, const PlotTheme &theme, const QFont &font)
{
    const QPen line(theme.text, 1);
    axis->setBasePen(line);
    axis->setTickPen(line);
    axis->setSubTickPen(line);
    axis->setLabelColor(theme.text);
    axis->setTickLabelColor(theme.text);
    axis->setLabelFont(font);
    axis->setTickLabelFont(font);
    axis->setLabelPadding(4);
    axis->grid()->setPen(QPen(theme.grid, 1));
    axis->grid()->setSubGridVisible(false);
    axis->grid()->setZeroLinePen(QPen(theme.grid, 1));
}

QCPAxisRect *makeRect(QCustomPlot *plot, const PlotTheme &theme, const QFont &font)
{
    auto *rect = new QCPAxisRect(plot);
    for (QCPAxis *axis : rect->axes()) {
        axis->setLayer(QStringLiteral("axes"));
        axis->grid()->setLayer(QStringLiteral("grid"));
        applyAxisStyle(axis, theme, font);
    }
    return rect;
}

} // namespace

class PlotView::Private {
public:
    QStackedLayout *stack = nullptr;
    QCustomPlot *plot = nullptr;
    QLabel *empty = nullptr;
    QLabel *readout = nullptr;
    RunRecordPtr run;
    int selected = -1;
    bool dirty = true;
    bool zoomed = false;  ///< the user chose the ranges
    bool drawing = false; ///< ranges change because draw() sets them
    QPoint pressed;

    // Rebuilt by every drawing, owned by the plot's layout.
    QPointer<QCPAxisRect> mainRect;
    std::vector<QPointer<QCPAxisRect>> rects;
    QPointer<QCPTextElement> title;
    QPointer<QCPTextElement> caption;
    QPointer<QCPMarginGroup> margins;
    QPointer<QCPItemLine> horizontal;
    QPointer<QCPItemLine> vertical;

    void moveCrosshair(QPointF position)
    {
        if (!horizontal || !vertical || rects.empty())
            return;
        QCPAxisRect *under = nullptr;
        for (const auto &rect : rects)
            if (rect->rect().contains(position.toPoint()))
                under = rect;
        horizontal->setVisible(under);
        vertical->setVisible(under);
        if (under) {
            horizontal->start->setPixelPosition({double(under->left()), position.y()});
            horizontal->end->setPixelPosition({double(under->right()), position.y()});
            vertical->start->setPixelPosition({position.x(), double(rects.front()->top())});
            vertical->end->setPixelPosition({position.x(), double(rects.back()->bottom())});
        }
        plot->layer(kCrosshairLayer)->replot();
    }
};

PlotView::PlotView(QWidget *parent) : QWidget(parent), d(std::make_unique<Private>())
{
    d->plot = new QCustomPlot;
    d->plot->setObjectName(QStringLiteral("canvas"));
    d->plot->setMinimumSize(160, 120);
    d->plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    d->plot->setMouseTracking(true);
    d->plot->addLayer(kCrosshairLayer, nullptr, QCustomPlot::limAbove);
    d->plot->layer(kCrosshairLayer)->setMode(QCPLayer::lmBuffered);
    d->plot->installEventFilter(this);
    d->empty = new QLabel;
    d->empty->setObjectName(QStringLiteral("emptyState"));
    d->empty->setAlignment(Qt::AlignCenter);
    d->empty->setWordWrap(true);
    d->empty->setMargin(24);
    d->empty->setAutoFillBackground(true);
    d->empty->setBackgroundRole(QPalette::Base);
    d->empty->setForegroundRole(QPalette::Text);
    d->readout = new QLabel;
    d->readout->setObjectName(QStringLiteral("readout"));
    d->readout->setAccessibleName(tr("Value under the pointer"));
    d->readout->setTextFormat(Qt::PlainText);
    d->readout->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    d->readout->setContentsMargins(6, 1, 6, 1);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *canvas = new QWidget;
    d->stack = new QStackedLayout(canvas);
    d->stack->addWidget(d->plot);
    d->stack->addWidget(d->empty);
    layout->addWidget(canvas, 1);
    layout->addWidget(d->readout);
    setFocusPolicy(Qt::StrongFocus);
    d->plot->setFocusProxy(this);
}

PlotView::~PlotView() = default;

QCustomPlot *PlotView::plot() const
{
    return d->plot;
}

QCPAxisRect *PlotView::mainRect() const
{
    return d->mainRect;
}

const RunRecordPtr &PlotView::run() const
{
    return d->run;
}

int PlotView::selectedTap() const
{
    return d->selected;
}

const TapRecord *PlotView::selectedRecord() const
{
    return d->run && d->selected >= 0 && static_cast<size_t>(d->selected) < d->run->taps.size()
             ? &d->run->taps[static_cast<size_t>(d->selected)]
             : nullptr;
}

bool PlotView::isEmpty() const
{
    return !emptyText().isEmpty();
}

void PlotView::setRun(RunRecordPtr run)
{
    d->run = std::move(run);
    redraw(true);
}

void PlotView::setSelectedTap(int tap)
{
    if (tap == d->selected)
        return;
    d->selected = tap;
    redraw(!showsSelectionOnly());
}

int PlotView::tapAt(QPointF) const
{
    return -1;
}

std::vector<int> PlotView::selectableTaps() const
{
    return {};
}

void PlotView::redraw(bool keepView)
{
    if (!keepView)
        d->zoomed = false;
    d->dirty = true;
    if (isVisible())
        drawNow(PlotTheme::fromPalette(palette()));
}

void PlotView::drawNow(const PlotTheme &theme)
{
    d->dirty = false;
    QCustomPlot *plot = d->plot;
    const QString nothing = emptyText();
    d->empty->setText(nothing);
    d->empty->setAccessibleName(nothing);
    d->stack->setCurrentIndex(nothing.isEmpty() ? 0 : 1);
    d->readout->setVisible(nothing.isEmpty());
    d->readout->clear();

    const bool restores = d->zoomed && d->mainRect;
    const QCPRange keptX = restores ? d->mainRect->axis(QCPAxis::atBottom)->range() : QCPRange();
    const QCPRange keptY = restores ? d->mainRect->axis(QCPAxis::atLeft)->range() : QCPRange();

    d->drawing = true;
    plot->clearPlottables();
    plot->clearItems();
    plot->plotLayout()->clear();
    plot->plotLayout()->simplify();
    d->rects.clear();
    plot->setBackground(theme.background);
    plot->plotLayout()->setRowSpacing(2);

    const QFont plain = font();
    QFont strong = plain;
    strong.setBold(true);
    d->title = new WrappedText(plot, QString(), strong, Qt::AlignLeft | Qt::AlignVCenter);
    d->title->setTextColor(theme.text);
    d->title->setMargins(QMargins(8, 4, 8, 0));
    plot->plotLayout()->addElement(0, 0, d->title);

    // The legend has a row of its own above the axes, so that it never covers data.
    auto *legendRow = new QCPLayoutGrid;
    plot->plotLayout()->addElement(1, 0, legendRow);
    plot->legend = new QCPLegend;
    legendRow->addElement(0, 0, plot->legend);
    legendRow->addElement(0, 1, new QCPLayoutElement(plot));
    legendRow->setColumnStretchFactor(0, 0.001);
    plot->legend->setLayer(QStringLiteral("legend"));
    plot->legend->setFillOrder(QCPLegend::foColumnsFirst);
    plot->legend->setFont(plain);
    plot->legend->setTextColor(theme.text);
    plot->legend->setBrush(Qt::NoBrush);
    plot->legend->setBorderPen(Qt::NoPen);
    plot->legend->setMargins(QMargins(6, 1, 6, 3));
    plot->legend->setColumnSpacing(14);
    plot->legend->setIconSize(22, QFontMetrics(plain).height() + 3);
    plot->plotLayout()->setRowStretchFactor(1, 0.001);

    d->margins = new QCPMarginGroup(plot);
    d->mainRect = makeRect(plot, theme, plain);
    d->mainRect->setMarginGroup(QCP::msLeft | QCP::msRight, d->margins);
    d->mainRect->setRangeZoomAxes(d->mainRect->axis(QCPAxis::atBottom), d->mainRect->axis(QCPAxis::atLeft));
    d->mainRect->setRangeDragAxes(d->mainRect->axis(QCPAxis::atBottom), d->mainRect->axis(QCPAxis::atLeft));
    d->mainRect->setMinimumMargins(QMargins(8, 6, 14, 6));
    plot->plotLayout()->addElement(2, 0, d->mainRect);
    d->rects.push_back(d->mainRect);
    d->caption = nullptr;

    if (nothing.isEmpty())
        draw(theme);

    if (plot->legend->itemCount() == 0) {
        plot->plotLayout()->remove(legendRow);
        plot->plotLayout()->simplify();
    }
    const auto noteZoom = [this] {
        if (!d->drawing)
            d->zoomed = true;
    };
    using RangeChanged = void (QCPAxis::*)(const QCPRange &);
    for (QCPAxis *axis : {d->mainRect->axis(QCPAxis::atBottom), d->mainRect->axis(QCPAxis::atLeft)})
        connect(axis, static_cast<RangeChanged>(&QCPAxis::rangeChanged), this, noteZoom);
    if (restores) {
        d->mainRect->axis(QCPAxis::atBottom)->setRange(keptX);
        d->mainRect->axis(QCPAxis::atLeft)->setRange(keptY);
    }
    const auto crossLine = [&] {
        auto *line = new QCPItemLine(plot);
        line->setLayer(kCrosshairLayer);
        line->setClipToAxisRect(false);
        for (QCPItemPosition *end : {line->start, line->end})
            end->setType(QCPItemPosition::ptAbsolute);
        line->setPen(QPen(theme.neutral, 1, Qt::DotLine));
        line->setVisible(false);
        return line;
    };
    d->horizontal = crossLine();
    d->vertical = crossLine();
    d->drawing = false;
    plot->replot(QCustomPlot::rpQueuedReplot);
}

void PlotView::setPlotTitle(const QString &title)
{
    d->title->setText(title);
}

void PlotView::setCaption(const QString &caption)
{
    if (!d->caption) {
        const QColor color = d->title->textColor();
        d->caption = new WrappedText(d->plot, QString(), font(), Qt::AlignLeft | Qt::AlignTop);
        d->caption->setTextColor(color);
        d->caption->setMargins(QMargins(10, 0, 8, 4));
        d->plot->plotLayout()->addElement(d->plot->plotLayout()->rowCount(), 0, d->caption);
    }
    d->caption->setText(caption);
}

QCPAxisRect *PlotView::addRect(double stretch, const PlotTheme &theme)
{
    QCPAxisRect *rect = makeRect(d->plot, theme, font());
    rect->setMarginGroup(QCP::msLeft | QCP::msRight, d->margins);
    rect->setMinimumMargins(QMargins(8, 2, 14, 4));
    QCPLayoutGrid *layout = d->plot->plotLayout();
    const int row = layout->rowCount();
    layout->addElement(row, 0, rect);
    layout->setRowStretchFactor(row, stretch);
    d->rects.push_back(rect);

    QCPAxis *own = rect->axis(QCPAxis::atBottom);
    QCPAxis *main = d->mainRect->axis(QCPAxis::atBottom);
    if (main->scaleType() == QCPAxis::stLogarithmic)
        setLogarithmic(own);
    own->setRange(main->range());
    rect->setRangeZoomAxes(own, nullptr);
    rect->setRangeDragAxes(own, nullptr);
    using SetRange = void (QCPAxis::*)(const QCPRange &);
    connect(main, static_cast<SetRange>(&QCPAxis::rangeChanged), own, static_cast<SetRange>(&QCPAxis::setRange));
    connect(own, static_cast<SetRange>(&QCPAxis::rangeChanged), main, static_cast<SetRange>(&QCPAxis::setRange));
    return rect;
}

void PlotView::setLogarithmic(QCPAxis *axis)
{
    axis->setScaleType(QCPAxis::stLogarithmic);
    axis->setTicker(QSharedPointer<DecadeTicker>::create());
    axis->setNumberFormat(QStringLiteral("gb"));
    axis->setNumberPrecision(4);
}

Result<void> PlotView::exportTo(const QString &path, QSize size)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    const std::string where = path.toStdString();
    if (!QStringList{QStringLiteral("png"), QStringLiteral("svg"), QStringLiteral("pdf"), QStringLiteral("csv")}
             .contains(suffix))
        return fail(ErrorCode::Usage, "plots are written as png, svg, pdf or csv", where,
                    "choose one of these suffixes");
    if (size.width() < 200 || size.height() < 150 || size.width() > 20'000 || size.height() > 20'000)
        return fail(ErrorCode::BadInput, "a plot must be 200x150 to 20000x20000 pixels", where,
                    "choose another size");
    if (isEmpty())
        return fail(ErrorCode::BadInput, "there is nothing to plot", where, emptyText().toStdString());

    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    drawNow(PlotTheme::print());
    if (suffix == QLatin1String("csv")) {
        // The layout decides nothing here, but ranges of a view never shown are only valid after one.
        buffer.write(joined(visibleData(), QLatin1Char(',')).toUtf8());
    } else if (suffix == QLatin1String("png")) {
        d->plot->toPixmap(size.width(), size.height()).save(&buffer, "PNG");
    } else if (suffix == QLatin1String("svg")) {
        QSvgGenerator generator;
        generator.setOutputDevice(&buffer);
        generator.setResolution(96);
        generator.setSize(size);
        generator.setViewBox(QRect(QPoint(0, 0), size));
        generator.setTitle(viewTitle());
        QCPPainter painter(&generator);
        d->plot->toPainter(&painter, size.width(), size.height());
    } else {
        QPdfWriter writer(&buffer);
        writer.setTitle(viewTitle());
        writer.setResolution(96);
        writer.setPageSize(QPageSize(QSizeF(size) * 0.75, QPageSize::Point, QString(), QPageSize::ExactMatch));
        writer.setPageMargins(QMarginsF());
        QCPPainter painter(&writer);
        painter.setMode(QCPPainter::pmVectorized);
        d->plot->toPainter(&painter, size.width(), size.height());
    }
    buffer.close();
    redraw(true);

    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(ErrorCode::Io, "cannot write: " + file.errorString().toStdString(), where,
                    "check folder and free space");
    return {};
}

QString PlotView::visibleDataAsTsv() const
{
    return isEmpty() ? QString() : joined(visibleData(), QLatin1Char('\t'));
}

void PlotView::copyToClipboard()
{
    if (isEmpty())
        return;
    auto *content = new QMimeData;
    content->setText(visibleDataAsTsv());
    content->setImageData(d->plot->toPixmap().toImage());
    QGuiApplication::clipboard()->setMimeData(content);
}

void PlotView::resetView()
{
    redraw(false);
}

void PlotView::exportInteractively()
{
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Export plot"), viewName() + QStringLiteral(".png"),
        tr("PNG image (*.png);;SVG drawing (*.svg);;PDF document (*.pdf);;CSV table of the visible data (*.csv)"));
    if (path.isEmpty())
        return;
    if (const Result<void> done = exportTo(path); !done) {
        QMessageBox box(QMessageBox::Warning, tr("Export plot"), Texts::error(done.error()), QMessageBox::Close,
                        this);
        box.setDetailedText(Texts::errorDetail(done.error()));
        box.exec();
    }
}

void PlotView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange
        || event->type() == QEvent::LanguageChange)
        redraw(true);
    QWidget::changeEvent(event);
}

void PlotView::showEvent(QShowEvent *event)
{
    if (d->dirty)
        drawNow(PlotTheme::fromPalette(palette()));
    QWidget::showEvent(event);
}

void PlotView::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu menu(this);
    QAction *copy = menu.addAction(tr("&Copy image and data"), this, &PlotView::copyToClipboard);
    QAction *save = menu.addAction(tr("&Export…"), this, &PlotView::exportInteractively);
    menu.addSeparator();
    QAction *reset = menu.addAction(tr("&Show everything"), this, &PlotView::resetView);
    menu.setToolTipsVisible(true);
    for (QAction *action : {copy, save, reset}) {
        action->setEnabled(!isEmpty());
        action->setToolTip(emptyText());
    }
    menu.exec(event->globalPos());
}

void PlotView::keyPressEvent(QKeyEvent *event)
{
    if (isEmpty() || !d->mainRect) {
        QWidget::keyPressEvent(event);
        return;
    }
    QCPAxis *x = d->mainRect->axis(QCPAxis::atBottom);
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Minus:
        zoomAxis(x, event->key() == Qt::Key_Minus ? 1 / kZoomStep : kZoomStep);
        d->plot->replot(QCustomPlot::rpQueuedReplot);
        return;
    case Qt::Key_Home: resetView(); return;
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const std::vector<int> taps = selectableTaps();
        if (taps.empty())
            break;
        const auto here = std::find(taps.begin(), taps.end(), d->selected);
        const auto count = static_cast<ptrdiff_t>(taps.size());
        const ptrdiff_t position = here == taps.end() ? -1 : here - taps.begin();
        const ptrdiff_t next =
            std::clamp<ptrdiff_t>(event->key() == Qt::Key_Left ? position - 1 : position + 1, 0, count - 1);
        Q_EMIT tapSelected(taps[static_cast<size_t>(next)]);
        return;
    }
    default: break;
    }
    if (event->matches(QKeySequence::Copy)) {
        copyToClipboard();
        return;
    }
    QWidget::keyPressEvent(event);
}

bool PlotView::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::MouseMove: {
        const QPointF position = static_cast<QMouseEvent *>(event)->position();
        d->moveCrosshair(position);
        const QString text = readout(position);
        d->readout->setText(text);
        d->readout->setToolTip(text);
        break;
    }
    case QEvent::Leave:
        d->moveCrosshair({-1, -1});
        d->readout->clear();
        break;
    case QEvent::MouseButtonPress:
        setFocus(Qt::MouseFocusReason);
        d->pressed = static_cast<QMouseEvent *>(event)->pos();
        break;
    case QEvent::MouseButtonRelease: {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        if (mouse->button() == Qt::LeftButton && (mouse->pos() - d->pressed).manhattanLength() < kClickPixels)
            if (const int tap = tapAt(mouse->position());
                tap >= 0) // later: a redraw deletes what handles this event
                QMetaObject::invokeMethod(
                    this, [this, tap] { Q_EMIT tapSelected(tap); }, Qt::QueuedConnection);
        break;
    }
    case QEvent::MouseButtonDblClick:
        resetView();
        return true; // a press would start a drag of the plot that was just rebuilt
    default: break;
    }
    return QWidget::eventFilter(watched, event);
}

QString tableNumber(double value)
{
    return QString::number(value, 'g', 9);
}

} // namespace quantoscope
