// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/search_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace quantoscope {

std::string searchToCsv(const PrecisionSearchResult &result)
{
    std::string text = "kind,name,average_bits,weight_bits,activation_bits,weight_bytes,bit_operations,activation_bytes,"
                       "conversions,predicted_kl,images,kl,kl_standard_error,agreement,top1,top1_low,top1_high\n";
    for (const auto *points : {&result.front, &result.uniform})
        for (const PrecisionPoint &point : *points) {
            const PrecisionCosts &costs = point.costs;
            text += fmt::format("{},{},{},{},{},{},{},{},{},{}",
                                point.origin == PrecisionPoint::Origin::Uniform ? "uniform" : "front", point.name,
                                costs.averageBits, costs.weightBits, costs.activationBits, costs.weightBytes,
                                costs.bitOperations, costs.activationBytes, costs.conversions, point.loss);
            if (const auto &m = point.measured)
                text += fmt::format(",{},{},{},{},{},{},{}\n", m->images, m->kl, m->klStandardError, m->agreement, m->top1,
                                    m->top1Interval.low, m->top1Interval.high);
            else
                text += ",,,,,,,\n";
        }
    return text;
}

std::string wholeFrontToCsv(const PrecisionSearchResult &result)
{
    const Resource resource = result.budget.resource;
    std::string text = name(resource);
    std::replace(text.begin(), text.end(), '-', '_');
    text += ",predicted_kl\n";
    for (const auto &point : result.wholeFront)
        text += fmt::format("{},{}\n", point.amount, point.loss);
    return text;
}

} // namespace quantoscope
