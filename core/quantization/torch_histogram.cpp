// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/torch_histogram.h"

#include "core/base/parallel.h"
#include "core/kernels/integer_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantoscope {

namespace {

constexpr int kBins = 2048;
constexpr int kUpsampling = 128;
constexpr double kStep = 1e-5;

/// floor(a / b) of torch for float32: by the remainder, so that a quotient rounded up to a whole number does not count.
float floorQuotient(float a, float b)
{
    const float remainder = std::fmod(a, b);
    float quotient = (a - remainder) / b;
    if (remainder != 0.0F && (b < 0) != (remainder < 0))
        quotient -= 1.0F;
    const float whole = std::floor(quotient);
    return quotient - whole > 0.5F ? whole + 1.0F : whole;
}

float cubes(float begin, float end)
{
    return (end * end * end - begin * begin * begin) / 3.0F;
}

} // namespace

TorchHistogram::TorchHistogram(ObserverKind form, float unit)
    : m_cut(form == ObserverKind::TorchHistogram113), m_unit(unit)
{
}

std::vector<float> TorchHistogram::count(const float *x, int64_t n, ValueRange ends, ValueRange extremes) const
{
    if (m_cut)
        ends = {std::trunc(ends.low), std::trunc(ends.high)};
    if (ends.low == ends.high)
        ends = extremes;
    if (ends.low == ends.high)
        ends = {ends.low - 1.0F, ends.high + 1.0F};
    const float width = ends.high - ends.low;
    std::vector<std::vector<uint32_t>> parts(static_cast<size_t>(parallelThreads()));
    parallelRanges(n, 65536, [&](int64_t begin, int64_t end, int part) {
        auto &counts = parts[static_cast<size_t>(part)];
        counts.assign(kBins, 0);
        for (int64_t i = begin; i < end; ++i) {
            const float v = x[i] * m_unit;
            if (v >= ends.low && v <= ends.high) {
                const auto bin = static_cast<int>((v - ends.low) * static_cast<float>(kBins) / width);
                ++counts[static_cast<size_t>(std::min(bin, kBins - 1))]; // the last bin includes its upper end
            }
        }
    });
    std::vector<float> total(kBins, 0.0F);
    for (size_t bin = 0; bin < total.size(); ++bin) {
        uint64_t sum = 0;
        for (const auto &part : parts)
            sum += part.empty() ? 0 : part[bin];
        total[bin] = static_cast<float>(sum);
    }
    return total;
}

void TorchHistogram::widen(std::vector<float> &counts, int64_t rate, int64_t start) const
{
    // Every old bin is cut into 128 equal pieces; piece `start` + p of the new grid is piece p of the old, and `rate`
    // pieces make a new bin. The running sum at a piece follows from the sums at old bins.
    std::vector<double> sums(m_counts.size() + 1, 0.0);
    for (size_t bin = 0; bin < m_counts.size(); ++bin)
        sums[bin + 1] = sums[bin] + static_cast<double>(m_counts[bin]);
    const auto sumUpTo = [&](int64_t piece) {
        const int64_t old = std::clamp<int64_t>(piece - start, 0, int64_t{kBins} * kUpsampling);
        const auto bin = static_cast<size_t>(old / kUpsampling);
        const auto rest = static_cast<double>(old % kUpsampling);
        return sums[bin] * kUpsampling + (rest > 0 ? rest * static_cast<double>(m_counts[bin]) : 0.0);
    };
    float before = 0; // torch keeps the shifted sums in float32
    for (size_t bin = 0; bin < counts.size(); ++bin) {
        const double sum = sumUpTo((static_cast<int64_t>(bin) + 1) * rate);
        counts[bin] += static_cast<float>((sum - static_cast<double>(before)) / kUpsampling);
        before = static_cast<float>(sum);
    }
}

void TorchHistogram::add(const float *x, int64_t n, ValueRange extremes)
{
    const ValueRange batch{extremes.low * m_unit, extremes.high * m_unit};
    const bool first = m_counts.empty() || m_range.low == m_range.high;
    const ValueRange combined{first ? batch.low : std::min(m_range.low, batch.low),
                              first ? batch.high : std::max(m_range.high, batch.high)};
    if (n == 0 || !std::isfinite(combined.high - combined.low))
        return;
    if (first) {
        m_range = batch;
        m_counts = count(x, n, batch, batch);
        return;
    }
    const float piece = (m_range.high - m_range.low) / static_cast<float>(kBins * kUpsampling);
    const float bins = static_cast<float>(kBins) * piece;
    const float ratio = std::ceil((combined.high - combined.low) / bins);
    const float offset = std::nearbyint((m_range.low - combined.low) / piece);
    constexpr float kLargest = 1e12F; // far beyond it the old values share one bin
    if (!(ratio < kLargest) || !(offset < kLargest)) {
        std::vector<float> counts = count(x, n, combined, batch);
        const float position = (m_range.low - combined.low) / (combined.high - combined.low) * static_cast<float>(kBins);
        counts[static_cast<size_t>(std::clamp(position, 0.0F, static_cast<float>(kBins - 1)))]
            += kernels::rowSum(m_counts.data(), kBins);
        m_counts = std::move(counts);
        m_range = combined;
        return;
    }
    // Only the upper end gives way, so that a range from zero stays one.
    const ValueRange relaxed{combined.low, combined.high + (ratio * bins - (combined.high - combined.low))};
    std::vector<float> counts = count(x, n, relaxed, batch);
    if (relaxed.low == m_range.low && relaxed.high == m_range.high) {
        for (size_t bin = 0; bin < counts.size(); ++bin)
            counts[bin] += m_counts[bin];
    } else {
        widen(counts, static_cast<int64_t>(ratio), static_cast<int64_t>(offset));
    }
    m_counts = std::move(counts);
    m_range = relaxed;
}

float TorchHistogram::error(int first, int last, int codes) const
{
    const double width = (static_cast<double>(m_range.high) - static_cast<double>(m_range.low)) / kBins;
    const double step = width * (last - first + 1) / codes;
    if (step == 0.0)
        return 0;
    const auto w = static_cast<float>(width);
    const auto d = static_cast<float>(step);
    const auto half = static_cast<float>(step / 2);
    const float whole = cubes(-half, half);
    const auto highest = static_cast<float>(codes - 1);
    std::vector<float> errors(kBins);
    for (int i = 0; i < kBins; ++i) {
        const float begin = static_cast<float>(i - first) * w;
        const float end = begin + w;
        const float from = std::clamp(floorQuotient(begin, d), 0.0F, highest);
        const float to = std::clamp(floorQuotient(end, d), 0.0F, highest);
        const float density = m_counts[static_cast<size_t>(i)] / w;
        float sum = density * cubes(begin - (from + 0.5F) * d, half);
        sum += (to - from - 1.0F) * (density * whole);
        sum += density * cubes(-half, end - (to * d + half));
        errors[static_cast<size_t>(i)] = sum;
    }
    return kernels::rowSum(errors.data(), kBins);
}

ValueRange TorchHistogram::range(int bits) const
{
    if (m_counts.empty())
        return {};
    const auto total = static_cast<double>(kernels::rowSum(m_counts.data(), kBins));
    std::vector<float> sums(m_counts.size());
    double running = 0;
    for (size_t bin = 0; bin < sums.size(); ++bin) {
        running += static_cast<double>(m_counts[bin]);
        sums[bin] = static_cast<float>(running);
    }
    int first = 0;
    int last = kBins - 1;
    double below = 0;
    double above = 1;
    float best = std::numeric_limits<float>::infinity();
    while (below < above) {
        const double nextBelow = below + kStep;
        const double nextAbove = above - kStep;
        const auto low = static_cast<float>(nextBelow * total);
        const auto high = static_cast<float>(nextAbove * total);
        const auto begin = sums.begin();
        const auto left = static_cast<int>(std::lower_bound(begin + first, begin + last, low) - begin);
        const auto right = static_cast<int>(std::upper_bound(begin + first + 1, begin + last + 1, high) - begin) - 1;
        int nextFirst = first;
        int nextLast = last;
        if (left - first > last - right) {
            nextFirst = left;
            below = nextBelow;
        } else {
            nextLast = right;
            above = nextAbove;
        }
        if (nextFirst == first && nextLast == last)
            continue;
        const float next = error(nextFirst, nextLast, 1 << bits);
        if (next > best)
            break;
        best = next;
        first = nextFirst;
        last = nextLast;
    }
    const float width = (m_range.high - m_range.low) / static_cast<float>(kBins);
    return {(m_range.low + width * static_cast<float>(first)) / m_unit,
            (m_range.low + width * static_cast<float>(last + 1)) / m_unit};
}

TorchHistogramState TorchHistogram::state() const
{
    return {m_cut ? ObserverKind::TorchHistogram113 : ObserverKind::TorchHistogram, m_unit, m_range.low, m_range.high, m_counts};
}

bool TorchHistogram::restore(const TorchHistogramState &state)
{
    const TorchHistogramState own = this->state();
    if (state.form != own.form || state.unit != own.unit || (!state.counts.empty() && state.counts.size() != kBins))
        return false;
    m_range = {state.low, state.high};
    m_counts = state.counts;
    return true;
}

} // namespace quantoscope
