// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/plan_export.h"

#include "core/quantization/plan_format.h"

#include <cmath>

namespace quantoscope {

namespace {

constexpr float kLargestZeroPoint = 1 << 20; ///< codes; none that calibration finds comes near

const std::vector<PlanWriter> &writers()
{
    static const std::vector<PlanWriter> all = {aimetPlans(), nncfPlans(), modelOptPlans(), ortPlans()};
    return all;
}

Result<const PlanWriter *> findWriter(const std::string &format)
{
    std::string known;
    for (const PlanWriter &writer : writers()) {
        if (format == writer.format.name)
            return &writer;
        known += (known.empty() ? "" : ", ") + std::string(writer.format.name);
    }
    return fail(ErrorCode::Usage, fmt::format("no format of plans is called '{}'", format), "--format",
                "known are " + known);
}

/// Views carry values of their own only where a quantizer stands on them (operands q, k and v).
bool carriesValues(bool view, const Tap &tap, const TapSetting &setting)
{
    return tap.kind == TapKind::Weight || !view || setting.isQuantized();
}

bool isViewName(const std::string &operatorName)
{
    for (int op = 0; op <= static_cast<int>(Operator::Average); ++op)
        if (operatorName == name(static_cast<Operator>(op)))
            return isView(static_cast<Operator>(op));
    return false;
}

std::string rulesText(const QuantizationRequest &request)
{
    const auto plan = parsePlan(request.planJson, "precision plan");
    return plan ? planText(*plan) : std::string();
}

std::string describe(const PlannedTap &tap)
{
    if (isFloat(tap))
        return "float";
    const bool ptf = !tap.parameters.ptfFactor.empty() || tap.setting.observer == ObserverKind::Ptf;
    const std::string granularity =
        ptf ? "power-of-two factors per channel" : fmt::format("per {}", name(tap.setting.granularity));
    return fmt::format("{} bit {}, {}, {}", bitsOf(tap), name(kindOf(tap)),
                       isSymmetric(tap) ? "symmetric" : "asymmetric", granularity);
}

} // namespace

PlanSubject planSubject(const Graph &graph, const ModelInfo &model, const QuantizationRequest &request,
                        const std::vector<TapSetting> &settings)
{
    PlanSubject subject{model.name, request.text(), rulesText(request), false, {}};
    for (size_t t = 0; t < std::min(graph.taps.size(), settings.size()); ++t) {
        PlannedTap planned{graph.taps[t], settings[t], {}, -1, true};
        const Node &node = graph.nodes[static_cast<size_t>(planned.tap.node)];
        planned.carriesValues = carriesValues(isView(node.op), planned.tap, settings[t]);
        if (planned.tap.kind == TapKind::Weight && !node.inputs.empty())
            planned.input = graph.outputTap(graph.valueSource(node.inputs.front()));
        subject.taps.push_back(std::move(planned));
    }
    return subject;
}

PlanSubject planSubject(const RunRecord &run)
{
    PlanSubject subject{run.model.name, run.request.text(), rulesText(run.request), run.quantized, {}};
    int value = -1; // computed last
    for (const TapRecord &record : run.taps) {
        PlannedTap planned{record.tap, record.setting, record.parameters, -1, true};
        const bool view = isViewName(record.operatorName);
        planned.carriesValues = carriesValues(view, record.tap, record.setting);
        if (record.tap.kind == TapKind::Weight)
            planned.input = value;
        else if (!view)
            value = static_cast<int>(subject.taps.size());
        if (planned.setting.isQuantized() && planned.parameters.kind == QuantizerKind::None)
            subject.calibrated = false;
        subject.taps.push_back(std::move(planned));
    }
    return subject;
}

PlanSubject floatSubject(const Graph &graph, const ModelInfo &model)
{
    PlanSubject subject = planSubject(graph, model, {}, std::vector<TapSetting>(graph.taps.size()));
    subject.request = "float";
    subject.calibrated = true; // nothing waits for a scale
    return subject;
}

std::vector<PlanFormat> planFormats()
{
    std::vector<PlanFormat> formats;
    for (const PlanWriter &writer : writers())
        formats.push_back(writer.format);
    return formats;
}

size_t ExportedPlan::tapsNotExpressed() const
{
    std::set<std::string> taps;
    for (const NotExpressed &one : notExpressed)
        taps.insert(one.tap);
    return taps.size();
}

Result<ExportedPlan> exportPlan(const PlanSubject &subject, const std::string &format)
{
    const auto writer = findWriter(format);
    if (!writer)
        return fail(writer.error());
    if (subject.taps.empty())
        return fail(ErrorCode::BadInput, "has no layers whose precision could be written", subject.model,
                    "take a quantized run, or a plan with --weights");
    PlanNotes notes;
    if (!subject.calibrated)
        notes.lines.emplace_back("not calibrated: widths and kinds only, no scales");
    notes.lines.emplace_back("names are those of the modules in timm's PyTorch model");
    const Json body = (*writer)->write(subject, notes);
    Json document = Json::object();
    document["quantoscope"] = planHeader(subject, (*writer)->format.name, notes);
    document.update(body);
    // A name that is no UTF-8 cannot stop an export.
    return ExportedPlan{document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n",
                        std::move(notes.taps)};
}

Result<PrecisionPlan> importPlan(const std::string &text, const std::string &origin, const std::string &format,
                                 const PlanSubject *model)
{
    const auto writer = findWriter(format);
    if (!writer)
        return fail(writer.error());
    if (!(*writer)->read)
        return fail(ErrorCode::Usage, fmt::format("plans for {} are written, not read", (*writer)->format.title),
                    "--format", "read one of aimet, nncf or modelopt");
    const auto document = parseJsonObject(text, origin);
    if (!document)
        return fail(document.error());
    auto plan = (*writer)->read(*document, origin, model);
    if (plan)
        plan->name = fmt::format("from {}", (*writer)->format.title);
    return plan;
}

Json planHeader(const PlanSubject &subject, const std::string &format, const PlanNotes &notes)
{
    Json header = Json::object();
    header["format"] = format;
    header["model"] = subject.model;
    header["recipe"] = subject.request;
    header["plan"] = subject.plan;
    header["calibrated"] = subject.calibrated;
    header["use"] = notes.use;
    header["notes"] = notes.lines;
    header["not_expressed"] = Json::array();
    for (const auto &[tap, plan, reason, instead] : notes.taps)
        header["not_expressed"].push_back(
            {{"tap", tap}, {"plan", plan}, {"reason", reason}, {"instead", instead}});
    return header;
}

void PlanNotes::add(const PlannedTap &tap, const std::string &reason, const std::string &instead)
{
    taps.push_back({tap.tap.path, describe(tap), reason, instead});
}

QuantizerKind kindOf(const PlannedTap &tap)
{
    return isCalibrated(tap) ? tap.parameters.kind : tap.setting.quantizer;
}

int bitsOf(const PlannedTap &tap)
{
    return isCalibrated(tap) ? tap.parameters.bits : tap.setting.bits;
}

bool isFloat(const PlannedTap &tap)
{
    return kindOf(tap) == QuantizerKind::None;
}

bool isCalibrated(const PlannedTap &tap)
{
    return tap.parameters.kind != QuantizerKind::None;
}

bool isSymmetric(const PlannedTap &tap)
{
    if (!isCalibrated(tap))
        return tap.setting.symmetric;
    const std::vector<float> &points = tap.parameters.zeroPoints;
    const bool centred = points.empty()
                           ? tap.parameters.zeroPoint == 0
                           : std::all_of(points.begin(), points.end(), [](float z) { return z == 0; });
    return tap.parameters.isSigned && centred;
}

bool isNarrow(const PlannedTap &tap)
{
    return isCalibrated(tap) ? tap.parameters.narrowRange : tap.setting.narrowRange;
}

bool hasOneScale(const PlannedTap &tap)
{
    return isCalibrated(tap) ? tap.parameters.scale.size() <= 1 : tap.setting.granularity == Granularity::Tensor;
}

size_t scalesOf(const PlannedTap &tap)
{
    return hasOneScale(tap) ? 1 : static_cast<size_t>(std::max<int64_t>(1, tap.tap.channels));
}

float scaleOf(const PlannedTap &tap, size_t channel)
{
    return tap.parameters.scale[channel * tap.parameters.scale.size() / scalesOf(tap)];
}

float zeroPointOf(const PlannedTap &tap, size_t channel)
{
    return tap.parameters.zeroPointOf(channel * tap.parameters.scale.size() / scalesOf(tap));
}

std::string whyNotUniform(const PlannedTap &tap)
{
    switch (kindOf(tap)) {
    case QuantizerKind::Log2: return "log2 quantizer: its levels are powers of two, not one grid";
    case QuantizerKind::LogIntSoftmax: return "log-int-softmax: integer softmax with log2 output, not one grid";
    case QuantizerKind::TwinUniform: return "twin uniform quantizer: two grids for one value";
    case QuantizerKind::None: return {};
    case QuantizerKind::Uniform: break;
    }
    if (bitsOf(tap) < kLeastBits || bitsOf(tap) > kMostBits)
        return fmt::format("its width is outside {} to {} bits", kLeastBits, kMostBits);
    if (!isCalibrated(tap))
        return {};
    const QuantizerParameters &found = tap.parameters;
    if (found.scale.empty() || (!found.zeroPoints.empty() && found.zeroPoints.size() != found.scale.size()))
        return "calibration left it without a scale";
    for (size_t s = 0; s < found.scale.size(); ++s)
        if (const float z = found.zeroPointOf(s); !(std::abs(z) <= kLargestZeroPoint) || z != std::nearbyint(z))
            return "its zero point is no whole number";
    return {};
}

std::string whyNoGrid(const PlannedTap &tap)
{
    std::string reason = whyNotUniform(tap);
    const bool ptf = !tap.parameters.ptfFactor.empty() || tap.setting.observer == ObserverKind::Ptf;
    if (reason.empty() && ptf && !isFloat(tap))
        return "power-of-two factors: a scale per channel of a value";
    return reason;
}

void noteDetails(const PlannedTap &tap, bool canBeNarrow, const std::string &instead, PlanNotes &notes)
{
    if (tap.setting.integerLayerNorm)
        notes.add(tap, "integer LayerNorm: the normalisation itself is computed in integers", instead);
    if (!canBeNarrow && isNarrow(tap))
        notes.add(tap, "narrow range: the lowest code is left out", instead + " with all codes");
}

std::string moduleOf(const PlannedTap &weight)
{
    static const std::string ending = ".weight";
    const std::string &path = weight.tap.path;
    return path.ends_with(ending) ? path.substr(0, path.size() - ending.size()) : path;
}

std::vector<int> readersOf(const PlanSubject &subject, int tap)
{
    std::vector<int> readers;
    for (size_t t = 0; t < subject.taps.size(); ++t)
        if (subject.taps[t].tap.kind == TapKind::Weight && subject.taps[t].input == tap)
            readers.push_back(static_cast<int>(t));
    return readers;
}

std::set<int> floatLayers(const PlanSubject &subject, const std::string &program, PlanNotes &notes)
{
    std::set<int> layers;
    for (size_t t = 0; t < subject.taps.size(); ++t)
        if (subject.taps[t].tap.kind == TapKind::Weight && isFloat(subject.taps[t]))
            layers.insert(static_cast<int>(t));
    const std::string whole = program + " leaves out whole operations, not single values: ";
    for (size_t t = 0; t < subject.taps.size(); ++t) {
        const PlannedTap &tap = subject.taps[t];
        if (tap.tap.kind == TapKind::Weight || !tap.carriesValues)
            continue;
        const std::vector<int> readers = readersOf(subject, static_cast<int>(t));
        const auto isLeftOut = [&](int reader) { return layers.contains(reader); };
        const bool all = std::all_of(readers.begin(), readers.end(), isLeftOut);
        const bool any = std::any_of(readers.begin(), readers.end(), isLeftOut);
        if (isFloat(tap) && readers.empty())
            notes.add(tap, whole + "no layer with a weight reads this value", "as " + program + " decides");
        else if (isFloat(tap) && !all)
            notes.add(tap, whole + "a layer that reads this value has a quantized weight",
                      "quantized where that layer reads it");
        else if (!isFloat(tap) && any)
            notes.add(tap, whole + "a layer that reads this value has its weight in float",
                      "float where that layer reads it");
    }
    return layers;
}

PlanRule ruleFor(const std::string &tap, int bits)
{
    PlanRule rule;
    rule.where.tap = tap;
    rule.bits = bits;
    return rule;
}

const PlannedTap *findTap(const PlanSubject &subject, const std::string &path)
{
    const auto found = std::find_if(subject.taps.begin(), subject.taps.end(),
                                    [&](const PlannedTap &one) { return one.tap.path == path; });
    return found == subject.taps.end() ? nullptr : &*found;
}

std::string textOf(const Json &object, const char *field)
{
    return object.is_object() && object.contains(field) && object[field].is_string()
             ? object[field].get<std::string>()
             : std::string();
}

Result<int> readBits(const Json &value, const std::string &what, const std::string &origin)
{
    if (value.is_number_integer() && value >= kLeastBits && value <= kMostBits)
        return value.get<int>();
    if (value.is_number_integer())
        return fail(ErrorCode::Unsupported, fmt::format("{} has {} bits", what, value.dump()), origin,
                    fmt::format("plans know {} to {} bits and float", kLeastBits, kMostBits));
    return fail(ErrorCode::CorruptFile,
                fmt::format("{} has {} where its number of bits should be", what, value.dump()), origin);
}

} // namespace quantoscope
