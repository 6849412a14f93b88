// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pipeline/request_json.h"

#include "core/base/json_object.h"

#include <limits>

namespace quantoscope {

namespace {

constexpr int64_t kMost = std::numeric_limits<int>::max();

Json toJson(const Preprocessing &p)
{
    return {{"resize", p.resize},
            {"crop", p.crop},
            {"interpolation", name(p.interpolation)},
            {"mode", name(p.mode)},
            {"mean", p.mean},
            {"std", p.deviation}};
}

void readThree(JsonObject &reader, const char *key, std::array<float, 3> &out)
{
    const Json *values = reader.field(key);
    if (!values)
        return;
    if (!values->is_array() || values->size() != 3 || !std::all_of(values->begin(), values->end(), [](const Json &v) { return v.is_number(); }))
        return reader.complain(std::string("has no three numbers in ") + key);
    for (size_t i = 0; i < 3; ++i)
        out[i] = (*values)[i].get<float>();
}

Preprocessing readPreprocessing(JsonObject &reader)
{
    Preprocessing p;
    reader.integer("resize", p.resize, 1, 1 << 16);
    reader.integer("crop", p.crop, 1, 1 << 16);
    std::string interpolation = name(p.interpolation);
    reader.text("interpolation", interpolation);
    p.interpolation = interpolation == name(Interpolation::Bilinear) ? Interpolation::Bilinear : Interpolation::Bicubic;
    std::string mode = name(p.mode);
    reader.text("mode", mode);
    p.mode = mode == name(ResizeMode::Squash) ? ResizeMode::Squash : ResizeMode::ShorterSide;
    readThree(reader, "mean", p.mean);
    readThree(reader, "std", p.deviation);
    return p;
}

/// Values of an enumeration by their name(); the enumerators are 0..last.
template <typename Enum>
std::vector<Enum> readNames(JsonObject &reader, const char *key, Enum last)
{
    std::vector<Enum> found;
    const Json *list = reader.field(key);
    for (size_t i = 0; list && list->is_array() && i < list->size(); ++i)
        for (int value = 0; value <= static_cast<int>(last); ++value)
            if ((*list)[i] == name(static_cast<Enum>(value)))
                found.push_back(static_cast<Enum>(value));
    if (list && (!list->is_array() || found.size() != list->size()))
        reader.complain(std::string("has an unknown name in ") + key);
    return found;
}

SensitivityRequest readSensitivity(JsonObject &reader)
{
    SensitivityRequest wanted;
    SensitivityOptions &options = wanted.options;
    std::string level;
    reader.text("level", level);
    for (const SensitivityLevel known : {SensitivityLevel::Tap, SensitivityLevel::Operator, SensitivityLevel::Block, SensitivityLevel::OperatorType})
        if (level == name(known))
            options.level = known;
    reader.integer("images", wanted.images, 0, std::numeric_limits<int64_t>::max());
    options.kinds = readNames(reader, "kinds", SensitivityKind::AllButThis);
    options.parts = readNames(reader, "parts", SensitivityPart::Activations);
    options.options.clear();
    const Json *precisions = reader.field("options");
    for (size_t i = 0; precisions && precisions->is_array() && i < precisions->size(); ++i) {
        const Json &pair = (*precisions)[i];
        const auto isWidth = [](const Json &value) { // -1: each tap's own, 0: float
            return value.is_number_integer() && value.get<int64_t>() >= -1 && value.get<int64_t>() <= kMostBits;
        };
        if (!pair.is_array() || pair.size() != 2 || !isWidth(pair[0]) || !isWidth(pair[1])) {
            reader.complain("has a wrong pair of widths in options");
            break;
        }
        options.options.push_back({pair[0].get<int>(), pair[1].get<int>()});
    }
    return wanted;
}

/// Reads a part of the request that is an object of its own.
template <typename Read>
void readPart(JsonObject &head, const char *key, Read read)
{
    const Json *object = head.field(key);
    if (!object)
        return;
    JsonObject part(*object, head.origin(), key);
    read(part);
    if (part.error())
        head.complain("has a wrong part: " + part.error()->what);
}

} // namespace

std::string requestToJson(const RunRequest &r, bool withQuantization)
{
    Json json;
    json["model"] = {{"weights", r.model.weights}, {"model", r.model.model},     {"key", r.model.key},
                     {"heads", r.model.heads},     {"image_size", r.model.imageSize}, {"device", r.model.device},
                     {"threads", r.model.threads}, {"activation_memory", r.model.activationMemory},
                     {"reference_arithmetic", r.model.referenceArithmetic}, {"allow_tf32", r.model.allowTf32}};
    json["data"] = {{"folder", r.data.folder}, {"split", r.data.split}, {"list", r.data.list},
                    {"classes", r.data.classes}, {"limit", r.data.limit}};
    if (r.data.preprocessing)
        json["data"]["preprocessing"] = toJson(*r.data.preprocessing);
    json["calibration"] = {{"folder", r.calibration.folder}, {"list", r.calibration.list}, {"count", r.calibration.count},
                           {"seed", r.calibration.seed},     {"batch", r.calibration.batch}, {"resamples", r.calibration.resamples}};
    json["steps"] = {{"float", r.evaluateFloat}, {"quantize", r.quantize}, {"evaluate", r.evaluate},
                     {"analyze", r.analyze},     {"analysis_images", r.analysisImages}, {"batch", r.batch}};
    if (r.untilDecided)
        json["until_decided"] = {{"alpha", r.untilDecided->alpha}, {"margin", r.untilDecided->margin},
                                 {"seed", r.untilDecided->seed},   {"baseline", r.untilDecided->baseline}};
    if (r.sensitivity) {
        const SensitivityOptions &options = r.sensitivity->options;
        Json wanted = {{"level", name(options.level)}, {"images", r.sensitivity->images}};
        for (const SensitivityKind kind : options.kinds)
            wanted["kinds"].push_back(name(kind));
        for (const SensitivityPart part : options.parts)
            wanted["parts"].push_back(name(part));
        wanted["options"] = Json::array();
        for (const PrecisionOption &option : options.options)
            wanted["options"].push_back({option.weightBits, option.activationBits});
        json["sensitivity"] = std::move(wanted);
    }
    if (!r.attention.empty())
        json["attention"] = r.attention;
    if (withQuantization) {
        const QuantizationRequest &q = r.quantization;
        json["quantization"] = {{"recipe", q.recipe}, {"ptf", q.ptf}, {"lis", q.lis}, {"search", q.search},
                                {"weights", q.bits.weights}, {"activations", q.bits.activations},
                                {"attention", q.bits.attention}, {"plan", q.planJson}, {"search_json", q.searchJson}};
    }
    // Paths of files need not be UTF-8.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<RunRequest> parseRequest(const std::string &text, const std::string &origin)
{
    const auto document = parseJsonObject(text, origin);
    if (!document)
        return fail(document.error());
    RunRequest r;
    JsonObject head(*document, origin, "request");
    readPart(head, "model", [&](JsonObject &part) {
        part.text("weights", r.model.weights);
        part.text("model", r.model.model);
        part.text("key", r.model.key);
        part.integer("heads", r.model.heads, 0, kMost);
        part.integer("image_size", r.model.imageSize, 0, kMost);
        part.text("device", r.model.device);
        part.integer("threads", r.model.threads, 0, 4096);
        part.integer("activation_memory", r.model.activationMemory, 0, kMost);
        part.boolean("reference_arithmetic", r.model.referenceArithmetic);
        part.boolean("allow_tf32", r.model.allowTf32);
    });
    readPart(head, "data", [&](JsonObject &part) {
        part.text("folder", r.data.folder);
        part.text("split", r.data.split);
        part.text("list", r.data.list);
        part.text("classes", r.data.classes);
        part.integer("limit", r.data.limit, 0, std::numeric_limits<int64_t>::max());
        readPart(part, "preprocessing", [&](JsonObject &inner) { r.data.preprocessing = readPreprocessing(inner); });
    });
    readPart(head, "calibration", [&](JsonObject &part) {
        part.text("folder", r.calibration.folder);
        part.text("list", r.calibration.list);
        part.integer("count", r.calibration.count, 1, kMost);
        part.integer("seed", r.calibration.seed, 0, std::numeric_limits<int64_t>::max());
        part.integer("batch", r.calibration.batch, 1, 1024);
        part.integer("resamples", r.calibration.resamples, 0, kMostResamples);
    });
    readPart(head, "steps", [&](JsonObject &part) {
        part.boolean("float", r.evaluateFloat);
        part.boolean("quantize", r.quantize);
        part.boolean("evaluate", r.evaluate);
        part.boolean("analyze", r.analyze);
        part.integer("analysis_images", r.analysisImages, 1, kMost);
        part.integer("batch", r.batch, 1, 1024);
    });
    readPart(head, "until_decided", [&](JsonObject &part) {
        UntilDecided rule;
        part.number("alpha", rule.alpha);
        part.number("margin", rule.margin);
        part.integer("seed", rule.seed, 0, std::numeric_limits<int64_t>::max());
        part.text("baseline", rule.baseline);
        r.untilDecided = rule;
    });
    readPart(head, "sensitivity", [&](JsonObject &part) { r.sensitivity = readSensitivity(part); });
    if (const Json *attention = head.field("attention")) {
        if (attention->is_array() && std::all_of(attention->begin(), attention->end(), [](const Json &v) { return v.is_string(); }))
            r.attention = attention->get<std::vector<std::string>>();
        else
            head.complain("has no list of texts in attention");
    }
    readPart(head, "quantization", [&](JsonObject &part) {
        part.text("recipe", r.quantization.recipe);
        part.boolean("ptf", r.quantization.ptf);
        part.boolean("lis", r.quantization.lis);
        part.boolean("search", r.quantization.search);
        part.integer("weights", r.quantization.bits.weights, kLeastBits, kMostBits);
        part.integer("activations", r.quantization.bits.activations, kLeastBits, kMostBits);
        part.integer("attention", r.quantization.bits.attention, kLeastBits, kMostBits);
        part.text("plan", r.quantization.planJson);
        part.text("search_json", r.quantization.searchJson);
    });
    if (head.error())
        return fail(*head.error());
    return r;
}

RepeatedRequest requestOf(const RunRecord &run)
{
    RepeatedRequest repeated;
    RunRequest &r = repeated.request;
    const auto stored = run.environment.find("request");
    const auto parsed = stored == run.environment.end() ? Result<RunRequest>(fail(Error{}))
                                                        : parseRequest(stored->second, "request");
    if (parsed) {
        r = *parsed;
    } else {
        repeated.exact = false;
        r.model.weights = run.model.file;
        r.data.folder = run.images.root;
        r.data.split = run.split.empty() ? "val" : run.split;
        r.data.limit = static_cast<int64_t>(run.images.items.size());
        r.data.preprocessing = run.model.preprocessing;
        if (run.quantized) {
            r.calibration.folder = run.calibration.images.root == run.images.root ? "" : run.calibration.images.root;
            r.calibration.count = std::max(1, static_cast<int>(run.calibration.images.items.size()));
            r.calibration.seed = run.calibration.seed;
            r.calibration.batch = run.calibration.batch;
        }
        r.quantize = run.quantized;
        r.evaluate = run.result.has_value();
        r.evaluateFloat = run.floatResult.has_value();
        r.analyze = run.analysisImages > 0;
        r.analysisImages = std::max(1, run.analysisImages);
    }
    r.quantization = run.request;
    return repeated;
}

Result<void> checkSameWeights(const std::string &sha256OfRun, const std::string &sha256Now, const std::string &file,
                              const std::string &hint)
{
    if (sha256Now == sha256OfRun)
        return {};
    return fail(ErrorCode::BadInput,
                "the weights are not those of the run: SHA-256 " + sha256Now.substr(0, 12) + " instead of "
                    + sha256OfRun.substr(0, 12),
                file, hint);
}

} // namespace quantoscope
