// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/plan_prediction.h"

#include "core/analysis/quantizer_preview.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace quantoscope {

namespace {

double toDb(double nmse)
{
    return nmse > 0 ? -10 * std::log10(nmse) : std::numeric_limits<double>::infinity();
}

TapPrediction known(TapPrediction::Source source, double nmse)
{
    return {source, nmse, toDb(nmse)};
}

/// Steps between the lowest and the highest code.
double stepsOf(const TapSetting &setting, int bits)
{
    if (setting.quantizer == QuantizerKind::TwinUniform)
        return std::ldexp(1, bits - 1) - 1;
    return std::ldexp(1, bits) - (setting.symmetric && setting.narrowRange ? 2 : 1);
}

/// The run's quantizer over the same range with other bits; nothing where one PreviewQuantizer cannot say it.
std::optional<PreviewQuantizer> withBits(const TapRecord &record, int bits)
{
    std::optional<PreviewQuantizer> quantizer = previewOf(record.parameters);
    if (!quantizer || quantizer->form == PreviewForm::PowerOfTwoFactor)
        return std::nullopt;
    const double ratio = stepsOf(record.setting, quantizer->bits) / stepsOf(record.setting, bits);
    quantizer->bits = bits;
    if (quantizer->form == PreviewForm::Log2 || quantizer->form == PreviewForm::LogIntSoftmax)
        return quantizer; // other bits reach further down, the largest level stays
    quantizer->scale *= ratio;
    quantizer->lowScale *= ratio;
    quantizer->zeroPoint = std::nearbyint(quantizer->zeroPoint / ratio);
    return quantizer;
}

double estimate(const QuantizerPreview &preview, const PreviewQuantizer &quantizer)
{
    return std::pow(10, -preview.estimate(quantizer).sqnrDb / 10);
}

/// Whether two settings differ in nothing but bits.
bool onlyBitsDiffer(TapSetting a, const TapSetting &b)
{
    a.bits = b.bits;
    return a == b;
}

bool isUsableWidth(int bits)
{
    return bits >= kLeastBits && bits <= kMostBits;
}

} // namespace

TapPrediction predictTap(const TapRecord &record, const TapSetting &setting)
{
    using Source = TapPrediction::Source;
    const TapError &error = record.error;
    const bool wasQuantized = record.setting.isQuantized();
    const bool measured = error.measured && wasQuantized && error.quantized;
    if (!setting.isQuantized())
        return known(wasQuantized ? Source::Float : Source::Unchanged, 0);
    if (wasQuantized && setting == record.setting)
        return measured ? known(Source::Unchanged, error.isolated.nmse) : TapPrediction{};
    if (!isUsableWidth(setting.bits))
        return {};
    const bool hasHistogram = !record.statistics.histogram.codes.empty();
    if (!wasQuantized) {
        // Nothing was calibrated for a quantizer: the range that was observed is all there is.
        if (!hasHistogram || setting.quantizer != QuantizerKind::Uniform || setting.granularity != Granularity::Tensor)
            return {};
        const QuantizerPreview preview(record.statistics);
        return known(Source::Histogram,
                     estimate(preview, preview.forObservedRange(PreviewForm::Uniform, setting.bits, setting.symmetric)));
    }
    if (!onlyBitsDiffer(record.setting, setting) || !isUsableWidth(record.setting.bits))
        return {};
    const std::optional<PreviewQuantizer> after = withBits(record, setting.bits);
    if (after && hasHistogram) {
        const QuantizerPreview preview(record.statistics);
        const double raw = estimate(preview, *after);
        const double same = estimate(preview, *previewOf(record.parameters));
        const bool correct = measured && same > 0 && error.isolated.nmse > 0;
        return known(Source::Histogram, correct ? raw * error.isolated.nmse / same : raw);
    }
    const bool uniform = record.setting.quantizer == QuantizerKind::Uniform
        || record.setting.quantizer == QuantizerKind::TwinUniform;
    if (!measured || !uniform)
        return {};
    const double ratio = stepsOf(record.setting, record.setting.bits) / stepsOf(record.setting, setting.bits);
    const double clipping = std::clamp(error.clippingErrorShare, 0.0, 1.0);
    return known(Source::StepSize, error.isolated.nmse * (clipping + (1 - clipping) * ratio * ratio));
}

PlanPrediction summarize(const std::vector<TapPrediction> &before, const std::vector<TapPrediction> &after)
{
    using Source = TapPrediction::Source;
    PlanPrediction sum;
    for (size_t t = 0; t < std::min(before.size(), after.size()); ++t) {
        const bool changed = after[t].source != Source::Unchanged
            && !(after[t].source == Source::Unknown && before[t].source == Source::Unknown);
        sum.changed += changed;
        sum.unknown += changed && !after[t].isKnown();
        if (!before[t].isKnown() || !after[t].isKnown())
            continue;
        sum.noiseBefore += before[t].nmse;
        sum.noiseAfter += after[t].nmse;
        if (changed)
            sum.worst.push_back(static_cast<int>(t));
    }
    const auto increase = [&](int t) { return after[static_cast<size_t>(t)].nmse - before[static_cast<size_t>(t)].nmse; };
    std::stable_sort(sum.worst.begin(), sum.worst.end(), [&](int a, int b) { return increase(a) > increase(b); });
    return sum;
}

} // namespace quantoscope
