// SPDX-License-Identifier: GPL-3.0-or-later
// Mixed precision by budget: sensitivity of every operator -> Pareto front -> plans, some of them run on images.
#pragma once

#include "core/analysis/precision_operators.h"
#include "core/data/precision_search.h"
#include "core/pipeline/requests.h"
#include "core/pipeline/sensitivity.h"

#include <functional>
#include <string>
#include <vector>

namespace quantoscope {

/// What a session has ready for a search. References must outlive it.
struct PlanSearchInput {
    Executor &executor;
    const Model &model;
    const PlanSearchRequest &request;
    const std::vector<TapSetting> &recipe; ///< settings without a plan
    const ImageSet &images;                ///< behind the sensitivity
    const PassOptions &pass;
    DeriveParameters derive;
    /// Result of the float model (empty plan) or of a plan on the images of the request.
    std::function<Result<EvaluationResult>(const std::optional<std::string> &planJson)> evaluate;
};

/// Checks that can be made before anything is calibrated, and the cost. Errors: Usage (levels that are none, a budget
/// below the least that the constraints allow, fewer conversions than it takes, constraints that leave an operator nothing),
/// BadInput.
[[nodiscard]] Result<PlanSearchCost> checkPlanSearch(const Model &model, const PlanSearchRequest &request,
                                                     const std::vector<TapSetting> &recipe, int64_t evaluationImages,
                                                     bool searchesIntervals);

/// Why a sensitivity table is none that a search of `request` can go on from; empty: it holds just the measurements that
/// it needs, on all of `images` images (complete) or on the first ones.
[[nodiscard]] std::string sensitivityDefect(const SensitivityTable &table, const Model &model,
                                            const std::vector<TapSetting> &recipe, const PlanSearchRequest &request,
                                            size_t images);

/// How a search goes on after an earlier part, and how it leaves one.
struct PlanSearchContinuation {
    /// `done` without a sensitivityDefect, complete or not; `snapshot` sees tables without recipe text.
    SensitivityContinuation sensitivity;
    std::vector<MeasuredPlan> points = {}; ///< run before on the same images; not run again
};

/// Measures what `request.known` lacks (weights and activations by themselves; together when operands are alike), finds
/// the whole front, and runs the points that the request asks for. `update`, if set, sees the result before the first
/// evaluation, with what was run before, and after each.
/// After a cancellation during the evaluations the result holds what was finished.
/// Errors: of checkPlanSearch, measureSensitivity, paretoFront and the callbacks; Cancelled.
using UpdatePlanSearch = std::function<void(const PrecisionSearchResult &)>;
[[nodiscard]] Result<PrecisionSearchResult> searchPlans(const PlanSearchInput &input, const RunControl &control,
                                                        const UpdatePlanSearch &update,
                                                        const PlanSearchContinuation &continuation = {});

} // namespace quantoscope
