// SPDX-License-Identifier: GPL-3.0-or-later
// What both parts of the layout need: the direction, and enumerations, which are stored by name. Private to core/io.
#pragma once

#include "core/data/run_record.h"
#include "core/io/hdf5_archive.h"

#include <algorithm>
#include <type_traits>

namespace quantoscope::hdf5 {

/// The record as this direction sees it.
template <typename Group, typename T>
using Value = std::conditional_t<Group::reading, T, const T>;

// ---- enumerations are stored by name ----

template <typename E>
inline constexpr std::array<E, 0> enumerators{};
template <>
inline constexpr std::array enumerators<TapKind>{TapKind::Activation, TapKind::Parameter, TapKind::Weight};
template <>
inline constexpr std::array enumerators<Role>{
    Role::Image,  Role::Embedding,        Role::PositionEmbedding, Role::Residual,   Role::Normalized, Role::Qkv,
    Role::AttentionOperand, Role::Scores, Role::AttentionWeights,  Role::Context,    Role::Projection, Role::Hidden,
    Role::Activation,       Role::ClassToken, Role::Logits,        Role::Weight,     Role::PositionBias, Role::Pooled};
template <>
inline constexpr std::array enumerators<QuantizerKind>{QuantizerKind::None, QuantizerKind::Uniform, QuantizerKind::Log2,
                                                       QuantizerKind::LogIntSoftmax, QuantizerKind::TwinUniform};
template <>
inline constexpr std::array enumerators<ObserverKind>{ObserverKind::MinMax, ObserverKind::Ema, ObserverKind::Percentile,
                                                      ObserverKind::Omse, ObserverKind::Ptf, ObserverKind::Entropy,
                                                      ObserverKind::Mse, ObserverKind::TorchHistogram,
                                                      ObserverKind::TorchHistogram113, ObserverKind::Fixed};
template <>
inline constexpr std::array enumerators<Granularity>{Granularity::Tensor, Granularity::Channel, Granularity::Head,
                                                     Granularity::Group};
template <>
inline constexpr std::array enumerators<Arithmetic>{Arithmetic::FqViT, Arithmetic::Torch, Arithmetic::TensorFlow};
template <>
inline constexpr std::array enumerators<TwinForm>{TwinForm::None, TwinForm::Gelu, TwinForm::Softmax,
                                                  TwinForm::SoftmaxReleased};
template <>
inline constexpr std::array enumerators<ResizeMode>{ResizeMode::ShorterSide, ResizeMode::Squash};
template <>
inline constexpr std::array enumerators<Decision>{Decision::None, Decision::Better, Decision::Worse,
                                                  Decision::Equivalent, Decision::Undecided};
template <>
inline constexpr std::array enumerators<SensitivityKind>{SensitivityKind::OnlyThis, SensitivityKind::AllButThis};
template <>
inline constexpr std::array enumerators<SensitivityPart>{SensitivityPart::Both, SensitivityPart::Weights,
                                                         SensitivityPart::Activations};
template <>
inline constexpr std::array enumerators<AttentionKind>{AttentionKind::ClassToken, AttentionKind::Received};
template <>
inline constexpr std::array enumerators<Interpolation>{Interpolation::Bicubic, Interpolation::Bilinear};

/// Into `value`; a name that is none fails at `item`.
template <typename E>
void parseName(Status &status, const std::string &item, const std::string &text, E &value)
{
    const auto &all = enumerators<E>;
    const auto found = std::find_if(all.begin(), all.end(), [&](E candidate) { return text == name(candidate); });
    if (found != all.end())
        value = *found;
    else
        status.fail(ErrorCode::CorruptFile, item, "unknown name \"" + text.substr(0, 80) + "\"");
}

} // namespace quantoscope::hdf5
