// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/quantizer_levels.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantoscope {

namespace {

bool isLogarithmic(QuantizerKind kind)
{
    return kind == QuantizerKind::Log2 || kind == QuantizerKind::LogIntSoftmax;
}

double scaleOf(const QuantizerParameters &parameters, int channel)
{
    const auto index = static_cast<size_t>(std::max(channel, 0));
    return static_cast<double>(index < parameters.scale.size() ? parameters.scale[index]
                                                               : parameters.scale.front());
}

double zeroPointOf(const QuantizerParameters &parameters, int channel)
{
    const auto index = static_cast<size_t>(std::max(channel, 0));
    return static_cast<double>(index < parameters.zeroPoints.size() ? parameters.zeroPoints[index]
                                                                    : parameters.zeroPoint);
}

/// Values up to `upper` (from the step before) become `level`.
struct Step {
    double upper = 0;
    double level = 0;
};

/// The two grids of a softmax's twin quantizer. The released form adds both terms: below the split the large term keeps the
/// code of the split, above it the small term keeps its last code. A small split has code 0 on the large grid, so the
/// published form takes values just above it to 0: levels need not ascend.
std::vector<Step> twinSoftmaxSteps(const QuantizerParameters &p)
{
    const int codes = 1 << (p.bits - 1);
    const auto low = static_cast<double>(p.lowScale);
    const auto high = static_cast<double>(p.scale.front());
    const bool sum = p.twin == TwinForm::SoftmaxReleased;
    const auto splitCode = static_cast<int>(std::nearbyint(static_cast<double>(p.split) * (codes - 1)));
    const double below = sum ? splitCode * high : 0;
    const double above = sum ? (codes - 1) * low : 0;
    std::vector<Step> steps;
    for (int code = 0; code < codes; ++code)
        steps.push_back({(code + 0.5) * low, below + code * low});
    steps.back().upper = static_cast<double>(p.split);
    for (int code = splitCode; code < codes; ++code)
        steps.push_back({(code + 0.5) * high, above + code * high});
    return steps;
}

bool isTwinSoftmax(const QuantizerParameters &p)
{
    return p.kind == QuantizerKind::TwinUniform && p.twin != TwinForm::Gelu;
}

/// What becomes of a value, from the smallest to the largest; the last step has no end.
std::vector<Step> stepsOf(const QuantizerParameters &parameters, const std::vector<double> &levels)
{
    std::vector<Step> steps;
    if (isTwinSoftmax(parameters)) {
        steps = twinSoftmaxSteps(parameters);
    } else {
        const double factor = parameters.kind == QuantizerKind::LogIntSoftmax ? 1.0 / 1.5 : std::sqrt(0.5);
        for (size_t i = 0; i < levels.size(); ++i) {
            const double next = levels[std::min(i + 1, levels.size() - 1)];
            steps.push_back({isLogarithmic(parameters.kind) ? next * factor : (levels[i] + next) / 2, levels[i]});
        }
    }
    steps.back().upper = std::numeric_limits<double>::infinity();
    return steps;
}

} // namespace

int scaleIndex(const QuantizerParameters &parameters, int channel, int channels)
{
    const auto scales = static_cast<int64_t>(parameters.scale.size());
    return channels > 0 ? static_cast<int>(int64_t{channel} * scales / channels) : 0;
}

std::vector<double> quantizerLevels(const QuantizerParameters &parameters, int channel)
{
    constexpr int kSmallestExponent = 255; // of 8 bits; what a log-int-softmax without a limit adds is 0 in float32
    std::vector<double> levels;
    if (isLogarithmic(parameters.kind)) {
        levels.push_back(0);
        for (int k = parameters.bits > 7 ? kSmallestExponent : (1 << parameters.bits) - 1; k >= 0; --k)
            levels.push_back(std::ldexp(1.0, -k));
        return levels;
    }
    if (parameters.scale.empty())
        return levels;
    if (isTwinSoftmax(parameters)) {
        for (const Step &step : twinSoftmaxSteps(parameters))
            levels.push_back(step.level);
        std::sort(levels.begin(), levels.end());
        levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    } else if (parameters.kind == QuantizerKind::TwinUniform) {
        const int codes = 1 << (parameters.bits - 1);
        for (int code = -codes; code < codes; ++code)
            levels.push_back(code * static_cast<double>(code < 0 ? parameters.lowScale : parameters.scale.front()));
    } else if (parameters.kind == QuantizerKind::Uniform) {
        const double scale = scaleOf(parameters, channel);
        const auto highest = static_cast<int>(parameters.highestCode());
        for (int code = static_cast<int>(parameters.lowestCode()); code <= highest; ++code)
            levels.push_back((code - zeroPointOf(parameters, channel)) * scale);
    }
    return levels;
}

std::vector<LevelRange> quantizedRanges(const QuantizerParameters &parameters, int channels)
{
    std::vector<LevelRange> ranges;
    if (isLogarithmic(parameters.kind) || isTwinSoftmax(parameters)) {
        ranges.assign(static_cast<size_t>(std::max(channels, 0)), {0, 1});
    } else if (parameters.kind == QuantizerKind::TwinUniform) {
        const std::vector<double> levels = quantizerLevels(parameters);
        if (!levels.empty())
            ranges.assign(static_cast<size_t>(std::max(channels, 0)), {levels.front(), levels.back()});
    } else if (parameters.kind == QuantizerKind::Uniform && !parameters.scale.empty()) {
        for (int c = 0; c < channels; ++c) {
            const int index = scaleIndex(parameters, c, channels);
            const double scale = scaleOf(parameters, index);
            const double zeroPoint = zeroPointOf(parameters, index);
            ranges.push_back({(static_cast<double>(parameters.lowestCode()) - zeroPoint) * scale,
                              (static_cast<double>(parameters.highestCode()) - zeroPoint) * scale});
        }
    }
    return ranges;
}

std::vector<int> clippedChannels(const TapStatistics &statistics, const QuantizerParameters &parameters)
{
    std::vector<int> channels;
    if (parameters.kind != QuantizerKind::Uniform)
        return channels;
    const size_t count = std::min(statistics.channelMinimum.size(), statistics.channelMaximum.size());
    const std::vector<LevelRange> ranges = quantizedRanges(parameters, static_cast<int>(count));
    for (size_t c = 0; c < ranges.size(); ++c) {
        // A symmetric scale of max / 127.5 puts the extreme exactly half a step outside: rounding, not clipping.
        const double half = scaleOf(parameters, scaleIndex(parameters, static_cast<int>(c), static_cast<int>(count))) * 0.501;
        if (static_cast<double>(statistics.channelMinimum[c]) < ranges[c].low - half
            || static_cast<double>(statistics.channelMaximum[c]) > ranges[c].high + half)
            channels.push_back(static_cast<int>(c));
    }
    return channels;
}

LevelGrid levelGrid(const QuantizerParameters &parameters, int channel)
{
    LevelGrid grid;
    grid.levels = quantizerLevels(parameters, channel);
    if (grid.levels.empty())
        return grid;
    if (isTwinSoftmax(parameters)) { // a sum of two grids has no level at 0
        grid.low = 0;
        grid.high = 1;
    }
    for (const Step &step : stepsOf(parameters, grid.levels)) {
        const auto level = std::lower_bound(grid.levels.begin(), grid.levels.end(), step.level);
        grid.regions.push_back({step.upper, static_cast<size_t>(level - grid.levels.begin())});
    }
    return grid;
}

QuantizerEstimate estimateQuantizer(const ValueHistogram &histogram, const QuantizerParameters &parameters,
                                    int channel)
{
    return estimateLevels(HistogramSums(histogram), levelGrid(parameters, channel));
}

QuantizerParameters uniformForRange(float minimum, float maximum, int bits)
{
    QuantizerParameters parameters;
    parameters.kind = QuantizerKind::Uniform;
    parameters.bits = bits;
    const float highest = parameters.highestCode();
    const float scale = std::max(std::numeric_limits<float>::epsilon(), (maximum - minimum) / highest);
    parameters.scale = {scale};
    parameters.zeroPoint = std::clamp(-std::nearbyint(minimum / scale), 0.0F, highest);
    return parameters;
}

QuantizerParameters log2Quantizer(int bits)
{
    QuantizerParameters parameters;
    parameters.kind = QuantizerKind::Log2;
    parameters.bits = bits;
    return parameters;
}

} // namespace quantoscope
