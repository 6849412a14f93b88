// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/plan_search.h"

#include "core/analysis/conversion_edges.h"
#include "core/analysis/divergence.h"
#include "core/pipeline/precision_plan.h"
#include "core/pipeline/search_front.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace quantoscope {

namespace {

/// Bit operations of an attention's second product depend on both operands, and add up only when one operator has them.
std::vector<PrecisionOperator> operatorsOf(const Model &model, const std::vector<TapSetting> &recipe,
                                           const PlanSearchRequest &request)
{
    return precisionOperators(model.graph, recipe,
                              request.operandsAlike || request.budget.resource == Resource::BitOperations);
}

SensitivityOptions sensitivityOf(const PlanSearchRequest &request)
{
    SensitivityOptions options;
    options.known = request.known;
    options.options.clear();
    if (request.operandsAlike)
        options.parts = {SensitivityPart::Both};
    else
        options.parts = {SensitivityPart::Weights, SensitivityPart::Activations};
    for (const int level : request.levels)
        if (level > 0)
            options.options.push_back({level, level});
    return options;
}

Result<void> checkLevels(const PlanSearchRequest &request)
{
    if (request.levels.empty())
        return fail(ErrorCode::Usage, "no precision is on offer", "--levels", "for example float,8,6,4,3");
    std::set<int> seen;
    for (const int level : request.levels) {
        if (level != 0 && (level < kLeastBits || level > kMostBits))
            return fail(ErrorCode::Usage, fmt::format("{} bits are not supported", level), "--levels",
                        "give float or 2 to 8 bits, for example float,8,6,4,3");
        if (!seen.insert(level).second)
            return fail(ErrorCode::Usage, fmt::format("{} is there twice", level == 0 ? "float" : std::to_string(level)),
                        "--levels");
    }
    if (seen.size() == 1 && seen.count(0))
        return fail(ErrorCode::Usage, "float alone leaves nothing to choose", "--levels", "for example float,8,6,4,3");
    return {};
}

/// Whether some selection fits; told before anything is measured.
Result<void> checkBudget(const Graph &graph, const std::vector<TapSetting> &recipe,
                         const std::vector<PrecisionOperator> &operators, const PlanSearchRequest &request)
{
    // Losses do not matter here, so any table that has every row will do.
    SensitivityTable zeros;
    const SearchConstraints constraints = constraintsOf(request);
    for (const PrecisionOperator &op : operators)
        for (const std::string &member : op.members)
            for (const PrecisionOption option : constraints.options) {
                SensitivityRow row;
                row.operatorPath = member;
                row.option = option;
                zeros.rows.push_back(row);
            }
    const auto groups = choiceGroups(operators, zeros, request.budget.resource, constraints);
    if (!groups)
        return fail(groups.error());
    int64_t least = 0;
    for (const ChoiceGroup &group : *groups) {
        if (group.choices.empty())
            return fail(ErrorCode::Usage, "it must have 8 bits or float, and neither is on offer", group.name,
                        "add 8 to --levels, or lift the constraint with --any-outermost");
        int64_t cheapest = std::numeric_limits<int64_t>::max();
        for (const PrecisionChoice &choice : group.choices)
            cheapest = std::min(cheapest, choice.cost);
        least += cheapest;
    }
    if (least > budgetCost(request.budget, operators)) {
        const Resource resource = request.budget.resource;
        return fail(ErrorCode::Usage,
                    fmt::format("{} are not enough: the least that the levels and constraints allow is {}",
                                amountText(resource, request.budget.amount),
                                amountText(resource, costAmount(resource, least, operators))),
                    "--budget", "give more, offer lower --levels, or lift a constraint");
    }
    if (!request.mostConversions)
        return {};
    const auto limited = ConversionLimit::prepare(*groups, conversionEdges(graph, recipe, operators));
    return limited ? checkConversions(*limited, request.budget, *request.mostConversions, operators)
                   : Result<void>(fail(limited.error()));
}

PointMeasurement measurementOf(const EvaluationResult &reference, const EvaluationResult &own)
{
    std::map<int, size_t> rows;
    for (size_t i = 0; i < reference.images.size(); ++i)
        rows[reference.images[i].image] = i;
    const auto logitsOf = [](const EvaluationResult &result, size_t row) {
        const auto classes = static_cast<size_t>(result.classes);
        return std::span<const float>(result.logits.data() + row * classes, classes);
    };
    std::vector<double> divergences;
    for (size_t i = 0; i < own.images.size(); ++i)
        if (const auto row = rows.find(own.images[i].image); row != rows.end())
            divergences.push_back(klOfLogits(logitsOf(reference, row->second), logitsOf(own, i)));
    const PairedComparison paired = comparePaired(reference, own);
    PointMeasurement measured;
    measured.images = paired.common;
    measured.agreement = 100.0 * static_cast<double>(paired.agree) / static_cast<double>(std::max<int64_t>(1, paired.common));
    const Summary kl = summarize(std::move(divergences));
    measured.kl = kl.mean;
    measured.klStandardError = kl.standardError;
    measured.labelled = own.count;
    measured.top1 = own.top1();
    measured.top1Interval = own.top1Interval();
    return measured;
}

/// The points to run, the chosen one first, then others evenly spaced below the dearest uniform one, then the uniform ones.
std::vector<PrecisionPoint *> pointsToRun(PrecisionSearchResult &result, int count)
{
    std::vector<PrecisionPoint *> points;
    if (count <= 0)
        return points;
    points.push_back(&result.front[static_cast<size_t>(result.chosen)]);
    double dearest = 0;
    for (const PrecisionPoint &point : result.uniform)
        dearest = std::max(dearest, point.costs.of(result.budget.resource));
    std::vector<PrecisionPoint *> candidates;
    for (PrecisionPoint &point : result.front)
        if (&point != points.front() && point.costs.of(result.budget.resource) <= dearest)
            candidates.push_back(&point);
    const auto more = std::min(static_cast<size_t>(count - 1), candidates.size());
    for (size_t i = 0; i < more; ++i)
        points.push_back(candidates[more == 1 ? candidates.size() / 2 : i * (candidates.size() - 1) / (more - 1)]);
    for (PrecisionPoint &point : result.uniform)
        points.push_back(&point);
    return points;
}

/// Fills in the measurements of what was run before.
void takeOver(const std::vector<MeasuredPlan> &known, const std::vector<PrecisionPoint *> &points)
{
    for (PrecisionPoint *point : points)
        for (const auto &[plan, figures] : known)
            if (plan == point->planJson)
                point->measured = figures;
}

} // namespace

Result<PlanSearchCost> checkPlanSearch(const Model &model, const PlanSearchRequest &request,
                                       const std::vector<TapSetting> &recipe, int64_t evaluationImages,
                                       bool searchesIntervals)
{
    if (const auto levels = checkLevels(request); !levels)
        return fail(levels.error());
    const std::vector<PrecisionOperator> operators = operatorsOf(model, recipe, request);
    if (operators.empty())
        return fail(ErrorCode::Usage, "the recipe quantizes nothing", request.run.quantization.recipe,
                    "choose a recipe whose precision can be searched");
    if (const auto enough = checkBudget(model.graph, recipe, operators, request); !enough)
        return fail(enough.error());
    const std::vector<SensitivityMeasurement> plan = planSensitivity(model.graph, recipe, sensitivityOf(request));
    PlanSearchCost cost;
    cost.measurements = plan.size();
    cost.passes = plan.empty() ? 0 : sensitivityCost(model.graph, plan);
    cost.images = request.images;
    if (request.evaluatePoints > 0) {
        const auto widths = std::count_if(request.levels.begin(), request.levels.end(), [](int b) { return b > 0; });
        cost.evaluations = 1 + request.evaluatePoints + static_cast<int64_t>(widths); // the float model too
        cost.evaluationImages = evaluationImages;
    }
    if (searchesIntervals)
        cost.intervalSearches = static_cast<int>(request.levels.size())
                              + static_cast<int>(std::max<int64_t>(0, cost.evaluations - 1));
    return cost;
}

std::string sensitivityDefect(const SensitivityTable &table, const Model &model, const std::vector<TapSetting> &recipe,
                              const PlanSearchRequest &request, size_t images)
{
    SensitivityOptions options = sensitivityOf(request);
    bool fits = false;
    if (table.complete) {
        options.known = table.rows;
        fits = planSensitivity(model.graph, recipe, options).empty()
            && (table.imagesWanted == static_cast<int64_t>(images) || !request.known.empty());
    } else {
        fits = continuesSensitivity(table, planSensitivity(model.graph, recipe, options), images);
    }
    return fits ? "" : "the measurements or their images are others";
}

Result<PrecisionSearchResult> searchPlans(const PlanSearchInput &input, const RunControl &control,
                                          const UpdatePlanSearch &update,
                                          const PlanSearchContinuation &continuation)
{
    const PlanSearchRequest &request = input.request;
    PrecisionSearchResult result;
    result.model = input.model.info.name;
    result.modelSha256 = input.model.info.sha256;
    result.request = request.run.quantization;
    result.request.planJson.clear();
    result.budget = request.budget;
    result.mostConversions = request.mostConversions;
    result.levels = request.levels;
    result.operandsAlike = request.operandsAlike;
    result.outermostAtLeast8 = request.outermostAtLeast8;
    result.operators = operatorsOf(input.model, input.recipe, request);
    result.table.model = result.model;
    result.table.modelSha256 = result.modelSha256;
    const SensitivityOptions options = sensitivityOf(request);
    const auto &before = continuation.sensitivity.done;
    const bool measuredBefore = before && before->complete;
    if (measuredBefore) {
        result.table = *before;
    } else if (!planSensitivity(input.model.graph, input.recipe, options).empty()) {
        auto measured = measureSensitivity(input.executor, input.model, input.images, input.recipe, input.derive, options,
                                           input.pass, control, continuation.sensitivity);
        if (!measured)
            return fail(measured.error());
        if (!measured->complete) { // a plan from some of the measurements would take what is missing for harmless
            if (continuation.sensitivity.snapshot)
                continuation.sensitivity.snapshot(*measured);
            return fail(ErrorCode::Cancelled, "stopped on request");
        }
        result.table = std::move(*measured);
    }
    result.table.recipe = result.request.text();
    if (!measuredBefore)
        result.table.rows.insert(result.table.rows.end(), request.known.begin(), request.known.end());

    const PlannedTaps taps = PlannedTaps::of(input.model.graph, input.recipe);
    result.tapPaths = taps.paths;
    result.recipeBits = taps.recipeBits;
    result.edges = conversionEdges(input.model.graph, input.recipe, result.operators);
    if (const auto found = findFront(input.model.graph, result, control.cancel); !found)
        return fail(found.error());
    const auto announce = [&] {
        if (update)
            update(result);
    };
    const std::vector<PrecisionPoint *> points = pointsToRun(result, request.evaluatePoints);
    takeOver(continuation.points, points);
    announce();
    if (points.empty())
        return result;
    const auto reference = input.evaluate(std::nullopt);
    if (!reference)
        return fail(reference.error());
    result.evaluatedFloatTop1 = reference->top1();
    for (PrecisionPoint *point : points) {
        if (control.isCancelled())
            break;
        if (point->measured)
            continue;
        const auto evaluated = input.evaluate(point->planJson);
        if (!evaluated && evaluated.error().code == ErrorCode::Cancelled)
            break;
        if (!evaluated)
            return fail(evaluated.error());
        if (!evaluated->complete)
            break;
        point->measured = measurementOf(*reference, *evaluated);
        announce();
    }
    return result;
}

} // namespace quantoscope
