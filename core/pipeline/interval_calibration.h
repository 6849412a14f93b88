// SPDX-License-Identifier: GPL-3.0-or-later
// PTQ4ViT's calibration: from min-max intervals to those that keep every matrix product closest to its float output.
#pragma once

#include "core/base/run_control.h"
#include "core/data/quantization.h"
#include "core/pipeline/evaluation_pass.h"
#include "core/pipeline/interval_progress.h"
#include "core/tensor/executor.h"
#include "core/tensor/gradient_capture.h"
#include "core/tensor/interval_search.h"

#include <span>
#include <string>
#include <vector>

namespace quantoscope {

/// What was searched at one node, for tables and tests.
struct ProductSearch {
    std::string node; ///< path
    std::vector<OperandSearch> searches;
};

/// Searches one captured product and replaces both operands' intervals in `parameters` (per tap, as calibration started
/// them); operands that `mode` does not quantize stay float. Errors: BadInput, Cancelled, Internal.
[[nodiscard]] Result<ProductSearch> searchProduct(const Executor &executor, const Model &model,
                                                  const CapturedProduct &captured, const ExecutionMode &mode,
                                                  const IntervalSearch &search,
                                                  std::vector<QuantizerParameters> &parameters,
                                                  const CancelToken &cancel);

/// Replaces the intervals of both operands of every product in `parameters` (per tap, as calibration started them) by the
/// searched ones. Every product sees the raw float model, as in the published program's parallel mode, so that their order
/// does not matter; or, `search.sequential`, a network whose earlier products are quantized as they were found, and the loss
/// is that network's against the float one's prediction. There products follow each other as they are executed; the program
/// takes an attention's projection before its two products, whose gradient would have to pass the projection's rounding. It
/// takes a pass forward and back for every product. `pixels` are all calibration images, normalised; `start` holds the
/// quantized network that calibration alone gives.
/// Products that `continuation` brings along are not searched again, and are not among those that are returned.
/// Errors: BadInput, Cancelled, Internal. Progress counts products ("search").
[[nodiscard]] Result<std::vector<ProductSearch>> searchModelIntervals(Executor &executor, const Model &model,
                                                                      std::span<const float> pixels, int images,
                                                                      const ExecutionMode &start,
                                                                      const IntervalSearch &search,
                                                                      std::vector<QuantizerParameters> &parameters,
                                                                      const RunControl &control,
                                                                      const IntervalContinuation &continuation = {});

/// The same on the images of `set`, which are decoded for it. Undecodable images are left out.
/// Errors also: BadInput when no image could be decoded.
[[nodiscard]] Result<std::vector<ProductSearch>> searchModelIntervals(Executor &executor, const Model &model,
                                                                      const ImageSet &set, const PassOptions &options,
                                                                      const ExecutionMode &start,
                                                                      const IntervalSearch &search,
                                                                      std::vector<QuantizerParameters> &parameters,
                                                                      const RunControl &control,
                                                                      const IntervalContinuation &continuation = {});

} // namespace quantoscope
