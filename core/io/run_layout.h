// SPDX-License-Identifier: GPL-3.0-or-later
// Where each field of a RunRecord lies in the file, once for both directions: every function takes a WriteGroup and a
// const record, or a ReadGroup and a record to fill. Private to core/io.
#pragma once

#include "core/data/run_record.h"
#include "core/io/hdf5_archive.h"

#include <algorithm>
#include <limits>
#include <type_traits>

namespace quantoscope::hdf5 {

/// The record as this direction sees it.
template <typename Group, typename T>
using Value = std::conditional_t<Group::reading, T, const T>;

// ---- enumerations are stored by name ----

template <typename E>
inline constexpr std::array<E, 0> enumerators{};
template <>
inline constexpr std::array enumerators<TapKind>{TapKind::Activation, TapKind::Parameter, TapKind::Weight};
template <>
inline constexpr std::array enumerators<Role>{
    Role::Image,  Role::Embedding,        Role::PositionEmbedding, Role::Residual,   Role::Normalized, Role::Qkv,
    Role::AttentionOperand, Role::Scores, Role::AttentionWeights,  Role::Context,    Role::Projection, Role::Hidden,
    Role::Activation,       Role::ClassToken, Role::Logits,        Role::Weight,     Role::PositionBias, Role::Pooled};
template <>
inline constexpr std::array enumerators<QuantizerKind>{QuantizerKind::None, QuantizerKind::Uniform, QuantizerKind::Log2,
                                                       QuantizerKind::LogIntSoftmax};
template <>
inline constexpr std::array enumerators<ObserverKind>{ObserverKind::MinMax, ObserverKind::Ema, ObserverKind::Percentile,
                                                      ObserverKind::Omse, ObserverKind::Ptf};
template <>
inline constexpr std::array enumerators<Granularity>{Granularity::Tensor, Granularity::Channel};
template <>
inline constexpr std::array enumerators<Decision>{Decision::None, Decision::Better, Decision::Worse,
                                                  Decision::Equivalent, Decision::Undecided};
template <>
inline constexpr std::array enumerators<Interpolation>{Interpolation::Bicubic, Interpolation::Bilinear};

/// Into `value`; a name that is none fails at `item`.
template <typename E>
void parseName(Status &status, const std::string &item, const std::string &text, E &value)
{
    const auto &all = enumerators<E>;
    const auto found = std::find_if(all.begin(), all.end(), [&](E candidate) { return text == name(candidate); });
    if (found != all.end())
        value = *found;
    else
        status.fail(ErrorCode::CorruptFile, item, "unknown name \"" + text.substr(0, 80) + "\"");
}

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
void exchangeRequest(Group group, Value<Group, RunRecord> &run)
{
    auto &request = run.request;
    group.attribute("recipe", request.recipe);
    group.attribute("ptf", request.ptf);
    group.attribute("lis", request.lis);
    group.attribute("bits_weights", request.bits.weights);
    group.attribute("bits_activations", request.bits.activations);
    group.attribute("bits_attention", request.bits.attention);
    exchangeText(group, "plan_json", request.planJson, {"", "one text: the precision plan's rules; empty: none"});
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
void exchangeFailures(Group &group, Value<Group, std::vector<ImageFailure>> &failures)
{
    struct Row {
        int image = 0;
        const char *reason = nullptr;
    };
    const std::array columns{column("image", &Row::image), column("reason", &Row::reason)};
    std::vector<Row> rows;
    for (const ImageFailure &failure : failures)
        rows.push_back({failure.image, failure.reason.c_str()});
    group.table("failures", columns, rows, {"", "image left out: image (index into the list), reason"});
    if constexpr (Group::reading) {
        failures.clear();
        for (const Row &row : rows)
            failures.push_back({row.image, row.reason});
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

// ---- taps ----

struct TapRow {
    const char *path = nullptr;
    const char *kind = nullptr;
    const char *role = nullptr;
    const char *operatorName = nullptr;
    const char *parameter = nullptr;
    int node = -1;
    int block = -1;
    int64_t channels = 0;
    int64_t elements = 0;
    int8_t feedsLayerNorm = 0;
    const char *quantizer = nullptr;
    const char *observer = nullptr;
    const char *granularity = nullptr;
    int8_t symmetric = 0;
    int bits = 0;
    int8_t integerLayerNorm = 0;
    const char *codes = nullptr;
    int codeBits = 0;
    int8_t codesSigned = 0;
    float zeroPoint = 0;
    float scaleMinimum = 0;
    float scaleMaximum = 0;
    int8_t observed = 0;
    uint64_t count = 0;
    float minimum = 0;
    float maximum = 0;
    int8_t measured = 0;
    int8_t quantized = 0;
    int8_t hasCumulative = 0;
    double isolatedMse = 0;
    double isolatedNmse = 0;
    double isolatedSqnr = 0;
    double isolatedCosine = 0;
    double cumulativeMse = 0;
    double cumulativeNmse = 0;
    double cumulativeSqnr = 0;
    double cumulativeCosine = 0;
    double clippedShare = 0;
    double clippingErrorShare = 0;
    double networkMse = 0;
    double networkNmse = 0;
    double networkSqnr = 0;
    double networkCosine = 0;
    int codesUsed = 0;
    double codeEntropy = 0;
    int64_t rowSums = 0;
    double rowSumError = 0;
    double rowSumLowest = 0;
    double rowSumHighest = 0;
};

inline const std::vector<Column> &tapColumns()
{
    using R = TapRow;
    static const std::vector<Column> columns{column("path", &R::path),
                                             column("kind", &R::kind),
                                             column("role", &R::role),
                                             column("operator", &R::operatorName),
                                             column("parameter", &R::parameter),
                                             column("node", &R::node),
                                             column("block", &R::block),
                                             column("channels", &R::channels),
                                             column("elements", &R::elements),
                                             column("feeds_layer_norm", &R::feedsLayerNorm),
                                             column("quantizer", &R::quantizer),
                                             column("observer", &R::observer),
                                             column("granularity", &R::granularity),
                                             column("symmetric", &R::symmetric),
                                             column("bits", &R::bits),
                                             column("integer_layer_norm", &R::integerLayerNorm),
                                             column("codes", &R::codes),
                                             column("code_bits", &R::codeBits),
                                             column("codes_signed", &R::codesSigned),
                                             column("zero_point", &R::zeroPoint),
                                             column("scale_min", &R::scaleMinimum),
                                             column("scale_max", &R::scaleMaximum),
                                             column("observed", &R::observed),
                                             column("count", &R::count),
                                             column("minimum", &R::minimum),
                                             column("maximum", &R::maximum),
                                             column("measured", &R::measured),
                                             column("quantized", &R::quantized),
                                             column("has_cumulative", &R::hasCumulative),
                                             column("isolated_mse", &R::isolatedMse),
                                             column("isolated_nmse", &R::isolatedNmse),
                                             column("isolated_sqnr", &R::isolatedSqnr),
                                             column("isolated_cosine", &R::isolatedCosine),
                                             column("cumulative_mse", &R::cumulativeMse),
                                             column("cumulative_nmse", &R::cumulativeNmse),
                                             column("cumulative_sqnr", &R::cumulativeSqnr),
                                             column("cumulative_cosine", &R::cumulativeCosine),
                                             column("clipped_share", &R::clippedShare),
                                             column("clipping_error_share", &R::clippingErrorShare),
                                             column("network_mse", &R::networkMse, 2),
                                             column("network_nmse", &R::networkNmse, 2),
                                             column("network_sqnr", &R::networkSqnr, 2),
                                             column("network_cosine", &R::networkCosine, 2),
                                             column("codes_used", &R::codesUsed, 2),
                                             column("code_entropy", &R::codeEntropy, 2),
                                             column("row_sums", &R::rowSums, 2),
                                             column("row_sum_error", &R::rowSumError, 2),
                                             column("row_sum_lowest", &R::rowSumLowest, 2),
                                             column("row_sum_highest", &R::rowSumHighest, 2)};
    return columns;
}

/// What was not measured is NaN in the table, so that no script takes a default for a finding.
inline TapRow toRow(const TapRecord &record)
{
    constexpr float none = std::numeric_limits<float>::quiet_NaN();
    const auto &[tap, operatorName, setting, parameters, statistics, error] = record;
    const auto &scale = parameters.scale;
    const bool cumulative = error.measured && error.hasCumulative;
    const auto isolatedOr = [&](double value) { return error.measured ? value : static_cast<double>(none); };
    const auto cumulativeOr = [&](double value) { return cumulative ? value : static_cast<double>(none); };
    TapRow row;
    row.path = tap.path.c_str();
    row.kind = name(tap.kind);
    row.role = name(tap.role);
    row.operatorName = operatorName.c_str();
    row.parameter = tap.parameter.c_str();
    row.node = tap.node;
    row.block = tap.block;
    row.channels = tap.channels;
    row.elements = tap.elements;
    row.feedsLayerNorm = tap.feedsLayerNorm;
    row.quantizer = name(setting.quantizer);
    row.observer = name(setting.observer);
    row.granularity = name(setting.granularity);
    row.symmetric = setting.symmetric;
    row.bits = setting.bits;
    row.integerLayerNorm = setting.integerLayerNorm;
    row.codes = name(parameters.kind);
    row.codeBits = parameters.bits;
    row.codesSigned = parameters.isSigned;
    row.zeroPoint = parameters.zeroPoint;
    row.scaleMinimum = scale.empty() ? none : *std::min_element(scale.begin(), scale.end());
    row.scaleMaximum = scale.empty() ? none : *std::max_element(scale.begin(), scale.end());
    row.observed = statistics.observed;
    row.count = statistics.count;
    row.minimum = statistics.minimum;
    row.maximum = statistics.maximum;
    row.measured = error.measured;
    row.quantized = error.quantized;
    row.hasCumulative = error.hasCumulative;
    row.isolatedMse = isolatedOr(error.isolated.mse);
    row.isolatedNmse = isolatedOr(error.isolated.nmse);
    row.isolatedSqnr = isolatedOr(error.isolated.sqnrDb);
    row.isolatedCosine = isolatedOr(error.isolated.cosine);
    row.cumulativeMse = cumulativeOr(error.cumulative.mse);
    row.cumulativeNmse = cumulativeOr(error.cumulative.nmse);
    row.cumulativeSqnr = cumulativeOr(error.cumulative.sqnrDb);
    row.cumulativeCosine = cumulativeOr(error.cumulative.cosine);
    row.clippedShare = isolatedOr(error.clippedShare);
    row.clippingErrorShare = isolatedOr(error.clippingErrorShare);
    row.networkMse = cumulativeOr(error.network.mse);
    row.networkNmse = cumulativeOr(error.network.nmse);
    row.networkSqnr = cumulativeOr(error.network.sqnrDb);
    row.networkCosine = cumulativeOr(error.network.cosine);
    row.codesUsed = error.codesUsed;
    row.codeEntropy = error.codeEntropyBits;
    row.rowSums = error.rowSums.rows;
    row.rowSumError = error.rowSums.meanAbsoluteError;
    row.rowSumLowest = error.rowSums.lowest;
    row.rowSumHighest = error.rowSums.highest;
    return row;
}

inline TapRecord fromRow(Status &status, const TapRow &row)
{
    const std::string item = std::string("/taps/table (") + row.path + ")";
    TapRecord record;
    auto &[tap, operatorName, setting, parameters, statistics, error] = record;
    tap.path = row.path;
    parseName(status, item, row.kind, tap.kind);
    parseName(status, item, row.role, tap.role);
    tap.node = row.node;
    tap.parameter = row.parameter;
    tap.block = row.block;
    tap.channels = row.channels;
    tap.elements = row.elements;
    tap.feedsLayerNorm = row.feedsLayerNorm;
    operatorName = row.operatorName;
    parseName(status, item, row.quantizer, setting.quantizer);
    parseName(status, item, row.observer, setting.observer);
    parseName(status, item, row.granularity, setting.granularity);
    setting.symmetric = row.symmetric;
    setting.bits = row.bits;
    setting.integerLayerNorm = row.integerLayerNorm;
    parseName(status, item, row.codes, parameters.kind);
    parameters.bits = row.codeBits;
    parameters.isSigned = row.codesSigned;
    parameters.zeroPoint = row.zeroPoint;
    statistics.observed = row.observed;
    statistics.count = row.count;
    statistics.minimum = row.minimum;
    statistics.maximum = row.maximum;
    error.measured = row.measured;
    error.quantized = row.quantized;
    error.hasCumulative = row.hasCumulative;
    if (error.measured) {
        error.isolated = {row.isolatedMse, row.isolatedNmse, row.isolatedSqnr, row.isolatedCosine};
        error.clippedShare = row.clippedShare;
        error.clippingErrorShare = row.clippingErrorShare;
        error.codesUsed = row.codesUsed;
        error.codeEntropyBits = row.codeEntropy;
        error.rowSums = {row.rowSums, row.rowSumError, row.rowSumLowest, row.rowSumHighest, {}};
    }
    if (error.measured && error.hasCumulative) {
        error.cumulative = {row.cumulativeMse, row.cumulativeNmse, row.cumulativeSqnr, row.cumulativeCosine};
        error.network = {row.networkMse, row.networkNmse, row.networkSqnr, row.networkCosine};
    }
    return record;
}

template <typename Group>
void exchangeHistogram(Group &group, Value<Group, ValueHistogram> &histogram)
{
    struct Row {
        float low = 0;
        float high = 0;
        uint64_t count = 0;
        uint16_t code = 0;
    };
    const std::array columns{column("value_low", &Row::low), column("value_high", &Row::high),
                             column("count", &Row::count), column("code", &Row::code)};
    std::vector<Row> rows;
    if constexpr (!Group::reading)
        for (size_t i = 0; i < histogram.codes.size(); ++i)
            rows.push_back({ValueHistogram::lowEdge(histogram.codes[i]), ValueHistogram::highEdge(histogram.codes[i]),
                            histogram.counts[i], histogram.codes[i]});
    group.table("histogram", columns, rows,
                {"value_low, value_high: value of the tap; count: values",
                 "non-empty bin: ends, count, code (upper 16 bits of the float32 values in it)"});
    if constexpr (Group::reading) {
        for (const Row &row : rows) {
            histogram.codes.push_back(row.code);
            histogram.counts.push_back(row.count);
        }
    }
}

/// Rows of four figures: one per channel or token.
template <typename Group>
void exchangeErrors(Group &group, const std::string &name, Value<Group, std::vector<ErrorMetrics>> &errors,
                    const char *axis)
{
    std::vector<double> figures;
    for (const ErrorMetrics &error : errors)
        figures.insert(figures.end(), {error.mse, error.nmse, error.sqnrDb, error.cosine});
    group.matrix(name, figures, 4, {"value^2, 1, dB, 1", axis});
    if constexpr (Group::reading) {
        errors.clear();
        for (size_t i = 0; i + 3 < figures.size(); i += 4)
            errors.push_back({figures[i], figures[i + 1], figures[i + 2], figures[i + 3]});
    }
}

/// Name of a tap's group: its path, where HDF5 would take a slash for a level.
inline std::string groupName(std::string tapPath)
{
    std::replace(tapPath.begin(), tapPath.end(), '/', '|');
    return tapPath;
}

template <typename Group>
void exchangeTaps(Group group, Value<Group, RunRecord> &run)
{
    group.attribute("analysis_images", run.analysisImages);
    std::vector<TapRow> rows;
    if constexpr (!Group::reading)
        std::transform(run.taps.begin(), run.taps.end(), std::back_inserter(rows), toRow);
    group.table("table", tapColumns(), rows,
                {"minimum, maximum, scale_*: value of the tap (scale: per code); *_mse: its square; *_sqnr: dB; "
                 "*_nmse, *_cosine, *_share: 1",
                 "tap, in order of execution; node, block: -1 none; NaN: not measured or no scale; "
                 "minimum inf, maximum -inf: not observed"});
    if constexpr (Group::reading) {
        run.taps.clear();
        for (const TapRow &row : rows)
            if (group.status().ok())
                run.taps.push_back(fromRow(group.status(), row));
    }
    for (auto &record : run.taps) {
        if (!group.status().ok())
            return;
        auto tap = group.group(groupName(record.tap.path));
        auto &[ignoredTap, ignoredOperator, ignoredSetting, parameters, statistics, error] = record;
        tap.values("scale", parameters.scale, {"value per code", "one, or one per channel"});
        tap.values("ptf_factor", parameters.ptfFactor, {"1", "channel: exponent of two on the smallest scale; or empty"});
        tap.values("channel_minimum", statistics.channelMinimum, {"value of the tap", "channel"});
        tap.values("channel_maximum", statistics.channelMaximum, {"value of the tap", "channel"});
        exchangeHistogram(tap, statistics.histogram);
        if (!group.holds(2))
            continue;
        tap.values("row_sum_count", error.rowSums.counts,
                   {"rows", "equal bins over [0, 2] of the sums of quantized attention rows; or empty"});
        exchangeErrors(tap, "channel_isolated_error", error.channelIsolated, "channel x (MSE, NMSE, SQNR, cosine)");
        exchangeErrors(tap, "channel_cumulative_error", error.channelCumulative, "channel x (MSE, NMSE, SQNR, cosine)");
        exchangeErrors(tap, "token_isolated_error", error.tokenIsolated, "token x (MSE, NMSE, SQNR, cosine)");
        exchangeErrors(tap, "token_cumulative_error", error.tokenCumulative, "token x (MSE, NMSE, SQNR, cosine)");
    }
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
    exchangeTaps(root.group("taps"), run);
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
    root.group("environment").attributes(run.environment);
    auto timings = root.group("timings");
    if constexpr (!Group::reading)
        timings.attribute("units", std::string("s"));
    timings.attributes(run.timings);
}

} // namespace quantoscope::hdf5
