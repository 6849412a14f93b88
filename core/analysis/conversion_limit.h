// SPDX-License-Identifier: GPL-3.0-or-later
// Mixed precision under two limits: a budget, and a number of conversions between operators of unlike precision.
#pragma once

#include "core/analysis/precision_search.h"
#include "core/base/result.h"
#include "core/base/run_control.h"
#include "core/data/precision_search.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace quantoscope {

/// Conversions belong to pairs of operators, so no knapsack adds them up. What is exact here and what is not:
///
/// - With a price on the cost instead of a budget, and a limit to the conversions, the best selection is exact: dynamic
///   programming over the operators in their order, whose state is the activation widths of the operators that still have
///   an edge to a later one (in a transformer the residual stream and a value or two) and the conversions so far.
/// - The least cost at a limit, and the fewest conversions within a budget, are exact for the same reason. So a plan is
///   found whenever there is one.
/// - The front at a limit is a heuristic: the selections at many prices (all corners of the lower convex hull, up to
///   kMostPrices), between them those with the same activation widths but other weights (exact knapsacks), those with fewer
///   conversions, and every point of the unlimited front that keeps the limit. Weak duality says how far it can be from the
///   best: ParetoFront::lossBound(). With a limit that the unlimited selection keeps, that selection is the answer.
///
/// Everything is deterministic. The nearest thing elsewhere is phase 3 of AIMET's automatic mixed precision ("convert-op
/// reduction"), which changes the groups around single conversions of a finished plan and knows no limit. Prices for
/// constraints: H. Everett, Operations Research 11 (1963) 399-417.
class ConversionLimit {
public:
    /// Finds the unlimited front and what all limits share. `edges` are between indices into `groups`.
    /// Errors: those of paretoFront; BadInput (an edge of no group; costs whose sum does not fit 53 bits; operators so
    /// entangled that the state has no room); Cancelled.
    [[nodiscard]] static Result<ConversionLimit> prepare(std::vector<ChoiceGroup> groups, std::vector<ConversionEdge> edges,
                                                         const CancelToken &cancel = {});

    [[nodiscard]] const ParetoFront &unlimited() const;
    /// Conversions of a selection: an index into ChoiceGroup::choices for every group.
    [[nodiscard]] int conversions(const std::vector<int> &choices) const;
    /// More than any selection has to have: a limit of so many is none.
    [[nodiscard]] int mostConversions() const;
    /// Exact. Errors: BadInput (even the cheapest selection costs more).
    [[nodiscard]] Result<int> fewestWithin(int64_t budget) const;
    /// Exact: the least cost of a selection with at most `limit` conversions. Errors: BadInput (there is none).
    [[nodiscard]] Result<int64_t> leastCost(int limit) const;
    /// Selections with at most `limit` conversions. Errors: BadInput (there is none); Cancelled.
    [[nodiscard]] Result<ParetoFront> within(int limit, const CancelToken &cancel = {}) const;

    static constexpr int kMostPrices = 160;

private:
    class Private;
    explicit ConversionLimit(std::shared_ptr<const Private> own) : d(std::move(own)) {}
    std::shared_ptr<const Private> d; ///< constant, so copies may be used on several threads
};

} // namespace quantoscope
