// SPDX-License-Identifier: GPL-3.0-or-later
// Recipes: the shipped ones, the user's, and their JSON form.
#include "core/quantization/recipe.h"

#include "core/base/text_file.h"
#include "core/quantization/rule_reader.h"

#include <cstdlib>
#include <filesystem>

namespace quantoscope {

extern const char *const builtinRecipeTexts[];
extern const int builtinRecipeCount;

namespace {

constexpr size_t kLargestRecipe = size_t{1} << 20;

Result<RecipeRule> readRecipeRule(const Json &object, const std::string &origin, const std::string &label)
{
    RecipeRule rule;
    RuleReader reader(object, origin, label);
    static const Json everything = Json::object();
    const Json *where = reader.field("where");
    RuleReader selector(where ? *where : everything, origin, label + ", where,");
    selector.selector(rule.where);
    selector.refuseOthers();
    if (selector.error())
        return fail(*selector.error());
    reader.change(rule.change);
    if (const Json *bits = reader.field("bits")) {
        const std::string source = bits->is_string() ? bits->get<std::string>() : std::string();
        const bool unlimited = *bits == kUnlimitedBits && rule.change.quantizer == QuantizerKind::LogIntSoftmax;
        if (source == "weights")
            rule.bitSource = BitSource::Weights;
        else if (source == "activations")
            rule.bitSource = BitSource::Activations;
        else if (source == "attention")
            rule.bitSource = BitSource::Attention;
        else if (const std::optional<int> width = RuleReader::bits(*bits); width || unlimited) {
            rule.bitSource = BitSource::Fixed;
            rule.fixedBits = width.value_or(kUnlimitedBits);
        } else
            reader.complain(fmt::format("has bits = {}; give 2 to 8, \"weights\", \"activations\" or \"attention\" (a "
                                        "log-int-softmax may have 32)",
                                        bits->dump()));
    }
    reader.refuseOthers();
    if (reader.error())
        return fail(*reader.error());
    return rule;
}

/// "8/8/4".
void readBits(RuleReader &head, BitWidths &bits)
{
    std::string text = bits.text();
    head.text("bits", text);
    if (const auto parsed = BitWidths::parse(text))
        bits = *parsed;
    else
        head.complain(fmt::format("has bits = \"{}\"; give W/A/Attn of 2 to 8 each, e.g. \"8/8/4\"", text));
}

template <typename Read>
void readPart(RuleReader &head, const char *key, Read read)
{
    const Json *object = head.field(key);
    if (!object)
        return;
    RuleReader part(*object, head.origin(), key);
    read(part);
    part.refuseOthers();
    if (part.error())
        head.complain("has a wrong part: " + part.error()->what);
}

/// Absent fields stay as they are.
void readSearch(RuleReader &part, IntervalSearch &search)
{
    part.text("method", search.method);
    if (search.method != "ptq4vit")
        part.complain(fmt::format("has method = \"{}\"; known is ptq4vit", search.method));
    part.enumeration("metric", SearchMetric::Hessian, search.metric);
    part.enumeration("loss", SearchLoss::Noise, search.loss);
    part.boolean("sequential", search.sequential);
    part.integer("rounds", search.rounds, 1, 100);
    part.integer("candidates", search.candidates, 2, 10000);
    part.number("alpha", search.alpha);
    part.number("beta", search.beta);
    if (!(search.alpha > 0) || !(search.beta > search.alpha) || !(search.beta <= 100))
        part.complain(fmt::format("has alpha = {} and beta = {}; give 0 < alpha < beta <= 100", search.alpha, search.beta));
}

Result<Recipe> readRecipeFile(const std::string &path)
{
    const Result<std::string> text = readTextFile(path, "recipe", kLargestRecipe);
    if (!text)
        return fail(text.error());
    return parseRecipe(*text, path);
}

bool isFileName(const std::string &wanted)
{
    return wanted.find('/') != std::string::npos || wanted.ends_with(".json");
}

} // namespace

Result<Recipe> parseRecipe(const std::string &text, const std::string &origin)
{
    Result<Json> document = parseJsonObject(text, origin);
    if (!document)
        return fail(document.error());
    Recipe recipe;
    recipe.json = text;
    RuleReader head(*document, origin, "recipe");
    head.text("name", recipe.name);
    head.text("title", recipe.title);
    head.text("source", recipe.source);
    head.text("stays_float", recipe.staysFloat);
    readBits(head, recipe.bits);
    head.boolean("image_follows_model", recipe.imageFollowsModel);
    readPart(head, "preprocessing",
             [&](RuleReader &part) { part.enumeration("mode", ResizeMode::Squash, recipe.resizeMode); });
    readPart(head, "search", [&](RuleReader &part) { readSearch(part, recipe.search.emplace()); });
    const std::pair<const char *, std::vector<RecipeRule> *> lists[]
        = {{"rules", &recipe.rules}, {"ptf", &recipe.ptfRules}, {"lis", &recipe.lisRules}};
    for (const auto &[key, rules] : lists) {
        const Json *list = head.field(key);
        if (!list)
            continue;
        if (!list->is_array()) {
            head.complain(fmt::format("has no list in '{}'", key));
            continue;
        }
        for (size_t i = 0; i < list->size(); ++i) {
            Result<RecipeRule> rule = readRecipeRule((*list)[i], origin, fmt::format("{} {}", key, i + 1));
            if (!rule)
                return fail(rule.error());
            rules->push_back(*rule);
        }
    }
    head.refuseOthers();
    if (recipe.name.empty() || recipe.rules.empty())
        head.complain("has no name or no rules");
    if (isFileName(recipe.name))
        head.complain(fmt::format("has name = \"{}\", which reads as a file", recipe.name));
    if (head.error())
        return fail(*head.error());
    return recipe;
}

Preprocessing Recipe::preprocessingFor(const Preprocessing &own) const
{
    Preprocessing advised = own;
    advised.mode = resizeMode.value_or(own.mode);
    if (advised.mode == ResizeMode::Squash)
        advised.resize = own.crop;
    return advised;
}

Result<std::optional<IntervalSearch>> resolveSearch(const Recipe &recipe, const QuantizationRequest &request)
{
    std::optional<IntervalSearch> search = request.search ? recipe.search : std::nullopt;
    if (request.searchJson.empty())
        return search;
    if (!search)
        return fail(ErrorCode::Usage,
                    recipe.search ? "intervals are not searched, so nothing about the search can be changed"
                                  : fmt::format("recipe {} does not search its intervals", recipe.name),
                    "--search-*", "leave it away, or take ptq4vit or baseptq with their search");
    const Result<Json> changes = parseJsonObject(request.searchJson, "search");
    if (!changes)
        return fail(changes.error());
    RuleReader reader(*changes, "search", "it");
    readSearch(reader, *search);
    reader.refuseOthers();
    if (reader.error())
        return fail(*reader.error());
    return search;
}

std::string withSequentialSearch(const std::string &searchJson, bool sequential)
{
    Json fields = searchJson.empty() ? Json::object() : Json::parse(searchJson, nullptr, false);
    if (!fields.is_object())
        return searchJson; // told when it is resolved
    fields.erase("sequential");
    if (sequential)
        fields["sequential"] = true;
    return fields.empty() ? std::string() : fields.dump();
}

const std::vector<Recipe> &builtinRecipes()
{
    static const std::vector<Recipe> recipes = [] {
        std::vector<Recipe> all;
        for (int i = 0; i < builtinRecipeCount; ++i)
            if (Result<Recipe> recipe = parseRecipe(builtinRecipeTexts[i], "built-in recipe"))
                all.push_back(std::move(*recipe));
        return all;
    }();
    return recipes;
}

std::string userRecipeFolder()
{
    const char *config = std::getenv("XDG_CONFIG_HOME");
    const char *home = std::getenv("HOME");
    const std::filesystem::path base = config && *config == '/' ? std::filesystem::path(config)
                                                                : std::filesystem::path(home ? home : "/") / ".config";
    return (base / "quantoscope" / "recipes").string();
}

RecipeList namedRecipes()
{
    RecipeList list{builtinRecipes(), {}};
    std::vector<std::string> files;
    std::error_code none;
    const std::filesystem::directory_iterator end;
    for (std::filesystem::directory_iterator entry(userRecipeFolder(), none); !none && entry != end; entry.increment(none))
        if (entry->path().extension() == ".json")
            files.push_back(entry->path().string());
    std::sort(files.begin(), files.end());
    for (const std::string &file : files) {
        Result<Recipe> recipe = readRecipeFile(file);
        if (!recipe) {
            list.broken.push_back(recipe.error());
            continue;
        }
        const auto same = [&](const Recipe &other) { return other.name == recipe->name; };
        if (std::any_of(list.recipes.begin(), list.recipes.end(), same))
            list.broken.push_back({ErrorCode::BadInput, fmt::format("the name '{}' is taken", recipe->name), file,
                                   "give the recipe another name"});
        else
            list.recipes.push_back(std::move(*recipe));
    }
    return list;
}

Result<Recipe> findRecipe(const std::string &wanted)
{
    if (isFileName(wanted))
        return readRecipeFile(wanted);
    std::string known;
    const RecipeList list = namedRecipes();
    for (const Recipe &recipe : list.recipes) {
        if (recipe.name == wanted)
            return recipe;
        known += (known.empty() ? "" : ", ") + recipe.name;
    }
    for (const Error &broken : list.broken) // the file of that name is there, but cannot be used
        if (std::filesystem::path(broken.where).stem() == wanted)
            return fail(broken);
    return fail(ErrorCode::NotFound, fmt::format("no recipe is called '{}'", wanted), "--recipe",
                "known are " + known + "; or give a file");
}

} // namespace quantoscope
