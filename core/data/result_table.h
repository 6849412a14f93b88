// SPDX-License-Identifier: GPL-3.0-or-later
// A table of results in the layout of a paper: models, methods, and a cell for each pair. Plain values.
#pragma once

#include "core/data/evaluation.h"

#include <limits>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace quantoscope {

/// What a line of a paper's table asks for; resources/suites/README.md describes the file.
struct SuiteModel {
    std::string name;       ///< as the table prints it, unique in the suite
    std::string model;      ///< name of a known model; empty: recognised from the tensors of `weights`
    std::string weights;    ///< file or folder below the weights folder; empty: the known model's names for it
    int heads = 0;          ///< as ModelRequest::heads
    int resize = 0;         ///< shorter side before the crop, where the paper's differs from the known model's; else 0
};

struct SuiteMethod {
    std::string name;       ///< unique in the suite together with `bits`
    std::string bits;       ///< W/A/Attn, for example "8/8/4"; empty for the float model
    std::string recipe;     ///< name or file of a recipe; empty: the float model
    bool ptf = false;
    bool lis = false;
    bool search = true;
    std::string searchJson; ///< as QuantizationRequest::searchJson
    std::string planJson;   ///< as QuantizationRequest::planJson
    std::map<std::string, double> published; ///< top-1 in percent by SuiteModel::name; absent: none is known
    std::string source;     ///< of the published values, where it is not the suite's
    std::string note;       ///< a sentence under the table

    [[nodiscard]] bool isFloat() const { return recipe.empty(); }
    [[nodiscard]] std::string title() const { return bits.empty() ? name : name + " " + bits; }
};

struct Suite {
    std::string name;
    std::string title;
    std::string source;         ///< of the published values
    bool methodsAreRows = true; ///< else models are
    bool partOfAll = false;     ///< whether the suite called "all" has it
    int calibrationCount = 100; ///< images, where the user says nothing
    int calibrationBatch = 10;
    std::vector<SuiteModel> models;
    std::vector<SuiteMethod> methods;
};

/// What a paper says about a quantized model, on the 50,000 validation images.
struct PublishedResult {
    double top1 = 0; ///< percent
    std::string source;
};

enum class CellState {
    Missing, ///< not run yet
    Stale,   ///< a result is there, but of other weights, images or settings
    Done,
    NoWeights,
    Failed,
};
[[nodiscard]] const char *name(CellState state); ///< "not run", "stale", "done", "no weights", "failed"

struct ResultCell {
    size_t suite = 0;           ///< indices into ResultTable::suites and its lists
    size_t model = 0;
    size_t method = 0;
    CellState state = CellState::Missing;
    std::string reason;         ///< why there is no result; of a stale one, what changed
    double published = std::numeric_limits<double>::quiet_NaN(); ///< percent; NaN: none is known
    std::string file;           ///< run file of the result
    std::string modelSha256;
    std::string imagesSha256;   ///< of the list of evaluated images (their hashes and labels, in order)
    std::string calibrationSha256; ///< the same of the calibration images; empty for the float model
    int64_t calibrationImages = 0;
    int calibrationBatch = 0;
    std::string intervals;      ///< how they were searched; empty where nothing is searched
    std::string preprocessing;
    std::string created;        ///< ISO 8601 UTC
    std::string version;        ///< of the program
    std::string device;
    int64_t images = 0;         ///< evaluated
    int64_t leftOut = 0;        ///< could not be decoded
    int64_t top1Correct = 0;
    int64_t top5Correct = 0;
    double top1 = 0;            ///< percent
    double top5 = 0;
    Interval top1Interval;      ///< Wilson 95 %, percent
    Interval top5Interval;
    double seconds = 0;         ///< calibration, search and evaluation
    bool paired = false;        ///< the float model's result on the same images is there: the following is known
    double difference = 0;      ///< top-1 minus the float model's, points
    Interval differenceInterval; ///< 95 %, of paired data
    int64_t gained = 0;         ///< images that only this method has right
    int64_t lost = 0;
    double mcnemarP = 1;
    double agreement = 0;       ///< share of images with the float model's prediction, percent
};

struct ResultTable {
    std::vector<Suite> suites;
    std::vector<ResultCell> cells; ///< suite by suite, model by model, method by method
    std::string images;            ///< one line: which images were evaluated

    [[nodiscard]] const Suite &suiteOf(const ResultCell &cell) const { return suites[cell.suite]; }
    [[nodiscard]] const SuiteModel &modelOf(const ResultCell &cell) const { return suiteOf(cell).models[cell.model]; }
    [[nodiscard]] const SuiteMethod &methodOf(const ResultCell &cell) const { return suiteOf(cell).methods[cell.method]; }
};

/// A column of the table written out cell by cell (CSV, HDF5).
struct ResultField {
    using Value = std::variant<std::string, double, int64_t>; ///< double: NaN where nothing is known
    const char *name;
    const char *unit; ///< "percent", "points", "s", "1"; "" for texts
    const char *meaning;
    Value (*value)(const ResultTable &table, const ResultCell &cell);
};
[[nodiscard]] const std::vector<ResultField> &resultFields();

} // namespace quantoscope
