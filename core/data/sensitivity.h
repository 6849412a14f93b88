// SPDX-License-Identifier: GPL-3.0-or-later
// What quantizing one part of a model alone costs, and what leaving one part of a quantized model in float saves.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace quantoscope {

/// Precision of one operator: bits of its weight and of the activations that it reads; 0 stays float.
struct PrecisionOption {
    int weightBits = 0;
    int activationBits = 0;
    /// Of a measurement that keeps the width that each tap has.
    [[nodiscard]] static constexpr PrecisionOption own() { return {-1, -1}; }
    bool operator==(const PrecisionOption &) const = default;
    [[nodiscard]] std::string text() const; ///< "4/8", "float", "float/8", "own"
};

/// What is switched together.
enum class SensitivityLevel { Tap, Operator, Block, OperatorType };

enum class SensitivityKind {
    OnlyThis,   ///< only this operator is quantized
    AllButThis, ///< every operator is quantized but this one
};

/// What of the operator the measurement quantizes (or leaves float).
enum class SensitivityPart { Both, Weights, Activations };

[[nodiscard]] const char *name(SensitivityLevel level); ///< "tap", "operator", "block", "type"
[[nodiscard]] const char *name(SensitivityKind kind); ///< "only-this", "all-but-this"
[[nodiscard]] const char *name(SensitivityPart part); ///< "both", "weights", "activations"

/// Known before anything is measured.
struct SensitivityCost {
    size_t measurements = 0;
    int64_t images = 0;  ///< behind each measurement
    double passes = 0;   ///< forward passes of the whole network for each image, with cached prefixes
    double seconds = 0;  ///< estimated from passes timed on this machine; without calibration and decoding
};

/// One measurement.
struct SensitivityRow {
    std::string operatorPath;  ///< the unit: SensitivityTable::units; of operators PrecisionOperator::name
    SensitivityKind kind = SensitivityKind::OnlyThis;
    SensitivityPart part = SensitivityPart::Both;
    PrecisionOption option = {};   ///< of only-this; -1/-1: each tap's own
    double kl = 0;             ///< mean KL(float || quantized) of softmax(logits), nats
    double klStandardError = 0;
    double agreement = 0;      ///< percent of images with the float model's top-1 class
    double top1 = 0;           ///< percent of the labelled images; NaN without labels
    int64_t images = 0;
};

/// What to measure.
struct SensitivityOptions {
    SensitivityLevel level = SensitivityLevel::Operator;
    std::vector<SensitivityKind> kinds = {SensitivityKind::OnlyThis};
    std::vector<SensitivityPart> parts = {SensitivityPart::Both};
    /// Precisions of only-this; empty: each tap's own. All-but-this leaves the unit in float.
    std::vector<PrecisionOption> options = {{8, 8}};
    std::vector<SensitivityRow> known = {}; ///< measured before; left out
};

struct SensitivityTable {
    std::string model = {};        ///< registry name
    std::string modelSha256 = {};
    std::string recipe = {};       ///< QuantizationRequest::text() of the recipe behind it
    double floatTop1 = 0;          ///< percent on the same images; NaN without labels
    std::vector<SensitivityRow> rows = {};
    SensitivityLevel level = SensitivityLevel::Operator;
    std::vector<std::string> units = {}; ///< what is switched together, in order of execution
    std::vector<int> unitOfTap = {};     ///< per tap an index into units; -1: stays float
    SensitivityRow quantized = {};       ///< everything quantized as the recipe says, on the same images
    int64_t imagesWanted = 0;            ///< a cancelled measurement has fewer in its rows
    double seconds = 0;
    bool complete = true;                ///< false: cancelled; what was finished is there
    /// Of an incomplete one that can go on: images of the list, from its beginning, that every row has seen (those that
    /// could not be decoded count); 0: it cannot.
    int64_t imagesDone = 0;
    int64_t labelledDone = 0;            ///< of these, decoded and with a known class

    /// The measurement of a unit; null when there is none. All-but-this has no precision of its own.
    [[nodiscard]] const SensitivityRow *find(const std::string &unit, SensitivityKind kind, SensitivityPart part,
                                             PrecisionOption option) const;
};

} // namespace quantoscope
