// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/calibration_output.h"

#include "core/quantization/range_history.h"

#include <fmt/format.h>

namespace quantoscope::cli {

using Json = nlohmann::ordered_json;

namespace {

/// Null unless the tap's values depend on images and were resampled.
const RangeBand *bandOf(const RunRecord &run, size_t tap)
{
    const std::vector<RangeBand> &bands = run.calibration.stability.taps;
    return tap < bands.size() && run.taps[tap].tap.kind == TapKind::Activation && bands[tap].scale > 0
             ? &bands[tap]
             : nullptr;
}

int imagesSeen(const CalibrationHistory &history)
{
    return history.imagesAfter(history.batches() - 1);
}

} // namespace

std::string calibrationText(const RunRecord &run)
{
    const CalibrationHistory &history = run.calibration.history;
    if (history.isEmpty())
        return {};
    std::string text;
    const NetworkConvergence network = networkConvergence(run);
    if (history.batches() > 1 && network.observed > 0) {
        const std::string &slowest = run.taps[static_cast<size_t>(network.slowest)].tap.path;
        text = network.moving == 0
                 ? fmt::format(
                     "Ranges: converged at {} of {} images (within 1 % of their width); last to settle: {}.\n",
                     network.images, imagesSeen(history), slowest)
                 : fmt::format("Ranges: the last batch still moved {} of {} by more than 1 % of their width, most "
                               "of all {}; the "
                               "others had settled at {} of {} images.\n",
                               network.moving, network.observed, slowest, network.images, imagesSeen(history));
    }
    if (const int worst = mostUnstableTap(run); worst >= 0)
        text += fmt::format(
            "Stability: over {} calibrations on images drawn with replacement (seed {}) the scale of {} varies "
            "most: 90 % lie in a band of {} % of it.\n",
            run.calibration.stability.samples, run.calibration.stability.seed,
            run.taps[static_cast<size_t>(worst)].tap.path, bandText(run, static_cast<size_t>(worst)));
    return text;
}

Json calibrationJson(const RunRecord &run)
{
    const CalibrationHistory &history = run.calibration.history;
    if (history.isEmpty())
        return nullptr;
    const NetworkConvergence network = networkConvergence(run);
    const auto path = [&](int tap) {
        return tap < 0 ? Json(nullptr) : Json(run.taps[static_cast<size_t>(tap)].tap.path);
    };
    Json json = {{"images", imagesSeen(history)},
                 {"batches", history.batches()},
                 {"observed_taps", network.observed},
                 {"moving_taps", network.moving},
                 {"converged_at_images",
                  network.moving == 0 && history.batches() > 1 ? Json(network.images) : Json(nullptr)},
                 {"slowest_tap", path(network.slowest)}};
    if (run.calibration.stability.samples > 0)
        json["resampled"] = {{"samples", run.calibration.stability.samples},
                             {"seed", run.calibration.stability.seed},
                             {"most_unstable_tap", path(mostUnstableTap(run))}};
    return json;
}

void addConvergence(Json &tap, const RunRecord &run, size_t index)
{
    const CalibrationHistory &history = run.calibration.history;
    const TapRecord &record = run.taps[index];
    if (history.isEmpty() || record.tap.kind != TapKind::Activation)
        return;
    const RangeConvergence convergence =
        rangeConvergence(history, index, followedObserver(record.setting.observer));
    if (!convergence.observed)
        return;
    tap["settled_after_images"] = convergence.moves ? Json(nullptr) : Json(convergence.images);
    if (const RangeBand *band = bandOf(run, index))
        tap["resampled"] = {{"low", {band->lowFrom, band->lowTo}},
                            {"high", {band->highFrom, band->highTo}},
                            {"scale", {band->scaleFrom, band->scaleTo}},
                            {"relative_width", band->relativeWidth()}};
}

std::string bandText(const RunRecord &run, size_t tap)
{
    const RangeBand *band = bandOf(run, tap);
    return band ? fmt::format("{:.2f}", 100 * band->relativeWidth()) : "-";
}

} // namespace quantoscope::cli
