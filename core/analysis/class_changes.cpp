// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/class_changes.h"

#include <algorithm>
#include <map>
#include <utility>

namespace quantoscope {

namespace {

/// The classes with a row (or column) of their own in index order, kOther behind them when some are left out.
std::vector<int> chosenClasses(const std::map<int, int64_t> &totals, int most, int &others)
{
    std::vector<std::pair<int, int64_t>> byCount(totals.begin(), totals.end());
    std::stable_sort(byCount.begin(), byCount.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
    const auto kept = std::min(byCount.size(), static_cast<size_t>(std::max(1, most)));
    others = static_cast<int>(byCount.size() - kept);
    std::vector<int> classes;
    for (size_t i = 0; i < kept; ++i)
        classes.push_back(byCount[i].first);
    std::sort(classes.begin(), classes.end());
    if (others > 0)
        classes.push_back(ChangeMatrix::kOther);
    return classes;
}

size_t placeOf(const std::vector<int> &classes, int wanted)
{
    const auto found = std::find(classes.begin(), classes.end(), wanted);
    return found == classes.end() ? classes.size() - 1 : static_cast<size_t>(found - classes.begin());
}

} // namespace

std::vector<ClassChange> classChanges(const FlipList &list, ChangeRows rows)
{
    std::map<std::pair<int, int>, ClassChange> changes;
    for (const Flip &flip : list.flips) {
        const int from = rows == ChangeRows::Before ? flip.before[0] : flip.label;
        const int to = flip.after[0];
        if (flip.before[0] == to || from < 0)
            continue;
        ClassChange &change = changes[{from, to}];
        change.from = from;
        change.to = to;
        ++change.count;
        change.lost += flip.kind == FlipKind::Lost;
        change.gained += flip.kind == FlipKind::Gained;
    }
    std::vector<ClassChange> sorted;
    for (const auto &[classes, change] : changes)
        sorted.push_back(change);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const ClassChange &a, const ClassChange &b) { return a.count > b.count; });
    return sorted;
}

size_t ChangeMatrix::rowOf(const ClassChange &change) const
{
    return placeOf(from, change.from);
}

size_t ChangeMatrix::columnOf(const ClassChange &change) const
{
    return placeOf(to, change.to);
}

ChangeMatrix changeMatrix(const std::vector<ClassChange> &changes, int mostRows, int mostColumns)
{
    std::map<int, int64_t> fromTotals;
    std::map<int, int64_t> toTotals;
    for (const ClassChange &change : changes) {
        fromTotals[change.from] += change.count;
        toTotals[change.to] += change.count;
    }
    ChangeMatrix matrix;
    matrix.from = chosenClasses(fromTotals, mostRows, matrix.otherFrom);
    matrix.to = chosenClasses(toTotals, mostColumns, matrix.otherTo);
    matrix.counts.resize(matrix.from.size() * matrix.to.size());
    for (const ClassChange &change : changes) {
        matrix.counts[matrix.rowOf(change) * matrix.to.size() + matrix.columnOf(change)] += change.count;
        matrix.images += change.count;
    }
    return matrix;
}

std::vector<ClassChange> changesOfCell(const std::vector<ClassChange> &changes, const ChangeMatrix &matrix, size_t row,
                                       size_t column)
{
    std::vector<ClassChange> found;
    for (const ClassChange &change : changes)
        if (matrix.rowOf(change) == row && matrix.columnOf(change) == column)
            found.push_back(change);
    return found;
}

} // namespace quantoscope
