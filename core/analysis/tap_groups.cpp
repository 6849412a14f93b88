// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/tap_groups.h"

#include <algorithm>
#include <map>

namespace quantoscope {

namespace {

bool hasChannels(const TapRecord &record)
{
    return record.statistics.observed && !record.statistics.channelMinimum.empty();
}

} // namespace

std::vector<TapGroup> tapGroups(const RunRecord &run)
{
    std::vector<TapGroup> groups;
    if (!tapsOf(run, {}).empty())
        groups.emplace_back();
    std::vector<TapGroup> weights;
    std::map<Role, int> roles;
    for (const TapRecord &record : run.taps) {
        if (!hasChannels(record))
            continue;
        ++roles[record.tap.role];
        const TapGroup group{TapGroup::Kind::Name, nameInBlock(record.tap)};
        std::vector<TapGroup> &list = record.tap.kind == TapKind::Weight ? weights : groups;
        if (record.tap.block >= 0 && std::find(list.begin(), list.end(), group) == list.end())
            list.push_back(group);
    }
    groups.insert(groups.end(), weights.begin(), weights.end());
    for (const auto &[role, count] : roles)
        if (count > 1)
            groups.push_back({TapGroup::Kind::Role, {}, role});
    return groups;
}

std::vector<int> tapsOf(const RunRecord &run, const TapGroup &group)
{
    std::vector<int> taps;
    for (size_t i = 0; i < run.taps.size(); ++i) {
        const Tap &tap = run.taps[i].tap;
        const bool wanted = group.kind == TapGroup::Kind::LayerNormInputs ? tap.feedsLayerNorm
                          : group.kind == TapGroup::Kind::Role            ? tap.role == group.role
                                                               : tap.block >= 0 && nameInBlock(tap) == group.name;
        if (wanted && hasChannels(run.taps[i]))
            taps.push_back(static_cast<int>(i));
    }
    return taps;
}

int operatorPartner(const RunRecord &run, int tap)
{
    if (tap < 0 || static_cast<size_t>(tap) >= run.taps.size())
        return -1;
    const Tap &own = run.taps[static_cast<size_t>(tap)].tap;
    for (size_t i = 0; i < run.taps.size(); ++i) {
        const Tap &other = run.taps[i].tap;
        if (static_cast<int>(i) != tap && other.node == own.node
            && (other.kind == TapKind::Weight) != (own.kind == TapKind::Weight))
            return static_cast<int>(i);
    }
    return -1;
}

} // namespace quantoscope
