// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/io/run_file.h"
#include "core/models/checkpoint.h"
#include "core/quantization/plan_edits.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>

namespace quantoscope::cli {

namespace {

constexpr size_t kLargestPlan = size_t{16} << 20;

/// One side of the difference: a plan on the recipe of the options, or what a run asked for.
struct Side {
    QuantizationRequest request;
    std::optional<RunRecord> run;
};

bool isRunFile(const std::string &path)
{
    return path.ends_with(".h5") || path.ends_with(".hdf5");
}

Result<Side> readSide(const std::string &path, const QuantizationRequest &base)
{
    Side side{base, {}};
    if (path == "recipe")
        return side;
    if (isRunFile(path)) {
        auto run = readRunFile(path);
        if (!run)
            return fail(run.error());
        side.request = run->request;
        side.run = std::move(*run);
        return side;
    }
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    const std::streamoff size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
    if (size < 0)
        return fail(ErrorCode::NotFound, "cannot be read", path, "give a plan (JSON), a run file (.h5), or the word recipe");
    if (static_cast<size_t>(size) > kLargestPlan)
        return fail(ErrorCode::CorruptFile, "is too large for a plan", path);
    in.seekg(0);
    side.request.planJson.assign(std::istreambuf_iterator<char>(in), {});
    if (const auto plan = parsePlan(side.request.planJson, path); !plan)
        return fail(plan.error());
    return side;
}

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
Result<std::string> effect(const Side &first, const Side &second, const ModelRequest &model)
{
    if (model.weights.empty()) {
        if (!first.run || !second.run || first.run->taps.empty() || !sameTaps(*first.run, *second.run))
            return std::string();
        return settingDifferenceText(tapsOf(*first.run), settingsOf(*first.run), settingsOf(*second.run));
    }
    const auto opened = openModel(model);
    if (!opened)
        return fail(opened.error());
    const auto resolve = [&](const Side &side) {
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
    QuantizationRequest base;
    base.recipe = arguments.recipe;
    const auto recipe = findRecipe(base.recipe);
    if (!recipe)
        return report(recipe.error());
    base.ptf = arguments.ptf;
    base.lis = arguments.lis;
    base.bits = recipe->bits;
    if (base.lis)
        base.bits.attention = 4;
    if (!arguments.bits.empty()) {
        const auto bits = parseBits(arguments.bits);
        if (!bits)
            return report(bits.error());
        base.bits = *bits;
    }
    const auto first = readSide(arguments.first, base);
    if (!first)
        return report(first.error());
    const auto second = readSide(arguments.second, base);
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
