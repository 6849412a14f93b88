// SPDX-License-Identifier: GPL-3.0-or-later
// Which classes were taken for which others, counted over the images whose prediction changed.
#pragma once

#include "core/analysis/class_changes.h"
#include "core/jobs/change_finder.h"
#include "views/plots/plot_view.h"

#include <utility>

namespace quantoscope {

/// A matrix of the classes that changed: from the class before (or the true class) to the class after. Only as many classes
/// as have room for their names; the rest share a row or column. A click on a cell (the arrow keys and Enter) chooses its
/// images, once more gives it up. Shows a comparison instead of a run: the caller asks for it (ChangeFinder).
class ConfusionPlot : public PlotView {
    Q_OBJECT
public:
    explicit ConfusionPlot(QWidget *parent = nullptr);

    /// Null shows the empty state.
    void setChanges(RunChangesPtr changes);
    [[nodiscard]] const RunChangesPtr &changes() const { return m_changes; }
    void setRows(ChangeRows rows);
    [[nodiscard]] ChangeRows rows() const { return m_rows; }
    [[nodiscard]] const ChangeMatrix &matrix() const { return m_matrix; } ///< as drawn last
    void clearChoice(); ///< without a signal
    /// Where a cell is drawn, in pixels of the plot; for tests.
    [[nodiscard]] QPointF positionOf(int row, int column) const;

    QString viewName() const override;
    QString viewTitle() const override;

Q_SIGNALS:
    /// Classes of the chosen cell; two empty lists: none is chosen.
    void cellChosen(quantoscope::ChangeRows rows, const std::vector<int> &from, const std::vector<int> &to);

protected:
    void draw(const PlotTheme &theme) override;
    QString emptyText() const override;
    PlotTable visibleData() const override;
    QString readout(QPointF position) const override;
    void clicked(QPointF position) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Cell {
        int row = -1;
        int column = -1;
        bool operator==(const Cell &) const = default;
    };
    [[nodiscard]] Cell cellAt(QPointF position) const; ///< -1: none
    [[nodiscard]] bool isCell(Cell cell) const;
    [[nodiscard]] std::pair<int, int> room() const;    ///< rows and columns whose names fit
    [[nodiscard]] QString rowName(int row) const;
    [[nodiscard]] QString columnName(int column) const;
    [[nodiscard]] QString description(Cell cell) const;
    [[nodiscard]] bool isSingle(Cell cell) const;      ///< of one class on either side
    void drawMatrix(const PlotTheme &theme);
    void addFrame(Cell cell, const QPen &pen);
    void choose(Cell cell);
    void mark(Cell cell);

    RunChangesPtr m_changes;
    ChangeRows m_rows = ChangeRows::Before;
    std::vector<ClassChange> m_list; ///< of m_changes and m_rows
    ChangeMatrix m_matrix;
    std::pair<int, int> m_drawnRoom;
    Cell m_marked; ///< under the keyboard
    Cell m_chosen;
};

} // namespace quantoscope
