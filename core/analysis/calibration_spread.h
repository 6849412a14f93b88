// SPDX-License-Identifier: GPL-3.0-or-later
// How far the accuracy of a quantized model moves with the choice of calibration images, and from how many on it stays.
#pragma once

#include "core/data/run_record.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

/// What one run says. NaN where it cannot: top-1 without images of known class, the others without a float result of the
/// same images, KL without logits too.
struct DrawFigures {
    double top1 = std::numeric_limits<double>::quiet_NaN();      ///< percent
    double agreement = std::numeric_limits<double>::quiet_NaN(); ///< images with the float model's best class, percent
    double kl = std::numeric_limits<double>::quiet_NaN(); ///< mean of KL(float || quantized) over images with finite logits, nats
};
/// Of a run with a quantized result. Looks at all logits: a second on 50,000 images of 1,000 classes. Any thread.
[[nodiscard]] DrawFigures drawFigures(const RunRecord &run);

enum class DrawFigure { Top1, Agreement, Kl };
[[nodiscard]] double valueOf(const DrawFigures &figures, DrawFigure which);

/// A run with its own random calibration images.
struct CalibrationDraw {
    size_t run = 0;    ///< index into the list of runs
    int images = 0;    ///< asked for, also where some could not be decoded
    int batch = 0;
    uint64_t seed = 0;
    DrawFigures figures;
};

/// Several draws in sum; NaN where nothing follows from so few.
struct DrawStatistics {
    int draws = 0;
    double mean = std::numeric_limits<double>::quiet_NaN();
    double least = std::numeric_limits<double>::quiet_NaN();
    double largest = std::numeric_limits<double>::quiet_NaN();
    double deviation = std::numeric_limits<double>::quiet_NaN(); ///< standard deviation (n - 1), from two draws on
    /// Student's 95 % interval of the mean, from two draws on: where the mean of very many draws would lie, on these images.
    /// Not beyond `lowest` and `highest` of drawStatistics().
    Interval interval = {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
};
/// NaN values are left out. `lowest` and `highest` are the ends of what such a value can be.
[[nodiscard]] DrawStatistics drawStatistics(const std::vector<double> &values, double lowest, double highest);

/// All draws of one size.
struct SpreadLevel {
    int images = 0;
    int batch = 0;
    std::vector<size_t> draws; ///< indices into CalibrationSpread::draws, by seed
    DrawStatistics top1;
    DrawStatistics agreement;
    DrawStatistics kl;
    [[nodiscard]] const DrawStatistics &of(DrawFigure which) const;
};

/// All sizes of one calibration batch.
struct SpreadSeries {
    int batch = 0;
    std::vector<SpreadLevel> levels; ///< from the fewest images on; never empty
    /// "Converged at N images": the smallest size from which on, at every size, the mean lies between the least and the
    /// largest draw of the largest size: more images change less than other images do. Empty: there is one size only, the
    /// largest has fewer than two draws, or no smaller size is like that.
    [[nodiscard]] std::optional<int> convergedAt(DrawFigure which) const;
};

struct CalibrationSpread {
    std::vector<CalibrationDraw> draws; ///< in the order of the levels
    std::vector<SpreadSeries> series;   ///< by batch
    double floatTop1 = std::numeric_limits<double>::quiet_NaN(); ///< percent, of the same images
    int64_t evaluated = 0; ///< images behind each figure
    int partial = 0;       ///< draws that were stopped and are left out
    /// What the draws are judged by where nothing else is said: top-1, without labels the agreement.
    [[nodiscard]] DrawFigure mainFigure() const;
};

/// Whether `run` is `like` with other calibration images: both quantized the same model (weights, preprocessing, recipe, plan)
/// with random images of the same folder, and evaluate the same images to the end of the list.
[[nodiscard]] bool isAnotherDraw(const RunRecord &run, const RunRecord &like);

/// The draws among `runs` (none is null) that are like `like`, which need not be one of them and needs no result. Where one
/// draw (size, batch, seed, images) was made more than once the last one counts. `figuresOf` may remember what it found.
using FiguresOf = std::function<DrawFigures(const RunRecord &)>;
[[nodiscard]] CalibrationSpread calibrationSpread(const std::vector<const RunRecord *> &runs, const RunRecord &like,
                                                  const FiguresOf &figuresOf = drawFigures);

/// One row a draw under a header, the figures of its size behind its own. Numbers in the C locale, empty where NaN.
[[nodiscard]] std::vector<std::vector<std::string>> spreadRows(const CalibrationSpread &spread);
[[nodiscard]] std::string spreadToCsv(const CalibrationSpread &spread);

} // namespace quantoscope
