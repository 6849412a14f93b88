// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/precision_plan.h"

#include <map>

namespace quantoscope {

PrecisionPlan precisionPlan(const std::string &name, const Graph &graph, const std::vector<PrecisionOperator> &operators,
                            const std::vector<PrecisionOption> &options, const std::vector<TapSetting> &settings)
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
        const TapSetting &own = settings[static_cast<size_t>(tap)];
        if (wanted == (own.isQuantized() ? own.bits : 0))
            continue;
        PlanRule rule;
        rule.where.tap = graph.taps[static_cast<size_t>(tap)].path;
        rule.bits = wanted;
        plan.rules.push_back(rule);
    }
    return plan;
}

} // namespace quantoscope
