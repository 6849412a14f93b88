// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/quantizer_levels.h"

#include "core/analysis/histogram_cells.h"

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

/// boundaries[i] separates levels[i] from levels[i + 1].
std::vector<double> decisionBoundaries(const std::vector<double> &levels, QuantizerKind kind)
{
    std::vector<double> boundaries;
    boundaries.reserve(levels.size());
    const double factor = kind == QuantizerKind::LogIntSoftmax ? 1.0 / 1.5 : std::sqrt(0.5);
    for (size_t i = 0; i + 1 < levels.size(); ++i)
        boundaries.push_back(isLogarithmic(kind) ? levels[i + 1] * factor : (levels[i] + levels[i + 1]) / 2);
    return boundaries;
}

} // namespace

std::vector<double> quantizerLevels(const QuantizerParameters &parameters, int channel)
{
    std::vector<double> levels;
    if (isLogarithmic(parameters.kind)) {
        levels.push_back(0);
        for (int k = (1 << parameters.bits) - 1; k >= 0; --k)
            levels.push_back(std::ldexp(1.0, -k));
    } else if (parameters.kind == QuantizerKind::Uniform && !parameters.scale.empty()) {
        const double scale = scaleOf(parameters, channel);
        const auto highest = static_cast<int>(parameters.highestCode());
        for (int code = static_cast<int>(parameters.lowestCode()); code <= highest; ++code)
            levels.push_back((code - static_cast<double>(parameters.zeroPoint)) * scale);
    }
    return levels;
}

std::vector<ValueRange> quantizedRanges(const QuantizerParameters &parameters, int channels)
{
    std::vector<ValueRange> ranges;
    if (isLogarithmic(parameters.kind)) {
        ranges.assign(static_cast<size_t>(std::max(channels, 0)), {0, 1});
    } else if (parameters.kind == QuantizerKind::Uniform && !parameters.scale.empty()) {
        const auto zeroPoint = static_cast<double>(parameters.zeroPoint);
        for (int c = 0; c < channels; ++c) {
            const double scale = scaleOf(parameters, c);
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
    const std::vector<ValueRange> ranges = quantizedRanges(parameters, static_cast<int>(count));
    for (size_t c = 0; c < ranges.size(); ++c) {
        // A symmetric scale of max / 127.5 puts the extreme exactly half a step outside: rounding, not clipping.
        const double half = scaleOf(parameters, static_cast<int>(c)) * 0.501;
        if (static_cast<double>(statistics.channelMinimum[c]) < ranges[c].low - half
            || static_cast<double>(statistics.channelMaximum[c]) > ranges[c].high + half)
            channels.push_back(static_cast<int>(c));
    }
    return channels;
}

QuantizerEstimate estimateQuantizer(const ValueHistogram &histogram, const QuantizerParameters &parameters,
                                    int channel)
{
    QuantizerEstimate estimate;
    const std::vector<double> levels = quantizerLevels(parameters, channel);
    if (levels.empty())
        return estimate;
    estimate.levels.resize(levels.size());
    for (size_t i = 0; i < levels.size(); ++i)
        estimate.levels[i].value = levels[i];
    const std::vector<double> boundaries = decisionBoundaries(levels, parameters.kind);

    double values = 0;
    double mass = 0;
    double energy = 0;
    double error = 0;
    double clipped = 0;
    double clippedError = 0;
    size_t level = 0;
    // A piece lies on one level and on one side of the representable range. For values evenly spread over a width w
    // around m: mean |x| = |m|, mean x^2 = m^2 + w^2/12, and the same around the level for the error.
    const auto addPiece = [&](double low, double high, double count) {
        const double middle = low + (high - low) / 2;
        const double spread = (high - low) * (high - low) / 12;
        const double distance = middle - levels[level];
        const double squared = count * (distance * distance + spread);
        estimate.levels[level].share += count;
        estimate.levels[level].massShare += count * std::abs(middle);
        values += count;
        mass += count * std::abs(middle);
        energy += count * (middle * middle + spread);
        error += squared;
        if (middle < levels.front() || middle > levels.back()) {
            clipped += count;
            clippedError += squared;
        }
    };
    forEachCell(histogram, [&](double low, double high, double count) {
        while (level < boundaries.size() && boundaries[level] < low)
            ++level;
        const double width = high - low;
        if (width <= 0) {
            addPiece(low, low, count);
            return;
        }
        double position = low;
        while (position < high) {
            // The ends of the range cut as well: a value beyond them is clipped, not rounded.
            double end = high;
            if (level < boundaries.size())
                end = std::min(end, boundaries[level]);
            if (position < levels.front())
                end = std::min(end, levels.front());
            else if (position < levels.back())
                end = std::min(end, levels.back());
            if (end > position)
                addPiece(position, end, count * (end - position) / width);
            position = end;
            if (level < boundaries.size() && position >= boundaries[level])
                ++level;
        }
    });
    if (values <= 0)
        return estimate;
    for (LevelUse &use : estimate.levels) {
        estimate.usedLevels += use.share > 0;
        if (use.value == 0)
            estimate.zeroMassShare = mass > 0 ? use.massShare / mass : 0;
        use.share /= values;
        use.massShare = mass > 0 ? use.massShare / mass : 0;
    }
    estimate.mse = error / values;
    estimate.sqnrDb = error > 0 ? 10 * std::log10(energy / error) : std::numeric_limits<double>::infinity();
    estimate.clippedShare = clipped / values;
    estimate.clippingErrorShare = error > 0 ? clippedError / error : 0;
    return estimate;
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
