// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/search_file.h"

#include "core/analysis/precision_operators.h"
#include "core/analysis/sensitivity_text.h"
#include "core/base/json_object.h"
#include "core/base/text_file.h"
#include "core/io/result_table_file.h"
#include "core/pipeline/precision_plan.h"
#include "core/pipeline/search_front.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <tuple>

namespace quantoscope {

namespace {

constexpr int kVersion = 1;
constexpr int64_t kMost = int64_t{1} << 62;
constexpr int64_t kMostConversions = 1 << 30;

// ---- writing ----

/// "4/8 float 8/8": one per operator.
std::string optionsText(const std::vector<PrecisionOption> &options)
{
    std::string text;
    for (const PrecisionOption &option : options) {
        if (!text.empty())
            text += ' ';
        text += option.text();
    }
    return text;
}

Json toJson(const PointMeasurement &measured)
{
    const auto figure = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
    return {{"images", measured.images},
            {"kl", figure(measured.kl)},
            {"kl_standard_error", figure(measured.klStandardError)},
            {"agreement", measured.agreement},
            {"labelled", measured.labelled},
            {"top1", measured.top1},
            {"top1_low", measured.top1Interval.low},
            {"top1_high", measured.top1Interval.high}};
}

Json toJson(const PrecisionPoint &point)
{
    const PrecisionCosts &costs = point.costs;
    Json json = {{"name", point.name},
                 {"options", optionsText(point.options)},
                 {"average_bits", costs.averageBits},
                 {"weight_bits", costs.weightBits},
                 {"activation_bits", costs.activationBits},
                 {"weight_bytes", costs.weightBytes},
                 {"bit_operations", costs.bitOperations},
                 {"activation_bytes", costs.activationBytes},
                 {"conversions", costs.conversions},
                 {"predicted_kl", std::isfinite(point.loss) ? Json(point.loss) : Json(nullptr)}};
    if (point.measured)
        json["measured"] = toJson(*point.measured);
    return json;
}

Json toJson(const std::vector<PrecisionPoint> &points)
{
    Json list = Json::array();
    for (const PrecisionPoint &point : points)
        list.push_back(toJson(point));
    return list;
}

// ---- reading ----

std::vector<int> integerList(JsonObject &reader, const char *key, int64_t lowest, int64_t highest)
{
    std::vector<int64_t> values;
    if (const Json *list = reader.field(key); list && list->is_array() && list->empty())
        return {};
    reader.integers(key, values, lowest, highest);
    return {values.begin(), values.end()};
}

std::optional<PrecisionOption> parseOption(const std::string &text)
{
    const auto bits = [](const std::string &side) {
        return side == "float" ? 0 : side.size() == 1 && side[0] >= '2' && side[0] <= '8' ? side[0] - '0' : -1;
    };
    const size_t slash = text.find('/');
    const PrecisionOption option{bits(text.substr(0, slash)),
                                 bits(slash == std::string::npos ? text : text.substr(slash + 1))};
    if (option.weightBits < 0 || option.activationBits < 0)
        return std::nullopt;
    return option;
}

PointMeasurement readMeasurement(JsonObject &reader)
{
    PointMeasurement measured;
    const auto figure = [&](const char *key, double &out) {
        out = std::numeric_limits<double>::quiet_NaN();
        if (const Json *value = reader.field(key); value && !value->is_null())
            reader.number(key, out);
    };
    reader.integer("images", measured.images, 0, kMost);
    figure("kl", measured.kl);
    figure("kl_standard_error", measured.klStandardError);
    reader.number("agreement", measured.agreement);
    reader.integer("labelled", measured.labelled, 0, kMost);
    reader.number("top1", measured.top1);
    reader.number("top1_low", measured.top1Interval.low);
    reader.number("top1_high", measured.top1Interval.high);
    reader.refuseOthers();
    return measured;
}

std::vector<PrecisionOption> readOptions(JsonObject &reader, size_t operators)
{
    std::vector<PrecisionOption> options;
    std::string text;
    reader.text("options", text);
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        const auto option = parseOption(word);
        if (!option) {
            reader.complain(fmt::format("has the option '{}', which is no W/A precision", word));
            break;
        }
        options.push_back(*option);
    }
    if (options.size() != operators)
        reader.complain(fmt::format("has {} options for {} operators", options.size(), operators));
    return options;
}

/// Empty: there is none, or the reader complains.
std::optional<PointMeasurement> readMeasured(JsonObject &reader)
{
    const Json *value = reader.field("measured");
    if (!value)
        return std::nullopt;
    JsonObject part(*value, reader.origin(), reader.label() + ", measured");
    const PointMeasurement measured = readMeasurement(part);
    if (part.error())
        reader.complain("has a wrong measurement: " + part.error()->what);
    return measured;
}

/// The plan is made anew from `result`, whose operators and taps are read before.
Result<PrecisionPoint> readPoint(JsonObject &reader, const PrecisionSearchResult &result)
{
    PrecisionPoint point;
    reader.text("name", point.name);
    point.options = readOptions(reader, result.operators.size());
    PrecisionCosts &costs = point.costs;
    reader.number("average_bits", costs.averageBits);
    reader.number("weight_bits", costs.weightBits);
    reader.number("activation_bits", costs.activationBits);
    reader.number("weight_bytes", costs.weightBytes);
    reader.number("bit_operations", costs.bitOperations);
    if (reader.field("activation_bytes")) {
        reader.number("activation_bytes", costs.activationBytes);
    } else { // of an earlier version
        int64_t bits = 0;
        for (size_t o = 0; o < std::min(point.options.size(), result.operators.size()); ++o)
            bits += precisionCost(Resource::ActivationBytes, result.operators[o], point.options[o]);
        costs.activationBytes = costAmount(Resource::ActivationBytes, bits, result.operators);
    }
    reader.integer("conversions", costs.conversions, 0, kMostConversions);
    if (const Json *loss = reader.field("predicted_kl"); loss && loss->is_null()) // of a uniform point that collapses
        point.loss = std::numeric_limits<double>::infinity();
    else
        reader.number("predicted_kl", point.loss);
    point.measured = readMeasured(reader);
    reader.refuseOthers();
    if (reader.error())
        return fail(*reader.error());
    point.planJson = planToJson(precisionPlan(point.name, result.operators, point.options,
                                              {result.tapPaths, result.recipeBits}));
    return point;
}

/// Calls `read` with a reader for each entry of a list; it returns Result<void>.
template <typename Read>
Result<void> readList(JsonObject &head, const char *key, Read read)
{
    const Json *list = head.field(key);
    if (!list || !list->is_array())
        head.complain(fmt::format("has no list '{}'", key));
    if (head.error())
        return fail(*head.error());
    for (size_t i = 0; i < list->size(); ++i) {
        JsonObject reader((*list)[i], head.origin(), fmt::format("{} {}", key, i + 1));
        if (const Result<void> done = read(reader); !done)
            return done;
        if (reader.error())
            return fail(*reader.error());
    }
    return {};
}

template <typename Read>
Result<void> readPart(JsonObject &head, const char *key, Read read)
{
    const Json *value = head.field(key);
    if (!value)
        head.complain(fmt::format("has no '{}'", key));
    if (head.error())
        return fail(*head.error());
    JsonObject part(*value, head.origin(), key);
    read(part);
    part.refuseOthers();
    return part.error() ? Result<void>(fail(*part.error())) : Result<void>();
}

void readOperator(JsonObject &reader, size_t taps, PrecisionOperator &op)
{
    reader.text("name", op.name);
    if (const Json *members = reader.field("members"); members && members->is_array())
        for (const Json &member : *members)
            op.members.push_back(member.is_string() ? member.get<std::string>() : std::string());
    if (op.members.empty())
        op.members = {op.name};
    const auto last = static_cast<int64_t>(taps) - 1;
    op.weightTaps = integerList(reader, "weight_taps", 0, last);
    op.activationTaps = integerList(reader, "activation_taps", 0, last);
    reader.integer("weight_elements", op.weightElements, 0, kMost);
    reader.integer("activation_elements", op.activationElements, 0, kMost);
    reader.integer("weight_macs", op.weightMacs, 0, kMost);
    reader.integer("activation_macs", op.activationMacs, 0, kMost);
    reader.boolean("outermost", op.outermost);
    reader.refuseOthers();
}

void readRequest(JsonObject &part, QuantizationRequest &request)
{
    part.text("recipe", request.recipe);
    part.boolean("ptf", request.ptf);
    part.boolean("lis", request.lis);
    part.integer("weights", request.bits.weights, kLeastBits, kMostBits);
    part.integer("activations", request.bits.activations, kLeastBits, kMostBits);
    part.integer("attention", request.bits.attention, kLeastBits, kMostBits);
    part.boolean("search", request.search);
    part.text("search_changes", request.searchJson);
}

void readLimits(JsonObject &part, PrecisionSearchResult &result)
{
    PrecisionBudget &budget = result.budget;
    std::string resource;
    part.text("resource", resource);
    bool known = false;
    for (const Resource one : kResources)
        if (resource == name(one)) {
            budget.resource = one;
            known = true;
        }
    if (!known)
        part.complain(fmt::format("has the unknown resource '{}'", resource));
    part.number("amount", budget.amount);
    if (part.field("conversions"))
        part.integer("conversions", result.mostConversions.emplace(0), 0, kMostConversions);
}

/// [first, second, count] of each; first is -1 where an end stays in float.
void readEdges(JsonObject &head, PrecisionSearchResult &result)
{
    const Json *list = head.field("conversion_edges");
    if (!list) { // of an earlier version, which knew no limit
        if (result.mostConversions)
            head.complain("limits conversions, but has no 'conversion_edges'");
        return;
    }
    const auto operators = static_cast<int64_t>(result.operators.size());
    const auto isEdge = [&](const Json &one) {
        if (!one.is_array() || one.size() != 3
            || !std::all_of(one.begin(), one.end(), [](const Json &number) { return number.is_number_integer(); }))
            return false;
        const auto [first, second, count] = std::tuple(one[0].get<int64_t>(), one[1].get<int64_t>(), one[2].get<int64_t>());
        return first >= kFloatEnd && first < second && second >= 0 && second < operators && count > 0 && count <= kMostConversions;
    };
    if (!list->is_array() || !std::all_of(list->begin(), list->end(), isEdge))
        return head.complain("has conversion_edges that do not join two of its operators");
    for (const Json &one : *list)
        result.edges.push_back({one[0].get<int>(), one[1].get<int>(), one[2].get<int>()});
}

} // namespace

std::string searchToJson(const PrecisionSearchResult &result)
{
    const QuantizationRequest &request = result.request;
    Json operators = Json::array();
    for (const PrecisionOperator &op : result.operators)
        operators.push_back({{"name", op.name},
                             {"members", op.members},
                             {"weight_taps", op.weightTaps},
                             {"activation_taps", op.activationTaps},
                             {"weight_elements", op.weightElements},
                             {"activation_elements", op.activationElements},
                             {"weight_macs", op.weightMacs},
                             {"activation_macs", op.activationMacs},
                             {"outermost", op.outermost}});
    Json limits = {{"resource", name(result.budget.resource)}, {"amount", result.budget.amount}};
    if (result.mostConversions)
        limits["conversions"] = *result.mostConversions;
    Json edges = Json::array();
    for (const ConversionEdge &edge : result.edges)
        edges.push_back(Json::array({edge.first, edge.second, edge.count}));
    Json elsewhere = Json::array();
    for (const auto &[options, measured] : result.measuredElsewhere)
        elsewhere.push_back({{"options", optionsText(options)}, {"measured", toJson(measured)}});
    const Json json = {{"format", "quantoscope-search"},
                       {"version", kVersion},
                       {"model", result.model},
                       {"sha256", result.modelSha256},
                       {"recipe", {{"recipe", request.recipe}, {"ptf", request.ptf}, {"lis", request.lis},
                                   {"weights", request.bits.weights}, {"activations", request.bits.activations},
                                   {"attention", request.bits.attention}, {"search", request.search},
                                   {"search_changes", request.searchJson}}},
                       {"budget", std::move(limits)},
                       {"levels", result.levels},
                       {"operands_alike", result.operandsAlike},
                       {"outermost_at_least_8", result.outermostAtLeast8},
                       {"tap_paths", result.tapPaths},
                       {"recipe_bits", result.recipeBits},
                       {"operators", std::move(operators)},
                       {"conversion_edges", std::move(edges)},
                       {"front", toJson(result.front)},
                       {"chosen", result.chosen},
                       {"uniform", toJson(result.uniform)},
                       {"measured_elsewhere", std::move(elsewhere)},
                       {"evaluated_float_top1", result.evaluatedFloatTop1},
                       {"sensitivity", Json::parse(sensitivityToJson(result.table))}};
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<PrecisionSearchResult> parseSearch(const std::string &text, const std::string &origin)
{
    const Result<Json> document = parseJsonObject(text, origin);
    if (!document)
        return fail(document.error());
    JsonObject head(*document, origin, "search");
    std::string format;
    head.text("format", format);
    if (format != "quantoscope-search")
        return fail(ErrorCode::CorruptFile, "is not the result of a precision search", origin,
                    "give the search.json that the command search wrote");
    int version = 0;
    head.integer("version", version, 1, kVersion);
    PrecisionSearchResult result;
    head.text("model", result.model);
    head.text("sha256", result.modelSha256);
    if (const auto read = readPart(head, "recipe", [&](JsonObject &part) { readRequest(part, result.request); }); !read)
        return fail(read.error());
    if (const auto read = readPart(head, "budget", [&](JsonObject &part) { readLimits(part, result); }); !read)
        return fail(read.error());
    result.levels = integerList(head, "levels", 0, kMostBits);
    head.boolean("operands_alike", result.operandsAlike);
    head.boolean("outermost_at_least_8", result.outermostAtLeast8);
    if (const Json *paths = head.field("tap_paths"); paths && paths->is_array())
        for (const Json &path : *paths)
            result.tapPaths.push_back(path.is_string() ? path.get<std::string>() : std::string());
    result.recipeBits = integerList(head, "recipe_bits", 0, 32);
    if (result.recipeBits.size() != result.tapPaths.size())
        head.complain("has not one entry in recipe_bits for each in tap_paths");
    if (head.error())
        return fail(*head.error());
    const auto operators = readList(head, "operators", [&](JsonObject &reader) -> Result<void> {
        readOperator(reader, result.tapPaths.size(), result.operators.emplace_back());
        return {};
    });
    if (!operators)
        return fail(operators.error());
    readEdges(head, result);
    for (auto &[key, points] : {std::pair{"front", &result.front}, std::pair{"uniform", &result.uniform}}) {
        const auto read = readList(head, key, [&, into = points](JsonObject &reader) -> Result<void> {
            auto point = readPoint(reader, result);
            if (!point)
                return fail(point.error());
            into->push_back(std::move(*point));
            return {};
        });
        if (!read)
            return fail(read.error());
    }
    if (head.field("measured_elsewhere")) { // not in files of earlier versions
        const auto read = readList(head, "measured_elsewhere", [&](JsonObject &reader) -> Result<void> {
            auto options = readOptions(reader, result.operators.size());
            if (const auto measured = readMeasured(reader))
                result.measuredElsewhere.push_back({std::move(options), *measured});
            else
                reader.complain("has no measurement");
            reader.refuseOthers();
            return {};
        });
        if (!read)
            return fail(read.error());
    }
    for (PrecisionPoint &point : result.uniform)
        point.origin = PrecisionPoint::Origin::Uniform;
    head.integer("chosen", result.chosen, 0, static_cast<int64_t>(result.front.size()) - 1);
    head.number("evaluated_float_top1", result.evaluatedFloatTop1);
    const Json *sensitivity = head.field("sensitivity");
    head.refuseOthers();
    if (!sensitivity)
        head.complain("has no 'sensitivity'");
    if (head.error())
        return fail(*head.error());
    auto table = parseSensitivity(sensitivity->dump(), origin);
    if (!table)
        return fail(table.error());
    result.table = std::move(*table);
    if (const auto found = addWholeFront(result); !found)
        return fail(ErrorCode::CorruptFile, found.error().what, origin);
    return result;
}

Result<PrecisionSearchResult> readSearchFile(const std::string &path)
{
    const auto text = readTextFile(path, "search", kLargestSearch);
    return text ? parseSearch(*text, path) : Result<PrecisionSearchResult>(fail(text.error()));
}

Result<void> writeSearchFile(const PrecisionSearchResult &result, const std::string &path)
{
    return writeTextFile(searchToJson(result), path);
}

} // namespace quantoscope
