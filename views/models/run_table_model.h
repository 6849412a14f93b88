// SPDX-License-Identifier: GPL-3.0-or-later
// One row per finished evaluation, each compared with float, and with the baseline or the row above, on the same images.
#pragma once

#include "core/jobs/workbench.h"
#include "views/models/item_roles.h"

#include <QAbstractTableModel>

#include <optional>
#include <string>
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
        Calibration,
        Images,
        FloatTop1,
        Top1,
        Top5,
        ChangeFloat,
        ChangeReference,
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

    /// Every row is compared with this run; a null or unknown one: each with the row above.
    void setBaseline(const RunRecordPtr &run);
    [[nodiscard]] RunRecordPtr baseline() const; ///< null: none

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void baselineChanged(); ///< another one, none, or its record was replaced

private:
    struct Row {
        RunRecordPtr run;
        QString plan;
        std::optional<PairedComparison> toFloat;    ///< float -> quantized, when both are there
        std::optional<PairedComparison> toReference; ///< baseline (row above) -> this row, when their images are the same
        bool choseItsEnd = false; ///< this or the reference stopped when it was decided
    };

    void compare(size_t row);
    void compareAll();
    [[nodiscard]] const RunRecord *referenceOf(size_t row) const; ///< null: none
    [[nodiscard]] static QString decisionName(Decision decision);
    [[nodiscard]] static QString decisionSentence(const SequentialRecord &record);
    [[nodiscard]] QVariant figure(const Row &row, int column) const;
    [[nodiscard]] QString display(const Row &row, int column) const;
    [[nodiscard]] QString toolTip(const Row &row, int column) const;

    std::vector<Row> m_rows;
    std::string m_baseline; ///< its id, empty: none
};

} // namespace quantoscope
