// SPDX-License-Identifier: GPL-3.0-or-later
// Calibration: streams images through the float model and derives quantizer parameters for any setting afterwards.
#pragma once

#include "core/data/run_record.h"
#include "core/pipeline/evaluation_pass.h"
#include "core/quantization/observation_needs.h"
#include "core/quantization/range_history.h"

#include <functional>
#include <memory>
#include <optional>

namespace quantoscope {

/// What one set of settings gets from a calibration; vectors run parallel to Graph::taps.
struct CalibratedTaps {
    std::vector<QuantizerParameters> parameters;
    std::vector<TapStatistics> statistics;
    CalibrationHistory history; ///< of all batches
};

/// Sees the history so far, on the working thread, after a batch and not more often than it costs anything.
using CalibrationWatcher = std::function<void(const CalibrationHistory &)>;
/// Sees the state so far now and then, rarely enough that keeping it costs little.
using CalibrationSnapshot = std::function<void(std::shared_ptr<const CalibrationState>)>;

/// Statistics of all observers after all batches but the last, and that last batch.
/// FQ-ViT's PTF and OMSE choose with the last batch, and its LIS is already active in it (specification 2.2), so every
/// recipe, bit width and plan follows from this state with one more forward pass over that single batch; the result is
/// exactly that of a new calibration.
class Calibration {
public:
    /// Nothing seen yet; statistics of the weights. Observes what every setting can need, and `needs`.
    Calibration(const Executor &executor, const Model &model, ObservationNeeds needs = {});
    /// Adds a batch: runs the one that waited and keeps this one, which may turn out to be the last. Batches without
    /// images are ignored. After an error nothing was added. Errors: of the executor.
    [[nodiscard]] Result<void> add(Executor &executor, const Model &model, ImageBatch batch, const CancelToken &cancel);

    /// One pass over `set`. Undecodable images are left out and listed. After a cancellation complete() is false, and
    /// only statistics() are of use until it goes on: as `begun`, which was stopped in a pass over the same set with the
    /// same options, it needs the rest of the images alone. Errors: of the executor; BadInput when no image could be decoded.
    [[nodiscard]] static Result<Calibration> collect(Executor &executor, const Model &model, const ImageSet &set,
                                                     const PassOptions &options, ObservationNeeds needs,
                                                     const RunControl &control,
                                                     const CalibrationWatcher &watcher = {},
                                                     std::optional<Calibration> begun = {},
                                                     const CalibrationSnapshot &snapshot = {});

    /// What a later program goes on from: everything but the last batch, which it reads again. Null before the second batch.
    [[nodiscard]] std::shared_ptr<const CalibrationState> state() const;
    /// The calibration that had come to `state`, as one that collect() takes as `begun`: on the same images in the same
    /// batches, with the same model. Nothing when the state does not fit the model or lacks what `needs` asks for.
    [[nodiscard]] static std::optional<Calibration> restored(const Executor &executor, const Model &model,
                                                             ObservationNeeds needs, const CalibrationState &state);

    /// Parameters for `settings`, whose needs this calibration must cover. Errors: BadInput (values not finite, something
    /// not collected).
    [[nodiscard]] Result<CalibratedTaps> derive(Executor &executor, const Model &model,
                                                const std::vector<TapSetting> &settings,
                                                const CancelToken &cancel) const;

    /// Statistics so far, per tap.
    [[nodiscard]] std::vector<TapStatistics> statistics() const;
    /// History so far: of all batches but the last.
    [[nodiscard]] CalibrationHistory history() const { return historyOf(m_observers, m_batchImages); }
    [[nodiscard]] const ObservationNeeds &needs() const { return m_needs; }
    [[nodiscard]] double seconds() const { return m_seconds; }
    [[nodiscard]] bool complete() const { return m_complete; }
    [[nodiscard]] const std::vector<ImageFailure> &failures() const { return m_failures; }

private:
    ObservationNeeds m_needs;
    std::vector<std::optional<TapObserver>> m_observers; ///< per tap; empty for weights and what is not observed
    std::vector<TapStatistics> m_weights;                ///< per tap; of weights only
    std::vector<int> m_batchImages;                      ///< of the batches that the observers have seen
    ImageBatch m_lastBatch;
    std::vector<ImageFailure> m_failures;
    int64_t m_seen = 0;     ///< images of the set that were added or could not be decoded
    int64_t m_observed = 0; ///< of these, those before the last batch
    double m_seconds = 0;
    bool m_complete = true;
};

} // namespace quantoscope
