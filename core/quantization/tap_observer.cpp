// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/tap_observer.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>

namespace quantoscope {

namespace {

constexpr float kEpsilon = 1.1920929e-07F; // float32 machine epsilon, the published lower bound of a scale
constexpr float kSigma = 0.01F;
constexpr double kAlpha = 0.99999;
constexpr int64_t kTorchQuantileLimit = int64_t{1} << 24;
constexpr int kHistogramBins = 1 << 16;
constexpr int kOmseCandidates = 90;
constexpr int kPtfCandidates = 4;

struct Extremes {
    std::vector<float> low;
    std::vector<float> high;
    explicit Extremes(size_t n)
        : low(n, std::numeric_limits<float>::infinity()), high(n, -std::numeric_limits<float>::infinity())
    {
    }
};

/// Extremes over the last axis' columns. NaN is not seen here; the histogram counts it.
QUANTOSCOPE_KERNEL void columnExtremes(const float *x, int64_t rows, int64_t channels, float *low, float *high)
{
    for (int64_t r = 0; r < rows; ++r, x += channels)
        for (int64_t c = 0; c < channels; ++c) {
            low[c] = x[c] < low[c] ? x[c] : low[c];
            high[c] = x[c] > high[c] ? x[c] : high[c];
        }
}

QUANTOSCOPE_KERNEL void runExtremes(const float *x, int64_t n, float *low, float *high)
{
    float lows[16];
    float highs[16];
    for (int k = 0; k < 16; ++k) {
        lows[k] = *low;
        highs[k] = *high;
    }
    int64_t i = 0;
    for (; i + 16 <= n; i += 16)
        for (int k = 0; k < 16; ++k) {
            lows[k] = x[i + k] < lows[k] ? x[i + k] : lows[k];
            highs[k] = x[i + k] > highs[k] ? x[i + k] : highs[k];
        }
    for (; i < n; ++i) {
        lows[0] = x[i] < lows[0] ? x[i] : lows[0];
        highs[0] = x[i] > highs[0] ? x[i] : highs[0];
    }
    for (int k = 0; k < 16; ++k) {
        *low = lows[k] < *low ? lows[k] : *low;
        *high = highs[k] > *high ? highs[k] : *high;
    }
}

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

Extremes channelExtremes(const TensorView &view, int64_t channels, bool channelFirst)
{
    Extremes total(static_cast<size_t>(channels));
    std::vector<Extremes> parts(static_cast<size_t>(parallelThreads()), total);
    const int64_t elements = view.elements();
    if (!channelFirst) {
        parallelRanges(elements / channels, std::max<int64_t>(1, 16384 / channels),
                       [&](int64_t begin, int64_t end, int part) {
                           Extremes &mine = parts[static_cast<size_t>(part)];
                           columnExtremes(view.data + begin * channels, end - begin, channels, mine.low.data(),
                                          mine.high.data());
                       });
    } else {
        const int64_t images = view.shape.front();
        const int64_t plane = images > 0 ? elements / (images * channels) : 0;
        parallelRanges(images * channels, 1, [&](int64_t begin, int64_t end, int part) {
            Extremes &mine = parts[static_cast<size_t>(part)];
            for (int64_t p = begin; p < end; ++p) {
                const auto c = static_cast<size_t>(p % channels);
                runExtremes(view.data + p * plane, plane, &mine.low[c], &mine.high[c]);
            }
        });
    }
    for (size_t c = 0; c < total.low.size(); ++c) {
        for (const Extremes &part : parts) {
            total.low[c] = std::min(total.low[c], part.low[c]);
            total.high[c] = std::max(total.high[c], part.high[c]);
        }
    }
    return total;
}

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

/// Linear interpolation as torch.lerp computes it.
float lerp(float a, float b, float weight)
{
    return weight < 0.5F ? a + weight * (b - a) : b - (b - a) * (1.0F - weight);
}

/// Squared errors of all shrunk ranges in one pass over a run of values.
QUANTOSCOPE_KERNEL void accumulateOmse(const float *x, int64_t n, const float *scale, const float *zeroPoint, int candidates,
                                       float highest, double *errors)
{
    constexpr float kMagic = 12582912.0F;
    for (int k = 0; k < candidates; ++k) {
        const float s = scale[k];
        const float z = zeroPoint[k];
        float lanes[16] = {};
        int64_t i = 0;
        for (; i + 16 <= n; i += 16)
            for (int j = 0; j < 16; ++j) {
                float v = x[i + j] / s + z;
                v = v < 0.0F ? 0.0F : v;
                v = v > highest ? highest : v;
                const float difference = x[i + j] - (((v + kMagic) - kMagic) - z) * s;
                lanes[j] += difference * difference;
            }
        for (; i < n; ++i) {
            float v = x[i] / s + z;
            v = v < 0.0F ? 0.0F : v;
            v = v > highest ? highest : v;
            const float difference = x[i] - (((v + kMagic) - kMagic) - z) * s;
            lanes[0] += difference * difference;
        }
        double sum = 0;
        for (const float lane : lanes)
            sum += static_cast<double>(lane);
        errors[k] += sum;
    }
}

QuantizerParameters deriveOmse(ValueRange range, int bits, const TensorView &batch)
{
    float scale[kOmseCandidates];
    float zeroPoint[kOmseCandidates];
    std::vector<QuantizerParameters> candidates;
    for (int k = 0; k < kOmseCandidates; ++k) {
        const auto factor = static_cast<float>(1.0 - 0.01 * k);
        candidates.push_back(parametersForRange({range.low * factor, range.high * factor}, bits, false));
        scale[k] = candidates.back().scale[0];
        zeroPoint[k] = candidates.back().zeroPoint;
    }
    const float highest = candidates.front().highestCode();
    constexpr int64_t kBlock = 4096; // stays in the first-level cache while all candidates read it
    std::vector<std::vector<double>> parts(static_cast<size_t>(parallelThreads()),
                                           std::vector<double>(kOmseCandidates, 0.0));
    parallelRanges(batch.elements(), kBlock, [&](int64_t begin, int64_t end, int part) {
        for (int64_t i = begin; i < end; i += kBlock)
            accumulateOmse(batch.data + i, std::min(kBlock, end - i), scale, zeroPoint, kOmseCandidates, highest,
                           parts[static_cast<size_t>(part)].data());
    });
    size_t best = 0;
    double bestError = std::numeric_limits<double>::infinity();
    for (size_t k = 0; k < candidates.size(); ++k) {
        double error = 0;
        for (const auto &part : parts)
            error += part[k];
        if (error < bestError) {
            bestError = error;
            best = k;
        }
    }
    return candidates[best];
}

/// Errors of the four power-of-two scales per channel in one pass over rows of channels.
QUANTOSCOPE_KERNEL void accumulatePtf(const float *x, int64_t rows, int64_t channels, float scale, float zeroPoint,
                                      float highest, double *errors)
{
    constexpr float kMagic = 12582912.0F;
    for (int64_t r = 0; r < rows; ++r, x += channels)
        for (int64_t c = 0; c < channels; ++c) {
            float v = x[c] / scale + zeroPoint;
            v = v < 0.0F ? 0.0F : v;
            v = v > highest ? highest : v;
            const float difference = x[c] - (((v + kMagic) - kMagic) - zeroPoint) * scale;
            errors[c] += static_cast<double>(difference) * static_cast<double>(difference);
        }
}

QuantizerParameters derivePtf(ValueRange range, int64_t channels, int bits, const TensorView &batch)
{
    QuantizerParameters parameters = parametersForRange(range, bits, false);
    const std::vector<double> errors = ptfErrors(parameters, channels, batch);
    const float largest = parameters.scale[0];
    const auto width = static_cast<size_t>(channels);
    parameters.scale.assign(width, 0.0F);
    parameters.ptfFactor.assign(width, 0);
    for (size_t c = 0; c < width; ++c) {
        int best = 0;
        for (int k = 1; k < kPtfCandidates; ++k)
            if (errors[static_cast<size_t>(k) * width + c] < errors[static_cast<size_t>(best) * width + c])
                best = k;
        parameters.ptfFactor[c] = best;
        parameters.scale[c] = std::ldexp(largest, best - (kPtfCandidates - 1));
    }
    return parameters;
}

/// NaN and infinities have their own bins at both ends of the histogram.
Result<void> checkFinite(const ValueHistogram &histogram, const std::string &where)
{
    const auto finite = [](uint16_t code) { return (code & 0x7F80U) != 0x7F80U; };
    if (!histogram.codes.empty() && finite(histogram.codes.front()) && finite(histogram.codes.back()))
        return {};
    return fail(ErrorCode::BadInput, "its values are not finite", where,
                "the model overflows on these images; check weights and preprocessing");
}

} // namespace

TapObserver::TapObserver(int64_t channels, bool channelFirst) : m_channels(channels), m_channelFirst(channelFirst)
{
    m_statistics.channelMinimum.assign(static_cast<size_t>(channels), std::numeric_limits<float>::infinity());
    m_statistics.channelMaximum.assign(static_cast<size_t>(channels), -std::numeric_limits<float>::infinity());
}

void TapObserver::update(const TensorView &batch, bool withTails)
{
    const int64_t n = batch.elements();
    if (n == 0)
        return;
    const Extremes extremes = channelExtremes(batch, m_channels, m_channelFirst);
    ValueRange now{std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()};
    for (size_t c = 0; c < extremes.low.size(); ++c) {
        now.low = std::min(now.low, extremes.low[c]);
        now.high = std::max(now.high, extremes.high[c]);
    }
    const auto average = [](ValueRange &running, ValueRange value) {
        running.low += kSigma * (value.low - running.low);
        running.high += kSigma * (value.high - running.high);
    };
    if (m_batches == 0)
        m_movingAverage = now;
    else
        average(m_movingAverage, now);
    if (withTails) {
        const int64_t k = tailLength(n);
        std::vector<Tails> parts(static_cast<size_t>(parallelThreads()), Tails(k));
        parallelRanges(n, 65536, [&](int64_t begin, int64_t end, int part) {
            parts[static_cast<size_t>(part)].scan(batch.data + begin, end - begin);
        });
        for (size_t p = 1; p < parts.size(); ++p)
            parts[0].merge(parts[p]);
        const ValueRange tails = percentileRange(n, parts[0].low(), parts[0].high());
        if (!m_hasPercentile)
            m_percentile = tails;
        else
            average(m_percentile, tails);
        m_hasPercentile = true;
    }
    addBatch(m_statistics, batch, extremes);
    ++m_batches;
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

QuantizerParameters parametersForRange(ValueRange range, int bits, bool symmetric)
{
    QuantizerParameters p;
    p.kind = QuantizerKind::Uniform;
    p.bits = bits;
    p.isSigned = symmetric;
    const float codes = p.highestCode() - p.lowestCode();
    if (symmetric) {
        p.scale = {std::max(kEpsilon, std::max(-range.low, range.high) / (codes / 2))};
        return p;
    }
    p.scale = {std::max(kEpsilon, (range.high - range.low) / codes)};
    p.zeroPoint = std::clamp(p.lowestCode() - std::nearbyint(range.low / p.scale[0]), p.lowestCode(), p.highestCode());
    return p;
}

Result<QuantizerParameters> deriveParameters(const TapSetting &setting, const TapObserver &observer,
                                             const TensorView &lastBatch, const std::string &where)
{
    if (setting.quantizer == QuantizerKind::Log2 || setting.quantizer == QuantizerKind::LogIntSoftmax) {
        QuantizerParameters p;
        p.kind = setting.quantizer;
        p.bits = setting.bits;
        return p;
    }
    if (observer.batches() == 0)
        return fail(ErrorCode::BadInput, "nothing was observed in calibration", where);
    const bool perChannel = setting.granularity == Granularity::Channel;
    if (perChannel && setting.observer != ObserverKind::Ptf && setting.observer != ObserverKind::MinMax)
        return fail(ErrorCode::BadInput,
                    std::string("observer ") + name(setting.observer) + " yields one range for the whole tensor", where,
                    "use minmax or ptf for a scale per channel");
    ValueRange range = observer.minMax();
    if (setting.observer == ObserverKind::Ema)
        range = observer.movingAverage();
    else if (setting.observer == ObserverKind::Percentile)
        range = observer.percentile();
    if (const auto finite = checkFinite(observer.statistics().histogram, where); !finite)
        return fail(finite.error());
    if (setting.observer == ObserverKind::Omse)
        return deriveOmse(range, setting.bits, lastBatch);
    if (setting.observer == ObserverKind::Ptf)
        return derivePtf(range, observer.channels(), setting.bits, lastBatch);
    QuantizerParameters p = parametersForRange(range, setting.bits, setting.symmetric);
    if (perChannel) {
        if (!setting.symmetric)
            return fail(ErrorCode::BadInput, "an asymmetric range per channel needs a zero point per channel", where,
                        "use ptf, or make it symmetric");
        const TapStatistics &statistics = observer.statistics();
        p.scale.clear();
        for (size_t c = 0; c < statistics.channelMinimum.size(); ++c)
            p.scale.push_back(parametersForRange({statistics.channelMinimum[c], statistics.channelMaximum[c]},
                                                 setting.bits, setting.symmetric)
                                  .scale[0]);
    }
    return p;
}

Result<QuantizerParameters> deriveWeightParameters(const TapSetting &setting, const TensorView &weight,
                                                   const std::string &where)
{
    const int64_t channels = weight.shape.front();
    const int64_t inner = weight.elements() / channels;
    Extremes extremes(static_cast<size_t>(channels));
    ValueRange all{std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()};
    for (int64_t c = 0; c < channels; ++c) {
        const auto i = static_cast<size_t>(c);
        runExtremes(weight.data + c * inner, inner, &extremes.low[i], &extremes.high[i]);
        all.low = std::min(all.low, extremes.low[i]);
        all.high = std::max(all.high, extremes.high[i]);
    }
    if (!std::isfinite(all.low) || !std::isfinite(all.high))
        return fail(ErrorCode::BadInput, "the weight is not finite", where);
    QuantizerParameters p = parametersForRange(all, setting.bits, setting.symmetric);
    if (setting.granularity == Granularity::Tensor)
        return p;
    if (!setting.symmetric)
        return fail(ErrorCode::BadInput, "an asymmetric range per weight channel needs a zero point per channel", where,
                    "use symmetric weights");
    p.scale.clear();
    for (size_t c = 0; c < extremes.low.size(); ++c)
        p.scale.push_back(parametersForRange({extremes.low[c], extremes.high[c]}, setting.bits, true).scale[0]);
    return p;
}

std::vector<double> ptfErrors(const QuantizerParameters &largest, int64_t channels, const TensorView &batch)
{
    const auto width = static_cast<size_t>(channels);
    std::vector<std::vector<double>> parts(static_cast<size_t>(parallelThreads()));
    parallelRanges(batch.elements() / channels, std::max<int64_t>(1, 16384 / channels),
                   [&](int64_t begin, int64_t end, int part) {
                       auto &errors = parts[static_cast<size_t>(part)];
                       errors.assign(kPtfCandidates * width, 0.0);
                       for (int k = 0; k < kPtfCandidates; ++k)
                           accumulatePtf(batch.data + begin * channels, end - begin, channels,
                                         std::ldexp(largest.scale[0], k - (kPtfCandidates - 1)), largest.zeroPoint,
                                         largest.highestCode(), errors.data() + static_cast<size_t>(k) * width);
                   });
    std::vector<double> total(kPtfCandidates * width, 0.0);
    for (const auto &part : parts)
        for (size_t i = 0; i < part.size(); ++i)
            total[i] += part[i];
    return total;
}

TapStatistics tensorStatistics(const TensorView &tensor, bool channelFirst)
{
    const int64_t channels = channelFirst ? tensor.shape.front() : tensor.shape.back();
    TapObserver observer(channels, false);
    TapStatistics statistics = observer.statistics();
    TensorView view = tensor;
    if (channelFirst) // seen as one image with `channels` planes
        view.shape.insert(view.shape.begin(), 1);
    addBatch(statistics, view, channelExtremes(view, channels, channelFirst));
    return statistics;
}

} // namespace quantoscope
