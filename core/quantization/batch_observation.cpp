// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/batch_observation.h"

#include "core/base/parallel.h"
#include "core/kernels/extremes.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>

namespace quantoscope {

namespace {

constexpr int kHistogramBins = 1 << 16;
constexpr int64_t kPiece = 8192; // values; 32 KiB

/// The k smallest and k largest values, kept as bounded heaps.
class Tails {
public:
    explicit Tails(int64_t k) : m_k(static_cast<size_t>(k)) {}

    /// A run whose extremes are known.
    void scan(const float *x, int64_t n, float low, float high)
    {
        if (m_k == 0)
            return;
        int64_t i = 0;
        for (; i < n && (m_low.size() < m_k || m_high.size() < m_k); ++i)
            offer(x[i]);
        if (i == n || !(low < m_low.front() || high > m_high.front()))
            return;
        m_outside.resize(static_cast<size_t>(n - i) + kernels::kOutsidePadding);
        const int64_t found = kernels::valuesOutside(x + i, n - i, m_low.front(), m_high.front(), m_outside.data());
        std::for_each(m_outside.begin(), m_outside.begin() + found, [this](float v) { offer(v); });
    }
    void offerLow(float v) { keep(m_low, v, std::less<>()); }
    void offerHigh(float v) { keep(m_high, v, std::greater<>()); }
    [[nodiscard]] std::vector<float> low() const { return sorted(m_low, std::less<>()); }
    [[nodiscard]] std::vector<float> high() const { return sorted(m_high, std::greater<>()); }

private:
    void offer(float v)
    {
        offerLow(v);
        offerHigh(v);
    }
    template <typename Before>
    void keep(std::vector<float> &heap, float v, Before before)
    {
        if (heap.size() < m_k) {
            if (v != v)
                return;
            heap.push_back(v);
        } else if (before(v, heap.front())) {
            std::pop_heap(heap.begin(), heap.end(), before);
            heap.back() = v;
        } else {
            return;
        }
        std::push_heap(heap.begin(), heap.end(), before);
    }
    template <typename Before>
    static std::vector<float> sorted(std::vector<float> heap, Before before)
    {
        std::sort_heap(heap.begin(), heap.end(), before);
        return heap;
    }

    size_t m_k;
    std::vector<float> m_low;  ///< its front is the largest
    std::vector<float> m_high; ///< its front is the smallest
    std::vector<float> m_outside;
};

/// Counts by the upper 16 bits. All zero between two scans, so that only what a scan touched is ever cleared.
class Bins {
public:
    Bins() : m_counts(kHistogramBins, 0) {}

    void add(const float *x, int64_t n)
    {
        uint32_t *const counts = m_counts.data();
        int64_t i = 0;
        for (; i + 2 <= n; i += 2) {
            uint64_t pair; // one load, and no conversion
            std::memcpy(&pair, x + i, sizeof pair);
            ++counts[(pair >> 16) & 0xFFFFU];
            ++counts[pair >> 48];
        }
        if (i < n) {
            uint32_t last;
            std::memcpy(&last, x + i, sizeof last);
            ++counts[last >> 16];
        }
    }

    /// The counts in order of the values; the bins are empty then. Negative floats have falling bit patterns, so those are
    /// walked backwards.
    ValueHistogram take()
    {
        ValueHistogram histogram;
        const auto takeBin = [&](int code) {
            uint32_t &count = m_counts[static_cast<size_t>(code)];
            if (count == 0)
                return;
            histogram.codes.push_back(static_cast<uint16_t>(code));
            histogram.counts.push_back(count);
            count = 0;
        };
        constexpr int kStride = 64; // most bins are empty
        const auto isEmpty = [&](int first) {
            const auto begin = m_counts.begin() + first;
            uint32_t any = 0;
            std::for_each(begin, begin + kStride, [&](uint32_t count) { any |= count; });
            return any == 0;
        };
        for (int first = kHistogramBins - kStride; first >= kHistogramBins / 2; first -= kStride) {
            if (isEmpty(first))
                continue;
            for (int code = first + kStride - 1; code >= first; --code)
                takeBin(code);
        }
        for (int first = 0; first < kHistogramBins / 2; first += kStride) {
            if (isEmpty(first))
                continue;
            for (int code = first; code < first + kStride; ++code)
                takeBin(code);
        }
        return histogram;
    }
    void clear() { std::fill(m_counts.begin(), m_counts.end(), 0U); }

private:
    std::vector<uint32_t> m_counts;
};

/// Position of a bin on the value axis: most negative first.
int order(uint16_t code)
{
    return (code & 0x8000U) != 0 ? kHistogramBins - 1 - code : kHistogramBins / 2 + code;
}

/// One thread's share of a scan.
class Scan {
public:
    Scan(int64_t channels, ObservationScope scope) : m_tails(scope.tail), m_scope(scope)
    {
        m_part.channels = Extremes(static_cast<size_t>(channels));
    }
    ~Scan()
    {
        if (!m_finished) // out of memory on the way
            bins().clear();
    }
    Scan(const Scan &) = delete;
    Scan &operator=(const Scan &) = delete;

    /// Rows of all channels. `rowLow` and `rowHigh` are where the rows' extremes belong; null when nobody wants them.
    void addRows(const float *x, int64_t rows, int64_t channels, float *rowLow, float *rowHigh)
    {
        forRows(x, rows, channels, rowLow, rowHigh, [&](const float *from, int64_t count, float *low, float *high) {
            kernels::columnAndRowExtremes(from, count, channels, m_part.channels.low.data(), m_part.channels.high.data(),
                                          low, high);
        });
    }
    /// Rows of one channel.
    void addPlane(const float *x, int64_t rows, int64_t width, size_t channel, float *rowLow, float *rowHigh)
    {
        float &least = m_part.channels.low[channel];
        float &most = m_part.channels.high[channel];
        forRows(x, rows, width, rowLow, rowHigh, [&](const float *from, int64_t count, float *low, float *high) {
            kernels::rowExtremes(from, count, width, low, high);
            least = std::min(least, *std::min_element(low, low + count));
            most = std::max(most, *std::max_element(high, high + count));
        });
    }
    BatchObservation finish()
    {
        m_part.lowTail = m_tails.low();
        m_part.highTail = m_tails.high();
        m_part.histogram = bins().take();
        m_finished = true;
        return std::move(m_part);
    }

private:
    template <typename FindExtremes>
    void forRows(const float *x, int64_t rows, int64_t width, float *rowLow, float *rowHigh, const FindExtremes &find)
    {
        const int64_t step = std::max<int64_t>(1, kPiece / width);
        for (int64_t first = 0; first < rows; first += step) {
            const int64_t count = std::min(step, rows - first);
            m_low.resize(static_cast<size_t>(count));
            m_high.resize(static_cast<size_t>(count));
            const float *const piece = x + first * width;
            find(piece, count, m_low.data(), m_high.data());
            for (int64_t r = 0; r < count; ++r)
                m_tails.scan(piece + r * width, width, m_low[static_cast<size_t>(r)], m_high[static_cast<size_t>(r)]);
            bins().add(piece, count * width);
            m_part.count += count * width;
            if (m_scope.rows) {
                std::copy(m_low.begin(), m_low.end(), rowLow + first);
                std::copy(m_high.begin(), m_high.end(), rowHigh + first);
            }
        }
    }
    /// A quarter of a megabyte, so one for each thread is kept.
    static Bins &bins()
    {
        thread_local Bins bins;
        return bins;
    }

    BatchObservation m_part;
    Tails m_tails;
    ObservationScope m_scope;
    bool m_finished = false;
    std::vector<float> m_low; ///< of the rows of a piece
    std::vector<float> m_high;
};

} // namespace

void Extremes::widen(const Extremes &other)
{
    for (size_t i = 0; i < low.size(); ++i) {
        low[i] = std::min(low[i], other.low[i]);
        high[i] = std::max(high[i], other.high[i]);
    }
}

BatchObservation observeBatch(const TensorView &values, int64_t channels, bool channelFirst, ObservationScope scope)
{
    const int64_t elements = values.elements();
    const int64_t planes = channelFirst ? values.shape.front() * channels : 0;
    const int64_t plane = planes > 0 ? elements / planes : 0;
    // Without an interest in rows a plane is cut into pieces of any width.
    const int64_t width = !channelFirst ? channels : scope.rows ? values.shape.back() : std::max<int64_t>(1, std::min(plane, kPiece));
    Extremes rows(scope.rows ? static_cast<size_t>(elements / width) : 0);
    std::vector<BatchObservation> parts(static_cast<size_t>(parallelThreads()));
    std::vector<char> used(parts.size(), 0);
    const auto rowLow = [&](int64_t row) { return scope.rows ? rows.low.data() + row : nullptr; };
    const auto rowHigh = [&](int64_t row) { return scope.rows ? rows.high.data() + row : nullptr; };
    const auto scanned = [&](int part, const auto &work) {
        Scan scan(channels, {scope.tail, scope.rows});
        work(scan);
        parts[static_cast<size_t>(part)] = scan.finish();
        used[static_cast<size_t>(part)] = 1;
    };
    if (!channelFirst) {
        parallelRanges(elements / channels, std::max<int64_t>(1, kPiece / channels),
                       [&](int64_t begin, int64_t end, int part) {
                           scanned(part, [&](Scan &scan) {
                               scan.addRows(values.data + begin * channels, end - begin, channels, rowLow(begin),
                                            rowHigh(begin));
                           });
                       });
    } else {
        const int64_t perPlane = plane / std::max<int64_t>(1, width);
        parallelRanges(planes, 1, [&](int64_t begin, int64_t end, int part) {
            scanned(part, [&](Scan &scan) {
                for (int64_t p = begin; p < end; ++p) {
                    const float *const x = values.data + p * plane;
                    const auto channel = static_cast<size_t>(p % channels);
                    scan.addPlane(x, perPlane, width, channel, rowLow(p * perPlane), rowHigh(p * perPlane));
                    if (const int64_t rest = plane - perPlane * width; rest > 0) // only where rows are not wanted
                        scan.addPlane(x + perPlane * width, 1, rest, channel, nullptr, nullptr);
                }
            });
        });
    }
    std::vector<const BatchObservation *> scannedParts;
    for (size_t p = 0; p < parts.size(); ++p)
        if (used[p] != 0)
            scannedParts.push_back(&parts[p]);
    if (scannedParts.empty()) {
        BatchObservation nothing;
        nothing.channels = Extremes(static_cast<size_t>(channels));
        return nothing;
    }
    BatchObservation whole = joinObservations(scannedParts, scope);
    whole.rows = std::move(rows);
    return whole;
}

BatchObservation joinObservations(std::span<const BatchObservation *const> parts, ObservationScope scope)
{
    BatchObservation whole = *parts.front();
    if (parts.size() == 1)
        return whole;
    Tails tails(scope.tail);
    for (const BatchObservation *part : parts) {
        for (const float v : part->lowTail)
            tails.offerLow(v);
        for (const float v : part->highTail)
            tails.offerHigh(v);
        if (part == parts.front())
            continue;
        whole.count += part->count;
        whole.channels.widen(part->channels);
        whole.rows.low.insert(whole.rows.low.end(), part->rows.low.begin(), part->rows.low.end());
        whole.rows.high.insert(whole.rows.high.end(), part->rows.high.begin(), part->rows.high.end());
        mergeHistogram(whole.histogram, part->histogram);
    }
    whole.lowTail = tails.low();
    whole.highTail = tails.high();
    return whole;
}

void mergeHistogram(ValueHistogram &into, const ValueHistogram &other)
{
    ValueHistogram merged;
    merged.codes.reserve(into.codes.size() + other.codes.size());
    merged.counts.reserve(into.codes.size() + other.codes.size());
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

} // namespace quantoscope
