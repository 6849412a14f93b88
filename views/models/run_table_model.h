// SPDX-License-Identifier: GPL-3.0-or-later
// One row per finished evaluation, each compared with float and with the row above on the same images.
#pragma once

#include "core/jobs/workbench.h"
#include "views/models/item_roles.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace quantoscope {

/// GUI thread. Comparisons are paired: only images that both sides evaluated count.
class RunTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        Run,
        Recipe,
        Plan,
        Images,
        FloatTop1,
        Top1,
        Top5,
        ChangeFloat,
        ChangePrevious,
        Agreement,
        PValue,
        ImagesPerSecond,
        Status,
        ColumnCount
    };

    explicit RunTableModel(QObject *parent = nullptr);
    ~RunTableModel() override;

    /// Adds a row, or replaces the one with the same id. Returns its row.
    int addRun(RunRecordPtr run);
    void clear();
    [[nodiscard]] RunRecordPtr runAt(int row) const; ///< null outside

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row {
        RunRecordPtr run;
        QString plan;
        std::optional<PairedComparison> toFloat;    ///< float -> quantized, when both are there
        std::optional<PairedComparison> toPrevious; ///< row above -> this row, when their images are the same
        bool choseItsEnd = false; ///< this or the row above stopped when it was decided
    };

    void compare(size_t row);
    [[nodiscard]] static QString decisionName(Decision decision);
    [[nodiscard]] static QString decisionSentence(const SequentialRecord &record);
    [[nodiscard]] QVariant figure(const Row &row, int column) const;
    [[nodiscard]] QString display(const Row &row, int column) const;
    [[nodiscard]] QString toolTip(const Row &row, int column) const;

    std::vector<Row> m_rows;
};

} // namespace quantoscope
