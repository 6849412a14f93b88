// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/histogram_ranges.h"

#include "core/data/histogram_cells.h"
#include "core/quantization/fake_quantize.h"

#include <cmath>
#include <limits>

namespace quantoscope {

namespace {

constexpr int kMagnitudeBins = 2048;
constexpr int kFineSamples = 8; // in a bin as wide as the steps of an 8-bit quantizer

/// Counts of |x| in equal bins up to the largest magnitude.
std::vector<double> magnitudes(const ValueHistogram &histogram, double largest)
{
    std::vector<double> counts = rebin(histogram, 0, largest, kMagnitudeBins).counts;
    const std::vector<double> negative = rebin(histogram, -largest, 0, kMagnitudeBins).counts;
    for (size_t bin = 0; bin < counts.size(); ++bin)
        counts[bin] += negative[counts.size() - 1 - bin];
    return counts;
}

double largestMagnitude(const ValueHistogram &histogram)
{
    double largest = 0;
    forEachCell(histogram, [&](double low, double high, double) {
        largest = std::max({largest, std::abs(low), std::abs(high)});
    });
    return largest;
}

/// KL(P || Q) of the first `bins` bins against their merged form; infinite when Q misses a value of P.
double divergence(const std::vector<double> &counts, size_t bins, double beyond, size_t levels)
{
    double divergence = 0;
    double merged = 0;
    double all = beyond;
    for (size_t bin = 0; bin < bins; ++bin) {
        merged += counts[bin];
        all += counts[bin];
    }
    if (merged <= 0)
        return std::numeric_limits<double>::infinity();
    for (size_t level = 0; level < levels; ++level) {
        const size_t begin = level * bins / levels;
        const size_t end = (level + 1) * bins / levels;
        const auto reference = [&](size_t bin) { return counts[bin] + (bin + 1 == bins ? beyond : 0.0); };
        double sum = 0;
        double filled = 0;
        for (size_t bin = begin; bin < end; ++bin) {
            sum += counts[bin];
            filled += reference(bin) > 0;
        }
        for (size_t bin = begin; bin < end; ++bin) {
            const double p = reference(bin) / all;
            if (p > 0)
                divergence += p * std::log(p / (sum / filled / merged));
        }
    }
    return divergence;
}

} // namespace

ValueRange entropyRange(const ValueHistogram &histogram, int bits)
{
    const double largest = largestMagnitude(histogram);
    if (largest <= 0)
        return {};
    std::vector<double> counts = magnitudes(histogram, largest);
    // Zeros and what is all but zero are represented whatever the threshold is, and would outweigh everything else: NVIDIA's
    // calibrator, too, counts the first bin as the second.
    counts[0] = counts[1];
    const auto levels = size_t{1} << (bits - 1);
    std::vector<double> beyond(counts.size() + 1, 0.0); // counts from a bin on
    for (size_t bin = counts.size(); bin > 0; --bin)
        beyond[bin - 1] = beyond[bin] + counts[bin - 1];
    size_t best = counts.size();
    double least = std::numeric_limits<double>::infinity();
    for (size_t bins = levels; bins <= counts.size(); ++bins) {
        const double now = divergence(counts, bins, beyond[bins], levels);
        if (now < least) {
            least = now;
            best = bins;
        }
    }
    const double threshold = (static_cast<double>(best) + 0.5) * largest / kMagnitudeBins;
    return {static_cast<float>(-threshold), static_cast<float>(threshold)};
}

HistogramSamples::HistogramSamples(const ValueHistogram &histogram)
{
    // Below 1/64 of the largest magnitude a bin is narrower than half a step of 8 bits.
    const double wide = largestMagnitude(histogram) / 64;
    forEachCell(histogram, [&](double low, double high, double count) {
        const int samples = std::max(std::abs(low), std::abs(high)) > wide ? kFineSamples : 1;
        for (int k = 0; k < samples; ++k) {
            m_values.push_back(static_cast<float>(low + (high - low) * (k + 0.5) / samples));
            m_weights.push_back(count / samples);
        }
        m_total += count;
    });
}

double HistogramSamples::squaredError(const QuantizerParameters &parameters) const
{
    if (m_total <= 0)
        return 0;
    std::vector<float> quantized(m_values.size());
    fakeQuantize(parameters, m_values.data(), quantized.data(), static_cast<int64_t>(m_values.size()));
    double sum = 0;
    for (size_t i = 0; i < m_values.size(); ++i) {
        const double difference = static_cast<double>(m_values[i]) - static_cast<double>(quantized[i]);
        sum += m_weights[i] * difference * difference;
    }
    return sum / m_total;
}

double leastFactor(const std::function<double(double)> &cost)
{
    constexpr int kOctaves = 10;
    double best = 0; // octaves below 1
    double least = std::numeric_limits<double>::infinity();
    const auto tryAt = [&](double octaves) {
        if (octaves < 0 || octaves > kOctaves)
            return;
        const double now = cost(std::exp2(-octaves));
        if (now < least || (now == least && octaves < best)) {
            least = now;
            best = octaves;
        }
    };
    for (int i = 0; i <= kOctaves * 8; ++i)
        tryAt(i / 8.0);
    for (const double step : {1.0 / 64, 1.0 / 512}) {
        const double middle = best;
        for (int i = -8; i <= 8; ++i)
            if (i != 0)
                tryAt(middle + i * step);
    }
    return std::exp2(-best);
}

ValueRange leastErrorRange(const ValueHistogram &histogram, ValueRange range, bool symmetric,
                           const std::function<QuantizerParameters(ValueRange)> &parametersFor)
{
    const HistogramSamples samples(histogram);
    const auto scaled = [&](double low, double high) {
        return ValueRange{range.low < 0 ? static_cast<float>(static_cast<double>(range.low) * low) : range.low,
                          range.high > 0 ? static_cast<float>(static_cast<double>(range.high) * high) : range.high};
    };
    const auto cost = [&](double low, double high) {
        const ValueRange tried = scaled(low, high);
        return tried.low <= tried.high ? samples.squaredError(parametersFor(tried))
                                       : std::numeric_limits<double>::infinity();
    };
    double low = leastFactor([&](double factor) { return cost(factor, factor); });
    double high = low;
    constexpr int kRounds = 3;
    for (int round = 0; !symmetric && range.low < 0 && range.high > 0 && round < kRounds; ++round) {
        const double before[] = {low, high};
        high = leastFactor([&](double factor) { return cost(low, factor); });
        low = leastFactor([&](double factor) { return cost(factor, high); });
        if (low == before[0] && high == before[1])
            break;
    }
    return scaled(low, high);
}

} // namespace quantoscope
