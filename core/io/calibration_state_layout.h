// SPDX-License-Identifier: GPL-3.0-or-later
// Where the state of a stopped calibration lies in the file, once for both directions as in run_layout.h: the taps' lists
// one behind the other, because a group per tap would take seconds to write. Private to core/io.
#pragma once

#include "core/io/calibration_layout.h"

#include <numeric>

namespace quantoscope::hdf5 {

/// One tap; the last five are lengths of its lists.
struct ObserverRow {
    int batches = 0;
    uint64_t count = 0;
    float minimum = 0;
    float maximum = 0;
    float averageLow = 0;
    float averageHigh = 0;
    int8_t hasPercentile = 0;
    float percentileLow = 0;
    float percentileHigh = 0;
    int8_t keepsImages = 0;
    int tokenWindows = 1;
    int64_t channels = 0;
    int64_t tokens = 0;
    int64_t bins = 0;
    int64_t ranges = 0;
    int64_t images = 0;
};

struct TorchHistogramRow {
    int tap = 0;
    const char *form = nullptr;
    float unit = 1;
    float low = 0;
    float high = 0;
    int64_t bins = 0;
};

inline ObserverRow observerRow(const ObserverState &state)
{
    const TapStatistics &seen = state.statistics;
    return {state.batches,
            seen.count,
            seen.minimum,
            seen.maximum,
            state.averageLow,
            state.averageHigh,
            state.hasPercentile,
            state.percentileLow,
            state.percentileHigh,
            state.keepsImages,
            seen.tokenWindows,
            static_cast<int64_t>(seen.channelMinimum.size()),
            static_cast<int64_t>(seen.tokenMinimum.size()),
            static_cast<int64_t>(seen.histogram.codes.size()),
            static_cast<int64_t>(state.batchLow.size()),
            static_cast<int64_t>(state.imageLow.size())};
}

inline ObserverState observerState(const ObserverRow &row)
{
    ObserverState state;
    state.batches = row.batches;
    state.statistics.observed = row.batches > 0;
    state.statistics.count = row.count;
    state.statistics.minimum = row.minimum;
    state.statistics.maximum = row.maximum;
    state.statistics.tokenWindows = row.tokenWindows;
    state.averageLow = row.averageLow;
    state.averageHigh = row.averageHigh;
    state.hasPercentile = row.hasPercentile != 0;
    state.percentileLow = row.percentileLow;
    state.percentileHigh = row.percentileHigh;
    state.keepsImages = row.keepsImages != 0;
    return state;
}

/// Lists of all `owners` one behind the other; `listOf(owner)` is one's, and it has `lengths` of its row values.
template <typename Group, typename Owners, typename Rows, typename ListOf>
void exchangeLists(Group &group, const char *name, Owners &owners, const Rows &rows, int64_t Rows::value_type::*length,
                   const ListOf &listOf, Labels labels)
{
    std::remove_cvref_t<decltype(listOf(owners.front()))> all;
    if constexpr (!Group::reading)
        for (const auto &owner : owners)
            all.insert(all.end(), listOf(owner).begin(), listOf(owner).end());
    group.values(name, all, labels);
    if constexpr (Group::reading) {
        auto left = static_cast<int64_t>(all.size());
        bool fits = rows.size() == owners.size();
        for (const auto &row : rows) {
            fits = fits && row.*length >= 0 && row.*length <= left;
            left -= fits ? row.*length : 0;
        }
        group.require(fits && left == 0, std::string(name) + " has another length than its taps say");
        auto next = all.begin();
        for (size_t i = 0; group.status().ok() && i < owners.size(); ++i) {
            const auto end = next + static_cast<ptrdiff_t>(rows[i].*length);
            listOf(owners[i]).assign(next, end);
            next = end;
        }
    }
}

template <typename Group>
void exchangeObservers(Group &group, Value<Group, std::vector<ObserverState>> &taps)
{
    using R = ObserverRow;
    static const std::array columns{
        column("batches", &R::batches),          column("count", &R::count),
        column("minimum", &R::minimum),          column("maximum", &R::maximum),
        column("average_low", &R::averageLow),   column("average_high", &R::averageHigh),
        column("has_percentile", &R::hasPercentile), column("percentile_low", &R::percentileLow),
        column("percentile_high", &R::percentileHigh), column("keeps_images", &R::keepsImages),
        column("token_windows", &R::tokenWindows), column("channels", &R::channels),
        column("tokens", &R::tokens),            column("bins", &R::bins),
        column("ranges", &R::ranges),            column("images", &R::images)};
    std::vector<R> rows;
    if constexpr (!Group::reading)
        for (const ObserverState &tap : taps)
            rows.push_back(observerRow(tap));
    group.table("taps", columns, rows,
                {"value of the tap; channels to images: length of the tap's part of each list",
                 "tap; 0 batches: not observed"});
    if constexpr (Group::reading) {
        taps.clear();
        for (const R &row : rows)
            taps.push_back(observerState(row));
    }
    const auto exchange = [&](const char *name, int64_t R::*length, const auto &listOf, const char *units) {
        exchangeLists(group, name, taps, rows, length, listOf, {units, "taps one behind the other"});
    };
    const char *value = "value of the tap";
    exchange("channel_minimum", &R::channels, [](auto &t) -> auto & { return t.statistics.channelMinimum; }, value);
    exchange("channel_maximum", &R::channels, [](auto &t) -> auto & { return t.statistics.channelMaximum; }, value);
    exchange("token_minimum", &R::tokens, [](auto &t) -> auto & { return t.statistics.tokenMinimum; }, value);
    exchange("token_maximum", &R::tokens, [](auto &t) -> auto & { return t.statistics.tokenMaximum; }, value);
    exchange("bin_code", &R::bins, [](auto &t) -> auto & { return t.statistics.histogram.codes; }, "upper 16 bits of a float32");
    exchange("bin_count", &R::bins, [](auto &t) -> auto & { return t.statistics.histogram.counts; }, "values");
    exchange("batch_minimum", &R::ranges, [](auto &t) -> auto & { return t.batchLow; }, value);
    exchange("batch_maximum", &R::ranges, [](auto &t) -> auto & { return t.batchHigh; }, value);
    exchange("quantile_low", &R::ranges, [](auto &t) -> auto & { return t.tailLow; }, value);
    exchange("quantile_high", &R::ranges, [](auto &t) -> auto & { return t.tailHigh; }, value);
    exchange("image_minimum", &R::images, [](auto &t) -> auto & { return t.imageLow; }, value);
    exchange("image_maximum", &R::images, [](auto &t) -> auto & { return t.imageHigh; }, value);
}

template <typename Group>
void exchangeTorchHistograms(Group &group, Value<Group, std::vector<ObserverState>> &taps)
{
    using R = TorchHistogramRow;
    static const std::array columns{column("tap", &R::tap), column("form", &R::form), column("unit", &R::unit),
                                    column("low", &R::low), column("high", &R::high), column("bins", &R::bins)};
    std::vector<R> rows;
    std::vector<TorchHistogramState> all;
    if constexpr (!Group::reading)
        for (size_t t = 0; t < taps.size(); ++t)
            for (const TorchHistogramState &one : taps[t].torchHistograms) {
                rows.push_back({static_cast<int>(t), name(one.form), one.unit, one.low, one.high,
                                static_cast<int64_t>(one.counts.size())});
                all.push_back(one);
            }
    group.table("torch_histograms", columns, rows, {"low, high, unit: value of the tap; bins: 1", "histogram of torch's observer"});
    if constexpr (Group::reading) {
        all.resize(rows.size());
        for (size_t i = 0; group.status().ok() && i < rows.size(); ++i) {
            group.require(rows[i].tap >= 0 && static_cast<size_t>(rows[i].tap) < taps.size(), "a histogram of no tap");
            all[i].unit = rows[i].unit;
            all[i].low = rows[i].low;
            all[i].high = rows[i].high;
            parseName(group.status(), "torch_histograms", rows[i].form, all[i].form);
        }
    }
    exchangeLists(group, "torch_counts", all, rows, &R::bins, [](auto &one) -> auto & { return one.counts; },
                  {"values", "histograms one behind the other"});
    if constexpr (Group::reading)
        for (size_t i = 0; group.status().ok() && i < rows.size(); ++i)
            taps[static_cast<size_t>(rows[i].tap)].torchHistograms.push_back(std::move(all[i]));
}

template <typename Group>
void exchangeState(Group group, Value<Group, CalibrationState> &state)
{
    group.attribute("seen", state.seen);
    group.attribute("seconds", state.seconds);
    group.values("batch_images", state.batchImages, {"images", "observed batch, in order"});
    exchangeFailures(group, state.failures);
    exchangeObservers(group, state.taps);
    exchangeTorchHistograms(group, state.taps);
    if constexpr (Group::reading) {
        const auto images = std::accumulate(state.batchImages.begin(), state.batchImages.end(), int64_t{0});
        group.require(state.seen == images + static_cast<int64_t>(state.failures.size())
                          && std::all_of(state.batchImages.begin(), state.batchImages.end(), [](int n) { return n > 0; }),
                      "seen must be the images of all batches and those that could not be decoded");
    }
}

} // namespace quantoscope::hdf5
