// SPDX-License-Identifier: GPL-3.0-or-later
// What quantizing one part of a model alone costs, and what leaving one part out of a quantized model saves.
#pragma once

#include "core/data/sensitivity.h"
#include "core/pipeline/evaluation_pass.h"

#include <functional>
#include <string>
#include <vector>

namespace quantoscope {

/// What is switched together.
enum class SensitivityLevel { Tap, Operator, Block, OperatorType };

/// Taps that are switched together, and their name in the table.
struct SensitivityUnit {
    std::string name;
    std::vector<int> weightTaps;     ///< get PrecisionOption::weightBits
    std::vector<int> activationTaps; ///< get PrecisionOption::activationBits
};

/// Every quantized tap of `settings` in exactly one unit, in order of execution.
[[nodiscard]] std::vector<SensitivityUnit> sensitivityUnits(const Graph &graph, const std::vector<TapSetting> &settings,
                                                            SensitivityLevel level);

struct SensitivityOptions {
    SensitivityLevel level = SensitivityLevel::Operator;
    std::vector<SensitivityKind> kinds = {SensitivityKind::OnlyThis};
    std::vector<SensitivityPart> parts = {SensitivityPart::Both};
    std::vector<PrecisionOption> options = {{8, 8}}; ///< of only-this; all-but-this leaves the unit in float
    int64_t bytesLimit = int64_t{1} << 30;           ///< of cached activations
};

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

/// Forward passes of the whole network that the measurements cost with prefix caching, by multiply-accumulates: known
/// before anything runs.
[[nodiscard]] double sensitivityCost(const Graph &graph, const std::vector<SensitivityMeasurement> &measurements);

/// Parameters per tap when every tap of `settings` has the given settings; called once per distinct width.
using DeriveParameters = std::function<Result<std::vector<QuantizerParameters>>(const std::vector<TapSetting> &)>;

/// Measures on the images of `set`: KL(float || quantized), top-1 agreement and top-1. Values before the first node that
/// a measurement changes come from a cache, which is why its logits equal a whole run's bit for bit.
/// Errors: Cancelled, BadInput (no image could be decoded), of `derive` and the executor.
/// Progress ("sensitivity") counts measurements times images.
[[nodiscard]] Result<SensitivityTable> measureSensitivity(Executor &executor, const Model &model, const ImageSet &set,
                                                          const std::vector<TapSetting> &settings,
                                                          const DeriveParameters &derive,
                                                          const SensitivityOptions &options, const PassOptions &pass,
                                                          const RunControl &control);

} // namespace quantoscope
