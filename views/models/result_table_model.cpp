// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/result_table_model.h"

#include "views/models/texts.h"

#include <QLocale>

#include <cmath>

namespace quantoscope {

namespace {

QString signedPoints(double points)
{
    const QString text = QLocale().toString(std::abs(points), 'f', 2);
    return (points < 0 ? QStringLiteral("−") : QStringLiteral("+")) + text;
}

} // namespace

void ResultTableModel::setTable(ResultTablePtr table)
{
    const bool sameRows = m_table && table && m_table->cells.size() == table->cells.size() && !table->cells.empty();
    if (sameRows) {
        m_table = std::move(table);
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_table = std::move(table);
    endResetModel();
}

QString ResultTableModel::stateText(CellState state)
{
    switch (state) {
    case CellState::Missing: return tr("not run");
    case CellState::Stale: return tr("stale");
    case CellState::Done: return tr("done");
    case CellState::NoWeights: return tr("no weights");
    case CellState::Failed: return tr("failed");
    }
    return {};
}

int ResultTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_table ? 0 : static_cast<int>(m_table->cells.size());
}

int ResultTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant ResultTableModel::figure(const ResultCell &cell, int column) const
{
    const bool done = cell.state == CellState::Done;
    const bool published = !std::isnan(cell.published);
    switch (column) {
    case Published: return published ? QVariant(cell.published) : QVariant();
    case Measured: return done ? QVariant(cell.top1) : QVariant();
    case ToPublished: return done && published ? QVariant(cell.top1 - cell.published) : QVariant();
    case ToFloat: return done && cell.paired ? QVariant(cell.difference) : QVariant();
    case Images: return done ? QVariant(static_cast<qlonglong>(cell.images)) : QVariant();
    default: return {};
    }
}

QString ResultTableModel::display(const ResultCell &cell, int column) const
{
    switch (column) {
    case SuiteName: return QString::fromStdString(m_table->suiteOf(cell).name);
    case Model: return QString::fromStdString(m_table->modelOf(cell).name);
    case Method: return QString::fromStdString(m_table->methodOf(cell).name);
    case Bits: {
        const std::string &bits = m_table->methodOf(cell).bits;
        return bits.empty() ? tr("float") : QString::fromStdString(bits);
    }
    case State: return stateText(cell.state);
    default: break;
    }
    const QVariant value = figure(cell, column);
    if (!value.isValid())
        return QStringLiteral("–");
    const QLocale locale;
    const auto interval = [&](const Interval &range) {
        return QStringLiteral(" [%1, %2]").arg(locale.toString(range.low, 'f', 1), locale.toString(range.high, 'f', 1));
    };
    switch (column) {
    case Published: return Texts::percent(value.toDouble());
    case Measured: return Texts::percent(value.toDouble()) + interval(cell.top1Interval);
    case ToPublished: return signedPoints(value.toDouble());
    case ToFloat: return signedPoints(value.toDouble()) + interval(cell.differenceInterval);
    case Images: return locale.toString(value.toLongLong());
    default: return {};
    }
}

QString ResultTableModel::toolTip(const ResultCell &cell) const
{
    QStringList lines;
    if (!cell.reason.empty())
        lines << QString::fromStdString(cell.reason);
    if (const SuiteMethod &method = m_table->methodOf(cell); !method.note.empty())
        lines << QString::fromStdString(method.note);
    if (cell.paired)
        lines << tr("Against float on the same images: %1 gained, %2 lost, McNemar p = %3")
                     .arg(cell.gained)
                     .arg(cell.lost)
                     .arg(Texts::number(cell.mcnemarP, 2));
    if (!cell.file.empty())
        lines << QString::fromStdString(cell.file);
    return lines.join(QLatin1Char('\n'));
}

QVariant ResultTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ResultCell &cell = m_table->cells[static_cast<size_t>(index.row())];
    const bool number = index.column() >= Published && index.column() <= Images;
    switch (role) {
    case Qt::DisplayRole: return display(cell, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft)));
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole: return toolTip(cell);
    case SortRole: return number ? figure(cell, index.column()) : QVariant(display(cell, index.column()));
    case FilterRole:
        return QString(display(cell, SuiteName) + QLatin1Char(' ') + display(cell, Model) + QLatin1Char(' ')
                       + display(cell, Method) + QLatin1Char(' ') + display(cell, Bits) + QLatin1Char(' ')
                       + display(cell, State));
    default: return {};
    }
}

QVariant ResultTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool tip = role == Qt::ToolTipRole;
    switch (section) {
    case SuiteName: return tip ? tr("Table of a paper") : tr("Suite");
    case Model: return tip ? tr("Model as the paper calls it") : tr("Model");
    case Method: return tip ? tr("Method as the paper calls it") : tr("Method");
    case Bits: return tip ? tr("Bits of weights, activations and attention weights") : tr("W/A/Attn");
    case Published: return tip ? tr("Top-1 as the paper states it") : tr("Published");
    case Measured: return tip ? tr("Top-1 with its 95 % interval (Wilson)") : tr("Measured [95 %]");
    case ToPublished: return tip ? tr("Measured minus published, percentage points") : tr("Δ published [pp]");
    case ToFloat:
        return tip ? tr("Measured minus float on the same images, with its 95 % interval, percentage points")
                   : tr("Δ float [pp]");
    case Images: return tip ? tr("Evaluated images") : tr("Images");
    case State: return tip ? tr("Whether the result is there") : tr("State");
    default: return {};
    }
}

} // namespace quantoscope
