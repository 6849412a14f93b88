// SPDX-License-Identifier: GPL-3.0-or-later
// Plans as a quant_cfg of NVIDIA's Model Optimizer. Facts from NVIDIA/Model-Optimizer: the guide "Quantization
// Configuration (quant_cfg)" and modelopt/torch/quantization/config.py (an ordered list whose later entries
// win, quantizer_name by fnmatch rules, QuantizerAttributeConfig with num_bits, axis, unsigned, narrow_range);
// its changelog says that the earlier form, a dictionary by wildcard with "default" for the rest, is still
// taken, so both are read.
#include "core/quantization/plan_format.h"
#include "core/quantization/wildcard.h"

#include <map>

namespace quantoscope {

namespace {

/// One TensorQuantizer of a layer.
struct Quantizer {
    std::string name; ///< "blocks.3.mlp.fc1.input_quantizer"
    int tap = -1;     ///< whose values it quantizes
    enum class Place { Weight, Input, Output } place = Place::Weight;
};

/// Those of the layers with a weight; a layer's output is quantized by it only where no such layer reads it.
std::vector<Quantizer> quantizersOf(const PlanSubject &subject)
{
    std::vector<Quantizer> all;
    for (size_t w = 0; w < subject.taps.size(); ++w) {
        const PlannedTap &weight = subject.taps[w];
        if (weight.tap.kind != TapKind::Weight)
            continue;
        const std::string module = moduleOf(weight);
        all.push_back({module + ".weight_quantizer", static_cast<int>(w), Quantizer::Place::Weight});
        if (weight.input >= 0)
            all.push_back({module + ".input_quantizer", weight.input, Quantizer::Place::Input});
        for (size_t t = 0; t < subject.taps.size(); ++t)
            if (subject.taps[t].tap.kind != TapKind::Weight && subject.taps[t].tap.path == module)
                all.push_back({module + ".output_quantizer", static_cast<int>(t), Quantizer::Place::Output});
    }
    return all;
}

/// "blocks.*.mlp.fc1.weight_quantizer": numbers between dots are those of blocks and stages.
std::string patternOf(const std::string &quantizer)
{
    std::string pattern;
    for (size_t at = 0; at <= quantizer.size();) {
        const size_t end = std::min(quantizer.find('.', at), quantizer.size());
        const std::string part = quantizer.substr(at, end - at);
        const bool number = part.find_first_not_of("0123456789") == std::string::npos;
        pattern += (pattern.empty() ? "" : ".") + (number ? "*" : part);
        at = end + 1;
    }
    return pattern;
}

/// Attributes of a quantizer; null: switched off.
Json attributesOf(const PlannedTap &tap)
{
    if (isFloat(tap) || !whyNoGrid(tap).empty())
        return {};
    const bool channels = tap.tap.kind == TapKind::Weight && !hasOneScale(tap);
    Json attributes = {{"num_bits", bitsOf(tap)}, {"axis", channels ? Json(0) : Json()}};
    if (isCalibrated(tap) && !tap.parameters.isSigned && tap.parameters.zeroPoints.empty()
        && tap.parameters.zeroPoint == 0)
        attributes["unsigned"] = true;
    if (isNarrow(tap))
        attributes["narrow_range"] = true;
    return attributes;
}

Json entryFor(const std::string &name, const Json &attributes)
{
    Json entry = {{"quantizer_name", name}};
    if (!attributes.is_null())
        entry["cfg"] = attributes;
    entry["enable"] = !attributes.is_null();
    return entry;
}

void noteTap(const PlannedTap &tap, bool hasQuantizer, PlanNotes &notes)
{
    if (isFloat(tap))
        return;
    if (const std::string reason = whyNoGrid(tap); !reason.empty())
        return notes.add(tap, reason, "float");
    if (!hasQuantizer)
        return notes.add(tap,
                         "no layer with a weight reads or yields this value alone, and only those have quantizers",
                         "float");
    const Json attributes = attributesOf(tap);
    const std::string instead =
        fmt::format("{} bit symmetric, per {}", bitsOf(tap), attributes["axis"].is_null() ? "tensor" : "channel");
    if (!isSymmetric(tap) && !attributes.contains("unsigned"))
        notes.add(tap, "integer quantizers of ModelOpt are symmetric: it has no zero point", instead);
    if (!hasOneScale(tap) && attributes["axis"].is_null())
        notes.add(tap, "a scale per channel or head of a value", instead);
    if (tap.tap.kind == TapKind::Weight && tap.setting.granularity == Granularity::Group)
        notes.add(tap, "a scale per group of output channels", instead);
    noteDetails(tap, true, instead, notes);
}

Json write(const PlanSubject &subject, PlanNotes &notes)
{
    notes.use = "mtq.quantize(model, {'quant_cfg': d['quant_cfg'], 'algorithm': d['algorithm']}, forward_loop); "
                "the list form "
                "needs a ModelOpt whose quant_cfg is an ordered list";
    notes.lines.emplace_back("ModelOpt calibrates by itself: scales are not carried over");
    std::map<int, Json> wanted; // by index of the quantizer
    std::vector<bool> covered(subject.taps.size(), false);
    const std::vector<Quantizer> quantizers = quantizersOf(subject);
    std::vector<std::string> patterns; // in order of execution
    std::map<std::string, std::vector<int>> members;
    for (size_t q = 0; q < quantizers.size(); ++q) {
        const auto tap = static_cast<size_t>(quantizers[q].tap);
        const bool doubled =
            quantizers[q].place == Quantizer::Place::Output && !readersOf(subject, quantizers[q].tap).empty();
        wanted[static_cast<int>(q)] = doubled ? Json() : attributesOf(subject.taps[tap]);
        covered[tap] = true;
        const std::string pattern = patternOf(quantizers[q].name);
        if (!members.contains(pattern))
            patterns.push_back(pattern);
        members[pattern].push_back(static_cast<int>(q));
    }
    for (size_t t = 0; t < subject.taps.size(); ++t)
        if (subject.taps[t].carriesValues)
            noteTap(subject.taps[t], covered[t], notes);

    Json entries = Json::array({entryFor("*", {})});
    std::vector<Json> reached(quantizers.size()); // what the entries so far say
    const auto append = [&](const std::string &name, const Json &attributes) {
        entries.push_back(entryFor(name, attributes));
        for (size_t q = 0; q < quantizers.size(); ++q)
            if (matchesWildcard(name.c_str(), quantizers[q].name.c_str()))
                reached[q] = attributes;
    };
    for (const std::string &pattern : patterns) {
        std::map<std::string, int> counts;
        for (const int q : members[pattern])
            ++counts[wanted[q].dump()];
        const auto most = std::max_element(counts.begin(), counts.end(),
                                           [](const auto &a, const auto &b) { return a.second < b.second; });
        if (const Json usual = Json::parse(most->first); !usual.is_null())
            append(members[pattern].size() == 1 ? quantizers[static_cast<size_t>(members[pattern].front())].name
                                                : pattern,
                   usual);
    }
    for (size_t q = 0; q < quantizers.size(); ++q)
        if (reached[q] != wanted[static_cast<int>(q)])
            append(quantizers[q].name, wanted[static_cast<int>(q)]);
    return {{"quant_cfg", std::move(entries)}, {"algorithm", "max"}};
}

/// What the entries say of one quantizer.
struct State {
    bool touched = false;
    bool enabled = true;
    int bits = 8; ///< ModelOpt's own where nothing else is said
};

/// Attributes that a plan can take over. `entry` names them in messages.
Result<void> applyAttributes(const Json &cfg, const std::string &entry, const std::string &origin, State &state)
{
    if (cfg.is_array())
        return fail(ErrorCode::Unsupported, fmt::format("{} quantizes in several steps", entry), origin,
                    "plans know one quantizer for a value");
    if (!cfg.is_object())
        return fail(ErrorCode::CorruptFile, fmt::format("{} has no attributes in 'cfg'", entry), origin);
    state.bits = 8;
    if (cfg.contains("num_bits")) {
        if (cfg["num_bits"].is_array() || cfg["num_bits"].is_string())
            return fail(ErrorCode::Unsupported,
                        fmt::format("{} has the floating-point width {}", entry, cfg["num_bits"].dump()), origin,
                        "plans know integers and float");
        const auto bits = readBits(cfg["num_bits"], entry, origin);
        if (!bits)
            return fail(bits.error());
        state.bits = *bits;
    }
    if (cfg.contains("block_sizes") && !cfg["block_sizes"].is_null())
        return fail(ErrorCode::Unsupported, fmt::format("{} quantizes in blocks", entry), origin,
                    "plans know one scale for a tensor, channel, head or group");
    if (cfg.contains("enable") && cfg["enable"].is_boolean())
        state.enabled = cfg["enable"].get<bool>();
    return {};
}

/// Entries in the present form, whichever form the file has.
Result<Json> entriesOf(const Json &document, const std::string &origin)
{
    const Json cfg = document.value("quant_cfg", Json());
    if (cfg.is_array())
        return cfg;
    if (!cfg.is_object())
        return fail(ErrorCode::CorruptFile, "has no list 'quant_cfg'", origin);
    Json entries = Json::array();
    if (cfg.contains("default")) // for what nothing else matches, so that everything else wins
        entries.push_back({{"quantizer_name", "*"}, {"cfg", cfg["default"]}});
    for (const auto &[name, attributes] : cfg.items()) {
        if (name.starts_with("nn.") && attributes.is_object())
            for (const auto &[inner, own] : attributes.items())
                entries.push_back({{"quantizer_name", inner}, {"parent_class", name}, {"cfg", own}});
        else if (name != "default")
            entries.push_back({{"quantizer_name", name}, {"cfg", attributes}});
    }
    return entries;
}

Result<void> applyEntry(const Json &entry, const std::string &origin, const std::vector<Quantizer> &quantizers,
                        std::vector<State> &states)
{
    std::string name = textOf(entry, "quantizer_name");
    if (name.empty())
        name = textOf(entry, "quantizer_path"); // as the guide called it for a while
    if (name.empty())
        return fail(ErrorCode::CorruptFile, "an entry of quant_cfg has no quantizer_name", origin);
    const std::string label = fmt::format("'{}'", name);
    if (name.find('[') != std::string::npos)
        return fail(ErrorCode::Unsupported, fmt::format("{} has a set of characters", label), origin,
                    "give names with * and ?");
    if (const std::string owner = textOf(entry, "parent_class"); owner == "nn.Linear" || owner == "nn.Conv2d")
        return fail(ErrorCode::Unsupported, fmt::format("{} is for modules of a class ({})", label, owner), origin,
                    "plans know layers by name; write an entry for each");
    else if (!owner.empty())
        return {}; // layers with a weight are of these two classes
    bool any = name.find_first_of("*?") != std::string::npos;
    for (size_t q = 0; q < quantizers.size(); ++q) {
        if (!matchesWildcard(name.c_str(), quantizers[q].name.c_str()))
            continue;
        any = true;
        State state = states[q];
        state.touched = state.enabled = true;
        if (entry.contains("cfg") && !entry["cfg"].is_null())
            if (const auto applied = applyAttributes(entry["cfg"], label, origin, state); !applied)
                return applied;
        if (entry.contains("enable") && entry["enable"].is_boolean())
            state.enabled = entry["enable"].get<bool>();
        states[q] = state;
    }
    if (!any)
        return fail(ErrorCode::NotFound, fmt::format("the model has no quantizer called {}", label), origin,
                    "layers with a weight have a weight_quantizer, an input_quantizer and an output_quantizer");
    return {};
}

/// The width that all quantizers of a value agree on.
Result<int> widthOf(const PlanSubject &model, int tap, const std::vector<Quantizer> &quantizers,
                    const std::vector<State> &states, const std::string &origin)
{
    int bits = PlanRule::kFloat;
    size_t reading = 0;
    size_t quantized = 0;
    bool byProducer = false;
    for (size_t q = 0; q < quantizers.size(); ++q) {
        if (quantizers[q].tap != tap)
            continue;
        const bool output = quantizers[q].place == Quantizer::Place::Output;
        reading += output ? 0 : 1;
        if (!states[q].enabled)
            continue;
        if (bits != PlanRule::kFloat && bits != states[q].bits)
            return fail(ErrorCode::Unsupported,
                        fmt::format("{} would have {} and {} bits", model.taps[static_cast<size_t>(tap)].tap.path,
                                    bits, states[q].bits),
                        origin, "a plan has one precision for a value");
        bits = states[q].bits;
        byProducer = byProducer || output;
        quantized += output ? 0 : 1;
    }
    if (!byProducer && quantized > 0 && quantized < reading)
        return fail(ErrorCode::Unsupported,
                    fmt::format("{} is quantized for {} of the {} layers that read it",
                                model.taps[static_cast<size_t>(tap)].tap.path, quantized, reading),
                    origin, "a plan has one precision for a value");
    return bits;
}

Result<PrecisionPlan> read(const Json &document, const std::string &origin, const PlanSubject *model)
{
    if (!model)
        return fail(ErrorCode::Usage,
                    "ModelOpt names quantizers of layers, and which values those are only the model tells", origin,
                    "give --weights or --run");
    const auto entries = entriesOf(document, origin);
    if (!entries)
        return fail(entries.error());
    const std::vector<Quantizer> quantizers = quantizersOf(*model);
    std::vector<State> states(quantizers.size());
    for (const Json &entry : *entries)
        if (const auto applied = applyEntry(entry, origin, quantizers, states); !applied)
            return fail(applied.error());
    PrecisionPlan plan;
    std::set<int> done;
    for (size_t q = 0; q < quantizers.size(); ++q) {
        if (!states[q].touched)
            return fail(ErrorCode::Unsupported,
                        fmt::format("nothing in quant_cfg is said of '{}'", quantizers[q].name), origin,
                        R"(begin with {"quantizer_name": "*", "enable": false})");
        const PlannedTap &tap = model->taps[static_cast<size_t>(quantizers[q].tap)];
        if (!done.insert(quantizers[q].tap).second)
            continue;
        const auto bits = widthOf(*model, quantizers[q].tap, quantizers, states, origin);
        if (!bits)
            return fail(bits.error());
        plan.rules.push_back(ruleFor(tap.tap.path, *bits));
    }
    return plan;
}

} // namespace

PlanWriter modelOptPlans()
{
    return {{"modelopt", "ModelOpt quant_cfg", true}, write, read};
}

} // namespace quantoscope
