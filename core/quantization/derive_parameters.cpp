// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/derive_parameters.h"

#include "core/base/parallel.h"
#include "core/kernels/candidate_errors.h"
#include "core/quantization/fake_quantize.h"
#include "core/quantization/histogram_ranges.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace quantoscope {

namespace {

constexpr float kEpsilon = 1.1920929e-07F; // float32 machine epsilon, the published lower bound of a scale
constexpr int kOmseCandidates = 90;
constexpr int kPtfCandidates = 4;

/// The candidate with the least squared error over the values, the first of equal ones. Errors only grow while values are
/// added, so a candidate whose error on a part of them exceeds the whole error of another is out: the parts are every
/// 16th block, then the others, halving the gaps. What is left has been added up in full, in order of the blocks.
size_t leastErrorGrid(const std::vector<kernels::UniformGrid> &grids, std::span<const TensorView> parts)
{
    constexpr int64_t kBlock = 4096; // stays in the first-level cache while all candidates read it
    constexpr size_t kFirstGap = 16;
    struct Block {
        const float *x;
        int64_t n;
    };
    std::vector<Block> blocks;
    for (const TensorView &part : parts)
        for (int64_t i = 0, n = part.elements(); i < n; i += kBlock)
            blocks.push_back({part.data + i, std::min(kBlock, n - i)});
    std::vector<double> errors(grids.size() * blocks.size(), 0.0); // by candidate, then block
    std::vector<size_t> left(grids.size());
    std::iota(left.begin(), left.end(), size_t{0});
    const auto addUp = [&](const std::vector<size_t> &candidates, const std::vector<size_t> &chosen) {
        parallelRanges(static_cast<int64_t>(chosen.size()), 1, [&](int64_t begin, int64_t end, int) {
            for (int64_t i = begin; i < end; ++i) {
                const size_t block = chosen[static_cast<size_t>(i)];
                for (const size_t k : candidates)
                    errors[k * blocks.size() + block] = kernels::squaredError(blocks[block].x, blocks[block].n, grids[k]);
            }
        });
    };
    const auto errorOf = [&](size_t k) { // of the blocks so far; the others are 0
        const auto first = errors.begin() + static_cast<ptrdiff_t>(k * blocks.size());
        return std::accumulate(first, first + static_cast<ptrdiff_t>(blocks.size()), 0.0);
    };
    std::vector<size_t> chosen;
    for (size_t b = 0; b < blocks.size(); b += kFirstGap)
        chosen.push_back(b);
    addUp(left, chosen);
    // The likely winner is completed first: its error bounds the others.
    const size_t likely = *std::min_element(left.begin(), left.end(),
                                            [&](size_t a, size_t b) { return errorOf(a) < errorOf(b); });
    std::vector<size_t> others;
    for (size_t b = 0; b < blocks.size(); ++b)
        if (b % kFirstGap != 0)
            others.push_back(b);
    addUp({likely}, others);
    const double bound = errorOf(likely);
    left.erase(std::find(left.begin(), left.end(), likely));
    for (size_t gap = kFirstGap; !left.empty(); gap /= 2) {
        std::erase_if(left, [&](size_t k) { return errorOf(k) > bound; });
        if (gap == 1)
            break;
        chosen.clear();
        for (size_t b = gap / 2; b < blocks.size(); b += gap)
            chosen.push_back(b);
        addUp(left, chosen);
    }
    size_t best = likely;
    for (const size_t k : left) {
        const double error = errorOf(k);
        if (error < errorOf(best) || (error == errorOf(best) && k < best))
            best = k;
    }
    return best;
}

QuantizerParameters deriveOmse(ValueRange range, const TapSetting &setting, std::span<const TensorView> batch)
{
    std::vector<QuantizerParameters> candidates;
    std::vector<kernels::UniformGrid> grids;
    for (int k = 0; k < kOmseCandidates; ++k) {
        const auto factor = static_cast<float>(1.0 - 0.01 * k);
        candidates.push_back(parametersForRange({range.low * factor, range.high * factor}, setting));
        grids.push_back(uniformGrid(candidates.back()));
    }
    return candidates[leastErrorGrid(grids, batch)];
}

QuantizerParameters derivePtf(ValueRange range, int64_t channels, const TapSetting &setting,
                              std::span<const TensorView> batch)
{
    QuantizerParameters parameters = parametersForRange(range, setting);
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

/// One quantizer of several scales out of the quantizers of the parts.
QuantizerParameters joined(const std::vector<QuantizerParameters> &parts, bool symmetric)
{
    QuantizerParameters all = parts.front();
    all.scale.clear();
    for (const QuantizerParameters &part : parts) {
        all.scale.push_back(part.scale[0]);
        if (!symmetric)
            all.zeroPoints.push_back(part.zeroPoint);
    }
    return all;
}

/// How many scales a tap with `channels` channels gets.
size_t scalesFor(const TapSetting &setting, size_t channels)
{
    switch (setting.granularity) {
    case Granularity::Tensor: return 1;
    case Granularity::Group: return static_cast<size_t>(setting.groups);
    case Granularity::Channel:
    case Granularity::Head: break;
    }
    return channels;
}

/// One scale in all, or one per channel, head or group from the extremes of its channels.
QuantizerParameters minMaxParameters(const TapSetting &setting, const TapStatistics &statistics)
{
    const size_t channels = statistics.channelMinimum.size();
    const size_t scales = scalesFor(setting, channels);
    if (scales == 1)
        return parametersForRange({statistics.minimum, statistics.maximum}, setting);
    std::vector<QuantizerParameters> parts;
    for (size_t s = 0; s < scales; ++s) {
        const auto first = static_cast<ptrdiff_t>(s * channels / scales);
        const auto last = static_cast<ptrdiff_t>((s + 1) * channels / scales);
        const auto low = statistics.channelMinimum.begin();
        const auto high = statistics.channelMaximum.begin();
        parts.push_back(parametersForRange(
            {*std::min_element(low + first, low + last), *std::max_element(high + first, high + last)}, setting));
    }
    return joined(parts, setting.symmetric);
}

/// Both grids of a twin quantizer (specification 5.3). GELU: the negative one is fixed, the least value of GELU being
/// known. Softmax: the split is the program's first value, or with Mse the best of its candidates.
QuantizerParameters twinParameters(const TapSetting &setting, const TapStatistics &statistics)
{
    constexpr double kGeluMinimum = 0.16997124254703522;
    constexpr float kFirstSplit = 0.01F;
    constexpr int kSplits = 20;
    QuantizerParameters p;
    p.kind = QuantizerKind::TwinUniform;
    p.bits = setting.bits;
    p.isSigned = setting.twin == TwinForm::Gelu;
    p.twin = setting.twin;
    const auto codes = static_cast<float>(1 << (setting.bits - 1));
    const bool leastError = setting.observer == ObserverKind::Mse;
    const HistogramSamples samples(leastError ? statistics.histogram : ValueHistogram());
    if (setting.twin == TwinForm::Gelu) {
        p.lowScale = static_cast<float>(kGeluMinimum / static_cast<double>(codes));
        const float largest = std::max(kEpsilon, statistics.maximum / (codes - 0.5F));
        const auto withFactor = [&](double factor) {
            p.scale = {static_cast<float>(static_cast<double>(largest) * factor)};
            return p;
        };
        return withFactor(leastError
                              ? leastFactor([&](double factor) { return samples.squaredError(withFactor(factor)); })
                              : 1.0);
    }
    p.scale = {1.0F / (codes - 1)};
    const auto withSplit = [&](float split) {
        p.split = split;
        p.lowScale = split / (codes - 1);
        return p;
    };
    if (!leastError)
        return withSplit(kFirstSplit);
    float best = 1;
    double least = std::numeric_limits<double>::infinity();
    for (int i = 0; i < kSplits; ++i) {
        const float split = std::ldexp(1.0F, -i);
        if (const double error = samples.squaredError(withSplit(split)); error < least) {
            least = error;
            best = split;
        }
    }
    return withSplit(best);
}

/// The range that the observer of `setting` yields for a whole tensor.
ValueRange wholeRange(const TapSetting &setting, const TapObserver &observer)
{
    switch (setting.observer) {
    case ObserverKind::Ema: return observer.movingAverage();
    case ObserverKind::Percentile: return observer.percentile();
    case ObserverKind::Entropy: return entropyRange(observer.statistics().histogram, setting.bits);
    case ObserverKind::Mse:
        return leastErrorRange(observer.statistics().histogram, observer.minMax(), setting.symmetric,
                               [&](ValueRange range) { return parametersForRange(range, setting); });
    case ObserverKind::TorchHistogram:
    case ObserverKind::TorchHistogram113: return observer.torchHistogram(setting.observer)->range(setting.bits);
    case ObserverKind::MinMax:
    case ObserverKind::Omse:
    case ObserverKind::Ptf:
    case ObserverKind::Fixed: break;
    }
    return observer.minMax();
}

bool isTorchHistogram(ObserverKind kind)
{
    return kind == ObserverKind::TorchHistogram || kind == ObserverKind::TorchHistogram113;
}

} // namespace

QuantizerParameters parametersForRange(ValueRange range, const TapSetting &setting)
{
    QuantizerParameters p;
    p.kind = QuantizerKind::Uniform;
    p.bits = setting.bits;
    p.isSigned = setting.symmetric;
    p.arithmetic = setting.arithmetic;
    p.narrowRange = setting.narrowRange;
    if (setting.includeZero)
        range = {std::min(range.low, 0.0F), std::max(range.high, 0.0F)};
    const float codes = p.highestCode() - p.lowestCode();
    if (setting.symmetric) {
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
    return deriveFromParts(setting, observer, {&lastBatch, 1}, where);
}

Result<QuantizerParameters> deriveFromParts(const TapSetting &setting, const TapObserver &observer,
                                            std::span<const TensorView> lastBatch, const std::string &where)
{
    if (setting.quantizer == QuantizerKind::Log2 || setting.quantizer == QuantizerKind::LogIntSoftmax) {
        QuantizerParameters p;
        p.kind = setting.quantizer;
        p.bits = setting.bits;
        p.arithmetic = setting.arithmetic;
        return p;
    }
    if (observer.batches() == 0)
        return fail(ErrorCode::BadInput, "nothing was observed in calibration", where);
    const bool perChannel = setting.granularity != Granularity::Tensor;
    if (perChannel && setting.observer != ObserverKind::Ptf && setting.observer != ObserverKind::MinMax)
        return fail(ErrorCode::Internal,
                    std::string("observer ") + name(setting.observer) + " yields one range for the whole tensor", where,
                    "use minmax or ptf for a scale per channel");
    if (isTorchHistogram(setting.observer) && !observer.torchHistogram(setting.observer))
        return fail(ErrorCode::BadInput, std::string("its ") + name(setting.observer) + " was not collected", where,
                    "calibrate again");
    if (const auto finite = checkFinite(observer.statistics().histogram, where); !finite)
        return fail(finite.error());
    if (setting.quantizer == QuantizerKind::TwinUniform)
        return twinParameters(setting, observer.statistics());
    if (setting.observer == ObserverKind::MinMax)
        return minMaxParameters(setting, observer.statistics());
    const ValueRange range = wholeRange(setting, observer);
    if (setting.observer == ObserverKind::Omse)
        return deriveOmse(range, setting, lastBatch);
    if (setting.observer == ObserverKind::Ptf)
        return derivePtf(range, observer.channels(), setting, lastBatch);
    QuantizerParameters parameters = parametersForRange(range, setting);
    if (setting.observer == ObserverKind::Fixed) {
        parameters.scale = {setting.fixedScale};
        parameters.zeroPoint = setting.fixedZeroPoint;
    }
    return parameters;
}

Result<QuantizerParameters> deriveWeightParameters(const TapSetting &setting, const TensorView &weight,
                                                   const TapStatistics &statistics, const std::string &where)
{
    if (const auto finite = checkFinite(statistics.histogram, where); !finite)
        return fail(finite.error());
    if (setting.observer == ObserverKind::MinMax)
        return minMaxParameters(setting, statistics);
    const size_t scales = scalesFor(setting, statistics.channelMinimum.size());
    const int64_t part = weight.elements() / static_cast<int64_t>(scales);
    TapSetting one = setting;
    one.granularity = Granularity::Tensor;
    std::vector<QuantizerParameters> parts;
    for (size_t s = 0; s < scales; ++s) {
        const TensorView view{weight.data + static_cast<int64_t>(s) * part, {1, part}};
        TapObserver observer(1, true);
        if (isTorchHistogram(setting.observer))
            observer.collectTorchHistogram(setting.observer, 1.0F);
        observer.update({view.data, {1, 1, part}}, setting.observer == ObserverKind::Percentile);
        auto parameters = deriveParameters(one, observer, view, where);
        if (!parameters)
            return parameters;
        parts.push_back(std::move(*parameters));
    }
    return scales == 1 ? parts.front() : joined(parts, setting.symmetric);
}

std::vector<double> ptfErrors(const QuantizerParameters &largest, int64_t channels, std::span<const TensorView> batch)
{
    const auto width = static_cast<size_t>(channels);
    std::vector<std::vector<double>> sums(static_cast<size_t>(parallelThreads()),
                                          std::vector<double>(kPtfCandidates * width, 0.0));
    const kernels::UniformGrid grid = uniformGrid(largest);
    for (const TensorView &part : batch)
        parallelRanges(part.elements() / channels, std::max<int64_t>(1, 16384 / channels),
                       [&](int64_t begin, int64_t end, int thread) {
                           kernels::UniformGrid candidate = grid;
                           for (int k = 0; k < kPtfCandidates; ++k) {
                               candidate.scale = std::ldexp(grid.scale, k - (kPtfCandidates - 1));
                               kernels::addChannelErrors(part.data + begin * channels, end - begin, channels, candidate,
                                                         sums[static_cast<size_t>(thread)].data()
                                                             + static_cast<size_t>(k) * width);
                           }
                       });
    std::vector<double> total(kPtfCandidates * width, 0.0);
    for (const auto &sum : sums)
        for (size_t i = 0; i < sum.size(); ++i)
            total[i] += sum[i];
    return total;
}

} // namespace quantoscope
