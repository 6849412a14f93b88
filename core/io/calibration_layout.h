// SPDX-License-Identifier: GPL-3.0-or-later
// Where images that were left out, the history of a calibration and the bands of its resamples lie in the file, once for
// both directions as in run_layout.h. Private to core/io. Files of earlier programs have neither history nor bands.
#pragma once

#include "core/io/layout_names.h"

namespace quantoscope::hdf5 {

template <typename Group>
void exchangeFailures(Group &group, Value<Group, std::vector<ImageFailure>> &failures)
{
    struct Row {
        int image = 0;
        const char *reason = nullptr;
    };
    const std::array columns{column("image", &Row::image), column("reason", &Row::reason)};
    std::vector<Row> rows;
    for (const ImageFailure &failure : failures)
        rows.push_back({failure.image, failure.reason.c_str()});
    group.table("failures", columns, rows, {"", "image left out: image (index into the list), reason"});
    if constexpr (Group::reading) {
        failures.clear();
        for (const Row &row : rows)
            failures.push_back({row.image, row.reason});
    }
}

template <typename Group>
void exchangeHistory(Group group, Value<Group, CalibrationHistory> &history)
{
    auto kept = static_cast<int64_t>(history.images);
    group.attribute("images", kept);
    group.values("batch_images", history.batchImages, {"images", "batch, in order"});
    if constexpr (Group::reading) {
        group.require(kept >= 0, "the number of images is negative");
        history.images = static_cast<size_t>(std::max<int64_t>(0, kept));
    }
    const char *perBatch = "tap x batch; NaN: not observed";
    const size_t batches = history.batches();
    group.matrix("minimum", history.minimum, batches, {"value of the tap", perBatch});
    group.matrix("maximum", history.maximum, batches, {"value of the tap", perBatch});
    group.matrix("quantile_low", history.tailLow, batches,
                 {"value of the tap: quantile 1e-5 of the batch", perBatch});
    group.matrix("quantile_high", history.tailHigh, batches,
                 {"value of the tap: quantile 1 - 1e-5 of the batch", perBatch});
    if constexpr (Group::reading)
        history.taps = history.minimum.size() / std::max<size_t>(1, batches);
    if (history.images == 0)
        return;
    const char *perImage = "tap x image, in order of calibration; NaN: not observed";
    group.matrix("image_minimum", history.imageMinimum, history.images, {"value of the tap", perImage});
    group.matrix("image_maximum", history.imageMaximum, history.images, {"value of the tap", perImage});
}

template <typename Group>
void exchangeStability(Group group, Value<Group, CalibrationStability> &stability)
{
    group.attribute("samples", stability.samples);
    group.attribute("seed", stability.seed);
    static const std::array columns{
        column("low_5", &RangeBand::lowFrom),   column("low_95", &RangeBand::lowTo),
        column("high_5", &RangeBand::highFrom), column("high_95", &RangeBand::highTo),
        column("scale", &RangeBand::scale),     column("scale_5", &RangeBand::scaleFrom),
        column("scale_95", &RangeBand::scaleTo)};
    group.table(
        "band", columns, stability.taps,
        {"value of the tap (scale: per code)",
         "tap; 5 % and 95 % of its range on calibration images drawn with replacement; NaN: not observed"});
}

/// `group` is that of the calibration.
template <typename Group>
void exchangeConvergence(Group &group, Value<Group, CalibrationRecord> &calibration)
{
    bool history = !calibration.history.isEmpty();
    bool stability = calibration.stability.samples > 0;
    if constexpr (Group::reading) {
        history = group.has("history");
        stability = group.has("stability");
    }
    if (history)
        exchangeHistory(group.group("history"), calibration.history);
    if (stability)
        exchangeStability(group.group("stability"), calibration.stability);
}

} // namespace quantoscope::hdf5
