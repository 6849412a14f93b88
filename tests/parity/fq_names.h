// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/run_record.h"

#include <string>

namespace quantoscope::testing {

/// Tap of a quantizer named as in FQ-ViT's program ("blocks.3.attn.qact2"); empty when there is none.
[[nodiscard]] std::string tapOfFqModule(const std::string &module, int depth);

/// "minmax", "omse/ptf", "ema+ptf+lis": observer and methods of a reference configuration, 8/8/8 or with LIS 8/8/4.
[[nodiscard]] QuantizationRequest requestOfFqConfig(const std::string &config);

} // namespace quantoscope::testing
