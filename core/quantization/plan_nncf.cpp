// SPDX-License-Identifier: GPL-3.0-or-later
// Plans for nncf.quantize. Facts from openvinotoolkit/nncf: IgnoredScope in src/nncf/scopes.py (names, patterns
// that are matched from the beginning of a node's name, types, subgraphs, validate) and QuantizationParameters
// in src/nncf/quantization/advanced_parameters.py (one num_bits, mode, per_channel, narrow_range for all
// weights, one for all activations). A PyTorch node is called "conv1/conv2d/0", module path and function, in
// its tests of IgnoredScope.
#include "core/quantization/plan_format.h"

#include <map>
#include <tuple>

namespace quantoscope {

namespace {

/// What NNCF sets once for all weights, and once for all activations.
using Shared = std::tuple<int, bool, bool, bool>; // bits, symmetric, per channel, narrow range

Shared sharedOf(const PlannedTap &tap)
{
    return {bitsOf(tap), isSymmetric(tap), !hasOneScale(tap), isNarrow(tap)};
}

std::string text(const Shared &shared)
{
    const auto &[bits, symmetric, perChannel, narrow] = shared;
    return fmt::format("{} bit {} per {}{}", bits, symmetric ? "symmetric" : "asymmetric",
                       perChannel ? "channel" : "tensor", narrow ? ", narrow range" : "");
}

/// The settings that most taps have; those of other taps are noted.
Json parametersOf(const PlanSubject &subject, bool weights, PlanNotes &notes)
{
    std::map<Shared, int> counts;
    std::vector<const PlannedTap *> grids;
    for (const PlannedTap &tap : subject.taps) {
        if (!tap.carriesValues || isFloat(tap) || (tap.tap.kind == TapKind::Weight) != weights)
            continue;
        if (const std::string reason = whyNoGrid(tap); !reason.empty()) {
            notes.add(tap, reason, "as all other values");
            continue;
        }
        grids.push_back(&tap);
        ++counts[sharedOf(tap)];
    }
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto &a, const auto &b) { return a.second < b.second; });
    if (most == counts.end())
        return {};
    for (const PlannedTap *tap : grids) {
        if (sharedOf(*tap) != most->first)
            notes.add(*tap,
                      weights ? "NNCF has one setting for all weights"
                              : "NNCF has one setting for all activations",
                      text(most->first));
        noteDetails(*tap, true, text(most->first), notes);
    }
    const auto &[bits, symmetric, perChannel, narrow] = most->first;
    return {{"num_bits", bits},
            {"mode", symmetric ? "symmetric" : "asymmetric"},
            {"per_channel", perChannel},
            {"narrow_range", narrow}};
}

std::string patternOf(const std::string &module)
{
    std::string nodes = module;
    std::replace(nodes.begin(), nodes.end(), '.', '/');
    return "^" + nodes + "/";
}

Json write(const PlanSubject &subject, PlanNotes &notes)
{
    notes.use =
        "nncf.quantize(model, dataset, ignored_scope=nncf.IgnoredScope(**d['ignored_scope']), "
        "advanced_parameters=...): build AdvancedQuantizationParameters from the two QuantizationParameters in "
        "d['advanced_parameters']";
    notes.lines.emplace_back("NNCF calibrates by itself: scales and zero points are not carried over");
    notes.lines.emplace_back("NNCF decides which values between the layers are quantized");
    notes.lines.emplace_back(
        "patterns fit PyTorch nodes named by module path; OpenVINO and ONNX models name theirs differently");
    Json patterns = Json::array();
    for (const int weight : floatLayers(subject, "NNCF", notes))
        patterns.push_back(patternOf(moduleOf(subject.taps[static_cast<size_t>(weight)])));
    Json document = Json::object();
    document["ignored_scope"] = {{"names", Json::array()},
                                 {"patterns", std::move(patterns)},
                                 {"types", Json::array()},
                                 {"subgraphs", Json::array()},
                                 {"validate", true}};
    Json advanced = Json::object();
    for (const bool weights : {true, false})
        if (Json parameters = parametersOf(subject, weights, notes); !parameters.is_null())
            advanced[weights ? "weights_quantization_params" : "activations_quantization_params"] =
                std::move(parameters);
    document["advanced_parameters"] = std::move(advanced);
    return document;
}

/// The module of a pattern or a node's name that means one layer; empty otherwise.
std::string moduleOfPattern(const std::string &pattern)
{
    std::string path = pattern.starts_with('^') ? pattern.substr(1) : pattern;
    for (const char *rest : {".*$", ".*", "$"})
        if (path.ends_with(rest)) {
            path.resize(path.size() - std::char_traits<char>::length(rest));
            break;
        }
    if (!path.ends_with('/') || path.find_first_of(".*+?[](){}|\\^$") != std::string::npos)
        return {};
    path.pop_back();
    std::replace(path.begin(), path.end(), '/', '.');
    return path;
}

std::string moduleOfNode(const std::string &node)
{
    const size_t call = node.rfind('/');
    const size_t function = call == std::string::npos || call == 0 ? std::string::npos : node.rfind('/', call - 1);
    std::string module = function == std::string::npos ? std::string() : node.substr(0, function);
    std::replace(module.begin(), module.end(), '/', '.');
    return module;
}

/// Layers that names and patterns of the ignored scope mean, as indices of their weights.
Result<std::set<int>> ignoredLayers(const Json &scope, const std::string &origin, const PlanSubject &model)
{
    std::set<int> layers;
    for (const auto &[field, value] : scope.items()) {
        if (field == "validate")
            continue;
        if (field != "names" && field != "patterns" && !(value.is_array() && value.empty()))
            return fail(ErrorCode::Unsupported, fmt::format("ignored_scope has '{}'", field), origin,
                        "plans know single layers: names and patterns");
        if (!value.is_array())
            return fail(ErrorCode::CorruptFile, fmt::format("ignored_scope has no list '{}'", field), origin);
        for (const Json &entry : value) {
            const std::string text = entry.is_string() ? entry.get<std::string>() : std::string();
            const std::string module = field == "names" ? moduleOfNode(text) : moduleOfPattern(text);
            if (module.empty())
                return fail(ErrorCode::Unsupported, fmt::format("{} is no path of one layer", entry.dump()),
                            origin, "write patterns as ^blocks/3/mlp/fc1/ and names as blocks/3/mlp/fc1/linear/0");
            const PlannedTap *weight = findTap(model, module + ".weight");
            if (!weight || weight->tap.kind != TapKind::Weight)
                return fail(ErrorCode::NotFound,
                            fmt::format("the model has no layer with a weight called '{}'", module), origin,
                            fmt::format("it is named by {}", entry.dump()));
            layers.insert(static_cast<int>(weight - model.taps.data()));
        }
    }
    return layers;
}

Result<PrecisionPlan> read(const Json &document, const std::string &origin, const PlanSubject *model)
{
    if (!model)
        return fail(ErrorCode::Usage, "NNCF names layers, and which values they read only the model tells", origin,
                    "give --weights or --run");
    const Json scope = document.value("ignored_scope", Json());
    if (!scope.is_object())
        return fail(ErrorCode::CorruptFile, "has no object 'ignored_scope'", origin);
    const auto layers = ignoredLayers(scope, origin, *model);
    if (!layers)
        return fail(layers.error());
    PrecisionPlan plan;
    const Json advanced = document.value("advanced_parameters", Json::object());
    for (const auto &[field, kind] : {std::pair{"weights_quantization_params", TapKind::Weight},
                                      std::pair{"activations_quantization_params", TapKind::Activation}}) {
        const Json parameters = advanced.is_object() ? advanced.value(field, Json()) : Json();
        if (!parameters.is_object() || !parameters.contains("num_bits") || parameters["num_bits"].is_null())
            continue;
        const auto bits = readBits(parameters["num_bits"], field, origin);
        if (!bits)
            return fail(bits.error());
        PlanRule rule;
        rule.where.kinds = {kind};
        rule.bits = *bits;
        plan.rules.push_back(rule);
    }
    for (const int layer : *layers) {
        const PlannedTap &weight = model->taps[static_cast<size_t>(layer)];
        plan.rules.push_back(ruleFor(weight.tap.path, PlanRule::kFloat));
        if (weight.input < 0)
            continue;
        const std::vector<int> readers = readersOf(*model, weight.input);
        const std::string &input = model->taps[static_cast<size_t>(weight.input)].tap.path;
        if (!std::all_of(readers.begin(), readers.end(), [&](int one) { return layers->contains(one); }))
            return fail(
                ErrorCode::Unsupported,
                fmt::format("{} is left out, but other layers that read {} are not", moduleOf(weight), input),
                origin, "a plan has one precision for a value; leave out all of its readers");
        plan.rules.push_back(ruleFor(input, PlanRule::kFloat));
    }
    return plan;
}

} // namespace

PlanWriter nncfPlans()
{
    return {{"nncf", "NNCF ignored scope", true}, write, read};
}

} // namespace quantoscope
