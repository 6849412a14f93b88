// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/run_front.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace quantoscope {

namespace {

bool hasAccuracy(const std::optional<EvaluationResult> &result)
{
    return result
        && std::any_of(result->images.begin(), result->images.end(), [](const ImageOutcome &one) { return one.label >= 0; });
}

bool sameList(const ImageListRecord &a, const ImageListRecord &b)
{
    return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                      [](const ImageItem &x, const ImageItem &y) { return x.path == y.path && x.label == y.label; });
}

/// Runs of earlier versions have no costs, or not all of them.
bool isKnown(const std::optional<PrecisionCosts> &costs, Resource resource)
{
    return costs && std::isfinite(costs->of(resource));
}

bool dominates(const RunPoint &a, const RunPoint &b, Resource resource)
{
    const double costA = a.costs.of(resource);
    const double costB = b.costs.of(resource);
    return a.complete && costA <= costB && a.top1 >= b.top1 && (costA < costB || a.top1 > b.top1);
}

} // namespace

RunFront runFront(const std::vector<const RunRecord *> &runs, Resource resource)
{
    RunFront front;
    std::set<std::string> models;
    const RunRecord *first = nullptr;
    for (size_t i = 0; i < runs.size(); ++i) {
        const RunRecord &run = *runs[i];
        const auto add = [&](const EvaluationResult &result, const PrecisionCosts &costs, bool floating) {
            front.points.push_back({static_cast<int>(i), floating, costs, result.count, result.top1(), result.top1Interval(),
                                    run.complete && result.complete});
            front.sameImages = front.sameImages && (!first || sameList(first->images, run.images));
            first = first ? first : &run;
        };
        const bool floating = hasAccuracy(run.floatResult);
        const bool quantized = run.quantized && hasAccuracy(run.result);
        const bool floatCosts = isKnown(run.floatCosts, resource);
        const bool costs = isKnown(run.costs, resource);
        front.withoutCosts += (floating && !floatCosts) || (quantized && !costs);
        if (floating && floatCosts && models.insert(run.model.sha256).second)
            add(*run.floatResult, *run.floatCosts, true);
        if (quantized && costs)
            add(*run.result, *run.costs, false);
    }
    for (RunPoint &point : front.points)
        point.onFront = point.complete
            && std::none_of(front.points.begin(), front.points.end(),
                            [&](const RunPoint &other) { return dominates(other, point, resource); });
    return front;
}

} // namespace quantoscope
