// SPDX-License-Identifier: GPL-3.0-or-later
// What a user asks for, the same for the window and the command line.
#pragma once

#include "core/data/model_request.h"
#include "core/data/precision_search.h"
#include "core/data/preprocessing.h"
#include "core/data/result_table.h"
#include "core/data/run_record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace quantoscope {

struct DataRequest {
    std::string folder;       ///< --data; a folder or archive of images (image_set.h), or the list's relative paths
    std::string split = "val";
    std::string list;         ///< file of `path` or `path label` lines; empty: the folder's images in sorted order
    std::string
        classes; ///< file of class names in class order, text or JSON; empty: ImageNet, or the folder's own
    int64_t limit = 0;        ///< 0: all
    std::optional<Preprocessing> preprocessing; ///< unset: the model's own
    bool operator==(const DataRequest &) const = default;
};

inline constexpr int kMostResamples = 100000;

struct CalibrationRequest {
    std::string folder;  ///< empty: DataRequest::folder, split "train"
    std::string list;    ///< explicit list of images; empty: `count` random ones of the split
    int count = 100;
    uint64_t seed = 0;
    int batch = 10;
    int resamples = 200; ///< resampled calibrations behind CalibrationRecord::stability; 0: none
};

/// Evaluation in random order that ends when the difference to a reference is clear (core/analysis/sequential_test.h).
struct UntilDecided {
    double alpha = 0.05;  ///< risk of a wrong decision
    double margin = 0.5;  ///< points of top-1 that count as no difference
    uint64_t seed = 0;    ///< of the order
    std::string baseline; ///< run file to compare with; empty: the float model, beside the quantized one
};

/// What quantizing parts alone costs, measured on a random choice of the request's images.
struct SensitivityRequest {
    SensitivityOptions options;
    int64_t images = 0; ///< 0: all
};

struct RunRequest {
    ModelRequest model;
    DataRequest data;
    CalibrationRequest calibration;
    QuantizationRequest quantization;
    bool evaluateFloat = true;
    bool quantize = true;      ///< calibrate (and evaluate, analyse) the quantized model
    bool evaluate = true;      ///< evaluate the quantized model; false: calibrate only
    bool analyze = false;      ///< error per tap
    int analysisImages = 32;   ///< images of the evaluation set behind the error figures
    std::optional<SensitivityRequest> sensitivity;
    std::vector<std::string> attention; ///< image files whose attention maps are wanted
    int batch = 25;            ///< images per forward pass of evaluation
    std::optional<UntilDecided> untilDecided; ///< unset: all images
};

/// A search for the precision of every operator under a budget.
struct PlanSearchRequest {
    RunRequest run;          ///< model; recipe, whose plan is not used; calibration; images of the re-evaluation
    PrecisionBudget budget;
    std::optional<int> mostConversions; ///< between operators of unlike precision; unset: any number
    std::vector<int> levels = {0, 8, 6, 4, 3}; ///< bits on offer, 0 float
    bool operandsAlike = false;     ///< weight and activations of a product alike, and both products of an attention
    bool outermostAtLeast8 = true;  ///< patch embedding and classifier: 8 bits or float
    int images = 32;                ///< calibration images behind the sensitivity
    std::vector<SensitivityRow> known; ///< measured before on this model and recipe; not measured again
    int evaluatePoints = 0; ///< points of the front to run on images, the chosen one first; then the uniform ones too
};

/// A table of results: every cell is a run (result_queue.h).
struct TableRequest {
    std::vector<Suite> suites;
    std::string suiteNames;          ///< what findSuites() was asked for; only a job that a project keeps needs it
    std::string weightsFolder;
    std::string cellFolder;          ///< made when it is not there
    ModelRequest model;              ///< device, threads and arithmetic for all; the rest comes from the suites
    DataRequest data;
    CalibrationRequest calibration;  ///< folder, list and seed; count and batch only where given below
    std::optional<int> calibrationCount; ///< unset: the suite's, or all images where there are fewer
    std::optional<int> calibrationBatch; ///< unset: the suite's
    int batch = 25;                  ///< images per forward pass of evaluation
    int part = 1;                    ///< of `parts`: this machine's share, about equal in cost
    int parts = 1;
    bool keepLogits = false;         ///< in the cells' files: larger, but `compare` can tell the KL divergence
};

} // namespace quantoscope
