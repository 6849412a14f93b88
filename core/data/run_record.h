// SPDX-License-Identifier: GPL-3.0-or-later
// One run: everything needed to repeat it and everything that came out. The HDF5 file, the command line's JSON
// and the window all read this struct.
#pragma once

#include "core/data/attention.h"
#include "core/data/calibration_history.h"
#include "core/data/calibration_state.h"
#include "core/data/evaluation.h"
#include "core/data/graph.h"
#include "core/data/measured_plan.h"
#include "core/data/model_info.h"
#include "core/data/precision_costs.h"
#include "core/data/quantization.h"
#include "core/data/sensitivity.h"
#include "core/data/statistics.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

/// Which images, in which order, from where.
struct ImageListRecord {
    std::string root;                ///< folder that the paths are relative to
    std::vector<ImageItem> items;
    std::vector<std::string> sha256; ///< of each file, lower-case hex; empty when not computed
};

/// Where calibration's parameters depend on a method's batch order, these fields repeat it.
struct CalibrationRecord {
    ImageListRecord images;
    int batch = 10;
    uint64_t seed = 0;          ///< of the random choice; meaningless with an explicit list
    bool explicitList = false;
    double seconds = 0;
    bool complete = true;
    std::vector<ImageFailure> failures;
    CalibrationHistory history;     ///< empty in files of earlier versions
    CalibrationStability stability;
    /// In unfinished runs that still need it; null otherwise.
    std::shared_ptr<const CalibrationState> state;
};

/// What the user asked for.
struct QuantizationRequest {
    std::string recipe = "minmax"; ///< name of a recipe, or its file
    bool ptf = false;              ///< power-of-two-factor integer LayerNorm
    bool lis = false;              ///< log-int-softmax
    BitWidths bits = {};
    std::string planJson = {};     ///< text of the precision plan on top; empty: none
    bool search = true;            ///< search the intervals where the recipe says so; else keep those of calibration
    std::string searchJson = {};   ///< what to search in another way: fields of a recipe's `search`; empty: nothing

    /// "minmax + PTF + LIS 8/8/4" and so on, for tables.
    [[nodiscard]] std::string text() const;
    bool operator==(const QuantizationRequest &) const = default;
};

/// One tap of a run. Vectors in RunRecord::taps follow Graph::taps.
struct TapRecord {
    Tap tap;
    std::string operatorName;
    TapSetting setting;
    QuantizerParameters parameters;
    TapStatistics statistics;
    TapError error;
};

struct RunRecord {
    std::string id;       ///< unique within a session, e.g. "run-3"
    std::string created;  ///< ISO 8601 UTC
    ModelInfo model;
    QuantizationRequest request;
    bool quantized = false;           ///< false: a float evaluation
    std::string recipeJson;           ///< resolved recipe as JSON text
    CalibrationRecord calibration;
    ImageListRecord images;           ///< evaluated
    std::string split;
    std::vector<std::string> classNames;
    std::vector<TapRecord> taps;      ///< empty for a pure float evaluation
    std::optional<EvaluationResult> floatResult;
    std::optional<EvaluationResult> result; ///< of the quantized model; for a float run: empty
    SequentialRecord sequential;            ///< of the run's own result, when it was asked to stop once decided
    int analysisImages = 0;           ///< images behind TapRecord::error, 0 when not analysed
    std::vector<int> analysed;        ///< of these, those that could be decoded: indices into `images`; order of TapError::image*
    std::optional<PrecisionCosts> costs;      ///< of the quantized model; runs of earlier versions have none
    std::optional<PrecisionCosts> floatCosts; ///< of the same taps in float
    std::vector<SensitivityTable> sensitivity; ///< at most one for each level
    std::vector<AttentionRecord> attention;    ///< at most one for each image
    std::vector<MeasuredPlan> measuredPlans;   ///< by an unfinished precision search, on `images`; else empty
    std::map<std::string, std::string> environment; ///< versions, device, threads
    std::map<std::string, double> timings;          ///< seconds by phase
    bool complete = true;
};

/// Whether both runs are of the same quantized model: checkpoint, preprocessing, recipe with plan, calibration images.
[[nodiscard]] bool sameQuantizedModel(const RunRecord &a, const RunRecord &b);
/// Takes sensitivity tables and attention maps over from `measured`, in place of those of the same level and image.
void takeMeasures(RunRecord &run, const RunRecord &measured);

} // namespace quantoscope
