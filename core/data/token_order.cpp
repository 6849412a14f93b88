// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/token_order.h"

#include <cmath>

namespace quantoscope {

namespace {

int64_t side(int64_t tokens)
{
    return std::llround(std::sqrt(static_cast<double>(tokens)));
}

/// Calls `body(row, column)` for the token of the unrolled grid at every place of every window, in order.
template <typename Body>
void forEachWindowToken(int64_t grid, int64_t window, int64_t shift, Body body)
{
    for (int64_t top = 0; top < grid; top += window)
        for (int64_t left = 0; left < grid; left += window)
            for (int64_t y = top; y < top + window; ++y)
                for (int64_t x = left; x < left + window; ++x)
                    body((y + shift) % grid, (x + shift) % grid);
}

std::vector<int64_t> windowOrder(int64_t grid, int64_t window, int64_t shift)
{
    std::vector<int64_t> order;
    forEachWindowToken(grid, window, shift, [&](int64_t y, int64_t x) { order.push_back(y * grid + x); });
    return order;
}

std::vector<int64_t> mergeOrder(int64_t grid)
{
    std::vector<int64_t> order;
    for (int64_t y = 0; y < grid; y += 2)
        for (int64_t x = 0; x < grid; x += 2)
            for (const int64_t first : {y * grid + x, y * grid + x + 1})
                order.insert(order.end(), {first, first + grid});
    return order;
}

std::vector<int64_t> distanceOrder(int64_t window)
{
    std::vector<int64_t> order;
    const int64_t tokens = window * window;
    for (int64_t query = 0; query < tokens; ++query)
        for (int64_t key = 0; key < tokens; ++key) {
            const int64_t dy = query / window - key / window;
            const int64_t dx = query % window - key % window;
            order.push_back((dy + window - 1) * (2 * window - 1) + dx + window - 1);
        }
    return order;
}

} // namespace

std::vector<int64_t> rowOrder(const Node &node)
{
    switch (node.op) {
    case Operator::WindowPartition: return windowOrder(node.window * side(node.windows), node.window, node.shift);
    case Operator::WindowReverse: {
        const std::vector<int64_t> there = windowOrder(side(node.shape[0]), node.window, node.shift);
        std::vector<int64_t> back(there.size());
        for (size_t i = 0; i < there.size(); ++i)
            back[static_cast<size_t>(there[i])] = static_cast<int64_t>(i);
        return back;
    }
    case Operator::PatchMerge: return mergeOrder(2 * side(node.shape[0]));
    case Operator::RelativePositionBias: return distanceOrder(node.window);
    default: return {};
    }
}

std::vector<float> shiftMask(const Node &softmax)
{
    std::vector<float> mask;
    if (softmax.shift == 0)
        return mask;
    const int64_t window = softmax.window;
    const int64_t grid = window * side(softmax.windows);
    // After the roll, rows and columns that were moved to the far side are the grid's first `shift` ones.
    std::vector<int64_t> wrapped;
    forEachWindowToken(grid, window, softmax.shift, [&](int64_t y, int64_t x) {
        wrapped.push_back((y < softmax.shift ? 2 : 0) + (x < softmax.shift ? 1 : 0));
    });
    const int64_t tokens = window * window;
    for (int64_t first = 0; first < grid * grid; first += tokens)
        for (int64_t query = first; query < first + tokens; ++query)
            for (int64_t key = first; key < first + tokens; ++key)
                mask.push_back(wrapped[static_cast<size_t>(query)] == wrapped[static_cast<size_t>(key)] ? 0.0F : -100.0F);
    return mask;
}

} // namespace quantoscope
