// SPDX-License-Identifier: GPL-3.0-or-later
// Where each field of a RunRecord lies in the file, once for both directions: every function takes a WriteGroup and a
// const record, or a ReadGroup and a record to fill. Private to core/io.
#pragma once

#include "core/io/calibration_layout.h"
#include "core/io/calibration_state_layout.h"
#include "core/io/measure_layout.h"
#include "core/io/plan_layout.h"
#include "core/io/run_extras_layout.h"
#include "core/io/tap_layout.h"

namespace quantoscope::hdf5 {

// ---- model and request ----

template <typename Group>
void exchangeStages(Group &group, Value<Group, std::vector<StageInfo>> &stages)
{
    static const std::array columns{column("depth", &StageInfo::depth), column("width", &StageInfo::width),
                                    column("heads", &StageInfo::heads), column("window", &StageInfo::window)};
    group.table("stages", columns, stages,
                {"1, tokens", "stage: blocks, channels, attention heads (0: no attention), side of a window (0: all tokens)"});
}

template <typename Group>
void exchangeModel(Group group, Value<Group, ModelInfo> &model)
{
    group.attribute("name", model.name);
    group.attribute("title", model.title);
    group.attribute("family", model.family);
    group.attribute("file", model.file);
    group.attribute("sha256", model.sha256);
    group.attribute("image_size", model.imageSize);
    group.attribute("patch", model.patch);
    group.attribute("width", model.width);
    group.attribute("depth", model.depth);
    group.attribute("heads", model.heads);
    group.attribute("classes", model.classes);
    group.attribute("distilled", model.distilled);
    group.attribute("parameters", model.parameters);
    group.attribute("input_quantized", model.inputQuantized);
    group.values("assumptions", model.assumptions, {"", "sentence: what was not in the weights file and was assumed"});

    if constexpr (Group::reading) {
        if (group.has("stages")) // models without stages, and older files, have none
            exchangeStages(group, model.stages);
    } else if (!model.stages.empty()) {
        exchangeStages(group, model.stages);
    }

    auto pixels = group.group("preprocessing");
    auto &preprocessing = model.preprocessing;
    pixels.attribute("resize", preprocessing.resize);
    pixels.attribute("crop", preprocessing.crop);
    pixels.attribute("mean", preprocessing.mean);
    pixels.attribute("standard_deviation", preprocessing.deviation);
    std::string interpolation = name(preprocessing.interpolation);
    pixels.attribute("interpolation", interpolation);
    if constexpr (Group::reading)
        parseName(group.status(), "/model/preprocessing@interpolation", interpolation, preprocessing.interpolation);
    std::string mode = name(preprocessing.mode);
    if (group.holds(3))
        pixels.attribute("resize_mode", mode);
    if constexpr (Group::reading)
        parseName(group.status(), "/model/preprocessing@resize_mode", mode, preprocessing.mode);
}

/// A long text: compressed and under a checksum, which an attribute of more than 64 KiB is not.
template <typename Group>
void exchangeText(Group &group, const std::string &name, Value<Group, std::string> &text, Labels labels)
{
    std::vector<std::string> texts{text};
    group.values(name, texts, labels);
    if constexpr (Group::reading) {
        group.require(texts.size() == 1, name + " must hold one text");
        if (group.status().ok())
            text = std::move(texts.front());
    }
}

template <typename Group>
void exchangeQuantization(Group &group, Value<Group, QuantizationRequest> &request)
{
    group.attribute("recipe", request.recipe);
    group.attribute("ptf", request.ptf);
    group.attribute("lis", request.lis);
    group.attribute("bits_weights", request.bits.weights);
    group.attribute("bits_activations", request.bits.activations);
    group.attribute("bits_attention", request.bits.attention);
    if (group.holds(3))
        group.attribute("search", request.search);
    exchangeText(group, "plan_json", request.planJson, {"", "one text: the precision plan's rules; empty: none"});
    bool changed = !request.searchJson.empty(); // few requests change the search, and older files never do
    if constexpr (Group::reading)
        changed = group.has("search_json");
    if (changed)
        exchangeText(group, "search_json", request.searchJson, {"", "one text: changed fields of the recipe's search"});

}

template <typename Group>
void exchangeRequest(Group group, Value<Group, RunRecord> &run)
{
    exchangeQuantization(group, run.request);
    exchangeText(group, "recipe_json", run.recipeJson, {"", "one text: the recipe's rules as resolved"});
}

// ---- images ----

template <typename Group>
void exchangeImages(Group &group, Value<Group, ImageListRecord> &images)
{
    std::vector<std::string> paths;
    std::vector<int> labels;
    for (const ImageItem &item : images.items) {
        paths.push_back(item.path);
        labels.push_back(item.label);
    }
    group.attribute("root", images.root);
    group.values("path", paths, {"", "image: path relative to root, in the order of use"});
    group.values("label", labels, {"1", "image: class index, -1 unknown"});
    group.values("sha256", images.sha256, {"", "image: hash of the file; empty when not computed"});
    if constexpr (Group::reading) {
        group.require(labels.size() == paths.size(), "path and label differ in length");
        images.items.clear();
        for (size_t i = 0; i < std::min(paths.size(), labels.size()); ++i)
            images.items.push_back({std::move(paths[i]), labels[i]});
    }
}

template <typename Group>
void exchangeCalibration(Group group, Value<Group, CalibrationRecord> &calibration)
{
    group.attribute("batch", calibration.batch);
    group.attribute("seed", calibration.seed);
    group.attribute("explicit_list", calibration.explicitList);
    group.attribute("seconds", calibration.seconds);
    group.attribute("complete", calibration.complete);
    exchangeImages(group, calibration.images);
    exchangeFailures(group, calibration.failures);
    exchangeConvergence(group, calibration);
    bool unfinished = calibration.state != nullptr;
    if constexpr (Group::reading)
        unfinished = group.has("state");
    if (!unfinished)
        return;
    if constexpr (Group::reading) {
        auto state = std::make_shared<CalibrationState>();
        exchangeState(group.group("state"), *state);
        calibration.state = std::move(state);
    } else {
        exchangeState(group.group("state"), *calibration.state);
    }
}

// ---- evaluation ----

template <typename Group>
void exchangeEvaluation(Group group, Value<Group, EvaluationResult> &result)
{
    group.attribute("count", result.count);
    group.attribute("top1_correct", result.top1Correct);
    group.attribute("top5_correct", result.top5Correct);
    group.attribute("images_per_second", result.imagesPerSecond);
    group.attribute("seconds", result.seconds);
    group.attribute("complete", result.complete);
    group.attribute("classes", result.classes);
    if constexpr (!Group::reading) { // for people; the counts are what is read back
        group.attribute("top1", result.top1());
        group.attribute("top5", result.top5());
        group.attribute("top1_low", result.top1Interval().low);
        group.attribute("top1_high", result.top1Interval().high);
        group.attribute("top5_low", result.top5Interval().low);
        group.attribute("top5_high", result.top5Interval().high);
        group.attribute("units", std::string("top1*, top5*: percent, low and high: Wilson 95 % interval; seconds: s"));
    }
    constexpr size_t best = 5;
    std::vector<int> images;
    std::vector<int> labels;
    std::vector<int> top5;
    for (const ImageOutcome &outcome : result.images) {
        images.push_back(outcome.image);
        labels.push_back(outcome.label);
        top5.insert(top5.end(), outcome.top5.begin(), outcome.top5.end());
    }
    group.values("image", images, {"1", "evaluated image: index into /images"});
    group.values("label", labels, {"1", "evaluated image: class index, -1 unknown"});
    group.matrix("top5", top5, best, {"1", "evaluated image x rank: class index, best first, -1 none"});
    group.require(result.classes >= 0, "the number of classes is negative");
    group.matrix("logits", result.logits, static_cast<size_t>(std::max(0, result.classes)),
                 {"1", "evaluated image x class: logit"});
    exchangeFailures(group, result.failures);
    if constexpr (Group::reading) {
        group.require(labels.size() == images.size() && top5.size() == best * images.size(),
                      "image, label and top5 differ in length");
        result.images.clear();
        for (size_t i = 0; group.status().ok() && i < images.size(); ++i) {
            ImageOutcome outcome{images[i], labels[i], {}};
            std::copy_n(top5.begin() + static_cast<ptrdiff_t>(best * i), best, outcome.top5.begin());
            result.images.push_back(outcome);
        }
    }
}

template <typename Group>
void exchangeSequential(Group group, Value<Group, SequentialRecord> &record)
{
    std::string decision = name(record.decision);
    group.attribute("decision", decision);
    if constexpr (Group::reading)
        parseName(group.status(), "/decision@decision", decision, record.decision);
    group.attribute("against", record.against);
    group.attribute("alpha", record.alpha);
    group.attribute("margin", record.margin);
    group.attribute("seed", record.seed);
    group.attribute("images", record.images);
    group.attribute("available", record.available);
    group.attribute("stopped_early", record.stoppedEarly);
    group.attribute("gained", record.gained);
    group.attribute("lost", record.lost);
    group.attribute("log_evidence", record.logEvidence);
    group.attribute("difference_low", record.difference.low);
    group.attribute("difference_high", record.difference.high);
    if constexpr (!Group::reading)
        group.attribute("units", std::string("margin, difference_*: points of top-1; log_evidence: nats"));
}

// ---- the whole ----

template <typename Group>
void exchangeRun(Group &root, Value<Group, RunRecord> &run)
{
    root.attribute("id", run.id);
    root.attribute("created", run.created);
    root.attribute("quantized", run.quantized);
    root.attribute("complete", run.complete);
    exchangeModel(root.group("model"), run.model);
    exchangeRequest(root.group("request"), run);
    exchangeCalibration(root.group("calibration"), run.calibration);
    auto images = root.group("images");
    images.attribute("split", run.split);
    exchangeImages(images, run.images);
    root.group("classes").values("name", run.classNames, {"", "class index: name"});
    auto taps = root.group("taps");
    exchangeTaps(taps, run);
    exchangeImageErrors(taps, run);
    exchangeCosts(root, "costs", run.costs);
    exchangeCosts(root, "float_costs", run.floatCosts);
    const auto exchangeOptional = [&](const char *name, auto &result) {
        if constexpr (Group::reading) {
            if (root.has(name))
                result.emplace();
        }
        if (result)
            exchangeEvaluation(root.group(name), *result);
    };
    exchangeOptional("float", run.floatResult);
    exchangeOptional("result", run.result);
    // Only a run that could stop early has a decision; files of earlier versions have none.
    bool decided = run.sequential.decision != Decision::None;
    if constexpr (Group::reading)
        decided = root.has("decision");
    if (decided)
        exchangeSequential(root.group("decision"), run.sequential);
    bool sensitive = !run.sensitivity.empty();
    bool attentive = !run.attention.empty();
    if constexpr (Group::reading) {
        sensitive = root.has("sensitivity");
        attentive = root.has("attention");
    }
    if (sensitive)
        exchangeSensitivity(root.group("sensitivity"), run.sensitivity);
    if (attentive)
        exchangeAttention(root.group("attention"), run.attention);
    exchangeMeasuredPlans(root, run.measuredPlans);
    root.group("environment").attributes(run.environment);
    auto timings = root.group("timings");
    if constexpr (!Group::reading)
        timings.attribute("units", std::string("s"));
    timings.attributes(run.timings);
}

} // namespace quantoscope::hdf5
