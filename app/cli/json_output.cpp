// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/json_output.h"

#include "app/cli/calibration_output.h"
#include "core/analysis/worst_parts.h"
#include "core/data/preflight_texts.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <string_view>

namespace quantoscope::cli {

using Json = nlohmann::ordered_json;

namespace {

constexpr int kWorst = 5; ///< images and channels listed for a tap

double rounded(double value)
{
    return std::round(value * 1000) / 1000;
}

/// JSON knows no infinity; null stands for it.
Json number(double value)
{
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

void addResult(Json &json, const EvaluationResult &result, const ImageListRecord &images)
{
    json["count"] = result.count;
    json["top1"] = rounded(result.top1());
    json["top5"] = rounded(result.top5());
    json["top1_low"] = rounded(result.top1Interval().low);
    json["top1_high"] = rounded(result.top1Interval().high);
    json["images_per_second"] = rounded(result.imagesPerSecond);
    json["complete"] = result.complete;
    json["not_finite"] = result.withoutPrediction();
    json["failures"] = Json::array();
    for (const ImageFailure &failure : result.failures)
        json["failures"].push_back({{"image", images.items[static_cast<size_t>(failure.image)].path}, {"reason", failure.reason}});
}

Json errorJson(const ErrorMetrics &error)
{
    return {{"sqnr_db", number(error.sqnrDb)}, {"cosine", error.cosine}, {"mse", error.mse}, {"nmse", error.nmse}};
}

/// Images by their path, channels by their index.
Json worstJson(const RunRecord &run, const std::vector<WorstPart> &parts, const char *what)
{
    const bool images = std::string_view(what) == "image";
    Json list = Json::array();
    for (const WorstPart &part : parts)
        list.push_back({{what, images ? Json(run.images.items[static_cast<size_t>(part.index)].path) : Json(part.index)},
                        {"share_of_error", part.share},
                        {"sqnr_db", number(part.sqnrDb)}});
    return list;
}

Json sqnrs(const std::vector<ErrorMetrics> &errors)
{
    Json list = Json::array();
    for (const ErrorMetrics &error : errors)
        list.push_back(number(error.sqnrDb));
    return list;
}

} // namespace

void printJson(const Json &json)
{
    std::fputs((json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n").c_str(), stdout);
}

Json evaluationJson(const RunRecord &run)
{
    Json json;
    json["model"] = run.model.name;
    if (run.quantized) {
        json["recipe"] = run.request.recipe;
        json["ptf"] = run.request.ptf;
        json["lis"] = run.request.lis;
        json["bits"] = run.request.bits.text();
    } else {
        json["recipe"] = "float";
        json["bits"] = "float";
    }
    const auto &own = run.quantized ? run.result : run.floatResult;
    if (own)
        addResult(json, *own, run.images);
    if (run.quantized && run.floatResult) {
        addResult(json["float"], *run.floatResult, run.images);
        if (run.result) {
            const PairedComparison paired = comparePaired(*run.floatResult, *run.result);
            json["against_float"] = {{"agreement", paired.common ? rounded(100.0 * static_cast<double>(paired.agree)
                                                                          / static_cast<double>(paired.common))
                                                                 : 0},
                                     {"gained", paired.gained},
                                     {"lost", paired.lost},
                                     {"difference_low", nullptr},
                                     {"difference_high", nullptr},
                                     {"mcnemar_p", nullptr}};
            // Valid for a fixed number of images only; "decision" has what holds otherwise.
            if (run.sequential.decision == Decision::None) {
                const Interval interval
                    = pairedDifferenceInterval(paired.bothRight, paired.lost, paired.gained, paired.labelled);
                json["against_float"]["difference_low"] = rounded(interval.low);
                json["against_float"]["difference_high"] = rounded(interval.high);
                json["against_float"]["mcnemar_p"] = paired.mcnemarP;
            }
        }
    }
    if (const SequentialRecord &record = run.sequential; record.decision != Decision::None) {
        json["decision"] = {{"outcome", name(record.decision)},
                            {"against", record.against},
                            {"images", record.images},
                            {"available", record.available},
                            {"stopped_early", record.stoppedEarly},
                            {"lost", record.lost},
                            {"gained", record.gained},
                            {"p_any_time", record.pValue()},
                            {"difference_low", rounded(record.difference.low)},
                            {"difference_high", rounded(record.difference.high)},
                            {"alpha", record.alpha},
                            {"margin", record.margin},
                            {"seed", record.seed}};
    }
    json["complete"] = run.complete;
    return json;
}

Json tapsJson(const RunRecord &run)
{
    Json taps = Json::array();
    for (size_t t = 0; t < run.taps.size(); ++t) {
        const TapRecord &record = run.taps[t];
        Json tap = {{"tap", record.tap.path},
                    {"kind", name(record.tap.kind)},
                    {"role", name(record.tap.role)},
                    {"quantizer", name(record.setting.quantizer)}};
        if (record.setting.isQuantized()) {
            tap["bits"] = record.setting.bits;
            tap["observer"] = name(record.setting.observer);
            tap["scale"] = record.parameters.scale;
            if (record.parameters.zeroPoints.empty())
                tap["zero_point"] = record.parameters.zeroPoint;
            else
                tap["zero_point"] = record.parameters.zeroPoints;
            if (record.parameters.kind == QuantizerKind::TwinUniform) {
                tap["twin"] = name(record.parameters.twin);
                tap["low_scale"] = record.parameters.lowScale;
                tap["split"] = record.parameters.split;
            }
            if (!record.parameters.ptfFactor.empty())
                tap["ptf_factor"] = record.parameters.ptfFactor;
        }
        if (record.statistics.observed) {
            tap["minimum"] = number(static_cast<double>(record.statistics.minimum));
            tap["maximum"] = number(static_cast<double>(record.statistics.maximum));
        }
        addConvergence(tap, run, t);
        if (record.error.quantized) {
            tap["isolated"] = errorJson(record.error.isolated);
            tap["clipped_share"] = record.error.clippedShare;
            tap["clipping_error_share"] = record.error.clippingErrorShare;
            if (record.error.rowSums.rows > 0)
                tap["row_sums"] = {{"mean_absolute_error", record.error.rowSums.meanAbsoluteError},
                                   {"lowest", record.error.rowSums.lowest},
                                   {"highest", record.error.rowSums.highest}};
            tap["codes_used"] = record.error.codesUsed;
            tap["code_entropy_bits"] = record.error.codeEntropyBits;
            tap["channel_isolated_sqnr_db"] = sqnrs(record.error.channelIsolated);
            tap["worst_channels"] = worstJson(run, worstChannels(record, ErrorScope::Isolated, kWorst), "channel");
            if (!record.error.imageIsolated.empty())
                tap["worst_images"] = worstJson(run, worstImages(run, record, ErrorScope::Isolated, kWorst), "image");
            if (!record.error.tokenIsolated.empty())
                tap["token_isolated_sqnr_db"] = sqnrs(record.error.tokenIsolated);
        }
        if (record.error.hasCumulative) {
            tap["network"] = errorJson(record.error.network);
            tap["cumulative"] = errorJson(record.error.cumulative);
            if (!record.error.imageCumulative.empty())
                tap["cumulative_worst_images"]
                    = worstJson(run, worstImages(run, record, ErrorScope::Cumulative, kWorst), "image");
        }
        taps.push_back(std::move(tap));
    }
    return taps;
}

Json preflightJson(const PreflightReport &report)
{
    const EvaluationResult &result = report.floatResult;
    Json json;
    json["model"] = report.model;
    json["severity"] = name(report.worst());
    json["chosen_images"] = report.chosenImages;
    json["images"] = result.count;
    json["top1"] = result.count > 0 ? Json(rounded(result.top1())) : Json(nullptr);
    json["top1_low"] = rounded(result.top1Interval().low);
    json["top1_high"] = rounded(result.top1Interval().high);
    json["published_top1"] = report.publishedTop1 > 0 ? Json(report.publishedTop1) : Json(nullptr);
    json["mean_confidence"] = rounded(report.meanConfidence);
    json["findings"] = Json::array();
    for (const Finding &finding : report.findings) {
        const FindingWords *words = findingWords(finding.id);
        Json values = Json::object();
        for (const FindingValue &value : finding.values) {
            if (value.kind == FindingValue::Kind::Text)
                values[value.name] = value.text;
            else if (value.kind == FindingValue::Kind::Preprocessing)
                values[value.name] = value.preprocessing.text();
            else
                values[value.name] = number(value.number);
        }
        json["findings"].push_back({{"severity", name(finding.severity)},
                                    {"id", finding.id},
                                    {"title", fillInEnglish(words->title, finding)},
                                    {"detail", fillInEnglish(words->detail, finding)},
                                    {"advice", fillInEnglish(words->advice, finding)},
                                    {"values", values}});
    }
    json["operators"] = Json::array();
    for (const OperatorPrecision &entry : report.operators)
        json["operators"].push_back({{"operator", entry.operatorName},
                                     {"nodes", entry.nodes},
                                     {"float_nodes", entry.floatNodes},
                                     {"macs", entry.macs},
                                     {"float_macs", entry.floatMacs}});
    json["seconds"] = rounded(report.seconds);
    return json;
}

Json modelJson(const Model &model)
{
    const ModelInfo &info = model.info;
    Json tensors = Json::array();
    for (const auto &[tensor, entry] : model.tensors->tensors())
        tensors.push_back({{"name", tensor}, {"type", name(entry.type)}, {"shape", entry.shape}});
    Json taps = Json::array();
    for (const Tap &tap : model.graph.taps)
        taps.push_back({{"tap", tap.path}, {"kind", name(tap.kind)}, {"role", name(tap.role)}, {"channels", tap.channels}});
    Json stages = Json::array();
    for (const StageInfo &stage : info.stages)
        stages.push_back({{"depth", stage.depth}, {"width", stage.width}, {"heads", stage.heads}, {"window", stage.window}});
    const Preprocessing &p = info.preprocessing;
    return {{"model", info.name},
            {"title", info.title},
            {"family", info.family},
            {"file", info.file},
            {"sha256", info.sha256},
            {"image_size", info.imageSize},
            {"patch", info.patch},
            {"width", info.width},
            {"depth", info.depth},
            {"heads", info.heads},
            {"stages", stages},
            {"classes", info.classes},
            {"distilled", info.distilled},
            {"parameters", info.parameters},
            {"preprocessing",
             {{"resize", p.resize},
              {"crop", p.crop},
              {"interpolation", name(p.interpolation)},
              {"mode", name(p.mode)},
              {"mean", p.mean},
              {"std", p.deviation}}},
            {"assumptions", info.assumptions},
            {"tensors", tensors},
            {"taps", taps}};
}

} // namespace quantoscope::cli
