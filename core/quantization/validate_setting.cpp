// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quantization/validate_setting.h"

#include "core/data/channel_axis.h"

#include <fmt/format.h>

#include <cmath>

namespace quantoscope {

namespace {

using S = TapSetting;
using T = TapTraits;

bool isLogarithmic(const S &s)
{
    return s.quantizer == QuantizerKind::Log2 || s.quantizer == QuantizerKind::LogIntSoftmax;
}

bool hasOneScale(const S &s)
{
    return s.granularity == Granularity::Tensor;
}

/// Whether the observer keeps something per channel, or sees each part of a weight by itself.
bool servesParts(const S &s, const T &t)
{
    if (s.observer == ObserverKind::MinMax || s.observer == ObserverKind::Ptf)
        return true;
    return t.kind == TapKind::Weight && s.observer != ObserverKind::Fixed;
}

struct Objection {
    bool (*holds)(const S &, const T &);
    const char *reason;
    const char *hint;
};

bool isUniform(const S &s)
{
    return s.quantizer == QuantizerKind::Uniform;
}

/// The first that holds is reported.
const Objection kObjections[] = {
    {[](const S &s, const T &) {
         const bool unlimited = s.quantizer == QuantizerKind::LogIntSoftmax && s.bits == kUnlimitedBits;
         return !unlimited && (s.bits < kLeastBits || s.bits > kMostBits);
     },
     "its width is outside 2 to 8 bits", "give 2 to 8 bits; only a log-int-softmax may have 32"},

    // Where a quantizer can stand.
    {[](const S &s, const T &t) { return isLogarithmic(s) && t.role != Role::AttentionWeights; },
     "a log2 quantizer represents values from 0 to 1 only", "use it for softmax outputs (role attention_weights)"},
    {[](const S &s, const T &) { return isLogarithmic(s) && !hasOneScale(s); },
     "a log2 quantizer has no scale, so none per channel or head either", "give it granularity tensor"},
    {[](const S &s, const T &) { return s.twin != TwinForm::None && s.quantizer != QuantizerKind::TwinUniform; },
     "the form of a twin quantizer belongs to quantizer twin-uniform", "set the quantizer to twin-uniform"},
    {[](const S &s, const T &) { return s.quantizer == QuantizerKind::TwinUniform && s.twin == TwinForm::None; },
     "a twin quantizer needs to know which two grids it has", "set twin to gelu, softmax or softmax-released"},
    {[](const S &s, const T &t) { return s.twin == TwinForm::Gelu && t.role != Role::Activation; },
     "the twin quantizer for GELU relies on the least value of GELU", "use it for GELU outputs (role activation)"},
    {[](const S &s, const T &t) {
         return (s.twin == TwinForm::Softmax || s.twin == TwinForm::SoftmaxReleased) && t.role != Role::AttentionWeights;
     },
     "the twin quantizer for softmax represents values from 0 to 1 only",
     "use it for softmax outputs (role attention_weights)"},
    {[](const S &s, const T &) { return s.quantizer == QuantizerKind::TwinUniform && !hasOneScale(s); },
     "a twin quantizer has its two grids in place of scales per channel or head", "give it granularity tensor"},
    {[](const S &s, const T &) {
         return s.quantizer == QuantizerKind::TwinUniform && s.observer != ObserverKind::MinMax
             && s.observer != ObserverKind::Mse;
     },
     "the grids of a twin quantizer follow from extremes or from the histogram", "use observer minmax or mse"},

    // What shares a scale.
    {[](const S &s, const T &t) { return s.granularity == Granularity::Head && !t.heads; },
     "its values have no heads", "use granularity head for q, k, v, scores and softmax outputs only"},
    {[](const S &s, const T &t) { return s.granularity == Granularity::Channel && t.heads; },
     "its channels are attention heads", "use granularity head"},
    {[](const S &s, const T &t) { return s.granularity == Granularity::Group && t.kind != TapKind::Weight; },
     "only the output channels of weights fall into groups", "use granularity tensor, channel or head"},
    {[](const S &s, const T &t) {
         return s.granularity == Granularity::Group && (s.groups < 2 || t.channels % s.groups != 0);
     },
     "its output channels do not divide into that many groups", "give groups of at least 2 that divide the channels"},

    // What an observer yields.
    {[](const S &s, const T &t) { return s.observer == ObserverKind::Ema && t.kind == TapKind::Weight; },
     "a weight has no batches whose extremes could be averaged", "use observer minmax for weights"},
    {[](const S &s, const T &t) { return s.observer == ObserverKind::Ptf && t.kind == TapKind::Weight; },
     "power-of-two factors are for the inputs of LayerNorm", "use granularity channel with observer minmax"},
    {[](const S &s, const T &) {
         return isUniform(s) && s.observer == ObserverKind::Ptf && s.granularity != Granularity::Channel;
     },
     "power-of-two factors are scales per channel", "give it granularity channel"},
    {[](const S &s, const T &) { return isUniform(s) && s.observer == ObserverKind::Ptf && s.symmetric; },
     "power-of-two factors share the zero point of an asymmetric range", "set symmetric to false"},
    {[](const S &s, const T &) {
         return isUniform(s) && s.observer == ObserverKind::Ptf && s.arithmetic == Arithmetic::Torch;
     },
     "power-of-two factors are chosen with FQ-ViT's arithmetic", "set arithmetic to fq-vit"},
    {[](const S &s, const T &t) { return isUniform(s) && !hasOneScale(s) && !servesParts(s, t); },
     "its observer yields one range for the whole tensor", "use observer minmax for a scale per channel, head or group"},
    {[](const S &s, const T &) { return isUniform(s) && s.observer == ObserverKind::Entropy && !s.symmetric; },
     "entropy calibration chooses one threshold for magnitudes", "set symmetric to true"},
    {[](const S &s, const T &) {
         return s.observer == ObserverKind::Fixed
             && (!isUniform(s) || !(s.fixedScale > 0) || !std::isfinite(s.fixedScale));
     },
     "a fixed range needs a uniform quantizer and a positive scale", "set scale and zero_point"},
    {[](const S &s, const T &) {
         const float most = s.symmetric ? 0.0F : std::ldexp(1.0F, s.bits) - 1;
         return s.observer == ObserverKind::Fixed
             && !(s.fixedZeroPoint >= 0 && s.fixedZeroPoint <= most
                  && s.fixedZeroPoint == std::nearbyint(s.fixedZeroPoint));
     },
     "its zero point is none of its codes", "give a whole number from 0 to the highest code; 0 when it is symmetric"},

    // Forms of the uniform quantizer.
    {[](const S &s, const T &) { return s.narrowRange && !(isUniform(s) && s.symmetric); },
     "a narrow range leaves out the lowest code of a symmetric uniform quantizer", "set narrow_range to false"},
    {[](const S &s, const T &) { return s.includeZero && !isUniform(s); },
     "only the range of a uniform quantizer can be widened to include 0", "set include_zero to false"},
    {[](const S &s, const T &) { return s.arithmetic == Arithmetic::Torch && !isUniform(s); },
     "torch has a uniform quantizer only", "set arithmetic to fq-vit"},
    {[](const S &s, const T &) {
         return s.arithmetic == Arithmetic::TensorFlow && s.quantizer == QuantizerKind::TwinUniform;
     },
     "the TensorFlow port of FQ-ViT has no twin quantizer", "set arithmetic to fq-vit"},
};

std::string describe(const TapSetting &s)
{
    return fmt::format("{} {}, {}, {} bit, observer {}", s.symmetric ? "symmetric" : "asymmetric", name(s.quantizer),
                       s.granularity == Granularity::Group ? fmt::format("{} groups", s.groups)
                                                           : fmt::format("per {}", name(s.granularity)),
                       s.bits, name(s.observer));
}

} // namespace

TapTraits traitsOf(const Graph &graph, const Tap &tap)
{
    return {tap.kind, tap.role, tap.channels, channelsAreHeads(graph, tap)};
}

Result<void> validateSetting(const TapSetting &setting, const TapTraits &tap, const std::string &where)
{
    if (!setting.isQuantized())
        return {};
    for (const Objection &objection : kObjections)
        if (objection.holds(setting, tap))
            return fail(ErrorCode::BadInput, fmt::format("{} ({})", objection.reason, describe(setting)), where,
                        objection.hint);
    return {};
}

} // namespace quantoscope
