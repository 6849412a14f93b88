// SPDX-License-Identifier: GPL-3.0-or-later
// Which combinations of quantizer, observer and granularity make sense at which tap.
#pragma once

#include "core/base/result.h"
#include "core/data/graph.h"
#include "core/data/quantization.h"

#include <string>

namespace quantoscope {

/// What a setting depends on at its tap.
struct TapTraits {
    TapKind kind = TapKind::Activation;
    Role role = Role::Residual;
    int64_t channels = 1;
    bool heads = false; ///< the channels are attention heads
};

[[nodiscard]] TapTraits traitsOf(const Graph &graph, const Tap &tap);

/// Settings that pass can be calibrated from finite values. Errors: BadInput with the reason and what to do; `where` names
/// the tap. A setting without quantizer passes.
[[nodiscard]] Result<void> validateSetting(const TapSetting &setting, const TapTraits &tap, const std::string &where);

} // namespace quantoscope
