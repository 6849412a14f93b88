// SPDX-License-Identifier: GPL-3.0-or-later
// The products of a model as float ones on values that are whole numbers times a scale, and as int8 ones of oneDNN.
#pragma once

#include "core/data/graph.h"
#include "core/data/model_request.h"

#include <nlohmann/json.hpp>

namespace quantoscope::bench {

/// Rates of the linear layers' products in GFLOP/s (GOP/s), and time in all. Float only without oneDNN's
/// headers, and on devices other than the CPU.
[[nodiscard]] nlohmann::ordered_json measureProducts(const Graph &graph, int images, const ModelRequest &where,
                                                     int repeats);

} // namespace quantoscope::bench
