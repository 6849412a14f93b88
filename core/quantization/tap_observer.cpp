// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/tap_observer.h"

#include "core/base/parallel.h"
#include "core/quantization/value_extremes.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>

namespace quantoscope {

namespace {

constexpr double kAlpha = 0.99999;
constexpr int64_t kTorchQuantileLimit = int64_t{1} << 24;
constexpr int kHistogramBins = 1 << 16;
constexpr size_t kMostKeptImages = 4096; // 32 KiB a tap

/// The k smallest and k largest values of a range, kept as bounded heaps; whole blocks inside both bounds are skipped.
class Tails {
public:
    explicit Tails(int64_t k) : m_k(static_cast<size_t>(k)) {}

    void scan(const float *x, int64_t n)
    {
        constexpr int64_t kBlock = 1024;
        for (int64_t begin = 0; begin < n; begin += kBlock) {
            const int64_t count = std::min(kBlock, n - begin);
            float low = std::numeric_limits<float>::infinity();
            float high = -low;
            runExtremes(x + begin, count, &low, &high);
            const bool lows = m_low.size() < m_k || low < m_low.front();
            const bool highs = m_high.size() < m_k || high > m_high.front();
            for (int64_t i = begin; (lows || highs) && i < begin + count; ++i)
                offer(x[i]);
        }
    }
    void merge(const Tails &other)
    {
        for (const float v : other.m_low)
            offerLow(v);
        for (const float v : other.m_high)
            offerHigh(v);
    }
    /// Ascending smallest values.
    [[nodiscard]] std::vector<float> low() const
    {
        std::vector<float> sorted = m_low;
        std::sort(sorted.begin(), sorted.end());
        return sorted;
    }
    /// Descending largest values.
    [[nodiscard]] std::vector<float> high() const
    {
        std::vector<float> sorted = m_high;
        std::sort(sorted.begin(), sorted.end(), std::greater<>());
        return sorted;
    }

private:
    void offer(float v)
    {
        offerLow(v);
        offerHigh(v);
    }
    void offerLow(float v)
    {
        if (m_low.size() < m_k) {
            m_low.push_back(v);
            std::push_heap(m_low.begin(), m_low.end());
        } else if (v < m_low.front()) {
            std::pop_heap(m_low.begin(), m_low.end());
            m_low.back() = v;
            std::push_heap(m_low.begin(), m_low.end());
        }
    }
    void offerHigh(float v)
    {
        if (m_high.size() < m_k) {
            m_high.push_back(v);
            std::push_heap(m_high.begin(), m_high.end(), std::greater<>());
        } else if (v > m_high.front()) {
            std::pop_heap(m_high.begin(), m_high.end(), std::greater<>());
            m_high.back() = v;
            std::push_heap(m_high.begin(), m_high.end(), std::greater<>());
        }
    }

    size_t m_k;
    std::vector<float> m_low;  ///< max-heap
    std::vector<float> m_high; ///< min-heap
};

/// Bins ordered by value: negative floats have falling bit patterns, so those are walked backwards.
ValueHistogram compact(const std::vector<std::vector<uint32_t>> &parts)
{
    ValueHistogram histogram;
    const auto take = [&](int code) {
        uint64_t count = 0;
        for (const auto &part : parts)
            if (!part.empty())
                count += part[static_cast<size_t>(code)];
        if (count > 0) {
            histogram.codes.push_back(static_cast<uint16_t>(code));
            histogram.counts.push_back(count);
        }
    };
    for (int code = kHistogramBins - 1; code >= kHistogramBins / 2; --code)
        take(code);
    for (int code = 0; code < kHistogramBins / 2; ++code)
        take(code);
    return histogram;
}

ValueHistogram histogramOf(const float *x, int64_t n)
{
    std::vector<std::vector<uint32_t>> parts(static_cast<size_t>(parallelThreads()));
    parallelRanges(n, 65536, [&](int64_t begin, int64_t end, int part) {
        auto &bins = parts[static_cast<size_t>(part)];
        bins.assign(kHistogramBins, 0);
        for (int64_t i = begin; i < end; ++i)
            ++bins[std::bit_cast<uint32_t>(x[i]) >> 16];
    });
    return compact(parts);
}

/// Position of a bin on the value axis: most negative first.
int order(uint16_t code)
{
    return (code & 0x8000U) != 0 ? kHistogramBins - 1 - code : kHistogramBins / 2 + code;
}

void mergeInto(ValueHistogram &into, const ValueHistogram &other)
{
    ValueHistogram merged;
    size_t a = 0;
    size_t b = 0;
    while (a < into.codes.size() || b < other.codes.size()) {
        const int left = a < into.codes.size() ? order(into.codes[a]) : kHistogramBins;
        const int right = b < other.codes.size() ? order(other.codes[b]) : kHistogramBins;
        merged.codes.push_back(left <= right ? into.codes[a] : other.codes[b]);
        merged.counts.push_back((left <= right ? into.counts[a] : 0) + (right <= left ? other.counts[b] : 0));
        a += left <= right;
        b += right <= left;
    }
    into = std::move(merged);
}

void addBatch(TapStatistics &statistics, const TensorView &view, const Extremes &extremes)
{
    statistics.observed = true;
    statistics.count += static_cast<uint64_t>(view.elements());
    for (size_t c = 0; c < extremes.low.size(); ++c) {
        statistics.channelMinimum[c] = std::min(statistics.channelMinimum[c], extremes.low[c]);
        statistics.channelMaximum[c] = std::max(statistics.channelMaximum[c], extremes.high[c]);
    }
    statistics.minimum = *std::min_element(statistics.channelMinimum.begin(), statistics.channelMinimum.end());
    statistics.maximum = *std::max_element(statistics.channelMaximum.begin(), statistics.channelMaximum.end());
    mergeInto(statistics.histogram, histogramOf(view.data, view.elements()));
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
    const int64_t n = batch.elements();
    if (n == 0)
        return;
    const ValueExtremes scanned = valueExtremes(batch, m_channels, m_channelFirst, m_rows.has_value());
    const Extremes &extremes = scanned.channels;
    ValueRange now{std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()};
    for (size_t c = 0; c < extremes.low.size(); ++c) {
        now.low = std::min(now.low, extremes.low[c]);
        now.high = std::max(now.high, extremes.high[c]);
    }
    m_movingAverage = m_batches == 0 ? now : averaged(m_movingAverage, now);
    BatchRange range{now, {std::nanf(""), std::nanf("")}};
    if (withTails) {
        const int64_t k = tailLength(n);
        std::vector<Tails> parts(static_cast<size_t>(parallelThreads()), Tails(k));
        parallelRanges(n, 65536, [&](int64_t begin, int64_t end, int part) {
            parts[static_cast<size_t>(part)].scan(batch.data + begin, end - begin);
        });
        for (size_t p = 1; p < parts.size(); ++p)
            parts[0].merge(parts[p]);
        const ValueRange tails = percentileRange(n, parts[0].low(), parts[0].high());
        m_percentile = m_hasPercentile ? averaged(m_percentile, tails) : tails;
        m_hasPercentile = true;
        range.tails = tails;
    }
    for (auto &[form, histogram] : m_torchHistograms)
        histogram.add(batch.data, n, now);
    addBatch(m_statistics, batch, extremes);
    if (m_rows) {
        m_history.push_back(range);
        addRows(scanned.rows.low, scanned.rows.high);
    }
    ++m_batches;
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
    addBatch(statistics, view, valueExtremes(view, channels, channelFirst, false).channels);
    return statistics;
}

} // namespace quantoscope
