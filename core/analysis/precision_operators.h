// SPDX-License-Identifier: GPL-3.0-or-later
// Which taps are decided about together, what they cost, and what a budget allows.
#pragma once

#include "core/analysis/precision_search.h"
#include "core/base/result.h"
#include "core/data/graph.h"
#include "core/data/precision_search.h"
#include "core/data/quantization.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace quantoscope {

/// The operators of a graph, in order of execution. `settings` (of a recipe without plan, parallel to Graph::taps) says
/// which taps can be quantized at all. Operators that read the same value are one, as it has one precision: two heads
/// of a distilled model. Where q, k and v are quantized as parts of one value, `operandsAlike` makes both matrix products of
/// an attention one; without, that value is the first product's, and the second decides about the softmax output alone.
/// Operands with quantizers of their own belong to their product.
[[nodiscard]] std::vector<PrecisionOperator> precisionOperators(const Graph &graph,
                                                                const std::vector<TapSetting> &settings,
                                                                bool operandsAlike);

/// "4.5bits", "3MB" (10^6; kB, GB, KiB, MiB, GiB too), "40GBOPs" (M, G or T), "6MBact" (of activations; kB, GB too).
/// Error: Usage.
[[nodiscard]] Result<PrecisionBudget> parseBudget(const std::string &text);

/// Cost of an operator at an option in exact integers: bits (WeightBytes, ActivationBytes, AverageBits) or bit operations.
/// Taps that the operator does not have count nothing in bits and as float in bit operations.
[[nodiscard]] int64_t precisionCost(Resource resource, const PrecisionOperator &op, PrecisionOption option);
/// The largest total cost within the budget, in the unit of precisionCost.
[[nodiscard]] int64_t budgetCost(const PrecisionBudget &budget, const std::vector<PrecisionOperator> &operators);
/// The other way round: a total cost as bytes, average bits or bit operations.
[[nodiscard]] double costAmount(Resource resource, int64_t cost, const std::vector<PrecisionOperator> &operators);

struct SearchConstraints {
    std::vector<PrecisionOption> options;          ///< on offer; each operator's loss must have been measured at each
    bool outermostAtLeast8 = true;                 ///< patch embedding and classifier stay at 8 bits or float
    std::map<std::string, PrecisionOption> fixed;  ///< by operator name; goes before the other constraints
};

/// One group per operator with the losses of `table` (KL, only-this): of both parts together where that was measured, else
/// of weights and activations by themselves, added up. Float has loss 0; operators that are one here but were measured
/// one by one have the sum of their losses.
/// Errors: Usage (no options; a fixed operator that does not exist); BadInput (an option that was not measured).
[[nodiscard]] Result<std::vector<ChoiceGroup>> choiceGroups(const std::vector<PrecisionOperator> &operators,
                                                            const SensitivityTable &table, Resource resource,
                                                            const SearchConstraints &constraints);

/// What `settings` take. The means are over the taps that the recipe (its settings without a plan) or `settings` quantize,
/// float counting 32 bits. Bit operations are those of the matrix operators, by the precision of the operands.
[[nodiscard]] PrecisionCosts precisionCosts(const Graph &graph, const std::vector<TapSetting> &recipe,
                                            const std::vector<TapSetting> &settings);

} // namespace quantoscope
