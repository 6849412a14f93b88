// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/plan_sides.h"

#include "app/cli/arguments.h"
#include "core/base/text_file.h"
#include "core/io/run_file.h"
#include "core/quantization/recipe.h"

namespace quantoscope::cli {

namespace {

bool isRunFile(const std::string &path)
{
    return path.ends_with(".h5") || path.ends_with(".hdf5");
}

} // namespace

void addPlanBaseOptions(CLI::App &command, PlanBase &base)
{
    command.add_option("--recipe", base.recipe, "Recipe that the plan changes")->capture_default_str();
    command.add_flag("--ptf", base.ptf, "Power-of-two-factor integer LayerNorm");
    command.add_flag("--lis", base.lis, "Log-int-softmax");
    command.add_option("--bits", base.bits, "W/A/Attn bits of the recipe");
}

Result<QuantizationRequest> requestOf(const PlanBase &base)
{
    QuantizationRequest request;
    request.recipe = base.recipe;
    const auto recipe = findRecipe(request.recipe);
    if (!recipe)
        return fail(recipe.error());
    request.ptf = base.ptf;
    request.lis = base.lis;
    const auto bits = widthsFor(*recipe, base.lis, base.bits);
    if (!bits)
        return fail(bits.error());
    request.bits = *bits;
    return request;
}

Result<std::string> readPlanText(const std::string &path, const std::string &hint)
{
    return readTextFile(path, "plan", kLargestPlan, hint);
}

Result<PlanSide> readPlanSide(const std::string &path, const QuantizationRequest &base)
{
    PlanSide side{base, {}};
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
    auto text = readPlanText(path, "give a plan (JSON), a run file (.h5), or the word recipe");
    if (!text)
        return fail(text.error());
    side.request.planJson = std::move(*text);
    if (const auto plan = parsePlan(side.request.planJson, path); !plan)
        return fail(plan.error());
    return side;
}

} // namespace quantoscope::cli
