// SPDX-License-Identifier: GPL-3.0-or-later
// What quantizing one operator alone costs (or gains when all others are quantized), at every precision on offer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quantoscope {

/// Precision of one operator: bits of its weight and of the activations that it reads; 0 stays float.
struct PrecisionOption {
    int weightBits = 0;
    int activationBits = 0;
    bool operator==(const PrecisionOption &) const = default;
    [[nodiscard]] std::string text() const; ///< "4/8", "float", "float/8"
};

enum class SensitivityKind {
    OnlyThis,   ///< only this operator is quantized
    AllButThis, ///< every operator is quantized but this one
};

/// What of the operator the measurement quantizes (or leaves float).
enum class SensitivityPart { Both, Weights, Activations };

[[nodiscard]] const char *name(SensitivityKind kind); ///< "only-this", "all-but-this"
[[nodiscard]] const char *name(SensitivityPart part); ///< "both", "weights", "activations"

/// One measurement.
struct SensitivityRow {
    std::string operatorPath;  ///< PrecisionOperator::name (core/analysis/precision_operators.h)
    SensitivityKind kind = SensitivityKind::OnlyThis;
    SensitivityPart part = SensitivityPart::Both;
    PrecisionOption option;
    double kl = 0;             ///< mean KL(float || quantized) of softmax(logits), nats
    double klStandardError = 0;
    double agreement = 0;      ///< percent of images with the float model's top-1 class
    double top1 = 0;           ///< percent of the labelled images; NaN without labels
    int64_t images = 0;
};

struct SensitivityTable {
    std::string model;         ///< registry name
    std::string modelSha256;
    std::string recipe;        ///< QuantizationRequest::text() of the recipe behind it
    double floatTop1 = 0;      ///< percent on the same images; NaN without labels
    std::vector<SensitivityRow> rows;
};

} // namespace quantoscope
