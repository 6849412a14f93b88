// SPDX-License-Identifier: GPL-3.0-or-later
// Where a value of one precision is computed from a value of another.
#pragma once

#include "core/data/graph.h"
#include "core/data/precision_search.h"
#include "core/data/quantization.h"

#include <vector>

namespace quantoscope {

/// The tap whose quantizer the values of `node` last went through; -1: none. Views (a head's operand) may have one of their
/// own.
[[nodiscard]] int quantizedTap(const Graph &graph, const std::vector<TapSetting> &settings, int node);
/// Width of the values of `node`, 0: float.
[[nodiscard]] int activationBits(const Graph &graph, const std::vector<TapSetting> &settings, int node);

/// Edges of the graph whose ends have different precision: a value of one width (or float) from which a value of another
/// is computed. Every one of them is a conversion on an integer device.
[[nodiscard]] int boundaryConversions(const Graph &graph, const std::vector<TapSetting> &settings);

/// The same edges by operator, each pair once, in order: what boundaryConversions() counts after a plan is the sum of the
/// counts whose ends differ. `settings` are those that the operators are of. Exact unless a recipe quantizes a view and
/// the value behind it: where a plan leaves the view in float, one edge may count for two, never the other way round.
[[nodiscard]] std::vector<ConversionEdge> conversionEdges(const Graph &graph, const std::vector<TapSetting> &settings,
                                                          const std::vector<PrecisionOperator> &operators);

/// Conversions of a selection, one option per operator.
[[nodiscard]] int conversionsOf(const std::vector<ConversionEdge> &edges, const std::vector<PrecisionOption> &options);

} // namespace quantoscope
