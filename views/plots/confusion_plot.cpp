// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/confusion_plot.h"

#include "views/models/texts.h"

#include <qcustomplot.h>

#include <QKeyEvent>

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

constexpr int kNamePixels = 150;  ///< longer names end in an ellipsis
constexpr double kNameAngle = 55; ///< of the columns' names, degrees
constexpr int kMost = 40;         ///< more cells than that are looked up, not seen
constexpr int kFewest = 4;
constexpr int kOverhead = 96;     ///< pixels of title, colour scale, caption and axis labels
constexpr QSize kUnseen(960, 600); ///< before the plot has a size of its own

} // namespace

ConfusionPlot::ConfusionPlot(QWidget *parent) : PlotView(parent)
{
}

QString ConfusionPlot::viewName() const
{
    return QStringLiteral("confusion");
}

QString ConfusionPlot::viewTitle() const
{
    return tr("Confusion");
}

void ConfusionPlot::setChanges(RunChangesPtr changes)
{
    if (changes == m_changes)
        return;
    m_changes = std::move(changes);
    m_list = m_changes ? classChanges(m_changes->flips, m_rows) : std::vector<ClassChange>();
    m_marked = m_chosen = {};
    redraw(false);
}

void ConfusionPlot::setRows(ChangeRows rows)
{
    if (rows == m_rows)
        return;
    m_rows = rows;
    m_list = m_changes ? classChanges(m_changes->flips, m_rows) : std::vector<ClassChange>();
    m_marked = {};
    choose({});
    redraw(false);
}

QString ConfusionPlot::emptyText() const
{
    if (!m_changes)
        return tr("Evaluate a run with “Evaluate in float”, or pin a run as baseline, to see which classes are taken for "
                  "which others.");
    if (!m_list.empty())
        return {};
    return m_rows == ChangeRows::Truth && !classChanges(m_changes->flips, ChangeRows::Before).empty()
             ? tr("The true classes of these images are unknown: choose the class before as rows.")
             : tr("No image changed its best class.");
}

std::pair<int, int> ConfusionPlot::room() const
{
    const QSize size = plot()->isVisible() ? plot()->size() : kUnseen;
    const int line = QFontMetrics(font()).height() + 4;
    const int names = static_cast<int>(kNamePixels * std::sin(kNameAngle * M_PI / 180)) + line;
    const auto fits = [line](int pixels) { return std::clamp(pixels / line, kFewest, kMost); };
    return {fits(size.height() - kOverhead - names), fits(size.width() - kNamePixels - 40)};
}

QString ConfusionPlot::rowName(int row) const
{
    const int index = m_matrix.from[static_cast<size_t>(row)];
    const ChangeQuestion &question = m_changes->question;
    return index == ChangeMatrix::kOther ? tr("others (%1)").arg(m_matrix.otherFrom)
                                         : Texts::className(m_rows == ChangeRows::Before ? *question.first : *question.second, index);
}

QString ConfusionPlot::columnName(int column) const
{
    const int index = m_matrix.to[static_cast<size_t>(column)];
    return index == ChangeMatrix::kOther ? tr("others (%1)").arg(m_matrix.otherTo)
                                         : Texts::className(*m_changes->question.second, index);
}

void ConfusionPlot::draw(const PlotTheme &theme)
{
    m_drawnRoom = room();
    m_matrix = changeMatrix(m_list, m_drawnRoom.first, m_drawnRoom.second);
    if (!isCell(m_marked))
        m_marked = {};
    if (!isCell(m_chosen))
        m_chosen = {};
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    const QFontMetrics metrics(font());
    const auto setNames = [&](QCPAxis *axis, size_t count, auto nameOf) {
        auto ticker = QSharedPointer<QCPAxisTickerText>::create();
        ticker->setSubTickCount(0);
        for (int i = 0; i < static_cast<int>(count); ++i)
            ticker->addTick(i, metrics.elidedText(nameOf(i), Qt::ElideRight, kNamePixels));
        axis->setTicker(ticker);
        axis->setTickLength(0);
        axis->setRange(-0.5, static_cast<double>(count) - 0.5);
    };
    setNames(y, m_matrix.from.size(), [this](int row) { return rowName(row); });
    setNames(x, m_matrix.to.size(), [this](int column) { return columnName(column); });
    y->setRangeReversed(true);
    y->setLabel(m_rows == ChangeRows::Before ? tr("Class before") : tr("True class"));
    x->setTickLabelRotation(-kNameAngle);
    x->setLabel(tr("Class after"));
    drawMatrix(theme);

    const ChangeQuestion &question = m_changes->question;
    setPlotTitle(question.first == question.second
                     ? tr("%1: classes before and after quantization").arg(QString::fromStdString(question.second->id))
                     : tr("%1 → %2: classes before and after")
                           .arg(QString::fromStdString(question.first->id), QString::fromStdString(question.second->id)));
    setCaption(tr("Images whose best class changed: %1.").arg(m_matrix.images)
               + (m_rows == ChangeRows::Truth ? QLatin1Char(' ') + tr("Framed: became right.") : QString()));
}

void ConfusionPlot::drawMatrix(const PlotTheme &theme)
{
    QCPAxis *x = mainRect()->axis(QCPAxis::atBottom);
    QCPAxis *y = mainRect()->axis(QCPAxis::atLeft);
    const auto rows = static_cast<int>(m_matrix.from.size());
    const auto columns = static_cast<int>(m_matrix.to.size());
    auto *cells = new QCPColorMap(x, y);
    cells->removeFromLegend();
    cells->setInterpolate(false);
    cells->setTightBoundary(false);
    cells->data()->setSize(columns, rows);
    cells->data()->setRange({0, std::max(columns - 1.0, 1e-9)}, {0, std::max(rows - 1.0, 1e-9)});
    int64_t largest = 1; // of single classes: what the others sum up to would darken all of them
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column)
            if (isSingle({row, column}))
                largest = std::max(largest, m_matrix.at(static_cast<size_t>(row), static_cast<size_t>(column)));
    QCPColorGradient gradient;
    const std::vector<QColor> colors = PlotTheme::sequentialColors();
    for (size_t i = 0; i < colors.size(); ++i)
        gradient.setColorStopAt(static_cast<double>(i) / static_cast<double>(colors.size() - 1), colors[i]);
    gradient.setNanHandling(QCPColorGradient::nhTransparent);
    cells->setGradient(gradient);
    cells->setDataRange({0, static_cast<double>(largest)});
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column) {
            const int64_t count = m_matrix.at(static_cast<size_t>(row), static_cast<size_t>(column));
            const bool single = isSingle({row, column}); // sums of the others have a number, but no colour
            cells->data()->setCell(column, row, count > 0 && single ? static_cast<double>(count) : std::nan(""));
            if (count == 0)
                continue;
            const int from = m_matrix.from[static_cast<size_t>(row)];
            if (m_rows == ChangeRows::Truth && from >= 0 && from == m_matrix.to[static_cast<size_t>(column)])
                addFrame({row, column}, QPen(theme.text, 1.4));
            auto *text = new QCPItemText(plot());
            text->setText(QString::number(count));
            text->setFont(font());
            // The upper end of the colours is bright, whatever the theme is.
            text->setColor(!single ? theme.text : 3 * count > 2 * largest ? QColor(Qt::black) : QColor(Qt::white));
            text->position->setAxisRect(mainRect());
            text->position->setAxes(x, y);
            text->position->setCoords(column, row);
            text->setClipAxisRect(mainRect());
        }
    addFrame(m_chosen, QPen(theme.selection, 2.8));
    addFrame(m_marked, QPen(theme.selection, 2.8, Qt::DotLine));
}

void ConfusionPlot::addFrame(Cell cell, const QPen &pen)
{
    if (!isCell(cell))
        return;
    auto *item = new QCPItemRect(plot());
    for (QCPItemPosition *corner : {item->topLeft, item->bottomRight}) {
        corner->setAxisRect(mainRect());
        corner->setAxes(mainRect()->axis(QCPAxis::atBottom), mainRect()->axis(QCPAxis::atLeft));
    }
    item->topLeft->setCoords(cell.column - 0.5, cell.row - 0.5);
    item->bottomRight->setCoords(cell.column + 0.5, cell.row + 0.5);
    item->setPen(pen);
    item->setClipAxisRect(mainRect());
}

bool ConfusionPlot::isSingle(Cell cell) const
{
    return m_matrix.from[static_cast<size_t>(cell.row)] != ChangeMatrix::kOther
        && m_matrix.to[static_cast<size_t>(cell.column)] != ChangeMatrix::kOther;
}

bool ConfusionPlot::isCell(Cell cell) const
{
    return cell.row >= 0 && cell.column >= 0 && cell.row < static_cast<int>(m_matrix.from.size())
        && cell.column < static_cast<int>(m_matrix.to.size());
}

ConfusionPlot::Cell ConfusionPlot::cellAt(QPointF position) const
{
    if (isEmpty() || !mainRect() || !mainRect()->rect().contains(position.toPoint()))
        return {};
    const Cell cell{static_cast<int>(std::lround(mainRect()->axis(QCPAxis::atLeft)->pixelToCoord(position.y()))),
                    static_cast<int>(std::lround(mainRect()->axis(QCPAxis::atBottom)->pixelToCoord(position.x())))};
    return isCell(cell) ? cell : Cell{};
}

QPointF ConfusionPlot::positionOf(int row, int column) const
{
    return {mainRect()->axis(QCPAxis::atBottom)->coordToPixel(column), mainRect()->axis(QCPAxis::atLeft)->coordToPixel(row)};
}

QString ConfusionPlot::description(Cell cell) const
{
    int64_t images = 0;
    int64_t lost = 0;
    int64_t gained = 0;
    for (const ClassChange &change :
         changesOfCell(m_list, m_matrix, static_cast<size_t>(cell.row), static_cast<size_t>(cell.column))) {
        images += change.count;
        lost += change.lost;
        gained += change.gained;
    }
    return tr("%1 → %2: %3 images, %4 lost, %5 gained")
        .arg(rowName(cell.row), columnName(cell.column))
        .arg(images)
        .arg(lost)
        .arg(gained);
}

QString ConfusionPlot::readout(QPointF position) const
{
    const Cell cell = cellAt(position);
    return isCell(cell) ? description(cell) : QString();
}

void ConfusionPlot::choose(Cell cell)
{
    const bool hasImages
        = isCell(cell) && m_matrix.at(static_cast<size_t>(cell.row), static_cast<size_t>(cell.column)) > 0;
    const Cell next = hasImages && !(cell == m_chosen) ? cell : Cell{};
    if (next == m_chosen)
        return;
    m_chosen = next;
    std::vector<int> from;
    std::vector<int> to;
    if (isCell(next))
        for (const ClassChange &change :
             changesOfCell(m_list, m_matrix, static_cast<size_t>(next.row), static_cast<size_t>(next.column))) {
            from.push_back(change.from);
            to.push_back(change.to);
        }
    for (std::vector<int> *classes : {&from, &to}) {
        std::sort(classes->begin(), classes->end());
        classes->erase(std::unique(classes->begin(), classes->end()), classes->end());
    }
    redraw(true);
    Q_EMIT cellChosen(m_rows, from, to);
}

void ConfusionPlot::clearChoice()
{
    m_chosen = {};
    redraw(true);
}

void ConfusionPlot::clicked(QPointF position)
{
    choose(cellAt(position));
}

void ConfusionPlot::mark(Cell cell)
{
    m_marked = {std::clamp(cell.row, 0, static_cast<int>(m_matrix.from.size()) - 1),
                std::clamp(cell.column, 0, static_cast<int>(m_matrix.to.size()) - 1)};
    redraw(true);
    setReadout(description(m_marked));
    setAccessibleDescription(description(m_marked));
}

void ConfusionPlot::keyPressEvent(QKeyEvent *event)
{
    const bool plain = event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    if (plain && !isEmpty()) {
        switch (event->key()) {
        case Qt::Key_Left: mark({m_marked.row, m_marked.column - 1}); return;
        case Qt::Key_Right: mark({m_marked.row, m_marked.column + 1}); return;
        case Qt::Key_Up: mark({m_marked.row - 1, m_marked.column}); return;
        case Qt::Key_Down: mark({m_marked.row + 1, m_marked.column}); return;
        case Qt::Key_Return:
        case Qt::Key_Enter: choose(m_marked); return;
        default: break;
        }
    }
    PlotView::keyPressEvent(event);
}

void ConfusionPlot::resizeEvent(QResizeEvent *event)
{
    PlotView::resizeEvent(event);
    if (!isEmpty() && room() != m_drawnRoom) {
        m_marked = {};
        choose({}); // the same place would be another pair of classes
        redraw(false);
    }
}

PlotTable ConfusionPlot::visibleData() const
{
    PlotTable table;
    table.header = {m_rows == ChangeRows::Before ? QStringLiteral("class_before") : QStringLiteral("true_class"),
                    QStringLiteral("name"), QStringLiteral("class_after"), QStringLiteral("name_after"),
                    QStringLiteral("images"), QStringLiteral("lost"), QStringLiteral("gained")};
    const QCPRange columns = mainRect()->axis(QCPAxis::atBottom)->range();
    const QCPRange rows = mainRect()->axis(QCPAxis::atLeft)->range();
    const ChangeQuestion &question = m_changes->question;
    for (const ClassChange &change : m_list)
        if (rows.contains(static_cast<double>(m_matrix.rowOf(change)))
            && columns.contains(static_cast<double>(m_matrix.columnOf(change))))
            table.rows.push_back({QString::number(change.from), Texts::className(*question.first, change.from),
                                  QString::number(change.to), Texts::className(*question.second, change.to),
                                  QString::number(change.count), QString::number(change.lost),
                                  QString::number(change.gained)});
    return table;
}

} // namespace quantoscope
