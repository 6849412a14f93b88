// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/search_front.h"

#include "core/analysis/conversion_edges.h"
#include "core/pipeline/precision_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace quantoscope {

namespace {

/// The recipe's widths; which quantizer it has does not matter here.
std::vector<TapSetting> recipeSettings(const PrecisionSearchResult &result)
{
    std::vector<TapSetting> settings;
    for (const int bits : result.recipeBits) {
        TapSetting &setting = settings.emplace_back();
        setting.quantizer = bits == 0 ? QuantizerKind::None : QuantizerKind::Uniform;
        setting.bits = bits;
    }
    return settings;
}

/// Selections of one search, described alike.
class Describer {
public:
    Describer(const Graph &graph, const PrecisionSearchResult &result)
        : m_graph(graph), m_operators(result.operators), m_taps{result.tapPaths, result.recipeBits}, m_recipe(recipeSettings(result))
    {
    }

    [[nodiscard]] PrecisionPoint point(PrecisionPoint::Origin origin, std::vector<PrecisionOption> options, double loss,
                                       Resource resource) const
    {
        std::vector<TapSetting> settings = m_recipe;
        const auto change = [&](int tap, int bits) {
            TapSetting &setting = settings[static_cast<size_t>(tap)];
            if (bits == 0)
                setting.quantizer = QuantizerKind::None;
            else
                setting.bits = bits;
        };
        for (size_t o = 0; o < m_operators.size(); ++o) {
            for (const int tap : m_operators[o].weightTaps)
                change(tap, options[o].weightBits);
            for (const int tap : m_operators[o].activationTaps)
                change(tap, options[o].activationBits);
        }
        PrecisionPoint point;
        point.origin = origin;
        point.costs = precisionCosts(m_graph, m_recipe, settings);
        point.name = origin == PrecisionPoint::Origin::Uniform ? fmt::format("uniform {}", options.front().activationBits)
                                                               : amountText(resource, point.costs.of(resource));
        point.loss = loss;
        point.planJson = planToJson(precisionPlan(point.name, m_operators, options, m_taps));
        point.options = std::move(options);
        return point;
    }

private:
    const Graph &m_graph;
    const std::vector<PrecisionOperator> &m_operators;
    PlannedTaps m_taps;
    std::vector<TapSetting> m_recipe;
};

/// Indices into the whole front that a plot shows: all, or evenly spaced in the logarithm of the cost, and `chosen`.
std::vector<size_t> shownPoints(const std::vector<ParetoPoint> &front, size_t chosen)
{
    std::set<size_t> shown = {chosen, 0, front.size() - 1};
    if (front.size() <= kMostShownPoints) {
        for (size_t p = 0; p < front.size(); ++p)
            shown.insert(p);
    } else {
        const double first = std::log(static_cast<double>(std::max<int64_t>(1, front.front().cost)));
        const double last = std::log(static_cast<double>(std::max<int64_t>(1, front.back().cost)));
        for (size_t i = 0; i + 3 < kMostShownPoints; ++i) {
            const double wanted = std::exp(first + (last - first) * static_cast<double>(i) / (kMostShownPoints - 3));
            const auto at = std::lower_bound(front.begin(), front.end(), wanted, [](const ParetoPoint &p, double cost) {
                return static_cast<double>(p.cost) < cost;
            });
            if (at != front.end())
                shown.insert(static_cast<size_t>(at - front.begin()));
        }
    }
    return {shown.begin(), shown.end()};
}

Result<ParetoFront> solve(const std::vector<ChoiceGroup> &groups, const PrecisionSearchResult &result,
                          const CancelToken &cancel)
{
    if (!result.mostConversions)
        return paretoFront(groups);
    const auto limited = ConversionLimit::prepare(groups, result.edges, cancel);
    if (!limited)
        return fail(limited.error());
    if (const auto possible = checkConversions(*limited, result.budget, *result.mostConversions, result.operators); !possible)
        return fail(possible.error());
    return limited->within(*result.mostConversions, cancel);
}

Result<ParetoFront> wholeFront(const std::vector<ChoiceGroup> &groups, PrecisionSearchResult &result,
                               const CancelToken &cancel)
{
    auto front = solve(groups, result, cancel);
    if (!front)
        return front;
    result.wholeFront.clear();
    for (const ParetoPoint &point : front->points())
        result.wholeFront.push_back({costAmount(result.budget.resource, point.cost, result.operators), point.loss});
    result.lossBound = front->lossBound();
    result.chosenBound = front->lossBound(budgetCost(result.budget, result.operators));
    return front;
}

/// The budget that a user has to give so that it is enough: the digits that amountText shows, rounded up.
double roundedUp(Resource resource, double amount)
{
    const double step = resource == Resource::AverageBits ? 0.01 : resource == Resource::BitOperations ? 1e6 : 1e3;
    return std::ceil(amount / step) * step;
}

} // namespace

std::string amountText(Resource resource, double amount)
{
    switch (resource) {
    case Resource::WeightBytes: return fmt::format("{:.3f} MB", amount / 1e6);
    case Resource::AverageBits: return fmt::format("{:.2f} bits", amount);
    case Resource::BitOperations: return fmt::format("{:.3f} GBOPs", amount / 1e9);
    case Resource::ActivationBytes: return fmt::format("{:.3f} MB of activations", amount / 1e6);
    }
    return {};
}

Result<void> checkConversions(const ConversionLimit &limited, const PrecisionBudget &budget, int mostConversions,
                              const std::vector<PrecisionOperator> &operators)
{
    const int64_t allowed = budgetCost(budget, operators);
    const auto least = limited.leastCost(mostConversions);
    if (least && *least <= allowed)
        return {};
    const auto fewest = limited.fewestWithin(allowed);
    if (!fewest)
        return fail(fewest.error());
    std::string hint = fmt::format("allow {}", *fewest);
    if (least)
        hint += " or give " + amountText(budget.resource, roundedUp(budget.resource,
                                                                    costAmount(budget.resource, *least, operators)));
    return fail(ErrorCode::Usage,
                fmt::format("at most {} conversions are too few: no plan within {} has fewer than {}", mostConversions,
                            amountText(budget.resource, budget.amount), *fewest),
                "--conversions", hint);
}

Result<void> addWholeFront(PrecisionSearchResult &result)
{
    const auto groups = choiceGroups(result.operators, result.table, result.budget.resource, constraintsOf(result));
    if (!groups)
        return fail(groups.error());
    if (const auto front = wholeFront(*groups, result, {}); !front)
        return fail(front.error());
    return {};
}

Result<void> findFront(const Graph &graph, PrecisionSearchResult &result, const CancelToken &cancel)
{
    const Resource resource = result.budget.resource;
    const auto groups = choiceGroups(result.operators, result.table, resource, constraintsOf(result));
    if (!groups)
        return fail(groups.error());
    const auto front = wholeFront(*groups, result, cancel);
    if (!front)
        return fail(front.error());
    const auto best = front->bestWithin(budgetCost(result.budget, result.operators));
    if (!best)
        return fail(ErrorCode::Usage,
                    fmt::format("{} are not enough: the least is {}", amountText(resource, result.budget.amount),
                                amountText(resource, result.wholeFront.front().amount)), "--budget", "give more");
    const Describer describer(graph, result);
    result.front.clear();
    result.uniform.clear();
    for (const size_t p : shownPoints(front->points(), *best)) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "stopped on request");
        std::vector<PrecisionOption> options;
        const std::vector<int> choices = front->choices(p);
        for (size_t g = 0; g < groups->size(); ++g)
            options.push_back((*groups)[g].choices[static_cast<size_t>(choices[g])].option);
        if (p == *best)
            result.chosen = static_cast<int>(result.front.size());
        result.front.push_back(describer.point(PrecisionPoint::Origin::Front, std::move(options),
                                               front->points()[p].loss, resource));
    }
    for (const int level : result.levels) {
        if (level == 0)
            continue;
        const PrecisionOption option{level, level};
        SearchConstraints alike;
        alike.outermostAtLeast8 = false;
        alike.options = {option};
        const auto losses = choiceGroups(result.operators, result.table, resource, alike);
        if (!losses)
            return fail(losses.error());
        double loss = 0;
        for (const ChoiceGroup &group : *losses)
            loss += group.choices.front().loss;
        result.uniform.push_back(describer.point(PrecisionPoint::Origin::Uniform,
                                                 std::vector<PrecisionOption>(result.operators.size(), option), loss,
                                                 resource));
    }
    return {};
}

Result<PrecisionSearchResult> searchWithin(const PrecisionSearchResult &before, const Graph &graph, double amount,
                                           std::optional<int> mostConversions, const CancelToken &cancel)
{
    bool same = graph.taps.size() == before.tapPaths.size();
    for (size_t t = 0; same && t < graph.taps.size(); ++t)
        same = graph.taps[t].path == before.tapPaths[t];
    if (!same)
        return fail(ErrorCode::BadInput, "its layers are not those of the search", before.model, "open the searched model first");
    PrecisionSearchResult result = before;
    result.budget.amount = amount;
    result.mostConversions = mostConversions;
    if (result.edges.empty()) // of an earlier version
        result.edges = conversionEdges(graph, recipeSettings(before), before.operators);
    if (const auto found = findFront(graph, result, cancel); !found)
        return fail(found.error());
    std::vector<MeasuredSelection> measured = before.measuredElsewhere;
    for (const auto *points : {&before.front, &before.uniform})
        for (const PrecisionPoint &point : *points)
            if (point.measured)
                measured.push_back({point.options, *point.measured});
    for (auto *points : {&result.front, &result.uniform})
        for (PrecisionPoint &point : *points)
            for (const MeasuredSelection &known : measured)
                if (known.options == point.options)
                    point.measured = known.measured;
    result.measuredElsewhere.clear();
    for (const MeasuredSelection &known : measured) {
        const auto isKnown = [&](const auto &list) {
            return std::any_of(list.begin(), list.end(), [&](const auto &one) { return one.options == known.options; });
        };
        if (!isKnown(result.front) && !isKnown(result.uniform) && !isKnown(result.measuredElsewhere))
            result.measuredElsewhere.push_back(known);
    }
    return result;
}

} // namespace quantoscope
