// SPDX-License-Identifier: GPL-3.0-or-later
// What a tap is asked to do (setting) and what calibration found for it (parameters). Plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

enum class QuantizerKind {
    None,          ///< stays float
    Uniform,       ///< q = clamp(RHE(x/s + z)), x' = (q - z) s   (FQ-ViT 4.1)
    Log2,          ///< x' = 2^-clamp(RHE(-log2 x)), 0 past the last code (FQ-ViT 4.2)
    LogIntSoftmax, ///< integer softmax with log2 output (FQ-ViT, LIS); replaces the softmax itself
    TwinUniform,   ///< two uniform grids for one tap (PTQ4ViT), see TwinForm
};

enum class ObserverKind {
    MinMax,            ///< extremes of all batches
    Ema,               ///< running average of the batches' extremes
    Percentile,        ///< running average of the batches' outermost quantiles
    Omse,              ///< of 90 shrunk ranges the one with the least squared error in the last batch
    Ptf,               ///< per channel a power of two times one scale, chosen in the last batch
    Entropy,           ///< least Kullback-Leibler divergence of |x| (TensorRT), from the histogram
    Mse,               ///< least squared error, from the histogram
    TorchHistogram,    ///< torch's HistogramObserver
    TorchHistogram113, ///< the same with the fault of torch 1.13: bounds cut to whole numbers
    Fixed,             ///< scale and zero point given by the setting
};

/// What shares one scale. With n scales over c channels, channel k uses scale k * n / c.
enum class Granularity {
    Tensor,  ///< one scale
    Channel, ///< one per output channel of a weight, or per last-axis feature (colour of the image) of an activation
    Head,    ///< one per attention head, where the value has heads
    Group,   ///< one per group of a weight's output channels, TapSetting::groups of equal size
};

/// Whose order of float32 operations a quantizer follows; they differ at ties and in last bits.
enum class Arithmetic {
    FqViT,      ///< RHE(x / s + z); constants of the log-int-softmax times the reciprocal of s
    Torch,      ///< RHE(x * (1/s)) + z, as torch.fake_quantize
    TensorFlow, ///< as FqViT, but the constants of the log-int-softmax are true quotients
};

/// The two grids of a TwinUniform quantizer, m = 2^(bits - 1) codes each (PTQ4ViT, specification 5.3).
enum class TwinForm {
    None,
    Gelu,            ///< the sign decides: clamp(RHE(x/high), 0, m - 1) high, or clamp(RHE(x/low), -m, 0) low
    Softmax,         ///< the paper's: x < split on the grid split/(m - 1), else on 1/(m - 1)
    SoftmaxReleased, ///< the released program's: the sum of both terms, which adds up to `split` above it
};

/// The resolved line for one tap: recipe rules with the plan's rules on top.
struct TapSetting {
    QuantizerKind quantizer = QuantizerKind::None;
    ObserverKind observer = ObserverKind::MinMax;
    Granularity granularity = Granularity::Tensor;
    bool symmetric = false;        ///< signed, zero point 0; else unsigned with a zero point
    int bits = 8;                  ///< 2..8 (log-int-softmax: also 32, no limit to the codes); meaningless for None
    bool integerLayerNorm = false; ///< LayerNorm taps: integer arithmetic when both neighbours are quantized
    int groups = 1;                ///< of Granularity::Group
    Arithmetic arithmetic = Arithmetic::FqViT;
    bool narrowRange = false; ///< symmetric: codes -(2^(b-1) - 1) .. 2^(b-1) - 1, scale = largest / (2^(b-1) - 1)
    bool includeZero = false; ///< the range is widened to include 0 (torch)
    TwinForm twin = TwinForm::None;
    float fixedScale = 1;     ///< of ObserverKind::Fixed
    float fixedZeroPoint = 0; ///< of ObserverKind::Fixed, in codes

    [[nodiscard]] bool isQuantized() const { return quantizer != QuantizerKind::None; }
    bool operator==(const TapSetting &) const = default;
};

/// real = scale * (code - zero point); float32 like the programs that we compare with.
struct QuantizerParameters {
    QuantizerKind kind = QuantizerKind::None;
    int bits = 8;
    bool isSigned = false;
    std::vector<float> scale = {};   ///< one, or several: see Granularity; TwinUniform: the grid of the large values
    float zeroPoint = 0;             ///< in codes, of all scales unless zeroPoints has entries
    std::vector<int> ptfFactor = {}; ///< PTF: exponents alpha_c in 0..3 with scale_c = scale_min * 2^alpha_c; else empty
    std::vector<float> zeroPoints = {}; ///< one per scale, where they differ; else empty
    Arithmetic arithmetic = Arithmetic::FqViT;
    bool narrowRange = false;
    TwinForm twin = TwinForm::None;
    float lowScale = 0; ///< TwinUniform: the grid of the small (softmax) or negative (GELU) values
    float split = 0;    ///< TwinUniform, softmax: where the small values end

    [[nodiscard]] float lowestCode() const
    {
        return isSigned ? static_cast<float>(narrowRange) - static_cast<float>(1 << (bits - 1)) : 0.0F;
    }
    [[nodiscard]] float highestCode() const
    {
        return static_cast<float>(isSigned ? (1 << (bits - 1)) - 1 : (1 << bits) - 1);
    }
    [[nodiscard]] float zeroPointOf(size_t scaleIndex) const
    {
        return zeroPoints.empty() ? zeroPoint : zeroPoints[scaleIndex];
    }
    bool operator==(const QuantizerParameters &) const = default;
};

[[nodiscard]] const char *name(QuantizerKind kind);    ///< "none", "uniform", "log2", "log-int-softmax", "twin-uniform"
[[nodiscard]] const char *name(ObserverKind kind);     ///< "minmax", ..., "torch-histogram", "torch-histogram-1.13", "fixed"
[[nodiscard]] const char *name(Granularity g);         ///< "tensor", "channel", "head", "group"
[[nodiscard]] const char *name(Arithmetic arithmetic); ///< "fq-vit", "torch", "tensorflow"
[[nodiscard]] const char *name(TwinForm form);         ///< "none", "gelu", "softmax", "softmax-released"

inline constexpr int kLeastBits = 2;
inline constexpr int kMostBits = 8;
/// Width of a log-int-softmax whose codes have no limit (the TensorFlow port of FQ-ViT); no integer holds them.
inline constexpr int kUnlimitedBits = 32;

/// W/A/Attn bits as the field writes them.
struct BitWidths {
    int weights = 8;
    int activations = 8;
    int attention = 8;
    bool operator==(const BitWidths &) const = default;
    [[nodiscard]] std::string text() const; ///< "8/8/4"
    /// Of "8/8/4"; nothing when that is not W/A/Attn of kLeastBits to kMostBits each.
    [[nodiscard]] static std::optional<BitWidths> parse(const std::string &text);
};

/// How PTQ4ViT scores a candidate interval: similarity of a layer's quantized and float output (specification 5.4).
enum class SearchMetric { Cosine, Pearson, L1, L2, LinearWeightedL2, SquareWeightedL2, Hessian };

/// The loss whose gradients weight the Hessian metric.
enum class SearchLoss {
    Fisher,    ///< cross-entropy with a label drawn from the float model's own prediction
    Published, ///< KL divergence of the float and the quantized network, as in the paper
    Noise,     ///< the released program's: float against float, which leaves rounding noise; seeded here
};

/// A search for intervals after calibration; a recipe that has one says so.
struct IntervalSearch {
    std::string method = "ptq4vit";
    SearchMetric metric = SearchMetric::Hessian;
    SearchLoss loss = SearchLoss::Fisher;
    int rounds = 3;       ///< alternations between the two operands
    int candidates = 100; ///< intervals f_i * first interval, f_i = alpha + i (beta - alpha) / candidates, i < candidates
    double alpha = 0.01;
    double beta = 1.2;
    uint64_t seed = 0;     ///< of the drawn labels, or of the noise
    bool sequential = false; ///< each product sees those before it quantized; off: every one sees the float network
    bool screening = true; ///< candidates are tried on a part of the rows, the best of them on all; off: all on all rows
    bool operator==(const IntervalSearch &) const = default;
};

[[nodiscard]] const char *name(SearchMetric metric); ///< "cosine", "pearson", "l1", "l2", "linear-weighted-l2", ...
[[nodiscard]] const char *name(SearchLoss loss);     ///< "fisher", "published", "noise"

} // namespace quantoscope
