// SPDX-License-Identifier: GPL-3.0-or-later
// How the cost of a forward pass grows with images, depth, width and tokens, on models of random weights.
#pragma once

#include "core/base/result.h"
#include "core/data/model_request.h"

#include <nlohmann/json.hpp>

namespace quantoscope::bench {

/// On the device and threads of `where`. Per quantity: sizes, seconds, multiply-accumulates, and the exponents fitted to time and to multiply-accumulates.
[[nodiscard]] Result<nlohmann::ordered_json> measureGrowth(const ModelRequest &where, bool quick);

} // namespace quantoscope::bench
