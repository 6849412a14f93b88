// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/conversion_limit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <iterator>
#include <limits>
#include <numeric>
#include <set>

namespace quantoscope {

namespace {

constexpr double kLargestCost = 9007199254740992.0; ///< 2^53: what doubles count exactly
constexpr size_t kMostTransitions = 65536;          ///< of a step: they are numbered in 16 bits
constexpr size_t kFillPoints = 1024;                ///< of a knapsack between two corners of the hull
constexpr size_t kMostOrigins = size_t{1} << 27;    ///< of all steps: 256 MiB
constexpr double kAlso = 0.1; ///< selections with fewer conversions are of interest that are so much worse than the best
constexpr double kNever = std::numeric_limits<double>::infinity();

/// The choices of a group that have one activation width.
struct Width {
    int bits = 0;
    std::vector<uint8_t> choices;
};

/// One operator joins the state, and those leave whose last edge this was.
struct Step {
    struct Transition {
        uint16_t to = 0;      ///< state after the step
        uint16_t shift = 0;   ///< conversions that it adds
    };
    size_t group = 0;
    size_t states = 0;                   ///< after the step
    std::vector<Transition> transitions; ///< by state before the step, then by width
};

} // namespace

class ConversionLimit::Private {
public:
    std::vector<ChoiceGroup> groups;
    std::vector<ConversionEdge> edges;
    std::vector<std::vector<Width>> widths; ///< by group; one that joins all choices where no edge ends
    std::vector<Step> steps;
    ParetoFront front;
    std::vector<int> frontConversions; ///< by point
    int most = 0;                      ///< all edges together

    /// The best selections at one price.
    struct Solution {
        std::vector<double> values; ///< by conversions at most; kNever: there is none
        std::vector<std::vector<uint8_t>> best;   ///< by group and width: the choice
        std::vector<std::vector<uint16_t>> origins; ///< by step: the transition, by state and conversions
    };

    Result<void> makeWidths();
    Result<void> makeSteps();
    /// Minimises lossFactor * loss + price * cost for every number of conversions up to `limit`, as far as it is below
    /// `bound`.
    Solution solve(double lossFactor, double price, int limit, double bound = kNever) const;
    PrecisionSelection selection(const Solution &solution, int limit) const;
    PrecisionSelection summed(std::vector<uint8_t> choices) const;
    int conversionsOf(const std::vector<uint8_t> &choices) const;
    Result<void> addFill(const PrecisionSelection &corner, std::vector<PrecisionSelection> &found) const;
};

Result<void> ConversionLimit::Private::makeWidths()
{
    std::vector<bool> joined(groups.size(), false);
    const auto last = static_cast<int>(groups.size()) - 1;
    for (const ConversionEdge &edge : edges) {
        if (edge.first < kFloatEnd || edge.second < 0 || edge.first >= edge.second || edge.second > last || edge.count < 1)
            return fail(ErrorCode::BadInput, fmt::format("{} edges from {} to {} are between no two operators", edge.count,
                                                         edge.first, edge.second), "conversions");
        if (edge.count > std::numeric_limits<uint16_t>::max() - most)
            return fail(ErrorCode::BadInput, "too many edges to limit their conversions", "conversions");
        most += edge.count;
        if (edge.first != kFloatEnd)
            joined[static_cast<size_t>(edge.first)] = true;
        joined[static_cast<size_t>(edge.second)] = true;
    }
    double dearest = 0;
    for (size_t g = 0; g < groups.size(); ++g) {
        std::vector<Width> &own = widths.emplace_back();
        int64_t dearestChoice = 0;
        for (size_t c = 0; c < groups[g].choices.size(); ++c) {
            const PrecisionChoice &choice = groups[g].choices[c];
            const int bits = joined[g] ? choice.option.activationBits : 0;
            auto width = std::find_if(own.begin(), own.end(), [&](const Width &one) { return one.bits == bits; });
            if (width == own.end())
                width = own.insert(own.end(), {bits, {}});
            width->choices.push_back(static_cast<uint8_t>(c));
            dearestChoice = std::max(dearestChoice, choice.cost);
        }
        dearest += static_cast<double>(dearestChoice);
    }
    if (dearest > kLargestCost)
        return fail(ErrorCode::BadInput, "the sum of the costs does not fit 53 bits", "conversions",
                    "search without a limit to conversions");
    return {};
}

Result<void> ConversionLimit::Private::makeSteps()
{
    std::vector<size_t> lastUse(groups.size());
    std::iota(lastUse.begin(), lastUse.end(), size_t{0});
    for (const ConversionEdge &edge : edges)
        if (edge.first != kFloatEnd)
            lastUse[static_cast<size_t>(edge.first)]
                = std::max(lastUse[static_cast<size_t>(edge.first)], static_cast<size_t>(edge.second));
    std::vector<size_t> live; // operators whose widths are the state, the last one counting fastest
    size_t states = 1;
    size_t origins = 0;
    for (size_t g = 0; g < groups.size(); ++g) {
        Step step;
        step.group = g;
        const size_t own = widths[g].size();
        const auto entangled = [&] {
            return fail(ErrorCode::BadInput, fmt::format("{} operators have edges across this one: too entangled to limit "
                                                         "conversions", live.size()),
                        groups[g].name, "offer fewer --levels, or search without a limit to conversions");
        };
        if (states * own > kMostTransitions)
            return entangled();
        std::vector<size_t> after;
        for (const size_t one : live)
            if (lastUse[one] > g)
                after.push_back(one);
        if (lastUse[g] > g)
            after.push_back(g);
        std::vector<ConversionEdge> incoming;
        std::copy_if(edges.begin(), edges.end(), std::back_inserter(incoming),
                     [&](const ConversionEdge &edge) { return static_cast<size_t>(edge.second) == g; });
        std::vector<size_t> width(groups.size(), 0); // of the operators in the state
        for (size_t state = 0; state < states; ++state) {
            size_t rest = state;
            for (size_t i = live.size(); i-- > 0;) {
                width[live[i]] = rest % widths[live[i]].size();
                rest /= widths[live[i]].size();
            }
            for (width[g] = 0; width[g] < own; ++width[g]) {
                Step::Transition transition;
                const int bits = widths[g][width[g]].bits;
                for (const ConversionEdge &edge : incoming) {
                    const auto other = static_cast<size_t>(edge.first);
                    const int otherBits = edge.first == kFloatEnd ? 0 : widths[other][width[other]].bits;
                    transition.shift = static_cast<uint16_t>(transition.shift + (bits != otherBits ? edge.count : 0));
                }
                size_t to = 0;
                for (const size_t one : after)
                    to = to * widths[one].size() + width[one];
                transition.to = static_cast<uint16_t>(to);
                step.transitions.push_back(transition);
            }
        }
        states = 1;
        for (const size_t one : after)
            states *= widths[one].size();
        origins += states * (static_cast<size_t>(most) + 1);
        if (origins > kMostOrigins)
            return entangled();
        step.states = states;
        live = std::move(after);
        steps.push_back(std::move(step));
    }
    return {};
}

ConversionLimit::Private::Solution ConversionLimit::Private::solve(double lossFactor, double price, int limit,
                                                                   double bound) const
{
    Solution solution;
    std::vector<std::vector<double>> least(steps.size()); // by width, of each step's operator
    double room = bound; // of what conversions may cost on the way: all that is above the least of every operator
    for (size_t s = 0; s < steps.size(); ++s) {
        std::vector<uint8_t> &best = solution.best.emplace_back();
        for (const Width &width : widths[steps[s].group]) {
            least[s].push_back(kNever);
            best.push_back(0);
            for (const uint8_t c : width.choices) {
                const PrecisionChoice &choice = groups[steps[s].group].choices[c];
                const double value = lossFactor * choice.loss + price * static_cast<double>(choice.cost);
                if (value < least[s].back()) {
                    least[s].back() = value;
                    best.back() = c;
                }
            }
        }
        room -= *std::min_element(least[s].begin(), least[s].end());
    }
    room += 1e-9 * std::abs(bound); // for the rounding of sums
    const auto counts = static_cast<size_t>(limit) + 1;
    std::vector<double> before(counts, 0.0); // "at most": nothing decided has no conversions
    std::vector<double> after;
    std::vector<std::pair<size_t, size_t>> used = {{0, 1}}; // by state: first possible count, behind the last that helps
    double decided = 0;
    for (size_t s = 0; s < steps.size(); ++s) {
        const Step &step = steps[s];
        decided += *std::min_element(least[s].begin(), least[s].end());
        const double ceiling = decided + room;
        after.assign(step.states * counts, ceiling);
        std::vector<uint16_t> &origins = solution.origins.emplace_back(step.states * counts, uint16_t{0});
        for (size_t t = 0; t < step.transitions.size(); ++t) {
            const Step::Transition transition = step.transitions[t];
            const size_t state = t / least[s].size();
            if (transition.shift >= counts)
                continue;
            const double *from = before.data() + state * counts;
            const double more = least[s][t % least[s].size()];
            double *into = after.data() + transition.to * counts + transition.shift;
            uint16_t *origin = origins.data() + transition.to * counts + transition.shift;
            const size_t end = std::min(used[state].second, counts - transition.shift);
            for (size_t c = used[state].first; c < end; ++c)
                if (const double value = from[c] + more; value < into[c]) {
                    into[c] = value;
                    origin[c] = static_cast<uint16_t>(t);
                }
        }
        used.assign(step.states, {counts, 0});
        for (size_t state = 0; state < step.states; ++state) {
            double *values = after.data() + state * counts;
            uint16_t *origin = origins.data() + state * counts;
            for (size_t c = 0; c < counts; ++c) {
                if (c > 0 && values[c - 1] <= values[c]) { // more conversions than help are allowed, too
                    values[c] = values[c - 1];
                    origin[c] = origin[c - 1];
                } else if (values[c] < ceiling) {
                    used[state] = {std::min(used[state].first, c), c + 1};
                } else {
                    values[c] = kNever;
                }
            }
        }
        std::swap(before, after);
    }
    solution.values = std::move(before);
    return solution;
}

PrecisionSelection ConversionLimit::Private::selection(const Solution &solution, int limit) const
{
    const size_t counts = solution.values.size();
    std::vector<uint8_t> choices(groups.size());
    auto count = static_cast<size_t>(limit);
    size_t state = 0;
    for (size_t s = steps.size(); s-- > 0;) {
        const uint16_t t = solution.origins[s][state * counts + count];
        const size_t own = solution.best[s].size();
        choices[steps[s].group] = solution.best[s][t % own];
        state = t / own;
        count -= steps[s].transitions[t].shift;
    }
    return summed(std::move(choices));
}

PrecisionSelection ConversionLimit::Private::summed(std::vector<uint8_t> choices) const
{
    PrecisionSelection one;
    for (size_t g = 0; g < groups.size(); ++g) { // in the order in which paretoFront adds them
        one.sums.cost += groups[g].choices[choices[g]].cost;
        one.sums.loss += groups[g].choices[choices[g]].loss;
    }
    one.choices = std::move(choices);
    return one;
}

int ConversionLimit::Private::conversionsOf(const std::vector<uint8_t> &choices) const
{
    int conversions = 0;
    const auto bits = [&](int end) {
        if (end == kFloatEnd)
            return 0;
        const auto g = static_cast<size_t>(end);
        return groups[g].choices[choices[g]].option.activationBits;
    };
    for (const ConversionEdge &edge : edges)
        if (bits(edge.first) != bits(edge.second))
            conversions += edge.count;
    return conversions;
}

/// What weights can make of the corner's activations.
Result<void> ConversionLimit::Private::addFill(const PrecisionSelection &corner, std::vector<PrecisionSelection> &found) const
{
    std::vector<ChoiceGroup> narrowed;
    std::vector<const Width *> kept;
    for (size_t g = 0; g < groups.size(); ++g) {
        const auto width = std::find_if(widths[g].begin(), widths[g].end(), [&](const Width &one) {
            return std::find(one.choices.begin(), one.choices.end(), corner.choices[g]) != one.choices.end();
        });
        kept.push_back(&*width);
        ChoiceGroup &group = narrowed.emplace_back();
        for (const uint8_t c : width->choices)
            group.choices.push_back(groups[g].choices[c]);
    }
    const auto fill = paretoFront(narrowed, kFillPoints);
    if (!fill)
        return fail(fill.error());
    for (size_t p = 0; p < fill->points().size(); ++p) {
        const std::vector<int> chosen = fill->choices(p);
        std::vector<uint8_t> choices;
        for (size_t g = 0; g < groups.size(); ++g)
            choices.push_back(kept[g]->choices[static_cast<size_t>(chosen[g])]);
        found.push_back(summed(std::move(choices)));
    }
    return {};
}

Result<ConversionLimit> ConversionLimit::prepare(std::vector<ChoiceGroup> groups, std::vector<ConversionEdge> edges,
                                                 const CancelToken &cancel)
{
    auto own = std::make_shared<Private>();
    auto front = paretoFront(groups);
    if (!front)
        return fail(front.error());
    own->front = std::move(*front);
    own->groups = std::move(groups);
    own->edges = std::move(edges);
    if (auto made = own->makeWidths(); !made)
        return fail(made.error());
    if (auto made = own->makeSteps(); !made)
        return fail(made.error());
    for (size_t p = 0; p < own->front.points().size(); ++p) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "stopped on request");
        const std::vector<int> choices = own->front.choices(p);
        own->frontConversions.push_back(own->conversionsOf({choices.begin(), choices.end()}));
    }
    return ConversionLimit(std::move(own));
}

const ParetoFront &ConversionLimit::unlimited() const
{
    return d->front;
}

int ConversionLimit::conversions(const std::vector<int> &choices) const
{
    return d->conversionsOf({choices.begin(), choices.end()});
}

int ConversionLimit::mostConversions() const
{
    return d->most;
}

Result<int> ConversionLimit::fewestWithin(int64_t budget) const
{
    const Private::Solution cheapest = d->solve(0, 1, d->most);
    for (int limit = 0; limit <= d->most; ++limit)
        if (cheapest.values[static_cast<size_t>(limit)] <= static_cast<double>(budget))
            return limit;
    return fail(ErrorCode::BadInput, "even the cheapest selection costs more than the budget", "conversions");
}

Result<int64_t> ConversionLimit::leastCost(int limit) const
{
    limit = std::min(limit, d->most);
    const double cost = limit < 0 ? kNever : d->solve(0, 1, limit).values.back();
    if (cost == kNever)
        return fail(ErrorCode::BadInput, fmt::format("no selection has as few as {} conversions", limit), "conversions");
    return static_cast<int64_t>(cost);
}

Result<ParetoFront> ConversionLimit::within(int limit, const CancelToken &cancel) const
{
    if (const auto possible = leastCost(limit); !possible)
        return fail(possible.error());
    limit = std::min(limit, d->most);
    if (std::all_of(d->frontConversions.begin(), d->frontConversions.end(), [&](int own) { return own <= limit; }))
        return d->front;
    std::vector<PrecisionSelection> found;
    for (size_t p = 0; p < d->front.points().size(); ++p)
        if (d->frontConversions[p] <= limit) {
            const std::vector<int> choices = d->front.choices(p);
            found.push_back(d->summed({choices.begin(), choices.end()}));
        }
    std::vector<LossFloor> floors;
    const Private::Solution least = d->solve(1, 0, limit);
    floors.push_back({0, least.values.back()});
    std::vector<PrecisionSelection> corners = {d->selection(d->solve(0, 1, limit), limit), d->selection(least, limit)};
    std::deque<std::pair<size_t, size_t>> gaps = {{0, 1}}; // between corners, the cheaper one first
    for (int prices = 0; !gaps.empty() && prices < kMostPrices; ++prices) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "stopped on request");
        const auto [left, right] = gaps.front();
        gaps.pop_front();
        const ParetoPoint low = corners[left].sums;
        const ParetoPoint high = corners[right].sums;
        if (high.cost <= low.cost || high.loss >= low.loss)
            continue;
        const double price = (low.loss - high.loss) / static_cast<double>(high.cost - low.cost);
        const double bound = low.loss + price * static_cast<double>(low.cost); // as `high` has, too
        const Private::Solution solution = d->solve(1, price, limit, bound + kAlso * std::abs(bound));
        floors.push_back({price, std::min(bound, solution.values.back())});
        for (int c = 0; c < limit; ++c) // not better at this price, but perhaps the best of their cost
            if (const double value = solution.values[static_cast<size_t>(c)];
                value < kNever && (c == 0 || value < solution.values[static_cast<size_t>(c) - 1]))
                found.push_back(d->selection(solution, c));
        if (!(solution.values.back() < bound - 1e-12 * std::abs(bound)))
            continue;
        corners.push_back(d->selection(solution, limit));
        gaps.emplace_back(left, corners.size() - 1);
        gaps.emplace_back(corners.size() - 1, right);
    }
    std::set<std::vector<int>> filled; // activation widths
    for (const PrecisionSelection &corner : corners) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, "stopped on request");
        std::vector<int> bits;
        for (size_t g = 0; g < d->groups.size(); ++g)
            bits.push_back(d->groups[g].choices[corner.choices[g]].option.activationBits);
        found.push_back(corner);
        if (filled.insert(std::move(bits)).second)
            if (const auto added = d->addFill(corner, found); !added)
                return fail(added.error());
    }
    return ParetoFront::of(std::move(found), std::move(floors));
}

} // namespace quantoscope
