// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include "app/cli/console.h"
#include "core/analysis/precision_operators.h"
#include "core/analysis/sensitivity_text.h"
#include "core/base/text_file.h"
#include "core/io/result_table_file.h"
#include "core/pipeline/search_file.h"
#include "core/pipeline/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

namespace quantoscope::cli {

namespace {

/// "float,8,6" -> 0, 8, 6. What widths make sense is the search's to say.
Result<std::vector<int>> parseLevels(const std::string &text)
{
    std::vector<int> levels;
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) {
        const bool number = part.size() == 1 && part[0] >= '0' && part[0] <= '9';
        if (part != "float" && !number)
            return fail(ErrorCode::Usage, "'" + part + "' is no precision", "--levels", "for example float,8,6,4,3");
        levels.push_back(number ? part[0] - '0' : 0);
        if (number && levels.back() == 0)
            return fail(ErrorCode::Usage, "0 bits hold nothing", "--levels", "for float write float");
    }
    return levels;
}

/// Measurements of a search.json or of a sensitivity table on the same model and recipe.
Result<std::vector<SensitivityRow>> knownRows(const std::string &path, const ModelInfo &model,
                                              const QuantizationRequest &request)
{
    const auto text = readTextFile(path, "search", kLargestSearch);
    if (!text)
        return fail(text.error());
    SensitivityTable table;
    if (auto search = parseSearch(*text, path)) {
        table = std::move(search->table);
    } else {
        auto read = parseSensitivity(*text, path);
        if (!read)
            return fail(read.error());
        table = std::move(*read);
    }
    if (!table.modelSha256.empty() && table.modelSha256 != model.sha256)
        return fail(ErrorCode::BadInput, "was measured on other weights (" + table.model + ")", path,
                    "leave --from away to measure anew");
    if (table.recipe != request.text())
        return fail(ErrorCode::BadInput,
                    fmt::format("was measured with {}, not with {}", table.recipe, request.text()), path,
                    "give the same recipe and --bits, or leave --from away");
    return table.rows;
}

/// "4.50 bits" -> "4.50-bits.json"; "4.50-bits-2.json" for another plan that rounds to the same.
std::string fileName(std::string name, std::set<std::string> &used)
{
    std::replace(name.begin(), name.end(), ' ', '-');
    std::string file = name + ".json";
    for (int number = 2; !used.insert(file).second; ++number)
        file = fmt::format("{}-{}.json", name, number);
    return file;
}

Result<void> writeAll(const PrecisionSearchResult &result, const std::filesystem::path &folder)
{
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure)
        return fail(ErrorCode::Io, "cannot be made: " + failure.message(), folder.string(), "choose another folder with --out");
    std::vector<std::pair<std::string, std::string>> files = {{"search.json", searchToJson(result)},
                                                              {"points.csv", searchToCsv(result)},
                                                              {"front.csv", wholeFrontToCsv(result)}};
    std::set<std::string> used;
    const PrecisionPoint &chosen = result.front[static_cast<size_t>(result.chosen)];
    files.emplace_back(fileName(chosen.name, used), chosen.planJson); // first, so that its name has no number
    for (const auto *points : {&result.front, &result.uniform})
        for (const PrecisionPoint &point : *points)
            if (point.measured && &point != &chosen)
                files.emplace_back(fileName(point.name, used), point.planJson);
    for (const auto &[file, text] : files)
        if (const auto written = writeTextFile(text, (folder / file).string()); !written)
            return written;
    std::fprintf(stderr, "wrote %zu files to %s\n", files.size(), folder.c_str());
    return {};
}

const char *unitText(Resource resource)
{
    switch (resource) {
    case Resource::AverageBits: return "bits";
    case Resource::WeightBytes: return "bytes";
    case Resource::BitOperations: return "bit operations";
    case Resource::ActivationBytes: return "bytes of activations";
    }
    return "";
}

void print(const PrecisionSearchResult &result)
{
    std::vector<std::vector<std::string>> rows = {{"plan", "bits", "W", "A", "weights MB", "GBOPs", "activations MB", "conversions",
                                                   "predicted KL", "KL (nats)", "+-", "agreement %", "top-1 %", "95 %"}};
    for (const auto *points : {&result.front, &result.uniform})
        for (const PrecisionPoint &point : *points) {
            const bool chosen = &point == &result.front[static_cast<size_t>(result.chosen)];
            if (!chosen && !point.measured && point.origin == PrecisionPoint::Origin::Front)
                continue;
            const PrecisionCosts &costs = point.costs;
            std::vector<std::string> row = {point.name + (chosen ? " *" : ""), fmt::format("{:.2f}", costs.averageBits),
                                            fmt::format("{:.2f}", costs.weightBits),
                                            fmt::format("{:.2f}", costs.activationBits),
                                            fmt::format("{:.3f}", costs.weightBytes / 1e6),
                                            fmt::format("{:.2f}", costs.bitOperations / 1e9),
                                            fmt::format("{:.3f}", costs.activationBytes / 1e6),
                                            std::to_string(costs.conversions), fmt::format("{:.3g}", point.loss)};
            if (const auto &m = point.measured) {
                const std::string top1 = m->labelled > 0 ? fmt::format("{:.2f}", m->top1) : "-";
                const std::string interval
                    = m->labelled > 0 ? fmt::format("{:.1f}..{:.1f}", m->top1Interval.low, m->top1Interval.high) : "-";
                row.insert(row.end(), {fmt::format("{:.3g}", m->kl), fmt::format("{:.2g}", m->klStandardError),
                                       fmt::format("{:.2f}", m->agreement), top1, interval});
            } else {
                row.insert(row.end(), {"-", "-", "-", "-", "-"});
            }
            rows.push_back(std::move(row));
        }
    const PrecisionPoint &chosen = result.front[static_cast<size_t>(result.chosen)];
    std::string text = fmt::format("recipe       {} (simulated: accuracy, not speed)\n", result.request.text());
    text += fmt::format("front        {} points from {:.4g} to {:.4g} {}; predictions add up KL of single operators\n",
                        result.wholeFront.size(), result.wholeFront.front().amount, result.wholeFront.back().amount,
                        unitText(result.budget.resource));
    text += fmt::format("* chosen     {}: the least predicted loss within ", chosen.name);
    text += result.mostConversions ? fmt::format("budget and {} conversions", *result.mostConversions) : "the budget";
    text += result.chosenBound > 0 ? fmt::format(" that was found; the least possible is at most {:.2g} lower\n", result.chosenBound)
                                   : "\n";
    if (chosen.measured && chosen.measured->labelled > 0)
        text += fmt::format("float        top-1 {:.2f} % on {} images\n", result.evaluatedFloatTop1, chosen.measured->labelled);
    std::fputs((text + "\n" + table(rows)).c_str(), stdout);
}

} // namespace

int search(const PlanSearchArguments &arguments)
{
    auto run = arguments.run.resolve();
    if (!run)
        return report(run.error());
    if (!run->quantize)
        return report({ErrorCode::Usage, "a search needs a recipe", "--recipe", "for example --recipe minmax"});
    if (!run->quantization.planJson.empty())
        return report({ErrorCode::Usage, "a search makes plans and takes none", "--plan", "leave it away"});
    PlanSearchRequest request;
    request.run = *run;
    const auto budget = parseBudget(arguments.budget);
    if (!budget)
        return report(budget.error());
    request.budget = *budget;
    request.mostConversions = arguments.conversions;
    const auto levels = parseLevels(arguments.levels);
    if (!levels)
        return report(levels.error());
    request.levels = *levels;
    request.operandsAlike = arguments.operandsAlike;
    request.outermostAtLeast8 = !arguments.anyOutermost;
    request.images = arguments.images;
    request.evaluatePoints = arguments.evaluatePoints;
    auto session = Session::open(run->model);
    if (!session)
        return report(session.error());
    for (const std::string &sentence : (*session)->warnings())
        warn(sentence);
    const ModelInfo &model = (*session)->model().info;
    arguments.run.overridePreprocessing(model.preprocessing, request.run);
    if (!arguments.from.empty()) {
        auto rows = knownRows(arguments.from, model, run->quantization);
        if (!rows)
            return report(rows.error());
        request.known = std::move(*rows);
    }
    const auto announce = [](const PlanSearchCost &cost) {
        std::fputs(fmt::format("{} measurements on {} images, as much work as {:.0f} passes of one image\n",
                               cost.measurements, cost.images, cost.imageRuns())
                       .c_str(),
                   stderr);
        if (cost.evaluations > 0)
            std::fputs(fmt::format("of these {} for evaluating {} times {} images\n", cost.evaluations * cost.evaluationImages,
                                   cost.evaluations, cost.evaluationImages)
                           .c_str(),
                       stderr);
        if (cost.intervalSearches > 0)
            std::fputs(fmt::format("and {} searches for intervals\n", cost.intervalSearches).c_str(), stderr);
        return true;
    };
    const auto result = (*session)->searchPlans(request, consoleControl(), announce, {});
    finishProgress();
    if (!result)
        return report(result.error());
    if (!arguments.run.out.empty())
        if (const auto written = writeAll(*result, arguments.run.out); !written)
            return report(written.error());
    if (arguments.run.json)
        std::fputs(searchToJson(*result).c_str(), stdout);
    else
        print(*result);
    return kSuccess;
}

} // namespace quantoscope::cli
