// SPDX-License-Identifier: GPL-3.0-or-later
// What a selection of precisions takes.
#pragma once

#include <array>

namespace quantoscope {

/// What a budget limits.
enum class Resource {
    WeightBytes,   ///< of the quantized weights; biases and normalisation are not counted
    AverageBits,   ///< mean over all weights, and all activations of one image, that the operators decide about
    BitOperations, ///< sum of multiply-accumulates x weight bits x activation bits (float: 32), per image
    /// Of all quantized activations of one image: what is written and read again, not the peak at one moment.
    ActivationBytes,
};
inline constexpr std::array kResources{Resource::WeightBytes, Resource::AverageBits, Resource::BitOperations,
                                       Resource::ActivationBytes};
/// "weight-bytes", "average-bits", "bit-operations", "activation-bytes"
[[nodiscard]] const char *name(Resource resource);

/// What a selection takes in every unit, whatever a budget was about.
struct PrecisionCosts {
    double averageBits = 0;    ///< as Resource::AverageBits
    double weightBits = 0;     ///< mean over the weights alone
    double activationBits = 0; ///< mean over the activations of one image alone
    double weightBytes = 0;
    double bitOperations = 0;
    double activationBytes = 0; ///< NaN in runs of earlier versions
    int conversions = 0;       ///< edges of the graph whose ends differ in precision (boundaryConversions)

    [[nodiscard]] double of(Resource resource) const
    {
        switch (resource) {
        case Resource::WeightBytes: return weightBytes;
        case Resource::AverageBits: return averageBits;
        case Resource::BitOperations: return bitOperations;
        case Resource::ActivationBytes: return activationBytes;
        }
        return 0;
    }
    bool operator==(const PrecisionCosts &) const = default;
};

} // namespace quantoscope
