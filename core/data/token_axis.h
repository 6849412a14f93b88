// SPDX-License-Identifier: GPL-3.0-or-later
// Where the tokens of a tap's values lie in memory, and where in the picture a token is.
#pragma once

#include "core/data/graph.h"
#include "core/data/model_info.h"

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace quantoscope {

/// Rows are runs of values along the last axis. An image has windows x leading x tokens of them, in this order; `leading`
/// counts heads (or colours). Tokens are counted window after window.
struct TokenRows {
    int64_t windows = 1;
    int64_t leading = 1;
    int64_t tokens = 1;     ///< of a window
    bool areTokens = false; ///< false: the rows of a picture or a table, or one row per image

    [[nodiscard]] int64_t perImage() const { return windows * leading * tokens; }
    [[nodiscard]] size_t count() const { return areTokens ? static_cast<size_t>(windows * tokens) : 0; }
    /// Token of row `row` of an image.
    [[nodiscard]] size_t tokenOf(int64_t row) const
    {
        return static_cast<size_t>(row / (leading * tokens) * tokens + row % tokens);
    }
};

/// Of an activation or parameter tap.
[[nodiscard]] inline TokenRows tokenRows(const Graph &graph, const Tap &tap)
{
    const Node &node = graph.nodes[static_cast<size_t>(tap.node)];
    TokenRows rows;
    rows.windows = node.windows;
    const size_t axes = node.shape.size();
    rows.tokens = axes >= 2 ? node.shape[axes - 2] : 1;
    rows.leading = axes >= 3 ? node.shape[axes - 3] : 1;
    rows.areTokens = axes >= 2 && tap.role != Role::Image && tap.role != Role::PositionBias;
    return rows;
}

/// Which token it is. Row and column count from 0 in the grid of patches, or with several windows inside its own.
struct TokenPlace {
    enum class Kind { Class, Distillation, Patch, Index };
    Kind kind = Kind::Index;
    int64_t window = -1; ///< -1: the tokens are not in windows
    int64_t row = 0;
    int64_t column = 0;
};

/// Of token `index` out of `count` that lie in `windows` windows. Index where they form no square grid.
[[nodiscard]] inline TokenPlace tokenPlace(const ModelInfo &model, int64_t windows, size_t count, size_t index)
{
    TokenPlace place;
    windows = windows > 1 ? windows : 1;
    const auto inWindow = static_cast<int64_t>(count) / windows;
    const auto side = static_cast<int64_t>(std::floor(std::sqrt(static_cast<double>(inWindow)) + 1e-9));
    const int64_t before = inWindow - side * side; // class and distillation token
    const int64_t expected = model.family == "vit" ? (model.distilled ? 2 : 1) : 0;
    auto token = static_cast<int64_t>(index);
    if (side < 1 || (before != expected && before != 0))
        return place;
    if (windows > 1) {
        place.window = token / inWindow;
        token %= inWindow;
    }
    if (token < before) {
        place.kind = token == 0 ? TokenPlace::Kind::Class : TokenPlace::Kind::Distillation;
        return place;
    }
    place.kind = TokenPlace::Kind::Patch;
    place.row = (token - before) / side;
    place.column = (token - before) % side;
    return place;
}

} // namespace quantoscope
