// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/precision_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantoscope {

namespace {

constexpr size_t kMostChoices = 255;
constexpr int64_t kLargestCost = int64_t{1} << 62;

/// A choice that may be part of a front.
struct Candidate {
    int64_t cost;
    double loss;
    uint8_t choice;
};

/// The choices of a group that no other of its choices beats, cheapest first.
std::vector<Candidate> undominated(const ChoiceGroup &group)
{
    std::vector<Candidate> sorted;
    for (size_t c = 0; c < group.choices.size(); ++c)
        sorted.push_back({group.choices[c].cost, group.choices[c].loss, static_cast<uint8_t>(c)});
    std::stable_sort(sorted.begin(), sorted.end(), [](const Candidate &a, const Candidate &b) {
        return a.cost != b.cost ? a.cost < b.cost : a.loss < b.loss;
    });
    std::vector<Candidate> kept;
    for (const Candidate &candidate : sorted)
        if (kept.empty() || candidate.loss < kept.back().loss)
            kept.push_back(candidate);
    return kept;
}

Result<void> check(const std::vector<ChoiceGroup> &groups)
{
    if (groups.empty())
        return fail(ErrorCode::BadInput, "there is no group to choose for");
    int64_t total = 0;
    for (const ChoiceGroup &group : groups) {
        if (group.choices.empty() || group.choices.size() > kMostChoices)
            return fail(ErrorCode::BadInput, fmt::format("{} options instead of 1 to {}", group.choices.size(),
                                                         kMostChoices),
                        group.name, "loosen the constraints on this operator");
        int64_t dearest = 0;
        for (const PrecisionChoice &choice : group.choices) {
            if (choice.cost < 0 || choice.cost > kLargestCost)
                return fail(ErrorCode::BadInput, fmt::format("cost {} is out of range", choice.cost), group.name);
            if (!std::isfinite(choice.loss))
                return fail(ErrorCode::BadInput,
                            fmt::format("the predicted loss at {} is not finite", choice.option.text()), group.name,
                            "measure the sensitivity again");
            dearest = std::max(dearest, choice.cost);
        }
        if (dearest > kLargestCost - total)
            return fail(ErrorCode::BadInput, "the sum of the costs does not fit 62 bits", group.name);
        total += dearest;
    }
    return {};
}

} // namespace

Result<ParetoFront> paretoFront(const std::vector<ChoiceGroup> &groups, size_t mostPoints)
{
    if (auto checked = check(groups); !checked)
        return fail(checked.error());
    mostPoints = std::max<size_t>(mostPoints, 2);
    ParetoFront front;
    std::vector<ParetoPoint> points = {{0, 0.0}};
    std::vector<ParetoPoint> sums;
    for (size_t g = 0; g < groups.size(); ++g) {
        const std::vector<Candidate> candidates = undominated(groups[g]);
        // Each candidate shifts the list of the stage before; all shifted lists are merged by cost.
        std::vector<size_t> next(candidates.size(), 0);
        sums.clear();
        ParetoFront::Stage stage;
        stage.group = g;
        double lowest = std::numeric_limits<double>::infinity();
        for (;;) {
            size_t chosen = candidates.size();
            ParetoPoint best{std::numeric_limits<int64_t>::max(), std::numeric_limits<double>::infinity()};
            for (size_t c = 0; c < candidates.size(); ++c) {
                // What is beaten already never returns: the lowest loss only falls.
                while (next[c] < points.size() && points[next[c]].loss + candidates[c].loss >= lowest)
                    ++next[c];
                if (next[c] == points.size())
                    continue;
                const ParetoPoint sum{points[next[c]].cost + candidates[c].cost,
                                      points[next[c]].loss + candidates[c].loss};
                if (sum.cost < best.cost || (sum.cost == best.cost && sum.loss < best.loss)) {
                    best = sum;
                    chosen = c;
                }
            }
            if (chosen == candidates.size())
                break;
            lowest = best.loss;
            sums.push_back(best);
            stage.parents.push_back(static_cast<uint32_t>(next[chosen]++));
            stage.choices.push_back(candidates[chosen].choice);
        }
        if (sums.size() > mostPoints) {
            const double step = (sums.front().loss - sums.back().loss) / static_cast<double>(mostPoints - 1);
            size_t kept = 0;
            for (size_t i = 0; i < sums.size(); ++i) {
                if (i > 0 && i + 1 < sums.size() && sums[kept - 1].loss - sums[i].loss < step)
                    continue;
                sums[kept] = sums[i];
                stage.parents[kept] = stage.parents[i];
                stage.choices[kept++] = stage.choices[i];
            }
            sums.resize(kept);
            stage.parents.resize(kept);
            stage.choices.resize(kept);
            front.m_lossBound += step;
        }
        stage.parents.shrink_to_fit();
        stage.choices.shrink_to_fit();
        std::swap(points, sums);
        front.m_stages.push_back(std::move(stage));
    }
    front.m_points = std::move(points);
    return front;
}

ParetoFront ParetoFront::of(std::vector<PrecisionSelection> selections, std::vector<LossFloor> floors)
{
    std::stable_sort(selections.begin(), selections.end(), [](const PrecisionSelection &a, const PrecisionSelection &b) {
        return a.sums.cost != b.sums.cost ? a.sums.cost < b.sums.cost : a.sums.loss < b.sums.loss;
    });
    ParetoFront front;
    front.m_floors = std::move(floors);
    for (PrecisionSelection &one : selections)
        if (front.m_points.empty() || one.sums.loss < front.m_points.back().loss) {
            front.m_points.push_back(one.sums);
            front.m_selections.push_back(std::move(one.choices));
        }
    // The floor falls with the budget, so what a point may lose is greatest just before the next one.
    for (size_t p = 0; p < front.m_points.size(); ++p)
        front.m_lossBound = std::max(front.m_lossBound, front.lossBound(p + 1 < front.m_points.size() ? front.m_points[p + 1].cost - 1
                                                                                                     : kLargestCost));
    return front;
}

double ParetoFront::lossBound(int64_t budget) const
{
    const auto point = bestWithin(budget);
    if (m_floors.empty() || !point)
        return m_lossBound;
    double floor = -std::numeric_limits<double>::infinity();
    for (const LossFloor &one : m_floors)
        floor = std::max(floor, one.loss - one.price * static_cast<double>(budget));
    return std::max(0.0, m_points[*point].loss - floor);
}

std::vector<int> ParetoFront::choices(size_t point) const
{
    if (!m_selections.empty())
        return {m_selections[point].begin(), m_selections[point].end()};
    std::vector<int> chosen(m_stages.size());
    for (size_t s = m_stages.size(); s-- > 0;) {
        const Stage &stage = m_stages[s];
        chosen[stage.group] = stage.choices[point];
        point = stage.parents[point];
    }
    return chosen;
}

std::optional<size_t> ParetoFront::bestWithin(int64_t budget) const
{
    const auto above = std::upper_bound(m_points.begin(), m_points.end(), budget,
                                        [](int64_t cost, const ParetoPoint &point) { return cost < point.cost; });
    if (above == m_points.begin())
        return std::nullopt;
    return static_cast<size_t>(above - m_points.begin()) - 1;
}

} // namespace quantoscope
