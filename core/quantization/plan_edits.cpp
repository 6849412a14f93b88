// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/plan_edits.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_set>

namespace quantoscope {

namespace {

constexpr size_t kMostCompared = 4'000'000; ///< pairs of rules

/// Whether a rule is about the tap of this path and no other.
bool namesOnly(const PlanRule &rule, const std::string &path)
{
    const TapSelector &where = rule.where;
    return where.tap == path && where.kinds.empty() && where.roles.empty() && where.operatorName.empty()
        && where.firstBlock < 0 && !where.feedsLayerNorm && where.feeds.empty();
}

Result<std::vector<TapSetting>> resolve(const Graph &graph, QuantizationRequest request, bool inputQuantized,
                                        const PrecisionPlan &plan)
{
    request.planJson = plan.rules.empty() ? std::string() : planToJson(plan);
    return resolveSettings(graph, request, inputQuantized);
}

std::string bitsText(const TapSetting &setting)
{
    return setting.isQuantized() ? fmt::format("{} bit", setting.bits) : "float";
}

/// "4-7, 9" from sorted, unique numbers.
std::string rangesText(const std::vector<int> &numbers)
{
    std::string text;
    for (size_t i = 0; i < numbers.size();) {
        size_t end = i + 1;
        while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1)
            ++end;
        text += (text.empty() ? "" : ", ")
            + (end - i == 1 ? std::to_string(numbers[i]) : fmt::format("{}-{}", numbers[i], numbers[end - 1]));
        i = end;
    }
    return text;
}

double weightBytes(const std::vector<Tap> &taps, const std::vector<TapSetting> &settings)
{
    double bits = 0;
    for (size_t t = 0; t < taps.size(); ++t)
        if (taps[t].kind == TapKind::Weight)
            bits += static_cast<double>(taps[t].elements) * (settings[t].isQuantized() ? settings[t].bits : 32);
    return bits / 8;
}

std::vector<std::string> ruleLines(const PrecisionPlan &plan)
{
    std::vector<std::string> lines;
    for (const PlanRule &rule : plan.rules)
        lines.push_back(planText({{}, {rule}}));
    return lines;
}

} // namespace

int planBits(const TapSetting &setting)
{
    return setting.isQuantized() ? setting.bits : PlanRule::kFloat;
}

Result<PrecisionPlan> withBits(const Graph &graph, const QuantizationRequest &request, bool inputQuantized,
                               const std::vector<std::string> &taps, int bits)
{
    Result<PrecisionPlan> plan = parsePlan(request.planJson, "precision plan");
    if (!plan)
        return plan;
    const auto recipe = resolve(graph, request, inputQuantized, {});
    if (!recipe)
        return fail(recipe.error());
    std::unordered_set<std::string> named;
    for (const std::string &path : taps) {
        const int tap = graph.findTap(path);
        if (tap < 0)
            return fail(ErrorCode::NotFound, "the model has no such tap", path);
        if (!isSwitchable(graph, graph.taps[static_cast<size_t>(tap)]))
            return fail(ErrorCode::BadInput, "it only re-arranges values that another tap quantizes", path,
                        "switch the tap it reads from instead");
        named.insert(path);
    }
    std::vector<PlanRule> kept;
    for (PlanRule rule : plan->rules) {
        const bool single = named.contains(rule.where.tap) && namesOnly(rule, rule.where.tap);
        if (single) {
            if (rule.change == SettingChange() || bits == PlanRule::kFloat || bits == kRecipeBits)
                continue;
            rule.bits = PlanRule::kSameBits;
        }
        kept.push_back(std::move(rule));
    }
    plan->rules = std::move(kept);
    const auto others = resolve(graph, request, inputQuantized, *plan);
    if (!others)
        return fail(others.error());
    for (size_t t = 0; t < graph.taps.size(); ++t) {
        if (!named.contains(graph.taps[t].path))
            continue;
        const int wanted = bits == kRecipeBits ? planBits((*recipe)[t]) : bits;
        if (planBits((*others)[t]) == wanted)
            continue;
        PlanRule rule;
        rule.where.tap = graph.taps[t].path;
        rule.bits = wanted;
        plan->rules.push_back(std::move(rule));
    }
    if (const auto possible = resolve(graph, request, inputQuantized, *plan); !possible)
        return fail(possible.error());
    return plan;
}

std::vector<SettingDifference> settingDifferences(const std::vector<TapSetting> &before,
                                                  const std::vector<TapSetting> &after)
{
    std::vector<SettingDifference> differences;
    for (size_t t = 0; t < std::min(before.size(), after.size()); ++t)
        if (!changeText(before[t], after[t]).empty())
            differences.push_back({static_cast<int>(t), before[t], after[t]});
    return differences;
}

std::string changeText(const TapSetting &before, const TapSetting &after)
{
    if (!before.isQuantized() && !after.isQuantized())
        return {}; // what a float tap would do otherwise makes no difference
    std::string text;
    const auto add = [&text](const std::string &part) { text += (text.empty() ? "" : ", ") + part; };
    const auto field = [&](const char *what, const std::string &x, const std::string &y) {
        if (x != y)
            add(fmt::format("{} {} -> {}", what, x, y));
    };
    const auto yes = [](bool value) { return std::string(value ? "yes" : "no"); };
    if (planBits(before) != planBits(after))
        add(bitsText(before) + " -> " + bitsText(after));
    if (!before.isQuantized() || !after.isQuantized())
        return text;
    field("quantizer", name(before.quantizer), name(after.quantizer));
    field("observer", name(before.observer), name(after.observer));
    field("granularity", name(before.granularity), name(after.granularity));
    field("groups", std::to_string(before.groups), std::to_string(after.groups));
    field("symmetric", yes(before.symmetric), yes(after.symmetric));
    field("narrow range", yes(before.narrowRange), yes(after.narrowRange));
    field("range with zero", yes(before.includeZero), yes(after.includeZero));
    field("arithmetic", name(before.arithmetic), name(after.arithmetic));
    field("twin", name(before.twin), name(after.twin));
    field("integer LayerNorm", yes(before.integerLayerNorm), yes(after.integerLayerNorm));
    field("scale", fmt::format("{}", before.fixedScale), fmt::format("{}", after.fixedScale));
    field("zero point", fmt::format("{}", before.fixedZeroPoint), fmt::format("{}", after.fixedZeroPoint));
    return text;
}

std::string settingDifferenceText(const std::vector<Tap> &taps, const std::vector<TapSetting> &before,
                                  const std::vector<TapSetting> &after)
{
    struct Line {
        std::string what;
        std::vector<std::string> names;
        std::set<int> blocks; ///< empty: outside of blocks
    };
    std::vector<Line> byName; // a name and a change with all the blocks that have both
    const std::vector<SettingDifference> differences = settingDifferences(before, after);
    if (differences.empty())
        return {};
    for (const SettingDifference &difference : differences) {
        const Tap &tap = taps[static_cast<size_t>(difference.tap)];
        const std::string what = changeText(difference.before, difference.after);
        const std::string own = nameInBlock(tap);
        const auto known = std::find_if(byName.begin(), byName.end(), [&](const Line &line) {
            return line.what == what && line.names.front() == own && line.blocks.empty() == (tap.block < 0);
        });
        Line &line = known == byName.end() ? byName.emplace_back(Line{what, {own}, {}}) : *known;
        if (tap.block >= 0)
            line.blocks.insert(tap.block);
    }
    std::vector<Line> lines; // names that change alike in the same blocks share a line
    for (Line &one : byName) {
        const auto known = std::find_if(lines.begin(), lines.end(), [&](const Line &line) {
            return line.what == one.what && line.blocks == one.blocks;
        });
        if (known == lines.end())
            lines.push_back(std::move(one));
        else
            known->names.push_back(one.names.front());
    }
    std::string text;
    for (const Line &line : lines) {
        const std::vector<int> blocks(line.blocks.begin(), line.blocks.end());
        const std::string where = blocks.empty() ? std::string()
                                                 : fmt::format(" of block{} {}", blocks.size() > 1 ? "s" : "",
                                                               rangesText(blocks));
        text += fmt::format("{}{}: {}\n", fmt::join(line.names, ", "), where, line.what);
    }
    text += fmt::format("{} of {} taps differ; weights {:.3g} MB -> {:.3g} MB (estimate: elements x bits / 8)\n",
                        differences.size(), taps.size(), weightBytes(taps, before) / 1e6,
                        weightBytes(taps, after) / 1e6);
    return text;
}

std::string ruleDifferenceText(const PrecisionPlan &before, const PrecisionPlan &after)
{
    std::vector<std::string> a = ruleLines(before);
    std::vector<std::string> b = ruleLines(after);
    // Longest common subsequence, because the order of rules has a meaning; of what is left between the common ends.
    const auto ends = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    a.erase(a.begin(), ends.first);
    b.erase(b.begin(), ends.second);
    while (!a.empty() && !b.empty() && a.back() == b.back()) {
        a.pop_back();
        b.pop_back();
    }
    if (a.size() * b.size() > kMostCompared) { // some ten thousand changed rules: one block each
        std::string all;
        for (const std::string &line : a)
            all += "- " + line + "\n";
        for (const std::string &line : b)
            all += "+ " + line + "\n";
        return all;
    }
    std::vector<std::vector<size_t>> common(a.size() + 1, std::vector<size_t>(b.size() + 1, 0));
    for (size_t i = a.size(); i-- > 0;)
        for (size_t j = b.size(); j-- > 0;)
            common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    std::string text;
    size_t i = 0;
    size_t j = 0;
    while (i < a.size() || j < b.size()) {
        if (i < a.size() && j < b.size() && a[i] == b[j]) {
            ++i;
            ++j;
        } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
            text += "- " + a[i++] + "\n";
        } else {
            text += "+ " + b[j++] + "\n";
        }
    }
    return text;
}

std::string requestDifferenceText(const QuantizationRequest &before, const QuantizationRequest &after)
{
    std::string text;
    const auto line = [&](const char *what, const std::string &x, const std::string &y) {
        if (x != y)
            text += fmt::format("{} {} -> {}\n", what, x, y);
    };
    const auto on = [](bool value) { return std::string(value ? "on" : "off"); };
    line("recipe", before.recipe, after.recipe);
    line("PTF", on(before.ptf), on(after.ptf));
    line("LIS", on(before.lis), on(after.lis));
    line("interval search", on(before.search), on(after.search));
    line("bits W/A/Attn", before.bits.text(), after.bits.text());
    return text;
}

} // namespace quantoscope
