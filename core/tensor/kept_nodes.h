// SPDX-License-Identifier: GPL-3.0-or-later
// Which values of a run are worth keeping, so that others can start in the middle of the graph. Private to core/tensor.
#pragma once

#include "core/data/graph.h"

#include <cstdint>
#include <vector>

namespace quantoscope {

/// When the values of a graph are needed.
struct NodeLives {
    std::vector<int> lastReader; ///< per node: index of the last node that needs its value
    std::vector<int> cuts;       ///< nodes after which no other value is needed any more, ascending
    std::vector<char> byImage;   ///< per node: whether its value depends on images

    [[nodiscard]] static NodeLives of(const Graph &graph);
    /// Nodes up to `node` whose values are read behind it.
    [[nodiscard]] std::vector<int> aliveBehind(int node) const;
};

struct KeptNodes {
    std::vector<int> starts;  ///< nodes behind which a run may start, ascending
    std::vector<char> values; ///< per node: whether its value is kept

    /// Of the cuts as many, evenly spread, as `bytesLimit` allows for the float32 values of `images` images. Of what is left,
    /// starts behind products: those first whose value saves most multiply-accumulates for its size.
    [[nodiscard]] static KeptNodes within(int64_t bytesLimit, int images, const Graph &graph, const NodeLives &lives);
    /// Last start before node `firstChanged`; -1 when there is none.
    [[nodiscard]] int lastBefore(int firstChanged) const;
};

} // namespace quantoscope
