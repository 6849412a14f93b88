// SPDX-License-Identifier: GPL-3.0-or-later
// A selection of the precision search as a plan that every command and the window take.
#pragma once

#include "core/analysis/precision_operators.h"
#include "core/quantization/recipe.h"

namespace quantoscope {

/// One rule per tap whose precision `options` (parallel to `operators`) sets to other bits than `settings`, the recipe's
/// own without a plan; so a plan shows what was changed. planToJson makes it a file. The rules name taps one by one, in
/// order of execution.
[[nodiscard]] PrecisionPlan precisionPlan(const std::string &name, const Graph &graph,
                                          const std::vector<PrecisionOperator> &operators,
                                          const std::vector<PrecisionOption> &options,
                                          const std::vector<TapSetting> &settings);

} // namespace quantoscope
