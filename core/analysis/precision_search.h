// SPDX-License-Identifier: GPL-3.0-or-later
// Mixed precision as a multiple-choice knapsack: one option per group, costs and losses add up.
#pragma once

#include "core/base/result.h"
#include "core/data/sensitivity.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

struct PrecisionChoice {
    PrecisionOption option;
    int64_t cost = 0; ///< in the resource's unit, at least 0
    double loss = 0;  ///< predicted; finite
};

/// Operators that share one decision. A fixed group has one choice.
struct ChoiceGroup {
    std::string name;
    std::vector<PrecisionChoice> choices;
};

struct ParetoPoint {
    int64_t cost = 0;
    double loss = 0;
};

/// One choice for every group, with the sums of its costs and losses.
struct PrecisionSelection {
    ParetoPoint sums;
    std::vector<uint8_t> choices; ///< index into ChoiceGroup::choices for every group
};

/// A selection of a budget b that is allowed has a loss of at least `loss` - `price` * b.
struct LossFloor {
    double price = 0;
    double loss = 0;
};

/// Points that no other selection beats in both cost and loss: cost rises, loss falls strictly. Equal selections
/// (same cost, same loss) are represented by one of them.
class ParetoFront {
public:
    /// The undominated ones of some selections; of equal ones the first. `floors` say how much better others could be.
    [[nodiscard]] static ParetoFront of(std::vector<PrecisionSelection> selections, std::vector<LossFloor> floors);

    [[nodiscard]] const std::vector<ParetoPoint> &points() const { return m_points; }
    /// Index into ChoiceGroup::choices for every group, at a point.
    [[nodiscard]] std::vector<int> choices(size_t point) const;
    /// The point of least loss that costs no more than `budget`; none when even the cheapest costs more.
    [[nodiscard]] std::optional<size_t> bestWithin(int64_t budget) const;
    /// At every budget the best selection's loss is at most this below the front's: 0 means exact.
    [[nodiscard]] double lossBound() const { return m_lossBound; }
    /// The same at one budget, where more may be known.
    [[nodiscard]] double lossBound(int64_t budget) const;

private:
    friend Result<ParetoFront> paretoFront(const std::vector<ChoiceGroup> &groups, size_t mostPoints);
    /// How each point of a stage came about: the point of the stage before, and the choice of this stage's group.
    struct Stage {
        size_t group = 0;
        std::vector<uint32_t> parents;
        std::vector<uint8_t> choices;
    };
    std::vector<ParetoPoint> m_points;
    std::vector<Stage> m_stages;
    std::vector<std::vector<uint8_t>> m_selections; ///< parallel to m_points, instead of stages
    std::vector<LossFloor> m_floors;
    double m_lossBound = 0;
};

inline constexpr size_t kMostParetoPoints = size_t{1} << 18;

/// The whole front, by adding one group after another and dropping dominated sums after each (G. L. Nemhauser and
/// Z. Ullmann, Management Science 15 (1969) 494-505). Costs are integers, so nothing is discretised.
/// Memory: 5 bytes per point and group, plus 32 bytes per point. When a stage has more than `mostPoints` points, those
/// that improve on a kept cheaper one by less than (loss range)/`mostPoints` are dropped; lossBound() sums these up.
/// Errors: BadInput (no group, a group without choices or with more than 255, a negative cost, costs whose sum does not
/// fit 62 bits, a loss that is not finite).
[[nodiscard]] Result<ParetoFront> paretoFront(const std::vector<ChoiceGroup> &groups,
                                              size_t mostPoints = kMostParetoPoints);

} // namespace quantoscope
