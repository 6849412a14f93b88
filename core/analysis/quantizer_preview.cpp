// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/quantizer_preview.h"

#include "core/analysis/quantizer_levels.h"
#include "core/data/histogram_cells.h"

#include <limits>
#include <map>

namespace quantoscope {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kLargestExponent = 3;
constexpr int kShrinks = 100;
constexpr double kSmallestScale = std::numeric_limits<float>::epsilon();
constexpr double kClassesPerOctave = 2;
constexpr int kMostClasses = 16;
constexpr int kSharingRounds = 25;

void addNearest(LevelGrid &grid, const std::vector<double> &levels)
{
    for (size_t i = 0; i < levels.size(); ++i) {
        grid.regions.push_back({i + 1 < levels.size() ? (levels[i] + levels[i + 1]) / 2 : kInfinity, i});
        grid.levels.push_back(levels[i]);
    }
}

LevelGrid logarithmicGrid(const PreviewQuantizer &q)
{
    LevelGrid grid;
    grid.levels.push_back(0);
    for (int k = (1 << q.bits) - 1; k >= 0; --k)
        grid.levels.push_back(std::ldexp(q.scale, -k));
    const double factor = q.form == PreviewForm::LogIntSoftmax ? 1 / 1.5 : std::sqrt(0.5);
    for (size_t i = 0; i < grid.levels.size(); ++i)
        grid.regions.push_back({i + 1 < grid.levels.size() ? grid.levels[i + 1] * factor : kInfinity, i});
    return grid;
}

/// The two grids of small and large softmax values overlap: just above the split, a value may fall on a level below it.
LevelGrid twinSoftmaxGrid(const PreviewQuantizer &q)
{
    const int codes = 1 << (q.bits - 1);
    const double split = (codes - 1) * q.lowScale;
    std::map<double, size_t> index;
    for (int k = 0; k < codes; ++k) {
        index[k * q.lowScale] = 0;
        index[k * q.scale] = 0;
    }
    LevelGrid grid;
    for (auto &[value, position] : index) {
        position = grid.levels.size();
        grid.levels.push_back(value);
    }
    for (int k = 0; k < codes; ++k)
        grid.regions.push_back({k + 1 < codes ? (k + 0.5) * q.lowScale : split, index[k * q.lowScale]});
    for (int k = 0; k < codes; ++k) {
        const double end = k + 1 < codes ? (k + 0.5) * q.scale : kInfinity;
        if (end > split)
            grid.regions.push_back({end, index[k * q.scale]});
    }
    return grid;
}

/// Range of a uniform quantizer, or of one side, shrunk by i / kShrinks.
double shrunk(double value, int i)
{
    return value * (1 - static_cast<double>(i) / kShrinks);
}

} // namespace

bool hasZeroPoint(PreviewForm form)
{
    return form == PreviewForm::Uniform || form == PreviewForm::PowerOfTwoFactor;
}

bool isTwin(PreviewForm form)
{
    return form == PreviewForm::TwinSign || form == PreviewForm::TwinSoftmax;
}

LevelGrid previewGrid(const PreviewQuantizer &q, int exponent)
{
    LevelGrid grid;
    if (q.form == PreviewForm::Log2 || q.form == PreviewForm::LogIntSoftmax)
        return logarithmicGrid(q);
    if (q.form == PreviewForm::TwinSoftmax)
        return twinSoftmaxGrid(q);
    const int codes = 1 << q.bits;
    std::vector<double> levels;
    if (q.form == PreviewForm::TwinSign) {
        for (int k = -codes / 2; k < 0; ++k)
            levels.push_back(k * q.lowScale);
        for (int k = 0; k < codes / 2; ++k)
            levels.push_back(k * q.scale);
        addNearest(grid, levels);
        return grid;
    }
    const double step = std::ldexp(q.scale, q.form == PreviewForm::PowerOfTwoFactor ? exponent : 0);
    const int first = q.isSigned ? -codes / 2 : 0;
    for (int code = q.narrowRange ? first + 1 : first; code < first + codes; ++code)
        levels.push_back((code - q.zeroPoint) * step);
    addNearest(grid, levels);
    return grid;
}

std::optional<PreviewQuantizer> previewOf(const QuantizerParameters &parameters)
{
    if (parameters.bits > kMostBits)
        return std::nullopt;
    PreviewQuantizer q;
    q.bits = parameters.bits;
    q.isSigned = parameters.isSigned;
    q.narrowRange = parameters.narrowRange;
    q.zeroPoint = static_cast<double>(parameters.zeroPoint);
    switch (parameters.kind) {
    case QuantizerKind::Log2: q.form = PreviewForm::Log2; return q;
    case QuantizerKind::LogIntSoftmax: q.form = PreviewForm::LogIntSoftmax; return q;
    case QuantizerKind::TwinUniform:
        if (parameters.twin == TwinForm::SoftmaxReleased || parameters.scale.empty())
            return std::nullopt; // its values are sums of both grids
        q.form = parameters.twin == TwinForm::Gelu ? PreviewForm::TwinSign : PreviewForm::TwinSoftmax;
        q.scale = static_cast<double>(parameters.scale.front());
        q.lowScale = static_cast<double>(parameters.lowScale);
        return q;
    case QuantizerKind::Uniform: break;
    default: return std::nullopt;
    }
    if (parameters.scale.empty())
        return std::nullopt;
    if (parameters.scale.size() > 1) {
        if (parameters.ptfFactor.size() != parameters.scale.size())
            return std::nullopt;
        q.form = PreviewForm::PowerOfTwoFactor;
        q.scale = std::ldexp(static_cast<double>(parameters.scale.front()), -parameters.ptfFactor.front());
        return q;
    }
    q.scale = static_cast<double>(parameters.scale.front());
    return q;
}

QuantizerPreview::QuantizerPreview(const TapStatistics &statistics)
    : m_minimum(static_cast<double>(statistics.minimum)), m_maximum(static_cast<double>(statistics.maximum)),
      m_values(statistics.histogram, {}, m_minimum, m_maximum)
{
    if (!(m_minimum <= m_maximum) || !std::isfinite(m_minimum) || !std::isfinite(m_maximum))
        m_minimum = m_maximum = 0;
    classify(statistics);
}

void QuantizerPreview::classify(const TapStatistics &statistics)
{
    std::vector<Extremes> channels;
    const size_t count = std::min(statistics.channelMinimum.size(), statistics.channelMaximum.size());
    for (size_t c = 0; c < count; ++c)
        if (statistics.channelMinimum[c] <= statistics.channelMaximum[c])
            channels.push_back({static_cast<double>(statistics.channelMinimum[c]),
                                static_cast<double>(statistics.channelMaximum[c])});
    if (channels.empty() || isEmpty())
        return;
    std::sort(channels.begin(), channels.end(),
              [](const Extremes &a, const Extremes &b) { return a.magnitude() > b.magnitude(); });
    // Half octaves down from the largest channel; all small ones share the last class.
    std::vector<std::vector<Extremes>> classes;
    int current = -1;
    for (const Extremes &channel : channels) {
        const double octaves = std::log2(channels.front().magnitude() / std::max(channel.magnitude(), 1e-300));
        const int wanted = std::min(static_cast<int>(octaves * kClassesPerOctave), kMostClasses - 1);
        if (wanted != current)
            classes.emplace_back();
        current = wanted;
        classes.back().push_back(channel);
    }

    // How many channels of each class can hold a value, cell by cell.
    std::vector<double> counts;
    std::vector<double> middles;
    forEachCell(statistics.histogram, [&](double low, double high, double n) {
        counts.push_back(n);
        middles.push_back(std::clamp(low + (high - low) / 2, m_minimum, m_maximum));
    });
    const size_t classCount = classes.size();
    std::vector<double> holds(counts.size() * classCount);
    for (size_t g = 0; g < classCount; ++g) {
        std::vector<double> lows;
        std::vector<double> highs;
        for (const Extremes &channel : classes[g]) {
            lows.push_back(channel.minimum);
            highs.push_back(channel.maximum);
        }
        std::sort(lows.begin(), lows.end());
        std::sort(highs.begin(), highs.end());
        size_t opened = 0;
        size_t closed = 0;
        for (size_t i = 0; i < middles.size(); ++i) {
            while (opened < lows.size() && lows[opened] <= middles[i])
                ++opened;
            while (closed < highs.size() && highs[closed] < middles[i])
                ++closed;
            holds[i * classCount + g] = static_cast<double>(opened - closed);
        }
    }
    // Iterative proportional fitting: every class gets its channels' share of all values.
    std::vector<double> weight(classCount, 1);
    const auto shares = [&](size_t i, std::span<double> out) {
        double all = 0;
        for (size_t g = 0; g < classCount; ++g)
            all += out[g] = weight[g] * holds[i * classCount + g];
        if (all <= 0) // between the extremes of all channels: a gap that only the widest class can explain
            out[0] = all = 1;
        for (double &share : out)
            share /= all;
    };
    std::vector<double> share(classCount);
    for (int round = 0; round < kSharingRounds; ++round) {
        std::vector<double> got(classCount);
        for (size_t i = 0; i < counts.size(); ++i) {
            shares(i, share);
            for (size_t g = 0; g < classCount; ++g)
                got[g] += counts[i] * share[g];
        }
        for (size_t g = 0; g < classCount; ++g) {
            const double wanted =
                m_values.total().count * static_cast<double>(classes[g].size()) / static_cast<double>(channels.size());
            weight[g] *= got[g] > 0 ? wanted / got[g] : 1;
        }
    }
    std::vector<std::vector<double>> parts(classCount, std::vector<double>(counts.size()));
    for (size_t i = 0; i < counts.size(); ++i) {
        shares(i, share);
        for (size_t g = 0; g < classCount; ++g)
            parts[g][i] = share[g];
    }
    for (size_t g = 0; g < classCount; ++g) {
        ChannelClass one;
        one.channels = std::move(classes[g]);
        one.values = HistogramSums(statistics.histogram, parts[g], m_minimum, m_maximum);
        m_classes.push_back(std::move(one));
    }
}

double QuantizerPreview::Extremes::magnitude() const
{
    return std::max(std::abs(minimum), std::abs(maximum));
}

namespace {

std::vector<LevelGrid> exponentGrids(const PreviewQuantizer &quantizer)
{
    std::vector<LevelGrid> grids;
    for (int exponent = 0; exponent <= kLargestExponent; ++exponent)
        grids.push_back(previewGrid(quantizer, exponent));
    return grids;
}

} // namespace

std::vector<int> QuantizerPreview::ChannelClass::exponents(const std::vector<LevelGrid> &grids) const
{
    std::vector<int> counts(grids.size());
    for (const Extremes &channel : channels) {
        // Within half a step of the outermost level is rounding, not clipping. The last exponent takes what none holds.
        size_t exponent = 0;
        for (; exponent + 1 < grids.size(); ++exponent) {
            const std::vector<double> &levels = grids[exponent].levels;
            const double half = (levels[1] - levels[0]) * 0.501;
            if (channel.minimum >= levels.front() - half && channel.maximum <= levels.back() + half)
                break;
        }
        ++counts[exponent];
    }
    return counts;
}

QuantizerEstimate QuantizerPreview::estimate(const PreviewQuantizer &quantizer) const
{
    if (quantizer.form != PreviewForm::PowerOfTwoFactor || m_classes.empty())
        return estimateLevels(m_values, previewGrid(quantizer));
    const std::vector<LevelGrid> grids = exponentGrids(quantizer);
    std::vector<LevelPart> parts;
    for (const ChannelClass &one : m_classes) {
        const std::vector<int> counts = one.exponents(grids);
        for (size_t exponent = 0; exponent < counts.size(); ++exponent)
            if (counts[exponent] > 0)
                parts.push_back({&one.values, grids[exponent],
                                 static_cast<double>(counts[exponent]) / static_cast<double>(one.channels.size())});
    }
    return estimateLevels(parts);
}

std::vector<int> QuantizerPreview::channelsPerExponent(const PreviewQuantizer &quantizer) const
{
    const std::vector<LevelGrid> grids = exponentGrids(quantizer);
    std::vector<int> channels(grids.size());
    for (const ChannelClass &one : m_classes) {
        const std::vector<int> counts = one.exponents(grids);
        for (size_t exponent = 0; exponent < counts.size(); ++exponent)
            channels[exponent] += counts[exponent];
    }
    return channels;
}

PreviewQuantizer QuantizerPreview::forObservedRange(PreviewForm form, int bits, bool isSigned) const
{
    PreviewQuantizer q;
    q.form = form;
    q.bits = bits;
    const double codes = std::exp2(bits);
    const double magnitude = std::max(std::abs(m_minimum), std::abs(m_maximum));
    switch (form) {
    case PreviewForm::Uniform:
    case PreviewForm::PowerOfTwoFactor:
        if (isSigned && form == PreviewForm::Uniform) {
            q.isSigned = true;
            q.scale = std::max(kSmallestScale, magnitude / ((codes - 1) / 2));
        } else {
            const QuantizerParameters uniform =
                uniformForRange(static_cast<float>(m_minimum), static_cast<float>(m_maximum), bits);
            q.scale = static_cast<double>(uniform.scale.front());
            q.zeroPoint = static_cast<double>(uniform.zeroPoint);
            if (form == PreviewForm::PowerOfTwoFactor)
                q.scale = std::ldexp(q.scale, -kLargestExponent);
        }
        break;
    case PreviewForm::Log2: q.scale = std::max(kSmallestScale, m_maximum); break;
    case PreviewForm::LogIntSoftmax: q.scale = 1; break;
    case PreviewForm::TwinSign:
        q.scale = std::max(kSmallestScale, m_maximum / (codes / 2 - 1));
        q.lowScale = std::max(kSmallestScale, -m_minimum / (codes / 2));
        break;
    case PreviewForm::TwinSoftmax: {
        q.scale = 1 / (codes / 2 - 1);
        PreviewQuantizer best = q;
        double least = kInfinity;
        for (int exponent = 0; exponent < 20; ++exponent) {
            q.lowScale = std::ldexp(q.scale, -exponent);
            const double error = estimate(q).mse;
            if (error < least) {
                least = error;
                best = q;
            }
        }
        return best;
    }
    }
    return q;
}

PreviewQuantizer QuantizerPreview::withLeastError(PreviewForm form, int bits, bool isSigned) const
{
    const PreviewQuantizer whole = forObservedRange(form, bits, isSigned);
    PreviewQuantizer best = whole;
    double least = estimate(whole).mse;
    const auto offer = [&](const PreviewQuantizer &candidate) {
        const double error = estimate(candidate).mse;
        if (error < least) {
            least = error;
            best = candidate;
        }
    };
    for (int i = 1; i < kShrinks; ++i) {
        PreviewQuantizer candidate = whole;
        if (form == PreviewForm::Uniform && !isSigned) {
            const QuantizerParameters uniform = uniformForRange(static_cast<float>(shrunk(m_minimum, i)),
                                                                static_cast<float>(shrunk(m_maximum, i)), bits);
            candidate.scale = static_cast<double>(uniform.scale.front());
            candidate.zeroPoint = static_cast<double>(uniform.zeroPoint);
        } else if (form != PreviewForm::TwinSoftmax && form != PreviewForm::LogIntSoftmax) {
            candidate.scale = shrunk(whole.scale, i);
        }
        offer(candidate);
    }
    if (isTwin(form)) {
        const PreviewQuantizer start = best;
        for (int i = 1; i < kShrinks; ++i) {
            PreviewQuantizer candidate = start;
            candidate.lowScale = shrunk(whole.lowScale, i);
            offer(candidate);
        }
    }
    return best;
}

} // namespace quantoscope
