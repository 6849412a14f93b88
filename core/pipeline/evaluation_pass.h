// SPDX-License-Identifier: GPL-3.0-or-later
// One pass of a model over labelled images.
#pragma once

#include "core/base/run_control.h"
#include "core/imaging/batch_loader.h"
#include "core/pipeline/evaluation_cache.h"
#include "core/tensor/executor.h"

#include <functional>

namespace quantoscope {

/// How batches are made, the same for every pass of a session.
struct PassOptions {
    Preprocessing preprocessing;
    int batch = 25;
    std::shared_ptr<CropCache> cache; ///< may be null
    int64_t activationBytes = int64_t{1} << 30; ///< of activations that measurements of sensitivity share
};

/// Starts decoding `set` in batches of `batch` images.
[[nodiscard]] Result<std::unique_ptr<BatchLoader>> startLoading(const ImageSet &set, const PassOptions &options, int batch,
                                                                const RunControl &control);

/// Adds the predictions of a batch of `set` to a result; equal logits rank by class index. `logits`: images x classes.
void addPredictions(EvaluationResult &result, const ImageSet &set, const ImageBatch &batch,
                    const std::vector<float> &logits);
/// Fills in completeness and speed. Error: BadInput when a pass that was not stopped could decode no image.
[[nodiscard]] Result<void> finishPass(EvaluationResult &result, const ImageSet &set, const PhaseReporter &reporter,
                                      const RunControl &control);

/// Runs `set` through the model. Images that cannot be decoded are listed as failures and do not count; images with an
/// unknown label (-1) are predicted but do not count.
/// After a cancellation the result holds the images so far, `complete` being false. Errors: of the executor; BadInput
/// when no image could be decoded. `reuse`, if set, spares what the last pass with it computed already; where it did, the
/// result has no imagesPerSecond, because no whole pass was timed. `done`, if set, is what an earlier, stopped pass over the
/// same set left (see resume.h): only the rest is run. `snapshot`, if set, sees the result now and then, rarely enough that
/// copying it costs little.
using PassSnapshot = std::function<void(const EvaluationResult &)>;
[[nodiscard]] Result<EvaluationResult> evaluatePass(Executor &executor, const Model &model, const ImageSet &set,
                                                    ExecutionMode &mode, const PassOptions &options,
                                                    const RunControl &control, const std::string &phase,
                                                    EvaluationCache *reuse = nullptr,
                                                    const EvaluationResult *done = nullptr,
                                                    const PassSnapshot &snapshot = {});

/// What decides the outcome of a pass over images: which files as they are now (ImageStamp), in which order, how prepared,
/// how many at once.
[[nodiscard]] std::string fingerprint(const ImageSet &set, const Preprocessing &preprocessing, int batch);

} // namespace quantoscope
