// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/conversion_edges.h"

#include <algorithm>
#include <map>
#include <utility>

namespace quantoscope {

namespace {

/// Calls `visit` with the nodes at both ends of every edge that can be a conversion.
template <typename Visit>
void visitEdges(const Graph &graph, const std::vector<TapSetting> &settings, Visit visit)
{
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
        const auto node = static_cast<int>(n);
        const int own = graph.outputTap(node);
        if (isView(graph.nodes[n].op) && (own < 0 || !settings[static_cast<size_t>(own)].isQuantized()))
            continue;
        for (const int input : graph.nodes[n].inputs)
            visit(input, node);
    }
}

} // namespace

int quantizedTap(const Graph &graph, const std::vector<TapSetting> &settings, int node)
{
    for (;; node = graph.nodes[static_cast<size_t>(node)].inputs.front()) {
        const int tap = graph.outputTap(node);
        if (tap >= 0 && settings[static_cast<size_t>(tap)].isQuantized())
            return tap;
        if (!isView(graph.nodes[static_cast<size_t>(node)].op))
            return -1;
    }
}

int activationBits(const Graph &graph, const std::vector<TapSetting> &settings, int node)
{
    const int tap = quantizedTap(graph, settings, node);
    return tap < 0 ? 0 : settings[static_cast<size_t>(tap)].bits;
}

int boundaryConversions(const Graph &graph, const std::vector<TapSetting> &settings)
{
    int conversions = 0;
    visitEdges(graph, settings, [&](int input, int node) {
        conversions += activationBits(graph, settings, input) != activationBits(graph, settings, node);
    });
    return conversions;
}

std::vector<ConversionEdge> conversionEdges(const Graph &graph, const std::vector<TapSetting> &settings,
                                            const std::vector<PrecisionOperator> &operators)
{
    std::vector<int> owners(graph.taps.size(), kFloatEnd);
    for (size_t o = 0; o < operators.size(); ++o)
        for (const int tap : operators[o].activationTaps)
            owners[static_cast<size_t>(tap)] = static_cast<int>(o);
    const auto ownerOf = [&](int node) {
        const int tap = quantizedTap(graph, settings, node);
        return tap < 0 ? kFloatEnd : owners[static_cast<size_t>(tap)];
    };
    std::map<std::pair<int, int>, int> counts;
    visitEdges(graph, settings, [&](int input, int node) {
        const auto ends = std::minmax({ownerOf(input), ownerOf(node)});
        if (ends.first != ends.second)
            ++counts[{ends.first, ends.second}];
    });
    std::vector<ConversionEdge> edges;
    for (const auto &[ends, count] : counts)
        edges.push_back({ends.first, ends.second, count});
    return edges;
}

int conversionsOf(const std::vector<ConversionEdge> &edges, const std::vector<PrecisionOption> &options)
{
    const auto bits = [&](int end) { return end == kFloatEnd ? 0 : options[static_cast<size_t>(end)].activationBits; };
    int conversions = 0;
    for (const ConversionEdge &edge : edges)
        if (bits(edge.first) != bits(edge.second))
            conversions += edge.count;
    return conversions;
}

} // namespace quantoscope
