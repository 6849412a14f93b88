// SPDX-License-Identifier: GPL-3.0-or-later
// How the cost of a forward pass grows with images, depth, width and tokens, on models of random weights.
#pragma once

#include "core/base/result.h"

#include <nlohmann/json.hpp>

namespace quantoscope::bench {

/// Per quantity: sizes, seconds, multiply-accumulates, and the exponents fitted to time and to multiply-accumulates.
[[nodiscard]] Result<nlohmann::ordered_json> measureGrowth(int threads, bool quick);

} // namespace quantoscope::bench
