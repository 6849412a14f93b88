// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/interval_progress.h"

#include "core/base/json_object.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {

IntervalProgress::Operand IntervalProgress::Operand::of(const QuantizerParameters &parameters)
{
    return {parameters.scale, parameters.lowScale, parameters.split};
}

bool IntervalProgress::Operand::fits(const QuantizerParameters &start) const
{
    const auto isInterval = [](float value) { return std::isfinite(value) && value >= 0; };
    return scale.size() == start.scale.size() && std::all_of(scale.begin(), scale.end(), isInterval) && isInterval(lowScale)
        && isInterval(split) && (lowScale > 0) == (start.lowScale > 0) && (split > 0) == (start.split > 0);
}

void IntervalProgress::Operand::putInto(QuantizerParameters &parameters) const
{
    parameters.scale = scale;
    parameters.lowScale = lowScale;
    parameters.split = split;
}

IntervalProgress IntervalProgress::parse(const std::string &text)
{
    IntervalProgress progress;
    const Json document = Json::parse(text, nullptr, false);
    if (!document.is_object())
        return progress;
    const auto operand = [](const Json &entry, Operand &out) {
        if (!entry.is_array() || entry.size() != 3 || !entry[0].is_array() || !entry[1].is_number() || !entry[2].is_number())
            return false;
        for (const Json &scale : entry[0]) {
            if (!scale.is_number())
                return false;
            out.scale.push_back(scale.get<float>());
        }
        out.lowScale = entry[1].get<float>();
        out.split = entry[2].get<float>();
        return true;
    };
    for (const auto &[product, entry] : document.items()) {
        std::pair<Operand, Operand> found;
        if (entry.is_array() && entry.size() == 2 && operand(entry[0], found.first) && operand(entry[1], found.second))
            progress.m_found.emplace(product, std::move(found));
    }
    return progress;
}

std::string IntervalProgress::text() const
{
    Json document = Json::object();
    const auto operand = [](const Operand &one) { return Json::array({one.scale, one.lowScale, one.split}); };
    for (const auto &[product, found] : m_found)
        document[product] = Json::array({operand(found.first), operand(found.second)});
    return document.dump();
}

void IntervalProgress::add(const std::string &product, const QuantizerParameters &left, const QuantizerParameters &right)
{
    m_found[product] = {Operand::of(left), Operand::of(right)};
}

bool IntervalProgress::take(const std::string &product, QuantizerParameters &left, QuantizerParameters &right) const
{
    const auto found = m_found.find(product);
    if (found == m_found.end() || !found->second.first.fits(left) || !found->second.second.fits(right))
        return false;
    found->second.first.putInto(left);
    found->second.second.putInto(right);
    return true;
}

} // namespace quantoscope
