// SPDX-License-Identifier: GPL-3.0-or-later
// Error per tap: isolated (this tap's own quantizer) and cumulative (the whole quantized network up to here).
#pragma once

#include "core/data/statistics.h"
#include "core/pipeline/evaluation_pass.h"

namespace quantoscope {

struct ErrorAnalysis {
    std::vector<TapError> taps; ///< parallel to Graph::taps
    std::vector<int> images;    ///< those that could be decoded: indices into the set, in the order of TapError::image*
};

/// Compares the float network with the quantized `mode` on the images of `set`, tap by tap, in batches of four images
/// so that one batch of float activations is all that is kept.
/// Isolated: the float value against its quantized self; for a log-int-softmax the integer softmax of the float scores.
/// Cumulative: what consumers read in the quantized network against the float value. Weights: isolated only.
/// Errors: Cancelled, BadInput (no image could be decoded), of the executor.
[[nodiscard]] Result<ErrorAnalysis> analyzeErrors(Executor &executor, const Model &model, const ImageSet &set,
                                                  ExecutionMode &mode, const PassOptions &options,
                                                  const RunControl &control);

} // namespace quantoscope
