// SPDX-License-Identifier: GPL-3.0-or-later
// Attention maps of one image, float against quantized.
#pragma once

#include "core/data/attention.h"
#include "core/pipeline/evaluation_pass.h"

namespace quantoscope {

/// Runs the image file `path` in float and as `mode` says (its parameters filled in), and records every attention.
/// Errors: of reading and decoding the image, Unsupported (a model without attention, or whose tokens are no square
/// grid), of the executor, Cancelled.
[[nodiscard]] Result<AttentionRecord> attentionMaps(Executor &executor, const Model &model, const std::string &path,
                                                    ExecutionMode &mode, const PassOptions &options,
                                                    const RunControl &control);

} // namespace quantoscope
