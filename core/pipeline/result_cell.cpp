// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/result_cell.h"

#include "core/io/file_hash.h"
#include "core/io/run_file.h"
#include "core/models/model.h"
#include "core/quantization/recipe.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

namespace quantoscope {

namespace {

constexpr int kCellFormat = 1; // a change of what cells hold, or of how they are computed, raises it
constexpr const char *kKeyName = "table_cell";

std::string hashOf(const std::string &text)
{
    return text.empty() ? std::string() : sha256OfBytes(std::as_bytes(std::span(text.data(), text.size())));
}

/// What the list of known models says about this one, beside its tensors.
std::string knownAs(const std::string &wanted)
{
    for (const ModelEntry &entry : knownModels())
        if (entry.name == wanted)
            return fmt::format("{}, {}, {}, image {}", wanted, entry.architecture.text(), entry.preprocessing.text(),
                               entry.inputQuantized ? "quantized" : "float");
    return wanted;
}

std::string keyText(const CellKey &key)
{
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    for (const auto &[part, value] : key)
        json[part] = value;
    return json.dump();
}

/// "weights and images are others" where both texts can be read, else that it is no cell.
std::string difference(const std::string &stored, const CellKey &key)
{
    const nlohmann::json json = nlohmann::json::parse(stored, nullptr, false);
    if (!json.is_object())
        return "it is not a cell of a table";
    std::string changed;
    for (const auto &[part, value] : key)
        if (const auto there = json.find(part); there == json.end() || *there != value)
            changed += (changed.empty() ? "" : ", ") + part;
    return changed.empty() ? "it was made by another version" : "changed: " + changed;
}

} // namespace

Result<CellKey> cellKey(const CellInputs &inputs)
{
    const SuiteMethod &method = inputs.method;
    CellKey key = {{"format", std::to_string(kCellFormat)},
                   {"version", QUANTOSCOPE_VERSION},
                   {"weights", inputs.modelSha256},
                   {"model", fmt::format("{}; heads {}; resize {}", knownAs(inputs.model.model), inputs.model.heads,
                                         inputs.model.resize)},
                   {"images", inputs.imagesSha256},
                   {"arithmetic", std::string(inputs.referenceArithmetic ? "reference" : "fast")
                                      + (inputs.allowTf32 ? ", TF32" : "")}};
    if (method.isFloat())
        return key;
    const Result<Recipe> recipe = findRecipe(method.recipe);
    if (!recipe)
        return fail(recipe.error());
    key.insert(key.end(), {{"recipe", recipe->name + " " + hashOf(recipe->json)},
                           {"bits", method.bits},
                           {"forms", fmt::format("ptf {}, lis {}", method.ptf, method.lis)},
                           {"search", method.search ? method.searchJson : "off"},
                           {"plan", hashOf(method.planJson)},
                           {"calibration images", inputs.calibrationSha256},
                           {"calibration batch", std::to_string(inputs.calibrationBatch)}});
    return key;
}

std::string cellFileName(const CellInputs &inputs)
{
    const std::string exact = inputs.suite.name + "\n" + inputs.model.name + "\n" + inputs.method.title();
    std::string readable = fmt::format("{}.{}.{}", inputs.suite.name, inputs.model.name, inputs.method.title());
    for (char &c : readable)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-' && c != '+')
            c = '_';
    constexpr size_t kLongest = 120;
    constexpr size_t kDigits = 8;
    return readable.substr(0, kLongest) + "." + hashOf(exact).substr(0, kDigits) + ".h5";
}

void storeCellKey(const CellKey &key, RunRecord &run)
{
    run.environment[kKeyName] = keyText(key);
}

StoredCell readCell(const std::string &file, const CellKey &key)
{
    Result<RunRecord> run = readRunFile(file);
    if (!run)
        return {{}, run.error().code == ErrorCode::NotFound ? "" : "it cannot be read: " + run.error().what};
    const auto stored = run->environment.find(kKeyName);
    if (stored == run->environment.end() || stored->second != keyText(key))
        return {{}, difference(stored == run->environment.end() ? std::string() : stored->second, key)};
    if (!run->complete || !(run->quantized ? run->result : run->floatResult))
        return {{}, "it is not complete"};
    return {std::move(*run), {}};
}

void fillCell(const RunRecord &run, ResultCell &cell)
{
    const EvaluationResult &result = run.quantized ? *run.result : *run.floatResult;
    const auto environment = [&](const char *key) {
        const auto found = run.environment.find(key);
        return found == run.environment.end() ? std::string() : found->second;
    };
    cell.state = CellState::Done;
    cell.reason.clear();
    cell.intervals = environment("intervals");
    cell.preprocessing = run.model.preprocessing.text();
    cell.created = run.created;
    cell.version = environment("quantoscope");
    cell.device = environment("device");
    cell.images = result.count;
    cell.leftOut = static_cast<int64_t>(result.failures.size());
    cell.top1Correct = result.top1Correct;
    cell.top5Correct = result.top5Correct;
    cell.top1 = result.top1();
    cell.top5 = result.top5();
    cell.top1Interval = result.top1Interval();
    cell.top5Interval = result.top5Interval();
    cell.seconds = 0;
    for (const auto &[phase, seconds] : run.timings)
        cell.seconds += seconds;
}

void pairCell(const EvaluationResult &floating, const EvaluationResult &own, ResultCell &cell)
{
    const PairedComparison paired = comparePaired(floating, own);
    cell.paired = paired.common > 0;
    if (!cell.paired)
        return;
    const double points = 100.0 / static_cast<double>(std::max<int64_t>(1, paired.labelled));
    cell.gained = paired.gained;
    cell.lost = paired.lost;
    cell.difference = points * static_cast<double>(paired.gained - paired.lost);
    cell.differenceInterval = pairedDifferenceInterval(paired.bothRight, paired.lost, paired.gained, paired.labelled);
    cell.mcnemarP = paired.mcnemarP;
    cell.agreement = 100.0 * static_cast<double>(paired.agree) / static_cast<double>(paired.common);
}

} // namespace quantoscope
