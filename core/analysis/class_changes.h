// SPDX-License-Identifier: GPL-3.0-or-later
// Confusion of the classes that changed: which class became which, counted over the images whose prediction differs.
#pragma once

#include "core/analysis/flips.h"

#include <cstdint>
#include <vector>

namespace quantoscope {

/// What the rows of the confusion are.
enum class ChangeRows {
    Before, ///< the best class of the first result
    Truth,  ///< the true class; images of unknown class are left out
};

/// Images whose prediction turned from (or, by truth, whose class is) `from` and is `to` in the second result.
struct ClassChange {
    int from = -1;
    int to = -1;
    int64_t count = 0;
    int64_t lost = 0;   ///< of these
    int64_t gained = 0;
};

/// All changes of the best class, most frequent first, then by class indices. Those of the images of `list` whose best class
/// is the same on both sides (a Top5 list has such) are not counted.
[[nodiscard]] std::vector<ClassChange> classChanges(const FlipList &list, ChangeRows rows);

/// The changes as a matrix of bounded size. Classes are in index order, as neighbours in ImageNet's order are alike.
struct ChangeMatrix {
    static constexpr int kOther = -1; ///< stands last for the classes that are left out

    std::vector<int> from;       ///< class of each row
    std::vector<int> to;         ///< class of each column
    std::vector<int64_t> counts; ///< from.size() x to.size(), row-major
    int otherFrom = 0;           ///< classes that the last row sums up; 0: there is no such row
    int otherTo = 0;
    int64_t images = 0;          ///< sum of all counts

    [[nodiscard]] int64_t at(size_t row, size_t column) const { return counts[row * to.size() + column]; }
    [[nodiscard]] size_t rowOf(const ClassChange &change) const;
    [[nodiscard]] size_t columnOf(const ClassChange &change) const;
};

/// Rows and columns of at least one change. Where there are more than `mostRows` or `mostColumns` (at least 1), those with
/// the most images have a row or column of their own, and one more holds the rest.
[[nodiscard]] ChangeMatrix changeMatrix(const std::vector<ClassChange> &changes, int mostRows, int mostColumns);
/// The changes that a cell of `matrix` counts.
[[nodiscard]] std::vector<ClassChange> changesOfCell(const std::vector<ClassChange> &changes, const ChangeMatrix &matrix,
                                                     size_t row, size_t column);

} // namespace quantoscope
