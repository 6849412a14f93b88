// SPDX-License-Identifier: GPL-3.0-or-later
// Which taps are decided about together, what they cost, and what a budget allows.
#pragma once

#include "core/analysis/precision_search.h"
#include "core/base/result.h"
#include "core/data/graph.h"
#include "core/data/quantization.h"
#include "core/data/sensitivity.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace quantoscope {

/// A unit of mixed precision: a matrix operator with its weight and the values that it reads, or a value that no matrix
/// operator reads (residual stream, scores before the softmax). Every quantized tap belongs to exactly one.
struct PrecisionOperator {
    std::string name;                ///< path of its first node; "<path>.output" for the value of a matrix operator
    std::vector<std::string> members; ///< names of the operators that it consists of; several when they must be alike
    std::vector<int> weightTaps;     ///< get PrecisionOption::weightBits
    std::vector<int> activationTaps; ///< get PrecisionOption::activationBits
    int64_t weightElements = 0;      ///< of its weight taps
    int64_t activationElements = 0;  ///< of its activation taps, for one image
    int64_t weightMacs = 0;          ///< weight times activation, multiply-accumulates per image
    int64_t activationMacs = 0;      ///< activation times activation
    bool outermost = false;          ///< patch embedding, classifier, logits
};

/// The operators of a graph, in order of execution. `settings` (of a recipe without plan, parallel to Graph::taps) says
/// which taps can be quantized at all. Operators that read the same value are one, as it has one precision: two heads
/// of a distilled model. With `operandsAlike` this includes both matrix products of an attention (q, k and v are parts
/// of one value); without, that value is the first product's, and the second decides about the softmax output alone.
[[nodiscard]] std::vector<PrecisionOperator> precisionOperators(const Graph &graph,
                                                                const std::vector<TapSetting> &settings,
                                                                bool operandsAlike);

/// What a budget limits.
enum class Resource {
    WeightBytes,   ///< of the quantized weights; biases and normalisation are not counted
    AverageBits,   ///< mean over all weights, and all activations of one image, that the operators decide about
    BitOperations, ///< sum of multiply-accumulates x weight bits x activation bits (float: 32), per image
};

struct PrecisionBudget {
    Resource resource = Resource::AverageBits;
    double amount = 0; ///< bytes, bits, bit operations
};

/// "4.5bits", "3MB" (10^6; kB, GB, KiB, MiB, GiB too), "40GBOPs" (M, G or T). Error: Usage.
[[nodiscard]] Result<PrecisionBudget> parseBudget(const std::string &text);

/// Cost of an operator at an option in exact integers: bits (WeightBytes, AverageBits) or bit operations. Taps that the
/// operator does not have count nothing in the first two and as float in the last.
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

/// One group per operator with the losses of `table` (KL, only-this, both parts); float without a measurement has loss
/// 0; operators that are one here but were measured one by one have the sum of their losses.
/// Errors: Usage (no options; a fixed operator that does not exist); BadInput (an option that was not measured).
[[nodiscard]] Result<std::vector<ChoiceGroup>> choiceGroups(const std::vector<PrecisionOperator> &operators,
                                                            const SensitivityTable &table, Resource resource,
                                                            const SearchConstraints &constraints);

/// Edges of the graph whose ends have different precision: a value of one width (or float) from which a value of another
/// is computed. Every one of them is a conversion on an integer device.
[[nodiscard]] int boundaryConversions(const Graph &graph, const std::vector<TapSetting> &settings);

} // namespace quantoscope
