// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/models/model.h"
#include "core/quantization/plan_edits.h"

#include <cstdio>

namespace quantoscope::cli {

namespace {

std::vector<TapSetting> settingsOf(const RunRecord &run)
{
    std::vector<TapSetting> settings;
    for (const TapRecord &record : run.taps)
        settings.push_back(record.setting);
    return settings;
}

std::vector<Tap> tapsOf(const RunRecord &run)
{
    std::vector<Tap> taps;
    for (const TapRecord &record : run.taps)
        taps.push_back(record.tap);
    return taps;
}

bool sameTaps(const RunRecord &a, const RunRecord &b)
{
    return std::equal(a.taps.begin(), a.taps.end(), b.taps.begin(), b.taps.end(),
                      [](const TapRecord &x, const TapRecord &y) { return x.tap.path == y.tap.path; });
}

/// What the two sides mean for the taps: of both runs, or of the model in --weights.
Result<std::string> effect(const PlanSide &first, const PlanSide &second, const ModelRequest &model)
{
    if (model.weights.empty()) {
        if (!first.run || !second.run || first.run->taps.empty() || !sameTaps(*first.run, *second.run))
            return std::string();
        return settingDifferenceText(tapsOf(*first.run), settingsOf(*first.run), settingsOf(*second.run));
    }
    const auto opened = openModel(model);
    if (!opened)
        return fail(opened.error());
    const auto resolve = [&](const PlanSide &side) {
        return resolveSettings((*opened)->graph, side.request, (*opened)->info.inputQuantized);
    };
    const auto before = resolve(first);
    if (!before)
        return fail(before.error());
    const auto after = resolve(second);
    if (!after)
        return fail(after.error());
    return settingDifferenceText((*opened)->graph.taps, *before, *after);
}

} // namespace

int planDifference(const PlanDifferenceArguments &arguments)
{
    const auto base = requestOf(arguments.base);
    if (!base)
        return report(base.error());
    const auto first = readPlanSide(arguments.first, *base);
    if (!first)
        return report(first.error());
    const auto second = readPlanSide(arguments.second, *base);
    if (!second)
        return report(second.error());
    const auto before = parsePlan(first->request.planJson, arguments.first);
    const auto after = parsePlan(second->request.planJson, arguments.second);
    if (!before || !after)
        return report(before ? after.error() : before.error());
    const auto effective = effect(*first, *second, arguments.model);
    if (!effective)
        return report(effective.error());
    std::string text = requestDifferenceText(first->request, second->request) + ruleDifferenceText(*before, *after);
    if (!effective->empty())
        text += (text.empty() ? "" : "\n") + *effective;
    std::fputs(text.empty() ? "no difference\n" : text.c_str(), stdout);
    return kSuccess;
}

} // namespace quantoscope::cli
