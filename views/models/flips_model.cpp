// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/flips_model.h"

#include "views/models/item_roles.h"
#include "views/models/texts.h"

#include <QFileInfo>
#include <QGuiApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace quantoscope {

namespace {

constexpr int kSmallKept = 1000; ///< some 6 MB

QString withConfidence(const QString &name, double confidence)
{
    return std::isfinite(confidence) ? QStringLiteral("%1 · %2").arg(name, Texts::percent(100 * confidence, 1)) : name;
}

} // namespace

FlipsModel::FlipsModel(ThumbnailLoader &thumbnails, QObject *parent)
    : QAbstractTableModel(parent), m_thumbnails(thumbnails), m_small(kSmallKept)
{
    connect(&thumbnails, &ThumbnailLoader::ready, this, &FlipsModel::showThumbnail);
}

void FlipsModel::setChanges(RunChangesPtr changes)
{
    beginResetModel();
    m_changes = std::move(changes);
    m_paths.clear();
    m_rowsOfPath.clear();
    if (m_changes)
        for (const Flip &flip : m_changes->flips.flips) {
            const QString path
                = QString::fromStdString(imagePath(m_changes->question.second->images, flip.imageSecond));
            m_rowsOfPath.insert(path, static_cast<int>(m_paths.size()));
            m_paths.push_back(path);
        }
    endResetModel();
}

void FlipsModel::showThumbnail(const QString &path)
{
    m_small.remove(path);
    for (const int row : m_rowsOfPath.values(path))
        Q_EMIT dataChanged(index(row, Image), index(row, Image), {Qt::DecorationRole, Qt::ToolTipRole});
}

const Flip *FlipsModel::flipAt(int row) const
{
    return row >= 0 && row < rowCount() ? &m_changes->flips.flips[static_cast<size_t>(row)] : nullptr;
}

QString FlipsModel::pathAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_paths[static_cast<size_t>(row)] : QString();
}

QString FlipsModel::kindText(FlipKind kind)
{
    switch (kind) {
    case FlipKind::Lost: return tr("lost");
    case FlipKind::Gained: return tr("gained");
    case FlipKind::StillWrong: return tr("wrong in another way");
    case FlipKind::Unlabelled: return tr("class unknown");
    }
    return {};
}

QPixmap FlipsModel::placeholder(int side, bool missing)
{
    const double ratio = qGuiApp->devicePixelRatio();
    QPixmap pixmap(QSize(side, side) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QColor(128, 128, 128, 160), 1));
    painter.setBrush(QColor(128, 128, 128, 60));
    const QRectF frame = QRectF(0, 0, side, side).adjusted(1.5, 1.5, -1.5, -1.5);
    painter.drawRect(frame);
    if (missing) {
        painter.drawLine(frame.topLeft(), frame.bottomRight());
        painter.drawLine(frame.topRight(), frame.bottomLeft());
    }
    return pixmap;
}

QImage FlipsModel::imageOf(const ThumbnailPtr &thumbnail)
{
    if (!thumbnail || thumbnail->width == 0)
        return {};
    // The image shares the thumbnail's bytes and keeps them alive.
    return QImage(thumbnail->rgb.data(), thumbnail->width, thumbnail->height, qsizetype{3} * thumbnail->width,
                  QImage::Format_RGB888, [](void *owner) { delete static_cast<ThumbnailPtr *>(owner); },
                  new ThumbnailPtr(thumbnail));
}

QPixmap FlipsModel::decoration(int row) const
{
    const QString &path = m_paths[static_cast<size_t>(row)];
    if (const QPixmap *known = m_small.object(path))
        return *known;
    const ThumbnailPtr thumbnail = m_thumbnails.find(path);
    const QImage image = imageOf(thumbnail);
    if (image.isNull())
        return placeholder(kSide, thumbnail != nullptr);
    const double ratio = qGuiApp->devicePixelRatio();
    const QSize box = QSize(kSide, kSide) * ratio;
    const bool shrinks = image.width() > box.width() || image.height() > box.height();
    auto *small = new QPixmap(
        QPixmap::fromImage(shrinks ? image.scaled(box, Qt::KeepAspectRatio, Qt::SmoothTransformation) : image));
    small->setDevicePixelRatio(ratio);
    const QPixmap result = *small;
    m_small.insert(path, small);
    return result;
}

int FlipsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_changes ? 0 : static_cast<int>(m_changes->flips.flips.size());
}

int FlipsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QString FlipsModel::display(int row, int column) const
{
    const Flip &flip = *flipAt(row);
    const RunRecord &first = *m_changes->question.first;
    const RunRecord &second = *m_changes->question.second;
    switch (column) {
    case Image: return QFileInfo(m_paths[static_cast<size_t>(row)]).fileName();
    case TrueClass: return Texts::className(second, flip.label);
    case Before: return withConfidence(Texts::className(first, flip.before[0]), flip.confidenceBefore[0]);
    case After: return withConfidence(Texts::className(second, flip.after[0]), flip.confidenceAfter[0]);
    case Kind: return kindText(flip.kind);
    case MarginChange:
        return std::isnan(flip.marginChange()) ? QStringLiteral("–") : Texts::signedNumber(flip.marginChange(), 2);
    default: return {};
    }
}

QVariant FlipsModel::sortValue(int row, int column) const
{
    const Flip &flip = *flipAt(row);
    switch (column) {
    case Before: return Texts::className(*m_changes->question.first, flip.before[0]);
    case After: return Texts::className(*m_changes->question.second, flip.after[0]);
    case MarginChange: // by size, whichever way it goes
        return std::isnan(flip.marginChange()) ? QVariant() : QVariant(std::abs(flip.marginChange()));
    default: return display(row, column);
    }
}

QString FlipsModel::toolTip(int row, int column) const
{
    const Flip &flip = *flipAt(row);
    switch (column) {
    case Image: {
        const QString &path = m_paths[static_cast<size_t>(row)];
        const ThumbnailPtr thumbnail = m_thumbnails.find(path);
        if (thumbnail && !thumbnail->problem.empty())
            return tr("%1\nCannot be shown: %2").arg(path, QString::fromStdString(thumbnail->problem));
        return path;
    }
    case MarginChange:
        if (std::isnan(flip.marginChange()))
            return tr("The run keeps no logits.");
        return tr("Lead of the true class over the best other one: %1 before, %2 after (difference of logits)")
            .arg(Texts::signedNumber(flip.marginBefore, 2), Texts::signedNumber(flip.marginAfter, 2));
    default: return display(row, column);
    }
}

QVariant FlipsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    switch (role) {
    case Qt::DisplayRole: return display(index.row(), index.column());
    case Qt::DecorationRole: return index.column() == Image ? QVariant(decoration(index.row())) : QVariant();
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole: return toolTip(index.row(), index.column());
    case Qt::TextAlignmentRole:
        return index.column() == MarginChange ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case SortRole: return sortValue(index.row(), index.column());
    case FilterRole: {
        QStringList words{m_paths[static_cast<size_t>(index.row())]};
        for (const int column : {TrueClass, Before, After, Kind})
            words << display(index.row(), column);
        return words.join(QLatin1Char(' '));
    }
    default: return {};
    }
}

QVariant FlipsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const bool tip = role == Qt::ToolTipRole;
    switch (section) {
    case Image: return tr("Image");
    case TrueClass: return tr("Class");
    case Before: return tip ? tr("Best class before, with its softmax probability") : tr("Before");
    case After: return tip ? tr("Best class after, with its softmax probability") : tr("After");
    case Kind: return tr("Change");
    case MarginChange:
        return tip ? tr("Change of the true class's lead over the best other class (logits); sorted by size")
                   : tr("Δ margin");
    default: return {};
    }
}

void FlipsProxy::setKind(std::optional<FlipKind> kind)
{
    m_kind = kind;
    invalidateFilter();
}

void FlipsProxy::setClasses(ChangeRows rows, std::vector<int> from, std::vector<int> to)
{
    m_rows = rows;
    m_from = std::move(from);
    m_to = std::move(to);
    invalidateFilter();
}

bool FlipsProxy::filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const
{
    const Flip *flip = static_cast<const FlipsModel *>(sourceModel())->flipAt(sourceRow);
    if (!flip || (m_kind && flip->kind != *m_kind))
        return false;
    if (!m_from.empty() || !m_to.empty()) {
        const auto holds = [](const std::vector<int> &classes, int wanted) {
            return std::find(classes.begin(), classes.end(), wanted) != classes.end();
        };
        if (flip->before[0] == flip->after[0] || !holds(m_to, flip->after[0])
            || !holds(m_from, m_rows == ChangeRows::Before ? flip->before[0] : flip->label))
            return false;
    }
    return FilterProxy::filterAcceptsRow(sourceRow, sourceParent);
}

} // namespace quantoscope
