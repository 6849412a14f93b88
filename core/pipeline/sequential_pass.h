// SPDX-License-Identifier: GPL-3.0-or-later
// An evaluation that is compared with a reference as it goes and ends when the comparison is clear.
#pragma once

#include "core/pipeline/evaluation_pass.h"
#include "core/pipeline/requests.h"

#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

/// Results of an earlier run for the images of a set.
struct Baseline {
    std::string file;                   ///< the run file
    std::vector<ImageOutcome> outcomes; ///< parallel to the set's items
    std::vector<std::string> sha256;    ///< ... of the images that the run saw; empty where unknown
};

/// What is evaluated, in which order, against what.
struct SequentialPlan {
    ImageSet set;                     ///< in random order
    std::optional<Baseline> baseline; ///< unset: the reference runs beside the own model
};

/// A comparison needs two sides and looks at accuracy. Errors: Usage; nothing to complain about without untilDecided.
[[nodiscard]] Result<void> checkUntilDecided(const RunRequest &request);

/// Puts `set` into the random order of `rule` (randomSubset of all); with a baseline, its images only, found by path.
/// Errors: of reading the run file; BadInput (other classes, no common image, contradicting labels, no labels at all).
[[nodiscard]] Result<SequentialPlan> planSequentialPass(ImageSet set, const UntilDecided &rule, const ModelInfo &model);

struct SequentialOutcome {
    EvaluationResult own;
    std::optional<EvaluationResult> reference; ///< of the same images; empty with a baseline
    SequentialRecord record;
};

/// Runs batch after batch through `own` (and `reference`, unless there is a baseline) and looks at the test after each.
/// After a cancellation the results hold the images so far and the record says undecided.
/// Errors: those of evaluatePass; BadInput when an image is not the one that the baseline saw (its hash differs).
[[nodiscard]] Result<SequentialOutcome> evaluateUntilDecided(Executor &executor, const ModelInfo &model,
                                                             const SequentialPlan &plan, const UntilDecided &rule,
                                                             ExecutionMode &reference, ExecutionMode &own,
                                                             const PassOptions &options, const RunControl &control);

} // namespace quantoscope
