// SPDX-License-Identifier: GPL-3.0-or-later
// A made-up, plausible run of a DeiT-like model, so that views are tested without weights or images.
#pragma once

#include "core/jobs/workbench.h"

#include <memory>

namespace quantoscope::sample {

/// Twelve blocks with the node names of the ViT family, 192 channels, 3 heads.
[[nodiscard]] OpenedModelPtr model();

/// Quantized run of that model with ranges, histograms, parameters, errors, sensitivity and attention maps; `seed` varies accuracy and id.
[[nodiscard]] std::shared_ptr<RunRecord> run(const OpenedModelPtr &model, int seed = 1);

/// Evaluation of `count` images of which about `top1` percent are right; each image depends on `seed`.
[[nodiscard]] EvaluationResult evaluation(int count, double top1, int seed);

/// Histogram of the given values.
[[nodiscard]] ValueHistogram histogramOf(const std::vector<float> &values);

} // namespace quantoscope::sample
