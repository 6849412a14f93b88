// SPDX-License-Identifier: GPL-3.0-or-later
// Plans for ONNX Runtime's quantize_static. Facts from microsoft/onnxruntime,
// onnxruntime/python/tools/quantization: TensorQuantOverrides as its quantize.py documents them (a list of
// dictionaries per tensor, one a channel for initializers only; scale and zero_point together and then without
// symmetric), checks in tensor_quant_overrides.py, and the types that static_quantize_runner.py knows (4, 8 and
// 16 bits). real = scale * (code - zero point), as here.
#include "core/quantization/plan_format.h"

namespace quantoscope {

namespace {

/// A module's beginning of node names in a graph of torch.onnx.export: "/blocks/blocks.3/mlp/fc1/". A numbered
/// child repeats the name of its parent.
std::string nodePrefix(const std::string &module)
{
    std::string prefix = "/";
    std::string parent;
    for (size_t at = 0; at <= module.size();) {
        const size_t end = std::min(module.find('.', at), module.size());
        const std::string part = module.substr(at, end - at);
        const bool numbered = part.find_first_not_of("0123456789") == std::string::npos;
        prefix += (numbered && !parent.empty() ? parent + "." + part : part) + "/";
        parent = part;
        at = end + 1;
    }
    return prefix;
}

std::string typeOf(const PlannedTap &tap)
{
    const bool isSigned = isCalibrated(tap) ? tap.parameters.isSigned : tap.setting.symmetric;
    return fmt::format("{}Int{}", isSigned ? "Q" : "QU", bitsOf(tap));
}

Json overridesOf(const PlannedTap &tap)
{
    Json list = Json::array();
    const bool channels = !hasOneScale(tap);
    for (size_t c = 0; c < (isCalibrated(tap) ? scalesOf(tap) : 1); ++c) {
        Json entry = {{"quant_type", typeOf(tap)}};
        if (channels)
            entry["axis"] = 0;
        if (isCalibrated(tap)) {
            entry["scale"] = scaleOf(tap, c);
            entry["zero_point"] = static_cast<int>(zeroPointOf(tap, c));
        } else {
            entry["symmetric"] = isSymmetric(tap);
        }
        list.push_back(std::move(entry));
    }
    return list;
}

Json write(const PlanSubject &subject, PlanNotes &notes)
{
    notes.use = "quantize_static(..., nodes_to_exclude=[n.name for n in model.graph.node if "
                "n.name.startswith(tuple(d['node_prefixes_to_exclude']))], extra_options={'TensorQuantOverrides': "
                "...}): rename "
                "the tensors, and turn quant_type into QuantType and scale and zero_point into arrays";
    notes.lines.emplace_back(
        "nodes and tensors of the ONNX graph are called differently from modules: initializers of linear "
        "layers are often anonymous and transposed, then their axis is 1. In ONNX files of Quantoscope (float run, "
        "plan export --format onnx) values have these names, but for input (image) and those weights (<name>/transposed)");
    notes.lines.emplace_back(
        "node_prefixes_to_exclude follows the names that torch.onnx.export gives; check them");
    Json overrides = Json::object();
    for (const PlannedTap &tap : subject.taps) {
        if (!tap.carriesValues || isFloat(tap))
            continue;
        const int bits = bitsOf(tap);
        std::string reason = whyNoGrid(tap);
        if (reason.empty() && bits != 4 && bits != 8)
            reason = fmt::format("ONNX Runtime has types of 4 and 8 bits, none of {}", bits);
        if (reason.empty() && tap.tap.kind != TapKind::Weight && !hasOneScale(tap))
            reason = "scales per channel are for initializers only";
        if (!reason.empty()) {
            notes.add(tap, reason, "the types that quantize_static is called with");
            continue;
        }
        noteDetails(tap, false, "the override", notes);
        overrides[tap.tap.path] = overridesOf(tap);
    }
    Json nodes = Json::array();
    Json prefixes = Json::array();
    for (const int weight : floatLayers(subject, "ONNX Runtime", notes)) {
        const std::string module = moduleOf(subject.taps[static_cast<size_t>(weight)]);
        nodes.push_back(module);
        prefixes.push_back(nodePrefix(module));
    }
    return {{"TensorQuantOverrides", std::move(overrides)},
            {"nodes_to_exclude", std::move(nodes)},
            {"node_prefixes_to_exclude", std::move(prefixes)}};
}

} // namespace

PlanWriter ortPlans()
{
    return {{"ort", "ONNX Runtime overrides", false}, write, nullptr};
}

} // namespace quantoscope
