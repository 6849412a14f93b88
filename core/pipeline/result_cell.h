// SPDX-License-Identifier: GPL-3.0-or-later
// One cell of a result table as a run file: what decides it, whether the file that is there is the wanted one.
#pragma once

#include "core/base/result.h"
#include "core/data/result_table.h"
#include "core/data/run_record.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace quantoscope {

/// Everything that decides a cell's result, as short texts by name ("weights", "recipe", "images", ...). Two cells with
/// equal keys have the same result.
using CellKey = std::vector<std::pair<std::string, std::string>>;

/// An ordered list of images and the hash of what is in it.
struct HashedImages {
    std::vector<std::string> sha256; ///< of each file, in order; empty for one that cannot be read
    std::string list;                ///< SHA-256 of all those with their labels, in order
};

struct CellInputs {
    const Suite &suite;
    const SuiteModel &model;
    const SuiteMethod &method;
    std::string modelSha256;
    std::string imagesSha256;
    std::string calibrationSha256; ///< empty for the float model
    int calibrationBatch = 0;
    bool referenceArithmetic = false;
    bool allowTf32 = false;
};
/// Errors: of findRecipe.
[[nodiscard]] Result<CellKey> cellKey(const CellInputs &inputs);
/// Name of the cell's file: readable, and unique for suite, model and method.
[[nodiscard]] std::string cellFileName(const CellInputs &inputs);

/// Kept in the run's environment, so that every reader of run files understands the file.
void storeCellKey(const CellKey &key, RunRecord &run);

struct StoredCell {
    std::optional<RunRecord> run; ///< the result, where it is the wanted one
    std::string stale;            ///< else, where a file is there: why it is of no use
};
[[nodiscard]] StoredCell readCell(const std::string &file, const CellKey &key);

/// The figures of a finished run.
void fillCell(const RunRecord &run, ResultCell &cell);
/// What two results on the same images say about each other: `own` against the float model's.
void pairCell(const EvaluationResult &floating, const EvaluationResult &own, ResultCell &cell);

} // namespace quantoscope
