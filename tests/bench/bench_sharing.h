// SPDX-License-Identifier: GPL-3.0-or-later
// What a run keeps of its speed beside a program that keeps all cores busy.
#pragma once

#include "core/tensor/executor.h"

#include <nlohmann/json.hpp>

#include <span>

namespace quantoscope::bench {

/// Rates alone and beside as many busy threads as there are cores, taken in turns; fair is half. Images on threads of
/// their own (the default) and all threads inside each operator (--reference-arithmetic).
[[nodiscard]] nlohmann::ordered_json measureSharing(const ModelPtr &model, std::span<const float> pixels, int images,
                                                    int threads, int rounds);

} // namespace quantoscope::bench
