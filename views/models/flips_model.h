// SPDX-License-Identifier: GPL-3.0-or-later
// The images whose prediction changed, as a table with thumbnails.
#pragma once

#include "core/analysis/class_changes.h"
#include "core/jobs/change_finder.h"
#include "core/jobs/thumbnail_loader.h"
#include "views/models/filter_proxy.h"

#include <QAbstractTableModel>
#include <QCache>
#include <QMultiHash>
#include <QPixmap>

#include <optional>

namespace quantoscope {

/// Shows the pictures that `thumbnails` holds and asks for none: what is visible only the view knows. GUI thread.
class FlipsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Image, TrueClass, Before, After, Kind, MarginChange, ColumnCount };
    static constexpr int kSide = 40; ///< of a thumbnail in the table, in pixels

    explicit FlipsModel(ThumbnailLoader &thumbnails, QObject *parent = nullptr);

    /// Null empties the table.
    void setChanges(RunChangesPtr changes);
    [[nodiscard]] const RunChangesPtr &changes() const { return m_changes; }
    [[nodiscard]] const Flip *flipAt(int row) const;   ///< null outside
    [[nodiscard]] QString pathAt(int row) const;       ///< of the image file, or through its archive
    [[nodiscard]] static QString kindText(FlipKind kind);
    /// A grey square, crossed out where `missing`.
    [[nodiscard]] static QPixmap placeholder(int side, bool missing);
    [[nodiscard]] static QImage imageOf(const ThumbnailPtr &thumbnail); ///< null without a picture

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void showThumbnail(const QString &path);
    [[nodiscard]] QString display(int row, int column) const;
    [[nodiscard]] QVariant sortValue(int row, int column) const;
    [[nodiscard]] QString toolTip(int row, int column) const;
    [[nodiscard]] QPixmap decoration(int row) const;

    ThumbnailLoader &m_thumbnails;
    RunChangesPtr m_changes;
    std::vector<QString> m_paths;
    QMultiHash<QString, int> m_rowsOfPath;
    mutable QCache<QString, QPixmap> m_small;
};

/// Filters a FlipsModel by kind and classes, besides the words of FilterProxy.
class FlipsProxy : public FilterProxy {
    Q_OBJECT
public:
    using FilterProxy::FilterProxy;

    void setKind(std::optional<FlipKind> kind);
    /// Images whose class was (or is, by truth) one of `from` and became one of `to`; two empty lists: all images.
    void setClasses(ChangeRows rows, std::vector<int> from, std::vector<int> to);

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const override;

private:
    std::optional<FlipKind> m_kind;
    ChangeRows m_rows = ChangeRows::Before;
    std::vector<int> m_from;
    std::vector<int> m_to;
};

} // namespace quantoscope
