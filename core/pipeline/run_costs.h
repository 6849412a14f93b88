// SPDX-License-Identifier: GPL-3.0-or-later
// What the plan of a run takes, kept with the run because it follows from the graph.
#pragma once

#include "core/data/graph.h"
#include "core/data/run_record.h"

#include <vector>

namespace quantoscope {

/// Fills in RunRecord::floatCosts and, where `settings` (parallel to Graph::taps) quantize anything, RunRecord::costs. Both
/// are about the taps that the recipe of record.request or `settings` quantize; neither is set when the recipe fits the
/// graph in no way.
void addCosts(RunRecord &record, const Graph &graph, bool inputQuantized, const std::vector<TapSetting> &settings);

} // namespace quantoscope
