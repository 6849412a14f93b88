// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/derive_parameters.h"

#include "core/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantoscope {

namespace {

constexpr float kEpsilon = 1.1920929e-07F; // float32 machine epsilon, the published lower bound of a scale
constexpr int kOmseCandidates = 90;
constexpr int kPtfCandidates = 4;

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

/// One scale in all, or one per channel from that channel's extremes.
Result<QuantizerParameters> minMaxParameters(const TapSetting &setting, const TapStatistics &statistics,
                                             const std::string &where)
{
    QuantizerParameters p =
        parametersForRange({statistics.minimum, statistics.maximum}, setting.bits, setting.symmetric);
    if (setting.granularity == Granularity::Tensor)
        return p;
    if (!setting.symmetric)
        return fail(ErrorCode::BadInput, "an asymmetric range per channel needs a zero point per channel", where,
                    "make it symmetric; activations can use ptf instead");
    p.scale.clear();
    for (size_t c = 0; c < statistics.channelMinimum.size(); ++c)
        p.scale.push_back(
            parametersForRange({statistics.channelMinimum[c], statistics.channelMaximum[c]}, setting.bits, true).scale[0]);
    return p;
}

} // namespace

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
    if (setting.observer == ObserverKind::MinMax)
        return minMaxParameters(setting, observer.statistics(), where);
    if (setting.observer == ObserverKind::Omse)
        return deriveOmse(range, setting.bits, lastBatch);
    if (setting.observer == ObserverKind::Ptf)
        return derivePtf(range, observer.channels(), setting.bits, lastBatch);
    return parametersForRange(range, setting.bits, setting.symmetric);
}

Result<QuantizerParameters> deriveWeightParameters(const TapSetting &setting, const TapStatistics &statistics,
                                                   const std::string &where)
{
    if (const auto finite = checkFinite(statistics.histogram, where); !finite)
        return fail(finite.error());
    return minMaxParameters(setting, statistics, where);
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

} // namespace quantoscope
