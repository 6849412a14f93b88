// SPDX-License-Identifier: GPL-3.0-or-later
// Where values go in operators that re-arrange tokens: plain index lists, the same for every device and for tests.
#pragma once

#include "core/data/graph.h"

#include <cstdint>
#include <vector>

namespace quantoscope {

/// For each row that the node yields, the row of its input that it is:
/// WindowPartition and WindowReverse: windows row by row, in each its tokens row by row -> token of the image's grid, or
/// back; PatchMerge: the four rows that make up each merged token, one after the other; RelativePositionBias: query token
/// by key token -> row of the table, (dy + w - 1) (2 w - 1) + dx + w - 1 for a key dy rows above and dx columns left of the
/// query. The grid is square and follows from node.shape, windows and window.
[[nodiscard]] std::vector<int64_t> rowOrder(const Node &node);

/// What a shifted Softmax node adds to the scores, [windows, n, n] for windows of n tokens: -100 between tokens that lie
/// side by side only because the image was rolled, else 0. Empty without a shift.
[[nodiscard]] std::vector<float> shiftMask(const Node &softmax);

} // namespace quantoscope
