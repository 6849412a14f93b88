// SPDX-License-Identifier: GPL-3.0-or-later
// Where the taps of a RunRecord lie in the file, once for both directions as in run_layout.h. Private to core/io.
#pragma once

#include "core/io/layout_names.h"

#include <limits>

namespace quantoscope::hdf5 {

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
    int groups = 1;
    const char *arithmetic = name(Arithmetic::FqViT);
    int8_t narrowRange = 0;
    int8_t includeZero = 0;
    const char *twin = name(TwinForm::None);
    float fixedScale = 1;
    float fixedZeroPoint = 0;
    const char *codesArithmetic = name(Arithmetic::FqViT);
    int8_t codesNarrow = 0;
    const char *codesTwin = name(TwinForm::None);
    float lowScale = 0;
    float split = 0;
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
                                             column("row_sum_highest", &R::rowSumHighest, 2),
                                             column("groups", &R::groups, 3),
                                             column("arithmetic", &R::arithmetic, 3),
                                             column("narrow_range", &R::narrowRange, 3),
                                             column("include_zero", &R::includeZero, 3),
                                             column("twin", &R::twin, 3),
                                             column("fixed_scale", &R::fixedScale, 3),
                                             column("fixed_zero_point", &R::fixedZeroPoint, 3),
                                             column("codes_arithmetic", &R::codesArithmetic, 3),
                                             column("codes_narrow", &R::codesNarrow, 3),
                                             column("codes_twin", &R::codesTwin, 3),
                                             column("low_scale", &R::lowScale, 3),
                                             column("split", &R::split, 3)};
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
    row.groups = setting.groups;
    row.arithmetic = name(setting.arithmetic);
    row.narrowRange = setting.narrowRange;
    row.includeZero = setting.includeZero;
    row.twin = name(setting.twin);
    row.fixedScale = setting.fixedScale;
    row.fixedZeroPoint = setting.fixedZeroPoint;
    row.codesArithmetic = name(parameters.arithmetic);
    row.codesNarrow = parameters.narrowRange;
    row.codesTwin = name(parameters.twin);
    row.lowScale = parameters.lowScale;
    row.split = parameters.split;
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
    for (const int bits : {row.bits, row.codeBits})
        if ((bits < kLeastBits || bits > kMostBits) && bits != kUnlimitedBits)
            status.fail(ErrorCode::CorruptFile, item, "a width of " + std::to_string(bits) + " bits");
    parameters.zeroPoint = row.zeroPoint;
    setting.groups = row.groups;
    parseName(status, item, row.arithmetic, setting.arithmetic);
    setting.narrowRange = row.narrowRange;
    setting.includeZero = row.includeZero;
    parseName(status, item, row.twin, setting.twin);
    setting.fixedScale = row.fixedScale;
    setting.fixedZeroPoint = row.fixedZeroPoint;
    parseName(status, item, row.codesArithmetic, parameters.arithmetic);
    parameters.narrowRange = row.codesNarrow;
    parseName(status, item, row.codesTwin, parameters.twin);
    parameters.lowScale = row.lowScale;
    parameters.split = row.split;
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

/// Of taps that have tokens; files of earlier versions have none.
template <typename Group>
void exchangeTokens(Group &group, Value<Group, TapStatistics> &statistics)
{
    bool any = !statistics.tokenMinimum.empty();
    if constexpr (Group::reading)
        any = group.has("token_minimum");
    if (!any)
        return;
    group.attribute("token_windows", statistics.tokenWindows);
    group.values("token_minimum", statistics.tokenMinimum, {"value of the tap", "token, window after window"});
    group.values("token_maximum", statistics.tokenMaximum, {"value of the tap", "token, window after window"});
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
void exchangeTaps(Group &group, Value<Group, RunRecord> &run)
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
        tap.values("scale", parameters.scale, {"value per code", "one, or one per channel, head or group"});
        if (group.holds(3))
            tap.values("zero_point", parameters.zeroPoints, {"codes", "one per scale; empty: that of the table for all"});
        tap.values("ptf_factor", parameters.ptfFactor, {"1", "channel: exponent of two on the smallest scale; or empty"});
        tap.values("channel_minimum", statistics.channelMinimum, {"value of the tap", "channel"});
        tap.values("channel_maximum", statistics.channelMaximum, {"value of the tap", "channel"});
        exchangeTokens(tap, statistics);
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

} // namespace quantoscope::hdf5
