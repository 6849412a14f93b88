// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/plan_sides.h"

#include "app/cli/arguments.h"
#include "core/io/run_file.h"
#include "core/quantization/recipe.h"

#include <fstream>
#include <iterator>

namespace quantoscope::cli {

namespace {

constexpr size_t kLargestPlan = size_t{16} << 20;

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
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    const std::streamoff size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
    if (size < 0)
        return fail(ErrorCode::NotFound, "cannot be read", path, hint);
    if (static_cast<size_t>(size) > kLargestPlan)
        return fail(ErrorCode::CorruptFile, "is too large for a plan", path);
    in.seekg(0);
    return std::string(std::istreambuf_iterator<char>(in), {});
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
