// SPDX-License-Identifier: GPL-3.0-or-later
// The front of a precision search from its measurements, at its own limits or at others.
#pragma once

#include "core/analysis/conversion_limit.h"
#include "core/analysis/precision_operators.h"
#include "core/base/run_control.h"
#include "core/data/precision_search.h"

#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

/// The points of the front that a result shows at most.
inline constexpr size_t kMostShownPoints = 300;

/// Of a PlanSearchRequest or a PrecisionSearchResult.
template <typename Wanted>
[[nodiscard]] SearchConstraints constraintsOf(const Wanted &wanted)
{
    SearchConstraints constraints;
    constraints.outermostAtLeast8 = wanted.outermostAtLeast8;
    for (const int weights : wanted.levels)
        for (const int activations : wanted.levels)
            if (weights == activations || !wanted.operandsAlike)
                constraints.options.push_back({weights, activations});
    return constraints;
}

/// "2.865 MB", "4.50 bits", "27.317 GBOPs", "3.736 MB of activations"
[[nodiscard]] std::string amountText(Resource resource, double amount);

/// Whether some selection keeps both limits. Error: Usage, which names the fewest conversions within the budget, and the
/// budget that would do.
[[nodiscard]] Result<void> checkConversions(const ConversionLimit &limited, const PrecisionBudget &budget, int mostConversions,
                                            const std::vector<PrecisionOperator> &operators);

/// Fills in the whole front of a result from its operators, measurements, constraints and limits. Errors: BadInput (a
/// measurement is missing); those of ConversionLimit.
[[nodiscard]] Result<void> addWholeFront(PrecisionSearchResult &result);

/// Fills in the front as well, thinned out, and the uniform selections; `graph` is that of the result's taps. Nothing of them
/// is measured. Errors also: Usage (checkConversions); Cancelled.
[[nodiscard]] Result<void> findFront(const Graph &graph, PrecisionSearchResult &result, const CancelToken &cancel);

/// The search at another amount of its resource and another limit to conversions, from the same measurements. What was run
/// on images stays with the selections that it is of. Errors: those of findFront; BadInput (another graph).
[[nodiscard]] Result<PrecisionSearchResult> searchWithin(const PrecisionSearchResult &before, const Graph &graph, double amount,
                                                         std::optional<int> mostConversions, const CancelToken &cancel = {});

} // namespace quantoscope
