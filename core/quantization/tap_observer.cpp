// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/tap_observer.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantoscope {

namespace {

constexpr double kAlpha = 0.99999;
constexpr int64_t kTorchQuantileLimit = int64_t{1} << 24;
constexpr size_t kMostKeptImages = 4096; // 32 KiB a tap

void addStatistics(TapStatistics &statistics, const BatchObservation &batch)
{
    statistics.observed = true;
    statistics.count += static_cast<uint64_t>(batch.count);
    for (size_t c = 0; c < batch.channels.low.size(); ++c) {
        statistics.channelMinimum[c] = std::min(statistics.channelMinimum[c], batch.channels.low[c]);
        statistics.channelMaximum[c] = std::max(statistics.channelMaximum[c], batch.channels.high[c]);
    }
    statistics.minimum = *std::min_element(statistics.channelMinimum.begin(), statistics.channelMinimum.end());
    statistics.maximum = *std::max_element(statistics.channelMaximum.begin(), statistics.channelMaximum.end());
    mergeHistogram(statistics.histogram, batch.histogram);
}

/// Linear interpolation as torch.lerp computes it: its AVX2 build contracts to one fused multiply-add.
float lerp(float a, float b, float weight)
{
    return weight < 0.5F ? std::fma(weight, b - a, a) : std::fma(-(b - a), 1.0F - weight, b);
}

} // namespace

TapObserver::TapObserver(int64_t channels, bool channelFirst, std::optional<TokenRows> rows)
    : m_channels(channels), m_channelFirst(channelFirst), m_rows(rows)
{
    const auto start = [](std::vector<float> &low, std::vector<float> &high, size_t n) {
        low.assign(n, std::numeric_limits<float>::infinity());
        high.assign(n, -std::numeric_limits<float>::infinity());
    };
    start(m_statistics.channelMinimum, m_statistics.channelMaximum, static_cast<size_t>(channels));
    if (rows) {
        start(m_statistics.tokenMinimum, m_statistics.tokenMaximum, rows->count());
        m_statistics.tokenWindows = rows->areTokens ? static_cast<int>(rows->windows) : 1;
    }
}

void TapObserver::addRows(const std::vector<float> &low, const std::vector<float> &high)
{
    const auto perImage = static_cast<size_t>(m_rows->perImage());
    const size_t images = low.size() / perImage;
    m_keepsImages = m_keepsImages && m_images.size() + images <= kMostKeptImages;
    if (!m_keepsImages)
        m_images.clear();
    for (size_t image = 0; image < images; ++image) {
        const auto first = static_cast<ptrdiff_t>(image * perImage);
        const auto last = first + static_cast<ptrdiff_t>(perImage);
        if (m_keepsImages)
            m_images.push_back({*std::min_element(low.begin() + first, low.begin() + last),
                                *std::max_element(high.begin() + first, high.begin() + last)});
        for (size_t row = 0; m_rows->areTokens && row < perImage; ++row) {
            const size_t token = m_rows->tokenOf(static_cast<int64_t>(row));
            float &least = m_statistics.tokenMinimum[token];
            float &most = m_statistics.tokenMaximum[token];
            least = std::min(least, low[static_cast<size_t>(first) + row]);
            most = std::max(most, high[static_cast<size_t>(first) + row]);
        }
    }
}

void TapObserver::update(const TensorView &batch, bool withTails)
{
    const ObservationScope wanted = scope(batch.elements(), withTails);
    if (batch.elements() > 0)
        add(observeBatch(batch, m_channels, m_channelFirst, wanted), {&batch, 1});
}

ObservationScope TapObserver::scope(int64_t batchElements, bool withTails) const
{
    return {withTails ? tailLength(batchElements) : 0, m_rows.has_value()};
}

BatchObservation TapObserver::observe(const TensorView &part, ObservationScope wanted) const
{
    return observeBatch(part, m_channels, m_channelFirst, wanted);
}

void TapObserver::add(const BatchObservation &batch, std::span<const TensorView> values)
{
    if (batch.count == 0)
        return;
    const ValueRange now{*std::min_element(batch.channels.low.begin(), batch.channels.low.end()),
                         *std::max_element(batch.channels.high.begin(), batch.channels.high.end())};
    m_movingAverage = m_batches == 0 ? now : averaged(m_movingAverage, now);
    BatchRange range{now, {std::nanf(""), std::nanf("")}};
    if (!batch.lowTail.empty()) {
        range.tails = percentileRange(batch.count, batch.lowTail, batch.highTail);
        m_percentile = m_hasPercentile ? averaged(m_percentile, range.tails) : range.tails;
        m_hasPercentile = true;
    }
    addToTorchHistograms(values, now);
    addStatistics(m_statistics, batch);
    if (m_rows) {
        m_history.push_back(range);
        addRows(batch.rows.low, batch.rows.high);
    }
    ++m_batches;
}

void TapObserver::addToTorchHistograms(std::span<const TensorView> values, ValueRange extremes)
{
    if (m_torchHistograms.empty() || values.empty())
        return;
    std::vector<float> joined; // they round sums over a whole batch
    const float *data = values.front().data;
    int64_t n = values.front().elements();
    if (values.size() > 1) {
        for (const TensorView &part : values)
            joined.insert(joined.end(), part.data, part.data + part.elements());
        data = joined.data();
        n = static_cast<int64_t>(joined.size());
    }
    for (auto &[form, histogram] : m_torchHistograms)
        histogram.add(data, n, extremes);
}

void TapObserver::collectTorchHistogram(ObserverKind form, float unit)
{
    m_torchHistograms.emplace_back(form, TorchHistogram(form, unit));
}

const TorchHistogram *TapObserver::torchHistogram(ObserverKind form) const
{
    for (const auto &[kept, histogram] : m_torchHistograms)
        if (kept == form)
            return &histogram;
    return nullptr;
}

ObserverState TapObserver::state() const
{
    ObserverState state;
    state.batches = m_batches;
    state.statistics = m_statistics;
    state.averageLow = m_movingAverage.low;
    state.averageHigh = m_movingAverage.high;
    state.hasPercentile = m_hasPercentile;
    state.percentileLow = m_percentile.low;
    state.percentileHigh = m_percentile.high;
    state.keepsImages = m_keepsImages;
    for (const BatchRange &batch : m_history) {
        state.batchLow.push_back(batch.extremes.low);
        state.batchHigh.push_back(batch.extremes.high);
        state.tailLow.push_back(batch.tails.low);
        state.tailHigh.push_back(batch.tails.high);
    }
    for (const ValueRange &image : m_images) {
        state.imageLow.push_back(image.low);
        state.imageHigh.push_back(image.high);
    }
    for (const auto &[form, histogram] : m_torchHistograms)
        state.torchHistograms.push_back(histogram.state());
    return state;
}

bool TapObserver::restore(const ObserverState &state)
{
    const TapStatistics &seen = state.statistics;
    const auto batches = static_cast<size_t>(std::max(0, state.batches));
    const auto allAre = [](size_t size, const auto &...lists) { return ((lists.size() == size) && ...); };
    const bool fits = state.batches > 0 && seen.observed
        && allAre(m_statistics.channelMinimum.size(), seen.channelMinimum, seen.channelMaximum)
        && allAre(m_statistics.tokenMinimum.size(), seen.tokenMinimum, seen.tokenMaximum)
        && seen.tokenWindows == m_statistics.tokenWindows && allAre(seen.histogram.codes.size(), seen.histogram.counts)
        && allAre(m_rows ? batches : 0, state.batchLow, state.batchHigh, state.tailLow, state.tailHigh)
        && allAre(state.imageLow.size(), state.imageHigh);
    if (!fits)
        return false;
    for (auto &[form, histogram] : m_torchHistograms)
        if (std::none_of(state.torchHistograms.begin(), state.torchHistograms.end(),
                         [&own = histogram](const TorchHistogramState &one) { return own.restore(one); }))
            return false;
    m_batches = state.batches;
    m_statistics = seen;
    m_movingAverage = {state.averageLow, state.averageHigh};
    m_hasPercentile = state.hasPercentile;
    m_percentile = {state.percentileLow, state.percentileHigh};
    m_keepsImages = state.keepsImages;
    m_history.clear();
    for (size_t b = 0; b < state.batchLow.size(); ++b)
        m_history.push_back({{state.batchLow[b], state.batchHigh[b]}, {state.tailLow[b], state.tailHigh[b]}});
    m_images.clear();
    for (size_t i = 0; i < state.imageLow.size(); ++i)
        m_images.push_back({state.imageLow[i], state.imageHigh[i]});
    return true;
}

int64_t tailLength(int64_t n)
{
    return std::min<int64_t>(n, static_cast<int64_t>(std::ceil(1e-5 * static_cast<double>(n))) + 3);
}

ValueRange percentileRange(int64_t n, const std::vector<float> &low, const std::vector<float> &high)
{
    // Sorted position -> value, from whichever tail holds it.
    const auto at = [&](int64_t rank) {
        if (rank < static_cast<int64_t>(low.size()))
            return low[static_cast<size_t>(rank)];
        const int64_t fromTop = std::min<int64_t>(n - 1 - rank, static_cast<int64_t>(high.size()) - 1);
        return high[static_cast<size_t>(std::max<int64_t>(0, fromTop))];
    };
    if (n <= kTorchQuantileLimit) {
        const auto torchQuantile = [&](double q) {
            const float rank = static_cast<float>(q) * static_cast<float>(n - 1);
            const float below = std::trunc(rank);
            return lerp(at(static_cast<int64_t>(below)), at(static_cast<int64_t>(std::ceil(rank))), rank - below);
        };
        return {torchQuantile(1.0 - kAlpha), torchQuantile(kAlpha)};
    }
    const auto numpyPercentile = [&](double percent) {
        const double rank = percent / 100.0 * static_cast<double>(n - 1);
        const double below = std::floor(rank);
        const double weight = rank - below;
        const auto a = static_cast<double>(at(static_cast<int64_t>(below)));
        const auto b = static_cast<double>(at(std::min<int64_t>(n - 1, static_cast<int64_t>(below) + 1)));
        return static_cast<float>(weight < 0.5 ? a + (b - a) * weight : b - (b - a) * (1 - weight));
    };
    return {numpyPercentile((1.0 - kAlpha) * 100), numpyPercentile(kAlpha * 100)};
}

TapStatistics tensorStatistics(const TensorView &tensor, bool channelFirst)
{
    const int64_t channels = channelFirst ? tensor.shape.front() : tensor.shape.back();
    TapObserver observer(channels, false);
    TapStatistics statistics = observer.statistics();
    TensorView view = tensor;
    if (channelFirst) // seen as one image with `channels` planes
        view.shape.insert(view.shape.begin(), 1);
    addStatistics(statistics, observeBatch(view, channels, channelFirst, {}));
    return statistics;
}

} // namespace quantoscope
