// SPDX-License-Identifier: GPL-3.0-or-later
// From what an observer saw to scale and zero point.
#pragma once

#include "core/base/result.h"
#include "core/data/quantization.h"
#include "core/quantization/tap_observer.h"

#include <string>
#include <vector>

namespace quantoscope {

/// Asymmetric: scale = max(eps, (high - low) / (2^b - 1)), z = clamp(-RHE(low / scale)). Symmetric: scale =
/// max(eps, max(-low, high) / ((2^b - 1) / 2)), z = 0.
[[nodiscard]] QuantizerParameters parametersForRange(ValueRange range, int bits, bool symmetric);

/// Quantizer parameters of an activation or parameter tap. `lastBatch` is the last calibration batch at this tap:
/// OMSE and PTF choose with it (specification 3.4, 3.5); the others ignore it.
/// Errors: BadInput when the observer cannot serve the setting (a range per channel from EMA, Percentile or OMSE), when
/// nothing was observed or a value was not finite. `where` names the tap in messages.
[[nodiscard]] Result<QuantizerParameters> deriveParameters(const TapSetting &setting, const TapObserver &observer,
                                                           const TensorView &lastBatch, const std::string &where);

/// Parameters of a weight from its tensorStatistics(weight, true): MinMax, one scale per output channel or one in all
/// (specification 3). Errors: BadInput (not finite; an asymmetric range per channel).
[[nodiscard]] Result<QuantizerParameters> deriveWeightParameters(const TapSetting &setting, const TapStatistics &statistics,
                                                                 const std::string &where);

/// Squared error per channel of the four PTF candidates S8/8, S8/4, S8/2, S8 on `batch` [.., channels]: element
/// k * channels + c belongs to scale S8 / 2^(3-k). `largest` holds S8 and the zero point that serves all four
/// (specification 3.5). The smallest error wins, the first on a tie.
[[nodiscard]] std::vector<double> ptfErrors(const QuantizerParameters &largest, int64_t channels, const TensorView &batch);

} // namespace quantoscope
