// SPDX-License-Identifier: GPL-3.0-or-later
// A selection of the precision search as a plan that every command and the window take.
#pragma once

#include "core/data/graph.h"
#include "core/data/precision_search.h"
#include "core/quantization/recipe.h"

namespace quantoscope {

/// What a plan must know of the taps that it changes; vectors run parallel to Graph::taps.
struct PlannedTaps {
    std::vector<std::string> paths;
    std::vector<int> recipeBits; ///< without a plan; 0 float

    [[nodiscard]] static PlannedTaps of(const Graph &graph, const std::vector<TapSetting> &recipe);
};

/// One rule per tap whose precision `options` (parallel to `operators`) sets to other bits than the recipe without a plan;
/// so a plan shows what was changed. planToJson makes it a file. The rules name taps one by one, in order of execution.
[[nodiscard]] PrecisionPlan precisionPlan(const std::string &name, const std::vector<PrecisionOperator> &operators,
                                          const std::vector<PrecisionOption> &options, const PlannedTaps &taps);

} // namespace quantoscope
