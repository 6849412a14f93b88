// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/run_costs.h"

#include "core/analysis/precision_operators.h"
#include "core/quantization/recipe.h"

#include <algorithm>

namespace quantoscope {

void addCosts(RunRecord &record, const Graph &graph, bool inputQuantized, const std::vector<TapSetting> &settings)
{
    QuantizationRequest planless = record.request;
    planless.planJson.clear();
    const auto recipe = resolveSettings(graph, planless, inputQuantized);
    if (!recipe)
        return;
    const std::vector<TapSetting> floating(graph.taps.size());
    record.floatCosts = precisionCosts(graph, *recipe, floating);
    if (std::any_of(settings.begin(), settings.end(), [](const TapSetting &setting) { return setting.isQuantized(); }))
        record.costs = precisionCosts(graph, *recipe, settings);
}

} // namespace quantoscope
