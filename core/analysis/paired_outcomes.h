// SPDX-License-Identifier: GPL-3.0-or-later
// What two results say about the same pictures.
#pragma once

#include "core/base/result.h"
#include "core/data/run_record.h"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace quantoscope {

/// Which result of a run is meant.
enum class RunSide {
    Own,       ///< the quantized one of a quantized run, the float one of a float run
    Float,
    Quantized,
};

/// The result that a run has on that side, or null.
[[nodiscard]] const EvaluationResult *resultOf(const RunRecord &run, RunSide side);

/// Pairs of the same picture: indices into the two lists, ascending in the first.
struct ImageMatch {
    std::vector<std::pair<int, int>> pairs;
    bool byHash = false;         ///< the files' SHA-256 decided; otherwise path and name
    int64_t changedContent = 0;  ///< same path on both sides, but another file; not paired
};

/// Matches by SHA-256 where both lists have it, else by path. An image that is listed more than once is paired once for
/// each time that both lists have it.
[[nodiscard]] ImageMatch matchImages(const ImageListRecord &first, const ImageListRecord &second);

/// One picture that both results have an outcome for.
struct PairedOutcome {
    int imageFirst = 0;  ///< index into the first run's image list
    int imageSecond = 0; ///< ... and into the second's
    int label = -1;      ///< of either side, -1 when neither knows it
    const ImageOutcome *before = nullptr; ///< of the first result; never null, as long as the runs live
    const ImageOutcome *after = nullptr;
    std::span<const float> logitsBefore; ///< one per class; empty when the result keeps none
    std::span<const float> logitsAfter;
};

struct PairedOutcomes {
    std::vector<PairedOutcome> pairs; ///< in the order of the first run's images; never empty
    bool byHash = false;
    int64_t changedContent = 0;
};

/// Errors: BadInput (a side that the run lacks, other classes, no common image, an image with two different labels).
[[nodiscard]] Result<PairedOutcomes> pairOutcomes(const RunRecord &first, RunSide firstSide, const RunRecord &second,
                                                  RunSide secondSide);

} // namespace quantoscope
