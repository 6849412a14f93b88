// SPDX-License-Identifier: GPL-3.0-or-later
// One request as several runs that differ in their random calibration images (core/analysis/calibration_spread.h sums up).
#pragma once

#include "core/base/result.h"
#include "core/pipeline/requests.h"

#include <cstdint>
#include <string>
#include <vector>

namespace quantoscope {

inline constexpr size_t kMostDraws = 10000; ///< runs of one plan

/// Every seed with every size and every batch. An empty list stands for the request's own value.
struct CalibrationDraws {
    std::vector<uint64_t> seeds;
    std::vector<int> sizes;   ///< calibration images
    std::vector<int> batches; ///< images per calibration batch
};

/// The runs: float and quantized accuracy, no error analysis and no other measurement. Seed by seed and within it by size, so
/// that all sizes have about as many draws whenever it is stopped. Draws of one seed are nested: the images of a size are the
/// first ones of every larger size. The float model is evaluated once by a Session that runs them all.
/// Errors: Usage (nothing is quantized, a list of calibration images, whose draws would all be equal, an evaluation that stops
/// when it is decided, fewer than two runs or more than kMostDraws).
[[nodiscard]] Result<std::vector<RunRequest>> drawRequests(const RunRequest &request, const CalibrationDraws &draws);

/// What the runs take, before any of them.
struct DrawsCost {
    size_t runs = 0;
    int64_t calibrationImages = 0; ///< over all runs
    int64_t evaluationImages = 0;  ///< of each run
    int64_t available = 0;         ///< images to draw from
    bool drawsAll = false;         ///< the largest size is all of them: its draws differ in their order only
    double seconds = -1;           ///< at the rate of the run that was measured; negative: none was
};
/// Counts the images. `measured`, which may be null, is a run of the same model whose rates are used. Errors: of
/// drawRequests; BadInput (a size beyond the images that there are), those of openImages and openDataImages.
[[nodiscard]] Result<DrawsCost> drawsCost(const RunRequest &request, const CalibrationDraws &draws, const RunRecord *measured);

} // namespace quantoscope
