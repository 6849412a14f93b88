// SPDX-License-Identifier: GPL-3.0-or-later
// One opened model and everything a user can ask of it. The window's worker and the command line both use this.
#pragma once

#include "core/base/run_control.h"
#include "core/data/preflight.h"
#include "core/pipeline/calibration.h"
#include "core/pipeline/plan_search.h"
#include "core/pipeline/requests.h"
#include "core/pipeline/sensitivity.h"

#include <functional>
#include <memory>
#include <optional>

namespace quantoscope {

/// The images that a request names, with preprocessing resolved.
struct ResolvedImages {
    ImageSet set;
    Preprocessing preprocessing;
};

/// All images of the folder, archive or list of a data request, whatever its limit. Errors: Usage (nothing named), those of
/// image_set.h.
[[nodiscard]] Result<ImageSet> openDataImages(const DataRequest &request);
/// Opens folder, archive or list of a data request. Errors: Usage (nothing named), BadInput (labels or class list do not
/// fit the model), those of image_set.h.
[[nodiscard]] Result<ResolvedImages> resolveData(const DataRequest &request, const ModelInfo &model);
/// What random calibration images are drawn from: the train split of the folder; they need no labels.
[[nodiscard]] Result<ImageSet> calibrationPool(const RunRequest &request);
/// Calibration images: the explicit list, or `count` random ones of the folder's train split; they need no labels.
[[nodiscard]] Result<ImageSet> resolveCalibration(const RunRequest &request);

/// How a run goes on after an earlier part, and how it leaves one.
struct RunContinuation {
    const RunRecord *partial = nullptr; ///< an unfinished run of the same request; what does not fit is not used
    std::function<void(const RunRecord &)> snapshot = {}; ///< sees the unfinished record now and then while it evaluates
    /// Sees, a few times a second while images are calibrated on, a record with model, request, taps and their settings, and
    /// the history so far (calibration.history); nothing else is in it.
    std::function<void(const RunRecord &)> calibrating = {};
};

/// The same for a search, whose record holds what it has so far: `sensitivity` (one table), `measuredPlans`, `floatResult`,
/// and in `result` the images of a plan in the middle of its evaluation, which is that of `request`.
struct SearchContinuation {
    const RunRecord *partial = nullptr; ///< as of an unfinished search; parts that do not fit are not used
    std::function<void(const RunRecord &)> snapshot = {}; ///< sees the unfinished record now and then
    /// Is told before anything runs what of `partial` is used and what is repeated, and why (ResumeNote::text).
    std::function<void(const std::string &)> resumed = {};
};

/// Keeps the executor, decoded crops, float results and calibration statistics between runs, so that switching a layer
/// costs one calibration batch and the quantized evaluation. Not thread-safe.
class Session {
public:
    /// Opens and checks the checkpoint. Errors: of openModel and Executor::create.
    [[nodiscard]] static Result<std::unique_ptr<Session>> open(const ModelRequest &request);
    ~Session();

    /// From now on keeps what a quantized evaluation computed, up to so many bytes, so that one with a changed plan starts
    /// at the first layer that changed. Its logits are the same bit for bit. For programs that run more than once.
    void keepEvaluation(int64_t bytesLimit);

    [[nodiscard]] const Model &model() const;
    [[nodiscard]] const ModelRequest &request() const;
    /// Sentences for the user: slow BLAS, assumptions about the model.
    [[nodiscard]] std::vector<std::string> warnings() const;

    using Update = std::function<void(const RunRecord &)>;
    /// Does what `request` says (its model part must equal the session's): float evaluation, calibration, quantized
    /// evaluation, error analysis, attention maps, sensitivity. `update`, if set, sees the record after every finished phase.
    /// After a cancellation the record holds what was finished and `complete` is false; Cancelled when nothing was.
    /// Where the request leaves the preprocessing open, the recipe's own is used, else the model's.
    /// RunRecord::environment["resumed"] says what of an earlier part was used, or why nothing was.
    /// Errors: bad request or data, executor; Unsupported (a recipe whose intervals are to be searched).
    [[nodiscard]] Result<RunRecord> run(const RunRequest &request, const RunControl &control, const Update &update,
                                        const RunContinuation &continuation = {});

    /// The check before a calibration of what `request` says (its model part must equal the session's). Looks at
    /// kMostPreflightImages images at most, unless the float result of all is there; float result and decoded crops serve
    /// the later run. Errors: of resolveData, the executor; Cancelled.
    [[nodiscard]] Result<PreflightReport> preflight(const RunRequest &request, const RunControl &control);

    /// What request.sensitivity will cost, before anything is calibrated; times a few passes on this machine.
    /// Errors: of resolving the request, the executor; Cancelled.
    [[nodiscard]] Result<SensitivityCost> sensitivityCost(const RunRequest &request, const RunControl &control);

    /// What quantizing parts of the model alone costs, on the request's images.
    /// `announce`, if set, is told the number of measurements and their cost in forward passes before the first one; false
    /// stops. Calibrates as run() does. Errors: of run(); Cancelled.
    using AnnounceCost = std::function<bool(size_t measurements, double passes)>;
    [[nodiscard]] Result<SensitivityTable> sensitivity(const RunRequest &request, const SensitivityOptions &options,
                                                       const RunControl &control, const AnnounceCost &announce);

    /// Mixed precision by budget (plan_search.h). Calibrates as run() does and measures the sensitivity on the first
    /// `images` calibration images; the points that the request wants run see the images of its data, as run() does.
    /// `announce`, if set, is told the cost before anything is computed; false stops. Errors: of run(), searchPlans();
    /// Cancelled before the front is there.
    using AnnouncePlanSearch = std::function<bool(const PlanSearchCost &)>;
    [[nodiscard]] Result<PrecisionSearchResult> searchPlans(const PlanSearchRequest &request, const RunControl &control,
                                                            const AnnouncePlanSearch &announce,
                                                            const UpdatePlanSearch &update,
                                                            const SearchContinuation &continuation = {});

private:
    Session();
    class Private;
    std::unique_ptr<Private> d;
};

/// Fills in the SHA-256 of every image of a record that lacks it (reads the files). Errors: Cancelled; an unreadable
/// file gets an empty hash.
[[nodiscard]] Result<void> hashImages(RunRecord &record, const RunControl &control);

} // namespace quantoscope
