// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/suite.h"

#include "core/base/json_object.h"
#include "core/io/posix_file.h"
#include "core/models/model.h"
#include "core/quantization/recipe.h"

#include <algorithm>
#include <filesystem>

namespace quantoscope {

extern const char *const builtinSuiteTexts[];
extern const int builtinSuiteCount;

namespace {

namespace fs = std::filesystem;

constexpr size_t kLargestSuite = size_t{1} << 20;
constexpr int kMostImages = 100'000'000;

bool isFileName(const std::string &wanted)
{
    return wanted.find('/') != std::string::npos || wanted.ends_with(".json");
}

bool isPercent(const Json &value)
{
    return value.is_number() && value.get<double>() >= 0 && value.get<double>() <= 100;
}

bool isKnownModel(const std::string &wanted)
{
    const auto &known = knownModels();
    return std::any_of(known.begin(), known.end(), [&](const ModelEntry &entry) { return entry.name == wanted; });
}

Result<SuiteModel> readModel(const Json &json, const std::string &origin, size_t number)
{
    JsonObject object(json, origin, fmt::format("model {}", number));
    SuiteModel model;
    object.text("name", model.name);
    object.text("model", model.model);
    object.text("weights", model.weights);
    object.integer("heads", model.heads, 1, 1 << 16);
    object.integer("resize", model.resize, 1, 1 << 14);
    object.refuseOthers();
    if (model.name.empty())
        object.complain("has no name");
    else if (model.model.empty() && model.weights.empty())
        object.complain("has neither a model nor weights");
    else if (!model.model.empty() && !isKnownModel(model.model))
        object.complain(fmt::format("has model = \"{}\"; 'quantoscope-cli models' lists the known ones", model.model));
    else if (fs::path(model.weights).is_absolute() || model.weights.find("..") != std::string::npos)
        object.complain("has weights that are not below the weights folder");
    if (object.error())
        return fail(*object.error());
    return model;
}

void readPublished(JsonObject &object, const Suite &suite, std::map<std::string, double> &published)
{
    const Json *values = object.field("published");
    if (!values)
        return;
    if (!values->is_object())
        return object.complain("has no object in published");
    for (const auto &[model, value] : values->items()) {
        const bool there = std::any_of(suite.models.begin(), suite.models.end(),
                                       [&, key = model](const SuiteModel &other) { return other.name == key; });
        if (!there || !isPercent(value))
            object.complain(fmt::format("has published {} = {}; give percent for a model of the suite", model, value.dump()));
        else
            published[model] = value.get<double>();
    }
}

Result<SuiteMethod> readMethod(const Json &json, const std::string &origin, size_t number, const Suite &suite)
{
    JsonObject object(json, origin, fmt::format("method {}", number));
    SuiteMethod method;
    object.text("name", method.name);
    object.text("bits", method.bits);
    object.text("recipe", method.recipe);
    object.boolean("ptf", method.ptf);
    object.boolean("lis", method.lis);
    if (const Json *search = object.field("search")) {
        if (search->is_boolean())
            method.search = search->get<bool>();
        else
            method.searchJson = search->dump();
    }
    if (const Json *plan = object.field("plan"))
        method.planJson = (plan->is_array() ? Json({{"rules", *plan}}) : *plan).dump();
    readPublished(object, suite, method.published);
    object.text("source", method.source);
    object.text("note", method.note);
    object.refuseOthers();
    const bool more = method.ptf || method.lis || !method.search || !method.searchJson.empty() || !method.planJson.empty();
    if (method.name.empty())
        object.complain("has no name");
    else if (method.isFloat() && (more || !method.bits.empty()))
        object.complain("has no recipe, but something that belongs to one");
    if (object.error())
        return fail(*object.error());
    if (method.isFloat())
        return method;

    if (isFileName(method.recipe) && fs::path(method.recipe).is_relative())
        method.recipe = (fs::path(origin).parent_path() / method.recipe).string();
    const Result<Recipe> recipe = findRecipe(method.recipe);
    if (!recipe)
        return fail(recipe.error());
    if (method.bits.empty())
        method.bits = recipe->bits.text();
    const auto bits = BitWidths::parse(method.bits);
    if (!bits)
        object.complain(fmt::format("has bits = \"{}\"; give W/A/Attn of 2 to 8 each, e.g. \"8/8/4\"", method.bits));
    else if (method.ptf && recipe->ptfRules.empty())
        object.complain(fmt::format("has ptf, which recipe {} has not", recipe->name));
    else if (method.lis && recipe->lisRules.empty())
        object.complain(fmt::format("has lis, which recipe {} has not", recipe->name));
    if (object.error())
        return fail(*object.error());
    if (const auto plan = parsePlan(method.planJson, origin + ", " + object.label()); !plan)
        return fail(plan.error());
    QuantizationRequest request;
    request.search = method.search;
    request.searchJson = method.searchJson;
    if (auto search = resolveSearch(*recipe, request); !search)
        return fail(search.error().code, object.label() + " " + search.error().message(), origin);
    return method;
}

template <typename Items, typename Title>
std::string twice(const Items &items, Title title)
{
    for (size_t i = 0; i < items.size(); ++i)
        for (size_t k = 0; k < i; ++k)
            if (title(items[i]) == title(items[k]))
                return title(items[i]);
    return {};
}

Result<Suite> readSuiteFile(const std::string &path)
{
    const auto file = MappedFile::open(path);
    if (!file)
        return fail(file.error());
    const auto bytes = (*file)->bytes();
    if (bytes.size() > kLargestSuite)
        return fail(ErrorCode::CorruptFile, "is too large for a suite", path);
    return parseSuite(std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size()), path);
}

} // namespace

Result<Suite> parseSuite(const std::string &text, const std::string &origin)
{
    const Result<Json> document = parseJsonObject(text, origin);
    if (!document)
        return fail(document.error());
    JsonObject head(*document, origin, "the suite");
    Suite suite;
    std::string format;
    std::string rows = "methods";
    int version = 0;
    head.text("format", format);
    head.integer("version", version, 0, 1 << 20);
    head.text("name", suite.name);
    head.text("title", suite.title);
    head.text("source", suite.source);
    head.text("rows", rows);
    head.boolean("part_of_all", suite.partOfAll);
    head.integer("calibration_count", suite.calibrationCount, 1, kMostImages);
    head.integer("calibration_batch", suite.calibrationBatch, 1, 1024);
    const Json *models = head.field("models");
    const Json *methods = head.field("methods");
    head.refuseOthers();
    suite.methodsAreRows = rows == "methods";
    if (format != "quantoscope-suite" || version != 1)
        head.complain("is not of format \"quantoscope-suite\", version 1");
    if (suite.name.empty() || isFileName(suite.name) || suite.name.find(',') != std::string::npos || suite.name == "all")
        head.complain("needs a name that is no file, no list and not \"all\"");
    if (rows != "methods" && rows != "models")
        head.complain(fmt::format("has rows = \"{}\"; known are methods, models", rows));
    if (!models || !models->is_array() || models->empty() || !methods || !methods->is_array() || methods->empty())
        head.complain("needs a list 'models' and a list 'methods'");
    if (head.error())
        return fail(*head.error());
    for (size_t i = 0; i < models->size(); ++i) {
        Result<SuiteModel> model = readModel((*models)[i], origin, i + 1);
        if (!model)
            return fail(model.error());
        suite.models.push_back(std::move(*model));
    }
    for (size_t i = 0; i < methods->size(); ++i) {
        Result<SuiteMethod> method = readMethod((*methods)[i], origin, i + 1, suite);
        if (!method)
            return fail(method.error());
        suite.methods.push_back(std::move(*method));
    }
    std::string same = twice(suite.models, [](const SuiteModel &model) { return model.name; });
    if (same.empty())
        same = twice(suite.methods, [](const SuiteMethod &method) { return method.title(); });
    if (!same.empty())
        return fail(ErrorCode::CorruptFile, fmt::format("the suite has '{}' twice", same), origin);
    return suite;
}

const std::vector<Suite> &builtinSuites()
{
    static const std::vector<Suite> suites = [] {
        std::vector<Suite> all;
        for (int i = 0; i < builtinSuiteCount; ++i)
            if (Result<Suite> suite = parseSuite(builtinSuiteTexts[i], "built-in suite"))
                all.push_back(std::move(*suite));
        return all;
    }();
    return suites;
}

Result<std::vector<Suite>> findSuites(const std::string &wanted)
{
    std::vector<Suite> suites;
    for (size_t begin = 0; begin <= wanted.size();) {
        const size_t end = std::min(wanted.find(',', begin), wanted.size());
        const std::string one = wanted.substr(begin, end - begin);
        begin = end + 1;
        if (isFileName(one)) {
            Result<Suite> suite = readSuiteFile(one);
            if (!suite)
                return fail(suite.error());
            suites.push_back(std::move(*suite));
            continue;
        }
        std::string known = "all";
        bool found = false;
        for (const Suite &suite : builtinSuites()) {
            known += ", " + suite.name;
            if (suite.name == one || (one == "all" && suite.partOfAll)) {
                suites.push_back(suite);
                found = true;
            }
        }
        if (!found)
            return fail(ErrorCode::NotFound, fmt::format("no suite is called '{}'", one), "--suite",
                        "known are " + known + "; or give a file");
    }
    if (const std::string same = twice(suites, [](const Suite &suite) { return suite.name; }); !same.empty())
        return fail(ErrorCode::Usage, fmt::format("the suite '{}' is asked for twice", same), "--suite");
    return suites;
}

std::vector<PublishedResult> publishedResults(const std::string &model, const QuantizationRequest &request)
{
    std::vector<PublishedResult> results;
    for (const Suite &suite : builtinSuites())
        for (const SuiteMethod &method : suite.methods) {
            if (method.recipe != request.recipe || method.ptf != request.ptf || method.lis != request.lis
                || method.bits != request.bits.text() || method.search != request.search
                || method.searchJson != request.searchJson || method.planJson != request.planJson)
                continue;
            for (const SuiteModel &one : suite.models) {
                const auto found = method.published.find(one.name);
                if (one.model != model || found == method.published.end())
                    continue;
                const std::string &source = method.source.empty() ? suite.source : method.source;
                if (std::none_of(results.begin(), results.end(), [&](const PublishedResult &known) {
                        return known.top1 == found->second && known.source == source;
                    }))
                    results.push_back({found->second, source});
            }
        }
    return results;
}

} // namespace quantoscope
