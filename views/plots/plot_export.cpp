// SPDX-License-Identifier: GPL-3.0-or-later
// What leaves a plot: files and the clipboard.
#include "views/models/texts.h"
#include "views/plots/plot_view_private.h"

#include <QBuffer>
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMessageBox>
#include <QMimeData>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace quantoscope {

namespace {

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

} // namespace

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
    d->fileWidth = size.width();
    // What depends on the room (columns, ticks) is decided for the file, not for the screen.
    const QRect screen = d->plot->viewport();
    d->plot->setViewport(QRect(QPoint(), size));
    drawNow(PlotTheme::print());
    d->plot->toPixmap(size.width(), size.height());
    if (suffix == QLatin1String("csv")) {
        // The layout decides nothing here, but ranges of a view never shown are only valid after one.
        buffer.write(joined(shownTable(), QLatin1Char(',')).toUtf8());
    } else if (suffix == QLatin1String("png")) {
        d->plot->toPixmap(size.width(), size.height()).save(&buffer, "PNG");
    } else if (suffix == QLatin1String("svg")) {
        buffer.write(svg(size));
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
    d->fileWidth = 0;
    d->plot->setViewport(screen);
    redraw(true);

    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(ErrorCode::Io, "cannot write: " + file.errorString().toStdString(), where,
                    "check folder and free space");
    return {};
}

QByteArray PlotView::svg(QSize size) const
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(96);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    generator.setTitle(viewTitle());
    QCPPainter painter(&generator);
    d->plot->toPainter(&painter, size.width(), size.height());
    painter.end();
    return bytes;
}

PlotTable PlotView::shownTable() const
{
    PlotTable table = visibleData();
    for (qsizetype column = table.columnSeries.size() - 1; column >= 0; --column) {
        if (isSeriesShown(table.columnSeries[column]))
            continue;
        table.header.removeAt(column);
        for (QStringList &row : table.rows)
            row.removeAt(column);
    }
    return table;
}

QString PlotView::visibleDataAsTsv() const
{
    if (isEmpty())
        return {};
    ensureDrawn();
    return joined(shownTable(), QLatin1Char('\t'));
}

void PlotView::copyToClipboard()
{
    if (isEmpty())
        return;
    ensureDrawn();
    auto *content = new QMimeData;
    content->setText(visibleDataAsTsv());
    content->setImageData(d->plot->toPixmap().toImage());
    content->setData(QStringLiteral("image/svg+xml"), svg(d->plot->size()));
    QGuiApplication::clipboard()->setMimeData(content);
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

QString tableNumber(double value)
{
    return QString::number(value, 'g', 9);
}

} // namespace quantoscope
