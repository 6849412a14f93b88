// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of runPreflight, one file a subject; private to core/pipeline.
#pragma once

#include "core/pipeline/preflight.h"

namespace quantoscope::preflight {

inline constexpr double kSignificance = 0.01; ///< of every test, after Bonferroni's correction for their number
inline constexpr int kProbeImages = 128;      ///< behind a comparison of set-ups
inline constexpr int kScreeningImages = 32;   ///< after these, a set-up that is better on no more than half is dropped
inline constexpr int kActivationImages = 16;  ///< whose activations are looked at

/// Adds a finding. `values` in any order.
void add(PreflightReport &report, Severity severity, std::string id, std::vector<FindingValue> values = {});
/// The first few names and how many more there are: "a, b, c (+12)".
[[nodiscard]] FindingValue listValue(std::string name, const std::vector<std::string> &names);
/// The registry's entry of the opened model; null for a model that it does not know.
[[nodiscard]] const ModelEntry *publishedEntry(const ModelInfo &info);
/// `count` rows of [0, rows), evenly spread; all when there are fewer.
[[nodiscard]] std::vector<size_t> spreadRows(size_t rows, size_t count);

/// Labels to go on with: those given, or better ones that a finding explains.
struct LabelVerdict {
    std::vector<int> labels;   ///< per row of the float result; -1 unknown
    bool trusted = true;       ///< false: they belong to other classes in a way that no test of preprocessing survives
    bool explained = false;    ///< a finding names what is wrong with them
    double expectedHits = 0;   ///< what the predictions' own confidences promise
};
/// Missing, unordered, shifted, permuted labels. `result`: float, with logits.
[[nodiscard]] LabelVerdict checkLabels(const PreflightInput &input, const EvaluationResult &result,
                                       PreflightReport &report);

/// Preprocessing against what was published; no images needed.
void comparePublishedPreprocessing(const PreflightInput &input, PreflightReport &report);
/// Images that the comparisons will run, at most; the unit of progress.
[[nodiscard]] int64_t probeCost(const PreflightInput &input);
/// Other means, channel orders and crops on a few images. Returns whether a likely cause was named. Errors: executor.
[[nodiscard]] Result<bool> probePreprocessing(const PreflightInput &input, const EvaluationResult &result,
                                              const LabelVerdict &labels, const RunControl &control,
                                              PhaseReporter &reporter, PreflightReport &report);

void checkWeights(const PreflightInput &input, PreflightReport &report);
/// Dead channels and ranges on kActivationImages images. Errors: executor, loader.
[[nodiscard]] Result<void> checkActivations(const PreflightInput &input, const RunControl &control,
                                            PhaseReporter &reporter, PreflightReport &report);
/// What stays float under the request's recipe and plan.
void checkPlan(const PreflightInput &input, PreflightReport &report);
void checkCalibration(const PreflightInput &input, const RunControl &control, PreflightReport &report);

} // namespace quantoscope::preflight
