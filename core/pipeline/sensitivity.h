// SPDX-License-Identifier: GPL-3.0-or-later
// What quantizing one part of a model alone costs, and what leaving one part out of a quantized model saves.
#pragma once

#include "core/data/sensitivity.h"
#include "core/pipeline/evaluation_pass.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

/// Taps that are switched together, and their name in the table.
struct SensitivityUnit {
    std::string name;
    std::vector<int> weightTaps;     ///< get PrecisionOption::weightBits
    std::vector<int> activationTaps; ///< get PrecisionOption::activationBits
};

/// Every quantized tap of `settings` in exactly one unit, in order of execution.
[[nodiscard]] std::vector<SensitivityUnit> sensitivityUnits(const Graph &graph, const std::vector<TapSetting> &settings,
                                                            SensitivityLevel level);

/// One forward pass to make for every batch.
struct SensitivityMeasurement {
    size_t unit = 0;
    SensitivityRow row;                ///< what it measures; figures still empty
    std::vector<TapSetting> settings;  ///< per tap
    int firstChanged = 0;              ///< first node whose value differs from the run that the cache holds
};

/// The measurements that `options` ask for, without those that switch nothing (a unit without weights in part weights).
/// `settings` are the recipe's: widths replace them in only-this, and hold for the rest in all-but-this.
[[nodiscard]] std::vector<SensitivityMeasurement> planSensitivity(const Graph &graph,
                                                                  const std::vector<TapSetting> &settings,
                                                                  const SensitivityOptions &options);

/// Per node the share of a whole pass that a run from it on takes, by multiply-accumulates.
[[nodiscard]] std::vector<double> passShares(const Graph &graph);

/// Forward passes of the whole network that the measurements cost with prefix caching, by multiply-accumulates: known
/// before anything runs.
struct SensitivityPasses {
    double floating = 0;  ///< with (almost) everything in float
    double quantized = 0; ///< with (almost) everything quantized
    [[nodiscard]] double all() const { return floating + quantized; }
};
[[nodiscard]] SensitivityPasses sensitivityPasses(const Graph &graph,
                                                  const std::vector<SensitivityMeasurement> &measurements);

[[nodiscard]] inline double sensitivityCost(const Graph &graph, const std::vector<SensitivityMeasurement> &measurements)
{
    return sensitivityPasses(graph, measurements).all();
}

/// Seconds that a pass takes for one image, measured on noise: in float, and quantized as `settings` say when
/// `alsoQuantized` (with the ranges of that noise, which cost as much as any). Errors: of the executor, Cancelled.
struct PassSeconds {
    double floating = 0;
    double quantized = 0;
};
[[nodiscard]] Result<PassSeconds> timePasses(Executor &executor, const Model &model,
                                             const std::vector<TapSetting> &settings, bool alsoQuantized,
                                             const CancelToken &cancel);

/// Parameters per tap when every tap of `settings` has the given settings; called once per distinct width.
using DeriveParameters = std::function<Result<std::vector<QuantizerParameters>>(const std::vector<TapSetting> &)>;

/// How a measurement goes on after an earlier part, and how it leaves one.
struct SensitivityContinuation {
    std::optional<SensitivityTable> done = {}; ///< an unfinished table of the same measurements (continuesSensitivity)
    /// Sees the unfinished table now and then, between batches.
    std::function<void(const SensitivityTable &)> snapshot = {};
};

/// Whether `done` holds just the measurements of `plan`, each on the first images of a set of `images`.
[[nodiscard]] bool continuesSensitivity(const SensitivityTable &done, const std::vector<SensitivityMeasurement> &plan,
                                        size_t images);

/// Measures on the images of `set`: KL(float || quantized), top-1 agreement and top-1. Values before the first node that
/// a measurement changes come from a cache, which is why its logits equal a whole run's bit for bit.
/// After a cancellation the table holds what was finished, `complete` being false: every row on the same images, those of
/// whole batches; within the first batch the rows that were finished. Errors: Cancelled when nothing was, BadInput (no
/// image could be decoded), of `derive` and the executor. Progress ("sensitivity") counts sensitivityPasses.
/// A continued measurement equals a whole one but for the last bits of mean and standard error, which are pooled.
[[nodiscard]] Result<SensitivityTable> measureSensitivity(Executor &executor, const Model &model, const ImageSet &set,
                                                          const std::vector<TapSetting> &settings,
                                                          const DeriveParameters &derive,
                                                          const SensitivityOptions &options, const PassOptions &pass,
                                                          const RunControl &control,
                                                          const SensitivityContinuation &continuation = {});

} // namespace quantoscope
