// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tensor/kept_nodes.h"

#include <algorithm>

namespace quantoscope {

namespace {

int64_t bytesOf(const Graph &graph, int node, int images)
{
    return graph.taps[static_cast<size_t>(graph.outputTap(node))].elements * images * static_cast<int64_t>(sizeof(float));
}

/// Nodes with multiply-accumulates whose values are not kept yet, the most worthwhile first.
std::vector<int> productsByWorth(const KeptNodes &kept, const Graph &graph, const NodeLives &lives)
{
    struct Product {
        int node;
        double saved; ///< multiply-accumulates for a byte of its value
    };
    std::vector<Product> products;
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        const int64_t macs = graph.nodes[n].macs;
        const auto node = static_cast<int>(n);
        if (macs > 0 && lives.byImage[n] != 0 && kept.values[n] == 0)
            products.push_back({node, static_cast<double>(macs) / static_cast<double>(bytesOf(graph, node, 1))});
    }
    std::stable_sort(products.begin(), products.end(), [](const Product &a, const Product &b) { return a.saved > b.saved; });
    std::vector<int> nodes;
    for (const Product &product : products)
        nodes.push_back(product.node);
    return nodes;
}

} // namespace

NodeLives NodeLives::of(const Graph &graph)
{
    NodeLives lives;
    lives.lastReader.assign(graph.nodes.size(), -1);
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        const std::vector<int> &inputs = graph.nodes[n].inputs;
        lives.byImage.push_back(graph.nodes[n].op == Operator::Input
                                || std::any_of(inputs.begin(), inputs.end(),
                                               [&](int input) { return lives.byImage[static_cast<size_t>(input)] != 0; }));
        for (const int input : inputs)
            lives.lastReader[static_cast<size_t>(input)] = static_cast<int>(n);
    }
    lives.lastReader[static_cast<size_t>(graph.output)] = static_cast<int>(graph.nodes.size());
    int alive = -1; // the last node that reads anything before n
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        if (alive <= static_cast<int>(n))
            lives.cuts.push_back(static_cast<int>(n));
        alive = std::max(alive, lives.lastReader[n]);
    }
    return lives;
}

std::vector<int> NodeLives::aliveBehind(int node) const
{
    std::vector<int> alive;
    for (int n = 0; n <= node; ++n)
        if (lastReader[static_cast<size_t>(n)] > node)
            alive.push_back(n);
    return alive;
}

KeptNodes KeptNodes::within(int64_t bytesLimit, int images, const Graph &graph, const NodeLives &lives)
{
    KeptNodes kept;
    kept.values.resize(graph.nodes.size());
    int64_t bytes = 0;
    for (const int cut : lives.cuts)
        bytes += bytesOf(graph, cut, images);
    const int64_t step = std::max<int64_t>(1, (bytes + bytesLimit - 1) / std::max<int64_t>(1, bytesLimit));
    for (auto i = static_cast<size_t>(step - 1); i < lives.cuts.size(); i += static_cast<size_t>(step)) {
        kept.starts.push_back(lives.cuts[i]); // none when the limit is below one of them
        kept.values[static_cast<size_t>(lives.cuts[i])] = 1;
    }
    if (step > 1)
        return kept;
    int64_t rest = bytesLimit - bytes;
    for (const int product : productsByWorth(kept, graph, lives)) {
        std::vector<int> added;
        int64_t needed = 0;
        for (const int node : lives.aliveBehind(product))
            if (kept.values[static_cast<size_t>(node)] == 0) {
                added.push_back(node);
                needed += bytesOf(graph, node, images);
            }
        if (needed > rest)
            continue;
        rest -= needed;
        kept.starts.push_back(product);
        for (const int node : added)
            kept.values[static_cast<size_t>(node)] = 1;
    }
    std::sort(kept.starts.begin(), kept.starts.end());
    return kept;
}

int KeptNodes::lastBefore(int firstChanged) const
{
    const auto later = std::lower_bound(starts.begin(), starts.end(), firstChanged);
    return later == starts.begin() ? -1 : *std::prev(later);
}

} // namespace quantoscope
