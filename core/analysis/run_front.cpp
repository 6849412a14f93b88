// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/run_front.h"

#include <algorithm>
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
        front.withoutCosts += (floating && !run.floatCosts) || (quantized && !run.costs);
        if (floating && run.floatCosts && models.insert(run.model.sha256).second)
            add(*run.floatResult, *run.floatCosts, true);
        if (quantized && run.costs)
            add(*run.result, *run.costs, false);
    }
    for (RunPoint &point : front.points)
        point.onFront = point.complete
            && std::none_of(front.points.begin(), front.points.end(),
                            [&](const RunPoint &other) { return dominates(other, point, resource); });
    return front;
}

} // namespace quantoscope
