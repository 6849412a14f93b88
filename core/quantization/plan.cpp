// SPDX-License-Identifier: GPL-3.0-or-later
// Precision plans as JSON and as text.
#include "core/quantization/rule_reader.h"

namespace quantoscope {

namespace {

Result<PlanRule> readPlanRule(const Json &object, const std::string &origin, const std::string &label)
{
    PlanRule rule;
    rule.bits = PlanRule::kSameBits;
    RuleReader reader(object, origin, label);
    reader.selector(rule.where);
    reader.change(rule.change);
    if (const Json *bits = reader.field("bits")) {
        const std::optional<int> width = RuleReader::bits(*bits);
        if (!width && *bits != "float")
            reader.complain(fmt::format("has bits = {}; give 2 to 8 or \"float\"", bits->dump()));
        rule.bits = width.value_or(PlanRule::kFloat);
        if (!width && rule.change != SettingChange())
            reader.complain("has bits = \"float\" and something else to set");
    } else if (rule.change == SettingChange()) {
        reader.complain("has no bits and nothing else to set; give bits of 2 to 8 or \"float\", or another field");
    }
    reader.refuseOthers();
    if (reader.error())
        return fail(*reader.error());
    return rule;
}

std::string valueText(const Json &value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}

} // namespace

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
        Result<PlanRule> rule = readPlanRule((*rules)[i], origin, fmt::format("rule {}", i + 1));
        if (!rule)
            return fail(rule.error());
        plan.rules.push_back(std::move(*rule));
    }
    return plan;
}

std::string planToJson(const PrecisionPlan &plan)
{
    Json json = Json::object();
    if (!plan.name.empty())
        json["name"] = plan.name;
    json["rules"] = Json::array();
    for (const PlanRule &rule : plan.rules) {
        Json line = selectorToJson(rule.where);
        line.update(changeToJson(rule.change));
        if (rule.bits == PlanRule::kFloat)
            line["bits"] = "float";
        else if (rule.bits != PlanRule::kSameBits)
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
                shown += (shown.empty() ? "" : " or ") + valueText(item);
            where += (where.empty() ? "" : ", ") + (key == "tap" ? shown : key + " " + shown);
        }
        std::string what;
        if (rule.bits != PlanRule::kSameBits)
            what = rule.bits == PlanRule::kFloat ? "float" : fmt::format("{} bit", rule.bits);
        const Json change = changeToJson(rule.change);
        for (const auto &[key, value] : change.items())
            what += (what.empty() ? "" : ", ") + key + " " + valueText(value);
        text += (text.empty() ? "" : "; ") + (where.empty() ? "everything" : where) + ": " + what;
    }
    return text;
}

} // namespace quantoscope
