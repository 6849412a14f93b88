// SPDX-License-Identifier: GPL-3.0-or-later
// Where a forward pass spends its time, operator by operator, against what the machine could do.
#pragma once

#include "core/tensor/executor.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace quantoscope::bench {

/// Markdown: the ceilings of the device of `where` (on the CPU of one core), and for each mode a table of operator classes
/// with time, operations, bytes and the share of the roofline. On the CPU one thread, so that an operator's time is its own; on
/// a device the host waits after each node, which its time includes. Errors: of the executor.
[[nodiscard]] Result<std::string> rooflinePage(const ModelPtr &model, const ModelRequest &where,
                                               std::span<const float> pixels, int images,
                                               std::vector<std::pair<std::string, ExecutionMode>> modes, int repeats);

} // namespace quantoscope::bench
