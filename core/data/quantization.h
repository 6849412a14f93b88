// SPDX-License-Identifier: GPL-3.0-or-later
// What a tap is asked to do (setting) and what calibration found for it (parameters). Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quantoscope {

enum class QuantizerKind {
    None,          ///< stays float
    Uniform,       ///< q = clamp(RHE(x/s + z)), x' = (q - z) s   (FQ-ViT 4.1)
    Log2,          ///< x' = 2^-clamp(RHE(-log2 x)), 0 past the last code (FQ-ViT 4.2)
    LogIntSoftmax, ///< integer softmax with log2 output (FQ-ViT, LIS); replaces the softmax itself
};

enum class ObserverKind { MinMax, Ema, Percentile, Omse, Ptf };

enum class Granularity { Tensor, Channel };

/// The resolved line for one tap: recipe rules with the plan's rules on top.
struct TapSetting {
    QuantizerKind quantizer = QuantizerKind::None;
    ObserverKind observer = ObserverKind::MinMax;
    Granularity granularity = Granularity::Tensor;
    bool symmetric = false;        ///< signed, zero point 0 (weights); else unsigned with a zero point
    int bits = 8;                  ///< 2..8; meaningless when quantizer is None
    bool integerLayerNorm = false; ///< LayerNorm taps: integer arithmetic when both neighbours are quantized

    [[nodiscard]] bool isQuantized() const { return quantizer != QuantizerKind::None; }
    bool operator==(const TapSetting &) const = default;
};

/// real = scale * (code - zeroPoint); float32 like the programs that we compare with.
struct QuantizerParameters {
    QuantizerKind kind = QuantizerKind::None;
    int bits = 8;
    bool isSigned = false;
    std::vector<float> scale;   ///< one, or one per channel
    float zeroPoint = 0;        ///< in codes
    std::vector<int> ptfFactor; ///< PTF: exponents alpha_c in 0..3 with scale_c = scale_min * 2^alpha_c; else empty

    [[nodiscard]] float lowestCode() const { return isSigned ? -static_cast<float>(1 << (bits - 1)) : 0.0F; }
    [[nodiscard]] float highestCode() const
    {
        return static_cast<float>(isSigned ? (1 << (bits - 1)) - 1 : (1 << bits) - 1);
    }
};

[[nodiscard]] const char *name(QuantizerKind kind); ///< "none", "uniform", "log2", "log-int-softmax"
[[nodiscard]] const char *name(ObserverKind kind);  ///< "minmax", "ema", "percentile", "omse", "ptf"
[[nodiscard]] const char *name(Granularity g);      ///< "tensor", "channel"

/// W/A/Attn bits as the field writes them.
struct BitWidths {
    int weights = 8;
    int activations = 8;
    int attention = 8;
    bool operator==(const BitWidths &) const = default;
    [[nodiscard]] std::string text() const; ///< "8/8/4"
};

} // namespace quantoscope
