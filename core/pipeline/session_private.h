// SPDX-License-Identifier: GPL-3.0-or-later
// The state of a Session, shared by its sources session*.cpp. Private to core/pipeline.
#pragma once

#include "core/models/checkpoint.h"
#include "core/pipeline/evaluation_pass.h"
#include "core/pipeline/interval_progress.h"
#include "core/pipeline/session.h"
#include "core/quantization/recipe.h"

#include <chrono>
#include <utility>

namespace quantoscope {

[[nodiscard]] inline double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// How a calibration goes on after an earlier program, and who looks at it.
struct CalibrationSteps {
    CalibrationWatcher watcher = {};
    std::shared_ptr<const CalibrationState> begun = {}; ///< of the same images and batches; null: none
    CalibrationSnapshot snapshot = {};
    std::function<void(bool)> resumed = {}; ///< told whether `begun` was used, unless there was no need for it
};

class Session::Private {
public:
    ModelRequest request;
    ModelPtr model;
    std::unique_ptr<Executor> executor;
    std::shared_ptr<CropCache> cache = std::make_shared<CropCache>(size_t{1} << 30);
    double matrixRate = 0;
    std::vector<std::pair<std::string, EvaluationResult>> floatResults; ///< newest last
    std::string calibrationKey;
    std::optional<Calibration> calibration;

    Result<EvaluationResult> evaluateFloat(const ResolvedImages &data, const PassOptions &options, const RunControl &control,
                                           const EvaluationResult *done = nullptr, const PassSnapshot &snapshot = {});
    [[nodiscard]] const EvaluationResult *knownFloat(const ResolvedImages &data) const; ///< null: not evaluated yet
    Result<const Calibration *> calibrate(const ImageSet &set, const PassOptions &options, ObservationNeeds needs,
                                          const RunControl &control, const CalibrationSteps &steps);
    /// Replaces min-max intervals by searched ones; those of the last search are kept.
    Result<void> search(const ImageSet &set, const PassOptions &options, const std::vector<TapSetting> &settings,
                        const IntervalSearch &wanted, std::vector<QuantizerParameters> &parameters,
                        const RunControl &control, const IntervalContinuation &continuation = {});
    class Run;    ///< session_run.cpp
    class Search; ///< session_search.cpp

    /// What a quantized run is about, before anything was computed.
    struct Quantized {
        Recipe recipe;
        ResolvedImages data; ///< the preprocessing alone when images are not asked for
        std::vector<TapSetting> settings;
        std::optional<IntervalSearch> search;
    };
    [[nodiscard]] Result<Quantized> resolveQuantized(const RunRequest &wanted, bool withImages = true) const;
    /// The random choice of `set` that a sensitivity request asks for.
    [[nodiscard]] static Result<ImageSet> sensitivityImages(const RunRequest &wanted, const ImageSet &set);
    /// Parameters for changed settings from the statistics of the calibration images, searched where `what` says so. All
    /// arguments must outlive it. Errors: Cancelled, of calibrate().
    /// The snapshot of `steps`, if set, sees the state of the whole calibration at the end.
    Result<DeriveParameters> deriver(const RunRequest &wanted, const Quantized &what, const ImageSet &calibrationImages,
                                     const RunControl &control, const CalibrationSteps &steps = {});
    /// `continuation.done` is reset when it does not fit.
    Result<SensitivityTable> measure(const RunRequest &wanted, const Quantized &what, const ImageSet &images,
                                     const SensitivityOptions &options, const ImageSet &calibrationImages,
                                     const RunControl &control, SensitivityContinuation &continuation,
                                     const CalibrationSteps &steps = {});
    /// The attention maps that are wanted. `mode` is the calibrated one.
    Result<void> mapAttention(RunRecord &record, const RunRequest &wanted, const Preprocessing &preprocessing,
                              ExecutionMode &mode, const RunControl &control);

    struct Searched {
        std::string images; ///< fingerprint
        std::vector<TapSetting> settings;
        IntervalSearch search;
        std::vector<QuantizerParameters> parameters;
    };
    std::optional<Searched> searched;
    std::optional<EvaluationCache> evaluations;
};

} // namespace quantoscope
