// SPDX-License-Identifier: GPL-3.0-or-later
// From what an observer saw to scale and zero point.
#pragma once

#include "core/base/result.h"
#include "core/data/quantization.h"
#include "core/quantization/tap_observer.h"

#include <span>
#include <string>
#include <vector>

namespace quantoscope {

/// One scale for a range, as `setting` says (bits, symmetric, narrowRange, includeZero, arithmetic).
/// Asymmetric: scale = max(eps, (high - low) / (2^b - 1)), z = clamp(-RHE(low / scale)). Symmetric: scale =
/// max(eps, max(-low, high) / (half of highest - lowest code)), z = 0.
[[nodiscard]] QuantizerParameters parametersForRange(ValueRange range, const TapSetting &setting);

/// Quantizer parameters of an activation or parameter tap whose setting passed validateSetting(). `lastBatch` is the last
/// calibration batch at this tap: OMSE and PTF choose with it (specification 3.4, 3.5); the others ignore it.
/// Errors: BadInput when nothing was observed, a value was not finite, or a torch histogram was not collected; Internal
/// when the observer cannot serve the setting. `where` names the tap in messages.
[[nodiscard]] Result<QuantizerParameters> deriveParameters(const TapSetting &setting, const TapObserver &observer,
                                                           const TensorView &lastBatch, const std::string &where);

/// The same for a last batch that lies in several parts, images in order.
[[nodiscard]] Result<QuantizerParameters> deriveFromParts(const TapSetting &setting, const TapObserver &observer,
                                                          std::span<const TensorView> lastBatch, const std::string &where);

/// Parameters of a weight [output channels, ...] with its tensorStatistics(weight, true): one scale in all, per group of
/// output channels or per output channel. MinMax reads the statistics only; the other observers see each part of the
/// weight as a batch of its own. Errors: BadInput (not finite).
[[nodiscard]] Result<QuantizerParameters> deriveWeightParameters(const TapSetting &setting, const TensorView &weight,
                                                                 const TapStatistics &statistics,
                                                                 const std::string &where);

/// Squared error per channel of the four PTF candidates S8/8, S8/4, S8/2, S8 on `batch` [.., channels]: element
/// k * channels + c belongs to scale S8 / 2^(3-k). `largest` holds S8 and the zero point that serves all four
/// (specification 3.5). The smallest error wins, the first on a tie.
[[nodiscard]] std::vector<double> ptfErrors(const QuantizerParameters &largest, int64_t channels,
                                             std::span<const TensorView> batch);

} // namespace quantoscope
