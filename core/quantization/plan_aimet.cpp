// SPDX-License-Identifier: GPL-3.0-or-later
// Plans as AIMET's encodings. Facts from qualcomm/aimet, Docs/techniques/encoding_spec.rst, "Version 1.0.0"
// (written) and "Version 0.6.1" (read too). There real = (code + offset) * scale with codes from 0 on:
// AffineEncoding._to_legacy_format of aimet_torch subtracts 2^(bits - 1) from the offset of signed codes.
#include "core/quantization/plan_format.h"

#include <cmath>
#include <map>

namespace quantoscope {

namespace {

constexpr int kFloatWidth = 32;

Json encodingOf(const PlannedTap &tap)
{
    Json entry = {{"name", tap.tap.path}};
    if (isFloat(tap)) {
        entry.update({{"dtype", "FLOAT"}, {"bw", kFloatWidth}, {"enc_type", "PER_TENSOR"}});
        return entry;
    }
    entry.update({{"dtype", "INT"},
                  {"bw", bitsOf(tap)},
                  {"enc_type", hasOneScale(tap) ? "PER_TENSOR" : "PER_CHANNEL"},
                  {"is_sym", isSymmetric(tap)}});
    if (!isCalibrated(tap))
        return entry;
    const int lowest = tap.parameters.isSigned ? -(1 << (bitsOf(tap) - 1)) : 0;
    entry["scale"] = Json::array();
    entry["offset"] = Json::array();
    for (size_t c = 0; c < scalesOf(tap); ++c) {
        entry["scale"].push_back(scaleOf(tap, c));
        entry["offset"].push_back(lowest - static_cast<int>(zeroPointOf(tap, c)));
    }
    return entry;
}

/// Width that most quantized taps have; AIMET calls the rest overrides.
int usualBits(const PlanSubject &subject, bool weights)
{
    std::map<int, int> counts;
    for (const PlannedTap &tap : subject.taps)
        if (!isFloat(tap) && (tap.tap.kind == TapKind::Weight) == weights && bitsOf(tap) <= kMostBits)
            ++counts[bitsOf(tap)];
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto &a, const auto &b) { return a.second < b.second; });
    return most == counts.end() ? kFloatWidth : most->first;
}

Json write(const PlanSubject &subject, PlanNotes &notes)
{
    notes.use = "encodings of AIMET, version 1.0.0 (Encoding Format Specification): load it with the "
                "QuantizationSimModel, or "
                "give it to the converter as quantization overrides";
    notes.lines.emplace_back(
        "AIMET names the tensors of the ONNX graph: where the export to ONNX calls a value differently "
        "from the module that yields it, rename it. In ONNX files of Quantoscope (float run, plan export "
        "--format onnx) values have these names, but for input (image) and weights of linear layers (<name>/transposed)");
    notes.lines.emplace_back("min = offset * scale and max = (offset + 2^bw - 1) * scale");
    Json document = {
        {"version", "1.0.0"}, {"activation_encodings", Json::array()}, {"param_encodings", Json::array()}};
    Json excluded = Json::array();
    bool anyChannel = false;
    bool allSymmetric = true;
    for (const PlannedTap &tap : subject.taps) {
        if (!tap.carriesValues)
            continue;
        const bool parameter = tap.tap.kind != TapKind::Activation;
        const std::string reason = whyNoGrid(tap);
        if (!reason.empty()) {
            notes.add(tap, reason, "no encoding");
            continue;
        }
        if (!isFloat(tap) && tap.tap.kind != TapKind::Weight && !hasOneScale(tap)) {
            notes.add(tap, "scales per channel are defined for the output channels of weights only",
                      "no encoding");
            continue;
        }
        noteDetails(tap, false, "the encoding", notes);
        if (tap.tap.kind == TapKind::Weight) {
            if (isFloat(tap))
                excluded.push_back(moduleOf(tap));
            anyChannel = anyChannel || !hasOneScale(tap);
            allSymmetric = allSymmetric && (isFloat(tap) || isSymmetric(tap));
        }
        document[parameter ? "param_encodings" : "activation_encodings"].push_back(encodingOf(tap));
    }
    document["quantizer_args"] = {{"activation_bitwidth", usualBits(subject, false)},
                                  {"param_bitwidth", usualBits(subject, true)},
                                  {"dtype", "int"},
                                  {"is_symmetric", allSymmetric},
                                  {"per_channel_quantization", anyChannel}};
    document["excluded_layers"] = std::move(excluded);
    return document;
}

/// Collects rules and refuses names that are none.
class Reader {
public:
    Reader(std::string origin, const PlanSubject *model) : m_origin(std::move(origin)), m_model(model) {}

    /// dtype and width are called differently in the two versions.
    Result<void> add(const std::string &tap, const Json &encoding, const char *widthField)
    {
        const std::string dtype = textOf(encoding, "dtype");
        if (dtype.empty())
            return fail(ErrorCode::CorruptFile, fmt::format("the encoding of '{}' has no dtype", tap), m_origin);
        if (tap.empty() || tap.find_first_of("*?") != std::string::npos)
            return fail(ErrorCode::CorruptFile, fmt::format("'{}' is no name of a tensor", tap), m_origin);
        if (m_model && !findTap(*m_model, tap))
            return fail(ErrorCode::NotFound, fmt::format("the model has no value called '{}'", tap), m_origin,
                        "rename it to the module's path; inspect lists the taps");
        const std::string type = textOf(encoding, "enc_type");
        if (!type.empty() && type != "PER_TENSOR" && type != "PER_CHANNEL")
            return fail(ErrorCode::Unsupported, fmt::format("'{}' is quantized {}", tap, type), m_origin,
                        "plans know PER_TENSOR and PER_CHANNEL");
        int bits = PlanRule::kFloat;
        if (dtype == "INT" || dtype == "int") {
            const auto width = readBits(encoding.value(widthField, Json()), "'" + tap + "'", m_origin);
            if (!width)
                return fail(width.error());
            bits = *width;
        } else if (dtype != "FLOAT" && dtype != "float") {
            return fail(ErrorCode::Unsupported,
                        fmt::format("'{}' has dtype {}; known are INT and FLOAT", tap, dtype), m_origin);
        }
        const auto [known, isNew] = m_bits.emplace(tap, bits);
        if (!isNew && known->second != bits)
            return fail(ErrorCode::CorruptFile, fmt::format("'{}' has two encodings of different width", tap),
                        m_origin);
        if (isNew)
            m_plan.rules.push_back(ruleFor(tap, bits));
        return {};
    }
    [[nodiscard]] PrecisionPlan take() { return std::move(m_plan); }

private:
    std::string m_origin;
    const PlanSubject *m_model;
    std::map<std::string, int> m_bits;
    PrecisionPlan m_plan;
};

Result<void> readList(Reader &reader, const Json &list, const std::string &where)
{
    for (const Json &encoding : list) {
        const std::string tap = textOf(encoding, "name");
        if (tap.empty())
            return fail(ErrorCode::CorruptFile, "an entry of its encodings has no name", where);
        if (auto added = reader.add(tap, encoding, "bw"); !added)
            return added;
    }
    return {};
}

Result<void> readMap(Reader &reader, const Json &map, const std::string &where)
{
    for (const auto &[tap, encodings] : map.items()) {
        if (!encodings.is_array() || encodings.empty())
            return fail(ErrorCode::CorruptFile, fmt::format("'{}' has no list of encodings", tap), where);
        for (const Json &encoding : encodings) // one a channel
            if (auto added = reader.add(tap, encoding, "bitwidth"); !added)
                return added;
    }
    return {};
}

Result<PrecisionPlan> read(const Json &document, const std::string &origin, const PlanSubject *model)
{
    const Json version = document.value("version", Json());
    const bool lists = version == "1.0.0";
    if (!lists && version != "0.6.1")
        return fail(ErrorCode::Unsupported, fmt::format("has version {} of AIMET's encodings", version.dump()),
                    origin, "versions 1.0.0 and 0.6.1 are read");
    Reader reader(origin, model);
    for (const char *part : {"param_encodings", "activation_encodings"}) {
        const Json encodings = document.value(part, Json());
        if (lists ? !encodings.is_array() : !encodings.is_object())
            return fail(ErrorCode::CorruptFile, fmt::format("has no {} of '{}'", lists ? "list" : "object", part),
                        origin);
        if (auto done = lists ? readList(reader, encodings, origin) : readMap(reader, encodings, origin); !done)
            return fail(done.error());
    }
    return reader.take();
}

} // namespace

PlanWriter aimetPlans()
{
    return {{"aimet", "AIMET encodings", true}, write, read};
}

} // namespace quantoscope
