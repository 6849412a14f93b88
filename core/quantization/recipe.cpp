// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/recipe.h"

#include "core/base/json_object.h"

#include <charconv>

namespace quantoscope {

extern const char *const builtinRecipeTexts[];
extern const int builtinRecipeCount;

namespace {

/// Values of an enumeration by their name(); the enumerators are 0..last.
template <typename Enum>
std::optional<Enum> byName(const std::string &text, Enum last)
{
    for (int i = 0; i <= static_cast<int>(last); ++i)
        if (text == name(static_cast<Enum>(i)))
            return static_cast<Enum>(i);
    return std::nullopt;
}

template <typename Enum>
std::string choices(Enum last)
{
    std::string all;
    for (int i = 0; i <= static_cast<int>(last); ++i)
        all += std::string(i > 0 ? ", " : "") + name(static_cast<Enum>(i));
    return all;
}

/// The fields that only rules have.
class RuleReader : public JsonObject {
public:
    using JsonObject::JsonObject;

    template <typename Enum>
    void enumeration(const char *key, Enum last, std::optional<Enum> &out)
    {
        const Json *value = field(key);
        if (!value)
            return;
        out = value->is_string() ? byName(value->get<std::string>(), last) : std::nullopt;
        if (!out)
            complain(fmt::format("has {} = {}; known are {}", key, value->dump(), choices(last)));
    }
    template <typename Enum>
    void enumerations(const char *key, Enum last, std::vector<Enum> &out)
    {
        const Json *value = field(key);
        if (!value)
            return;
        const Json list = value->is_array() ? *value : Json::array({*value});
        for (const Json &item : list) {
            const auto parsed = item.is_string() ? byName(item.get<std::string>(), last) : std::nullopt;
            if (!parsed)
                return complain(fmt::format("has {} = {}; known are {}", key, item.dump(), choices(last)));
            out.push_back(*parsed);
        }
    }
    /// 3 or "4-7".
    void blocks(const char *key, int &first, int &last)
    {
        const Json *value = field(key);
        if (!value)
            return;
        const std::string range = value->is_string() ? value->get<std::string>() : value->dump();
        const size_t dash = range.find('-');
        const char *end = range.data() + range.size();
        const char *middle = dash == std::string::npos ? end : range.data() + dash;
        const auto a = std::from_chars(range.data(), middle, first);
        last = first;
        const auto b = dash == std::string::npos ? a : std::from_chars(middle + 1, end, last);
        if (a.ec != std::errc() || a.ptr != middle || b.ec != std::errc() || b.ptr != end || first > last)
            complain(fmt::format("has {} = {}; give a number or a range like \"4-7\"", key, value->dump()));
    }
};

void readSelector(RuleReader &reader, TapSelector &where)
{
    reader.text("tap", where.tap);
    reader.enumerations("kind", TapKind::Weight, where.kinds);
    reader.enumerations("role", Role::Weight, where.roles);
    reader.text("operator", where.operatorName);
    if (!where.operatorName.empty() && !byName(where.operatorName, Operator::Average))
        reader.complain(fmt::format("has operator = \"{}\"; known are {}", where.operatorName,
                                    choices(Operator::Average)));
    reader.blocks("block", where.firstBlock, where.lastBlock);
    reader.boolean("feeds_layer_norm", where.feedsLayerNorm);
}

Result<RecipeRule> readRecipeRule(const Json &object, const std::string &origin, const std::string &label)
{
    RecipeRule rule;
    RuleReader reader(object, origin, label);
    static const Json everything = Json::object();
    const Json *where = reader.field("where");
    RuleReader selector(where ? *where : everything, origin, label + ", where,");
    readSelector(selector, rule.where);
    selector.refuseOthers();
    if (selector.error())
        return fail(*selector.error());
    reader.enumeration("quantizer", QuantizerKind::LogIntSoftmax, rule.quantizer);
    reader.enumeration("observer", ObserverKind::Ptf, rule.observer);
    reader.enumeration("granularity", Granularity::Channel, rule.granularity);
    reader.boolean("symmetric", rule.symmetric);
    reader.boolean("integer_layer_norm", rule.integerLayerNorm);
    if (const Json *bits = reader.field("bits")) {
        const std::string source = bits->is_string() ? bits->get<std::string>() : std::string();
        if (source == "weights")
            rule.bitSource = BitSource::Weights;
        else if (source == "activations")
            rule.bitSource = BitSource::Activations;
        else if (source == "attention")
            rule.bitSource = BitSource::Attention;
        else if (bits->is_number_unsigned() && bits->get<uint64_t>() >= 2 && bits->get<uint64_t>() <= 8) {
            rule.bitSource = BitSource::Fixed;
            rule.fixedBits = bits->get<int>();
        } else
            reader.complain(fmt::format("has bits = {}; give 2 to 8, \"weights\", \"activations\" or \"attention\"",
                                        bits->dump()));
    }
    reader.refuseOthers();
    if (reader.error())
        return fail(*reader.error());
    return rule;
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
    if (head.error())
        return fail(*head.error());
    return recipe;
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

Result<Recipe> findRecipe(const std::string &wanted)
{
    std::string known;
    for (const Recipe &recipe : builtinRecipes()) {
        if (recipe.name == wanted)
            return recipe;
        known += (known.empty() ? "" : ", ") + recipe.name;
    }
    return fail(ErrorCode::NotFound, fmt::format("no recipe is called '{}'", wanted), "--recipe", "known are " + known);
}

Result<PrecisionPlan> parsePlan(const std::string &text, const std::string &origin)
{
    PrecisionPlan plan;
    if (text.find_first_not_of(" \t\r\n") == std::string::npos)
        return plan;
    Result<Json> document = parseJsonObject(text, origin);
    if (!document)
        return fail(document.error());
    RuleReader head(*document, origin, "plan");
    head.text("name", plan.name);
    const Json *rules = head.field("rules");
    if (!rules || !rules->is_array())
        head.complain("has no list 'rules'");
    head.refuseOthers();
    if (head.error())
        return fail(*head.error());
    for (size_t i = 0; i < rules->size(); ++i) {
        PlanRule rule;
        RuleReader reader((*rules)[i], origin, fmt::format("rule {}", i + 1));
        readSelector(reader, rule.where);
        const Json *bits = reader.field("bits");
        if (bits && bits->is_string() && bits->get<std::string>() == "float")
            rule.bits = 0;
        else if (bits && bits->is_number_unsigned() && bits->get<uint64_t>() >= 2 && bits->get<uint64_t>() <= 8)
            rule.bits = bits->get<int>();
        else
            reader.complain(bits ? fmt::format("has bits = {}; give 2 to 8 or \"float\"", bits->dump())
                                 : "has no bits; give 2 to 8 or \"float\"");
        reader.refuseOthers();
        if (reader.error())
            return fail(*reader.error());
        plan.rules.push_back(rule);
    }
    return plan;
}

namespace {

Json selectorToJson(const TapSelector &where)
{
    Json json = Json::object();
    if (!where.tap.empty())
        json["tap"] = where.tap;
    const auto put = [&json](const char *key, const auto &values) {
        if (values.size() == 1)
            json[key] = name(values.front());
        for (size_t i = 0; values.size() > 1 && i < values.size(); ++i)
            json[key].push_back(name(values[i]));
    };
    put("kind", where.kinds);
    put("role", where.roles);
    if (!where.operatorName.empty())
        json["operator"] = where.operatorName;
    if (where.firstBlock >= 0 && where.firstBlock == where.lastBlock)
        json["block"] = where.firstBlock;
    else if (where.firstBlock >= 0)
        json["block"] = fmt::format("{}-{}", where.firstBlock, where.lastBlock);
    if (where.feedsLayerNorm)
        json["feeds_layer_norm"] = *where.feedsLayerNorm;
    return json;
}

} // namespace

std::string planToJson(const PrecisionPlan &plan)
{
    Json json = Json::object();
    if (!plan.name.empty())
        json["name"] = plan.name;
    json["rules"] = Json::array();
    for (const PlanRule &rule : plan.rules) {
        Json line = selectorToJson(rule.where);
        if (rule.bits == 0)
            line["bits"] = "float";
        else
            line["bits"] = rule.bits;
        json["rules"].push_back(std::move(line));
    }
    return json.dump(2);
}

std::string planText(const PrecisionPlan &plan)
{
    std::string text;
    for (const PlanRule &rule : plan.rules) {
        std::string where;
        const Json selector = selectorToJson(rule.where);
        for (const auto &[key, value] : selector.items()) {
            std::string shown;
            for (const Json &item : value.is_array() ? value : Json::array({value}))
                shown += (shown.empty() ? "" : " or ") + (item.is_string() ? item.get<std::string>() : item.dump());
            where += (where.empty() ? "" : ", ") + (key == "tap" ? shown : key + " " + shown);
        }
        text += (text.empty() ? "" : "; ") + (where.empty() ? "everything" : where) + ": "
            + (rule.bits == 0 ? "float" : fmt::format("{} bit", rule.bits));
    }
    return text;
}

} // namespace quantoscope
