// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/precision_plan.h"

#include <map>

namespace quantoscope {

PlannedTaps PlannedTaps::of(const Graph &graph, const std::vector<TapSetting> &recipe)
{
    PlannedTaps taps;
    for (size_t t = 0; t < graph.taps.size(); ++t) {
        taps.paths.push_back(graph.taps[t].path);
        taps.recipeBits.push_back(recipe[t].isQuantized() ? recipe[t].bits : 0);
    }
    return taps;
}

PrecisionPlan precisionPlan(const std::string &name, const std::vector<PrecisionOperator> &operators,
                            const std::vector<PrecisionOption> &options, const PlannedTaps &taps)
{
    std::map<int, int> bits; // by tap
    for (size_t o = 0; o < operators.size(); ++o) {
        for (const int tap : operators[o].weightTaps)
            bits[tap] = options[o].weightBits;
        for (const int tap : operators[o].activationTaps)
            bits[tap] = options[o].activationBits;
    }
    PrecisionPlan plan;
    plan.name = name;
    for (const auto &[tap, wanted] : bits) {
        if (wanted == taps.recipeBits[static_cast<size_t>(tap)])
            continue;
        PlanRule rule;
        rule.where.tap = taps.paths[static_cast<size_t>(tap)];
        rule.bits = wanted;
        plan.rules.push_back(rule);
    }
    return plan;
}

} // namespace quantoscope
