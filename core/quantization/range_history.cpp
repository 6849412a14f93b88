// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/range_history.h"

#include "core/quantization/derive_parameters.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace quantoscope {

namespace {

constexpr double kBandFrom = 0.05;
constexpr double kBandTo = 0.95;
constexpr ValueRange kNoRange{std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::quiet_NaN()};

bool isRange(ValueRange range)
{
    return range.low <= range.high; // false for NaN
}

/// Range of one batch that the observer `kind` would take in; NaN when the batch has none.
ValueRange contribution(const CalibrationHistory &history, size_t tap, size_t batch, ObserverKind kind)
{
    const size_t i = tap * history.batches() + batch;
    return kind == ObserverKind::Percentile ? ValueRange{history.tailLow[i], history.tailHigh[i]}
                                            : ValueRange{history.minimum[i], history.maximum[i]};
}

/// One observer that is fed ranges of batches or images.
class Follower {
public:
    explicit Follower(ObserverKind kind) : m_kind(kind) {}
    void add(ValueRange next)
    {
        if (!isRange(next))
            return;
        if (!isRange(m_range))
            m_range = next;
        else if (m_kind == ObserverKind::MinMax)
            m_range = {std::min(m_range.low, next.low), std::max(m_range.high, next.high)};
        else
            m_range = averaged(m_range, next);
    }
    [[nodiscard]] ValueRange range() const { return m_range; }

private:
    ObserverKind m_kind;
    ValueRange m_range = kNoRange;
};

float atRank(std::vector<float> &values, double quantile)
{
    const auto rank = static_cast<ptrdiff_t>(std::lround(quantile * static_cast<double>(values.size() - 1)));
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<size_t>(rank)];
}

/// Ranges of one tap over all resamples.
struct Resampled {
    std::vector<float> low;
    std::vector<float> high;
    std::vector<float> scale;
};

RangeBand bandOf(Resampled &ranges, float scale)
{
    if (ranges.low.empty()) {
        constexpr float none = std::numeric_limits<float>::quiet_NaN();
        return {none, none, none, none, none, none, none};
    }
    return {atRank(ranges.low, kBandFrom),
            atRank(ranges.low, kBandTo),
            atRank(ranges.high, kBandFrom),
            atRank(ranges.high, kBandTo),
            scale,
            atRank(ranges.scale, kBandFrom),
            atRank(ranges.scale, kBandTo)};
}

} // namespace

CalibrationHistory historyOf(const std::vector<std::optional<TapObserver>> &observers,
                             const std::vector<int> &batchImages)
{
    CalibrationHistory history;
    history.taps = observers.size();
    history.batchImages = batchImages;
    const size_t batches = history.batches();
    const auto seenImages = static_cast<size_t>(std::accumulate(batchImages.begin(), batchImages.end(), 0));
    for (const auto &observer : observers)
        if (observer && observer->images().size() >= seenImages)
            history.images = seenImages;
    constexpr float none = std::numeric_limits<float>::quiet_NaN();
    for (auto *matrix : {&history.minimum, &history.maximum, &history.tailLow, &history.tailHigh})
        matrix->assign(history.taps * batches, none);
    for (auto *matrix : {&history.imageMinimum, &history.imageMaximum})
        matrix->assign(history.taps * history.images, none);
    for (size_t t = 0; t < observers.size(); ++t) {
        if (!observers[t])
            continue;
        const std::vector<BatchRange> &seen = observers[t]->history();
        for (size_t b = 0; b < std::min(batches, seen.size()); ++b) {
            history.minimum[t * batches + b] = seen[b].extremes.low;
            history.maximum[t * batches + b] = seen[b].extremes.high;
            history.tailLow[t * batches + b] = seen[b].tails.low;
            history.tailHigh[t * batches + b] = seen[b].tails.high;
        }
        const std::vector<ValueRange> &images = observers[t]->images();
        // A parameter is seen once a batch, or once by each thread: the same values for every image.
        const bool constant = !images.empty() && std::all_of(images.begin(), images.end(), [&](ValueRange range) {
            return range.low == images.front().low && range.high == images.front().high;
        });
        for (size_t i = 0; i < history.images && (constant || i < images.size()); ++i) {
            const ValueRange range = images[constant ? 0 : i];
            history.imageMinimum[t * history.images + i] = range.low;
            history.imageMaximum[t * history.images + i] = range.high;
        }
    }
    return history;
}

ObserverKind followedObserver(ObserverKind observer)
{
    return observer == ObserverKind::Ema || observer == ObserverKind::Percentile ? observer : ObserverKind::MinMax;
}

std::vector<ValueRange> runningRanges(const CalibrationHistory &history, size_t tap, ObserverKind kind)
{
    std::vector<ValueRange> ranges;
    Follower observer(kind);
    for (size_t b = 0; b < history.batches(); ++b) {
        observer.add(contribution(history, tap, b, kind));
        ranges.push_back(observer.range());
    }
    return ranges;
}

RangeConvergence rangeConvergence(const CalibrationHistory &history, size_t tap, ObserverKind kind)
{
    RangeConvergence result;
    const std::vector<ValueRange> ranges = runningRanges(history, tap, kind);
    if (ranges.empty() || !isRange(ranges.back()))
        return result;
    result.observed = true;
    const ValueRange last = ranges.back();
    const double width = static_cast<double>(last.high) - static_cast<double>(last.low);
    const auto distance = [&](ValueRange range) { // of the end that has farther to go, in widths
        if (!isRange(range))
            return std::numeric_limits<double>::infinity();
        const double ends = std::max(std::abs(static_cast<double>(range.low) - static_cast<double>(last.low)),
                                     std::abs(static_cast<double>(range.high) - static_cast<double>(last.high)));
        return ends > 0 ? ends / width : 0;
    };
    size_t settled = ranges.size() - 1;
    while (settled > 0 && distance(ranges[settled - 1]) <= kSettledShare)
        --settled;
    result.images = history.imagesAfter(settled);
    result.moves = settled + 1 == ranges.size() && ranges.size() > 1;
    const size_t quarter = std::max<size_t>(1, ranges.size() / 4);
    if (ranges.size() > 1)
        result.lastMove = distance(ranges[ranges.size() - 1 - quarter]);
    return result;
}

NetworkConvergence networkConvergence(const RunRecord &run)
{
    NetworkConvergence network;
    const CalibrationHistory &history = run.calibration.history;
    RangeConvergence slowest;
    for (size_t t = 0; t < std::min(run.taps.size(), history.taps); ++t) {
        if (run.taps[t].tap.kind != TapKind::Activation)
            continue;
        const RangeConvergence one = rangeConvergence(history, t, followedObserver(run.taps[t].setting.observer));
        if (!one.observed)
            continue;
        ++network.observed;
        network.moving += one.moves;
        if (!one.moves)
            network.images = std::max(network.images, one.images);
        const bool slower = one.moves != slowest.moves ? one.moves
                          : one.moves                  ? one.lastMove > slowest.lastMove
                                                       : one.images > slowest.images;
        if (network.slowest < 0 || slower) {
            network.slowest = static_cast<int>(t);
            slowest = one;
        }
    }
    return network;
}

int mostUnstableTap(const RunRecord &run)
{
    const std::vector<RangeBand> &bands = run.calibration.stability.taps;
    int worst = -1;
    for (size_t t = 0; t < std::min(run.taps.size(), bands.size()); ++t)
        if (run.taps[t].tap.kind == TapKind::Activation && bands[t].scale > 0
            && (worst < 0 || bands[t].relativeWidth() > bands[static_cast<size_t>(worst)].relativeWidth()))
            worst = static_cast<int>(t);
    return worst;
}

std::vector<size_t> drawResample(std::mt19937_64 &engine, size_t count)
{
    std::vector<size_t> drawn(count);
    for (size_t &index : drawn) // not std::uniform_int_distribution, whose result differs between libraries
        index = static_cast<size_t>(engine() % count);
    return drawn;
}

CalibrationStability resampledStability(const CalibrationHistory &history, const std::vector<TapSetting> &settings,
                                        int samples, uint64_t seed)
{
    CalibrationStability stability;
    if (samples < 1 || history.isEmpty())
        return stability;
    stability.samples = samples;
    stability.seed = seed;
    std::vector<std::vector<size_t>> images;
    std::vector<std::vector<size_t>> batches;
    std::mt19937_64 engine(seed);
    for (int s = 0; s < samples; ++s) {
        std::vector<size_t> drawn;
        if (history.images > 0) {
            drawn = drawResample(engine, history.images);
            std::sort(drawn.begin(), drawn.end()); // extremes know no order, and an image counts once
            drawn.erase(std::unique(drawn.begin(), drawn.end()), drawn.end());
        }
        images.push_back(std::move(drawn));
        batches.push_back(drawResample(engine, history.batches()));
    }
    for (size_t t = 0; t < history.taps; ++t) {
        const TapSetting &setting = settings[t];
        const ObserverKind kind = followedObserver(setting.observer);
        const bool byImage = kind == ObserverKind::MinMax && history.images > 0;
        TapSetting measure;
        if (setting.quantizer == QuantizerKind::Uniform)
            measure = setting;
        const auto scaleOf = [&](ValueRange range) { return parametersForRange(range, measure).scale.front(); };
        Resampled ranges;
        for (size_t s = 0; s < images.size(); ++s) {
            Follower observer(kind);
            if (byImage)
                for (const size_t i : images[s])
                    observer.add({history.imageMinimum[t * history.images + i],
                                  history.imageMaximum[t * history.images + i]});
            else
                for (const size_t b : batches[s])
                    observer.add(contribution(history, t, b, kind));
            if (!isRange(observer.range()))
                continue;
            ranges.low.push_back(observer.range().low);
            ranges.high.push_back(observer.range().high);
            ranges.scale.push_back(scaleOf(observer.range()));
        }
        const ValueRange own = runningRanges(history, t, kind).back();
        stability.taps.push_back(bandOf(ranges, isRange(own) ? scaleOf(own) : 0));
    }
    return stability;
}

} // namespace quantoscope
